"""An indicator: what is measured, how, from where, and what is aimed at (art. 7)."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from actions.models import Action
from conventions.models import READABLE, Standing, StandingQuerySet, StandingRow
from ctg_portal.search.rows import Searchable, SearchableQuerySet

FIGURE: dict[str, Any] = {"max_digits": 18, "decimal_places": 6, "null": True, "blank": True}
# The last decimal that such a column holds.
FINEST = Decimal("0.000001")


class Kind(models.TextChoices):
    """What an indicator measures: the setting, what was done, what it changed."""

    CONTEXT = "context", "contexte"
    OUTPUT = "output", "réalisation"
    OUTCOME = "outcome", "résultat"


class Direction(models.TextChoices):
    """Which way the parties want the figure to go."""

    UP = "up", "à la hausse"
    DOWN = "down", "à la baisse"
    NEUTRAL = "neutral", "sans sens attendu"


class Calculation(models.TextChoices):
    """A figure as given, or a numerator over a denominator times ``factor``."""

    DIRECT = "direct", "valeur directe"
    RATIO = "ratio", "rapport de deux nombres"


class Grain(models.TextChoices):
    """What a figure is of: the whole territory, or each of its communes."""

    TERRITORY = "territory", "territoire entier"
    COMMUNE = "commune", "par commune"


class Aggregation(models.TextChoices):
    """What figures by commune make of the whole territory's: their sum; of ratios, that of the sums
    of their terms; or nothing, where the provider gives it."""

    SUM = "sum", "somme des communes"
    RATIO = "ratio", "rapport des sommes"
    NONE = "none", "donné par le fournisseur"


class Population(models.TextChoices):
    """Who counts by commune are divided by, so that communes compare."""

    INHABITANTS = "inhabitants", "habitants"
    UNDER_3 = "under_3", "enfants de moins de 3 ans"
    FROM_3_TO_11 = "from_3_to_11", "enfants de 3 à 11 ans"
    HOUSEHOLDS = "households", "ménages"


class Periodicity(models.TextChoices):
    ANNUAL = "annual", "annuelle"
    HALF_YEARLY = "half_yearly", "semestrielle"
    QUARTERLY = "quarterly", "trimestrielle"
    MONTHLY = "monthly", "mensuelle"
    PER_MEETING = "per_meeting", "par séance"


MONTH_NAMES = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
               "octobre", "novembre", "décembre"]  # fmt: skip
MONTHS = [(rank, name) for rank, name in enumerate(MONTH_NAMES, start=1)]


class IndicatorQuerySet(StandingQuerySet, SearchableQuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def in_reading_order(self):
        return self.order_by("theme__axis__number", "theme__rank", "rank", "pk")

    def listed(self):
        """Return what everybody is shown: agreed or proposed indicators."""
        return self.readable()

    def by_commune(self):
        """Return the indicators that are asked of each commune."""
        return self.filter(grain=Grain.COMMUNE)

    def provided_by(self, organisation):
        return self.filter(provider=organisation)

    def not_withdrawn(self):
        """Return the indicators that are drafted, discussed or in force."""
        return self.exclude(standing=Standing.WITHDRAWN)

    def with_relations(self):
        """Join what a list shows: convention, theme, axis, provider and enterer."""
        return self.select_related("convention", "theme__axis__convention", "provider", "enterer")

    def list_in_convention(self, convention) -> "list[Indicator]":
        """Return the indicators of a convention as a list with theme, axis, provider and enterer;
        all share this convention object."""
        rows = self.of(convention).select_related(None)
        indicators = list(rows.select_related("theme__axis", "provider", "enterer"))
        for indicator in indicators:
            indicator.convention = indicator.theme.axis.convention = convention
        return indicators

    def with_definition(self):
        """Prefetch all that the definition of an indicator in force is read from
        (``read_series``)."""
        measured = Prefetch("actions", Action.objects.select_related("theme__axis__convention"))
        return self.with_relations().prefetch_related(
            "targets", "objectives", "other_themes__axis", "parts", measured
        )


class Indicator(Searchable, StandingRow):
    """A measure that the committee follows, as in force today; its past wordings are versions.

    The row belongs to its convention; ``theme`` is the one under which it is listed. ``provider``
    has the figure and is named beside it (art. 5); ``enterer`` types it, absent: the provider.
    ``available_month`` is the month of the following year in which the figure exists. A move by
    more than ``variation_alert`` percent from the year before asks for a comment.
    ``parts``: those that add up to it, commune by commune where they are counted so; one alone
    counts the same. ``aggregation``: what becomes of figures by commune; none where ``grain`` is
    the territory. ``reference_population``: of whom a count by commune is so many for 100, where
    communes are compared. ``allows_negative``: the figure may be below zero. ``is_confidential``:
    the figure counts people or households, the provider's secrecy rule holds. ``library_code``: the
    entry of the library that it was taken from, whatever became of its own code and words since;
    conventions are compared by it.
    """

    SEARCH_FIELDS = ("code", "title", "definition", "scope")

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="indicators",
        verbose_name="convention",
    )  # fmt: skip
    theme = models.ForeignKey(
        "conventions.Theme", models.PROTECT, related_name="indicators", verbose_name="thématique"
    )
    other_themes = models.ManyToManyField(
        "conventions.Theme", related_name="+", blank=True, verbose_name="autres thématiques"
    )
    objectives = models.ManyToManyField(
        "conventions.Objective", related_name="indicators", blank=True, verbose_name="objectifs"
    )
    actions = models.ManyToManyField(
        "actions.Action", related_name="indicators", blank=True, verbose_name="actions mesurées"
    )
    parts = models.ManyToManyField(
        "self", symmetrical=False, related_name="totals", blank=True, verbose_name="total de"
    )
    rank = models.PositiveIntegerField("rang")
    code = models.CharField("code", max_length=20, blank=True)
    library_code = models.CharField("code dans la bibliothèque", max_length=20, blank=True)
    title = models.CharField("libellé", max_length=300)
    definition = models.TextField("définition", blank=True)
    scope = models.CharField("champ", max_length=300, blank=True)
    grain = models.CharField(
        "détail géographique", max_length=20, choices=Grain.choices, default=Grain.TERRITORY
    )
    reference_population = models.CharField(
        "rapporté à", max_length=20, choices=Population.choices, default=Population.INHABITANTS
    )
    aggregation = models.CharField(
        "chiffre du territoire", max_length=20, choices=Aggregation.choices,
        default=Aggregation.NONE,
    )  # fmt: skip
    kind = models.CharField("nature", max_length=20, choices=Kind.choices, default=Kind.OUTPUT)
    direction = models.CharField(
        "sens attendu", max_length=20, choices=Direction.choices, default=Direction.UP
    )
    calculation = models.CharField(
        "calcul", max_length=20, choices=Calculation.choices, default=Calculation.DIRECT
    )
    numerator = models.CharField("numérateur", max_length=300, blank=True)
    denominator = models.CharField("dénominateur", max_length=300, blank=True)
    factor = models.PositiveIntegerField("multiplié par", default=1)
    unit = models.CharField("unité", max_length=60)
    decimals = models.PositiveSmallIntegerField(
        "décimales", default=0, validators=[MaxValueValidator(6)]
    )
    allows_negative = models.BooleanField("peut être négatif", default=False)
    periodicity = models.CharField(
        "périodicité", max_length=20, choices=Periodicity.choices, default=Periodicity.ANNUAL
    )
    available_month = models.PositiveSmallIntegerField(
        "disponible en", choices=MONTHS, null=True, blank=True
    )
    limits = models.TextField("limites", blank=True)
    is_confidential = models.BooleanField("soumis au secret statistique", default=False)
    not_confidential_reason = models.CharField(
        "pourquoi le secret ne s’applique pas", max_length=300, blank=True
    )
    baseline_value = models.DecimalField("situation initiale", **FIGURE)
    baseline_year = models.PositiveSmallIntegerField(
        "année de la situation initiale", null=True, blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2200)],
    )  # fmt: skip
    baseline_source = models.CharField(
        "source de la situation initiale", max_length=300, blank=True
    )
    minimum = models.DecimalField("valeur plausible la plus basse", **FIGURE)
    maximum = models.DecimalField("valeur plausible la plus haute", **FIGURE)
    variation_alert = models.PositiveSmallIntegerField(
        "variation à expliquer (%)", null=True, blank=True, default=30
    )
    provider = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="indicators_provided",
        verbose_name="fournisseur",
    )  # fmt: skip
    enterer = models.ForeignKey(
        "conventions.Organisation", models.PROTECT, related_name="indicators_entered", null=True,
        blank=True, verbose_name="saisi par",
    )  # fmt: skip

    objects = IndicatorQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = "indicateur"
        ordering = ["theme__axis__number", "theme__rank", "rank", "pk"]
        indexes = [models.Index(fields=["convention", "standing"], name="indicator_by_standing")]
        constraints = [
            *StandingRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["convention", "code"],
                condition=~Q(code="") & Q(standing__in=READABLE),
                name="indicator_code_unique",
                violation_error_message="Cette convention a déjà un indicateur de ce code.",
            ),
            models.CheckConstraint(
                name="indicator_choices_known",
                condition=Q(kind__in=Kind.values) & Q(direction__in=Direction.values)
                & Q(calculation__in=Calculation.values) & Q(periodicity__in=Periodicity.values),
                violation_error_message="La nature, le sens, le calcul ou la périodicité de cet "
                "indicateur est inconnu.",
            ),
            models.CheckConstraint(
                name="indicator_grain_known",
                condition=Q(grain__in=Grain.values) & Q(aggregation__in=Aggregation.values),
                violation_error_message="Le détail géographique de cet indicateur, ou la façon "
                "d’en tirer le chiffre du territoire, est inconnu.",
            ),
            models.CheckConstraint(
                name="indicator_reference_population_known",
                condition=Q(reference_population__in=Population.values),
                violation_error_message="La population à laquelle cet indicateur est rapporté est "
                "inconnue.",
            ),
            models.CheckConstraint(
                name="indicator_aggregation_of_communes",
                condition=Q(grain=Grain.COMMUNE) | Q(aggregation=Aggregation.NONE),
                violation_error_message="Le chiffre du territoire se calcule à partir de chiffres "
                "par commune.",
            ),
            models.CheckConstraint(
                name="indicator_aggregation_of_calculation",
                condition=Q(aggregation=Aggregation.NONE)
                | Q(aggregation=Aggregation.SUM, calculation=Calculation.DIRECT)
                | Q(aggregation=Aggregation.RATIO, calculation=Calculation.RATIO),
                violation_error_message="Des valeurs directes s’additionnent ; des rapports "
                "donnent le rapport de leurs sommes.",
            ),
            models.CheckConstraint(
                name="indicator_decimals_up_to_6",
                condition=Q(decimals__lte=6),
                violation_error_message="Un indicateur a six décimales au plus.",
            ),
            models.CheckConstraint(
                name="indicator_factor_from_1",
                condition=Q(factor__gte=1),
                violation_error_message="Le rapport est multiplié par 1 au moins.",
            ),
            models.CheckConstraint(
                name="indicator_available_month_known",
                condition=Q(available_month__isnull=True)
                | Q(available_month__gte=1, available_month__lte=12),
                violation_error_message="Un mois va de 1 à 12.",
            ),
            models.CheckConstraint(
                name="indicator_baseline_has_year",
                condition=Q(baseline_value__isnull=True) | Q(baseline_year__isnull=False),
                violation_error_message="Une situation initiale est celle d’une année.",
            ),
            models.CheckConstraint(
                name="indicator_bounds_in_order",
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True)
                | Q(minimum__lte=F("maximum")),
                violation_error_message="La valeur plausible la plus basse dépasse la plus haute.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("indicators:indicator", args=[self.convention.slug, self.pk])

    @property
    def anchor(self) -> str:
        return f"indicateur-{self.pk}"


class Target(models.Model):
    """What the figure is to reach: in a year, or (``year`` absent) by the end of the convention."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="targets", verbose_name="indicateur"
    )
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    value = models.DecimalField("cible", max_digits=18, decimal_places=6)

    class Meta:
        verbose_name = "cible"
        ordering = [F("year").asc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year"],
                condition=Q(year__isnull=False),
                name="target_year_unique",
                violation_error_message="Cet indicateur a déjà une cible pour cette année.",
            ),
            models.UniqueConstraint(
                fields=["indicator"],
                condition=Q(year__isnull=True),
                name="target_final_unique",
                violation_error_message="Cet indicateur a déjà une cible finale.",
            ),
        ]

    def __str__(self):
        return f"{self.year or 'à terme'} : {self.value}"
