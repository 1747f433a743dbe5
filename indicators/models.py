"""What is measured, and what is collected each year."""

from indicators.collection.calls import OwnDeadline, Reminder, ReminderRecipient
from indicators.collection.models import (
    Campaign,
    CampaignIndicator,
    CampaignState,
    CampaignTransition,
    CampaignVerb,
    TableState,
)
from indicators.comparison.models import Comparison
from indicators.definitions.models import (
    MONTHS,
    Aggregation,
    Calculation,
    Direction,
    Grain,
    Indicator,
    Kind,
    Periodicity,
    Target,
)
from indicators.disclosure.models import CountLink, Disclosure, LinkKind
from indicators.library.models import Offer, OfferState, OfferTransition, OfferVerb
from indicators.statistics.models import (
    PlaceKind,
    PublicFigure,
    Release,
    ReleaseState,
    ReleaseTransition,
    ReleaseVerb,
)
from indicators.values.links.models import EntryLink, LinkState, LinkTransition, LinkVerb
from indicators.values.models import (
    Absence,
    Evidence,
    Value,
    ValueState,
    ValueTransition,
    ValueVerb,
)

__all__ = [
    "MONTHS",
    "Absence",
    "Aggregation",
    "Calculation",
    "Campaign",
    "CampaignIndicator",
    "CampaignState",
    "CampaignTransition",
    "CampaignVerb",
    "Comparison",
    "CountLink",
    "Direction",
    "Disclosure",
    "EntryLink",
    "Evidence",
    "Grain",
    "Indicator",
    "Kind",
    "LinkKind",
    "LinkState",
    "LinkTransition",
    "LinkVerb",
    "Offer",
    "OfferState",
    "OfferTransition",
    "OfferVerb",
    "OwnDeadline",
    "Periodicity",
    "PlaceKind",
    "PublicFigure",
    "Release",
    "ReleaseState",
    "ReleaseTransition",
    "ReleaseVerb",
    "Reminder",
    "ReminderRecipient",
    "TableState",
    "Target",
    "Value",
    "ValueState",
    "ValueTransition",
    "ValueVerb",
]
