"""Merge what two people typed at once, field by field: each has a fingerprint, which the form sends
back."""

from agreements.commitments import canonical


def fingerprint(content: dict) -> str:
    """Return a fingerprint of a content, field by field, which a form sends back as ``shown``: with
    it, ``merge`` finds the fields that either side has changed."""
    return ".".join(_short(content[name]) for name in sorted(content))


def merge(shown: str, now: dict, typed: dict) -> dict | None:
    """Return the three-way merge of what was typed and what is stored ``now``: each field as
    whoever changed it has it. None where both changed one of them.

    ``shown``: the fingerprint of what the form was filled from.
    """
    mine, theirs, content = changed_fields(shown, typed), changed_fields(shown, now), {}
    for name, value in typed.items():
        if now[name] == value or name not in theirs:
            content[name] = value
        elif name not in mine:
            content[name] = now[name]
        else:
            return None
    return content


def changed_fields(shown: str, content: dict) -> set[str]:
    """Return the names of the fields that differ from those of the fingerprint ``shown``; all of
    them for an empty one."""
    before = dict(zip(sorted(content), shown.split("."), strict=False))
    return {name for name, value in content.items() if _short(value) != before.get(name)}


def _short(value) -> str:
    return canonical.digest(canonical.canonical({"": value}))[:12]
