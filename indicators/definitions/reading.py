"""Read which indicators somebody may know of."""

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from conventions.models import Convention, Standing
from indicators.definitions.models import Indicator


def can_draft(user: User, convention: Convention) -> bool:
    """Return whether a person may write drafts of indicators."""
    return commitment_of(Indicator()).may_draft(user, convention) is None


def readable_indicators(convention: Convention, user: User):
    """Return the indicators of a convention that a person may know of, withdrawn ones included;
    drafts only if the person may write them. Twin: ``can_know``."""
    rows = Indicator.objects.of(convention).with_relations()
    return rows if can_draft(user, convention) else rows.exclude(standing=Standing.DRAFT)


def can_know(user: User, indicator: Indicator) -> bool:
    """Return whether a person may know of an indicator. Twin: ``readable_indicators``."""
    is_draft = indicator.standing == Standing.DRAFT
    return not is_draft or can_draft(user, indicator.convention)
