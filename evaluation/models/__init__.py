"""What is measured, what is collected each year, what is written of it."""

from evaluation.models.campaigns import (
    Campaign,
    CampaignIndicator,
    CampaignState,
    CampaignTransition,
    CampaignVerb,
)
from evaluation.models.indicators import (
    MONTHS,
    Calculation,
    Direction,
    Indicator,
    Kind,
    Periodicity,
    Target,
)
from evaluation.models.reports import (
    Narrative,
    Report,
    ReportState,
    ReportTransition,
    ReportVerb,
    Stage,
)
from evaluation.models.values import (
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
    "Calculation",
    "Campaign",
    "CampaignIndicator",
    "CampaignState",
    "CampaignTransition",
    "CampaignVerb",
    "Direction",
    "Evidence",
    "Indicator",
    "Kind",
    "Narrative",
    "Periodicity",
    "Report",
    "ReportState",
    "ReportTransition",
    "ReportVerb",
    "Stage",
    "Target",
    "Value",
    "ValueState",
    "ValueTransition",
    "ValueVerb",
]
