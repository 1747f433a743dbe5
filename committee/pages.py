"""The base of all pages of the committee: the bench of the day, and for whom the person acts."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from committee.advice import Advising, advising
from committee.words import heading_of
from conventions.access.pages import convention_context, visible_convention
from conventions.models import Convention, Organisation
from ctg_portal.marks.events import changing
from ctg_portal.rules import Refusal, Refused, enforce
from documents.turns import TakesFiles


@dataclass(frozen=True)
class Tab:
    """A page of the workspace, in its menu. ``current`` is the value of ``aria-current``."""

    label: str
    url: str
    current: str


TABS = [
    ("Points à valider", "points"),
    ("Dossiers", "dossiers"),
    ("Réunions", "meetings"),
    ("Décisions", "decisions"),
    ("Registre", "register"),
    ("Composition", "composition"),
    ("Pour un avenant", "amendments"),
]


class CommitteeReader:
    """The signed-in person in the committee of one convention, today."""

    def __init__(self, request: SignedInRequest, slug: str):
        self.request, self.user = request, request.user
        self.convention: Convention = visible_convention(request, slug)
        self.today = timezone.localdate()

    @cached_property
    def bench(self) -> Bench:
        return bench_of(self.convention, self.today)

    @cached_property
    def voices(self) -> list[Voice]:
        """The voices of the person that commit an organisation, on some kind of points."""
        return [voice for voice in self.bench.voices_of(self.user) if voice.commits]

    @cached_property
    def organisation(self) -> Organisation | None:
        """The organisation in whose name the person answers, or None; ``?pour=`` chooses, for who
        speaks for several.

        Raises Refused for a form that names an organisation for which the person no longer speaks:
        it must not be taken for another organisation's answer.
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
        """The refusal of a form that names an organisation for which the person no longer speaks,
        or None.

        A page that keeps what was typed reads it first: the person then speaks for nobody there.
        """
        try:
            self.organisation  # noqa: B018  (asked to see whether it is refused)
        except Refused as refused:
            self.organisation = None
            return refused.refusal
        return None

    @cached_property
    def advising(self) -> Advising | None:
        """The avis that the person has given and has to give, or None for who gives none."""
        return advising(self.user, self.bench)

    @cached_property
    def manages(self) -> bool:
        """Whether the person coordinates the convention."""
        return may_manage_committee(self.user, self.convention) is None

    @property
    def name(self) -> dict[str, str]:
        """The address parameters that name the organisation, for who speaks for several."""
        return {"pour": str(self.organisation.pk)} if len(self.voices) > 1 else {}

    def context(self) -> dict:
        """Return the context of the frame of a committee's page."""
        return convention_context(self.request, self.convention) | {
            "tabs": _tabs(self.request.path, self.convention.slug),
            "bench": self.bench,
            "organisation": self.organisation,
            "voices": self.voices,
            "manages": self.manages,
            "today": self.today,
        }


def _tabs(path: str, slug: str) -> list[Tab]:
    """Return the tabs. The current one is the longest whose address begins the path: what lies
    below none of the others belongs to the points."""
    urls = [(label, reverse(f"committee:{name}", args=[slug])) for label, name in TABS]
    here = max((url for _, url in urls if path.startswith(url)), key=len, default="")
    is_page = "page" if path == here else "true"
    return [Tab(label, url, is_page if url == here else "") for label, url in urls]


class CommitteePage(TemplateResponseMixin, ContextMixin, View):
    """Mixin of a page of the committee; ``self.here`` is the ``CommitteeReader`` of the person."""

    request: SignedInRequest

    def setup(self, request, *args, **kwargs):
        """Set ``here``, the reader in the committee, and ``convention``; 404 if they may not read
        it."""
        super().setup(request, *args, **kwargs)
        self.here = CommitteeReader(request, kwargs["slug"])
        self.convention = self.here.convention

    def get_context_data(self, **kwargs):
        return super().get_context_data(**self.here.context() | kwargs)


