"""What is measured, and what is collected each year."""

from indicators.collection.calls import OwnDeadline, Reminder, ReminderRecipient
from indicators.collection.links import EntryLink, LinkState, LinkTransition, LinkVerb
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
from indicators.disclosure.models import CountLink, LinkKind
from indicators.figures.campaigns import (
    Campaign,
    CampaignIndicator,
    CampaignState,
    CampaignTransition,
    CampaignVerb,
    TableState,
)
from indicators.figures.disclosures import Disclosure
from indicators.figures.releases import (
    PlaceKind,
    PublicFigure,
    Release,
    ReleaseState,
    ReleaseTransition,
    ReleaseVerb,
)
from indicators.figures.values import (
    Absence,
    Evidence,
    Value,
    ValueState,
    ValueTransition,
    ValueVerb,
)
from indicators.library.models import Offer, OfferState, OfferTransition, OfferVerb

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
