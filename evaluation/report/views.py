"""Ask for the report of a year, or the term, watch it being composed, download it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import TemplateView

from conventions.access.pages import visible_convention
from ctg_portal.rules import enforce
from documents.downloads import serve_file
from documents.drawing.events import cancel
from documents.drawing.handing_out import hand_out
from evaluation.editions.rights import may_read_drafts
from evaluation.period import Period
from evaluation.report.document import file_name
from evaluation.report.events import request_report
from evaluation.report.files import LABELS, ReportFile
from evaluation.report.for_reader import ContentPageMixin
from evaluation.report.models import Report
from evaluation.report.page import ReportPage
from evaluation.report.reading import read_period
from evaluation.report.rights import may_build_report, may_download_report


class ReportView(ContentPageMixin, TemplateView):
    """Show what the report will contain and what is missing, its progress, the finished ones."""

    template_name = "evaluation/report/report.html"

    def get(self, request, *args, **kwargs):
        """Show the page; redirect who may read no project to what is published."""
        if may_read_drafts(request.user, self.convention):
            return redirect("evaluation:publication", self.convention.slug, self.period.year)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        page = ReportPage(self, self.request.user)
        return super().get_context_data(page=page, **kwargs)


@require_POST
def request(request, slug, year):
    """Request the report; the same content is not composed twice."""
    convention = visible_convention(request, slug)
    enforce(may_build_report(request.user, convention))
    content = read_period(convention, Period(year))
    if content is None:
        raise Http404
    report = request_report(convention, year, digest=content.digest, by=request.user)
    if report.is_ready:
        messages.info(request, "Ce rapport est à jour : il n’y a rien à recomposer.")
    return redirect("evaluation:report", slug, year)


@require_POST
def cancel_report(request, slug, year, pk):
    """Call off a report that is not ready."""
    convention = visible_convention(request, slug)
    report = get_object_or_404(Report.objects.of(convention).for_year(year), pk=pk)
    cancel(report, by=request.user)
    messages.success(request, "Le rapport ne sera pas composé.")
    return redirect("evaluation:report", slug, year)


@require_http_methods(["GET", "HEAD", "POST"])
def report_files(request, slug, year, extension):
    """Hand out a file of what the report says now: figures, money, texts."""
    convention = visible_convention(request, slug)
    if extension not in LABELS:
        raise Http404
    parameters = {"year": year, "extension": extension}
    return hand_out(request, ReportFile.name, convention.pk, parameters)


def download(request, slug, year, pk):
    """Send a finished report, to be saved under its name."""
    convention = visible_convention(request, slug)
    report = get_object_or_404(Report.objects.of(convention).for_year(year), pk=pk)
    enforce(may_download_report(request.user, report))
    return serve_file(report, file_name(slug, year), "application/pdf")
