"""What is in force: a version that every party has agreed to, and no other (art. 4 and 7)."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from agreements.answers.lights import Point, points_of, required_of
from agreements.versions.models import Version, VersionVerb
from agreements.versions.rows import apply_to_row, lock_versions, show_as_proposed, version_in_force
from agreements.versions.signature import record_signature
from conventions.models import Convention
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.transitions import move


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
    """Bring a proposed version into force if every required party has agreed; return whether it
    came into force. The version it replaces ends, and its content is written to its row.

    Nothing comes into force in a convention that is not signed.
    """
    version = point.version
    if not version.is_proposed or not point.is_agreed or not version.convention.is_signed:
        return False
    now = timezone.now()
    former = version_in_force(version)
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


@event()
def settle_all(convention: Convention) -> list[Version]:
    """Settle every proposed version of a convention that all required parties have agreed to, for
    other parties may be required than before; return the versions that came into force."""
    proposed = list(Version.objects.of(convention).proposed())
    settled = [p.version for p in lock_points(proposed, convention) if settle(p, by=None)]
    let_follow(house().after_answers, proposed, by=None)
    return settled


def record_signature_after_load(convention: Convention, report) -> None:
    """Record what was signed after a load, and settle what is proposed. ``report`` is not used."""
    record_signature(convention)
    settle_all(convention)
