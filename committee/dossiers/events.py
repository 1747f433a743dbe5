"""Dossiers: a frozen list of points, sent to the committee, answered in one act."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from accounts.models import User
from agreements.answers.events import (
    Outcome,
    Received,
    RefusedVersion,
    Reply,
    answer_all,
    record_all,
)
from agreements.answers.lights import points_of, required_of
from agreements.commitments.commitment import by_kind
from agreements.models import Agreement, Seat, Version
from agreements.seats import rights
from agreements.versions.events import propose_all
from committee.dossiers.models import Dossier, DossierAnswer, DossierPoint, DossierVerb
from committee.dossiers.notices import (
    DossierComplete,
    DossierRecalled,
    DossierReminder,
    DossierSent,
)
from committee.dossiers.rights import may_answer_dossier, may_recall, may_remind
from conventions.access.rights import coordinating
from conventions.models import Convention, Organisation
from ctg_portal.marks.events import changing, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move
from documents.models import StoredFile
from notifications.news import notify

LOCK: dict[str, Any] = {"of": ("self",), "no_key": True}
NO_POINT = Refusal("Choisissez au moins un point : un dossier vide n’a rien à faire répondre.")
NOT_PROPOSED = Refusal(
    "Un des points choisis n’est plus proposé : actualisez la liste, puis envoyez le dossier."
)


@event(Subject.COMMITTEE)
def send_dossier(convention: Convention, versions: Iterable[Version], *, title: str, by: User,
                 message: str = "", answer_by: datetime.date | None = None) -> Dossier:  # fmt: skip
    """Freeze a list of proposed versions and send it to the members of the parties.

    The same form, sent twice, is one dossier. Raises Refused when ``by`` may not, when nothing is
    chosen, or when a version is no longer proposed. Writes a notice to whoever has to answer.
    """
    enforce(rights.may_manage_committee(by, convention))
    versions = list(versions)
    if not versions:
        raise Refused(NO_POINT)
    chosen = Version.objects.of(convention).filter(pk__in=[v.pk for v in versions]).order_by("pk")
    locked = list(chosen.select_for_update(**LOCK))
    if len(locked) != len(versions) or not all(version.is_proposed for version in locked):
        raise Refused(NOT_PROPOSED)
    fields = {"title": title, "message": message, "answer_by": answer_by, "sent_by": by}
    if sent := _find_identical_dossier(convention, versions, fields):
        return sent
    dossier = Dossier(convention=convention, **fields, sent_by_name=str(by))
    move(dossier, DossierVerb.SENT, **coordinating(by))
    DossierPoint.objects.bulk_create(
        DossierPoint(dossier=dossier, version=version, rank=rank)
        for rank, version in enumerate(versions, start=1)
    )
    notify(DossierSent(dossier))
    return dossier


@event(Subject.COMMITTEE)
def propose_dossier(convention: Convention, drafts: Iterable[Version], *, title: str, by: User,
                    message: str = "", answer_by: datetime.date | None = None,
                    after_term: str = "",
                    revisions: Mapping[int, int] | None = None) -> Dossier:  # fmt: skip
    """Propose drafts and send them to the members of the parties as one dossier: all, or none.

    The same form, sent twice, is one dossier. ``after_term`` and ``revisions``: as of
    ``propose_all``. Raises NoneProposed, or Refused when ``by`` may not or nothing is chosen.
    """
    enforce(rights.may_manage_committee(by, convention))
    drafts = list(drafts)
    if not drafts:
        raise Refused(NO_POINT)
    for kind in {draft.kind for draft in drafts}:
        by_kind(kind).lock_compared_rows(convention)
    fields = {"title": title, "message": message, "answer_by": answer_by, "sent_by": by}
    if sent := _find_identical_dossier(convention, drafts, fields):
        return sent
    versions = propose_all(drafts, by=by, after_term=after_term, revisions=revisions)
    return send_dossier(
        convention, versions, title=title, message=message, answer_by=answer_by, by=by
    )


def _find_identical_dossier(
    convention: Convention, versions: list[Version], fields: dict
) -> Dossier | None:
    """Return the open dossier of these versions, in this order, with these fields; or None."""
    for sent in Dossier.objects.of(convention).open().filter(**fields).prefetch_related("points"):
        if [point.version_id for point in sent.points.all()] == [v.pk for v in versions]:
            return sent
    return None


@event(Subject.COMMITTEE)
def recall_dossier(dossier: Dossier, *, by: User) -> Dossier:
    """Recall a dossier sent too soon, while nobody has answered it, and notify who had been
    notified. Its points stay proposed. Raises Refused."""
    versions = Version.objects.filter(dossiers=dossier).order_by("pk")
    list(versions.select_for_update(**LOCK).values_list("pk", flat=True))
    dossier = (
        Dossier.objects.select_related("convention").select_for_update(**LOCK).get(pk=dossier.pk)
    )
    enforce(may_recall(by, dossier))
    move(dossier, DossierVerb.RECALLED, **coordinating(by))
    notify(DossierRecalled(dossier))
    return dossier


@event(Subject.COMMITTEE)
def remind_dossier(dossier: Dossier, *, by: User) -> Dossier:
    """Record a reminder of a dossier and notify whoever has a point to answer. Raises Refused."""
    dossier = (
        Dossier.objects.select_related("convention").select_for_update(**LOCK).get(pk=dossier.pk)
    )
    enforce(may_remind(by, dossier, timezone.localdate()))
    move(dossier, DossierVerb.REMINDED, **coordinating(by))
    notify(DossierReminder(dossier, timezone.localdate()))
    return dossier


@event(Subject.COMMITTEE)
def answer_dossier(dossier: Dossier, replies: Iterable[Reply], *, by: User,
                   organisation: Organisation | None = None) -> Outcome:  # fmt: skip
    """Answer points of a dossier in one act and record which entries came with it.

    Returns what was written and what was refused. When the dossier was recalled, every reply is
    refused.
    """
    replies = list(replies)
    try:
        with changing():
            outcome = answer_all(replies, by=by, organisation=organisation)
            # Under the locks of its points: who calls it back at this moment waits, or was first.
            enforce(may_answer_dossier(Dossier.objects.get(pk=dossier.pk)))
    except Refused as refused:
        return Outcome(
            refused=[RefusedVersion(reply.version, refused.refusal) for reply in replies]
        )
    DossierAnswer.objects.bulk_create(
        DossierAnswer(dossier=dossier, agreement=entry) for entry in outcome.written
    )
    return outcome


@event(Subject.COMMITTEE)
def record_dossier(dossier: Dossier, received: Iterable[Received], seat: Seat, *,
                   received_on: datetime.date, evidence: StoredFile, channel: str = "",
                   by: User) -> list[Agreement]:  # fmt: skip
    """Record what the holder of ``seat`` answered to a dossier outside the portal: all of it, or
    nothing. Raises NoneRecorded, or Refused once the dossier is recalled."""
    entries = record_all(
        received, seat, received_on=received_on, evidence=evidence, channel=channel, by=by
    )
    # Under the locks of its points: who calls it back at this moment waits, or was first.
    enforce(may_answer_dossier(Dossier.objects.get(pk=dossier.pk)))
    DossierAnswer.objects.bulk_create(
        DossierAnswer(dossier=dossier, agreement=entry) for entry in entries
    )
    return entries


def complete_dossiers(
    versions: Iterable[Version], *, by: User | None, capacity: str = ""
) -> list[Dossier]:
    """Complete the open dossiers that hold one of these versions and await nobody any more; return
    them.

    ``by`` has just answered, confirmed or settled one of the versions. The dossiers are locked
    before they are read: two people who give the last answers to different points each see what the
    other has done, or come after it.
    """
    holding = DossierPoint.objects.filter(version__in=[version.pk for version in versions])
    dossiers = Dossier.objects.open().filter(pk__in=holding.values("dossier")).order_by("pk")
    complete = []
    for dossier in list(dossiers.select_for_update(**LOCK)):
        if awaits_nobody(dossier):
            completed_at = timezone.now()
            move(
                dossier, DossierVerb.COMPLETED, by=by, capacity=capacity, completed_at=completed_at
            )
            notify(DossierComplete(dossier))
            complete.append(dossier)
    return complete


def awaits_nobody(dossier: Dossier) -> bool:
    """Return whether every party has answered all points of a dossier that are still proposed."""
    versions = list(dossier.versions.all())
    return all(
        point.is_answered or not point.version.is_proposed
        for point in points_of(versions, required_of(dossier.convention))
    )


def reopen_dossiers(undone: Iterable[Agreement], *, by: User) -> None:
    """Reopen the dossiers that the undone answers had helped to complete, where they await an
    answer again. Locks them."""
    undone = list(undone)
    since = min(entry.created_at for entry in undone)
    holding = DossierPoint.objects.filter(version__in=[entry.version_id for entry in undone])
    complete = Dossier.objects.completed_since(since).filter(pk__in=holding.values("dossier"))
    for dossier in list(complete.order_by("pk").select_for_update(**LOCK)):
        if not awaits_nobody(dossier):
            move(
                dossier, DossierVerb.REOPENED, by=by, capacity=undone[0].capacity,
                completed_at=None,
            )  # fmt: skip
