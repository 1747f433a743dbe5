"""Show what an entry link opens, to whoever holds it, and what the coordinator does with links.

The token stands in one address only, which loads nothing from elsewhere. Opening it stores nothing;
stating one's name does, and the session keeps the rest of the visit.
"""

from typing import Any

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView, View

from accounts.throttling import is_link_opening_allowed
from conventions.access.pages import visible_convention
from conventions.models import Organisation
from ctg_portal.forms.typed import prose_in
from ctg_portal.rules import Refused, enforce
from ctg_portal.templatetags.french import plural
from documents.turns import in_turn
from indicators.collection.links import EntryLink
from indicators.collection.mixins import OneCampaignPage, campaign_of
from indicators.collection.rights import enterers_of, may_manage_campaigns, refuse_unless_open
from indicators.collection.things import Things
from indicators.values.entry_row import revisions_sent
from indicators.values.given_back import GivesBackFigures
from indicators.values.grid.block import read_block
from indicators.values.grid.communes import CommuneBlock
from indicators.values.grid.forms import BlockForm
from indicators.values.grid.views import Pasting
from indicators.values.links import events, rights
from indicators.values.links.forms import SendLinkForm, VisitorForm
from indicators.values.links.page import LinkedPage
from indicators.values.links.tables import LinkedTablePage
from indicators.values.links.tokens import link_of_token
from indicators.values.links.visitor import Visitor
from indicators.values.links.workbook import WorkbookBlock, read_workbook
from spreadsheets.forms import BringForm

# The address goes to no other site, and no browser keeps the page.
# "no-referrer" would have browsers send our forms without an origin, and they would not be taken.
HEADERS = {
    "Referrer-Policy": "strict-origin",
    "Cache-Control": "no-store",
}
SESSION = "entry_link"


class VisitEnded(Exception):  # noqa: N818  (reads as what happened)
    """A form comes from a page that a link had opened, and the visit has ended since, perhaps
    because somebody has logged in."""


