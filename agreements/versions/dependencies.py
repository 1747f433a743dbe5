"""Why a row stays although the convention file no longer has it."""

from django.db.models import Model

from agreements.commitments.commitment import Commitment, commitment_of, decided
from agreements.commitments.fields import links_of
from agreements.models import Version
from conventions.models import Convention


def spoken_of(row: Model) -> str | None:
    """Why a row stays although the file no longer has it: people have spoken of it."""
    try:
        commitment_of(row)
    except KeyError:
        return None
    versions = Version.objects.of_subject(row)
    if versions.from_committee().exists():
        return "le comité de pilotage s’en est saisi"
    return None


def named_by_version(row: Model) -> str | None:
    """Why a row stays although the file no longer has it: a version that stands names it, or one
    that would stand again.

    What a row in force points to is found by its foreign keys; what other versions name, here.
    """
    return next(filter(None, (_named_in(commitment, row) for commitment in decided())), None)


def _named_in(commitment: Commitment, row: Model) -> str | None:
    if not any(link.model is type(row) for link in links_of(commitment.fields)):
        return None
    convention = row.convention if hasattr(row, "convention") else _convention_of(row)
    versions = Version.objects.of(convention).live_or_before().filter(kind=commitment.kind)
    for version in versions.order_by("-number").only("kind", "schema", "text", "title"):
        if row.pk in commitment.named(version.content, type(row)):
            return f"{commitment.word(convention).the} « {version.title} » le désigne"
    return None


def _convention_of(row: Model) -> Convention:
    return commitment_of(row).convention_of(row)
