"""News to who is given a theme to write."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from conventions.models import Convention, Membership
from conventions.notices import ConventionNews
from ctg_portal.templatetags.french import in_words, long_date
from evaluation.period import Period
from evaluation.texts.models import Writer
from notifications.news import Notification


@dataclass(frozen=True)
class Reading:
    """The convention of a letter, and the moment at which it is written."""

    convention: Convention
    now: datetime.datetime


class ThemeGiven(ConventionNews):
    """The news that a theme was given to a person; mailed only, for pages show a task."""

    kind = "theme_given"
    stays = True
    is_shown = False

    def __init__(self, writer: Writer):
        self.writer, self.convention = writer, writer.theme.axis.convention

    @property
    def about(self) -> str:
        return str(self.writer.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        """Return the news by key, for the writers of the convention that are still there."""
        rows = Writer.objects.of(reading.convention).filter(pk__in=keys)
        return {str(row.pk): cls(row) for row in rows.select_related("theme__axis__convention")}

    def is_obsolete(self, reading: Reading) -> bool:
        """Return whether the text was taken back or written, or its last day is over."""
        writer, today = self.writer, timezone.localdate(reading.now)
        is_over = writer.until is not None and writer.until < today
        return bool(writer.taken_back_at or writer.written_at or is_over)

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Return the writer alone, by primary key; nobody once their access has ended."""
        acting = Membership.objects.effective().of(reading.convention)
        if not acting.filter(user=self.writer.user_id).exists():
            return {}
        return {self.writer.user_id: Notification(self, self.writer.given_at)}

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return the subject of the mail: the theme, or how many where several are given."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'bilan,bilans')} vous sont confiés"
        writer = notifications[0].news.writer
        return f"le {Period(writer.year).account} de « {writer.theme} » vous est confié"

    def summary(self, notification: Notification) -> str:
        """Return what the person may do now, and until when."""
        until = self.writer.until
        by_when = f", jusqu’au {long_date(until)}" if until else ""
        return (
            f"Vous pouvez l’écrire{by_when} : les chiffres et les actions de "
            f"{Period(self.writer.year).subject} sont à côté du texte."
        )

    def link(self) -> str:
        """Return the address of the page where the text is written."""
        slug, writer = self.convention.slug, self.writer
        return reverse("evaluation:narrative", args=[slug, writer.year, writer.theme_id])
