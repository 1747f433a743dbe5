"""The message that tells one person everything new in one convention, text and HTML."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from accounts.models import User
from committee.answers.notices import AnswersNoted
from committee.dossiers.notices import (
    DossierComplete,
    DossierNews,
    DossierRecalled,
    DossierReminder,
    DossierSent,
)
from committee.links.tokens import DOSSIER, POINT, POINTS, address_of
from committee.mail.newsroom import Heard, Newsroom
from committee.mail.notices import TurnsChanged
from committee.mail.summaries import Told
from committee.points.advice import Advising
from committee.points.notices import (
    AdviceAwaited,
    AgreementRecorded,
    AgreementRetracted,
    ChangeRequested,
    DeliberationDue,
    PointAwaited,
    PointProposed,
    RecordedRefused,
)
from conventions.notices import ConventionLetter, label_convention
from ctg_portal.typography import polish


@dataclass(frozen=True)
class Asked:
    """What awaits the answer of one organisation, and in which capacity the person gives it."""

    organisation: str
    capacity: str
    points: list[Told]


@dataclass(frozen=True)
class Door:
    """A link to the very page, and what its button says; ``is_of_one``: it leads to one point,
    which is told first."""

    url: str
    label: str
    is_of_one: bool = False


@dataclass(frozen=True)
class AdviceAsked:
    """What awaits the person's avis, in which capacity, and where it is given."""

    advising: Advising
    points: list[Told]
    door: Door


class CommitteeLetter(ConventionLetter):
    template = "committee/mail/news"
    kinds = (
        AgreementRecorded,
        PointAwaited,
        DeliberationDue,
        AdviceAwaited,
        ChangeRequested,
        AgreementRetracted,
        RecordedRefused,
        DossierSent,
        DossierComplete,
        DossierRecalled,
        DossierReminder,
        AnswersNoted,
        TurnsChanged,
    )
    # In the order in which the message tells what is to be known, not answered.
    urgent = (AgreementRecorded, DossierReminder)
    calm = (
        AnswersNoted, ChangeRequested, AgreementRetracted, RecordedRefused, DossierComplete,
        DossierRecalled,
    )  # fmt: skip

    @cached_property
    def reading(self) -> Newsroom | None:
        convention = self.convention()
        if convention is None:
            return None
        self.label = label_convention(convention)
        return Newsroom(convention, self.now)

    def place(self, hearing: Heard) -> tuple:
        """Points in the order of proposal, then the latest dossier, then what was said."""
        news = hearing.news
        if isinstance(news, PointProposed):
            return 0, news.version.proposed_at.timestamp(), news.version.pk
        if isinstance(news, DossierNews):
            return 1, -news.dossier.sent_at.timestamp(), -news.dossier.pk
        if isinstance(news, AnswersNoted):
            return 2, hearing.since.timestamp(), news.organisation.pk
        return 2, news.entry.created_at.timestamp(), news.entry.pk

    def recalled(self, user: User, told: list[Heard], known: list[Heard]) -> list[Heard]:
        """With a dossier that has just been sent, its points."""
        if again := super().recalled(user, told, known):
            return again
        sent = [hearing.news.dossier for hearing in told if isinstance(hearing.news, DossierSent)]
        held = set().union(*(self.reading.dossiers[dossier] for dossier in sent))
        return [hearing for hearing in known if hearing.news.version.pk in held]

    def context(self, user: User, told: list[Heard], recalled: list[Heard]) -> dict:
        items = [*told, *recalled]
        awaiting = [hearing for hearing in items if isinstance(hearing.news, PointAwaited)]
        advice = [hearing for hearing in items if isinstance(hearing.news, AdviceAwaited)]
        sent = [hearing.news.dossier for hearing in items if isinstance(hearing.news, DossierSent)]
        return {
            "convention": self.reading.convention,
            "dossiers": sent,
            "asked": self._asked(awaiting, recalled),
            "door": self._door(user, awaiting, "répondre") if awaiting else None,
            "advice": self._advice(user, advice, recalled) if advice else None,
            "urgent": self._others(user, self.urgent, items, recalled),
            "others": self._others(user, self.calm, items, recalled),
        }

    def told(self, hearing: Heard, is_recalled: bool = False) -> Told:
        """A title, sentences below it, and fields of the version."""
        lines = hearing.news.lines(hearing, self.reading)
        if is_recalled:
            lines = [*lines, "Ce point vous a déjà été signalé."]
        title, fields = hearing.news.heading(), hearing.news.fields(hearing, self.reading)
        return Told(polish(title), [polish(line) for line in lines], fields)

    def _others(self, user: User, kinds: tuple, items: list[Heard], recalled: list[Heard]) -> list:
        """What is to be known, not answered: (what is said of it, link) pairs."""
        return [
            (self.told(hearing, hearing in recalled), _door_to(user, hearing))
            for kind in kinds
            for hearing in items
            if isinstance(hearing.news, kind)
        ]

    def _asked(self, awaiting: list[Heard], recalled: list[Heard]) -> list[Asked]:
        """The points by organisation, the new ones first."""
        by_voice: dict[tuple, list[Told]] = {}
        for hearing in awaiting:
            key = polish(hearing.voice.organisation.genitive), hearing.voice.capacity
            told = self.told(hearing, hearing in recalled)
            by_voice.setdefault(key, []).append(told)
        return [Asked(*key, points) for key, points in by_voice.items()]

    def _advice(self, user: User, awaiting: list[Heard], recalled: list[Heard]) -> AdviceAsked:
        points = [self.told(hearing, hearing in recalled) for hearing in awaiting]
        door = self._door(user, awaiting, "donner un avis")
        return AdviceAsked(self.reading.advising[user.pk], points, door)

    def _door(self, user: User, awaiting: list[Heard], act: str) -> Door:
        """Where one does so: the dossier that holds all, the only point, else the list."""
        pks = {hearing.news.version.pk for hearing in awaiting}
        # Who answers for several organisations comes to the one that is asked.
        organisation = awaiting[0].voice.organisation.pk
        for dossier, held in self.reading.dossiers.items():
            if pks <= held:
                what, pk, label = DOSSIER, dossier.pk, "le dossier"
                break
        else:
            if len(pks) == 1:
                what, pk, label = POINT, *pks, "ce point"
            else:
                what, pk, label = POINTS, self.reading.convention.pk, "les points"
        return Door(
            address_of(user, what, pk, organisation), f"Lire {label} et {act}", what == POINT
        )


def _door_to(user: User, hearing: Heard) -> Door:
    """Where one reads more: what is no longer discussed, in the portal only."""
    news = hearing.news
    if isinstance(news, AnswersNoted):
        return Door(settings.SITE_URL + news.link(), "Relire et confirmer")
    if isinstance(news, DossierNews):
        return Door(settings.SITE_URL + news.link(), "Voir le dossier")
    return Door(address_of(user, POINT, news.version.pk), "Voir ce point")
