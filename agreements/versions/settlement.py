"""What is in force: a version that every party has agreed to, and no other (art. 4 and 7)."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from agreements.answers.lights import Point, points_of, required_of
from agreements.commitments.commitment import commitment_of
from agreements.versions.models import Version, VersionVerb
from conventions.models import Convention, Standing
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed, changing, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused
from ctg_portal.templatetags.french import long_date
from ctg_portal.transitions import move

THROWN_AWAY = Refusal("Ce brouillon vient d’être jeté : il n’y a plus rien à faire.")

# No lock on a key: rows that refer to these may be written meanwhile, whatever their order.
LOCK: dict[str, Any] = {"of": ("self",), "no_key": True}


def lock_versions(versions: list[Version]) -> list[Version]:
    """Lock these versions, with every other version of the same rows; return them as they are now.
    Raises Refused where one was deleted."""
    wanted = [version.pk for version in versions]
    pks = Version.objects.with_same_subject(versions).values_list("pk", flat=True)
    rows = Version.objects.filter(pk__in=list(pks)).order_by("pk")
    locked = {version.pk: version for version in rows.select_for_update(**LOCK)}
    if not locked.keys() >= set(wanted):
        raise Refused(THROWN_AWAY)
    return [locked[pk] for pk in wanted]


def lock_row(row: Model) -> Model:
    """Lock a row with all its versions; return it as it is now. Raises Refused where it was
    deleted."""
    versions = Version.objects.about(row).order_by("pk").select_for_update(**LOCK)
    list(versions.values_list("pk", flat=True))
    rows = commitment_of(row).subjects().select_for_update(**LOCK)
    current = rows.filter(pk=row.pk).first()
    if current is None:
        raise Refused(THROWN_AWAY)
    return current


def lock_rows_in_force(versions: Iterable[Version]) -> None:
    """Lock the rows of those versions that are in force: who builds on one at this moment waits, or
    came first, and ``describe_later_work`` says so. The versions are locked already."""
    in_force = [version for version in versions if version.is_in_force]
    for version in sorted(
        in_force, key=lambda version: (version.content_type_id, version.object_id)
    ):
        _lock_current_row(version)


def lock_points(versions: list[Version], convention: Convention) -> list[Point]:
    """Lock versions as ``lock_versions`` does; return them as points, with where each party stands.
    Raises ValueError for a version of another convention."""
    locked = lock_versions(versions)
    for version in locked:
        if version.convention_id != convention.pk:
            raise ValueError("One act is about points of one convention.")
        version.convention = convention
    return points_of(locked, required_of(convention))


def settle(point: Point, *, by: User | None, capacity: str = "") -> bool:
    """Bring a proposed version into force if every party has agreed; return whether it came into
    force. The version it replaces ends, and its content is written to its row.

    Nothing comes into force in a convention that is not signed.
    """
    version = point.version
    if not version.is_proposed or not point.is_agreed or not version.convention.is_signed:
        return False
    now = timezone.now()
    former = _in_force(version)
    if former:
        move(former, VersionVerb.REPLACED, by=by, capacity=capacity, ended_at=now)
    move(version, VersionVerb.AGREED, by=by, capacity=capacity, in_force_at=now, succeeds=former)
    apply_to_row(version)
    changed(version, Subject.COMMITTEE)
    return True


def leave_force(version: Version, *, by: User, reason: str, capacity: str) -> None:
    """Take a version out of force, since an agreement is missing again.

    The version that it had replaced is in force again, where its commitment allows that
    (``comes_back``). This one is discussed again, or replaced where a later one is proposed.
    """
    act: dict[str, Any] = {"by": by, "reason": reason, "capacity": capacity}
    later = Version.objects.with_same_subject([version]).proposed().first()
    former = version.succeeds if version.commitment.comes_back else None
    verb = VersionVerb.GIVEN_UP if later else VersionVerb.REOPENED
    ended_at = timezone.now() if later else None
    move(version, verb, **act, in_force_at=None, succeeds=None, ended_at=ended_at)
    if former:
        move(former, VersionVerb.RESTORED, **act, ended_at=None)
        apply_to_row(former)
    else:
        show_as_proposed(later or version)


def describe_later_work(version: Version) -> str:
    """Return what was done since on the strength of a version in force, as a French sentence
    without full stop; empty if nothing was, or if it is not in force."""
    if not version.is_in_force:
        return ""
    if version.published_at:
        return f"Cette version est publiée depuis le {long_date(version.published_at)}"
    if (
        Version.objects.with_same_subject([version])
        .numbered()
        .filter(number__gt=version.number)
        .exists()
    ):
        return "Une version suivante a été proposée depuis"
    return version.commitment.describe_later_work(version)


def withdraw(version: Version, *, by: User | None, reason: str, capacity: str) -> None:
    """Move a proposed version to withdrawn, and so its row if no version of it is in force."""
    move(
        version, VersionVerb.WITHDRAWN, by=by, reason=reason, capacity=capacity,
        ended_at=timezone.now(),
    )  # fmt: skip
    changed(version, Subject.COMMITTEE)
    if not _in_force(version):
        row = _lock_current_row(version)
        version.commitment.set_standing(row, Standing.WITHDRAWN)
        changed(version, Subject.of(row))


def show_as_proposed(version: Version) -> None:
    """Write a proposed version to its row, unless a version of the row is in force."""
    if not _in_force(version):
        _apply(version, Standing.PROPOSED)


def apply_to_row(version: Version) -> None:
    """Write a version in force to its row; one that ends it withdraws the row."""
    _apply(version, Standing.WITHDRAWN if version.ends else Standing.IN_FORCE)


def _apply(version: Version, standing: Standing) -> None:
    """Write a version to its row. Where the database refuses a text of an earlier release, because
    it lacks fields, the row keeps its values of these."""
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


@event()
def settle_all(convention: Convention) -> list[Version]:
    """Settle every proposed version of a convention that all parties have agreed to, and return
    them: other parties may be required than before."""
    proposed = list(Version.objects.of(convention).proposed())
    settled = [p.version for p in lock_points(proposed, convention) if settle(p, by=None)]
    let_follow(house().after_answers, proposed, by=None)
    return settled


def _in_force(version: Version) -> Version | None:
    return Version.objects.with_same_subject([version]).in_force().first()


def _lock_current_row(version: Version):
    """Lock the row of a version; return it as it is now, for an earlier reading may be outdated."""
    return version.commitment.subjects().select_for_update(**LOCK).get(pk=version.object_id)
