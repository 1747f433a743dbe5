"""The convention itself: its term, its words, its amendments, the figures that it quotes."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from accounts.models import User
from conventions.legal.words import Words, lower_initial
from ctg_portal.search.rows import Searchable, SearchableQuerySet
from ctg_portal.templatetags.french import long_date


class ConventionQuerySet(SearchableQuerySet):
    def visible_to(self, user: User):
        """Keep the conventions to which ``user`` has an active access; every lookup starts here."""
        accesses = user.memberships.active()
        return self.filter(pk__in=accesses.values("organisation__convention"))

    def predecessor_of(self, convention):
        """Return the convention that this one succeeds; None unless it is loaded."""
        if not convention.predecessor_slug:
            return None
        return self.filter(slug=convention.predecessor_slug).first()

    def ended(self, on: datetime.date):
        """Keep those that are past their term on that day. Twin: ``Convention.has_ended``."""
        return self.filter(end__lt=on)

    def running(self, on: datetime.date):
        """Keep those that are signed, begun and not past their term on that day. Twin:
        ``Convention.is_running``."""
        return self.filter(signed_on__isnull=False, start__lte=on, end__gte=on)


class Convention(Searchable):
    """A convention territoriale globale.

    ``start`` is absent only while it is neither signed nor given a first day. Both ``start`` and
    ``end`` belong to the term (art. 8: "jusqu’au … inclus"). ``worded_on``: the day on which the
    rows of its text were last brought to their wordings (``conventions.legal.amending``).
    ``is_fictional``: its figures and actions are those of a demonstration, as every page says.
    """

    SEARCH_FIELDS = ("title", "territory", "preamble")
    viewer = None  # to whom a page about it is shown: ``conventions.access.viewer``

    slug = models.SlugField("identifiant", max_length=80, unique=True)
    title = models.CharField("titre", max_length=300)
    territory = models.CharField("territoire", max_length=300)
    signed_on = models.DateField("signée le", null=True, blank=True)
    signed_at = models.CharField("signée à", max_length=200, blank=True)
    start = models.DateField("début", null=True, blank=True)
    end = models.DateField("fin")
    notice_months = models.PositiveSmallIntegerField("préavis (mois)", default=3)
    labels = models.JSONField("libellés", default=dict, blank=True)
    predecessor_slug = models.SlugField("succède à", max_length=80, blank=True)
    communes_announced = models.PositiveIntegerField("communes annoncées", null=True, blank=True)
    population_source = models.CharField("source des populations", max_length=300, blank=True)
    preamble = models.TextField("préambule", blank=True)
    # Who answers questions about it; set from pages, no part of the file.
    contact = models.CharField("contact", max_length=300, blank=True)
    points_to_check = models.JSONField("points à vérifier", default=list, blank=True)
    worded_on = models.DateField("texte porté au", null=True, blank=True, editable=False)
    is_fictional = models.BooleanField("données fictives", default=False, editable=False)

    objects = ConventionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text", "worded_on"])

    class Meta:
        verbose_name = "convention"
        ordering = ["territory", "-end", "slug"]
        constraints = [
            models.CheckConstraint(
                name="convention_ends_after_start",
                condition=Q(start__isnull=True) | Q(end__gte=F("start")),
                violation_error_message="La fin de la convention précède son début.",
            ),
            models.CheckConstraint(
                name="convention_signed_has_start",
                condition=Q(signed_on__isnull=True) | Q(start__isnull=False),
                violation_error_message="Une convention signée a un premier jour.",
            ),
        ]

    @property
    def convention_id(self) -> int:
        """The primary key, under the name that it has on the rows of a convention."""
        return self.pk

    def __str__(self):
        return f"{self.title} – {self.territory}"

    def get_absolute_url(self):
        return reverse("conventions:dashboard", args=[self.slug])

    @property
    def title_within(self) -> str:
        """The title within a sentence: « convention territoriale globale du Bazois »."""
        return lower_initial(self.title) if self.title.startswith("Convention") else self.title

    @property
    def is_signed(self) -> bool:
        return self.signed_on is not None

    def has_ended(self, on: datetime.date) -> bool:
        return self.end < on

    def is_running(self, on: datetime.date) -> bool:
        return self.is_signed and self.start <= on <= self.end

    def years(self, today: datetime.date) -> range:
        """Return the years of the term, at least one. Without a first day it begins this year, or
        with the last year where that is past."""
        first = self.start or min(today, self.end)
        return range(first.year, self.end.year + 1)

    def covers(self, day: datetime.date) -> bool:
        """Return whether a day is within the term; without a first day, until the last."""
        return day <= self.end and (self.start is None or self.start <= day)

    def describe_term(self) -> str:
        """Return « du 1er janvier 2020 au 31 décembre 2024 », or « jusqu’au 31 décembre 2024 »
        without a first day."""
        until = f"au {long_date(self.end)}"
        return f"du {long_date(self.start)} {until}" if self.start else f"jusqu’{until}"

    def days_left(self, on: datetime.date) -> int:
        """Return the number of days until the last day, both counted; 0 once ended."""
        return max((self.end - on).days + 1, 0)

    def reading_day(self, today: datetime.date) -> datetime.date | None:
        """Return the day whose text is shown: today, or the nearest day of the term. None where
        nobody has signed: the project is read."""
        if not self.is_signed:
            return None
        return min(max(today, self.start), self.end)

    @cached_property
    def words(self) -> Words:
        """The nouns of this territory for an axis, a theme, an objective, a sector."""
        return Words.from_labels(self.labels)


def lock_convention(pk: int) -> Convention:
    """Lock a convention until the end of the transaction and return it as it is now: of two who add
    to it at once, the second sees what the first has added."""
    return Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


class AmendmentQuerySet(models.QuerySet):
    def effective(self, on: datetime.date):
        """Keep amendments that have taken effect on that day."""
        return self.filter(effective_on__lte=on)

    def since_signed(self):
        """Keep the numbered amendments, without the convention as signed (0), sorted by number."""
        return self.filter(number__gt=0).order_by("number")

    def to_bring_forward(self, on: datetime.date):
        """Keep numbered amendments that have taken effect by that day, but after the day to which
        their convention's rows were brought."""
        worded_on = F("convention__worded_on")
        is_due = Q(convention__worded_on__isnull=True) | Q(effective_on__gt=worded_on)
        return self.effective(on).filter(is_due, number__gt=0)


