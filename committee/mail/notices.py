"""Notify people whose turn it becomes to answer when seats, absences, delegations or accesses
change, or on a given day."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from agreements.models import UNDO_DELAY, Agreement, Answer
from committee.dossiers.models import Dossier
from committee.dossiers.notices import DossierComplete, DossierSent
from committee.points.newsroom import Newsroom, morning_of
from committee.points.notices import AdviceAwaited, DeliberationDue, PointAwaited, news_of_entries
from conventions.loading import LoadReport
from conventions.models import Convention
from conventions.notices import ConventionNews
from notifications.news import News, Notification, notify


class TurnsChanged(ConventionNews):
    """From ``on`` (by default from now), others may have to answer or to know. No news by itself:
    what stands in the convention is notified, ``wait`` later, to whoever has not been notified of
    it."""

    kind = "turns_changed"

    def __init__(
        self, convention: Convention, on: datetime.date | None = None,
        wait: datetime.timedelta = datetime.timedelta(),
    ):  # fmt: skip
        self.convention, self.on, self.wait = convention, on, wait

    @property
    def about(self) -> str:
        return str(self.convention.pk)

    @property
    def not_before(self) -> datetime.datetime:
        """The beginning of the day ``on``, or now if that is past, and ``wait`` later."""
        now = timezone.now()
        return (max(morning_of(self.on), now) if self.on else now) + self.wait

    @classmethod
    def load(cls, keys: Iterable[str], reading: Newsroom) -> dict[str, News]:
        return {key: cls(reading.convention) for key in keys}

    def parts(self, reading: Newsroom) -> list[News]:
        """Return the news of points, passed délibérations, dossiers, and final entries."""
        points = reading.points.values()
        announced = [
            DeliberationDue(entry, point)
            for point in points
            for entry in point.last_answers.values()
            if entry.answer == Answer.DELIBERATION and entry.body_date < reading.today
        ]
        entries = Agreement.objects.of(reading.convention).to_announce(reading.recent)
        entries = entries.exclude(pk__in=Agreement.objects.undoable())
        complete = Dossier.objects.of(reading.convention).completed_since(reading.recent)
        complete = complete.filter(completed_at__lte=reading.now - UNDO_DELAY)
        return [
            *(
                PointAwaited(point.version, point)
                for point in points
                if not point.is_returned_if_undone
            ),
            *(
                AdviceAwaited(point.version, point)
                for point in points
                if not point.is_returned_if_undone
            ),
            *announced,
            *(DossierSent(dossier) for dossier in reading.dossiers),
            *news_of_entries(entries, reading),
            *(DossierComplete(dossier) for dossier in complete),
        ]

    def recipients(self, reading: Newsroom) -> dict[int, Notification]:
        return {}  # its parts go out in its place

    @classmethod
    def subject(cls, notifications: list[Notification], *, alone: bool) -> str:
        return ""

    def link(self) -> str:
        return ""


def notify_turns(
    convention: Convention, days: Iterable[datetime.date],
    wait: datetime.timedelta = datetime.timedelta(),
) -> None:  # fmt: skip
    """Create a notice for each of these days, on which others may have to answer. They are notified
    ``wait`` later."""
    notify(*(TurnsChanged(convention, day, wait) for day in days))


def notify_turns_of_today(convention: Convention) -> None:
    """Create a notice: from now, others may have to answer."""
    notify(TurnsChanged(convention))


def notify_turns_after_load(convention: Convention, report: LoadReport) -> None:
    """Create a notice unless the loaded file changed nothing, and so nobody's turn."""
    if report.has_changes:
        notify(TurnsChanged(convention))
