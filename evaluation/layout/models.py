"""Store how the document of an evaluation is composed: its sections in their order, the successes
and difficulties on its page of the year."""

from django.db import models
from django.db.models import F, Q

from ctg_portal.forms.revisions import Revised

MOST = 3  # successes, and as many difficulties
LONGEST_SENTENCE = 200


class LayoutQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(evaluation__convention=convention)

    def until(self, year: int | None):
        """Return the layouts of a year, or of the term, and of earlier years, the last first."""
        layouts = self if year is None else self.filter(evaluation__year__lte=year)
        return layouts.order_by(F("evaluation__year").desc(nulls_first=True))


class Layout(Revised):
    """The sections that the coordinator chose for the document of an evaluation. ``order`` holds
    the keys of all that there were then, ``left_out`` of those that it does without."""

    evaluation = models.OneToOneField(
        "evaluation.Evaluation", models.PROTECT, related_name="layout", verbose_name="évaluation"
    )
    order = models.JSONField("ordre des rubriques", default=list)
    left_out = models.JSONField("rubriques laissées de côté", default=list, blank=True)

    objects = LayoutQuerySet.as_manager()

    class Meta:
        verbose_name = "composition d’un document d’évaluation"
        verbose_name_plural = "compositions des documents d’évaluation"

    def __str__(self):
        return f"Composition de « {self.evaluation} »"


class HighlightKind(models.TextChoices):
    SUCCESS = "success", "Réussite"
    DIFFICULTY = "difficulty", "Difficulté"


class HighlightQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(evaluation__convention=convention)

    def for_year(self, year: int | None):
        return self.filter(evaluation__year=year)

    def in_order(self):
        return self.order_by("kind", "rank")


class Highlight(models.Model):
    """A success or a difficulty on the page of the year. ``source``: the finding of the year
    behind it (``candidates.Candidate.key``); ``sentence``: in the coordinator's own words."""

    evaluation = models.ForeignKey(
        "evaluation.Evaluation", models.PROTECT, related_name="highlights",
        verbose_name="évaluation",
    )  # fmt: skip
    kind = models.CharField("genre", max_length=20, choices=HighlightKind.choices)
    rank = models.PositiveSmallIntegerField("rang")
    source = models.CharField("tiré de", max_length=40, blank=True)
    sentence = models.CharField("phrase", max_length=LONGEST_SENTENCE, blank=True)

    objects = HighlightQuerySet.as_manager()

    class Meta:
        verbose_name = "réussite ou difficulté d’une année"
        verbose_name_plural = "réussites et difficultés des années"
        ordering = ["evaluation_id", "kind", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "kind", "rank"],
                name="highlight_rank_unique",
                violation_error_message="Cette place est déjà prise.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=HighlightKind.values),
                name="highlight_kind_known",
                violation_error_message="Ce genre est inconnu.",
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1, rank__lte=MOST),
                name="highlight_three_at_most",
                violation_error_message="Une année a au plus trois réussites et trois difficultés.",
            ),
            models.CheckConstraint(
                condition=~Q(source="") | ~Q(sentence=""),
                name="highlight_says_something",
                violation_error_message="Une réussite ou une difficulté dit quelque chose.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.rank}, {self.evaluation}"
