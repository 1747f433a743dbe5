"""Pages on which an answer is noted, and the small pages of what is done around an answer."""

from django.contrib import messages
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from agreements.answers import events, rights
from agreements.answers.lights import point_of
from agreements.models import WITH_ATTACHMENTS, Agreement, Attachment
from agreements.seats.voices import Voice
from agreements.versions import events as drafts
from agreements.versions import rights as versions_rights
from agreements.versions.events import latest_live_version
from committee.answers.events import forget_notes
from committee.answers.forms import (
    WORDS,
    AnswerForm,
    AttachForm,
    OpinionForm,
    ReasonForm,
    RecordForm,
    WhyForm,
    initial_of_note,
)
from committee.answers.models import NotedAnswer
from committee.pages import CommitteeReader, PointAct
from committee.points import rights as points_rights
from committee.points.earlier import agreed_earlier_by, request_answered, requested_earlier
from committee.points.inbox import Inbox
from committee.points.reading import content_changes, last_rank_of, other_in_force
from committee.points.series import AdviceSeries, Series, dossier_asked
from committee.points.words import describe_state, describe_undoing, describe_when_it_counts
from ctg_portal.rules import Refused, enforce
from ctg_portal.templatetags.french import de
from ctg_portal.text.numbers import key_in
from documents.downloads import serve_stored_file
from documents.models import store

REMOVE = "retirer"


class AnswerView(PointAct):
    """The answer to a version, noted in the name of one's party. ``reponse`` in the address says
    which answer; without it the page shows the choice. Nothing is given here: the summary does."""

    template_name = "committee/answers/answer.html"
    form_class = AnswerForm
    speaks = True

    def setup(self, request, *args, **kwargs):
        """Set ``asked``, the parameters that were sent, and ``word``, the answer that they name;
        None without a known one."""
        super().setup(request, *args, **kwargs)
        self.asked = request.POST if request.method == "POST" else request.GET
        self.word = self.asked.get("reponse") if self.asked.get("reponse") in WORDS else None
        self.answered = None

    def may(self):
        """Return why the reader may not answer in the name of their party, or None."""
        return rights.may_answer(self.voice, self.point)

    @property
    def back(self) -> str:
        """The page of the point, on the way by which the reader came."""
        return self.series.url("point", self.version.pk, **self.series.returning)

    @cached_property
    def series(self) -> Series:
        """The points among which the reader goes on. Read it once the answer is noted: a note
        changes what comes next."""
        return Series(Inbox(self.here), self.asked)

    @cached_property
    def note(self) -> NotedAnswer | None:
        """The reader's own note on the version for the organisation of the page, or None."""
        organisation = self.here.organisation
        notes = NotedAnswer.objects.by(self.here.user, organisation)
        return notes.on(self.version).first() if organisation else None

    def get_form(self, form_class=None):
        return super().get_form(form_class) if self.word else None

    def get_form_kwargs(self):
        """Fill a form not yet sent from the note, if that is the same answer, and the last rank."""
        kwargs = super().get_form_kwargs() | {"word": self.word, "today": self.here.today}
        if "data" in kwargs:  # what was sent begins with nothing
            return kwargs
        last_rank = last_rank_of(self.here.organisation, self.point)
        initial = {"last_rank": last_rank} | initial_of_note(self.note, WORDS.get(self.word))
        return kwargs | {"initial": initial}

    def post(self, request, *args, **kwargs):
        """Delete the note or note the answer; without a known answer, show the choice again."""
        if request.POST.get("reponse") == REMOVE:
            return self.remove()
        return super().post(request, *args, **kwargs) if self.word else self.get(request)

    def remove(self):
        """Delete the note on this version and go to the summary. It works for an organisation for
        which the reader no longer answers, too."""
        lost, note = self.here.lost_name, self.note
        if lost:
            notes = NotedAnswer.objects.by(self.here.user, key_in(self.asked["pour"]))
            note = notes.on(self.version).first()
        if forget_notes([note] if note else []):
            messages.success(self.request, f"Réponse retirée : « {self.version.title} ».")
        return redirect(self.series.recap_url)

    def form_valid(self, form):
        """Note the answer, then go to the next point; a refusal comes back in the form."""
        here = self.here
        dossier = dossier_asked(self.convention, self.asked.get("dossier", ""))
        try:
            if self.voice is None or form.cleaned_data.get("act"):
                enforce(self.may())  # before a document is kept for nothing
            note = form.send(
                self.version, by=here.user, organisation=self.voice.organisation,
                dossier=dossier,
            )  # fmt: skip
        except Refused as refused:
            return self.refused(form, refused.refusal)
        label = note.get_answer_display()
        messages.success(self.request, f"Noté : « {self.version.title} », {label.lower()}.")
        return redirect(self.series.after(self.version))

    def refused(self, form, refusal):
        """Show the form again with the refusal and what was typed; when the version was replaced,
        it is the new one that is answered. Where nothing was typed, redirect with a warning, to the
        changes of the new version if that is why."""
        newest = latest_live_version(self.version.subject) if self.version.subject else None
        if not form.has_typed:
            messages.warning(self.request, refusal.reason)
            is_other = isinstance(refusal, rights.Stale) and newest and newest != self.version
            return redirect(self.page_of(newest, self.version) if is_other else self.back)
        if newest and newest.is_proposed and newest != self.version:
            self.answered = self.version
            self.find(newest.pk)
            self.__dict__.pop("point", None)
        form.set_last_rank(last_rank_of(self.here.organisation, point_of(self.version)))
        form.add_error(None, refusal.reason)
        return self.form_invalid(form)

    def page_of(self, version, since) -> str:
        """Return the address of the changes of ``version`` since the version ``since``."""
        page = reverse("committee:point", args=[self.convention.slug, version.pk])
        return f"{page}?depuis={since.number}#difference"

    def get_context_data(self, **kwargs):
        """Add the point, its note and series, and the ``changes`` since what the party last spoke
        about: the version that it ``answered`` before a refusal, else the one it ``requested`` a
        change of, else the ``earlier`` one it agreed to, else the one in force."""
        party, point = self.here.organisation, self.point
        earlier = agreed_earlier_by(party, point)
        requested = request_answered(party, point, requested_earlier([point]))
        known = requested.version if requested else earlier
        return super().get_context_data(
            point=self.point,
            changes=content_changes(
                self.version, self.answered or known or other_in_force(self.version)
            ),
            answered=self.answered,
            earlier=None if self.answered else earlier,
            requested=None if self.answered else requested,
            word=self.word,
            note=self.note,
            last_rank=last_rank_of(self.here.organisation, self.point),
            series=self.series,
            **kwargs,
        )


