"""Who speaks changes with seats, absences, delegations and accesses, and with the day."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from agreements.models import Agreement, Answer
from committee.dossiers.notices import DossierComplete, DossierSent
from committee.mail.newsroom import Newsroom, morning_of
from committee.models import Dossier
from committee.points.notices import DeliberationDue, PointAwaited, news_of_entries
from conventions.loading import LoadReport
from conventions.models import Convention
from conventions.notices import ConventionNews
from notifications.news import News, tell


class TurnsChanged(ConventionNews):
    """From ``on`` (by default from now), others may have to answer or to know: what stands in the
    convention is told to whoever does not know of it. No news by itself."""

    kind = "turns_changed"

    def __init__(self, convention: Convention, on: datetime.date | None = None):
        self.convention, self.on = convention, on

    @property
    def about(self) -> str:
        return str(self.convention.pk)

    @property
    def not_before(self) -> datetime.datetime:
        now = timezone.now()
        return max(morning_of(self.on), now) if self.on else now

    @classmethod
    def found(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        return {key: cls(reading.convention) for key in keys}

    def parts(self, reading: Newsroom) -> list[News]:
        points = reading.points.values()
        announced = [
            DeliberationDue(entry, point)
            for point in points
            for entry in point.entries.values()
            if entry.answer == Answer.DELIBERATION and entry.body_date < reading.today
        ]
        said = Agreement.objects.of(reading.convention).to_tell(reading.recent)
        complete = Dossier.objects.of(reading.convention).completed_since(reading.recent)
        return [
            *(PointAwaited(point.version, point) for point in points),
            *announced,
            *(DossierSent(dossier) for dossier in reading.dossiers),
            *news_of_entries(said, reading),
            *(DossierComplete(dossier) for dossier in complete),
        ]


def tell_turns(convention: Convention, days: Iterable[datetime.date]) -> None:
    """On each of these days others may have to answer."""
    tell(*(TurnsChanged(convention, day) for day in days))


def tell_turns_of_today(convention: Convention) -> None:
    tell(TurnsChanged(convention))


def tell_turns_after_load(convention: Convention, report: LoadReport) -> None:
    """A file that changes nothing changes nobody's turn."""
    if report.has_changes:
        tell(TurnsChanged(convention))
