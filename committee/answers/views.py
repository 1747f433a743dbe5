"""What is said of a point: agreed in one click, anything else on a page that works without script;
and what is done around an answer, each on a small page of its own."""

from django.contrib import messages
from django.forms import Form
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from agreements.answers import events, rights
from agreements.answers.lights import point_of
from agreements.models import Agreement, Attachment
from agreements.versions import events as drafts
from agreements.versions import rights as versions_rights
from agreements.versions.events import reference_of
from committee.answers.forms import (
    WORDS,
    AnswerForm,
    AttachForm,
    OpinionForm,
    ReasonForm,
    RecordForm,
)
from committee.pages import Here, PointAct
from committee.points import rights as points_rights
from committee.points.earlier import agreed_earlier_by
from committee.points.reading import content_changes, in_force_beside, seen_by
from committee.points.words import state_of, told, told_undone, when_it_counts
from ctg_portal.rules import Refused, enforce
from ctg_portal.templatetags.french import de
from documents.downloads import serve_stored_file
from documents.models import store

POINT = "point"


class AnswerView(PointAct):
    """The answer of one's party to a version: ``reponse`` says which; without, the choice."""

    template_name = "committee/answers/answer.html"
    form_class = AnswerForm
    speaks = True

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        asked = request.POST if request.method == "POST" else request.GET
        self.word = asked.get("reponse") if asked.get("reponse") in WORDS else None
        self.returns_to = asked.get("retour", "")
        self.answered = None

    def may(self):
        return rights.may_answer(self.voice, self.point)

    def get_form(self, form_class=None):
        return super().get_form(form_class) if self.word else None

    def get_form_kwargs(self):
        seen = seen_by(self.here.organisation, self.point)
        return super().get_form_kwargs() | {
            "word": self.word, "today": self.here.today, "initial": {"seen": seen},
        }  # fmt: skip

    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs) if self.word else self.get(request)

    def form_valid(self, form):
        here = self.here
        try:
            enforce(self.may())  # before a document is kept for nothing
            entry = form.send(self.version, by=here.user, organisation=here.organisation)
        except Refused as refused:
            return self.refused(form, refused.refusal)
        messages.success(self.request, told(entry, point_of(entry.version)))
        return redirect(self.back)

    def refused(self, form, refusal):
        """Say why, keep what was typed; when the version has been replaced, answer the new one."""
        newest = reference_of(self.version.subject) if self.version.subject else None
        if not form.has_typed:
            messages.warning(self.request, refusal.reason)
            is_other = isinstance(refusal, rights.Stale) and newest and newest != self.version
            return redirect(self.page_of(newest, self.version) if is_other else self.back)
        if newest and newest.is_proposed and newest != self.version:
            self.answered = self.version
            self.find(newest.pk)
            del self.point
        form.send_again_as(seen_by(self.here.organisation, point_of(self.version)))
        form.add_error(None, refusal.reason)
        return self.form_invalid(form)

    def page_of(self, version, since) -> str:
        page = reverse("committee:point", args=[self.convention.slug, version.pk])
        return f"{page}?depuis={since.number}#difference"

    @property
    def back(self) -> str:
        """The list as it was narrowed, or the point's page."""
        if self.returns_to == POINT:
            return super().back
        query = QueryDict(self.returns_to).urlencode()
        page = reverse("committee:points", args=[self.convention.slug])
        return f"{page}?{query}" if query else page

    def get_context_data(self, **kwargs):
        earlier = agreed_earlier_by(self.here.organisation, self.point)
        return super().get_context_data(
            point=self.point,
            changes=content_changes(
                self.version, self.answered or earlier or in_force_beside(self.version)
            ),
            answered=self.answered,
            earlier=None if self.answered else earlier,
            word=self.word,
            seen=seen_by(self.here.organisation, self.point),
            returns_to=self.returns_to,
            **kwargs,
        )


class EntryAct(PointAct):
    """An act about what somebody has said."""

    def find(self, pk) -> None:
        entries = Agreement.objects.of(self.convention).for_register()
        self.entry = get_object_or_404(entries.prefetch_related("attachments__document"), pk=pk)
        super().find(self.entry.version_id)
        self.entry.version = self.version

    def get_context_data(self, **kwargs):
        return super().get_context_data(entry=self.entry, **kwargs)


