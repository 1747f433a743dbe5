"""What changed between two contents, field by field."""

from agreements.commitments.commitment import Commitment, Line
from agreements.commitments.fields import ordered_like
from ctg_portal.text.differences import Change, Changes, words_changed


def compare_contents(commitment: Commitment, before: dict, after: dict) -> Changes:
    """Return the changes from one content to another, for every field of the commitment."""
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
