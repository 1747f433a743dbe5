"""Reasons to keep a row that the convention file no longer has, as ends of French sentences."""

from django.db.models import Model

from agreements.commitments.commitment import commitment_of, commitments, committee_commitments
from agreements.commitments.fields import links_of
from agreements.versions.models import Version


def describe_committee_use(row: Model) -> str | None:
    """Return that the committee has written a version of ``row``, be it a draft or withdrawn, or
    None: a reason to keep it."""
    has_commitment = any(commitment.model is type(row) for commitment in commitments())
    if has_commitment and Version.objects.about(row).from_committee().exists():
        return "le comité de pilotage s’en est saisi"
    return None


def describe_naming_version(row: Model) -> str | None:
    """Return which version of a committee's commitment names ``row``, or None: a reason to keep it.
    Only versions that are live or may come into force again are read, one query for each kind.

    Rows in force are found by their foreign keys; this finds what is only named in a text.
    """
    for commitment in committee_commitments():
        if not any(link.model is type(row) for link in links_of(commitment.fields)):
            continue
        convention = (
            row.convention if hasattr(row, "convention") else commitment_of(row).convention_of(row)
        )
        versions = Version.objects.of(convention).live_or_restorable().filter(kind=commitment.kind)
        for version in versions.order_by("-number").only("kind", "schema", "text", "title"):
            if row.pk in commitment.linked_keys(version.content, type(row)):
                return f"{commitment.word(convention).the} « {version.title} » le désigne"
    return None