class Advise(PointAct):
    """An adviser, or who sits at advisory title, gives an avis."""

    template_name = "committee/answers/advise.html"
    form_class = OpinionForm

    def may(self):
        return rights.may_advise(self.here.bench.advice(self.here.user), self.version)

    def do(self, opinion, reason):
        entry = events.advise(self.version, opinion=opinion, reason=reason, by=self.here.user)
        return f"{entry.get_answer_display()} enregistré : les membres du comité le lisent."

    def get_context_data(self, **kwargs):
        advice = self.here.bench.advice(self.here.user)
        return super().get_context_data(advice=advice, **kwargs)


class Retract(PointAct):
    """A member takes the party's agreement back."""

    template_name = "committee/answers/retract.html"
    form_class = ReasonForm
    speaks = True

    def may(self):
        return rights.may_retract(self.voice, self.point)

    def do(self, reason):
        events.retract(
            self.version, reason=reason, by=self.here.user, organisation=self.here.organisation
        )
        return "L’accord est retiré : la coordination et les autres parties en sont informées."


class Record(PointAct):
    """An agreement received on paper or by e-mail is entered for a member."""

    template_name = "committee/answers/record.html"
    form_class = RecordForm

    def may(self):
        return points_rights.may_record_some(self.here.user, self.here.bench, self.point)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "seats": rights.recordable(self.here.user, self.here.bench, self.point),
            "today": self.here.today,
            "seen": {pk: entry.rank for pk, entry in self.point.entries.items()},
        }

    def do(self, seat, received_on, evidence, seen):
        by = self.here.user
        entry = events.record(
            self.version, seat, received_on=received_on,
            evidence=store(evidence, by=by, within=self.convention),
            seen=seen.get(seat.organisation_id, 0), by=by,
        )  # fmt: skip
        return f"L’accord {de(entry.person_name)} est enregistré. {when_it_counts(entry)}"


class Withdraw(PointAct):
    """The coordinator takes a proposed version back."""

    template_name = "committee/drafts/withdraw.html"
    form_class = ReasonForm

    def may(self):
        return versions_rights.may_withdraw(self.here.user, self.version)

    def do(self, reason):
        drafts.withdraw_version(self.version, reason=reason, by=self.here.user)
        return f"La version {self.version.number} est retirée : elle n’attend plus de réponse."


class Confirm(EntryAct):
    """A member, or a colleague of who has no account, says that an agreement recorded was given."""

    template_name = "committee/answers/confirm.html"
    form_class = Form

    def may(self):
        return rights.may_confirm(self.here.user, self.entry, self.point, self.here.bench)

    def do(self):
        events.confirm(self.entry, by=self.here.user)
        return f"L’accord est confirmé. {state_of(point_of(self.entry.version))}"


class Undo(EntryAct):
    """Who has just answered takes it back, without a reason: one button, wherever it is shown."""

    template_name = "committee/answers/undo.html"
    form_class = Form

    def may(self):
        return rights.may_undo(self.here.user, self.entry, self.point, self.here.bench)

    def do(self):
        [undoing] = events.undo([self.entry], by=self.here.user)
        return told_undone(undoing, point_of(undoing.version))


class Contest(EntryAct):
    """A member denies an agreement recorded in their name."""

    template_name = "committee/answers/contest.html"
    form_class = ReasonForm

    def may(self):
        return rights.may_contest(self.here.user, self.entry, self.point, self.here.today)

    def do(self, reason):
        events.contest(self.entry, reason=reason, by=self.here.user)
        return "L’accord est contesté : le point est suspendu, les parties en sont informées."


class Attach(EntryAct):
    """A document is added to an answer."""

    template_name = "committee/answers/attach.html"
    form_class = AttachForm

    def may(self):
        return rights.may_attach(self.here.user, self.entry, self.here.bench)

    def do(self, document):
        by = self.here.user
        attachment = events.attach(
            self.entry, store(document, by=by, within=self.convention), by=by
        )
        return f"« {attachment} » est joint à la réponse."


def document(request, slug, pk):
    """A document behind an answer, to be saved."""
    here = Here(request, slug)
    attachments = Attachment.objects.of(here.convention)
    return serve_stored_file(get_object_or_404(attachments, pk=pk).document)
