"""What changed between two contents, field by field."""

from agreements.commitments.commitment import Commitment, Line
from agreements.commitments.fields import arranged
from ctg_portal.differences import Change, Changes, words_changed


def changes(commitment: Commitment, before: dict, after: dict) -> Changes:
    """Every field of the commitment, from one content to the other."""
    after = arranged(commitment.fields, before, after)
    old = {line.label: line for line in commitment.lines(before)}
    new = {line.label: line for line in commitment.lines(after)}
    nothing = Line("", "")
    return Changes(
        Change(
            label,
            words_changed(old.get(label, nothing).text, new.get(label, nothing).text),
            line.is_prose,
            label in new and line.tells,
        )
        for label, line in {**new, **old}.items()
    )
