"""Appreciations: what a year, or the whole term, made of an objective, in a verdict, and why
(art. 7)."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from evaluation.period import Period, once_a_period, year_field
from evaluation.texts.models import Written


class Verdict(models.TextChoices):
    """The verdicts on an objective, in the masculine; ``words.verdict_word`` gives both genders."""

    REACHED = "reached", "atteint"
    ON_THE_WAY = "on_the_way", "en voie d’être atteint"
    NOT_REACHED = "not_reached", "non atteint"
    TO_ADAPT = "to_adapt", "à adapter"
    WITHOUT_OBJECT = "without_object", "sans objet"

    @classmethod
    def with_reason(cls) -> set["Verdict"]:
        """Return the verdicts that nobody understands without a justification."""
        return {cls.NOT_REACHED, cls.TO_ADAPT, cls.WITHOUT_OBJECT}


class AppreciatedQuerySet(models.QuerySet):
    def for_year(self, year: int | None):
        return self.filter(year=year)

    def without_term(self):
        return self.filter(year__isnull=False)

    def written(self):
        """Keep appreciations with a verdict, or with a text begun."""
        return self.exclude(verdict="", text="")

    def given(self):
        """Keep appreciations with a verdict; what is still being written has none."""
        return self.exclude(verdict="")


class Appreciated(Written):
    """An appreciation in a word (``verdict``, one of ``verdicts``), and ``text``: why.

    Without ``verdict`` it is a text begun before choosing: nobody else is shown it.
    """

    verdicts: type[models.TextChoices]

    year = year_field()

    class Meta:
        abstract = True


class AppreciationQuerySet(AppreciatedQuerySet):
    def of(self, convention):
        return self.filter(objective__theme__axis__convention=convention)


class Appreciation(Appreciated):
    """The coordinator's appreciation of an objective, for a year or the term."""

    verdicts = Verdict

    objective = models.ForeignKey(
        "conventions.Objective",
        models.PROTECT,
        related_name="appreciations",
        verbose_name="objectif",
    )
    verdict = models.CharField(
        "appréciation", max_length=20, choices=Verdict.choices, blank=True, default=""
    )

    objects = AppreciationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "appréciation d’un objectif"
        verbose_name_plural = "appréciations des objectifs"
        ordering = ["objective_id", "year"]
        constraints = [
            *once_a_period(
                ["objective"],
                "appreciation_unique",
                "Cet objectif a déjà une appréciation pour {}.",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", *Verdict.values]),
                name="appreciation_verdict_known",
                violation_error_message="Cette appréciation n’existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=["not_reached", "to_adapt", "without_object"])
                | ~Q(text=""),
                name="appreciation_says_why",
                violation_error_message="Cette appréciation demande une justification.",
            ),
        ]

    def __str__(self):
        return f"{self.objective} ({Period(self.year)})"
