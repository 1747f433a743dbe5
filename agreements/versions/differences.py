"""What changed between two contents, field by field, and how two changed ones are merged."""

from dataclasses import dataclass, field

from agreements.commitments.commitment import Commitment, Line
from agreements.commitments.fields import ordered_like
from ctg_portal.text.differences import Change, Changes, words_changed


def compare_contents(commitment: Commitment, before: dict, after: dict) -> Changes:
    """Return a change for each field that either content has, those that stay the same too; sets
    are compared in one order."""
    after = ordered_like(commitment.fields, before, after)
    old = {line.label: line for line in commitment.lines(before)}
    new = {line.label: line for line in commitment.lines(after)}
    nothing = Line("", "")
    return Changes(
        Change(
            label,
            words_changed(old.get(label, nothing).text, new.get(label, nothing).text),
            line.is_prose,
            label in new and line.is_informative,
        )
        for label, line in {**new, **old}.items()
    )


@dataclass(frozen=True)
class Merge:
    """The result of a three-way merge. ``content`` has every change that only one side made;
    ``taken`` names the fields that only they changed; ``conflicts`` those that both changed
    differently, where ``content`` keeps mine."""

    content: dict
    conflicts: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)


def merge(base: dict, theirs: dict, mine: dict) -> Merge:
    """Merge ``theirs`` and ``mine``, both written from ``base``, field by field.

    What only one of them changed is taken; a field that both changed differently keeps ``mine`` and
    is named in ``conflicts``. Children (lists) are one field: an order or a sum is not merged line
    by line.
    """
    content, conflicts, taken = {}, [], []
    for name in {**mine, **theirs}:
        before, their, my = (side.get(name) for side in (base, theirs, mine))
        if their in (my, before):
            content[name] = my
        elif my == before:
            content[name] = their
            taken.append(name)
        else:
            content[name] = my
            conflicts.append(name)
    return Merge(content, conflicts, taken)
