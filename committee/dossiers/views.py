"""Dossiers: what the coordinator sends together, and the one act that answers it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView

from agreements.answers.events import Outcome, undo
from agreements.answers.lights import required_of
from committee.answers.undoing import Undoable, undoable_by
from committee.dossiers.answer_sheet import AnswerSheet, refused_told, told, undone_told
from committee.dossiers.events import answer_dossier, recall_dossier, send_dossier
from committee.dossiers.forms import DossierForm
from committee.dossiers.reading import Reading, by_axis, candidates, rows_of
from committee.dossiers.recorded import seats_of, to_confirm
from committee.dossiers.rights import may_recall
from committee.models import Dossier
from committee.pages import CommitteePage, Here
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import enumerate_words


class Dossiers(CommitteePage, TemplateView):
    """Which dossiers were sent, and who has still to answer."""

    template_name = "committee/dossiers/dossiers.html"

    def get_context_data(self, **kwargs):
        rows = rows_of(self.here)
        return super().get_context_data(
            rows=rows,
            mine=[row for row in rows if self.here.organisation in row.awaited],
            standing=[row for row in rows if not row.dossier.is_recalled],
            incomplete=[row for row in rows if not row.is_complete],
            **kwargs,
        )


def add_dossier(request, slug):
    """For the coordinator: choose points, read once more what will be sent, and send it."""
    here = Here(request, slug)
    if not here.manages:
        raise PermissionDenied
    points = candidates(here)
    form = _sending_form(request, points, here.today)
    shown = here.context() | {"form": form, "points": points, "groups": by_axis(points)}
    is_to_send = form.is_bound and "modifier" not in request.POST and form.is_valid()
    if is_to_send and "envoyer" in request.POST:
        values = form.cleaned_data
        try:
            dossier = send_dossier(here.convention, values.pop("points"), **values, by=here.user)
        except Refused as refused:
            form.add_error("points", refused.refusal.reason)
        else:
            messages.success(request, "Le dossier est envoyé aux membres du comité.")
            return redirect("committee:dossier", slug, dossier.pk)
    elif is_to_send:
        return render(request, "committee/dossiers/recap.html", shown | {
            "chosen": form.cleaned_data["points"],
            "answering": enumerate_words(party.the for party in required_of(here.convention)),
        })  # fmt: skip
    return render(request, "committee/dossiers/add.html", shown)


def _sending_form(request, points, today) -> DossierForm:
    """As it came, or with all boxes ticked or none; at first none, so that each point that is sent
    was chosen."""
    choice = {"versions": [point.version for point in points], "today": today}
    tick = request.POST.get("cocher")
    if tick:
        return DossierForm.reticked(request.POST, all_of_them=tick == "tout", **choice)
    return DossierForm(request.POST or None, **choice)


class OneDossier(CommitteePage):
    """Mixin of a page about one dossier."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        dossiers = Dossier.objects.of(self.convention)
        self.dossier = get_object_or_404(dossiers, pk=kwargs["pk"])
        self.dossier.convention = self.convention

    @property
    def undoables(self) -> list[Undoable]:
        """What the reader has just answered to it, and may still take back."""
        return undoable_by(self.here, self.dossier.said)

    @property
    def back(self) -> str:
        return reverse("committee:dossier", args=[self.convention.slug, self.dossier.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(dossier=self.dossier, back=self.back, **kwargs)


class DossierPage(OneDossier, TemplateView):
    """One dossier: its points, where each party stands, and the answer to all of them at once."""

    template_name = "committee/dossiers/dossier.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.lost_name = self.here.lost_name
        self.reading = Reading(self.dossier, self.here)

    def get(self, request, *args, **kwargs):
        return self.show(AnswerSheet(self.reading))

    def post(self, request, *args, **kwargs):
        sheet = AnswerSheet(self.reading, request.POST)
        if not sheet.is_valid() and not self.lost_name:
            return self.show(sheet)
        outcome = self.answer(sheet)
        if not outcome.entries and not outcome.refused:
            messages.warning(request, "Vous n’avez répondu à aucun point : rien n’est enregistré.")
            return self.show(sheet)
        if not outcome.refused:
            messages.success(request, told(outcome))
            return redirect(self.back)
        self.reading = Reading(self.dossier, self.here)
        sheet.refuse(outcome, self.reading)
        return self.show(AnswerSheet(self.reading), told(outcome))

    def answer(self, sheet: AnswerSheet) -> Outcome:
        if self.lost_name:
            return Outcome(refused=[(item.version, self.lost_name) for item in sheet.shown])
        here = self.here
        return answer_dossier(
            self.dossier, sheet.replies(), by=here.user, organisation=here.organisation
        )

    def show(self, sheet: AnswerSheet, recorded: str = ""):
        return self.render_to_response(self.get_context_data(
            reading=self.reading, sheet=sheet, recorded=recorded,
            not_taken=refused_told(self.reading), undoables=self.undoables,
            may_recall=may_recall(self.here.user, self.dossier) is None,
            may_record=bool(seats_of(self.reading.points, self.here)) and self.dossier.is_open,
            to_confirm=to_confirm(self.reading.points, self.here),
        ))  # fmt: skip


class Recall(OneDossier, TemplateView):
    """A dossier sent too soon is called back, until the first answer."""

    template_name = "committee/dossiers/recall.html"

    def get_context_data(self, **kwargs):
        refusal = may_recall(self.here.user, self.dossier)
        return super().get_context_data(refusal=refusal, **kwargs)

    def post(self, request, *args, **kwargs):
        try:
            recall_dossier(self.dossier, by=request.user)
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
        else:
            messages.success(request, "Le dossier est rappelé : il n’attend plus de réponse.")
        return redirect(self.back)


class UndoAnswers(OneDossier, TemplateView):
    """Who has just answered a dossier takes all those answers back at once, without a reason."""

    template_name = "committee/dossiers/undo.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(undoables=self.undoables, **kwargs)

    def post(self, request, *args, **kwargs):
        try:
            undone = undo([undoable.entry for undoable in self.undoables], by=request.user)
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
            return redirect(self.back)
        if undone:
            messages.success(request, undone_told(len(undone)))
        else:
            messages.warning(request, "Il n’y a plus de réponse à annuler : rien n’a changé.")
        return redirect(self.back)
