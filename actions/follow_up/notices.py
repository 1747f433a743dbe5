"""Notify whoever leads actions of what awaits them: a note of the year to write, a milestone due,
an action that is late. They are written to once of each, in one message with the figures owed.
"""

import datetime
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from actions.follow_up.awaited import actions_awaiting_note
from actions.follow_up.models import FollowUp
from actions.follow_up.parts import MILESTONES, STATE, NotePart
from actions.follow_up.tasks import late_since
from actions.follow_up.words import describe_lateness, late_word
from actions.plan.models import Action, Milestone
from conventions.models import Convention, Membership, Role
from conventions.notices import ConventionNews
from ctg_portal.marks.events import event
from ctg_portal.templatetags.french import in_words, long_date
from notifications.models import Notice
from notifications.news import Notification, notify

# How long before its day a milestone is announced.
NEAR = datetime.timedelta(days=14)
SEPARATOR = ":"


class Leaders:
    """Who leads what in a convention: by name, else as somebody who enters for an organisation."""

    def __init__(self, convention: Convention):
        effective = Membership.objects.effective().filter(organisation__convention=convention)
        rows = effective.values_list("organisation", "user", "role")
        self._entering: dict[int, set[int]] = defaultdict(set)
        self._people = set()
        for organisation, user, role in rows:
            self._people.add(user)
            if role in Role.entering():
                self._entering[organisation].add(user)

    def of(self, action: Action) -> set[int]:
        """Return the keys of the people to write to: those named who have access; else, for each
        organisation that leads, those who enter data for it."""
        leaders: set[int] = set()
        for lead in action.leads.all():
            is_here = lead.user_id in self._people
            leaders |= {lead.user_id} if is_here else self._entering[lead.organisation_id]
        return leaders


class LeadNews(ConventionNews, abstract=True):
    """Base of what awaits whoever leads an action. ``about``: its key, then ``what``.

    ``others``: the news of the same kind in the same message.
    """

    is_shown = False  # the dashboard has it among the tasks
    others: "tuple[LeadNews, ...]" = ()
    leaders: Leaders
    part: ClassVar[Any]  # of the follow-up, whose form its link opens

    def __init__(self, action: Action, *what: str):
        self.action, self.what, self.convention = action, what, action.convention

    @property
    def key(self) -> int:
        """The key of the row that it is about."""
        return self.action.pk

    @property
    def about(self) -> str:
        return SEPARATOR.join([str(self.key), *self.what])

    @classmethod
    def load(cls, keys: Iterable[str], reading) -> Mapping[str, "LeadNews"]:
        """Return the news by key, with who leads; without those of actions that are gone."""
        whats = {key: key.split(SEPARATOR) for key in keys}
        rows = cls.actions_by_key(reading.convention, {int(pk) for pk, *_ in whats.values()})
        leaders, news_by_key = Leaders(reading.convention), {}
        for key, (pk, *what) in whats.items():
            if row := rows.get(int(pk)):
                news = news_by_key[key] = cls(row, *what)
                news.leaders = leaders
        return news_by_key

    @classmethod
    def actions_by_key(cls, convention: Convention, keys: set[int]) -> dict[int, Any]:
        """Return the rows that news are about, by key: followed actions of the convention."""
        rows = Action.objects.of(convention).followed().with_relations()
        return {action.pk: action for action in rows.filter(pk__in=keys)}

    def recipients(self, reading) -> dict[int, Notification]:
        return {pk: Notification(self, reading.now) for pk in self.leaders.of(self.action)}

    @property
    @abstractmethod
    def day(self) -> datetime.date:
        """The day that counts: by when it is awaited, or since when it is late."""

    @property
    @abstractmethod
    def line(self) -> str:
        """The words for it in a list of several."""

    def listed(self, notification: Notification) -> list[str]:
        """Return a line for each of the news in one message; none for a single one."""
        return [news.line for news in (self, *self.others)] if self.others else []

    def link(self) -> str:
        """Return the page of all that one leads, where the form of this one is open."""
        page = reverse("actions:mine", args=[self.convention.slug])
        if self.others:
            return page
        query = urlencode({"fiche": self.action.pk, "partie": self.part.key})
        return f"{page}?{query}#{self.action.anchor}"


def count_news(notifications: Iterable[Any]) -> int:
    """Return how many actions or milestones news are about, with the others of each message."""
    return sum(1 + len(notification.news.others) for notification in notifications)


