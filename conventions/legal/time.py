"""Legal time: what was agreed holds from one amendment until another, never by an edit.

Amendments follow each other by their day of effect, then by their number: not by when somebody
typed them. One that has no day of effect is a project; it comes last, and binds nobody.
"""

import copy
import datetime
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from ctg_portal.search.rows import SearchableQuerySet

UNDATED = datetime.date.max


def legal_order(amendment) -> tuple[datetime.date, int]:
    """Return the key by which amendments follow each other: day of effect (none: last), then
    number. Twin: ``_last_in_effect``."""
    return amendment.effective_on or UNDATED, amendment.number


def _in_effect(rows: QuerySet, day: datetime.date | None) -> QuerySet:
    """Keep rows whose amendment has taken effect by ``day`` (None: all, signed or not); that effect
    is their alias ``effect``."""
    dated = Coalesce("since__effective_on", Value(UNDATED, DateField()))
    return rows.alias(effect=dated).filter(effect__lte=day or UNDATED)


def _last_in_effect(rows: QuerySet, about: str, day: datetime.date | None, **among) -> QuerySet:
    """Keep, for each value of the foreign key ``about``, the row whose amendment is the last in
    effect by ``day``; only rows that match ``among`` compete."""
    others = rows.model._base_manager.filter(**{about: OuterRef(about)}, **among)
    others = _in_effect(others, day)
    later = others.filter(
        Q(effect__gt=OuterRef("effect"))
        | Q(effect=OuterRef("effect"), since__number__gt=OuterRef("since__number"))
    )
    return _in_effect(rows, day).filter(~Exists(later))


class LegalQuerySet(SearchableQuerySet):
    """Rows of the text, read as on a day; each kind defines ``effective`` and ``drafted``."""

    def effective(self, on: datetime.date):
        """Keep what amendments have brought by that day, and not taken away."""
        raise NotImplementedError

    def drafted(self):
        """Keep the latest wording, signed or not: a project is read from it."""
        raise NotImplementedError

    def in_force(self, on: datetime.date):
        """Keep what binds on that day. What was signed binds once effective; what the committee
        decides must be agreed to as well (``ObjectiveQuerySet``)."""
        return self.effective(on)

    def as_read_on(self, day: datetime.date | None):
        """Keep the text effective on ``day``; for a project (``None``), its latest wording."""
        return self.drafted() if day is None else self.effective(day)


class LegalRow(models.Model):
    """A row of the text: ``since`` the amendment that brought it, ``until`` another."""

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


class PlaceQuerySet(LegalQuerySet):
    """Rows that each hold, for their foreign key ``ABOUT``, from one amendment to another."""

    ABOUT = ""

    def effective(self, on):
        """Keep, for each ``ABOUT``, the last row in effect on that day that has not ended."""
        not_ended = (
            Q(until__isnull=True)
            | Q(until__effective_on__isnull=True)
            | Q(until__effective_on__gt=on)
            # What ends it took effect before it: an amendment signed later, for an earlier day.
            | Q(until__effective_on__lt=F("since__effective_on"))
            | Q(until__effective_on=F("since__effective_on"),
                until__number__lt=F("since__number"))
        )  # fmt: skip
        return _last_in_effect(self, self.ABOUT, on).filter(not_ended)

    def drafted(self):
        return self.filter(until__isnull=True)


# Identity and wording ----------------------------------------------------------------------------


class WordingQuerySet(models.QuerySet):
    def last_in_effect(self, on: datetime.date | None):
        """Keep the last wording in effect on that day of each part, also one that ends it."""
        return _last_in_effect(self, "part", on)

    def last_words_in_effect(self, on: datetime.date | None):
        """Keep each part's last wording in effect on that day that does not end it."""
        return _last_in_effect(self, "part", on, ends=False).filter(ends=False)

    def in_force(self, on: datetime.date | None):
        """Keep the wording in effect on that day of each part that has not ended."""
        return self.last_in_effect(on).filter(ends=False)


class Wording(models.Model):
    """The words that one amendment gives one part of the text, or that it ``ends`` it.

    In force on a day is the last one to have taken effect: until when a wording holds is never
    written, it is read from what follows.
    """

    since = models.ForeignKey(
        "conventions.Amendment", models.PROTECT, related_name="+", verbose_name="depuis"
    )
    ends = models.BooleanField("y met fin", default=False)

    objects = WordingQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["part_id", "since__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["part", "since"],
                name="%(class)s_one_by_amendment",
                violation_error_message="Cet avenant dit déjà ce que devient cette partie.",
            )
        ]

    def __str__(self):
        return str(self.pk)


