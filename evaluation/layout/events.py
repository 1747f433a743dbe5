"""The coordinator composes the document of a year: its sections, its successes and difficulties."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from agreements.commitments.canonical import plain
from conventions.models import Convention
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.revisions import Rewritten, check_revision
from ctg_portal.rules import Refusal, Refused, enforce
from evaluation.layout.candidates import candidates_of
from evaluation.layout.models import LONGEST_SENTENCE, MOST, Highlight, HighlightKind, Layout
from evaluation.layout.reading import Choice, choice_of, evaluation_of, layout_of
from evaluation.publication.events import follow_layout, hold, lock_evaluation
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
    """Choose the sections of the document of a year and their order.

    ``revision``: that of this evaluation's choice as she had it before her, 0 for none. Raises
    Refused when ``by`` may not, or when another choice was made meanwhile; the same again changes
    nothing.
    """
    enforce(may_build_report(by, convention))
    evaluation = lock_evaluation(convention, year)
    if not choice_of(convention, year).says_the_same(choice):
        kept = layout_of(convention, year)
        check_revision(kept, revision, CHANGED_MEANWHILE)
    told = {
        "order": [one.key for one in choice.sections],
        "left_out": [one.key for one in choice.sections if one.key not in choice.keys],
    }
    layout, _ = Layout.objects.update_or_create(evaluation=evaluation, defaults=told)
    follow_layout(convention, by=by)
    return layout


@dataclass(frozen=True)
class Told:
    """A success or a difficulty as it is chosen: what of the year it tells, in which words."""

    source: str = ""
    sentence: str = ""


@event(Subject.EVALUATION)
def choose_highlights(
    reading: YearReading, told: dict[HighlightKind, Sequence[Told]], *, revision: int, by: User
) -> list[Highlight]:
    """Choose the successes and the difficulties that the page of the year tells, in this order;
    those that say nothing are passed over.

    ``revision``: that of the evaluation that she had before her. Raises Refused when ``by`` may
    not, where the year does not tell what is chosen, or when others were chosen meanwhile.
    """
    convention, year = reading.convention, reading.period.year
    enforce(may_build_report(by, convention))
    hold(convention)
    check_revision(evaluation_of(reading), revision, CHANGED_MEANWHILE)
    evaluation = lock_evaluation(convention, year)
    known, rows = candidates_of(reading), []
    for kind in HighlightKind:
        said = [Told(one.source, plain(one.sentence).strip()) for one in told.get(kind, [])]
        said = [one for one in said if one.source or one.sentence]
        if len(said) > MOST:
            raise Refused(TOO_MANY)
        for one in said:
            enforce(refusal_of(one, known[kind]))
        sources = [one.source for one in said if one.source]
        if len(sources) > len(set(sources)):
            raise Refused(TWICE)
        rows += [
            Highlight(
                evaluation=evaluation, kind=kind, rank=rank, source=one.source,
                sentence=one.sentence,
            )
            for rank, one in enumerate(said, 1)
        ]  # fmt: skip
    evaluation.highlights.all().delete()
    Highlight.objects.bulk_create(rows)
    evaluation.count_writing()
    follow_layout(convention, by=by)
    return rows


def refusal_of(one: Told, known: dict) -> Refusal | None:
    """Why this is not told: the year does not say it, or it would not stand on its page."""
    if one.source and one.source not in known:
        return NOT_OF_THE_YEAR
    if len(one.sentence) > LONGEST_SENTENCE:
        return TOO_LONG
    if not one.sentence and len(known[one.source].line.title) > LONGEST_SENTENCE:
        return TOO_LONG
    return None
