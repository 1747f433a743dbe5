"""Reasons to keep a row that the convention file no longer has, as ends of French sentences."""

from django.db.models import Model

from agreements.commitments.commitment import Commitment, commitment_of, committee_commitments
from agreements.commitments.fields import links_of
from agreements.versions.models import Version
from conventions.models import Convention


def describe_committee_use(row: Model) -> str | None:
    """Return that the committee has written versions of ``row``, or None: a reason to keep it."""
    try:
        commitment_of(row)
    except KeyError:
        return None
    versions = Version.objects.about(row)
    if versions.from_committee().exists():
        return "le comité de pilotage s’en est saisi"
    return None


def describe_naming_version(row: Model) -> str | None:
    """Return which version names ``row``, or None: a reason to keep it. Only versions that are live
    or may come into force again are read.

    Rows in force are found by their foreign keys; this finds what is only named in a text.
    """
    return next(
        filter(None, (_named_in(commitment, row) for commitment in committee_commitments())), None
    )


def _named_in(commitment: Commitment, row: Model) -> str | None:
    if not any(link.model is type(row) for link in links_of(commitment.fields)):
        return None
    convention = row.convention if hasattr(row, "convention") else _convention_of(row)
    versions = Version.objects.of(convention).live_or_restorable().filter(kind=commitment.kind)
    for version in versions.order_by("-number").only("kind", "schema", "text", "title"):
        if row.pk in commitment.linked_keys(version.content, type(row)):
            return f"{commitment.word(convention).the} « {version.title} » le désigne"
    return None


def _convention_of(row: Model) -> Convention:
    return commitment_of(row).convention_of(row)