class Amendment(models.Model):
    """A state of the text, numbered: 0 is the convention as signed, then each avenant (art. 9).

    ``effective_on`` is absent while it is not signed: what it brings is a project.
    """

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="amendments", verbose_name="convention"
    )
    number = models.PositiveSmallIntegerField("numéro")
    signed_on = models.DateField("signé le", null=True, blank=True)
    effective_on = models.DateField("prend effet le", null=True, blank=True)
    summary = models.TextField("objet", blank=True)

    objects = AmendmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "avenant"
        ordering = ["convention_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "number"],
                name="amendment_number_unique",
                violation_error_message="Cette convention a déjà un avenant de ce numéro.",
            ),
            models.CheckConstraint(
                name="amendment_effective_once_signed",
                condition=Q(effective_on__isnull=True) | Q(signed_on__isnull=False),
                violation_error_message="Un avenant ne prend effet qu’une fois signé.",
            ),
        ]

    def __str__(self):
        return f"Avenant n° {self.number}" if self.number else "Convention signée"


class KeyFigure(models.Model):
    """A figure that the text quotes, with its source where the text gives one."""

    convention = models.ForeignKey(
        Convention, models.CASCADE, related_name="key_figures", verbose_name="convention"
    )
    rank = models.PositiveSmallIntegerField("rang")
    label = models.CharField("libellé", max_length=200)
    value = models.DecimalField("valeur", max_digits=18, decimal_places=4)
    unit = models.CharField("unité", max_length=60, blank=True)
    source = models.CharField("source", max_length=300, blank=True)

    class Meta:
        verbose_name = "chiffre cité"
        verbose_name_plural = "chiffres cités"
        ordering = ["convention_id", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["convention", "rank"], name="key_figure_rank_unique")
        ]

    def __str__(self):
        return self.label
