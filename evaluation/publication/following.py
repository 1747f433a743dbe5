"""Warn who changes something that is submitted."""

from django.db.models import QuerySet

from conventions.models import Convention
from evaluation.period import TERM, Period
from evaluation.publication.models import Edition
from indicators.models import Campaign

NOTE = (
    "{evaluation} est soumise {to} : si ce changement se voit dans son contenu, elle est rendue à "
    "la rédaction, et devra être soumise de nouveau."
)


def notes_on_change(convention: Convention, period: Period) -> list[str]:
    """Return the warnings that a change of a text of a period returns its evaluation, or that of
    the term, to its writers; none where neither is submitted. One query."""
    return _notes(Edition.objects.of(convention).for_any_of({period.year, TERM.year}))


def notes_on_figure(campaign: Campaign) -> list[str]:
    """Return the warnings that a changed figure returns the evaluation of its year, or those of
    later years, to their writers; none where none is submitted."""
    return _notes(Edition.objects.of(campaign.convention).including_year(campaign.year))


def _notes(editions: QuerySet[Edition]) -> list[str]:
    return [_note(edition) for edition in editions.in_hand().select_related("evaluation")]


def _note(edition: Edition) -> str:
    to = "à l’accord des parties" if edition.is_proposed else "à validation"
    evaluation = edition.period.evaluation
    return NOTE.format(evaluation=evaluation[0].upper() + evaluation[1:], to=to)
