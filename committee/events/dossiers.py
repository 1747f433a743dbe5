"""Dossiers: a frozen list of points, sent to the committee, answered in one act."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from committee import rights
from committee.models import Dossier, DossierPoint, Version
from committee.standing import Point, points_of, required_of
from conventions.models import Convention
from ctg_portal.rules import Refusal, Refused, enforce

NO_POINT = Refusal("Choisissez au moins un point : un dossier vide n’a rien à faire répondre.")
NOT_PROPOSED = Refusal(
    "Un des points choisis n’est plus proposé : actualisez la liste, puis envoyez le dossier."
)


@transaction.atomic
def send_dossier(convention: Convention, versions: Iterable[Version], *, title: str, by,
                 message: str = "", answer_by: datetime.date | None = None) -> Dossier:  # fmt: skip
    """Freeze a list of proposed versions and send it to the members of the parties."""
    enforce(rights.may_manage_committee(by, convention))
    versions = list(versions)
    if not versions:
        raise Refused(NO_POINT)
    proposed = Version.objects.of(convention).proposed().select_for_update(of=("self",))
    if proposed.filter(pk__in=[v.pk for v in versions]).count() != len(versions):
        raise Refused(NOT_PROPOSED)
    dossier = Dossier.objects.create(
        convention=convention,
        title=title,
        message=message,
        answer_by=answer_by,
        sent_by=by,
        sent_by_name=str(by),
    )
    DossierPoint.objects.bulk_create(
        DossierPoint(dossier=dossier, version=version, rank=rank)
        for rank, version in enumerate(versions, start=1)
    )
    return dossier


def complete_dossiers(points: Iterable[Point]) -> list[Dossier]:
    """Mark the dossiers to which, with these answers, every party has answered throughout."""
    versions = [point.version.pk for point in points]
    complete = []
    for dossier in Dossier.objects.open().filter(versions__in=versions).distinct():
        held = list(dossier.versions.all())
        if all(
            point.is_answered or not point.version.is_proposed
            for point in points_of(held, required_of(dossier.convention))
        ):
            dossier.completed_at = timezone.now()
            dossier.save(update_fields=["completed_at"])
            complete.append(dossier)
    return complete
