"""Three-way merge of a content that two people have changed, field by field."""

from dataclasses import dataclass, field


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
