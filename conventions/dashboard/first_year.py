"""The first year of a convention: the steps through which its coordination is led."""

from dataclasses import dataclass

from conventions.legal.convention import Convention
from ctg_portal.house import FirstStep, house, in_turn
from ctg_portal.templatetags.french import plural


@dataclass(frozen=True)
class ShownFirstStep:
    """A step as the dashboard shows it: done, or the next one, or to come."""

    step: FirstStep
    is_next: bool


def first_year_of(convention: Convention) -> list[ShownFirstStep]:
    """Return the steps in the order of a year; none once all are done, or a collection is closed.

    Rooms know one another downwards, and bring their steps in that order; the year has its own.
    """
    steps = sorted(in_turn(house().first_steps, convention), key=lambda step: step.rank)
    if all(step.is_done for step in steps) or any(step.ends_year for step in steps):
        return []
    following = next(step for step in steps if not step.is_done)
    return [ShownFirstStep(step, is_next=step is following) for step in steps]


def step_of_drafts(
    rank: int, title: str, url: str, counts: tuple[int, int], words: str
) -> FirstStep:
    """Return the step of writing what the committee agrees to, done once something is proposed.

    ``counts``: how many are drafted, and how many are proposed or in force; ``words``: what the
    note calls the latter, « proposé,proposés ».
    """
    drafted, readable = counts
    if readable:
        note = plural(readable, words)
    else:
        note = plural(drafted, "brouillon à proposer,brouillons à proposer") if drafted else ""
    return FirstStep(rank, title, url, bool(readable), note)
