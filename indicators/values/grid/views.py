"""The grid in which figures are typed or pasted, and the preview of a block."""

from django.contrib import messages
from django.utils.functional import cached_property
from django.views.generic import FormView

from ctg_portal.templatetags.french import plural
from indicators.values.grid.block import NotABlock, read_block
from indicators.values.grid.forms import BlockForm
from indicators.values.grid.landing import KEPT, Block
from indicators.values.grid.page import GridPage
from indicators.values.views import EntryView, OfValues


class OfGrid(OfValues):
    """Mixin of a page about the grid of all that one owes, or of a theme of it."""

    page_class = GridPage

    @cached_property
    def page(self) -> GridPage:
        page = super().page
        page.theme = self.request.POST.get("theme", self.request.GET.get("theme", ""))
        return page


class GridView(OfGrid, EntryView):
    """What is owed as a sheet; each row is saved by itself."""

    template_name = "indicators/values/grid/grid.html"
    name = "grid"


class PasteBlock(OfGrid, FormView):
    """Paste a block of cells: see where each line lands and what is read, then keep it."""

    form_class = BlockForm
    template_name = "indicators/values/grid/paste.html"
    block = None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"rows": self.page.shown}

    def form_valid(self, form):
        told = form.cleaned_data
        try:
            lines = read_block(told["block"])
        except NotABlock as wrong:
            form.add_error("block", str(wrong))
            return self.form_invalid(form)
        if self.closed:
            form.add_error(None, self.closed.reason)
            return self.form_invalid(form)
        answers = {name: told[name] for name in ("since", "heading", "column")}
        self.block = Block(self.page, self.contributor, lines, **answers)
        if "keep" in self.request.POST and not self.block.question:
            self.block.save(self.request.user, self.request.POST)
            if self.block.is_settled:
                return self.kept()
        self.template_name = "indicators/values/grid/preview.html"
        return self.render_to_response(self.get_context_data(form=form))

    def kept(self):
        count = len(self.block.of(KEPT))
        told = plural(count, "valeur est enregistrée,valeurs sont enregistrées")
        messages.success(self.request, f"{told}." if count else "Rien n’avait changé.")
        return self.to("grid")

    def get_context_data(self, **kwargs):
        leave = self.to("grid")["Location"]
        return super().get_context_data(pasted=self.block, leave=leave, **kwargs)
