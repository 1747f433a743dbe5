"""What the bench adds to the committee: that of other conventions, and hundreds of points."""

from itertools import count

from django.utils import timezone

from agreements.models import Agreement, Seat, State, Version
from conventions.models import Objective, Origin, Standing

# Rows of copied versions do not exist: nobody opens their pages.
FAR = 10_000_000
COPIED = 150


def copy_committee(original, convention, organisation, member, copy_of) -> None:
    """As many versions and entries as the original convention has, for another one."""
    seat = Seat.objects.create(
        organisation=organisation, kind="member", user=member, name="X", capacity="X",
        starts_on=convention.start,
    )  # fmt: skip
    versions = list(Version.objects.of(original).order_by("pk")[:COPIED])
    copies = Version.objects.bulk_create(
        copy_of(
            version, convention_id=convention.pk, base_id=None, succeeds_id=None,
            object_id=convention.pk * FAR + version.object_id,
            author_id=member.pk if version.author_id else None,
        )
        for version in versions
    )  # fmt: skip
    by_pk = {version.pk: new for version, new in zip(versions, copies, strict=True)}
    ranks = {version.pk: count(1) for version in versions}
    Agreement.objects.bulk_create(
        copy_of(
            entry, version_id=by_pk[entry.version_id].pk, organisation_id=organisation.pk,
            rank=next(ranks[entry.version_id]), seat_id=seat.pk, user_id=member.pk,
            entered_by_id=member.pk, contests_id=None, delegation_id=None,
        )
        for entry in Agreement.objects.filter(version__in=by_pk, contests=None).order_by("pk")
    )  # fmt: skip


def add_points(convention, number: int) -> None:
    """``number`` more points under discussion, each agreed to by one party."""
    entry = Agreement.objects.of(convention).by_parties().agreeing().first()
    orientation = Objective.objects.of(convention).level(1).filter(origin=Origin.SIGNATURE).first()
    objectives = Objective.objects.bulk_create(
        Objective(
            theme=orientation.theme, parent=orientation, since=orientation.since, rank=9000 + n,
            title=f"Objectif proposé numéro {n}", origin=Origin.COMMITTEE,
            standing=Standing.PROPOSED,
        )
        for n in range(number)
    )  # fmt: skip
    versions = []
    for objective in objectives:
        version = Version(
            convention=convention, subject=objective, kind="objective", schema=1,
            number=1, title=objective.title, origin=Origin.COMMITTEE, proposed_at=timezone.now(),
        )  # fmt: skip
        version.write({"title": objective.title, "due_on": None, "measure": "Une mesure " * 20,
                       "is_priority": False})  # fmt: skip
        version.state = State.PROPOSED
        versions.append(version)
    versions = Version.objects.bulk_create(versions)
    Agreement.objects.bulk_create(
        Agreement(
            version=version, organisation=entry.organisation, rank=1, answer=entry.answer,
            seat=entry.seat, seat_kind=entry.seat_kind, user=entry.user,
            person_name=entry.person_name, capacity=entry.capacity, entered_by=entry.entered_by,
            entered_by_name=entry.entered_by_name,
        )
        for version in versions
    )  # fmt: skip
