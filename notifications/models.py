"""What each person is told, once: written with what happened, sent when its moment has come."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Min, Q

from accounts.models import MailRhythm, User

# How long it is kept that somebody was told; longer while the thing is still under discussion.
KEPT_FOR = datetime.timedelta(days=2 * 365)
# Older than this, when the portal begins to write, or when somebody comes: no longer news.
NEWS_FOR = datetime.timedelta(days=30)


class NoticeQuerySet(models.QuerySet):
    def to(self, user: User | int):
        return self.filter(user=user)

    def of(self, scope: str):
        return self.filter(scope=scope)

    def addressed(self):
        """Those that have their person."""
        return self.filter(user__isnull=False)

    def unaddressed(self):
        """Whose day decides whom they concern."""
        return self.filter(user__isnull=True)

    def waiting(self):
        """Not told yet."""
        return self.filter(told_at__isnull=True)

    def told(self):
        return self.filter(told_at__isnull=False)

    def ripe(self, now: datetime.datetime):
        """Whose moment has come, and that nobody has heard of yet: by an index of these only."""
        return self.waiting().filter(not_before__lte=now)

    def for_rhythm(self, monday: datetime.datetime, urgent: Iterable[str]):
        """Without what can wait for Monday, of people who chose to hear on Mondays."""
        return self.filter(
            Q(user__isnull=True)
            | Q(kind__in=urgent)
            | Q(user__mail_rhythm=MailRhythm.AT_ONCE)
            | Q(since__lte=monday)
        )

    def news_to(self, user: User, since: datetime.datetime):
        """What others did, the latest first."""
        return self.to(user).filter(is_own=False, since__gte=since).order_by("-since", "-pk")

    def old(self, now: datetime.datetime):
        """Told long ago, or never, because nobody knows the kind any more."""
        long_ago = now - KEPT_FOR
        return self.filter(
            Q(told_at__lt=long_ago) | Q(told_at__isnull=True, not_before__lt=long_ago)
        )

    def horizon(self, now: datetime.datetime) -> datetime.datetime:
        """What was there before that, nobody was ever written to about: the portal did not yet."""
        first = self.aggregate(first=Min("told_at"))["first"]
        return min(first or now, now) - NEWS_FOR


class Notice(models.Model):
    """Something for one person to know: to be told, told, or their own doing.

    Without a person it is still to be addressed: its day (``not_before``) decides whom it concerns,
    and a row for each of them takes its place. ``kind`` and ``about`` (what happened, to what),
    ``scope`` (where) are texts that mean something to the room that wrote them. ``title``,
    ``summary`` and ``link`` are what a page shows, even when nobody knows the kind any more.
    ``reason``: why it is told to this person (« votre siège de membre pour la Caf »).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", null=True, blank=True,
        verbose_name="personne",
    )  # fmt: skip
    kind = models.CharField("nature", max_length=60)
    about = models.CharField("objet", max_length=60)
    scope = models.CharField("cadre", max_length=60)
    scope_label = models.CharField("nom du cadre", max_length=300)
    title = models.CharField("titre", max_length=300, blank=True)
    summary = models.TextField("résumé", blank=True)
    link = models.CharField("lien", max_length=300, blank=True)
    since = models.DateTimeField("nouvelle depuis le")
    not_before = models.DateTimeField("pas avant le")
    told_at = models.DateTimeField("dite le", null=True, blank=True)
    is_own = models.BooleanField("de son propre fait", default=False)
    reason = models.CharField("reçue pour", max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "nouvelle"
        verbose_name_plural = "nouvelles"
        ordering = ["-since", "-pk"]
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(told_at__isnull=True), name="notice_by_moment"
            ),
            models.Index(fields=["scope", "kind"], name="notice_by_scope"),
            models.Index(fields=["told_at"], name="notice_by_telling"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "about"],
                condition=Q(user__isnull=False),
                name="notice_told_once",
                violation_error_message="Cette personne le sait déjà.",
            ),
            models.CheckConstraint(
                name="notice_told_to_somebody",
                condition=Q(told_at__isnull=True) | Q(user__isnull=False),
                violation_error_message="Une nouvelle se dit à quelqu’un.",
            ),
            models.CheckConstraint(
                name="notice_own_is_known",
                condition=Q(is_own=False) | Q(told_at__isnull=False),
                violation_error_message="Ce que l’on a fait soi-même, on le sait déjà.",
            ),
        ]

    def __str__(self):
        return self.title or self.kind
