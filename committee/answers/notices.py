"""The reminder of noted answers, to who noted them."""

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from committee.answers.models import NotedAnswer
from committee.points.newsroom import CommitteeNews, CommitteeNotification, Newsroom
from committee.points.noted import Noted, notes_with_points
from committee.words import capitalized, format_answer_count
from conventions.models import Organisation
from notifications.news import News, Notification

# How long one may leave what one has noted before being reminded of it, once.
PATIENCE = datetime.timedelta(days=1)
FORMS = "réponse notée,réponses notées"


class AnswersNoted(CommitteeNews):
    """A person has noted answers in the name of an organisation on a day and not confirmed them. It
    is sent once, the day after, since their tasks show it already."""

    kind = "answers_noted"
    is_shown = False

    def __init__(self, user: User, organisation: Organisation, day: datetime.date, notes=()):
        self.user, self.organisation, self.day = user, organisation, day
        self.notes: list[Noted] = list(notes)

    @property
    def convention(self):
        return self.organisation.convention

    @property
    def about(self) -> str:
        return f"{self.user.pk}.{self.organisation.pk}.{self.day.isoformat()}"

    @property
    def not_before(self) -> datetime.datetime:
        return timezone.now() + PATIENCE

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        """Return the news of these keys whose notes may still be given."""
        rows = NotedAnswer.objects.of(reading.convention).filter(version__in=reading.points)
        rows = rows.filter(user__in=reading.people).select_related("user", "organisation")
        all_noted = notes_with_points(list(rows), reading.points, reading.bench)
        standing = [noted for noted in all_noted if noted.refusal is None]
        news = {}
        for key in keys:
            user, organisation, day = key.split(".")
            mine = [
                noted for noted in standing
                if noted.note.user_id == int(user)
                and noted.note.organisation_id == int(organisation)
            ]  # fmt: skip
            if mine:
                first = mine[0].note
                first.organisation.convention = reading.convention
                since = datetime.date.fromisoformat(day)
                news[key] = cls(first.user, first.organisation, since, mine)
        return news

    def recipients(self, reading: Newsroom) -> dict[int, Notification]:
        """Return the person who noted them, since their oldest note."""
        since = min(noted.note.noted_at for noted in self.notes)
        return {self.user.pk: CommitteeNotification(self, since)}

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        """Return all keys: a reminder is sent once, and notes of another day have another key."""
        return set(keys)

    @classmethod
    def subject(cls, notifications: list[CommitteeNotification], *, alone: bool) -> str:
        """Return « deux réponses notées attendent votre confirmation », counted over all
        notifications."""
        count = sum(len(notification.news.notes) for notification in notifications)
        verb = "attend" if count == 1 else "attendent"
        return f"{format_answer_count(count, FORMS)} {verb} votre confirmation"

    def heading(self) -> str:
        """Return « Deux réponses notées au nom de la Caf de la Vienne »."""
        count = capitalized(format_answer_count(len(self.notes), FORMS))
        return f"{count} au nom {self.organisation.genitive}"

    def summary(self, notification) -> str:
        return "Rien n’est encore envoyé : relisez vos réponses, puis confirmez-les."

    def lines(self, notification: CommitteeNotification, newsroom: Newsroom) -> list[str]:
        """Return that nothing is sent yet, then each noted answer with its point."""
        answers = [
            f"{noted.note.get_answer_display()} : {noted.version.title}" for noted in self.notes
        ]
        return [self.summary(notification), *answers]

    def link(self) -> str:
        """Return the path of the summary, for the organisation of the notes (``?pour=``)."""
        page = reverse("committee:recap", args=[self.convention.slug])
        return f"{page}?pour={self.organisation.pk}"
