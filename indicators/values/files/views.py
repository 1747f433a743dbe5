"""Pages on which files of figures are imported, and the workbook to fill in."""

from django.shortcuts import redirect
from django.views.generic import FormView, View

from accounts.requests import SignedInRequest
from ctg_portal.rules import Refusal, Refused
from documents.downloads import attachment
from documents.turns import TakesFiles
from indicators.collection.mixins import CollectionPage
from indicators.values.files.importing import ImportOfValues, may_bring
from indicators.values.files.template import TemplateLine, template_of
from indicators.values.files.years import ImportOfYears, may_bring_years
from indicators.values.views import EntryMixin
from spreadsheets.forms import BringForm
from spreadsheets.importing import events
from spreadsheets.importing.adapter import Adapter
from spreadsheets.models import Import

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Bringing(TakesFiles, FormView):
    """Import a file, then go to its preview; lists the person's earlier files for the same
    place."""

    request: SignedInRequest
    form_class = BringForm
    adapter: type[Adapter]

    @property
    def scope(self) -> str:
        raise NotImplementedError

    @property
    def refusal(self) -> Refusal | None:
        raise NotImplementedError

    def refuse_upload(self):
        return self.refusal

    def form_valid(self, form):
        upload = form.cleaned_data["table"]
        try:
            row = events.bring(self.adapter.name, self.scope, upload, by=self.request.user)
        except Refused as refused:
            return self.refused(form, refused.refusal)
        return redirect(row)

    def get_context_data(self, **kwargs):
        brought = (
            Import.objects.of(self.adapter.name, self.scope).brought_by(self.request.user).listed()
        )
        return super().get_context_data(refusal=self.refusal, brought=brought[:20], **kwargs)


class BringValues(EntryMixin, Bringing):
    """Import the figures of one year while it is collected."""

    adapter = ImportOfValues
    template_name = "indicators/values/files/bring.html"

    @property
    def scope(self) -> str:
        return f"{self.convention.slug}/{self.campaign.year}"

    @property
    def refusal(self) -> Refusal | None:
        return may_bring(self.contributor, self.campaign)


class BringYears(CollectionPage, Bringing):
    """Import the figures of several years, those that are over too."""

    adapter = ImportOfYears
    template_name = "indicators/values/files/bring_years.html"

    @property
    def scope(self) -> str:
        return self.convention.slug

    @property
    def refusal(self) -> Refusal | None:
        return may_bring_years(self.contributor)


class ValuesTemplate(EntryMixin, View):
    """Hand out the workbook of what the person's organisations owe, with the values so far."""

    def get(self, request, *args, **kwargs):
        lines = [
            TemplateLine(row.entry, f"{row.before.text} ({row.before.year})" if row.before else "",
                   row.value)
            for row in self.page.rows
        ]  # fmt: skip
        lines += [
            TemplateLine(table.entry, "", None, self.page.read_of(table))
            for table in self.page.tables
        ]
        content = template_of(self.campaign, self.page.organisations, lines)
        return attachment(content, f"donnees-{self.campaign.year}.xlsx", XLSX)
