"""Show the grid in which figures are typed or pasted, and the preview of a block."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import FormView

from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import plural
from indicators.values.grid.block import NotABlock, read_block
from indicators.values.grid.communes import CommuneBlock, TablePage
from indicators.values.grid.forms import BlockForm
from indicators.values.grid.landing import KEPT, Block
from indicators.values.grid.page import GridPage
from indicators.values.links.visitor import Enterer
from indicators.values.page import ValuePage
from indicators.values.views import EntryMixin, EntryView
from indicators.values.views_detail import ValueView, entry_of


class GridMixin(EntryMixin):
    """Mixin of a page about the grid of all that one owes, or of a theme of it."""

    page_class = GridPage

    @cached_property
    def page(self) -> GridPage:
        """The grid, of the theme in the form or address; of all themes without one."""
        page = super().page
        page.theme = self.request.POST.get("theme", self.request.GET.get("theme", ""))
        return page


class GridView(GridMixin, EntryView):
    """Page of what is owed as a grid; each row is saved by itself."""

    template_name = "indicators/values/grid/grid.html"
    name = "grid"


class Pasting(FormView):
    """Base of pages where a block of cells is pasted in the grid ``page``: where each line lands
    and what is read is shown on ``preview_template`` and, once the person agrees (``keep``), saved.
    ``leads_to``: the name of the page that follows."""

    form_class = BlockForm
    block_class: type[Block] = Block
    block: Block | None = None
    preview_template: str
    leads_to: str

    @property
    def page(self) -> Any:
        """The grid in which the block is pasted."""
        raise NotImplementedError

    def to(self, name: str) -> HttpResponse:
        """Redirect to another page of the collection."""
        raise NotImplementedError

    @property
    def closed(self) -> Refusal | None:
        """The refusal of any figure; None while figures are taken."""
        return None

    @property
    def enterer(self) -> Enterer:
        return self.request.user

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"rows": self.page.shown}

    def form_valid(self, form):
        """Show the preview, or save it and redirect once nothing is left to be corrected; give the
        block back if no figure is taken."""
        sent = form.cleaned_data
        try:
            lines = read_block(sent["block"])
        except NotABlock as wrong:
            form.add_error("block", str(wrong))
            return self.form_invalid(form)
        if self.closed:
            context = self.get_context_data(form=form, given_back=[sent["block"]])
            return self.render_to_response(context)
        answers = {name: sent[name] for name in ("since", "heading", "column")}
        self.block = self.block_class(self.page, lines, **answers)
        if "keep" in self.request.POST and not self.block.question:
            self.block.save(self.enterer, self.request.POST)
            if self.block.is_settled:
                count = len(self.block.of(KEPT))
                words = plural(count, "valeur est enregistrée,valeurs sont enregistrées")
                messages.success(self.request, f"{words}." if count else "Rien n’avait changé.")
                return self.to(self.leads_to)
        self.template_name = self.preview_template
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        return super().get_context_data(pasted=self.block, **kwargs)


class PasteBlock(GridMixin, Pasting):
    """Page where a block of cells is pasted in the grid."""

    template_name = "indicators/values/grid/paste.html"
    preview_template = "indicators/values/grid/preview.html"
    leads_to = "grid"

    def get_context_data(self, **kwargs):
        return super().get_context_data(leave=self.to(self.leads_to)["Location"], **kwargs)


class TableMixin(EntryMixin):
    """Mixin of a page about the figures of communes for one indicator; 404 for an indicator of the
    whole territory, and for who reads no commune's figure."""

    page_class = TablePage

    @cached_property
    def page(self) -> TablePage:
        """The table of communes, as the address says: the row that is opened (``changer``), the
        name that is searched (``commune``), missing figures alone (``manque``). Raise 404 for an
        indicator of the territory, and for who reads no commune."""
        page = super().page
        page.entry = entry_of(self.campaign, self.kwargs["pk"])
        if not page.entry.is_by_commune or not page.communes:
            raise Http404
        page.opened = self.request.GET.get("changer", "")
        page.search = self.request.GET.get("commune", "").strip()
        page.shows_missing = "manque" in self.request.GET
        return page

    @property
    def closed(self) -> Refusal | None:
        """The refusal of any figure of the person; None while they may type here."""
        return super().closed or self.page.may_enter

    def to(self, name: str) -> HttpResponse:
        """Redirect to the page that submits, or for any other name to the table as it is
        searched."""
        if name == "submit_values":
            return super().to(name)
        response = redirect(self.page.address)
        params = {"commune": self.page.search, "manque": "oui" if self.page.shows_missing else ""}
        response["Location"] += self.page.query_of(pour=self.page.pour, **params)
        return response


class TableView(TableMixin, EntryView):
    """Page of the figures of communes as a grid; each row is saved by itself."""

    template_name = "indicators/values/grid/communes.html"
    name = "table"

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data())


class PasteTable(TableMixin, PasteBlock):
    """Page where figures of communes are pasted: a column, or the names of communes and their
    figures."""

    block_class = CommuneBlock


class FigureInTable(ValueView):
    """Page of one figure of a table, of a commune or the territory, with its history. It is
    changed, and corrected once the year is closed, as others are. 404 for who does not read it in
    the table."""

    template_name = "indicators/values/grid/figure.html"

    def read(self) -> ValuePage:
        """Return the page of the figure, read again, of the commune in the address or, without one,
        of the territory. Raise 404 for an indicator that is not by commune, and for a figure that
        the person does not read."""
        entry = entry_of(self.campaign, self.kwargs["pk"])
        self.table = TablePage(self.campaign, self.contributor, self.today, entry=entry)
        if not entry.is_by_commune:
            raise Http404
        if "commune" not in self.kwargs:
            if not self.table.reads_whole:
                raise Http404
            return ValuePage(entry, self.contributor, self.today)
        commune = self.table.commune(self.kwargs["commune"])
        if commune is None:
            raise Http404
        return ValuePage(entry, self.contributor, self.today, commune)

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data())

    @property
    def address(self) -> str:
        return self.request.path

    @property
    def leave(self) -> str:
        return f"{self.table.address}#{self.page.row.anchor}"