class NoteAwaited(LeadNews):
    """The note of a year is to be written; its key holds the year and the day."""

    kind = "note_awaited"

    @cached_property
    def part(self) -> NotePart:
        return NotePart(self.year)

    @property
    def year(self) -> int:
        return int(self.what[0])

    @property
    def day(self):
        return datetime.date.fromisoformat(self.what[1])

    def is_obsolete(self, reading) -> bool:
        return FollowUp.objects.filter(action=self.action, year=self.year).exists()

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return « le bilan 2024 de « Ouvrir un lieu » est à écrire », « 16 bilans 2024 sont … »"""
        news, count = notifications[0].news, count_news(notifications)
        if count == 1:
            return f"le bilan {news.year} de « {news.action.title} » est à écrire"
        return f"{in_words(count, f'bilan,bilans {news.year}')} sont à écrire"

    def summary(self, notification) -> str:
        return f"Avant le {long_date(self.day)}."

    @property
    def line(self) -> str:
        return self.action.title


class MilestoneDue(LeadNews):
    """A milestone is due soon; its key is the milestone's, and holds the day."""

    kind = "milestone_due"
    part = MILESTONES

    def __init__(self, milestone: Milestone, *what: str):
        super().__init__(milestone.action, *what)
        self.milestone = milestone

    @property
    def key(self) -> int:
        return self.milestone.pk

    @classmethod
    def actions_by_key(cls, convention, keys):
        followed = Action.objects.of(convention).followed().with_relations()
        actions = {action.pk: action for action in followed}
        milestones = Milestone.objects.unreached().filter(pk__in=keys, action__in=actions)
        by_key = {}
        for milestone in milestones:
            milestone.action = actions[milestone.action_id]
            by_key[milestone.pk] = milestone
        return by_key

    @property
    def day(self):
        return datetime.date.fromisoformat(self.what[0])

    def is_obsolete(self, reading) -> bool:
        return self.milestone.due_on != self.day

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        news, count = notifications[0].news, count_news(notifications)
        if count == 1:
            return f"le jalon « {news.milestone.title} » est attendu le {long_date(news.day)}"
        return f"{in_words(count, 'jalon,jalons')} sont attendus"

    def summary(self, notification) -> str:
        return "" if self.others else f"Action « {self.action.title} »."

    @property
    def line(self) -> str:
        return f"{self.milestone.title}, le {long_date(self.day)} (« {self.action.title} »)"


class ActionLate(LeadNews):
    """An action is late; its key holds the day since when."""

    kind = "action_late"
    part = STATE

    @classmethod
    def settled(cls, keys):
        """Return the keys of actions that are over: the others would be announced again."""
        whats = {key: int(key.split(SEPARATOR)[0]) for key in keys}
        open_ones = Action.objects.followed().filter(pk__in=whats.values())
        followed = set(open_ones.values_list("pk", flat=True))
        return {key for key, pk in whats.items() if pk not in followed}

    @property
    def day(self):
        return datetime.date.fromisoformat(self.what[0])

    def is_obsolete(self, reading) -> bool:
        today = timezone.localdate(reading.now)
        return not self.action.is_late(today) or self.convention.has_ended(today)

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        news, count = notifications[0].news, count_news(notifications)
        word = late_word(news.convention, timezone.localdate(notifications[0].since))
        if count == 1:
            return f"l’action « {news.action.title} » est {word.singular}"
        return f"{in_words(count, 'action,actions')} que vous pilotez sont {word.plural}"

    def summary(self, notification) -> str:
        today = timezone.localdate(notification.since)
        return "" if self.others else next(describe_lateness(self.action, today), "")

    @property
    def line(self) -> str:
        return f"{self.action.title}, depuis le {long_date(self.day)}"


def merge_led(notifications: list[Notification]) -> list[Notification]:
    """Return the news with those of one kind to whoever leads merged in the place of the first;
    notes of different years stay apart."""
    merged: list[Notification] = []
    places: dict[tuple, int] = {}
    for notification in notifications:
        news = notification.news
        key = (news.kind, news.what[0] if isinstance(news, NoteAwaited) else "")
        if not isinstance(news, LeadNews) or key not in places:
            places[key] = len(merged)
            merged.append(notification)
            continue
        together: Any = copy(merged[places[key]].news)
        together.others = (*together.others, news)
        merged[places[key]] = replace(merged[places[key]], news=together)
    return merged


# When -------------------------------------------------------------------------------------------


def announce_notes(campaign) -> None:
    """Notify whoever leads that the notes of the year of a campaign are to be written, once it
    opens: with its figures, by its day."""
    actions = Action.objects.of(campaign.convention).agreed()
    notify(
        *(
            NoteAwaited(action, str(campaign.year), campaign.due_on.isoformat())
            for action in actions_awaiting_note(actions, campaign.year)
        )
    )


@event()
def call_leads() -> None:
    """Notify whoever leads of milestones due soon and of actions that have become late, each once,
    in conventions that have not ended."""
    today = timezone.localdate()
    running = Action.objects.followed().filter(convention__end__gte=today)
    near = Milestone.objects.unreached().filter(
        due_on__range=(today, today + NEAR), action__in=running
    )
    late = running.late(today).with_relations()
    news: list[LeadNews] = [
        *(MilestoneDue(row, row.due_on.isoformat())
          for row in near.select_related("action__convention")),
        *(ActionLate(row, late_since(row, today).isoformat()) for row in late),
    ]  # fmt: skip
    kinds = [MilestoneDue.kind, ActionLate.kind]
    noticed = Notice.objects.filter(kind__in=kinds, about__in=[piece.about for piece in news])
    known = set(noticed.values_list("kind", "about"))
    notify(*(piece for piece in news if (piece.kind, piece.about) not in known))
