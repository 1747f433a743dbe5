"""Record in one form what was answered to a dossier outside the portal, and confirm it at once."""

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
    describe_recorded,
    entries_to_confirm,
    may_record_dossier,
    points_of_dossier,
    recordable_seats_by_party,
)
from committee.dossiers.views import DossierMixin
from committee.words import capitalized
from ctg_portal.marks.events import changing
from ctg_portal.rules import Refused, enforce
from ctg_portal.templatetags.french import in_words
from documents.models import store
from documents.turns import one_at_a_time


class RecordedParties(DossierMixin, TemplateView):
    """The choice of the party whose answers are recorded."""

    template_name = "committee/dossiers/recorded_parties.html"

    def get_context_data(self, **kwargs):
        """Add ``parties``, for which the reader may record some answer, and the ``refusal`` if
        none."""
        points = points_of_dossier(self.dossier)
        return super().get_context_data(
            refusal=may_record_dossier(self.here, self.dossier, points),
            parties=list(recordable_seats_by_party(points, self.here)),
            **kwargs,
        )


@method_decorator(one_at_a_time, name="post")
class RecordDossier(DossierMixin, TemplateView):
    """The answers of one party, received on paper, by e-mail or in a session: entered, read again,
    and recorded with the one document that proves them."""

    template_name = "committee/dossiers/recorded.html"

    @cached_property
    def points(self):
        return points_of_dossier(self.dossier)

    @cached_property
    def party(self):
        """The party of the address; 404 if its agreement is not required here."""
        required = self.points[0].required if self.points else []
        matches = [one for one in required if one.pk == self.kwargs["organisation"]]
        if not matches:
            raise Http404
        return matches[0]

    def get(self, request, *args, **kwargs):
        return self.show(RecordedSheet(self.points, self.party, self.here))

    def post(self, request, *args, **kwargs):
        """Show the summary or what to correct; record once the summary comes with evidence."""
        sheet = RecordedSheet(self.points, self.party, self.here, request.POST)
        if not sheet.is_valid() or "modifier" in request.POST:
            sheet.refresh_last_ranks()
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
        messages.success(request, describe_recorded(entries))
        return redirect(self.back)

    def record(self, sheet: RecordedSheet, upload) -> list[Agreement]:
        """Store the evidence and record all answers in one transaction, or nothing."""
        values, by = sheet.form.cleaned_data, self.here.user
        with changing():
            return record_dossier(
                self.dossier, sheet.received(), values["seat"],
                received_on=values["received_on"], channel=values["channel"],
                evidence=store(upload, by=by, within=self.convention), by=by,
            )  # fmt: skip

    def show(self, sheet: RecordedSheet, evidence: EvidenceForm | None = None):
        """Render the sheet: as a summary to confirm with ``evidence``, as the form without."""
        refusal = may_record_dossier(self.here, self.dossier, self.points)
        return self.render_to_response(
            self.get_context_data(sheet=sheet, party=self.party, evidence=evidence, refusal=refusal)
        )


class ConfirmRecorded(DossierMixin, TemplateView):
    """Who commits a party confirms the recorded answers to a dossier in its name, or denies them:
    all that is shown, in one act."""

    template_name = "committee/dossiers/confirm.html"

    @cached_property
    def entries(self) -> list[Agreement]:
        """The recorded answers to the dossier that the reader may confirm, with their
        attachments."""
        entries = entries_to_confirm(points_of_dossier(self.dossier), self.here)
        prefetch_related_objects(entries, "organisation", WITH_ATTACHMENTS)
        return entries

    def get_context_data(self, **kwargs):
        """Add ``entries`` and their ``attachments``, each document once."""
        documents = {a.document_id: a for e in self.entries for a in e.attachments.all()}
        return super().get_context_data(
            entries=self.entries, attachments=list(documents.values()), **kwargs
        )

    def post(self, request, *args, **kwargs):
        """Confirm, or deny for « dementir », the chosen entries together. Does nothing and shows
        them again when none is chosen, or one is no longer to be confirmed."""
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
        summary = f"{in_words(many, 'réponse,réponses')} {verb}."
        messages.success(request, capitalized(summary))
        return redirect(self.back)
