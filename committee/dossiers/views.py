"""Dossiers: what the coordinator sends together, and what awaits a reader in it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from agreements.answers.events import undo
from agreements.answers.lights import required_of
from committee.answers.undoing import Fresh, undoable_by, undone_told
from committee.dossiers.events import recall_dossier, remind_dossier, send_dossier
from committee.dossiers.files import DOSSIERS
from committee.dossiers.forms import DossierForm
from committee.dossiers.notices import DossierReminder
from committee.dossiers.reading import Reading, by_axis, candidates, rows_of
from committee.dossiers.recorded import seats_of, to_confirm
from committee.dossiers.rights import may_recall, may_remind
from committee.mail.newsroom import Newsroom
from committee.models import Dossier
from committee.pages import CommitteePage, Here
from committee.points.inbox import Inbox
from committee.points.series import AdviceSeries, Series
from conventions.lists import ListFile
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import enumerate_words
from documents.tables import Table


class Dossiers(CommitteePage, TemplateView):
    """Which dossiers were sent, and who has still to answer."""

    template_name = "committee/dossiers/dossiers.html"

    def get_context_data(self, **kwargs):
        rows = rows_of(self.here)
        return super().get_context_data(
            rows=rows,
            mine=[row for row in rows if self.here.organisation in row.awaited],
            standing=[row for row in rows if not row.dossier.is_recalled],
            awaiting=[row for row in rows if row.awaited],
            incomplete=[row for row in rows if not row.is_complete],
            **kwargs,
        )


class DossiersFile(CommitteePage, ListFile):
    """The same as a table."""

    name = "dossiers"

    def tables(self):
        return [Table.of("Dossiers", DOSSIERS, rows_of(self.here))]


def add_dossier(request, slug):
    """For the coordinator: choose points, read once more what will be sent, and send it."""
    here = Here(request, slug)
    if not here.manages:
        raise PermissionDenied
    points = candidates(here)
    form = _sending_form(request, points, here.today)
    shown = here.context() | {
        "form": form, "points": points, "groups": by_axis(points),
        "all_ready": not any(point.remark for point in points),
    }  # fmt: skip
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
            "chosen": [one for one in points if one.version in form.cleaned_data["points"]],
            "answering": enumerate_words(party.the for party in required_of(here.convention)),
        })  # fmt: skip
    return render(request, "committee/dossiers/add.html", shown)


def _sending_form(request, points, today) -> DossierForm:
    """As it came, or with the boxes ticked of all that is ready, or none; at first none, so that
    each point that is sent was chosen."""
    choice = {"versions": [point.version for point in points], "today": today}
    tick = request.POST.get("cocher")
    if tick:
        ticked = [point.version.pk for point in points if tick == "tout" and not point.remark]
        return DossierForm.reticked(request.POST, ticked=ticked, **choice)
    return DossierForm(request.POST or None, **choice)


class OneDossier(CommitteePage):
    """Mixin of a page about one dossier."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        dossiers = Dossier.objects.of(self.convention)
        self.dossier = get_object_or_404(dossiers, pk=kwargs["pk"])
        self.dossier.convention = self.convention

    @property
    def undoables(self) -> list[Fresh]:
        """What the reader has just answered to it, and may still take back."""
        return undoable_by(self.here, self.dossier.said)

    @property
    def back(self) -> str:
        return reverse("committee:dossier", args=[self.convention.slug, self.dossier.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(dossier=self.dossier, back=self.back, **kwargs)


class DossierPage(OneDossier, TemplateView):
    """One dossier: what awaits the reader, the rest folded, where each party stands."""

    template_name = "committee/dossiers/dossier.html"

    def post(self, request, *args, **kwargs):
        """Pages that were opened long ago still send their answers here: nothing is taken."""
        messages.warning(
            request,
            "La page a changé depuis que vous l’aviez ouverte : rien n’a été enregistré. Répondez "
            "aux points ci-dessous, puis confirmez.",
        )
        return redirect(self.back)

    def get_context_data(self, **kwargs):
        asked = QueryDict(), self.dossier
        reading = Reading(self.dossier, self.here, Series(Inbox(self.here), *asked))
        reminding = may_remind(self.here.user, self.dossier, self.here.today)
        return super().get_context_data(
            reading=reading, series=reading.series, undoables=self.undoables,
            advice=AdviceSeries(reading.inbox, *asked),
            may_recall=may_recall(self.here.user, self.dossier) is None,
            may_remind=reminding is None,
            told_of_reminding=reminding if self.here.manages and self.dossier.is_open else None,
            may_record=bool(seats_of(reading.points, self.here)) and self.dossier.is_open,
            to_confirm=to_confirm(reading.points, self.here),
            pour=self.here.organisation.pk if self.here.organisation else "",
            **kwargs,
        )  # fmt: skip


class Remind(OneDossier, TemplateView):
    """Whom an open dossier still awaits, and what they will read, before it is sent."""

    template_name = "committee/dossiers/remind.html"

    def get_context_data(self, **kwargs):
        refusal = may_remind(self.here.user, self.dossier, self.here.today)
        news = DossierReminder(self.dossier, self.here.today)
        letters = [] if refusal else self.letters(news)
        return super().get_context_data(
            refusal=refusal, letters=letters, heading=news.heading(), **kwargs
        )

    def letters(self, news: DossierReminder) -> list:
        """Who is written to, by name, for whom they answer, and what they read."""
        newsroom = Newsroom(self.convention, timezone.now(), self.here.bench)
        left = [(newsroom.people[pk], count) for pk, count in news.left(newsroom).items()]
        left.sort(key=lambda one: str(one[0]))
        return [(person, self.whom(person), news.lines_for(count)) for person, count in left]

    def whom(self, person) -> str:
        """« la Caf de la Vienne »: in whose name somebody answers."""
        voices = [voice for voice in self.here.bench.voices_of(person) if voice.commits]
        return enumerate_words(dict.fromkeys(voice.organisation.the for voice in voices))

    def post(self, request, *args, **kwargs):
        try:
            remind_dossier(self.dossier, by=request.user)
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
        else:
            messages.success(
                request,
                "Le dossier est relancé : chacun recevra son message dans quelques minutes.",
            )
        return redirect(self.back)


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
