"""What is in force: a version that every party has agreed to, and no other (art. 4 and 7)."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from committee.commitments import commitment_of
from committee.events.dossiers import complete_dossiers
from committee.models import State, Version
from committee.standing import Point, points_of, required_of
from conventions.models import Convention, Standing
from ctg_portal.rules import Refusal, Refused

THROWN_AWAY = Refusal("Ce brouillon vient d’être jeté : il n’y a plus rien à faire.")

# No lock on a key: rows that refer to these may be written meanwhile, whatever their order.
LOCK = {"of": ("self",), "no_key": True}


def lock(versions: Iterable[Version]) -> list[Version]:
    """These versions as they are now, locked with every other version of the same rows."""
    wanted = [version.pk for version in versions]
    beside = Version.objects.filter(pk__in=wanted)
    pks = Version.objects.beside(beside).order_by("pk").values_list("pk", flat=True)
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


def lock_points(versions: list[Version], convention: Convention) -> list[Point]:
    """The same, as points with where each party stands."""
    locked = lock(versions)
    for version in locked:
        if version.convention_id != convention.pk:
            raise ValueError("One act is about points of one convention.")
        version.convention = convention
    return points_of(locked, required_of(convention))


def settle(point: Point) -> bool:
    """Bring a proposed version into force once all have agreed; tells whether it did."""
    version = point.version
    if not version.is_proposed or not point.is_agreed:
        return False
    now = timezone.now()
    former = _in_force(version)
    if former:
        _move(former, State.REPLACED, ended_at=now)
    _move(version, State.IN_FORCE, in_force_at=now, succeeds=former)
    apply_to_row(version)
    return True


def leave_force(version: Version) -> None:
    """An agreement is missing again: what was in force before is in force again.

    The version is discussed again, unless a later one is already proposed, which replaces it.
    """
    later = Version.objects.beside([version]).proposed().first()
    state = State.REPLACED if later else State.PROPOSED
    former = version.succeeds
    _move(version, state, in_force_at=None, succeeds=None, ended_at=_ended(state))
    if former:
        _move(former, State.IN_FORCE, ended_at=None)
        apply_to_row(former)
    else:
        show_as_proposed(later or version)


def replace(version: Version) -> None:
    """A later version is proposed instead."""
    _move(version, State.REPLACED, ended_at=timezone.now())


def withdraw(version: Version) -> None:
    """Take a proposed version, or a draft, back; a row that was never agreed to goes with it."""
    _move(version, State.WITHDRAWN, ended_at=timezone.now())
    if not _in_force(version):
        version.commitment.stand(_row(version), Standing.WITHDRAWN)


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
        with transaction.atomic():
            commitment.apply(row, version.content, standing)
    except IntegrityError:
        if not version.lacking:
            raise
        row = _row(version)
        kept = {name: commitment.content(row)[name] for name in version.lacking}
        commitment.apply(row, version.content | kept, standing)


@transaction.atomic
def settle_all(convention: Convention) -> list[Version]:
    """Look again at all that is proposed: the convention may name other parties than before."""
    proposed = list(Version.objects.of(convention).proposed())
    settled = [p.version for p in lock_points(proposed, convention) if settle(p)]
    complete_dossiers(proposed)
    return settled


def _in_force(version: Version) -> Version | None:
    return Version.objects.beside([version]).in_force().exclude(pk=version.pk).first()


def _row(version: Version):
    """The row as it is now: what was read earlier may have been changed since."""
    return version.commitment.subjects().select_for_update(**LOCK).get(pk=version.object_id)


def _ended(state: State):
    return timezone.now() if state == State.REPLACED else None


def _move(version: Version, state: State, **values) -> None:
    """The one place where a version changes state."""
    version.state = state
    for name, value in values.items():
        setattr(version, name, value)
    version.save(update_fields=["state", *values])
