"""The perimeter: communes, and when each belongs to it."""

import datetime
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from conventions.legal.time import LegalRow, PlaceQuerySet
from ctg_portal.search.rows import Searchable, SearchableQuerySet


class Commune(Searchable):
    """A commune as one convention knows it, by its INSEE code (``2A004``, ``86066``).

    ``longitude`` and ``latitude`` are in degrees (WGS 84).
    """

    SEARCH_FIELDS = ("name", "name_in_text", "insee_code")

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="communes", verbose_name="convention"
    )
    insee_code = models.CharField(
        "code Insee",
        max_length=5,
        validators=[RegexValidator(r"^(\d{5}|2[AB]\d{3})$", "Ce code Insee n’existe pas.")],
    )
    name = models.CharField("nom", max_length=200)
    name_in_text = models.CharField("nom dans le texte", max_length=200, blank=True)
    population = models.PositiveIntegerField("population", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)

    objects = SearchableQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = "commune"
        ordering = ["search_text", "insee_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "insee_code"],
                name="commune_insee_code_unique",
                violation_error_message="Cette convention a déjà cette commune.",
            ),
            models.CheckConstraint(
                name="commune_coordinates_on_earth",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(
                    longitude__isnull=False,
                    latitude__isnull=False,
                    longitude__range=(-180, 180),
                    latitude__range=(-90, 90),
                ),
                violation_error_message="Ces coordonnées ne sont pas sur Terre.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("conventions:commune", args=[self.convention.slug, self.insee_code])

    @property
    def is_located(self) -> bool:
        return self.longitude is not None


class Sector(models.Model):
    """A part of the territory that the convention names (« pôle », « bassin »): some communes.

    Which communes, on which day, their coverages say (``Coverage.sector``).
    """

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="sectors", verbose_name="convention"
    )
    name = models.CharField("nom", max_length=200)
    rank = models.PositiveSmallIntegerField("rang", default=1)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "secteur"
        ordering = ["convention_id", "rank", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "name"],
                name="sector_name_unique",
                violation_error_message="Cette convention a déjà un secteur de ce nom.",
            )
        ]

    def __str__(self):
        return self.name


def _perimeter_day(convention, year: int) -> datetime.date | None:
    """Return the day as of which the perimeter of a year's figures is read: the last of the year,
    not before the convention starts; None for a project."""
    return convention.start and max(datetime.date(year, 12, 31), convention.start)


class CoverageQuerySet(PlaceQuerySet):
    ABOUT = "commune"

    def of(self, convention):
        return self.filter(commune__convention=convention)

    def with_commune_matching(self, query: str):
        """Keep those whose commune matches by name, name in the text or code."""
        return self.filter(commune__in=Commune.objects.matching(query))

    def perimeter(self, day: datetime.date | None):
        """Keep what is within the perimeter on ``day``; None: all that the project names."""
        rows = self.as_read_on(day)
        return rows.present(day) if day else rows

    def in_year(self, convention, year: int):
        """Keep the communes of a convention that a year's figures are of: those of its perimeter on
        the last day of the year; for a year before it started, as it started."""
        return self.of(convention).perimeter(_perimeter_day(convention, year))

    def by_year(self, convention, years: Iterable[int]) -> dict[int, list["Coverage"]]:
        """Map each year to the list of its coverages (``in_year``). Years between which no commune
        came or went are read together: two queries where none did."""
        years, same_perimeter = set(years), defaultdict(list)
        changes = self._changes(convention) if len(years) > 1 and convention.start else []
        for year in sorted(years):
            stretch = bisect_right(changes, (_perimeter_day(convention, year), "from"))
            same_perimeter[stretch].append(year)
        rows_by_year = {}
        for together in same_perimeter.values():
            rows = list(self.in_year(convention, together[0]))
            rows_by_year |= dict.fromkeys(together, rows)
        return rows_by_year

    def _changes(self, convention) -> list[tuple[datetime.date, str]]:
        """Return, sorted, each day from which the perimeter may be another, as (day, "from"), and
        the last day of each commune that leaves, as (day, "until")."""
        days_of_rows = ("left_on", "since__effective_on", "until__effective_on", "joined_on")
        rows = Coverage.objects.of(convention).order_by().values_list(*days_of_rows).distinct()
        last = {(left, "until") for left, *_ in rows}
        first = {(day, "from") for _, *days in rows for day in days}
        return sorted(change for change in first | last if change[0])

    def gone(self, day: datetime.date | None):
        """Keep all coverages of the communes that have left by ``day``; None: none."""
        if day is None:
            return self.none()
        left = Q(left_on__lt=day) | Q(until__effective_on__lte=day)
        rows = self.filter(left, since__effective_on__lte=day)
        return rows.exclude(commune__in=self.perimeter(day).values("commune"))

    def present(self, on: datetime.date):
        """Keep coverages whose dates of entry and exit, both inclusive, surround that day."""
        return self.filter(Q(joined_on__isnull=True) | Q(joined_on__lte=on)).filter(
            Q(left_on__isnull=True) | Q(left_on__gte=on)
        )


class Coverage(LegalRow):
    """A commune's place in the perimeter. ``joined_on`` absent: since the start; both inclusive."""

    commune = models.ForeignKey(
        Commune, models.CASCADE, related_name="coverages", verbose_name="commune"
    )
    sector = models.ForeignKey(
        Sector, models.PROTECT, related_name="coverages", null=True, blank=True,
        verbose_name="secteur",
    )  # fmt: skip
    is_epci_member = models.BooleanField("membre de l’intercommunalité", default=True)
    joined_on = models.DateField("entrée", null=True, blank=True)
    left_on = models.DateField("sortie", null=True, blank=True)
    cej_end = models.DateField("fin du contrat enfance jeunesse", null=True, blank=True)

    objects = CoverageQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "rattachement d’une commune"
        ordering = ["commune__search_text", "commune__insee_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune"],
                condition=Q(until__isnull=True),
                name="coverage_current_unique",
                violation_error_message="Cette commune est déjà dans le périmètre.",
            ),
            models.CheckConstraint(
                name="coverage_left_after_joined",
                condition=Q(joined_on__isnull=True)
                | Q(left_on__isnull=True)
                | Q(left_on__gte=F("joined_on")),
                violation_error_message="La sortie d’une commune suit son entrée.",
            ),
        ]

    def __str__(self):
        return str(self.commune)

    @property
    def gone_on(self) -> datetime.date | None:
        """The last day, or the day of the amendment that took the commune out."""
        return self.left_on or (self.until and self.until.effective_on)

    @property
    def is_particular(self) -> bool:
        """Whether it has dates, another name in the text, or is outside the EPCI."""
        return bool(
            not self.is_epci_member or self.joined_on or self.left_on or self.commune.name_in_text
        )
