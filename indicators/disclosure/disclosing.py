"""A table of one provider's counts comes in; what everybody may be shown of it comes out.

    disclosed = disclose_table(table, Rule(threshold=5), definition_of)
    disclosed.figures[key]    # a DisclosedFigure
    disclosed.reasons[key]    # why it is masked: for the provider's own people
    disclosed.audit           # what an attack on it found

It takes no more than ``deadline`` seconds to look for the best; what it shows is safe anyway.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from indicators.definitions.definition import Definition
from indicators.disclosure.audit import Audit, bounds_of, told_anyway
from indicators.disclosure.figure import DisclosedFigure, tell
from indicators.disclosure.problem import Problem, problem_of
from indicators.disclosure.reasons import Reason
from indicators.disclosure.rounding import round_table
from indicators.disclosure.suppression import choose
from indicators.disclosure.tables import Key, Rule, Table, Terms, sums_of

SECONDS = 20.0


@dataclass
class Decisions:
    """What a table's figures may be shown as: masked, for a reason, or rounded; the others as they
    are."""

    reasons: dict[Key, Reason] = field(default_factory=dict)
    rounded: dict[Key, Terms] = field(default_factory=dict)
    audit: Audit = field(default_factory=Audit)


@dataclass
class DisclosedTable(Decisions):
    figures: dict[Key, DisclosedFigure] = field(default_factory=dict)


def disclose_table(
    table: Table, rule: Rule, definition_of: Callable[[Key], Definition], **options
) -> DisclosedTable:
    """What everybody may be shown of each figure of the table, sums included; the options are those
    of ``decide``."""
    made = decide(table, rule, **options)
    figures = {
        key: tell(
            made.rounded.get(key, terms),
            definition_of(key),
            is_masked=key in made.reasons,
            base=rule.base if key in made.rounded else None,
        )
        for key, terms in table.figures.items()
    }
    return DisclosedTable(made.reasons, made.rounded, made.audit, figures)


def decide(
    table: Table,
    rule: Rule,
    *,
    previous: Collection[tuple[str, str]] = (),
    deadline: float = SECONDS,
    kept: Mapping[Key, Terms] | None = None,
    withheld: Collection[Key] = (),
) -> Decisions:
    """What is masked of the table, or how it is rounded.

    ``previous``: the (series, place) that were masked the year before. ``kept``: roundings told
    before of figures that are the same. ``withheld``: what is not rounded but masked, for it is
    told otherwise under another rule; so are the sums that would tell it.
    """
    made, began = Decisions(), time.monotonic()
    if not (rule.masks or rule.rounds):
        return made
    parts = _parts(table)
    for n, part in enumerate(parts):
        # What an easy part leaves, the next ones have.
        seconds = max(0.0, began + deadline - time.monotonic()) / (len(parts) - n)
        problem = problem_of(part, rule, previous)
        if rule.masks:
            _mask(made, problem, seconds)
        else:
            told = {key: terms for key, terms in (kept or {}).items() if key in part.figures}
            rounded, is_nearest = round_table(part, problem, rule.base, seconds, told)
            apart = _with_sums(part, withheld)
            made.rounded |= {key: terms for key, terms in rounded.items() if key not in apart}
            made.reasons |= dict.fromkeys(apart, Reason.COMPLEMENTARY)
            made.audit.is_optimal &= is_nearest
    made.audit.seconds = time.monotonic() - began
    return made


def _mask(made: Decisions, problem: Problem, seconds: float) -> None:
    audit = made.audit
    if problem.masked.any():
        choice = choose(problem, seconds)
        masked, bounds = choice.masked, bounds_of(problem, choice.masked)
        for figure in told_anyway(problem, bounds):
            masked[figure] = False
        audit.is_optimal &= choice.is_optimal
        audit.loss += choice.loss
        audit.least += choice.least
        audit.turns += choice.turns
        audit.programs += problem.attack.solved
        small = {cell.figure for cell in problem.attack.cells if cell.is_small}
        for figure, key in enumerate(problem.keys):
            if masked[figure]:
                is_primary = figure in small
                made.reasons[key] = Reason.PRIMARY if is_primary else Reason.COMPLEMENTARY
                audit.bounds[key] = bounds[figure]
        told = {problem.attack.cells[cell].figure for cell in choice.failing}
        audit.exposed |= {problem.places[figure] for figure in told}
        audit.failing += len(choice.failing)
    audit.exposed |= problem.exposed
    for key in problem.exposed:
        made.reasons[key] = Reason.PRIMARY


def _with_sums(table: Table, withheld: Collection[Key]) -> set[Key]:
    """What is withheld of a table, with what would tell it: the sums over it, and what it is tied
    to; of a sum that is withheld for itself, its parts."""
    found = {key for key in table.figures if key in set(withheld)}
    sums = [(total, parts) for total, parts in sums_of(table.summed, table.sectors).items()]
    sums += [
        (total, [key for key in table.given if key[:2] == total[:2]]) for total in table.totals
    ]
    ties = [{count.figure for count in tie.coefficients} for tie in table.ties]
    ties += [keys for pattern in table.patterns for keys in pattern.keys(table.figures)]
    while True:
        more = {key for tie in ties if tie & found for key in tie}
        for total, parts in sums:
            if found.intersection(parts):
                more.add(total)
            elif total in found:
                more.update(parts)
        if more <= found:
            return found
        found |= more


def _parts(table: Table) -> list[Table]:
    """The table by what can be decided apart: an indicator and a year, or several that equations
    join, also with what was told of one that is not given any more."""
    told = [key for earlier in table.earlier for key in (*earlier.given, *earlier.totals)]
    group = {key[:2]: key[:2] for key in (*table.figures, *told)}

    def root(name):
        while group[name] != name:
            name = group[name]
        return name

    for relation in table.relations:
        first, *others = {key[:2] for key in relation.coefficients if key[:2] in group}
        for other in others:
            group[root(other)] = root(first)
    joined = [tie.names for tie in (*table.ties, *table.former)]
    joined += [pattern.names for pattern in table.patterns]
    for names in joined:
        there = [name for name in names if name in group]
        for name in there[1:]:
            group[root(name)] = root(there[0])
    parts: dict[tuple, list] = {}
    for name in group:
        parts.setdefault(root(name), []).append(name)
    apart = [table.only(names) for names in parts.values()]
    return [part for part in apart if part.figures]
