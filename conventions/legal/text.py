"""Articles and annexes."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from conventions.legal.time import Worded, WordedQuerySet, Wording
from ctg_portal.search.rows import Searchable


class TextWords(models.Model):
    """``text`` is Markdown."""

    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("titre", max_length=300)
    text = models.TextField("texte", blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.number} : {self.title}"


class TextPart(Searchable, TextWords, Worded):
    """A numbered part of the text."""

    SEARCH_FIELDS = ("title", "text")
    WORDS = ("number", "title", "text")
    ANCHOR = ""

    objects = WordedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self):
        return f"{self._meta.verbose_name.capitalize()} {self.number} : {self.title}"

    def get_absolute_url(self):
        return f"{reverse('conventions:text', args=[self.convention.slug])}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """The part's anchor in the full text: ``article-5``."""
        return f"{self.ANCHOR}-{self.number}"


class Article(TextPart):
    ANCHOR = "article"

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="articles", verbose_name="convention"
    )
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta(TextPart.Meta):
        verbose_name = "article"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "number"],
                condition=Q(until__isnull=True),
                name="article_number_unique",
                violation_error_message="Cette convention a déjà un article de ce numéro.",
            )
        ]


class ArticleWording(TextWords, Wording):
    part = models.ForeignKey(
        Article, models.CASCADE, related_name="wordings", verbose_name="article"
    )

    class Meta(Wording.Meta):
        verbose_name = "rédaction d’un article"
        verbose_name_plural = "rédactions d’articles"


class Annex(TextPart):
    ANCHOR = "annexe"

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="annexes", verbose_name="convention"
    )
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta(TextPart.Meta):
        verbose_name = "annexe"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "number"],
                condition=Q(until__isnull=True),
                name="annex_number_unique",
                violation_error_message="Cette convention a déjà une annexe de ce numéro.",
            )
        ]


class AnnexWording(TextWords, Wording):
    part = models.ForeignKey(Annex, models.CASCADE, related_name="wordings", verbose_name="annexe")

    class Meta(Wording.Meta):
        verbose_name = "rédaction d’une annexe"
        verbose_name_plural = "rédactions d’annexes"