class PointAct(CommitteePage, TakesFiles, FormView):
    """A page that asks before something is done to a point, or says why it is refused.

    A subclass defines ``may``, which returns a refusal or None, and ``do``, which calls one event
    with the form's values and returns the message for the person. ``speaks``: it is done for an
    organisation.
    """

    speaks = False

    def setup(self, request, *args, **kwargs):
        """Find what the address names (``find``)."""
        super().setup(request, *args, **kwargs)
        self.find(kwargs["pk"])

    def find(self, pk) -> None:
        """Find the numbered version of the address, 404 outside the convention."""
        versions = Version.objects.of(self.convention).numbered().with_subjects()
        self.version = get_object_or_404(versions, pk=pk)
        self.version.convention = self.convention

    @cached_property
    def point(self) -> Point:
        return point_of(self.version)

    @cached_property
    def voice(self):
        """The voice with which the person commits the organisation for which they act, or None."""
        here = self.here
        return here.bench.voice(here.user, here.organisation, self.version.kind)

    def may(self) -> Refusal | None:
        raise NotImplementedError

    def do(self, **values) -> str:
        """Do the act with the form's values; return the sentence that says so. Raises Refused."""
        raise NotImplementedError

    def post(self, request, *args, **kwargs):
        """Refuse a form in the name of an organisation for which the person no longer speaks."""
        lost = self.here.lost_name if self.speaks else None
        if lost is None:
            return super().post(request, *args, **kwargs)
        return self.refused(self.unchecked_form(), lost)

    def refuse_upload(self):
        return self.may()

    @property
    def pour(self) -> str:
        """The organisation that the form sends back: that it was shown for, even if lost since."""
        if not self.speaks:
            return ""
        organisation = self.here.organisation
        return str(organisation.pk) if organisation else self.request.POST.get("pour", "")

    def form_valid(self, form):
        """Do the act in one transaction if still allowed; a refusal comes back in the form."""
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
        """The page to redirect to once it is done."""
        return self.back

    @property
    def back(self) -> str:
        return reverse("committee:point", args=[self.convention.slug, self.version.pk])

    def get_context_data(self, **kwargs):
        """Add the ``version``, its heading, and the ``refusal`` of the act, None if it is
        allowed."""
        version = self.version
        return super().get_context_data(
            version=version,
            point_heading=heading_of(version),
            refusal=self.may(),
            back=self.back,
            pour=self.pour,
            **kwargs,
        )


class ComposingPage(CommitteePage, TakesFiles, FormView):
    """A form that changes who sits: ``refusal`` says who may not, ``act`` calls the event, then it
    goes back to the composition.

    What the event refuses is shown on the form, which keeps all that was typed.
    """

    template_name = "committee/composition/seat_form.html"
    heading = lead = note = ""
    button = "Enregistrer"
    is_grave = False

    def dispatch(self, request, *args, **kwargs):
        """Find the row of the page, then answer 403 if the person may not do it."""
        self.find(**kwargs)
        if self.refusal():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def find(self, **kwargs) -> None:
        """Read the rows that the page is about."""

    def refusal(self) -> Refusal | None:
        return may_manage_committee(self.request.user, self.convention)

    def obstacle(self) -> Refusal | None:
        """Return why there is nothing to fill in, although the person has the right; or None."""
        return None

    def refuse_upload(self):
        return self.obstacle()

    def act(self, data: dict) -> str:
        """Call the event with the form's values; return the message for the person."""
        raise NotImplementedError

    def form_valid(self, form):
        """Do the act and say so; a refusal comes back in the form."""
        try:
            done = self.act(form.cleaned_data)
        except Refused as refused:
            return self.refused(form, refused.refusal)
        messages.success(self.request, done)
        return redirect(self.get_success_url())

    def get_success_url(self):
        return reverse("committee:composition", args=[self.convention.slug])

    def get_context_data(self, **kwargs):
        return super().get_context_data(page=self, obstacle=self.obstacle(), **kwargs)
