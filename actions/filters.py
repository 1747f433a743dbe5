"""What the filters of several pages of the plan share."""

from collections.abc import Mapping

import django_filters
from django.db.models import Model, TextChoices

from actions.plan.models import ActionState
from ctg_portal.text.typography import polish

# The states as addresses call them.
STATES = {
    "a-venir": ActionState.TO_COME,
    "en-cours": ActionState.IN_PROGRESS,
    "terminee": ActionState.DONE,
    "en-pause": ActionState.PAUSED,
    "bloquee": ActionState.BLOCKED,
    "abandonnee": ActionState.ABANDONED,
}


def capitalised_choices(choices: Mapping[str, TextChoices]) -> list[tuple[str, str]]:
    """Return choices for a form: each key with the capitalised label of its value."""
    return [(name, choice.label.capitalize()) for name, choice in choices.items()]


class _RowField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, row: Model) -> str:
        return polish(str(row))


class RowFilter(django_filters.ModelChoiceFilter):
    """Filters by one row, whose choices have the words of pages (``str``, with typography)."""

    field_class = _RowField
