"""Versions and the rows that they are about: locked together; a row shows what is in force."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from agreements.versions.models import Version, VersionVerb
from conventions.models import Standing
from ctg_portal.marks.events import changed, changing
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import long_date
from ctg_portal.transitions import move

THROWN_AWAY = Refusal("Ce brouillon vient d’être jeté : il n’y a plus rien à faire.")

# No lock on a key: rows that refer to these may be written meanwhile, whatever their order.
LOCK: dict[str, Any] = {"of": ("self",), "no_key": True}


def lock_versions(versions: list[Version]) -> list[Version]:
    """Lock these versions, with every other version of the same rows; return these, in the order
    given, as the database has them now. Raises Refused where one was deleted."""
    wanted = [version.pk for version in versions]
    pks = Version.objects.with_same_subject(versions).values_list("pk", flat=True)
    rows = Version.objects.filter(pk__in=list(pks)).order_by("pk")
    locked = {version.pk: version for version in rows.select_for_update(**LOCK)}
    if not locked.keys() >= set(wanted):
        raise Refused(THROWN_AWAY)
    return [locked[pk] for pk in wanted]


def lock_row(row: Model) -> Model:
    """Lock a row with all its versions; return the row as the database has it now. Raises Refused
    where it was deleted, KeyError where its model has no commitment."""
    versions = Version.objects.about(row).order_by("pk").select_for_update(**LOCK)
    list(versions.values_list("pk", flat=True))
    rows = commitment_of(row).subjects().select_for_update(**LOCK)
    current = rows.filter(pk=row.pk).first()
    if current is None:
        raise Refused(THROWN_AWAY)
    return current


def lock_rows_in_force(versions: Iterable[Version]) -> None:
    """Lock the rows of those of ``versions`` that are in force: whoever does something on the
    strength of one waits, or came first, and ``describe_later_work`` then says so. The caller has
    locked the versions."""
    in_force = [version for version in versions if version.is_in_force]
    for version in sorted(
        in_force, key=lambda version: (version.content_type_id, version.object_id)
    ):
        _lock_current_row(version)


def _lock_current_row(version: Version) -> Any:
    """Lock the row of a version; return it as the database has it now."""
    return version.commitment.subjects().select_for_update(**LOCK).get(pk=version.object_id)


def describe_later_work(version: Version) -> str:
    """Return what was done since on the strength of a version in force (published, followed by
    another proposal, or what its commitment knows of), as a French sentence without full stop;
    empty if nothing was, or if it is not in force."""
    if not version.is_in_force:
        return ""
    if version.published_at:
        return f"Cette version est publiée depuis le {long_date(version.published_at)}"
    numbered = Version.objects.with_same_subject([version]).numbered()
    if numbered.filter(number__gt=version.number).exists():
        return "Une version suivante a été proposée depuis"
    return version.commitment.describe_later_work(version)


def withdraw(version: Version, *, by: User | None, reason: str, capacity: str) -> None:
    """Move a proposed version to withdrawn; its row too, if no version of the row is in force."""
    move(
        version, VersionVerb.WITHDRAWN, by=by, reason=reason, capacity=capacity,
        ended_at=timezone.now(),
    )  # fmt: skip
    changed(version, Subject.COMMITTEE)
    if not version_in_force(version):
        row = _lock_current_row(version)
        version.commitment.set_standing(row, Standing.WITHDRAWN)
        changed(version, Subject.of(row))


def version_in_force(version: Version) -> Version | None:
    """Return the version in force of the row that ``version`` is about, perhaps itself; None
    without one."""
    return Version.objects.with_same_subject([version]).in_force().first()


def show_as_proposed(version: Version) -> None:
    """Write a proposed version to its row as proposed; do nothing where a version of the row is in
    force, for the row then shows that one."""
    if not version_in_force(version):
        _apply(version, Standing.PROPOSED)


def apply_to_row(version: Version) -> None:
    """Write a version in force to its row, as in force; as withdrawn where the version ends it."""
    _apply(version, Standing.WITHDRAWN if version.ends else Standing.IN_FORCE)


def _apply(version: Version, standing: Standing) -> None:
    """Write a version and a standing to its row. Where the database refuses a text of an earlier
    release, because it lacks fields, the row keeps its values of these."""
    commitment, row = version.commitment, _lock_current_row(version)
    try:
        with changing():
            commitment.apply(row, version.content, standing)
    except IntegrityError:
        row = _lock_current_row(version)
        current = commitment.content(row)
        missing = {name: current[name] for name in version.missing_fields}
        commitment.apply(row, version.content | missing, standing)
    changed(version, Subject.of(row))
