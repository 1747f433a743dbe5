"""Show the grid in which figures are typed or pasted, and the preview of a block."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import FormView

from ctg_portal.templatetags.french import plural
from indicators.values.grid.block import NotABlock, read_block
from indicators.values.grid.communes import CommuneBlock, TablePage
from indicators.values.grid.forms import BlockForm
from indicators.values.grid.landing import KEPT, Block
from indicators.values.grid.page import GridPage
from indicators.values.page import ValuePage
from indicators.values.views import EntryMixin, EntryView
from indicators.values.views_detail import ValueView, entry_of


class GridMixin(EntryMixin):
    """Mixin of a page about the grid of all that one owes, or of a theme of it."""

    page_class = GridPage

    @cached_property
    def page(self) -> GridPage:
        page = super().page
        page.theme = self.request.POST.get("theme", self.request.GET.get("theme", ""))
        return page


class GridView(GridMixin, EntryView):
    """Page of what is owed as a grid; each row is saved by itself."""

    template_name = "indicators/values/grid/grid.html"
    name = "grid"


class PasteBlock(GridMixin, FormView):
    """Page where a block of cells is pasted: it shows where each line lands and what is read, then
    saves it."""

    form_class = BlockForm
    template_name = "indicators/values/grid/paste.html"
    block_class, block = Block, None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"rows": self.page.shown}

    def form_valid(self, form):
        answers_given = form.cleaned_data
        try:
            lines = read_block(answers_given["block"])
        except NotABlock as wrong:
            form.add_error("block", str(wrong))
            return self.form_invalid(form)
        if self.closed:
            context = self.get_context_data(form=form, given_back=[answers_given["block"]])
            return self.render_to_response(context)
        answers = {name: answers_given[name] for name in ("since", "heading", "column")}
        self.block = self.block_class(self.page, self.contributor, lines, **answers)
        if "keep" in self.request.POST and not self.block.question:
            self.block.save(self.request.user, self.request.POST)
            if self.block.is_settled:
                return self.redirect_after_saving()
        self.template_name = "indicators/values/grid/preview.html"
        return self.render_to_response(self.get_context_data(form=form))

    def redirect_after_saving(self):
        count = len(self.block.of(KEPT))
        words = plural(count, "valeur est enregistrée,valeurs sont enregistrées")
        messages.success(self.request, f"{words}." if count else "Rien n’avait changé.")
        return self.to("grid")

    def get_context_data(self, **kwargs):
        leave = self.to("grid")["Location"]
        return super().get_context_data(pasted=self.block, leave=leave, **kwargs)


class TableMixin(EntryMixin):
    """Mixin of a page about the figures of all communes for one indicator; 404 for who reads none
    of them."""

    page_class = TablePage

    @cached_property
    def page(self) -> TablePage:
        page = super().page
        page.entry = entry_of(self.campaign, self.kwargs["pk"])
        if not page.entry.is_by_commune or not page.communes:
            raise Http404
        page.opened = self.request.GET.get("changer", "")
        page.search = self.request.GET.get("commune", "").strip()
        page.shows_missing = "manque" in self.request.GET
        return page

    @property
    def closed(self):
        return super().closed or self.page.may_enter

    def to(self, name: str):
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
