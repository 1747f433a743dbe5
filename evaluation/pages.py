"""The base views of a year, or of the term: with its collection; for those who write its texts;
with forms one below the other."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.views.generic import TemplateView

from conventions.access.pages import ConventionPage
from ctg_portal.templatetags.french import plural
from evaluation.period import Period
from evaluation.texts.rights import may_write_narrative


class PeriodPage(ConventionPage):
    """Base of a page below a year, or the term: Http404 for a year that is not collected, and for
    the term before anything is, unless ``needs_campaign`` is False."""

    needs_campaign = True

    def setup(self, request, *args, **kwargs):
        """Set ``period`` and ``campaign``, the collection that has its figures, or None; 404 for
        None where ``needs_campaign``."""
        super().setup(request, *args, **kwargs)
        self.period = Period(kwargs.get("year"))
        self.campaign = self.period.campaign(self.convention)
        if self.campaign is None and self.needs_campaign:
            raise Http404
        if self.campaign is not None:
            self.campaign.convention = self.convention

    def get_context_data(self, **kwargs):
        """Add ``campaign``, ``year`` (None for the term) and ``period``, unless a subclass gives
        its own."""
        context = {"campaign": self.campaign, "year": self.period.year, "period": self.period}
        return super().get_context_data(**context | kwargs)


class WritersPage(PeriodPage):
    """Base of a page for who writes all texts of a period; PermissionDenied for others."""

    def setup(self, request, *args, **kwargs):
        """Raise PermissionDenied for who may not write all texts of the convention."""
        super().setup(request, *args, **kwargs)
        if may_write_narrative(request.user, self.convention) is not None:
            raise PermissionDenied


class SheetsView(TemplateView):
    """Base of a page of forms one below the other (``evaluation.texts.sheets``), of which any
    button saves all. A subclass gives the page (``page_of``), its own ``url``, and the words for
    one and many saved forms (``saved_forms``)."""

    saved_forms = ""

    def page_of(self, data=None):
        """Return the page with its sheets, filled from ``data`` where it was sent."""
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
        """Say how many sheets were saved, or that nothing had changed; nothing where only refused
        ones are left."""
        if page.saved:
            messages.success(self.request, f"{plural(page.saved, self.saved_forms)}.")
        elif not page.wrong:
            messages.info(self.request, "Rien n’avait changé.")

    def after(self, page) -> str:
        """Return the address of the sheet whose button was used."""
        place = self.request.POST.get("place", "")
        known = {sheet.anchor for sheet in page.sheets}
        return f"{self.url}{f'#{place}' if place in known else ''}"
