"""The coordinator composes the document of a year: its sections, its successes and difficulties."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from agreements.commitments.canonical import plain
from conventions.models import Convention
from ctg_portal.forms.revisions import Rewritten, check_revision
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from evaluation.editions.following import follow_layout, hold, lock_evaluation
from evaluation.layout.candidates import Candidate, candidates_of
from evaluation.layout.models import LONGEST_SENTENCE, MOST, Highlight, HighlightKind, Layout
from evaluation.layout.reading import Choice, choice_of, evaluation_of, layout_of
from evaluation.report.rights import may_build_report
from evaluation.year.reading import YearReading

CHANGED_MEANWHILE = Rewritten(
    "Un autre choix a été enregistré entre-temps : lisez-le, puis enregistrez celui que vous "
    "gardez."
)
TOO_MANY = Refusal("Une année a au plus trois réussites et trois difficultés.")
TOO_LONG = Refusal(
    "Cet intitulé est trop long pour la page de l’année : dites-le dans vos mots, en une phrase."
)
NOT_OF_THE_YEAR = Refusal(
    "L’année ne dit pas, ou plus, ce qui est choisi là : choisissez de nouveau."
)
TWICE = Refusal("La même chose est choisie deux fois.")


@event(Subject.EVALUATION)
def compose(
    convention: Convention, year: int | None, choice: Choice, *, revision: int, by: User
) -> Layout:
    """Store the sections of the document of a year, or of the term, and their order; return the
    stored choice. ``revision`` is that of the choice of this evaluation that the page showed, 0 for
    none. Submitted evaluations that it changes go back to their writers. Raises Refused when ``by``
    may not, or when another choice was made meanwhile."""
    enforce(may_build_report(by, convention))
    evaluation = lock_evaluation(convention, year)
    if not choice_of(convention, year).says_the_same(choice):
        check_revision(layout_of(convention, year), revision, CHANGED_MEANWHILE)
    columns = {
        "order": [section.key for section in choice.sections],
        "left_out": [row.key for row in choice.sections if row.key not in choice.keys],
    }
    layout, _ = Layout.objects.update_or_create(evaluation=evaluation, defaults=columns)
    follow_layout(convention, by=by)
    return layout


@dataclass(frozen=True)
class Pick:
    """A success or difficulty as it is chosen: the key of a candidate, and one's own words."""

    source: str = ""
    sentence: str = ""


@event(Subject.EVALUATION)
def choose_highlights(
    reading: YearReading, picks: dict[HighlightKind, Sequence[Pick]], *, revision: int, by: User
) -> list[Highlight]:
    """Replace the successes and difficulties on the page of the year by ``picks``, in this order;
    return them. Empty picks are left out. ``revision`` is that of the evaluation that the page
    showed. Submitted evaluations that it changes go back to their writers. Raises Refused when
    ``by`` may not, when the year does not say what is picked, or when others were chosen meanwhile.
    """
    convention, year = reading.convention, reading.period.year
    enforce(may_build_report(by, convention))
    hold(convention)
    check_revision(evaluation_of(reading), revision, CHANGED_MEANWHILE)
    evaluation = lock_evaluation(convention, year)
    known, rows = candidates_of(reading), []
    for kind in HighlightKind:
        chosen = [Pick(pick.source, plain(pick.sentence).strip()) for pick in picks.get(kind, [])]
        chosen = [pick for pick in chosen if pick.source or pick.sentence]
        if len(chosen) > MOST:
            raise Refused(TOO_MANY)
        for pick in chosen:
            enforce(refuse_pick(pick, known[kind]))
        sources = [pick.source for pick in chosen if pick.source]
        if len(sources) > len(set(sources)):
            raise Refused(TWICE)
        rows += [
            Highlight(
                evaluation=evaluation, kind=kind, rank=rank, source=pick.source,
                sentence=pick.sentence,
            )
            for rank, pick in enumerate(chosen, 1)
        ]  # fmt: skip
    evaluation.highlights.all().delete()
    Highlight.objects.bulk_create(rows)
    evaluation.count_writing()
    follow_layout(convention, by=by)
    return rows


def refuse_pick(pick: Pick, known: dict[str, Candidate]) -> Refusal | None:
    """Return why a pick cannot be stored, or None: the year does not say it (``known``: the
    candidates of its kind, by key), or it is too long for the page."""
    if pick.source and pick.source not in known:
        return NOT_OF_THE_YEAR
    if len(pick.sentence) > LONGEST_SENTENCE:
        return TOO_LONG
    if not pick.sentence and len(known[pick.source].line.title) > LONGEST_SENTENCE:
        return TOO_LONG
    return None
