"""Two people who changed the same content: what goes together, and what one must choose."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Merge:
    """``content`` takes every change that only one side made; ``conflicts`` names the fields that
    both changed differently, where ``content`` keeps mine."""

    content: dict
    conflicts: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)


def merge(base: dict, theirs: dict, mine: dict) -> Merge:
    """Bring ``theirs`` and ``mine``, both written from ``base``, together field by field.

    Children (lists) are one field: an order or a sum is not merged line by line.
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