class WordedQuerySet(LegalQuerySet):
    """Parts of the text, selected by their wordings."""

    def _read(self, day):
        """Keep the parts with a wording in force on ``day``; None: the latest, signed or not."""
        wordings = self.model.wording_model()._default_manager.filter(part=OuterRef("pk"))
        return self.filter(Exists(wordings.in_force(day)))

    def effective(self, on):
        return self._read(on)

    def drafted(self):
        return self._read(None)

    def selectable(self, day: datetime.date | None, chosen: Iterable[int] = ()):
        """Keep what a form offers: the parts read on ``day`` and the ``chosen`` ones, whose keys
        are given; annotate ``is_read``, true of the former."""
        read = self.model._default_manager.as_read_on(day).filter(pk=OuterRef("pk"))
        return self.annotate(is_read=Exists(read)).filter(Q(is_read=True) | Q(pk__in=list(chosen)))

    def bulk_create(self, objs, *args, **kwargs):
        """Create parts, each with its first wording."""
        parts = super().bulk_create(objs, *args, **kwargs)
        self.model.wording_model()._default_manager.bulk_create(
            part.new_wording(part.since) for part in parts
        )
        return parts


class Worded(LegalRow):
    """A part of the text, the same for ever, whatever amendments make of its ``WORDS``.

    What is said of it, and what serves it, points here. The row holds the wording of the
    convention's reading day: the one ``since`` an amendment, ``until`` the next one that speaks of
    it. To save it is to correct that wording; another one is written by an amendment
    (``conventions.legal.amending``), which brings the row to the day.
    """

    WORDS: tuple[str, ...] = ()

    # Of a part as read on a day (``conventions.legal.reading``): whether it is no longer in force
    # then, by which amendment, what has succeeded it; whether it has something to show all the
    # same.
    is_closed = False
    is_requested = False
    closed_by = None
    successors = ()
    is_past_wording = False

    class Meta:
        abstract = True

    def save(self, **kwargs):
        """Save the part, and the same words as its wording since ``self.since``. Raises ValueError
        for a part in the words of another day."""
        if self.is_past_wording:
            raise ValueError("A part in the words of another day is read, never saved.")
        is_new, only = self._state.adding, kwargs.get("update_fields")
        super().save(**kwargs)
        names = [name for name in self.WORDS if only is None or name in only]
        own_wording = self.wordings.filter(since=self.since_id)
        if is_new or (names and not own_wording.update(**self.current_words(names))):
            self.new_wording(self.since).save()

    @classmethod
    def wording_model(cls) -> type[Wording]:
        """Return the model of the wordings of this kind of part."""
        return cls._meta.get_field("wordings").related_model

    @classmethod
    def succession_model(cls) -> type["Succession"]:
        return cls._meta.get_field("successions").related_model

    @property
    def amended_words(self) -> tuple[str, ...]:
        """The names of the words of this part that an amendment may change."""
        return self.WORDS

    def current_words(self, names: Iterable[str] | None = None) -> dict[str, Any]:
        """Return the row's words by column: these fields, or all ``WORDS``."""
        columns = [self._meta.get_field(name).attname for name in names or self.WORDS]
        return {column: getattr(self, column) for column in columns}

    def new_wording(self, since, **words) -> Wording:
        """Return an unsaved wording of the part since an amendment: its current words, with these
        ``words`` instead."""
        return self.wording_model()(part=self, since=since, **(self.current_words() | words))

    def in_words_of(self, wording: Wording):
        """Return the part in the words of ``wording``: itself where that is the wording of its row,
        else a copy that cannot be saved."""
        if wording.since_id == self.since_id:
            return self
        part = copy.copy(self)
        for name in self.amended_words:
            column = self._meta.get_field(name).attname
            setattr(part, column, getattr(wording, column))
        part.since, part.is_past_wording = wording.since, True
        return part


class Succession(models.Model):
    """An amendment replaced ``old`` by ``new``: several new for a split, several old for a merge.

    ``old`` has them as ``successions``. Nothing moves by itself: what hangs on the old part stays
    there, and readers are shown what succeeded it. Who writes the amendment reassigns.
    """

    amendment = models.ForeignKey(
        "conventions.Amendment", models.PROTECT, related_name="+", verbose_name="avenant"
    )

    class Meta:
        abstract = True
        ordering = ["amendment__number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["old", "new"],
                name="%(class)s_unique",
                violation_error_message="Cette succession est déjà dite.",
            ),
            models.CheckConstraint(
                name="%(class)s_of_another",
                condition=~Q(old=F("new")),
                violation_error_message="Une partie du texte ne se succède pas à elle-même.",
            ),
        ]

    def __str__(self):
        return f"{self.old} → {self.new}"
