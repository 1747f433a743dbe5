"""The texts that are written of a year, or of the whole term: one for each theme, and parts about
the whole."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import User
from ctg_portal.forms.revisions import Revised
from evaluation.period import Period, once_a_period, year_field


class Written(Revised):
    """A text of the evaluation, in the coordinator's words. ``text`` is Markdown."""

    text = models.TextField("texte", blank=True)
    updated_at = models.DateTimeField("écrit le", default=timezone.now)
    updated_by_name = models.CharField("par", max_length=300, blank=True)

    class Meta:
        abstract = True


class NarrativeQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(theme__axis__convention=convention)

    def for_theme(self, theme, year: int | None):
        return self.filter(theme=theme, year=year)


class Narrative(Written):
    """What a year, or the whole term, has changed in a theme."""

    theme = models.ForeignKey(
        "conventions.Theme", models.PROTECT, related_name="narratives", verbose_name="thématique"
    )
    year = year_field()

    objects = NarrativeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "texte d’une thématique"
        verbose_name_plural = "textes des thématiques"
        ordering = ["theme_id", "year"]
        constraints = once_a_period(
            ["theme"], "narrative_unique", "Cette thématique a déjà un texte pour {}."
        )

    def __str__(self):
        return f"{self.theme} ({Period(self.year)})"


class Part(models.TextChoices):
    """The parts of an evaluation that are about the whole; values are those of addresses."""

    FOREWORD = "mot-des-copresidents", "Mot des coprésidents"
    INTRODUCTION = "introduction", "Introduction"
    NEXT = "prochaine-convention", "Pour la prochaine convention"
    CONCLUSION = "conclusion", "Conclusion et perspectives"


OPENING = (Part.FOREWORD, Part.INTRODUCTION)
# The parts of the evaluation of the whole term alone.
OF_TERM = (Part.NEXT,)


def parts_of(period: Period) -> list[Part]:
    return [part for part in Part if period.is_term or part not in OF_TERM]


def awaited_of(period: Period) -> list[Part]:
    """Return the parts that a period is expected to have: all but the words of the co-chairs."""
    return [part for part in parts_of(period) if part != Part.FOREWORD]


class YearTextQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def for_year(self, year: int | None):
        return self.filter(year=year)

    def for_part(self, part: Part):
        return self.filter(part=part)

    def written(self):
        return self.exclude(text="")


class YearText(Written):
    """A part of an evaluation, of a year or of the term, that is about no theme."""

    convention = models.ForeignKey(
        "conventions.Convention",
        models.PROTECT,
        related_name="year_texts",
        verbose_name="convention",
    )
    year = year_field()
    part = models.CharField("partie", max_length=30, choices=Part.choices)

    objects = YearTextQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "texte d’une année"
        verbose_name_plural = "textes des années"
        ordering = ["convention_id", "year", "part"]
        constraints = [
            *once_a_period(
                ["convention", "part"], "year_text_unique", "Cette partie a déjà un texte pour {}."
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=Part.values),
                name="year_text_part_known",
                violation_error_message="Cette partie n’existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(part__in=OF_TERM) | Q(year__isnull=True),
                name="year_text_part_of_term",
                violation_error_message="Cette partie n’est que de l’évaluation finale.",
            ),
        ]

    def __str__(self):
        return f"{self.get_part_display()} ({Period(self.year)})"


class CriterionTextQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def for_criterion(self, code: str):
        return self.filter(criterion=code)

    def written(self):
        return self.exclude(text="", mark="")


class CriterionText(Written):
    """What the whole term comes to by a criterion, « pertinence »: ``criterion`` is its code
    (``evaluation.texts.criteria``). ``mark``: the step of the scale, in its words, so that it says
    the same for ever; empty while nobody has chosen."""

    convention = models.ForeignKey(
        "conventions.Convention",
        models.PROTECT,
        related_name="criterion_texts",
        verbose_name="convention",
    )
    criterion = models.SlugField("critère", max_length=60, db_index=False)
    mark = models.CharField("appréciation", max_length=100, blank=True)

    year = None  # it is of the term

    objects = CriterionTextQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "texte d’un critère d’évaluation"
        verbose_name_plural = "textes des critères d’évaluation"
        ordering = ["convention_id", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "criterion"],
                name="criterion_text_unique",
                violation_error_message="Ce critère a déjà un texte.",
            ),
            models.CheckConstraint(
                condition=~Q(criterion=""),
                name="criterion_text_is_of_one",
                violation_error_message="Ce texte est celui d’un critère.",
            ),
        ]

    def __str__(self):
        return self.criterion


