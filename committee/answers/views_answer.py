"""Answering one point: agreed in one click, anything else on a page that works without script."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from agreements.answers import rights
from agreements.answers.lights import point_of
from agreements.versions.events import reference_of
from committee.answers.forms import WORDS, AnswerForm
from committee.answers.views_acts import Act
from committee.points.reading import content_changes, in_force_beside, seen_by
from committee.points.words import told
from ctg_portal.rules import Refused, enforce

POINT = "point"


class AnswerView(Act):
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
        return super().get_context_data(
            point=self.point,
            changes=content_changes(self.version, self.answered or in_force_beside(self.version)),
            answered=self.answered,
            word=self.word,
            seen=seen_by(self.here.organisation, self.point),
            returns_to=self.returns_to,
            **kwargs,
        )
