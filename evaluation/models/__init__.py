"""What is measured, what is collected each year, what is written of it."""

from evaluation.models.campaigns import (
    Campaign,
    CampaignIndicator,
    CampaignState,
    CampaignStep,
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
from evaluation.models.reports import Narrative, Report, ReportState, Stage
from evaluation.models.values import Absence, Act, Evidence, Value, ValueEntry, ValueState

__all__ = [
    "MONTHS",
    "Absence",
    "Act",
    "Calculation",
    "Campaign",
    "CampaignIndicator",
    "CampaignState",
    "CampaignStep",
    "Direction",
    "Evidence",
    "Indicator",
    "Kind",
    "Narrative",
    "Periodicity",
    "Report",
    "ReportState",
    "Stage",
    "Target",
    "Value",
    "ValueEntry",
    "ValueState",
]
