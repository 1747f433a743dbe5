"""What is written of a year: of each theme, and of the whole."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords


class Written(models.Model):
    """A text of the evaluation, in the coordinator's words. ``text`` is Markdown; ``revision``
    counts its versions, for two who write at once."""

    text = models.TextField("texte", blank=True)
    revision = models.PositiveIntegerField("révision", default=1)
    updated_at = models.DateTimeField("écrit le", default=timezone.now)
    updated_by_name = models.CharField("par", max_length=300, blank=True)

    class Meta:
        abstract = True


class NarrativeQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(theme__axis__convention=convention)

    def of_theme(self, theme, year: int):
        return self.filter(theme=theme, year=year)


class Narrative(Written):
    """What a year has changed in a theme."""

    theme = models.ForeignKey(
        "conventions.Theme", models.PROTECT, related_name="narratives", verbose_name="thématique"
    )
    year = models.PositiveSmallIntegerField("année")

    objects = NarrativeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "texte d’une thématique"
        verbose_name_plural = "textes des thématiques"
        ordering = ["theme_id", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "year"],
                name="narrative_unique",
                violation_error_message="Cette thématique a déjà un texte pour cette année.",
            )
        ]

    def __str__(self):
        return f"{self.theme} ({self.year})"


class Part(models.TextChoices):
    """The parts of an evaluation that are about the whole year; values are those of addresses."""

    FOREWORD = "mot-des-copresidents", "Mot des coprésidents"
    INTRODUCTION = "introduction", "Introduction"
    CONCLUSION = "conclusion", "Conclusion et perspectives"


OPENING = (Part.FOREWORD, Part.INTRODUCTION)
# An evaluation may do without words of the co-chairs.
AWAITED = (Part.INTRODUCTION, Part.CONCLUSION)


class YearTextQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(convention=convention)

    def of_year(self, year: int):
        return self.filter(year=year)

    def of_part(self, part: Part):
        return self.filter(part=part)

    def written(self):
        return self.exclude(text="")


class YearText(Written):
    """A part of a year's evaluation that is about no theme."""

    convention = models.ForeignKey(
        "conventions.Convention",
        models.PROTECT,
        related_name="year_texts",
        verbose_name="convention",
    )
    year = models.PositiveSmallIntegerField("année")
    part = models.CharField("partie", max_length=30, choices=Part.choices)

    objects = YearTextQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "texte d’une année"
        verbose_name_plural = "textes des années"
        ordering = ["convention_id", "year", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "year", "part"],
                name="year_text_unique",
                violation_error_message="Cette partie a déjà un texte pour cette année.",
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=Part.values),
                name="year_text_part_known",
                violation_error_message="Cette partie n’existe pas.",
            ),
        ]

    def __str__(self):
        return f"{self.get_part_display()} ({self.year})"


class OfTextQuerySet(models.QuerySet):
    """Of rows that are about one text: of a theme, or a part of the whole."""

    def of_text(self, *, convention, year: int, theme=None, part: str = ""):
        return self.filter(convention=convention, year=year, theme=theme, part=part)


class OwnDraftQuerySet(OfTextQuerySet):
    def by(self, user):
        return self.filter(user=user)


class OwnDraft(models.Model):
    """What a person is writing in a text of a year and has not saved: nobody else reads it.

    ``seen``: the revision of the text that it was begun from, 0 when there was none.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="compte"
    )
    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="+", verbose_name="convention"
    )
    year = models.PositiveSmallIntegerField("année")
    theme = models.ForeignKey(
        "conventions.Theme", models.CASCADE, related_name="+", null=True, blank=True,
        verbose_name="thématique",
    )  # fmt: skip
    part = models.CharField("partie", max_length=30, choices=Part.choices, blank=True)
    text = models.TextField("texte", blank=True)
    seen = models.PositiveIntegerField("commencé depuis la révision", default=0)
    saved_at = models.DateTimeField("gardé le", default=timezone.now)

    objects = OwnDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "brouillon d’un texte de l’évaluation"
        verbose_name_plural = "brouillons des textes de l’évaluation"
        ordering = ["user_id", "saved_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "theme", "year"],
                condition=Q(part=""),
                name="own_draft_of_theme_unique",
                violation_error_message="Cette personne a déjà un brouillon de ce texte.",
            ),
            models.UniqueConstraint(
                fields=["user", "convention", "part", "year"],
                condition=~Q(part=""),
                name="own_draft_of_part_unique",
                violation_error_message="Cette personne a déjà un brouillon de ce texte.",
            ),
            models.CheckConstraint(
                name="own_draft_of_a_theme_or_a_part",
                condition=Q(theme__isnull=True, part__in=Part.values)
                | Q(theme__isnull=False, part=""),
                violation_error_message="Un brouillon est d’une thématique, ou d’une partie.",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.theme or self.get_part_display()} ({self.year})"


class WriterQuerySet(models.QuerySet):
    def of(self, convention):
        return self.filter(theme__axis__convention=convention)

    def of_theme(self, theme, year: int):
        return self.filter(theme=theme, year=year)

    def standing(self, on):
        """Those that are not taken back, and whose last day is not over."""
        is_over = Q(until__isnull=False, until__lt=on)
        return self.filter(taken_back_at__isnull=True).exclude(is_over)


class Writer(models.Model):
    """A person to whom the text of a theme is given to be written, for a year.

    It counts while the person has access to the convention (``evaluation.writing.rights``).
    ``until``: its last day, if there is one. ``written_at``: when she last saved the text.
    """

    theme = models.ForeignKey(
        "conventions.Theme", models.PROTECT, related_name="+", verbose_name="thématique"
    )
    year = models.PositiveSmallIntegerField("année")
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
            models.UniqueConstraint(
                fields=["theme", "year", "user"],
                condition=Q(taken_back_at__isnull=True),
                name="writer_unique",
                violation_error_message="Ce texte est déjà confié à cette personne.",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.theme} ({self.year})"
