"""Pages of the register: all entries, one entry with its proof, and files."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.generic import TemplateView

from agreements.answers.lights import point_of
from agreements.answers.rights import may_attach, may_confirm, may_refuse
from agreements.models import Agreement
from committee.dossiers.models import dossier_of
from committee.pages import CommitteePage, CommitteeReader
from committee.register import files as register_files
from committee.register import reading as register
from committee.register.documents import RegisterDocument
from committee.register.filters import EntryFilter, drawn_form
from documents.downloads import attachment
from documents.drawing.handing_out import hand_out, submitted_query
from documents.tables import FORMATS, table_response

ON_A_PAGE = 25


def asked_of(asked, convention) -> EntryFilter:
    """Return the filter of the register with the values of an address."""
    entries = Agreement.objects.of(convention)
    return EntryFilter(asked, queryset=entries, convention=convention)


class Register(CommitteePage, TemplateView):
    """Every entry, the latest first; the filters are in the address."""

    template_name = "committee/register/register.html"

    def get_context_data(self, **kwargs):
        """Add one page of the search as HTML (``lines``), its ``title``, ``form`` and ``files``,
        and what the signature validated (``signed``)."""
        listing = asked_of(self.request.GET, self.convention)
        paginator = Paginator(register.keys_of(listing), ON_A_PAGE)
        page = paginator.get_page(self.request.GET.get("page"))
        keys = tuple((pk, bool(is_act)) for _when, pk, is_act in page)
        title = register.title_of(paginator.count, listing.asked, self.convention, listing.qs)
        return super().get_context_data(
            filter=listing,
            page=page,
            form=drawn_form(self.convention, listing.query),
            lines=keys and register.drawn_lines(self.convention, keys, is_open=listing.asked != {}),
            title=title,
            query=listing.query,
            page_query=f"{listing.query}&" if listing.query else "",
            files=register_files.files_of(paginator.count),
            signed=register.signed_in(self.convention),
            **kwargs,
        )


@require_http_methods(["GET", "HEAD", "POST"])
def register_export(request, slug, format):  # noqa: A002  (the word of the address)
    """Send the entries of the filter as a file, or have the worker draw it; go back to the page
    where they are too many or the search has errors. 404 for an unknown format."""
    here = CommitteeReader(request, slug)
    if format not in FORMATS:
        raise Http404
    asked = submitted_query(request)
    listing = asked_of(asked, here.convention)
    count = register.keys_of(listing).count()
    if refusal := register_files.may_export(count, format):
        messages.error(request, refusal.reason)
    if refusal or not listing.form.is_valid():
        page = reverse("committee:register", args=[slug])
        return redirect(f"{page}?{listing.query}")
    if register_files.is_drawn(count, format):
        parameters = {"extension": format, "query": asked.urlencode()}
        return hand_out(request, RegisterDocument.name, here.convention.pk, parameters)
    table = register_files.register_table(
        register.title_of(count, listing.asked, here.convention, listing.qs),
        register.read(listing),
        format,
        here.convention,
    )
    return table_response(table, format, register_files.file_name(here.convention))


class Entry(CommitteePage, TemplateView):
    """One entry, whole, with its proof."""

    template_name = "committee/register/entry.html"

    def get_context_data(self, **kwargs):
        """Add the entry with the content that was answered, the party's answer since (``later``, or
        None), and what the reader may do with it; 404 outside the convention."""
        here, entry = self.here, entry_of(self.convention, self.kwargs["pk"])
        point = point_of(entry.version)
        return super().get_context_data(
            entry=entry,
            dossier=dossier_of(entry),
            line=register.Line(entry),
            sentence=register.sentence_of(entry),
            content=entry.version.commitment.lines(entry.version.content),
            text_name=register_files.text_name(entry.version),
            later=register.standing_after(entry, point),
            can_confirm=may_confirm(here.user, entry, point, here.bench) is None,
            can_refuse=may_refuse(here.user, entry, point, here.bench) is None,
            can_attach=may_attach(here.user, entry, here.bench) is None,
            **kwargs,
        )


def entry_of(convention, pk) -> Agreement:
    """Return an entry of the convention with all that its page shows, or raise Http404."""
    return get_object_or_404(register.whole_entries_of(convention), pk=pk)


def entry_text(request, slug, pk):
    """Serve the exact bytes that were answered, to be checked."""
    here = CommitteeReader(request, slug)
    version = entry_of(here.convention, pk).version
    name = register_files.text_name(version)
    return attachment(version.text.encode(), name, "text/plain; charset=utf-8")
