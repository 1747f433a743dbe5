"""Figures by file: the workbook to fill in, and the way in of any office's own."""

from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.generic import FormView, View

from ctg_portal.rules import Refused
from documents.downloads import attachment
from indicators.values.files.importing import ImportOfValues, may_bring
from indicators.values.files.template import Filled, template_of
from indicators.values.views import OfValues
from spreadsheets.forms import BringForm
from spreadsheets.importing import events
from spreadsheets.models import Import
from spreadsheets.turns import one_at_a_time

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@method_decorator(one_at_a_time, name="post")
class BringValues(OfValues, FormView):
    """Bring a file of figures, for its preview; those that were brought before."""

    form_class = BringForm
    template_name = "indicators/values/files/bring.html"

    @property
    def scope(self) -> str:
        return f"{self.convention.slug}/{self.campaign.year}"

    def form_valid(self, form):
        upload = form.cleaned_data["table"]
        try:
            row = events.bring(ImportOfValues.name, self.scope, upload, by=self.request.user)
        except Refused as refused:
            form.add_error(None, refused.refusal.reason)
            return self.form_invalid(form)
        return redirect(row)

    def get_context_data(self, **kwargs):
        brought = Import.objects.of(ImportOfValues.name, self.scope)
        return super().get_context_data(
            refusal=may_bring(self.contributor, self.campaign),
            brought=brought.brought_by(self.request.user)[:20],
            **kwargs,
        )


class ValuesTemplate(OfValues, View):
    """The workbook of what one's organisations owe, with what is there already."""

    def get(self, request, *args, **kwargs):
        lines = [
            Filled(row.entry, f"{row.before.text} ({row.before.year})" if row.before else "",
                   row.value)
            for row in self.page.rows
        ]  # fmt: skip
        content = template_of(self.campaign, self.page.organisations, lines)
        return attachment(content, f"donnees-{self.campaign.year}.xlsx", XLSX)
