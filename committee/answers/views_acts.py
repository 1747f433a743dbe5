"""What is done around a point beside answering it, each on a small page of its own."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView

from agreements.answers import events as answers
from agreements.answers import rights as answers_rights
from agreements.answers.lights import Point, point_of
from agreements.models import Agreement, Attachment, Version
from agreements.versions import events as drafts
from agreements.versions import rights as versions_rights
from committee.answers.forms import AttachForm, OpinionForm, ReasonForm, RecordForm
from committee.pages import CommitteePage, Here
from committee.points import rights as points_rights
from committee.points.reading import heading_of
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import long_date
from documents.downloads import serve_stored_file
from documents.models import store


class Act(CommitteePage, FormView):
    """A page that says what will happen to which point; the reason, where it is refused.

    A subclass says who ``may``, and what to ``do`` with the form's values: one event, after which
    it returns what to tell the person. ``speaks``: it is done in the name of an organisation.
    """

    form_class = ReasonForm
    speaks = False

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.find(kwargs["pk"])

    def find(self, pk) -> None:
        versions = Version.objects.of(self.convention).numbered().with_subjects()
        self.version = get_object_or_404(versions, pk=pk)
        self.version.convention = self.convention

    @cached_property
    def point(self) -> Point:
        return point_of(self.version)

    @cached_property
    def voice(self):
        """How the person commits the organisation in whose name they are here."""
        here = self.here
        return here.bench.voice(here.user, here.organisation, self.version.kind)

    def may(self) -> Refusal | None:
        raise NotImplementedError

    def do(self, **values) -> str:
        raise NotImplementedError

    def post(self, request, *args, **kwargs):
        lost = self.here.lost_name if self.speaks else None
        if lost is None:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.is_valid()
        return self.refused(form, lost)

    def refused(self, form, refusal: Refusal):
        """The form as it was typed, with the reason."""
        form.add_error(None, refusal.reason)
        return self.form_invalid(form)

    @property
    def pour(self) -> str:
        """What the form sends back: the name in which it was shown, even once it is lost."""
        if not self.speaks:
            return ""
        organisation = self.here.organisation
        return str(organisation.pk) if organisation else self.request.POST.get("pour", "")

    def form_valid(self, form):
        try:
            enforce(self.may())  # before a document is kept for nothing
            with transaction.atomic():
                done = self.do(**form.cleaned_data)
        except Refused as refused:
            return self.refused(form, refused.refusal)
        messages.success(self.request, done)
        return redirect(self.back)

    @property
    def back(self) -> str:
        return reverse("committee:point", args=[self.convention.slug, self.version.pk])

    def get_context_data(self, **kwargs):
        version = self.version
        return super().get_context_data(
            version=version,
            point_heading=heading_of(version),
            refusal=self.may(),
            back=self.back,
            pour=self.pour,
            **kwargs,
        )


class EntryAct(Act):
    """The same, about what somebody has said."""

    def find(self, pk) -> None:
        entries = Agreement.objects.of(self.convention).for_register()
        self.entry = get_object_or_404(entries.prefetch_related("attachments__document"), pk=pk)
        super().find(self.entry.version_id)
        self.entry.version = self.version

    def get_context_data(self, **kwargs):
        return super().get_context_data(entry=self.entry, **kwargs)


class Advise(Act):
    """An adviser, or who sits at advisory title, gives an avis."""

    template_name = "committee/answers/advise.html"
    form_class = OpinionForm

    def may(self):
        return answers_rights.may_advise(self.here.bench.advice(self.here.user), self.version)

    def do(self, opinion, reason):
        entry = answers.advise(self.version, opinion=opinion, reason=reason, by=self.here.user)
        return f"{entry.get_answer_display()} enregistré : les membres du comité le lisent."

    def get_context_data(self, **kwargs):
        advice = self.here.bench.advice(self.here.user)
        return super().get_context_data(advice=advice, **kwargs)


class Retract(Act):
    """A member takes the party's agreement back."""

    template_name = "committee/answers/retract.html"
    speaks = True

    def may(self):
        return answers_rights.may_retract(self.voice, self.point)

    def do(self, reason):
        answers.retract(
            self.version, reason=reason, by=self.here.user, organisation=self.here.organisation
        )
        return "L’accord est retiré : la coordination et les autres parties en sont informées."


class Record(Act):
    """An agreement received on paper or by e-mail is entered for a member."""

    template_name = "committee/answers/record.html"
    form_class = RecordForm

    def may(self):
        return points_rights.may_record_some(self.here.user, self.here.bench, self.point)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "seats": answers_rights.recordable(self.here.user, self.here.bench, self.point),
            "today": self.here.today,
            "seen": {pk: entry.rank for pk, entry in self.point.entries.items()},
        }

    def do(self, seat, received_on, evidence, seen):
        by = self.here.user
        entry = answers.record(
            self.version, seat, received_on=received_on, evidence=store(evidence, by=by),
            seen=seen.get(seat.organisation_id, 0), by=by,
        )  # fmt: skip
        return _recorded(entry)


def _recorded(entry: Agreement) -> str:
    done = f"L’accord de {entry.person_name} est enregistré."
    if entry.user_id:
        done += f" Il peut être contesté jusqu’au {long_date(entry.contestable_until)}."
    if entry.version.is_in_force:
        done += f" Tous les accords sont réunis : la version {entry.version.number} est en vigueur."
    return done


class Withdraw(Act):
    """The coordinator takes a proposed version back."""

    template_name = "committee/drafts/withdraw.html"

    def may(self):
        return versions_rights.may_withdraw(self.here.user, self.version)

    def do(self, reason):
        drafts.withdraw_version(self.version, reason=reason, by=self.here.user)
        return f"La version {self.version.number} est retirée : elle n’attend plus de réponse."


class Contest(EntryAct):
    """A member denies an agreement recorded in their name."""

    template_name = "committee/answers/contest.html"

    def may(self):
        return answers_rights.may_contest(self.here.user, self.entry, self.point, self.here.today)

    def do(self, reason):
        answers.contest(self.entry, reason=reason, by=self.here.user)
        return "L’accord est contesté : le point est suspendu, les parties en sont informées."


class Attach(EntryAct):
    """A document is added to an answer."""

    template_name = "committee/answers/attach.html"
    form_class = AttachForm

    def may(self):
        return answers_rights.may_attach(self.here.user, self.entry, self.here.bench)

    def do(self, document):
        by = self.here.user
        attachment = answers.attach(self.entry, store(document, by=by), by=by)
        return f"« {attachment} » est joint à la réponse."


def document(request, slug, pk):
    """A document behind an answer, to be saved."""
    here = Here(request, slug)
    attachments = Attachment.objects.of(here.convention)
    return serve_stored_file(get_object_or_404(attachments, pk=pk).document)
