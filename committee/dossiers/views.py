"""Pages of dossiers: list, send, read, remind, recall, undo."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from agreements.answers.events import undo
from agreements.answers.lights import required_of
from committee.dossiers.events import recall_dossier, remind_dossier, send_dossier
from committee.dossiers.files import DOSSIERS
from committee.dossiers.forms import DossierForm
from committee.dossiers.models import Dossier
from committee.dossiers.notices import DossierReminder
from committee.dossiers.reading import Reading, dossier_rows, grouped_by_axis, sendable_points
from committee.dossiers.recorded import entries_to_confirm, recordable_seats_by_party
from committee.dossiers.rights import may_recall, may_remind
from committee.pages import CommitteePage, CommitteeReader
from committee.points.inbox import Inbox
from committee.points.newsroom import Newsroom
from committee.points.series import AdviceSeries, Series
from committee.points.undoing import FreshAnswer, describe_undone, undoable_answers
from conventions.lists import ListFile
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import enumerate_words
from documents.tables import Table


class Dossiers(CommitteePage, TemplateView):
    """The list of dossiers, with who has still to answer."""

    template_name = "committee/dossiers/dossiers.html"

    def get_context_data(self, **kwargs):
        """Add ``rows``, all dossiers, and among them: ``mine``, which await the reader's
        organisation; ``standing``, not recalled; ``awaiting``, which await some party;
        ``incomplete``, which await a party or the coordination."""
        rows = dossier_rows(self.here)
        return super().get_context_data(
            rows=rows,
            mine=[row for row in rows if self.here.organisation in row.awaited],
            standing=[row for row in rows if not row.dossier.is_recalled],
            awaiting=[row for row in rows if row.awaited],
            incomplete=[row for row in rows if not row.is_complete],
            **kwargs,
        )


class DossiersFile(CommitteePage, ListFile):
    """The list of dossiers as a table to download."""

    name = "dossiers"

    def tables(self):
        return [Table.of("Dossiers", DOSSIERS, dossier_rows(self.here))]


def add_dossier(request, slug):
    """Show the form of a new dossier, then a summary of it (the form again for « modifier »), then
    send it and go to its page. 403 for who does not coordinate."""
    here = CommitteeReader(request, slug)
    if not here.manages:
        raise PermissionDenied
    points = sendable_points(here)
    form = _sending_form(request, points, here.today)
    shown = here.context() | {
        "form": form, "points": points, "groups": grouped_by_axis(points),
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
    """Return the form as it was sent, or with all ready boxes ticked, or none. At first none is, so
    that each point that is sent was chosen."""
    choice = {"versions": [point.version for point in points], "today": today}
    tick = request.POST.get("cocher")
    if tick:
        ticked = [point.version.pk for point in points if tick == "tout" and not point.remark]
        return DossierForm.reticked(request.POST, ticked=ticked, **choice)
    return DossierForm(request.POST or None, **choice)


class DossierMixin(CommitteePage):
    """Mixin of a page about one dossier."""

    def setup(self, request, *args, **kwargs):
        """Set ``dossier``, in any state; 404 outside the convention."""
        super().setup(request, *args, **kwargs)
        dossiers = Dossier.objects.of(self.convention)
        self.dossier = get_object_or_404(dossiers, pk=kwargs["pk"])
        self.dossier.convention = self.convention

    @property
    def undoables(self) -> list[FreshAnswer]:
        """The answers that the reader has just given to the dossier and may still undo."""
        return undoable_answers(self.here, self.dossier.entries)

    @property
    def back(self) -> str:
        return reverse("committee:dossier", args=[self.convention.slug, self.dossier.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(dossier=self.dossier, back=self.back, **kwargs)


class DossierPage(DossierMixin, TemplateView):
    """A dossier: what awaits the reader, the other points folded, where each party stands."""

    template_name = "committee/dossiers/dossier.html"

    def post(self, request, *args, **kwargs):
        """Refuse answers sent by a page of an earlier release: nothing is taken."""
        messages.warning(
            request,
            "La page a changé depuis que vous l’aviez ouverte : rien n’a été enregistré. Répondez "
            "aux points ci-dessous, puis confirmez.",
        )
        return redirect(self.back)

    def get_context_data(self, **kwargs):
        """Add the ``reading`` of the dossier, its series of answers and of ``advice``, recorded
        answers ``to_confirm``, and what the reader may do; ``reminder_refusal`` for who coordinates
        an open one."""
        asked = QueryDict(), self.dossier
        reading = Reading(self.dossier, self.here, Series(Inbox(self.here), *asked))
        reminding = may_remind(self.here.user, self.dossier, self.here.today)
        return super().get_context_data(
            reading=reading, series=reading.series, undoables=self.undoables,
            advice=AdviceSeries(reading.inbox, *asked),
            can_recall=may_recall(self.here.user, self.dossier) is None,
            can_remind=reminding is None,
            reminder_refusal=reminding if self.here.manages and self.dossier.is_open else None,
            can_record=self.dossier.is_open
            and bool(recordable_seats_by_party(reading.points, self.here)),
            to_confirm=entries_to_confirm(reading.points, self.here),
            pour=self.here.organisation.pk if self.here.organisation else "",
            **kwargs,
        )  # fmt: skip


class Remind(DossierMixin, TemplateView):
    """The people whom an open dossier still awaits, and the message that they will get."""

    template_name = "committee/dossiers/remind.html"

    def get_context_data(self, **kwargs):
        """Add the ``letters`` that a reminder would send, none where there is a ``refusal``."""
        refusal = may_remind(self.here.user, self.dossier, self.here.today)
        news = DossierReminder(self.dossier, self.here.today)
        letters = [] if refusal else self.letters(news)
        return super().get_context_data(
            refusal=refusal, letters=letters, heading=news.heading(), **kwargs
        )

    def letters(self, news: DossierReminder) -> list:
        """Return (person, organisations, lines) of each message that the reminder will send, by
        name."""
        newsroom = Newsroom(self.convention, timezone.now(), self.here.bench)
        counts = [
            (newsroom.people[pk], count) for pk, count in news.count_points_left(newsroom).items()
        ]
        counts.sort(key=lambda one: str(one[0]))
        return [
            (person, self.label_organisations(person), news.lines_for(count))
            for person, count in counts
        ]

    def label_organisations(self, person) -> str:
        """Return the organisations in whose name somebody answers: « la Caf de la Vienne »."""
        voices = [voice for voice in self.here.bench.voices_of(person) if voice.commits]
        return enumerate_words(dict.fromkeys(voice.organisation.the for voice in voices))

    def post(self, request, *args, **kwargs):
        """Remind who is awaited, then go back to the dossier; a refusal becomes a message there."""
        try:
            remind_dossier(self.dossier, by=request.user)
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
        else:
            done = "Le dossier est relancé : chacun recevra son message dans quelques minutes."
            messages.success(request, done)
        return redirect(self.back)


class Recall(DossierMixin, TemplateView):
    """A dossier sent too soon is recalled, until the first answer."""

    template_name = "committee/dossiers/recall.html"

    def get_context_data(self, **kwargs):
        """Add the ``refusal``, None for who may recall the dossier."""
        refusal = may_recall(self.here.user, self.dossier)
        return super().get_context_data(refusal=refusal, **kwargs)

    def post(self, request, *args, **kwargs):
        """Recall the dossier, then go back to it; a refusal becomes a message there."""
        try:
            recall_dossier(self.dossier, by=request.user)
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
        else:
            messages.success(request, "Le dossier est rappelé : il n’attend plus de réponse.")
        return redirect(self.back)


class UndoAnswers(DossierMixin, TemplateView):
    """Who has just answered a dossier undoes all those answers at once, without a reason."""

    template_name = "committee/dossiers/undo.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(undoables=self.undoables, **kwargs)

    def post(self, request, *args, **kwargs):
        """Undo all answers that are still fresh, or none if one is refused; go back to the
        dossier."""
        try:
            undone = undo([undoable.entry for undoable in self.undoables], by=request.user)
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
            return redirect(self.back)
        if undone:
            messages.success(request, describe_undone(len(undone)))
        else:
            messages.warning(request, "Il n’y a plus de réponse à annuler : rien n’a changé.")
        return redirect(self.back)
