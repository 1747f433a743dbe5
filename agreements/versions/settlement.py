"""What is in force: a version that every party has agreed to, and no other (art. 4 and 7)."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from agreements.answers.lights import Point, points_of, required_of
from agreements.commitments.commitment import commitment_of
from agreements.models import Version, VersionVerb
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


def lock(versions: list[Version]) -> list[Version]:
    """These versions as they are now, locked with every other version of the same rows."""
    wanted = [version.pk for version in versions]
    pks = Version.objects.beside(versions).values_list("pk", flat=True)
    rows = Version.objects.filter(pk__in=list(pks)).order_by("pk")
    locked = {version.pk: version for version in rows.select_for_update(**LOCK)}
    if not locked.keys() >= set(wanted):
        raise Refused(THROWN_AWAY)
    return [locked[pk] for pk in wanted]


def lock_row(row: Model) -> Model:
    """The row as it is now, locked with all its versions."""
    versions = Version.objects.of_subject(row).order_by("pk").select_for_update(**LOCK)
    list(versions.values_list("pk", flat=True))
    rows = commitment_of(row).subjects().select_for_update(**LOCK)
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise Refused(THROWN_AWAY)
    return found


def hold_rows(versions: Iterable[Version]) -> None:
    """Lock the rows that those in force are about: who builds on one at this moment waits, or was
    first, and ``built_on`` says so. The versions are locked."""
    held = [version for version in versions if version.is_in_force]
    for version in sorted(held, key=lambda one: (one.content_type_id, one.object_id)):
        _row(version)


def lock_points(versions: list[Version], convention: Convention) -> list[Point]:
    """The same, as points with where each party stands."""
    locked = lock(versions)
    for version in locked:
        if version.convention_id != convention.pk:
            raise ValueError("One act is about points of one convention.")
        version.convention = convention
    return points_of(locked, required_of(convention))


def settle(point: Point, *, by: User | None, capacity: str = "") -> bool:
    """Bring a proposed version into force once all have agreed; tells whether it did. Nothing is
    in force of a convention that turns out not to be signed."""
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
    """An agreement is missing again: what was in force before is in force again, where its
    commitment lets it come back.

    The version is discussed again, unless a later one is already proposed, which replaces it.
    """
    act: dict[str, Any] = {"by": by, "reason": reason, "capacity": capacity}
    later = Version.objects.beside([version]).proposed().first()
    former = version.succeeds if version.commitment.comes_back else None
    verb = VersionVerb.GIVEN_UP if later else VersionVerb.REOPENED
    ended_at = timezone.now() if later else None
    move(version, verb, **act, in_force_at=None, succeeds=None, ended_at=ended_at)
    if former:
        move(former, VersionVerb.RESTORED, **act, ended_at=None)
        apply_to_row(former)
    else:
        show_as_proposed(later or version)


def built_on(version: Version) -> str:
    """What has been built on a version since it came into force, as a French sentence without its
    full stop; empty for nothing, and where it is not in force."""
    if not version.is_in_force:
        return ""
    if version.published_at:
        return f"Cette version est publiée depuis le {long_date(version.published_at)}"
    if Version.objects.beside([version]).numbered().filter(number__gt=version.number).exists():
        return "Une version suivante a été proposée depuis"
    return version.commitment.built_on(version)


def withdraw(version: Version, *, by: User | None, reason: str, capacity: str) -> None:
    """Take a proposed version back; a row that was never agreed to goes with it."""
    move(
        version, VersionVerb.WITHDRAWN, by=by, reason=reason, capacity=capacity,
        ended_at=timezone.now(),
    )  # fmt: skip
    changed(version, Subject.COMMITTEE)
    if not _in_force(version):
        row = _row(version)
        version.commitment.stand(row, Standing.WITHDRAWN)
        changed(version, Subject.of(row))


def show_as_proposed(version: Version) -> None:
    """Until something of it is in force, a row shows what is proposed."""
    if not _in_force(version):
        _apply(version, Standing.PROPOSED)


def apply_to_row(version: Version) -> None:
    """Bring a version in force to its row."""
    _apply(version, Standing.WITHDRAWN if version.ends else Standing.IN_FORCE)


def _apply(version: Version, standing: Standing) -> None:
    """A text that came without what its row cannot lack leaves the row that, as it is."""
    commitment, row = version.commitment, _row(version)
    try:
        with changing():
            commitment.apply(row, version.content, standing)
    except IntegrityError:
        row = _row(version)
        kept = {name: commitment.content(row)[name] for name in version.lacking}
        commitment.apply(row, version.content | kept, standing)
    changed(version, Subject.of(row))


@event()
def settle_all(convention: Convention) -> list[Version]:
    """Look again at all that is proposed: the convention may name other parties than before."""
    proposed = list(Version.objects.of(convention).proposed())
    settled = [p.version for p in lock_points(proposed, convention) if settle(p, by=None)]
    let_follow(house().after_answers, proposed, by=None)
    return settled


def _in_force(version: Version) -> Version | None:
    return Version.objects.beside([version]).in_force().first()


def _row(version: Version):
    """The row as it is now: what was read earlier may have been changed since."""
    return version.commitment.subjects().select_for_update(**LOCK).get(pk=version.object_id)
