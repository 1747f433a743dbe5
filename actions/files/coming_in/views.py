"""The plan by file: the page on which one is brought."""

from django.shortcuts import redirect
from django.views.generic import FormView

from actions.files.coming_in.importing import ImportOfPlan, may_bring
from actions.plan.reading import can_draft
from conventions.access.pages import ConventionPage
from ctg_portal.rules import Refused
from documents.turns import TakesFiles
from spreadsheets.forms import BringForm
from spreadsheets.importing import events
from spreadsheets.models import Import


class BringPlan(ConventionPage, TakesFiles, FormView):
    """Bring a workbook of the plan, for its preview; those that were brought before."""

    form_class = BringForm
    template_name = "actions/files/bring.html"

    def refuse_upload(self):
        return may_bring(self.request.user, self.convention)

    def form_valid(self, form):
        upload, scope = form.cleaned_data["table"], self.convention.slug
        try:
            row = events.bring(ImportOfPlan.name, scope, upload, by=self.request.user)
        except Refused as refused:
            return self.refused(form, refused.refusal)
        return redirect(row)

    def get_context_data(self, **kwargs):
        drafts = can_draft(self.request.user, self.convention)
        brought = Import.objects.of(ImportOfPlan.name, self.convention.slug)
        return super().get_context_data(
            refusal=may_bring(self.request.user, self.convention),
            may_draft=drafts,
            name="Importer un classeur d’actions" if drafts else "Importer le suivi d’un classeur",
            brought=brought.brought_by(self.request.user).listed()[:20],
            **kwargs,
        )
