"""Notices to persons: written in the transaction of what happened, sent once, when due."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Min, Q

from accounts.models import MailRhythm, User

# How long notices are kept; longer while their subject is still open.
KEPT_FOR = datetime.timedelta(days=2 * 365)
# What is older than this when the portal first writes, or when a person joins, is no news.
NEWS_FOR = datetime.timedelta(days=30)


class NoticeQuerySet(models.QuerySet):
    def to(self, user: User | int):
        return self.filter(user=user)

    def of(self, scope: str):
        return self.filter(scope=scope)

    def addressed(self):
        """Return the notices that have a person."""
        return self.filter(user__isnull=False)

    def unaddressed(self):
        """Return the notices without a person yet: whom they concern is asked when they are due."""
        return self.filter(user__isnull=True)

    def waiting(self):
        """Return the notices of which the person does not know yet."""
        return self.filter(told_at__isnull=True)

    def known(self):
        """Return the notices of which the person knows: they were sent, or are their own doing."""
        return self.filter(told_at__isnull=False)

    def due(self, now: datetime.datetime):
        """Return the waiting notices whose moment has come, by a partial index."""
        return self.waiting().filter(not_before__lte=now)

    def for_rhythm(self, monday: datetime.datetime, urgent: Iterable[str]):
        """Return the notices without those that can wait for Monday, to people who chose weekly
        messages. ``monday``: the last Monday morning; ``urgent``: the kinds that cannot wait."""
        return self.filter(
            Q(user__isnull=True)
            | Q(kind__in=urgent)
            | Q(user__mail_rhythm=MailRhythm.AT_ONCE)
            | Q(since__lte=monday)
        )

    def news_for(self, user: User, since: datetime.datetime):
        """Return the notices to ``user`` of what others did since a moment, the latest first."""
        return self.to(user).filter(is_own=False, since__gte=since).order_by("-since", "-pk")

    def expired(self, now: datetime.datetime):
        """Return the notices sent long ago, or due long ago and never sent, because their kind is
        no longer declared."""
        long_ago = now - KEPT_FOR
        return self.filter(
            Q(told_at__lt=long_ago) | Q(told_at__isnull=True, not_before__lt=long_ago)
        )

    def horizon(self, now: datetime.datetime) -> datetime.datetime:
        """Return the moment before which what was open is no news: NEWS_FOR before the first
        message of the portal, or before ``now`` where none was sent yet."""
        first = self.aggregate(first=Min("told_at"))["first"]
        return min(first or now, now) - NEWS_FOR


class Notice(models.Model):
    """A notice to one person: to be sent, sent (``told_at``), or of their own doing.

    Without a person it is still to be addressed: on its day (``not_before``) it is replaced by one
    row for each person whom it concerns then. ``kind`` and ``about`` (what happened, to what) and
    ``scope`` (where) have a meaning only for the room that wrote them. ``title``, ``summary`` and
    ``link`` are shown on a page, even when the kind is no longer declared. ``reason``: why this
    person is notified (« votre siège de membre pour la Caf »).
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
