"""What is told of answers that were noted: a reminder, to who noted them."""

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from committee.answers.counts import answers_in_words, sentence
from committee.answers.noted import Noted, with_points
from committee.mail.newsroom import CommitteeNews, Heard, Newsroom
from committee.models import NotedAnswer
from conventions.models import Organisation
from notifications.news import Hearing, News

# How long one may leave what one has noted before being reminded of it, once.
PATIENCE = datetime.timedelta(days=1)
FORMS = "réponse notée,réponses notées"


class AnswersNoted(CommitteeNews):
    """A person has noted answers in the name of an organisation from a day on, and not confirmed
    them: told once, the day after. Their tasks show it already."""

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
        """Only what may still be said."""
        rows = NotedAnswer.objects.of(reading.convention).filter(version__in=reading.points)
        rows = rows.filter(user__in=reading.people).select_related("user", "organisation")
        noted = with_points(list(rows), reading.points, reading.bench)
        standing = [one for one in noted if one.refusal is None]
        found = {}
        for key in keys:
            user, organisation, day = key.split(".")
            mine = [
                one for one in standing
                if (one.note.user_id, one.note.organisation_id) == (int(user), int(organisation))
            ]  # fmt: skip
            if mine:
                first = mine[0].note
                first.organisation.convention = reading.convention
                since = datetime.date.fromisoformat(day)
                found[key] = cls(first.user, first.organisation, since, mine)
        return found

    def recipients(self, reading: Newsroom) -> dict[int, Hearing]:
        since = min(noted.note.noted_at for noted in self.notes)
        return {self.user.pk: Heard(self, since)}

    @classmethod
    def settled(cls, keys: Iterable[str]) -> set[str]:
        """A batch is told of once: another one has another day."""
        return set(keys)

    @classmethod
    def subject(cls, hearings: list[Heard], *, alone: bool) -> str:
        count = sum(len(hearing.news.notes) for hearing in hearings)
        verb = "attend" if count == 1 else "attendent"
        return f"{answers_in_words(count, FORMS)} {verb} votre confirmation"

    def heading(self) -> str:
        told = sentence(answers_in_words(len(self.notes), FORMS))
        return f"{told} au nom {self.organisation.of_the}"

    def summary(self, hearing) -> str:
        return "Rien n’est encore envoyé : relisez vos réponses, puis confirmez-les."

    def lines(self, hearing: Heard, newsroom: Newsroom) -> list[str]:
        told = [
            f"{noted.note.get_answer_display()} : {noted.version.title}" for noted in self.notes
        ]
        return [self.summary(hearing), *told]

    def link(self) -> str:
        page = reverse("committee:recap", args=[self.convention.slug])
        return f"{page}?pour={self.organisation.pk}"
