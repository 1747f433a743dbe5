"""The message that sends one person everything new in one convention, in text and HTML."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from accounts.models import User
from agreements.models import Answer
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
from committee.points.newsroom import CommitteeNotification, Newsroom
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
from committee.words import capitalized
from conventions.models import Organisation
from conventions.notices import ConventionLetter, label_convention
from ctg_portal.templatetags.french import in_words
from ctg_portal.text.typography import polish

# More points are counted, not listed: a message is read on a telephone.
LISTED = 12


@dataclass(frozen=True)
class PointLines:
    """Points that await somebody: their number, a line for each of the first ones, and how many
    are not listed."""

    count: int
    lines: list[str]
    left: int


@dataclass(frozen=True)
class PointsToAnswer:
    """Points that await the answer of one organisation, the capacity in which it is given, and a
    sentence for each party that has agreed to some."""

    organisation: str
    capacity: str
    agreed: list[str]
    points: PointLines


@dataclass(frozen=True)
class PageLink:
    """A link to a page and the label of its button."""

    url: str
    label: str


@dataclass(frozen=True)
class PointsToAdvise:
    """Points that await the person's avis, in which capacity, and the link to where it is given."""

    advising: Advising
    points: PointLines
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

    def place(self, notification: CommitteeNotification) -> tuple:
        """Return the sort key: points by proposal, then the latest dossier, then entries and noted
        answers by age."""
        news = notification.news
        if isinstance(news, PointProposed):
            return 0, news.version.proposed_at.timestamp(), news.version.pk
        if isinstance(news, DossierNews):
            return 1, -news.dossier.sent_at.timestamp(), -news.dossier.pk
        if isinstance(news, AnswersNoted):
            return 2, notification.since.timestamp(), news.organisation.pk
        return 2, news.entry.created_at.timestamp(), news.entry.pk

    def recalled(
        self, user: User, new: list[CommitteeNotification], known: list[CommitteeNotification]
    ) -> list[CommitteeNotification]:
        """Return known news to send again: the base's, else, where a point or dossier is new, all
        points that still await the person: the message counts what the page counts."""
        if again := super().recalled(user, new, known):
            return again
        if not any(
            isinstance(notification.news, PointProposed | DossierSent) for notification in new
        ):
            return []
        return [
            notification for notification in known if isinstance(notification.news, PointProposed)
        ]

    def context(
        self, user: User, new: list[CommitteeNotification], recalled: list[CommitteeNotification]
    ) -> dict:
        """Return the parts of the message: to answer, to advise, urgent news, other news."""
        items = [*new, *recalled]
        awaiting = [
            notification for notification in items if isinstance(notification.news, PointAwaited)
        ]
        advice = [
            notification for notification in items if isinstance(notification.news, AdviceAwaited)
        ]
        sent = [
            notification.news.dossier
            for notification in items
            if isinstance(notification.news, DossierSent)
        ]
        return {
            "convention": self.reading.convention,
            "dossiers": sent,
            "asked": self._asked(awaiting),
            "door": self._link_to_points(user, awaiting, "répondre") if awaiting else None,
            "advice": self._advice(user, advice) if advice else None,
            "urgent": self._others(user, self.urgent, items, recalled),
            "others": self._others(user, self.calm, items, recalled),
        }

    def message_item(
        self, notification: CommitteeNotification, is_recalled: bool = False
    ) -> MessageItem:
        """Return the part about a piece of news; ``is_recalled``: it says it was sent before."""
        lines = notification.news.lines(notification, self.reading)
        if is_recalled:
            lines = [*lines, "Ce point vous a déjà été signalé."]
        return MessageItem(polish(notification.news.heading()), [polish(line) for line in lines])

    def _others(
        self,
        user: User,
        kinds: tuple,
        items: list[CommitteeNotification],
        recalled: list[CommitteeNotification],
    ) -> list:
        """Return the ``items`` whose news is of these classes, kind by kind, as pairs of what the
        message says and its link; those in ``recalled`` are worded as reminders."""
        return [
            (
                self.message_item(notification, notification in recalled),
                _link_to_news(user, notification),
            )
            for kind in kinds
            for notification in items
            if isinstance(notification.news, kind)
        ]

    def _asked(self, awaiting: list[CommitteeNotification]) -> list[PointsToAnswer]:
        """Return the points to answer, by organisation and capacity."""
        by_voice: dict[tuple[Organisation, str], list[CommitteeNotification]] = {}
        for notification in awaiting:
            key = notification.voice.organisation, notification.voice.capacity
            by_voice.setdefault(key, []).append(notification)
        return [
            PointsToAnswer(
                polish(organisation.genitive),
                capacity,
                [polish(words) for words in _agreements_of_others(organisation, notifications)],
                self._lines(notifications),
            )
            for (organisation, capacity), notifications in by_voice.items()
        ]

    def _advice(self, user: User, awaiting: list[CommitteeNotification]) -> PointsToAdvise:
        """Return the points on which an avis is awaited, with a link to them. ``awaiting`` is not
        empty."""
        door = self._link_to_points(user, awaiting, "donner un avis")
        return PointsToAdvise(self.reading.advising[user.pk], self._lines(awaiting), door)

    def _lines(self, awaiting: list[CommitteeNotification]) -> PointLines:
        """Return « Ouvrir un relais – Nouvelle fiche action… », a line a point."""
        lines = [
            polish(f"{notification.news.version.title} – {line}")
            for notification in awaiting[:LISTED]
            for line in notification.news.lines(notification, self.reading)
        ]
        return PointLines(len(awaiting), lines, len(awaiting) - len(lines))

    def _link_to_points(
        self, user: User, awaiting: list[CommitteeNotification], act: str
    ) -> PageLink:
        """Return a link to the first dossier with all these points, the only one, or the list."""
        pks = {notification.news.version.pk for notification in awaiting}
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
        return PageLink(address_of(user, what, pk, organisation), f"Lire {label} et {act}")


def _agreements_of_others(
    organisation: Organisation, notifications: list[CommitteeNotification]
) -> Iterator[str]:
    """Yield « La Caf de la Vienne est déjà d’accord sur deux points. » for each other party that
    has agreed to some of these points."""
    points = [notification.news.point for notification in notifications]
    for party in points[0].required:
        answers = [point.last_answers.get(party.pk) for point in points]
        count = sum(entry is not None and entry.answer == Answer.AGREED for entry in answers)
        if not count or party == organisation:
            continue
        what = f" sur {in_words(count, 'point,points')}" if len(points) > 1 else ""
        yield f"{capitalized(party.the)} est déjà d’accord{what}."


def _link_to_news(user: User, notification: CommitteeNotification) -> PageLink:
    """Return a link to more: in the portal for dossiers and one's notes, else a personal link."""
    news = notification.news
    if isinstance(news, AnswersNoted):
        return PageLink(settings.SITE_URL + news.link(), "Relire et confirmer")
    if isinstance(news, DossierNews):
        return PageLink(settings.SITE_URL + news.link(), "Voir le dossier")
    return PageLink(address_of(user, POINT, news.version.pk), "Voir ce point")
