"""A report is asked for, composed by one worker at a time, and kept, or given up.

Whoever composes holds a lease on the report's own row: the number of its attempt. A worker that
was killed loses it with time, and the next one takes the report up again; should the first come
back, nothing that it does counts any more.
"""

import hashlib
from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from conventions.access.rights import coordinating
from conventions.models import Convention
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move
from evaluation.models import Report, ReportState, ReportVerb, Stage
from evaluation.report.rights import may_build_report
from evaluation.report.tasks import compose_report

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
        report = Report(
            convention=convention,
            year=year,
            digest=digest,
            lease_until=timezone.now() + SOON,
            requested_by=by,
            requested_by_name=str(by or ""),
        )
        try:
            with transaction.atomic():
                move(report, ReportVerb.REQUESTED, **coordinating(by))
                transaction.on_commit(partial(compose_report.enqueue, report.pk))
        except IntegrityError:
            # Somebody asks at the same moment: at most one is unfinished, the constraint sees to
            # it, and the next turn finds theirs.
            continue
        return report
    raise Refused(BUSY)


@transaction.atomic
def take(report_pk: int) -> int | None:
    """Take a report to compose it: the number of the attempt, or None if it is another's, or done.

    A report that has failed too often is given up.
    """
    now = timezone.now()
    report = _locked(Report.objects.filter(pk=report_pk).free(now))
    if report is None:
        return None
    if report.attempts >= ATTEMPTS:
        _give_up(report, now)
        return None
    move(
        report, ReportVerb.TAKEN, by=None, stage=Stage.READING, attempts=report.attempts + 1,
        lease_until=now + LEASE,
    )  # fmt: skip
    return report.attempts


def reach(report_pk: int, attempt: int, stage: Stage, **fields) -> None:
    """Tell how far the composition is, and hold the lease for longer; raises LeaseLost."""
    lease = timezone.now() + LEASE
    if not _held(report_pk, attempt).update(stage=stage, lease_until=lease, **fields):
        raise LeaseLost


def keep(report_pk: int, attempt: int, content: bytes, pages: int) -> Report:
    """Keep the finished document; raises LeaseLost, keeping nothing, if it is another's by now."""
    written = Report.objects.get(pk=report_pk)
    written.file.save("rapport.pdf", ContentFile(content), save=False)
    with transaction.atomic():
        report = _locked(_held(report_pk, attempt))
        if report is not None:
            move(
                report,
                ReportVerb.KEPT,
                by=None,
                stage="",
                file=written.file.name,
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
                pages=pages,
                finished_at=timezone.now(),
                lease_until=None,
            )
    if report is None:
        written.file.delete(save=False)
        raise LeaseLost
    return report


@transaction.atomic
def put_back(report_pk: int, attempt: int) -> None:
    """After a mistake: to be tried again, or given up after the last attempt."""
    now = timezone.now()
    report = _locked(_held(report_pk, attempt))
    if report is None:
        return
    if attempt >= ATTEMPTS:
        _give_up(report, now)
    else:
        move(report, ReportVerb.PUT_BACK, by=None, stage="", lease_until=now)


@transaction.atomic
def hand_out_again(report: Report) -> bool:
    """Queue once more a report that nobody composes; False if somebody has taken it meanwhile."""
    now = timezone.now()
    same = Report.objects.filter(pk=report.pk, lease_until=report.lease_until).abandoned(now)
    report = _locked(same)
    if report is None:
        return False
    if report.attempts >= ATTEMPTS:
        _give_up(report, now)
        return False
    move(report, ReportVerb.PUT_BACK, by=None, stage="", lease_until=now + AGAIN)
    transaction.on_commit(lambda: compose_report.enqueue(report.pk))
    return True


def _locked(reports) -> Report | None:
    """The one report among these, if it still is one of them once it is locked."""
    return reports.select_for_update(of=("self",), no_key=True).first()


def _held(report_pk: int, attempt: int):
    return Report.objects.filter(pk=report_pk, state=ReportState.COMPOSING, attempts=attempt)


def _give_up(report: Report, now) -> None:
    move(report, ReportVerb.GIVEN_UP, by=None, stage="", lease_until=None, finished_at=now)
