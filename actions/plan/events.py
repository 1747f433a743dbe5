"""Write new actions, as versions that the parties agree to."""

import re

from accounts.models import User
from actions.plan.faults import incoherent
from actions.plan.models import Action
from agreements.commitments.commitment import commitment_of
from agreements.models import Version
from agreements.versions.events import find_identical_version, save_draft
from conventions.models import Convention, Standing, Theme
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce

TITLE_MISSING = Refusal("Une fiche action a un titre.")
THEME_MISSING = Refusal("Choisissez de quoi relève cette action.")


def canonical_content(values: dict) -> dict:
    """Return the canonical content of an action for values by field name: rows for links, lists of
    dicts for leads, means and fundings. Fields without a value are as for a new action."""
    return commitment_of(Action()).plain(values)


@event(Subject.PLAN)
def add_action(convention: Convention, content: dict, *, by: User | None, note: str = "",
               once: bool = False) -> Version:  # fmt: skip
    """Write the draft of a new action, which only drafters see until it is proposed.

    ``content`` is canonical (``canonical_content``), has a title and a theme and does not
    contradict itself. ``once``: return the draft that the same person has already written word for
    word, if there is one. Locks the convention. Raises Refused, also when ``by`` may not.
    """
    commitment = commitment_of(Action())
    enforce(commitment.may_draft(by, convention))
    for _, reason in incoherent(content):
        raise Refused(Refusal(reason))
    commitment.lock_compared_rows(convention)
    enforce(commitment.refuse_dangling_links(convention, content))
    twin = find_identical_version(Action.objects.of(convention), content, by) if once else None
    if twin:
        return twin
    if not content["title"].strip():
        raise Refused(TITLE_MISSING)
    if content["theme"] is None:
        raise Refused(THEME_MISSING)
    theme = Theme.objects.select_related("axis").get(pk=content["theme"]["id"])
    rank, number = next_number(convention, theme)
    row = Action.objects.create(
        convention=convention,
        theme=theme,
        rank=rank,
        number=number,
        standing=Standing.DRAFT,
        title=content["title"],
    )
    return save_draft(row, content, by=by, note=note)


def next_number(convention: Convention, theme: Theme) -> tuple[int, str]:
    """Return the rank and the number that a new action of a theme gets: (3, « 4.1.3 »).

    A theme without a number takes its axis's. Numbers are never given twice; the caller has locked
    the convention (``lock_compared_rows``).
    """
    prefix = theme.number or theme.axis.mark
    ending = re.compile(rf"{re.escape(prefix)}\.(\d+)")
    numbers = Action.objects.of(convention).filter(number__startswith=f"{prefix}.")
    given = [
        int(match[1])
        for number in numbers.values_list("number", flat=True)
        if (match := ending.fullmatch(number))
    ]
    rank = max(given, default=0) + 1
    return rank, f"{prefix}.{rank}"
