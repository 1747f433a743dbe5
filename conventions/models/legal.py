"""Legal time: what was agreed holds from one amendment until another, never by an edit."""

import datetime

from django.db import models
from django.db.models import Q

from ctg_portal.search import SearchableQuerySet


class LegalQuerySet(SearchableQuerySet):
    def effective(self, on: datetime.date):
        """Rows whose amendment has taken effect on that day and that none has ended by then."""
        return self.filter(since__effective_on__lte=on).filter(
            Q(until__isnull=True)
            | Q(until__effective_on__isnull=True)
            | Q(until__effective_on__gt=on)
        )

    def in_force(self, on: datetime.date):
        """What binds on that day. What was signed binds once effective; the committee's part is
        to be agreed to as well (``ObjectiveQuerySet``)."""
        return self.effective(on)

    def drafted(self):
        """The latest wording, signed or not: what a project is read from."""
        return self.filter(until__isnull=True)

    def as_read_on(self, day: datetime.date | None):
        """The text effective on ``day``; for a project (``None``), its latest wording."""
        return self.drafted() if day is None else self.effective(day)


class LegalRow(models.Model):
    """A part of what the parties signed: in force ``since`` an amendment, ``until`` another."""

    since = models.ForeignKey(
        "conventions.Amendment", models.PROTECT, related_name="+", verbose_name="depuis"
    )
    until = models.ForeignKey(
        "conventions.Amendment",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="jusqu’à",
    )

    class Meta:
        abstract = True