class OfTextQuerySet(models.QuerySet):
    """A queryset of rows about one text: of a theme, a part of the whole, or a criterion."""

    def for_text(self, *, convention, year: int | None, theme=None, part: str = "", criterion=""):
        """Keep the rows about one text, named by theme, part or criterion."""
        return self.filter(
            convention=convention, year=year, theme=theme, part=part, criterion=criterion
        )


class OwnDraftQuerySet(OfTextQuerySet):
    def by(self, user: User):
        return self.filter(user=user)


class OwnDraft(models.Model):
    """The unsaved text that a person is writing in an evaluation: nobody else reads it.

    ``revision`` is that of the text that it was begun from, 0 when there was none. ``page``: the
    name of the page on which it was typed last (``evaluation.writing.page_of_draft``).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="compte"
    )
    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="+", verbose_name="convention"
    )
    year = year_field()
    theme = models.ForeignKey(
        "conventions.Theme", models.CASCADE, related_name="+", null=True, blank=True,
        verbose_name="thématique",
    )  # fmt: skip
    part = models.CharField("partie", max_length=30, choices=Part.choices, blank=True)
    criterion = models.SlugField("critère", max_length=60, blank=True, db_index=False)
    text = models.TextField("texte", blank=True)
    revision = models.PositiveIntegerField("commencé depuis la révision", default=0)
    saved_at = models.DateTimeField("gardé le", default=timezone.now)
    page = models.CharField("page", max_length=60, blank=True)

    objects = OwnDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "brouillon d’un texte de l’évaluation"
        verbose_name_plural = "brouillons des textes de l’évaluation"
        ordering = ["user_id", "saved_at", "pk"]
        constraints = [
            *once_a_period(
                ["user", "theme"],
                "own_draft_of_theme_unique",
                "Cette personne a déjà un brouillon de ce texte.",
                Q(theme__isnull=False),
            ),
            *once_a_period(
                ["user", "convention", "part"],
                "own_draft_of_part_unique",
                "Cette personne a déjà un brouillon de ce texte.",
                ~Q(part=""),
            ),
            models.UniqueConstraint(
                fields=["user", "convention", "criterion"],
                condition=~Q(criterion=""),
                name="own_draft_of_criterion_unique",
                violation_error_message="Cette personne a déjà un brouillon de ce texte.",
            ),
            models.CheckConstraint(
                name="own_draft_of_one_text",
                condition=Q(theme__isnull=False, part="", criterion="")
                | Q(theme__isnull=True, part__in=Part.values, criterion="")
                | Q(theme__isnull=True, part="", year__isnull=True) & ~Q(criterion=""),
                violation_error_message="Un brouillon est d’une thématique, d’une partie, ou d’un "
                "critère de l’évaluation finale.",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.theme or self.part or self.criterion} ({Period(self.year)})"


class WriterQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(theme__axis__convention=convention)

    def for_theme(self, theme, year: int | None):
        return self.filter(theme=theme, year=year)

    def standing(self, on: datetime.date):
        """Keep the writers who may write on a day: not taken back, and their last day not over."""
        is_over = Q(until__isnull=False, until__lt=on)
        return self.filter(taken_back_at__isnull=True).exclude(is_over)


class Writer(models.Model):
    """A person to whom the text of a theme is given to be written, of a year or of the term.

    It counts while the person has access to the convention (``evaluation.texts.rights``).
    ``until``: its last day, if there is one. ``written_at``: when she last saved the text.
    """

    theme = models.ForeignKey(
        "conventions.Theme", models.PROTECT, related_name="+", verbose_name="thématique"
    )
    year = year_field()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="compte"
    )
    until = models.DateField("jusqu’au", null=True, blank=True)
    given_at = models.DateTimeField("confié le", default=timezone.now)
    written_at = models.DateTimeField("écrit le", null=True, blank=True)
    taken_back_at = models.DateTimeField("repris le", null=True, blank=True)

    objects = WriterQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "rédacteur d’une thématique"
        verbose_name_plural = "rédacteurs des thématiques"
        ordering = ["theme_id", "year", "given_at", "pk"]
        constraints = [
            *once_a_period(
                ["theme", "user"],
                "writer_unique",
                "Ce texte est déjà confié à cette personne.",
                Q(taken_back_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.theme} ({Period(self.year)})"
