"""Follow what changes in a submitted evaluation: warn who changes it, lock it before the change,
and give it back afterwards."""

from django.db.models import QuerySet

from accounts.models import User
from agreements.versions.rows import lock_row
from conventions.legal.convention import lock_convention
from conventions.models import Convention
from evaluation.editions.models import Edition, Evaluation
from evaluation.period import TERM, Period
from indicators.models import Campaign

TEXT_CHANGED = "Un texte de {} a été modifié."
LAYOUT_CHANGED = "La composition du document a été modifiée."
NOTE = (
    "{evaluation} est soumise {to} : si ce changement se voit dans son contenu, elle est rendue à "
    "la rédaction, et devra être soumise de nouveau."
)


def notes_on_change(convention: Convention, period: Period) -> list[str]:
    """Return, for the page on which a text of a period is changed, the warnings that its submitted
    evaluation, and that of the term, go back to their writers; none where neither is submitted. One
    query."""
    return _notes(Edition.objects.of(convention).for_any_of({period.year, TERM.year}))


def notes_on_figure(campaign: Campaign) -> list[str]:
    """Return, for the page on which a figure is changed, the warnings that the submitted
    evaluations that show it go back to their writers: of its year, of later years, of the term."""
    return _notes(Edition.objects.of(campaign.convention).including_year(campaign.year))


def _notes(editions: QuerySet[Edition]) -> list[str]:
    """Return one warning for each of these editions that is in hand."""
    notes = []
    for edition in editions.in_hand().select_related("evaluation"):
        to = "à l’accord des parties" if edition.is_proposed else "à validation"
        evaluation = edition.period.evaluation
        notes.append(NOTE.format(evaluation=evaluation[0].upper() + evaluation[1:], to=to))
    return notes


def hold(convention: Convention) -> None:
    """Lock the convention, so that of a saved text and a submitted evaluation the second waits:
    either the text is submitted too, or the edition without it is returned. Called before any other
    lock."""
    lock_convention(convention.pk)


def lock_evaluation(convention: Convention, year: int | None) -> Evaluation:
    """Return the evaluation of a year, or of the term, locked with its versions and its convention
    (``hold``); create it where there is none."""
    hold(convention)
    evaluation, _ = Evaluation.objects.get_or_create(convention=convention, year=year)
    return lock_row(evaluation)


def follow_text(convention: Convention, year: int | None, *, by: User | None) -> None:
    """Return to their writers the editions in hand, of this year and of the term, that a changed
    text has made out of date. Called in the transaction of the change, after it."""
    what = "la convention" if year is None else "l’année"
    editions = Edition.objects.of(convention).for_any_of({year, None})
    _give_back_outdated(editions, TEXT_CHANGED.format(what), by=by)


def follow_layout(convention: Convention, *, by: User) -> None:
    """Return to their writers the editions in hand, of any year, that a new choice of sections or
    highlights has made out of date."""
    _give_back_outdated(Edition.objects.of(convention), LAYOUT_CHANGED, by=by)


def _give_back_outdated(editions: QuerySet[Edition], reason: str, *, by: User | None) -> None:
    """Return to their writers those in hand that no longer say what the portal says."""
    # What an evaluation says now is read from the whole report, which is above.
    from evaluation.publication.events import give_back_outdated  # noqa: PLC0415

    give_back_outdated(editions, reason, by=by)
