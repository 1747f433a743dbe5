"""What all pages of the committee share: the bench of the day, and in whose name one is here."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from accounts.requests import SignedInRequest
from agreements.answers.lights import Point, point_of
from agreements.answers.rights import NO_LONGER
from agreements.models import Version
from agreements.seats.rights import may_manage_committee
from agreements.seats.voices import Bench, Voice, bench_of
from committee.points.advice import Advising, advising
from committee.points.reading import heading_of
from conventions.models import Convention, Organisation
from conventions.pages import convention_context, visible_convention
from ctg_portal.marks.events import changing
from ctg_portal.rules import Refusal, Refused, enforce
from documents.turns import TakesFiles


@dataclass(frozen=True)
class Tab:
    """A page of the workspace, in its menu; ``current`` is what ``aria-current`` says of it."""

    label: str
    url: str
    current: str


TABS = [
    ("Points à valider", "points"),
    ("Dossiers", "dossiers"),
    ("Registre", "register"),
    ("Composition", "composition"),
    ("Pour un avenant", "amendments"),
]


class Here:
    """The person asking, in the committee of one convention, today."""

    def __init__(self, request: SignedInRequest, slug: str):
        self.request, self.user = request, request.user
        self.convention: Convention = visible_convention(request, slug)
        self.today = timezone.localdate()

    @cached_property
    def bench(self) -> Bench:
        return bench_of(self.convention, self.today)

    @cached_property
    def voices(self) -> list[Voice]:
        """What the person may say that commits an organisation, on some kind of points."""
        return [voice for voice in self.bench.voices_of(self.user) if voice.commits]

    @cached_property
    def organisation(self) -> Organisation | None:
        """In whose name the person answers; ``?pour=`` chooses, for who speaks for several.

        Raises Refused for a form that speaks in a name which is no longer the person's: it must
        not be taken for another organisation's word.
        """
        sent = self.request.POST.get("pour")
        asked = sent or self.request.GET.get("pour")
        own = [voice.organisation for voice in self.voices]
        chosen = [organisation for organisation in own if str(organisation.pk) == asked]
        if sent and not chosen:
            raise Refused(NO_LONGER)
        return next(iter([*chosen, *own]), None)

    @cached_property
    def lost_name(self) -> Refusal | None:
        """Why a form is not taken that speaks in a name which is no longer the person's.

        To be asked first by a page that keeps what was typed: one then speaks for nobody there.
        """
        try:
            self.organisation  # noqa: B018  (asked to see whether it is refused)
        except Refused as refused:
            self.organisation = None
            return refused.refusal
        return None

    @cached_property
    def advising(self) -> Advising | None:
        """What the person has said and has to say as one who gives an avis."""
        return advising(self.user, self.bench)

    @cached_property
    def manages(self) -> bool:
        """Whether the person coordinates the convention."""
        return may_manage_committee(self.user, self.convention) is None

    @property
    def name(self) -> dict[str, str]:
        """What an address says of in whose name one acts: nothing, for who speaks for one."""
        return {"pour": str(self.organisation.pk)} if len(self.voices) > 1 else {}

    def context(self) -> dict:
        """What the frame of a committee's page shows."""
        return convention_context(self.request, self.convention) | {
            "tabs": _tabs(self.request.path, self.convention.slug),
            "bench": self.bench,
            "organisation": self.organisation,
            "voices": self.voices,
            "manages": self.manages,
            "today": self.today,
        }


def _tabs(path: str, slug: str) -> list[Tab]:
    """The tabs; of those whose address a path begins with, the longest is current: what lies
    below none of the others belongs to the points."""
    urls = [(label, reverse(f"committee:{name}", args=[slug])) for label, name in TABS]
    here = max((url for _, url in urls if path.startswith(url)), key=len, default="")
    is_page = "page" if path == here else "true"
    return [Tab(label, url, is_page if url == here else "") for label, url in urls]


class CommitteePage(TemplateResponseMixin, ContextMixin, View):
    """Mixin of a class-based page of the committee; ``self.here`` is the ``Here`` of the asker."""

    request: SignedInRequest

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.here = Here(request, kwargs["slug"])
        self.convention = self.here.convention

    def get_context_data(self, **kwargs):
        return super().get_context_data(**self.here.context() | kwargs)


class PointAct(CommitteePage, TakesFiles, FormView):
    """A page that says what will happen to which point; the reason, where it is refused.

    A subclass says who ``may``, and what to ``do`` with the form's values: one event, after which
    it returns what to tell the person. ``speaks``: it is done in the name of an organisation.
    """

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
        return self.refused(self.unchecked_form(), lost)

    def refuse_upload(self):
        return self.may()

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
            with changing():
                done = self.do(**form.cleaned_data)
        except Refused as refused:
            return self.refused(form, refused.refusal)
        messages.success(self.request, done)
        return redirect(self.after)

    @property
    def after(self) -> str:
        """Where one goes once it is done."""
        return self.back

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