def _with_headers(response: HttpResponse) -> HttpResponse:
    """Set ``HEADERS`` on a response, and return it."""
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _fields_sent(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the page from which what was sent may be sent again."""
    fields = [
        (name, text)
        for name, texts in request.POST.lists()
        for text in texts
        if name != "csrfmiddlewaretoken"
    ]
    return {"fields": fields, "address": request.get_full_path(), "files": bool(request.FILES)}


@method_decorator(login_not_required, name="dispatch")
class Outside(GivesBackFigures, View):
    """Mixin of a page that is read without an account. ``is_counted``: attempts are limited, as
    addresses may be tried on it; who has opened a link types as many rows as there are."""

    is_counted = False

    def dispatch(self, request, *args, **kwargs):
        """Answer 429 after too many attempts, 409 once the visit has ended, 410 if the link does
        not open any more, each with what was typed; never let the page be stored."""
        if self.is_counted and not is_link_opening_allowed(request):
            return respond_429(request)
        try:
            self.link = self.link_of(**kwargs)
        except VisitEnded:
            response = render(
                request, "indicators/values/links/over.html", _fields_sent(request), status=409
            )
            return _with_headers(response)
        if refusal := rights.may_use(self.link):
            closed = {"reason": refusal.reason, "given_back": prose_in(request)}
            response = render(request, "indicators/values/links/closed.html", closed, status=410)
        else:
            response = super().dispatch(request, *args, **kwargs)
        return _with_headers(response)

    def get_context_data(self, **kwargs):
        """Add ``link``, and its ``campaign``, ``organisation`` and ``convention``."""
        return super().get_context_data(
            link=self.link,
            campaign=self.link.campaign,
            organisation=self.link.organisation,
            convention=self.link.campaign.convention,
            **kwargs,
        )


class OpenLink(Outside, FormView):
    """Page where a visitor states name and role, to give the figures of an organisation."""

    form_class = VisitorForm
    template_name = "indicators/values/links/open.html"
    is_counted = True

    def link_of(self, token: str) -> EntryLink:
        """Return the link of a signed token; raise 404 for any other."""
        if link := link_of_token(token):
            return link
        raise Http404

    def form_valid(self, form):
        """Log who opens the link, begin their visit in a new session, and lead to the figures; show
        the page again to who is logged in."""
        if self.request.user.is_authenticated:
            return redirect(self.request.path)
        visitor = Visitor(self.link, **form.cleaned_data)
        try:
            events.open_link(visitor)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        self.request.session.cycle_key()
        self.request.session[SESSION] = {"link": self.link.pk, **form.cleaned_data}
        return redirect("indicators:linked_entry", self.link.pk)


class Linked(Outside):
    """Mixin of a page for who has opened a link in this browser, and is not logged in."""

    def link_of(self, pk):
        """Return the link of the visit in this session, or raise 404; VisitEnded for a form sent
        without such a visit."""
        self.visit = self.request.session.get(SESSION) or {}
        is_alone = not self.request.user.is_authenticated
        is_here = self.visit.get("link") == pk and is_alone
        if not is_here and self.request.method == "POST" and not self.request.htmx:
            raise VisitEnded
        link = EntryLink.objects.get_for_page(pk) if is_here else None
        if link is None:
            raise Http404
        return link

    @cached_property
    def visitor(self) -> Visitor:
        return Visitor(self.link, self.visit["name"], self.visit["role"])

    @cached_property
    def page(self) -> LinkedPage:
        """The list of what the link's organisation enters, with what was posted."""
        posted = self.request.POST if self.request.method == "POST" else None
        return LinkedPage(
            self.link.campaign, self.visitor.contributor, timezone.localdate(),
            posted=posted, visitor=self.visitor,
        )  # fmt: skip

    def to(self, name: str):
        return redirect(f"indicators:{name}", self.link.pk)

    def get_context_data(self, **kwargs):
        """Add ``page``, ``visitor`` and ``leave``, the address of the list."""
        return super().get_context_data(
            page=self.page, visitor=self.visitor, leave=self.page.address, **kwargs
        )


class LinkedEntry(Linked, TemplateView):
    """Page of the figures of an organisation, row by row."""

    template_name = "indicators/values/links/entry.html"

    def post(self, request, *args, **kwargs):
        """Save the rows that were changed, or the one that htmx sends; then show what is wrong, or
        go on to submit, as the button says."""
        is_one = bool(request.htmx)
        self.page.save(self.visitor, only=request.GET.get("ligne", "") if is_one else "")
        if is_one:
            return self.row_saved()
        if self.page.wrong:
            return self.render_to_response(self.get_context_data())
        submits = "transmettre" in request.POST
        if self.page.touched or not submits:
            messages.success(request, self.page.result_message)
        return self.to("linked_submission" if submits else "linked_entry")

    def row_saved(self):
        """Return the row of ``ligne`` as it is now, to replace the one in which it was typed; raise
        404 for a row that is not on the page."""
        row = self.page.row(self.request.GET.get("ligne", ""))
        if row is None:
            raise Http404
        self.template_name = "indicators/values/entry_saved.html"
        return self.render_to_response(self.get_context_data(row=row))


class LinkedBlock(Linked, Pasting):
    """Page where a block of cells is pasted, as by who has an account."""

    template_name = "indicators/values/links/paste.html"
    preview_template = "indicators/values/links/preview.html"
    leads_to = "linked_entry"

    @property
    def enterer(self) -> Visitor:
        return self.visitor


class LinkedWorkbook(LinkedBlock):
    """Page where the workbook comes back: its content is shown and saved as a pasted block is."""

    template_name = "indicators/values/links/workbook.html"
    block_class = WorkbookBlock

    def post(self, request, *args, **kwargs):
        """Submit the form; 429 while another file is being checked for anybody with this link: new
        sessions cost nothing."""
        post = super().post
        return in_turn(
            request, lambda: post(request, *args, **kwargs), person=f"entry link {self.link.pk}"
        )

    @property
    def is_shown(self) -> bool:
        """Whether the block that was shown is sent, not the workbook."""
        return "block" in self.request.POST

    def get_form_class(self):
        return BlockForm if self.is_shown else BringForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() if self.is_shown else FormView.get_form_kwargs(self)

    def form_valid(self, form):
        """Preview the workbook as a block, or handle the block that was previewed; show what is
        wrong if nothing is read."""
        if self.is_shown:
            return super().form_valid(form)
        upload = form.cleaned_data["table"]
        try:
            content = read_workbook(self.visitor, upload.name, upload.read())
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        if not content.text:
            for remark in content.remarks:
                form.add_error(None, remark)
            return self.form_invalid(form)
        pasted = BlockForm({"block": content.text}, rows=self.page.shown)
        self.block = WorkbookBlock(self.page, read_block(content.text))
        self.block.remarks = [*content.remarks, *self.block.remarks]
        self.template_name = self.preview_template
        return self.render_to_response(self.get_context_data(form=pasted))


class LinkedTableMixin(Linked):
    """Mixin of a page about a table of communes; 404 for one that the organisation does not
    give."""

    @cached_property
    def page(self) -> LinkedTablePage:
        """The grid of the table in the address, as it is searched there; raise 404 for one that the
        organisation does not give."""
        page = super().page
        matching = (
            page_of_table
            for page_of_table in page.table_pages
            if page_of_table.entry.pk == self.kwargs["entry"]
        )
        if table := next(matching, None):
            table.search = self.request.GET.get("commune", "").strip()
            table.shows_missing = "manque" in self.request.GET
            return table
        raise Http404

    def link_of(self, pk, entry):
        return super().link_of(pk)

    def to(self, name: str):
        """Redirect to the page that submits, or for any other name to the table as it is
        searched."""
        if name == "linked_submission":
            return super().to(name)
        params = {"commune": self.page.search, "manque": "oui" if self.page.shows_missing else ""}
        return redirect(self.page.address + self.page.query_of(**params))


class LinkedTable(LinkedTableMixin, LinkedEntry):
    """Page of the figures of communes, row by row."""

    template_name = "indicators/values/links/table.html"


class LinkedPaste(LinkedTableMixin, LinkedBlock):
    """Page where figures of communes are pasted."""

    block_class = CommuneBlock


class LinkedSubmission(Linked, TemplateView):
    """Page that shows what is given, what is not and why, then submits it."""

    template_name = "indicators/values/links/submit.html"

    def post(self, request, *args, **kwargs):
        """Submit what the form showed, as far as it is ready; say what was sent, and how much was
        not as it surprises or has changed; redirect to the list."""
        revisions = revisions_sent(request.POST.getlist("valeur"))
        entries = [row.entry for row in self.page.ready if row.entry.pk in revisions]
        done = events.submit_through_link(entries, visitor=self.visitor, revisions=revisions)
        if done.sent:
            things = Things.of(value.campaign_indicator.is_by_commune for value in done.sent)
            messages.success(request, f"{things.sentence('transmis')}. Merci.")
        if done.blocked:
            words = plural(len(done.blocked), "donnée surprend,données surprennent")
            messages.warning(
                request,
                f"{words} au regard de l’année précédente, ou ont changé : saisissez-les de "
                "nouveau avec un commentaire qui les explique.",
            )
        return self.to("linked_entry")


@login_not_required
@require_POST
def leave(request, pk):
    """End the visit and its session; 404 without one."""
    visit = request.session.get(SESSION) or {}
    if visit.get("link") != pk or request.user.is_authenticated:
        raise Http404
    request.session.flush()
    return redirect("indicators:link_left")


@method_decorator(login_not_required, name="dispatch")
class Left(TemplateView):
    """Page for who has left; it does not reveal that there is a link."""

    template_name = "indicators/values/links/left.html"


# The coordinator ---------------------------------------------------------------------------------


class EntryLinks(OneCampaignPage, TemplateView):
    """Page of the links that were sent for a year, with their history, and the organisations that
    may get one."""

    template_name = "indicators/values/links/links.html"

    def get_context_data(self, **kwargs):
        """Add ``links``, with their history, and ``organisations``, those that enter figures and
        are not the person's own; both empty for who does not coordinate. ``refusal``: also of a
        campaign that is not open."""
        refusal = may_manage_campaigns(self.request.user, self.convention)
        links = [] if refusal else self.campaign.entry_links.with_history()
        own = self.contributor.organisations
        organisations = [
            organisation
            for organisation in enterers_of(self.campaign)
            if organisation.pk not in own
        ]
        return super().get_context_data(
            refusal=refusal or refuse_unless_open(self.campaign),
            links=links,
            organisations=[] if refusal else organisations,
            **kwargs,
        )


class SendLink(OneCampaignPage, FormView):
    """Page that sends an organisation its link and its workbook."""

    form_class = SendLinkForm
    template_name = "indicators/values/links/send.html"

    @cached_property
    def organisation(self) -> Organisation:
        return get_object_or_404(enterers_of(self.campaign), pk=self.kwargs["organisation"])

    @cached_property
    def is_secret(self) -> bool:
        return rights.has_secrets(self.campaign, self.organisation)

    @property
    def expires_at(self):
        """The moment at which a link sent now would expire."""
        entries = self.campaign.campaign_indicators.entered_by([self.organisation])
        return events.expiry(timezone.now(), entries)

    def get_initial(self):
        """Return the organisation's official address (the contact's without one, unless it has
        secrets) and the key of the open link that the new one replaces."""
        known = self.organisation.email
        address = known if self.is_secret else known or self.organisation.contact_email
        return {"address": address, "replaces": events.key_of(self.open_link)}

    @property
    def open_link(self) -> EntryLink | None:
        """The organisation's last open link, or None."""
        return self.campaign.entry_links.open_for(self.organisation).first()

    def form_valid(self, form):
        """Send the link and redirect to the list of links; if refused, show the form again, which
        then replaces the link that somebody else has sent meanwhile."""
        try:
            link = events.send_link(
                self.campaign, self.organisation, by=self.request.user, **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            if isinstance(refused.refusal, events.SentMeanwhile):
                form.send_again_with(events.key_of(self.open_link))
            return self.form_invalid(form)
        messages.success(self.request, f"Le lien est envoyé à {link.address}, avec le classeur.")
        return redirect("indicators:entry_links", self.convention.slug, self.campaign.year)

    def get_context_data(self, **kwargs):
        """Add ``organisation``, ``is_secret`` (as ``has_secrets``), ``former`` (its open link or
        None), ``expires_at``, and ``refusal`` (None if a link may be sent)."""
        return super().get_context_data(
            organisation=self.organisation,
            is_secret=self.is_secret,
            former=self.open_link,
            expires_at=self.expires_at,
            refusal=rights.may_send_link(self.request.user, self.campaign, self.organisation),
            **kwargs,
        )


@require_POST
def cut(request, slug, year, pk):
    """Cut a link of a campaign, for who may run it."""
    convention = visible_convention(request, slug)
    campaign = campaign_of(convention, year)
    enforce(may_manage_campaigns(request.user, convention))
    link = get_object_or_404(campaign.entry_links, pk=pk)
    events.cut_link(link, by=request.user)
    messages.success(request, "Le lien n’ouvre plus rien. Ce qu’il a permis de donner reste.")
    return redirect("indicators:entry_links", slug, year)
