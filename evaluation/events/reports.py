"""A report is asked for, composed by one worker at a time, and kept, or given up.

Whoever composes holds a lease on the report's own row: the number of its attempt. A worker that
was killed loses it with time, and the next one takes the report up again; should the first come
back, nothing that it does counts any more.
"""

import hashlib
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from conventions.models import Convention
from ctg_portal.rules import Refusal, Refused, enforce
from evaluation.models import Report, ReportState, Stage
from evaluation.rights import may_build_report
from evaluation.tasks import compose_report

# By when a worker has begun; after that whoever asked may have it composed in the request.
SOON = timedelta(seconds=10)
# How long one stage may last; the longest, for 600 indicators, takes about a minute.
LEASE = timedelta(minutes=10)
# When a report that nobody took is handed out once more.
AGAIN = timedelta(minutes=5)
ATTEMPTS = 3
BUSY = Refusal("Un autre rapport de cette année vient d’être demandé : regardez où il en est.")


class LeaseLost(Exception):  # noqa: N818  (reads as what happened)
    """Another worker has taken the report up meanwhile."""


def request_report(convention: Convention, year: int, *, digest: str, by) -> Report:
    """The report of a year: the one that already says the same, or one that is being prepared.

    ``digest`` is that of the content as it is now (``ReportContent.digest``). Raises Refused when
    ``by`` may not.
    """
    enforce(may_build_report(by, convention))
    reports = Report.objects.of(convention).of_year(year)
    for _ in range(2):
        if same := reports.ready().filter(digest=digest).first() or reports.unfinished().first():
            return same
        # Somebody may ask at the same moment: at most one is unfinished, the constraint sees to it.
        if report := _queued(convention, year, digest, by):
            return report
    raise Refused(BUSY)


def _queued(convention: Convention, year: int, digest: str, by) -> Report | None:
    """A new report, handed out; None where another has just been asked for."""
    try:
        with transaction.atomic():
            report = Report.objects.create(
                convention=convention,
                year=year,
                digest=digest,
                lease_until=timezone.now() + SOON,
                requested_by=by,
                requested_by_name=str(by or ""),
            )
            transaction.on_commit(lambda: compose_report.enqueue(report.pk))
    except IntegrityError:
        return None
    return report


def take(report_pk: int) -> int | None:
    """Take a report to compose it: the number of the attempt, or None if it is another's, or done.

    A report that has failed too often is given up.
    """
    now = timezone.now()
    free = Report.objects.filter(pk=report_pk).free(now)
    if free.filter(attempts__gte=ATTEMPTS).update(**_given_up(now)):
        return None
    taken = free.update(
        state=ReportState.COMPOSING,
        stage=Stage.READING,
        attempts=F("attempts") + 1,
        lease_until=now + LEASE,
    )
    return Report.objects.get(pk=report_pk).attempts if taken else None


def reach(report_pk: int, attempt: int, stage: Stage, **fields) -> None:
    """Tell how far the composition is, and hold the lease for longer; raises LeaseLost."""
    lease = timezone.now() + LEASE
    if not _held(report_pk, attempt).update(stage=stage, lease_until=lease, **fields):
        raise LeaseLost


def keep(report_pk: int, attempt: int, content: bytes, pages: int) -> Report:
    """Keep the finished document; raises LeaseLost, keeping nothing, if it is another's by now."""
    report = Report.objects.get(pk=report_pk)
    report.file.save("rapport.pdf", ContentFile(content), save=False)
    kept = _held(report_pk, attempt).update(
        state=ReportState.READY,
        stage="",
        file=report.file.name,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        pages=pages,
        finished_at=timezone.now(),
        lease_until=None,
    )
    if not kept:
        report.file.delete(save=False)
        raise LeaseLost
    report.refresh_from_db()
    return report


def put_back(report_pk: int, attempt: int) -> None:
    """After a mistake: to be tried again, or given up after the last attempt."""
    now = timezone.now()
    held = _held(report_pk, attempt)
    if attempt >= ATTEMPTS:
        held.update(**_given_up(now))
    else:
        held.update(state=ReportState.QUEUED, stage="", lease_until=now)


def hand_out_again(report: Report) -> bool:
    """Queue once more a report that nobody composes; False if somebody has taken it meanwhile."""
    now = timezone.now()
    same = Report.objects.filter(pk=report.pk, lease_until=report.lease_until).abandoned(now)
    if same.filter(attempts__gte=ATTEMPTS).update(**_given_up(now)):
        return False
    if not same.update(state=ReportState.QUEUED, stage="", lease_until=now + AGAIN):
        return False
    transaction.on_commit(lambda: compose_report.enqueue(report.pk))
    return True


def _held(report_pk: int, attempt: int):
    return Report.objects.filter(pk=report_pk, state=ReportState.COMPOSING, attempts=attempt)


def _given_up(now) -> dict:
    return {
        "state": ReportState.FAILED, "stage": "", "lease_until": None, "finished_at": now
    }  # fmt: skip
