"""The message that sends one person everything new in one convention, in text and HTML."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from accounts.models import User
from committee.advice import Advising
from committee.answers.notices import AnswersNoted
from committee.dossiers.notices import (
    DossierComplete,
    DossierNews,
    DossierRecalled,
    DossierReminder,
    DossierSent,
)
from committee.links.tokens import DOSSIER, POINT, POINTS, address_of
from committee.mail.notices import TurnsChanged
from committee.points.newsroom import CommitteeHearing, Newsroom
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
from committee.points.summaries import MessageItem
from conventions.notices import ConventionLetter, label_convention
from ctg_portal.text.typography import polish

# Of more points than these a message gives the titles, and the page behind its button the rest.
MOST_WHOLE = 12


@dataclass(frozen=True)
class PointsToAnswer:
    """Points that await the answer of one organisation, and the capacity in which it is given."""

    organisation: str
    capacity: str
    points: list[MessageItem]


@dataclass(frozen=True)
class PageLink:
    """A link to a page and the label of its button. ``is_of_one``: the page is that of one point,
    which the message shows first."""

    url: str
    label: str
    is_of_one: bool = False


@dataclass(frozen=True)
class PointsToAdvise:
    """Points that await the person's avis, in which capacity, and the link to where it is given."""

    advising: Advising
    points: list[MessageItem]
    door: PageLink


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
    # In the order in which the message lists what is to be known, not answered.
    urgent = (AgreementRecorded, DossierReminder)
    calm = (
        AnswersNoted, ChangeRequested, AgreementRetracted, RecordedRefused, DossierComplete,
        DossierRecalled,
    )  # fmt: skip

    @cached_property
    def reading(self) -> Newsroom | None:
        """The committee's news of the convention at ``now``; None if the convention no longer
        exists. Sets ``label``, its name."""
        convention = self.convention()
        if convention is None:
            return None
        self.label = label_convention(convention)
        return Newsroom(convention, self.now)

    def place(self, hearing: CommitteeHearing) -> tuple:
        """Return the sort key: points by proposal, then the latest dossier, then entries and noted
        answers by age."""
        news = hearing.news
        if isinstance(news, PointProposed):
            return 0, news.version.proposed_at.timestamp(), news.version.pk
        if isinstance(news, DossierNews):
            return 1, -news.dossier.sent_at.timestamp(), -news.dossier.pk
        if isinstance(news, AnswersNoted):
            return 2, hearing.since.timestamp(), news.organisation.pk
        return 2, news.entry.created_at.timestamp(), news.entry.pk

    def recalled(
        self, user: User, new: list[CommitteeHearing], known: list[CommitteeHearing]
    ) -> list[CommitteeHearing]:
        """Return known news to send again: the base's, else the points of dossiers just sent."""
        if again := super().recalled(user, new, known):
            return again
        sent = [hearing.news.dossier for hearing in new if isinstance(hearing.news, DossierSent)]
        versions = set().union(*(self.reading.dossiers[dossier] for dossier in sent))
        return [hearing for hearing in known if hearing.news.version.pk in versions]

    def context(
        self, user: User, new: list[CommitteeHearing], recalled: list[CommitteeHearing]
    ) -> dict:
        """Return the parts of the message: to answer, to advise, urgent news, other news."""
        items = [*new, *recalled]
        awaiting = [hearing for hearing in items if isinstance(hearing.news, PointAwaited)]
        advice = [hearing for hearing in items if isinstance(hearing.news, AdviceAwaited)]
        sent = [hearing.news.dossier for hearing in items if isinstance(hearing.news, DossierSent)]
        return {
            "convention": self.reading.convention,
            "dossiers": sent,
            "asked": self._asked(awaiting, recalled),
            "door": self._link_to_points(user, awaiting, "répondre") if awaiting else None,
            "advice": self._advice(user, advice, recalled) if advice else None,
            "urgent": self._others(user, self.urgent, items, recalled),
            "others": self._others(user, self.calm, items, recalled),
        }

    def message_item(self, hearing: CommitteeHearing, is_recalled: bool = False) -> MessageItem:
        """Return the part about a piece of news; ``is_recalled``: it says it was sent before."""
        lines = hearing.news.lines(hearing, self.reading)
        if is_recalled:
            lines = [*lines, "Ce point vous a déjà été signalé."]
        title, fields = hearing.news.heading(), hearing.news.fields(hearing, self.reading)
        return MessageItem(polish(title), [polish(line) for line in lines], fields)

    def _others(
        self,
        user: User,
        kinds: tuple,
        items: list[CommitteeHearing],
        recalled: list[CommitteeHearing],
    ) -> list:
        """Return the ``items`` whose news is of these classes, kind by kind, as pairs of what the
        message says and its link; those in ``recalled`` are worded as reminders."""
        return [
            (self.message_item(hearing, hearing in recalled), _link_to_news(user, hearing))
            for kind in kinds
            for hearing in items
            if isinstance(hearing.news, kind)
        ]

    def _asked(
        self, awaiting: list[CommitteeHearing], recalled: list[CommitteeHearing]
    ) -> list[PointsToAnswer]:
        """Return the points to answer, by organisation and capacity, the new ones first."""
        by_voice: dict[tuple, list[MessageItem]] = {}
        for hearing in awaiting:
            key = polish(hearing.voice.organisation.genitive), hearing.voice.capacity
            item = self.message_item(hearing, hearing in recalled)
            if len(awaiting) > MOST_WHOLE:
                item = MessageItem(item.title, [])
            by_voice.setdefault(key, []).append(item)
        return [PointsToAnswer(*key, points) for key, points in by_voice.items()]

    def _advice(
        self, user: User, awaiting: list[CommitteeHearing], recalled: list[CommitteeHearing]
    ) -> PointsToAdvise:
        """Return the points on which an avis is awaited, with a link to them. ``awaiting`` is not
        empty."""
        points = [self.message_item(hearing, hearing in recalled) for hearing in awaiting]
        if len(awaiting) > MOST_WHOLE:
            points = [MessageItem(point.title, []) for point in points]
        door = self._link_to_points(user, awaiting, "donner un avis")
        return PointsToAdvise(self.reading.advising[user.pk], points, door)

    def _link_to_points(self, user: User, awaiting: list[CommitteeHearing], act: str) -> PageLink:
        """Return a link to the first dossier with all these points, the only one, or the list."""
        pks = {hearing.news.version.pk for hearing in awaiting}
        # Who answers for several organisations comes to the one that is asked.
        organisation = awaiting[0].voice.organisation.pk
        for dossier, versions in self.reading.dossiers.items():
            if pks <= versions:
                what, pk, label = DOSSIER, dossier.pk, "le dossier"
                break
        else:
            if len(pks) == 1:
                what, pk, label = POINT, *pks, "ce point"
            else:
                what, pk, label = POINTS, self.reading.convention.pk, "les points"
        return PageLink(
            address_of(user, what, pk, organisation), f"Lire {label} et {act}", what == POINT
        )


def _link_to_news(user: User, hearing: CommitteeHearing) -> PageLink:
    """Return a link to more: in the portal for dossiers and one's notes, else a personal link."""
    news = hearing.news
    if isinstance(news, AnswersNoted):
        return PageLink(settings.SITE_URL + news.link(), "Relire et confirmer")
    if isinstance(news, DossierNews):
        return PageLink(settings.SITE_URL + news.link(), "Voir le dossier")
    return PageLink(address_of(user, POINT, news.version.pk), "Voir ce point")