class EntryAct(PointAct):
    """An act about an entry of the register."""

    def find(self, pk) -> None:
        """Find an entry of the register, 404 outside the convention, and the version it answers."""
        entries = Agreement.objects.of(self.convention).for_register()
        self.entry = get_object_or_404(entries.prefetch_related(WITH_ATTACHMENTS), pk=pk)
        super().find(self.entry.version_id)
        self.entry.version = self.version

    def get_context_data(self, **kwargs):
        return super().get_context_data(entry=self.entry, **kwargs)


class Advise(PointAct):
    """An adviser, or who holds an advisory seat, gives an avis."""

    template_name = "committee/answers/advise.html"
    form_class = OpinionForm

    @cached_property
    def series(self) -> AdviceSeries:
        return AdviceSeries(Inbox(self.here), self.request.GET)

    @property
    def back(self) -> str:
        return self.series.url("point", self.version.pk)

    @property
    def after(self) -> str:
        return self.series.after(self.version)

    @cached_property
    def advice(self) -> Voice | None:
        return self.here.bench.advice(self.here.user)

    def may(self):
        return rights.may_advise(self.advice, self.version)

    def get_initial(self):
        return {"organisation": self.advice.organisation.pk if self.advice else None}

    def do(self, opinion, reason, organisation):
        """Give the avis; return the message, which says if no other point awaits one."""
        is_last = not self.series.left_after(self.version)
        entry = events.advise(
            self.version, opinion=opinion, reason=reason, by=self.here.user,
            organisation=organisation,
        )  # fmt: skip
        message = f"{entry.get_answer_display()} enregistré : « {self.version.title} »."
        return f"{message} Plus aucun point n’attend votre avis." if is_last else message

    def get_context_data(self, **kwargs):
        return super().get_context_data(advice=self.advice, **kwargs)


class Retract(PointAct):
    """A member withdraws the party's agreement."""

    template_name = "committee/answers/retract.html"
    form_class = ReasonForm
    speaks = True

    def may(self):
        """Return why the reader may not take back the agreement of their party, or None."""
        here = self.here
        voice = rights.retracting_voice(here.user, here.organisation, self.point, here.bench)
        return rights.may_retract(voice, self.point)

    def do(self, reason):
        """Take back the agreement of the party of the page; return the message."""
        events.retract(
            self.version, reason=reason, by=self.here.user, organisation=self.here.organisation
        )
        return "L’accord est retiré : la coordination et les autres parties en sont informées."


