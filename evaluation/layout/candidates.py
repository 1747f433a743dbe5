"""What of a year may be told as a success or as a difficulty, without a word of one's own."""

from collections.abc import Iterator
from dataclasses import dataclass

from actions.models import ActionState
from ctg_portal.templatetags.french import long_date
from evaluation.appreciation.words import verdict_word
from evaluation.layout.models import HighlightKind
from evaluation.models import Verdict
from evaluation.report.content import SummaryLine
from evaluation.year.plan import ActionReading
from evaluation.year.reading import FigureReading, YearReading
from indicators.series.attainment import Movement

HALTED = (ActionState.BLOCKED, ActionState.PAUSED, ActionState.ABANDONED)
GOOD = (Verdict.REACHED, Verdict.ON_THE_WAY)
BAD = (Verdict.NOT_REACHED, Verdict.TO_ADAPT)


@dataclass(frozen=True)
class Candidate:
    """``key`` is stored: it says what became of what, so that it is found no more once that is no
    longer so. ``group``: under which heading it is offered."""

    kind: HighlightKind
    group: str
    key: str
    line: SummaryLine


def candidates_of(reading: YearReading) -> dict[str, dict[str, Candidate]]:
    """By kind and key, group by group, each in the order of the document."""
    found: dict[str, dict[str, Candidate]] = {kind: {} for kind in HighlightKind}
    for one in (*_figures(reading), *_objectives(reading), *_actions(reading)):
        found[one.kind][one.key] = one
    return found


def grouped(candidates: dict[str, Candidate]) -> dict[str, list[Candidate]]:
    groups: dict[str, list[Candidate]] = {}
    for one in candidates.values():
        groups.setdefault(one.group, []).append(one)
    return groups


def _figures(reading: YearReading) -> Iterator[Candidate]:
    def told(one: FigureReading, kind: HighlightKind, group: str, what: str, text: str):
        line = SummaryLine(one.title, text, one.anchor, one.colour)
        return Candidate(kind, group, f"{what}:{one.series.indicator.pk}", line)

    for one in reading.figures:
        moved = f"de {one.before} à {one.number}"
        if one.is_reached:
            text = f"{one.number} pour {one.aimed_at} visés {one.until}"
            yield told(one, HighlightKind.SUCCESS, "Cibles atteintes", "reached", text)
        if one.movement == Movement.PROGRESS:
            yield told(one, HighlightKind.SUCCESS, "Indicateurs en progrès", "progress", moved)
        elif one.movement == Movement.SETBACK:
            yield told(one, HighlightKind.DIFFICULTY, "Indicateurs en recul", "setback", moved)
        elif one.movement == Movement.MISSING:
            # Why it is missing may take a page: the annex tells it.
            figure = one.cell.figure
            text = "chiffre non transmis" if figure.is_missing else figure.words
            yield told(one, HighlightKind.DIFFICULTY, "Chiffres manquants", "missing", text)


def _objectives(reading: YearReading) -> Iterator[Candidate]:
    for theme in reading.themes:
        word = theme.word
        for one in theme.objectives:
            if not one.is_in_force or one.verdict not in (*GOOD, *BAD):
                continue
            is_good = one.verdict in GOOD
            told = verdict_word(one.verdict, word)
            line = SummaryLine(one.title, told, theme.theme.anchor, theme.theme.axis.colour)
            kind = HighlightKind.SUCCESS if is_good else HighlightKind.DIFFICULTY
            adjective = verdict_word(GOOD[0] if is_good else BAD[0], word, 2)
            beside = verdict_word(GOOD[1] if is_good else BAD[1], word, 2)
            group = f"{word.titles} {adjective} ou {beside}"
            yield Candidate(kind, group, f"objective-{one.verdict}:{one.objective.pk}", line)


def _actions(reading: YearReading) -> Iterator[Candidate]:
    def told(one: ActionReading, kind: HighlightKind, group: str, what: str, text: str):
        action = one.action
        line = SummaryLine(action.title, text, action.anchor, action.theme.axis.colour)
        return Candidate(kind, group, f"{what}:{action.pk}", line)

    for one in reading.actions:
        state, since = one.then.state, one.then.since
        day = f" depuis le {long_date(since)}" if since else ""
        if state == ActionState.DONE:
            day = f" le {long_date(since)}" if since else ""
            text = f"action terminée{day}"
            yield told(one, HighlightKind.SUCCESS, "Actions terminées", "done", text)
        elif state in HALTED:
            text = f"action {state.label.lower()}{day}"
            group = "Actions bloquées, en pause ou abandonnées"
            yield told(one, HighlightKind.DIFFICULTY, group, str(state), text)
        elif one.then.is_late:
            yield told(
                one, HighlightKind.DIFFICULTY, "Actions en retard", "late", "action en retard"
            )
