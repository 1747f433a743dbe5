"""Candidates for the successes and difficulties of a year, computed from its reading."""

from collections.abc import Iterator
from dataclasses import dataclass

from actions.models import ActionState
from ctg_portal.templatetags.french import long_date
from evaluation.layout.models import HighlightKind
from evaluation.report.content import SummaryLine
from evaluation.verdicts.models import Verdict
from evaluation.verdicts.words import verdict_word
from evaluation.year.plan import ActionReading
from evaluation.year.reading import FigureReading, YearReading
from indicators.series.attainment import Movement

HALTED = (ActionState.BLOCKED, ActionState.PAUSED, ActionState.ABANDONED)
GOOD = (Verdict.REACHED, Verdict.ON_THE_WAY)
BAD = (Verdict.NOT_REACHED, Verdict.TO_ADAPT)


@dataclass(frozen=True)
class Candidate:
    """A success or difficulty that may be chosen, under the heading ``group``.

    ``key`` is stored. It says what became of what, so that it no longer matches once that changes.
    """

    kind: HighlightKind
    group: str
    key: str
    line: SummaryLine


def candidates_of(reading: YearReading) -> dict[str, dict[str, Candidate]]:
    """Return the candidates by kind, then by key, in the order in which a page offers them."""
    candidates: dict[str, dict[str, Candidate]] = {kind: {} for kind in HighlightKind}
    for candidate in (
        *_figure_candidates(reading),
        *_objective_candidates(reading),
        *_action_candidates(reading),
    ):
        candidates[candidate.kind][candidate.key] = candidate
    return candidates


def grouped(candidates: dict[str, Candidate]) -> dict[str, list[Candidate]]:
    """Return candidates by heading, both in their order."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates.values():
        groups.setdefault(candidate.group, []).append(candidate)
    return groups


def _figure_candidates(reading: YearReading) -> Iterator[Candidate]:
    """Yield a target that is reached, an indicator in progress, in setback or without a figure; one
    indicator may be two."""

    def candidate(figure: FigureReading, kind: HighlightKind, group: str, what: str, text: str):
        line = SummaryLine(figure.title, text, figure.anchor, figure.colour)
        return Candidate(kind, group, f"{what}:{figure.series.indicator.pk}", line)

    for figure in reading.figures:
        moved = f"de {figure.before} à {figure.number}"
        if figure.is_reached:
            text = f"{figure.number} pour {figure.aimed_at} visés {figure.until}"
            yield candidate(figure, HighlightKind.SUCCESS, "Cibles atteintes", "reached", text)
        if figure.movement == Movement.PROGRESS:
            yield candidate(
                figure, HighlightKind.SUCCESS, "Indicateurs en progrès", "progress", moved
            )
        elif figure.movement == Movement.SETBACK:
            yield candidate(
                figure, HighlightKind.DIFFICULTY, "Indicateurs en recul", "setback", moved
            )
        elif figure.movement == Movement.MISSING:
            # Why it is missing may take a page: the annex says it.
            disclosed = figure.cell.figure
            text = "chiffre non transmis" if disclosed.is_missing else disclosed.words
            yield candidate(figure, HighlightKind.DIFFICULTY, "Chiffres manquants", "missing", text)


def _objective_candidates(reading: YearReading) -> Iterator[Candidate]:
    """Yield the objectives in force: reached or on the way as successes, not reached or to adapt as
    difficulties; none without a verdict, or without object."""
    for theme in reading.themes:
        word = theme.word
        for objective in theme.objectives:
            if not objective.is_in_force or objective.verdict not in (*GOOD, *BAD):
                continue
            is_good = objective.verdict in GOOD
            verdict = verdict_word(objective.verdict, word)
            line = SummaryLine(
                objective.title, verdict, theme.theme.anchor, theme.theme.axis.colour
            )
            kind = HighlightKind.SUCCESS if is_good else HighlightKind.DIFFICULTY
            adjective = verdict_word(GOOD[0] if is_good else BAD[0], word, 2)
            other = verdict_word(GOOD[1] if is_good else BAD[1], word, 2)
            group = f"{word.titles} {adjective} ou {other}"
            yield Candidate(
                kind, group, f"objective-{objective.verdict}:{objective.objective.pk}", line
            )


def _action_candidates(reading: YearReading) -> Iterator[Candidate]:
    """Yield, at the end of the year, the actions that are done as successes; as difficulties those
    that are halted, and others that are late."""

    def candidate(reading: ActionReading, kind: HighlightKind, group: str, what: str, text: str):
        action = reading.action
        line = SummaryLine(action.title, text, action.anchor, action.theme.axis.colour)
        return Candidate(kind, group, f"{what}:{action.pk}", line)

    for action in reading.actions:
        state, since = action.then.state, action.then.since
        day = f" depuis le {long_date(since)}" if since else ""
        if state == ActionState.DONE:
            day = f" le {long_date(since)}" if since else ""
            text = f"action terminée{day}"
            yield candidate(action, HighlightKind.SUCCESS, "Actions terminées", "done", text)
        elif state in HALTED:
            text = f"action {state.label.lower()}{day}"
            group = "Actions bloquées, en pause ou abandonnées"
            yield candidate(action, HighlightKind.DIFFICULTY, group, str(state), text)
        elif action.then.is_late:
            word = action.late_word
            group, text = f"Actions {word.plural}", f"action {word.singular}"
            yield candidate(action, HighlightKind.DIFFICULTY, group, "late", text)
