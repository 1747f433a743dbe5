"""What all pages of the committee share: the bench of the day, and in whose name one is here."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from agreements.seats.rights import may_manage_committee
from agreements.seats.voices import Bench, Voice, bench_of
from conventions.models import Convention, Organisation
from conventions.pages import convention_context, visible_convention
from ctg_portal.rules import Refusal, Refused


@dataclass(frozen=True)
class Tab:
    """A page of the workspace, in its menu."""

    label: str
    url: str


TABS = [
    ("Points à valider", "points"),
    ("Dossiers", "dossiers"),
    ("Registre", "register"),
    ("Composition", "composition"),
    ("Pour un avenant", "amendments"),
]


NO_LONGER = Refusal(
    "Vous ne répondez plus au nom de cet organisme : votre réponse n’a pas été enregistrée."
)


class Here:
    """The person asking, in the committee of one convention, today."""

    def __init__(self, request, slug: str):
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
    def manages(self) -> bool:
        """Whether the person coordinates the convention."""
        return may_manage_committee(self.user, self.convention) is None

    def context(self) -> dict:
        """What the frame of a committee's page shows."""
        slug = self.convention.slug
        return convention_context(self.request, self.convention) | {
            "tabs": [Tab(label, reverse(f"committee:{name}", args=[slug])) for label, name in TABS],
            "bench": self.bench,
            "organisation": self.organisation,
            "voices": self.voices,
            "manages": self.manages,
            "today": self.today,
        }


class CommitteePage:
    """Mixin of a class-based page of the committee; ``self.here`` is the ``Here`` of the asker."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.here = Here(request, kwargs["slug"])
        self.convention = self.here.convention

    def get_context_data(self, **kwargs):
        return super().get_context_data(**self.here.context() | kwargs)
