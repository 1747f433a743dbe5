"""The base views of a year, or of the term: with its collection and its reading; with the desk of
one of its texts; with forms one below the other."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from conventions.access.pages import ConventionPage
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import plural
from evaluation.appreciation.reading import Appreciating
from evaluation.period import Period
from evaluation.publication.published import content_for_reader, digest_for_reader, year_for_reader
from evaluation.publication.rights import may_read_drafts
from evaluation.report.content import ReportContent
from evaluation.writing.desk import desk_of
from evaluation.writing.rights import may_write_narrative
from evaluation.year.reading import YearReading


class YearPageMixin(ConventionPage):
    """A page below a year, or the term: 404 for a year that is not collected, and for the term
    before anything is."""

    needs_campaign = True

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.period = Period(kwargs.get("year"))
        self.campaign = self.period.campaign(self.convention)
        if self.campaign is None and self.needs_campaign:
            raise Http404
        if self.campaign is not None:
            self.campaign.convention = self.convention

    @property
    def reads_what_is_public(self) -> bool:
        """Whether the reader sees what is published alone."""
        return may_read_drafts(self.request.user, self.convention) is not None

    @cached_property
    def reading(self) -> YearReading:
        return year_for_reader(self.convention, self.period, is_public=self.reads_what_is_public)

    @cached_property
    def content(self) -> ReportContent:
        """The content that its document would have now."""
        return content_for_reader(self.convention, self.period, is_public=self.reads_what_is_public)

    @cached_property
    def digest(self) -> str:
        return digest_for_reader(self.convention, self.period, is_public=self.reads_what_is_public)

    def get_context_data(self, **kwargs):
        context = {"campaign": self.campaign, "year": self.period.year, "period": self.period}
        return super().get_context_data(**context | kwargs)


class TextPage(YearPageMixin):
    """A page of one text, by default of who may write it."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.desk = desk_of(request.user, self.convention, self.period, kwargs)
        if self.refusal():
            raise PermissionDenied

    def refusal(self) -> Refusal | None:
        return self.desk.may_write()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            desk=self.desk, saved=self.desk.saved, year_url=self.desk.year_url, **kwargs
        )


class WritersPage(YearPageMixin):
    """A page for who writes the texts of the year."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if may_write_narrative(request.user, self.convention) is not None:
            raise PermissionDenied


class AppreciatingPage(WritersPage):
    """A page for who appreciates the year."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.appreciating = Appreciating(self.reading)

    def get_context_data(self, **kwargs):
        return super().get_context_data(appreciating=self.appreciating, **kwargs)


class SheetsView(TemplateView):
    """A page of forms one below the other (``evaluation.writing.sheets``), of which any button
    saves all. A subclass makes the page (``page_of``), and says what ``saved_forms`` there are and
    its own ``url``."""

    saved_forms = ""

    def page_of(self, data=None):
        raise NotImplementedError

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(page=self.page_of()))

    def post(self, request, *args, **kwargs):
        """Save each sheet that can be saved and say so; redirect if all were, else show the page
        again."""
        page = self.page_of(request.POST)
        is_whole = page.save()
        self.show_message(page)
        if is_whole:
            return redirect(self.after(page))
        return self.render_to_response(self.get_context_data(page=page))

    def show_message(self, page) -> None:
        if page.saved:
            messages.success(self.request, f"{plural(page.saved, self.saved_forms)}.")
        elif not page.wrong:
            messages.info(self.request, "Rien n’avait changé.")

    def after(self, page) -> str:
        """Return the address of the sheet whose button was used."""
        place = self.request.POST.get("place", "")
        known = {sheet.anchor for sheet in page.sheets}
        return f"{self.url}{f'#{place}' if place in known else ''}"