class Record(PointAct):
    """An agreement received on paper or by e-mail is recorded for a member."""

    template_name = "committee/answers/record.html"
    form_class = RecordForm

    def may(self):
        return points_rights.may_record_some(self.here.user, self.here.bench, self.point)

    def get_form_kwargs(self):
        """Add ``seats``, the only ones to record for, and ``last_ranks``: the rank of the last
        entry by organisation."""
        return super().get_form_kwargs() | {
            "seats": rights.recordable_seats(self.here.user, self.here.bench, self.point),
            "today": self.here.today,
            "last_ranks": {pk: entry.rank for pk, entry in self.point.last_entered.items()},
        }

    def do(self, seat, received_on, evidence, last_ranks):
        """Store the evidence and record the agreement of ``seat``, which is to be confirmed."""
        by = self.here.user
        entry = events.record(
            self.version, seat, received_on=received_on,
            evidence=store(evidence, by=by, within=self.convention),
            last_rank=last_ranks.get(seat.organisation_id, 0), by=by,
        )  # fmt: skip
        effect = describe_when_it_counts(entry)
        return f"L’accord {de(entry.person_name)} est enregistré. {effect}"


class Withdraw(PointAct):
    """The coordinator withdraws a proposed version."""

    template_name = "committee/drafts/withdraw.html"
    form_class = ReasonForm

    def may(self):
        return versions_rights.may_withdraw(self.here.user, self.version)

    def do(self, reason):
        """Withdraw the version, and return the sentence that says so; one in force stays so."""
        drafts.withdraw_version(self.version, reason=reason, by=self.here.user)
        return f"La version {self.version.number} est retirée : elle n’attend plus de réponse."


class Confirm(EntryAct):
    """Who commits the party confirms that what was recorded is its answer."""

    template_name = "committee/answers/confirm.html"
    form_class = Form

    def may(self):
        return rights.may_confirm(self.here.user, self.entry, self.point, self.here.bench)

    def do(self):
        """Confirm the recorded answer, which counts from now on; return also where the point
        stands."""
        events.confirm(self.entry, by=self.here.user)
        what = "La demande est confirmée" if self.entry.is_request else "L’accord est confirmé"
        return f"{what}. {describe_state(point_of(self.entry.version))}"


class Undo(EntryAct):
    """Who has just answered undoes the answer, without a reason."""

    template_name = "committee/answers/undo.html"
    form_class = Form

    def may(self):
        return rights.may_undo(self.here.user, self.entry, self.point, self.here.bench)

    def do(self):
        """Undo the answer, and say where the point stands now."""
        [undoing] = events.undo([self.entry], by=self.here.user)
        return describe_undoing(undoing, point_of(undoing.version))


class RefuseRecorded(EntryAct):
    """Who commits the party denies that what was recorded is its answer."""

    template_name = "committee/answers/refuse.html"
    form_class = WhyForm

    def may(self):
        return rights.may_refuse(self.here.user, self.entry, self.point, self.here.bench)

    def do(self, reason):
        """Refuse the recorded answer as not that of the party; the reason may be empty."""
        events.refuse_all([self.entry], reason=reason, by=self.here.user)
        return (
            f"C’est noté : ce n’est pas la réponse {self.entry.organisation.genitive}, qui reste "
            f"attendue. {self.entry.entered_by_name} et la coordination en sont informés."
        )


class Contest(EntryAct):
    """The address that messages of earlier releases contain; it redirects."""

    http_method_names = ("get",)

    def get(self, request, *args, **kwargs):
        return redirect("committee:refuse", self.convention.slug, self.entry.pk)


class Attach(EntryAct):
    """A document is attached to an answer."""

    template_name = "committee/answers/attach.html"
    form_class = AttachForm

    def may(self):
        return rights.may_attach(self.here.user, self.entry, self.here.bench)

    def do(self, document):
        """Store the document and attach it to the answer; return the message."""
        by = self.here.user
        attachment = events.attach(
            self.entry, store(document, by=by, within=self.convention), by=by
        )
        return f"« {attachment} » est joint à la réponse."


def document(request, slug, pk):
    """Serve a document that is attached to an answer."""
    here = CommitteeReader(request, slug)
    attachments = Attachment.objects.of(here.convention)
    return serve_stored_file(get_object_or_404(attachments, pk=pk).document)
