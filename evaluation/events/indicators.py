"""Indicators are written, rewritten and given up as versions that the parties agree to."""

from django.db import transaction
from django.db.models import Max

from committee.commitments import commitment_of
from committee.events.drafts import save_draft
from committee.models import Version
from conventions.models import Convention, Organisation, Standing, Theme
from ctg_portal.rules import enforce
from evaluation.models import Indicator


def canonical_content(values: dict) -> dict:
    """The canonical content of an indicator for values by field name: rows for links, lists of
    ``{"year", "value"}`` for targets. What is not told is as for a new indicator."""
    commitment = commitment_of(Indicator())
    blank = commitment.content(Indicator())
    return {
        field.name: field.plain(values[field.name]) if field.name in values else blank[field.name]
        for field in commitment.fields
    }


@transaction.atomic
def add_indicator(convention: Convention, content: dict, *, by, note: str = "") -> Version:
    """Write the draft of a new indicator; only drafters see it until it is proposed.

    ``content``: canonical, see ``canonical_content``; its theme and provider are needed.
    Raises Refused when ``by`` may not.
    """
    commitment = commitment_of(Indicator())
    enforce(commitment.may_draft(by, convention))
    themes = Theme.objects.filter(axis__convention=convention)
    theme = themes.get(pk=content["theme"]["id"])
    beside = Indicator.objects.of(convention).filter(theme=theme)
    row = Indicator.objects.create(
        convention=convention,
        theme=theme,
        provider=Organisation.objects.get(convention=convention, pk=content["provider"]["id"]),
        rank=(beside.aggregate(highest=Max("rank"))["highest"] or 0) + 1,
        standing=Standing.DRAFT,
        title=content["title"],
        unit=content["unit"],
    )
    return save_draft(row, content, by=by, note=note)
