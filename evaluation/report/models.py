"""Store the documents made of a year, or of the whole term: requested, composed, kept."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from ctg_portal.transitions import Transition
from documents.drawing.models import (
    Composition,
    CompositionQuerySet,
    CompositionVerb,
    kept_name,
)
from evaluation.period import Period, once_a_period, year_field

# Under this name migration 0001 knows it.
report_name = kept_name


class ReportQuerySet(CompositionQuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def for_year(self, year: int | None):
        return self.filter(year=year)


class Report(Composition):
    """A document of an evaluation, requested, composed by the worker, and kept for good.

    The same content (``digest``) is not composed twice.
    """

    FOLDER = "reports"
    kind = "evaluation.report"

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="reports", verbose_name="convention"
    )
    year = year_field()

    objects = ReportQuerySet.as_manager()

    class Meta(Composition.Meta):
        verbose_name = "rapport d’évaluation"
        verbose_name_plural = "rapports d’évaluation"
        indexes = [models.Index(fields=["convention", "year"], name="report_by_year")]
        constraints = [
            *Composition.Meta.constraints,
            *once_a_period(
                ["convention"],
                "report_one_unfinished",
                "Le rapport de {} est déjà en préparation.",
                Q(state__in=["queued", "composing"]),
            ),
        ]

    def __str__(self):
        return Period(self.year).name

    @property
    def file_name(self) -> str:
        return "rapport.pdf"

    @property
    def cancel_url(self) -> str:
        where = [self.convention.slug, self.year, self.pk]
        return reverse("evaluation:cancel_report", args=where)


class ReportTransition(Transition):
    """What happened to a report."""

    verbs = CompositionVerb

    report = models.ForeignKey(
        Report, models.CASCADE, related_name="transitions", verbose_name="rapport d’évaluation"
    )
    verb = CompositionVerb.field()

    class Meta(Transition.Meta):
        verbose_name = "acte sur un rapport"
        verbose_name_plural = "actes sur les rapports"
        constraints = CompositionVerb.constraints("report_transition")
