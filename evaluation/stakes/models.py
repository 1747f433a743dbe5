"""What became of a shared stake in a year, or over the term: stronger, stable, eased, and why."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from evaluation.period import Period, once_a_period
from evaluation.verdicts.models import Appreciated, AppreciatedQuerySet


class Trend(models.TextChoices):
    """What became of the stake itself; that it has become stronger is no failure."""

    STRONGER = "stronger", "s’est renforcé"
    STABLE = "stable", "stable"
    EASED = "eased", "s’est atténué"
    UNSAID = "unsaid", "sans appréciation"

    @classmethod
    def with_reason(cls) -> set["Trend"]:
        return {cls.UNSAID}


class StakeAppreciationQuerySet(AppreciatedQuerySet):
    def of(self, convention):
        return self.filter(stake__convention=convention)


class StakeAppreciation(Appreciated):
    """The coordinator's appreciation of a shared stake for a year, or for the term."""

    verdicts = Trend

    stake = models.ForeignKey(
        "committee.Stake",
        models.PROTECT,
        related_name="appreciations",
        verbose_name="enjeu partagé",
    )
    verdict = models.CharField(
        "appréciation", max_length=20, choices=Trend.choices, blank=True, default=""
    )

    objects = StakeAppreciationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "appréciation d’un enjeu partagé"
        verbose_name_plural = "appréciations des enjeux partagés"
        ordering = ["stake_id", "year"]
        constraints = [
            *once_a_period(
                ["stake"],
                "stake_appreciation_unique",
                "Cet enjeu partagé a déjà une appréciation pour {}.",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", *Trend.values]),
                name="stake_appreciation_known",
                violation_error_message="Cette appréciation n’existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="unsaid") | ~Q(text=""),
                name="stake_appreciation_says_why",
                violation_error_message="Cette appréciation demande une justification.",
            ),
        ]

    def __str__(self):
        return f"{self.stake} ({Period(self.year)})"
