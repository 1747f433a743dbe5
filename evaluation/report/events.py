"""Ask for the report of a year, or of the term; ``documents/drawing`` composes and stores it."""

from django.db import IntegrityError

from accounts.models import User
from conventions.access.rights import coordinating
from conventions.models import Convention
from ctg_portal.marks.events import changing
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.transitions import move
from documents.drawing.models import CompositionVerb
from evaluation.report.models import Report
from evaluation.report.rights import may_build_report

BUSY = Refusal("Un autre rapport vient d’être demandé : regardez où il en est.")


def request_report(
    convention: Convention, year: int | None, *, digest: str, by: User | None
) -> Report:
    """Return the report of a year with this content, or the one that is being prepared; without
    either, record the request of a new one.

    ``digest`` is that of the content as it is now (``ReportContent.digest``). Raises Refused when
    ``by`` may not.
    """
    enforce(may_build_report(by, convention))
    reports = Report.objects.of(convention).for_year(year)
    for _ in range(2):
        if same := reports.ready().filter(digest=digest).first() or reports.unfinished().first():
            return same
        report = Report(
            convention=convention,
            year=year,
            digest=digest,
            requested_by=by,
            requested_by_name=str(by or ""),
        )
        try:
            with changing():
                move(report, CompositionVerb.REQUESTED, **coordinating(by))
        except IntegrityError:
            # Somebody asks at the same moment: at most one is unfinished, the constraint sees to
            # it, and the next turn finds theirs.
            continue
        return report
    raise Refused(BUSY)
