"""Show and handle entry, submission and verification of the figures of a year."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from conventions.access.reading import accesses_not_in_full
from ctg_portal.rules import Refusal, Refused
from indicators.collection.mixins import OneCampaignPage
from indicators.collection.rights import refuse_unless_open
from indicators.collection.things import Things
from indicators.values.entry import EntryPage
from indicators.values.entry_row import revisions_sent
from indicators.values.given_back import GivesBackFigures
from indicators.values.giving import submit_values, verify_values
from indicators.values.home import FROM_HOME
from indicators.values.page import VerifyPage
from indicators.values.taking_over import take_over


class EntryMixin(GivesBackFigures, OneCampaignPage):
    """Mixin of a page on which a person gives figures, for the organisation ``pour`` of the address
    or form, else for all of their own; 404 for one that is not theirs to enter for."""

    page_class = EntryPage

    @cached_property
    def page(self) -> EntryPage:
        """The list of what the person enters, for the organisation ``pour`` or for all of theirs,
        with what was posted; raise 404 for an organisation that they may not enter for."""
        sent = self.request.POST.get("pour", self.request.GET.get("pour", ""))
        posted = self.request.POST if self.request.method == "POST" else None
        page = self.page_class(self.campaign, self.contributor, self.today, sent, posted)
        if sent and not page.organisations:
            raise Http404
        return page

    @property
    def closed(self) -> Refusal | None:
        """The refusal of any figure; None while the campaign is open."""
        return refuse_unless_open(self.campaign)

    def get_context_data(self, **kwargs):
        """Add ``page``, ``closed`` (None while figures are taken) and ``given_back`` (empty unless
        the view gives back what was typed)."""
        context = {"page": self.page, "closed": self.closed, "given_back": []}
        return super().get_context_data(**context | kwargs)

    def to(self, name: str) -> HttpResponse:
        """Redirect to a page of the year, for the same organisation."""
        response = redirect(f"indicators:{name}", self.convention.slug, self.campaign.year)
        response["Location"] += self.page.query
        return response


class EntryView(EntryMixin, TemplateView):
    """Page of what the person's organisations owe, one row each, saved value by value."""

    template_name = "indicators/values/entry.html"
    name = "entry"

    def get(self, request, *args, **kwargs):
        """Show the list; redirect to the form that sends a link for an organisation that secrecy
        keeps the coordinator from."""
        pour = request.GET.get("pour", "")
        page = self.page_class(self.campaign, self.contributor, self.today)
        if pour and any(str(row.pk) == pour for row in page.asked_by_link):
            return redirect(
                "indicators:send_link", self.convention.slug, self.campaign.year, int(pour)
            )
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Add ``waiting``: the person's accesses that are not in full effect, to explain a page
        without any figure to enter; empty if there is one."""
        waiting = [] if self.page.owed else accesses_not_in_full(self.request.user, self.convention)
        return super().get_context_data(waiting=waiting, **kwargs)

    def post(self, request, *args, **kwargs):
        """Save the rows that were changed, or the one that htmx sends; then show what is wrong, or
        take texts over, or go on to submit, as the button says; back to the dashboard for what was
        typed there. If the campaign is not open, give
        back what was typed."""
        is_one = bool(request.htmx)
        if self.closed and not is_one:  # a single row shows it in its own place
            messages.error(request, self.closed.reason)
            typed = self.page.typed_in_vain
            return self.render_to_response(self.get_context_data(given_back=typed))
        self.page.save(request.user, only=request.GET.get("ligne", "") if is_one else "")
        if is_one:
            return self.row_saved()
        if self.page.wrong:
            return self.render_to_response(self.get_context_data())
        if "reprendre" in request.POST:
            return self.taken_over()
        submits = "transmettre" in request.POST
        if self.page.touched or not submits:
            messages.success(request, self.page.result_message)
        if FROM_HOME in request.POST and not submits:
            return redirect(self.convention)
        return self.to("submit_values" if submits else self.name)

    def taken_over(self):
        """Take over the texts of the year before, or say why not, and redirect to the list."""
        try:
            earlier = take_over([row.entry for row in self.page.rows], by=self.request.user)
        except Refused as refused:
            messages.warning(self.request, refused.refusal.reason)
        else:
            message = f"Repris de {earlier.year} : {earlier.words}. Relisez avant de transmettre."
            messages.success(self.request, message)
        return self.to("entry")

    def row_saved(self):
        """Return the row of ``ligne`` as it is now, for the page in which it was typed; have that
        page loaded again if the person took another's writing. Raise 404 for a row that is not on
        the page."""
        row = self.page.row(self.request.GET.get("ligne", ""))
        if row is None:
            raise Http404
        self.template_name = "indicators/values/entry_saved.html"
        response = self.render_to_response({"row": row, "page": self.page})
        if row.has_taken_other:
            response["HX-Refresh"] = "true"
        return response


class SubmitValues(EntryMixin, TemplateView):
    """Page that shows what will be submitted, what will not and why, then submits it."""

    template_name = "indicators/values/entry_submit.html"

    def post(self, request, *args, **kwargs):
        """Submit what the form showed, as far as it is ready, say how much was sent, and redirect
        to the list."""
        revisions = revisions_sent(request.POST.getlist("valeur"))
        entries = [row.entry for row in self.page.owed if row.entry.pk in revisions]
        sent = submit_values(entries, by=request.user, revisions=revisions).sent
        if sent:
            things = Things.of(value.campaign_indicator.is_by_commune for value in sent)
            messages.success(request, f"{things.sentence('transmis')}.")
        else:
            messages.warning(request, "Rien n’a été transmis.")
        return self.to("entry")


class VerifyValues(OneCampaignPage, TemplateView):
    """Page of the submitted values that await a second person of one's own organisations."""

    template_name = "indicators/values/verify.html"

    @cached_property
    def page(self) -> VerifyPage:
        """The values that await verification; those that are plain are ticked at first if the
        address has ``cocher``."""
        is_ticked = "cocher" in self.request.GET
        return VerifyPage(self.campaign, self.contributor, self.today, is_ticked=is_ticked)

    def post(self, request, *args, **kwargs):
        """Verify the rows ticked, say why others were refused, and show the page again."""
        chosen = self.page.chosen(request.POST.getlist("valeur"))
        verified, refused = verify_values(chosen, by=request.user)
        if verified:
            things = Things.of(value.campaign_indicator.is_by_commune for value in verified)
            messages.success(request, f"{things.sentence('vérifié')}.")
        for refusal in refused:
            messages.warning(request, refusal.reason)
        if not chosen:
            messages.warning(request, "Cochez les valeurs que vous vérifiez.")
        return redirect("indicators:verify_values", self.convention.slug, self.campaign.year)

    def get_context_data(self, **kwargs):
        return super().get_context_data(page=self.page, **kwargs)
