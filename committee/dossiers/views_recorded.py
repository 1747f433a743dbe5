"""What was said of a dossier outside the portal is recorded in one form, and confirmed in one."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from agreements.answers.events import NoneRecorded, confirm_all, refuse_all
from agreements.models import WITH_ATTACHMENTS, Agreement
from committee.dossiers.events import record_dossier
from committee.dossiers.recorded import (
    EvidenceForm,
    RecordedSheet,
    may_record_dossier,
    points_in,
    recorded_told,
    seats_of,
    to_confirm,
)
from committee.dossiers.views import OneDossier
from ctg_portal.marks.events import changing
from ctg_portal.rules import Refused, enforce
from ctg_portal.templatetags.french import in_words
from documents.models import store
from documents.turns import one_at_a_time


class RecordedParties(OneDossier, TemplateView):
    """Of which party the answers are recorded."""

    template_name = "committee/dossiers/recorded_parties.html"

    def get_context_data(self, **kwargs):
        points = points_in(self.dossier)
        return super().get_context_data(
            refusal=may_record_dossier(self.here, self.dossier, points),
            parties=list(seats_of(points, self.here)),
            **kwargs,
        )


@method_decorator(one_at_a_time, name="post")
class RecordDossier(OneDossier, TemplateView):
    """The answers of one party, received on paper, by e-mail or in a session: told, read again,
    kept with the one document that proves them."""

    template_name = "committee/dossiers/recorded.html"

    @cached_property
    def points(self):
        return points_in(self.dossier)

    @cached_property
    def party(self):
        required = self.points[0].required if self.points else []
        found = [one for one in required if one.pk == self.kwargs["organisation"]]
        if not found:
            raise Http404
        return found[0]

    def get(self, request, *args, **kwargs):
        return self.show(RecordedSheet(self.points, self.party, self.here))

    def post(self, request, *args, **kwargs):
        sheet = RecordedSheet(self.points, self.party, self.here, request.POST)
        if not sheet.is_valid() or "modifier" in request.POST:
            sheet.look_again()
            return self.show(sheet)
        if "enregistrer" not in request.POST:
            return self.show(sheet, evidence=EvidenceForm())
        evidence = EvidenceForm(request.POST, request.FILES)
        try:
            # Before the document is looked at.
            enforce(may_record_dossier(self.here, self.dossier, self.points))
            if not evidence.is_valid():
                return self.show(sheet, evidence=evidence)
            entries = self.record(sheet, evidence.cleaned_data["evidence"])
        except NoneRecorded as none:
            sheet.refuse(none.refused)
            return self.show(sheet, evidence=EvidenceForm())
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
            return self.show(sheet, evidence=EvidenceForm())
        messages.success(request, recorded_told(entries))
        return redirect(self.back)

    def record(self, sheet: RecordedSheet, upload) -> list[Agreement]:
        told, by = sheet.form.cleaned_data, self.here.user
        with changing():
            return record_dossier(
                self.dossier, sheet.received(), told["seat"],
                received_on=told["received_on"], channel=told["channel"],
                evidence=store(upload, by=by, within=self.convention), by=by,
            )  # fmt: skip

    def show(self, sheet: RecordedSheet, evidence: EvidenceForm | None = None):
        refusal = may_record_dossier(self.here, self.dossier, self.points)
        return self.render_to_response(
            self.get_context_data(sheet=sheet, party=self.party, evidence=evidence, refusal=refusal)
        )


class ConfirmRecorded(OneDossier, TemplateView):
    """Who commits a party confirms what was recorded of the dossier in its name, or says that it is
    not its answer: all that is shown, in one act."""

    template_name = "committee/dossiers/confirm.html"

    @cached_property
    def entries(self) -> list[Agreement]:
        found = to_confirm(points_in(self.dossier), self.here)
        prefetch_related_objects(found, "organisation", WITH_ATTACHMENTS)
        return found

    def get_context_data(self, **kwargs):
        documents = {a.document_id: a for e in self.entries for a in e.attachments.all()}
        return super().get_context_data(
            entries=self.entries, attachments=list(documents.values()), **kwargs
        )

    def post(self, request, *args, **kwargs):
        shown = set(request.POST.getlist("reponse"))
        chosen = [entry for entry in self.entries if str(entry.pk) in shown]
        if not chosen or len(chosen) != len(shown):
            messages.warning(
                request, "Ce qui attend confirmation a changé : relisez, puis confirmez."
            )
            return self.get(request, *args, **kwargs)
        try:
            if "dementir" in request.POST:
                refuse_all(chosen, by=self.here.user)
                done = "n’est pas retenue,ne sont pas retenues"
            else:
                confirm_all(chosen, by=self.here.user)
                done = "est confirmée et compte désormais,sont confirmées et comptent désormais"
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
            return redirect(request.path)
        many, verb = len(chosen), done.split(",")[len(chosen) > 1]
        told = f"{in_words(many, 'réponse,réponses')} {verb}."
        messages.success(request, f"{told[:1].upper()}{told[1:]}")
        return redirect(self.back)
