"""What the parties agreed to by signing: articles, annexes, axes and themes (art. 9)."""

from typing import Any

from django.db.models import Model
from django.utils import timezone

from agreements.commitments.commitment import Commitment
from agreements.commitments.fields import Flag, Number, Text
from conventions.models import Annex, Article, Axis, Theme


class SignedText(Commitment):
    """A commitment to a part of the text, which is agreed to by the signature alone."""

    def signed_rows(self, convention):
        """Return the rows signed, or amended since, whose wording holds on the reading day."""
        rows: Any = self.subjects().filter(**{f"{self.path}convention": convention})
        day = convention.reading_day(timezone.localdate())
        rows = rows.drafted() if day is None else rows.effective(day)
        return rows.filter(since__signed_on__isnull=False)

    path = ""

    def convention_of(self, row):
        return row.convention


class ArticleCommitment(SignedText):
    model: type[Model] = Article
    kind, name, schema = "article", "article", 1
    fields = (Number("number", "Numéro"), Text("title", "Titre"), Text("text", "Texte", True))

    def subjects(self):
        return Article.objects.select_related("convention")

    def heading(self, row):
        return f"Article {row.number}"


class AnnexCommitment(ArticleCommitment):
    kind, name, schema, model = "annex", "annexe", 1, Annex
    is_feminine = True

    def subjects(self):
        return Annex.objects.select_related("convention")

    def heading(self, row):
        return f"Annexe {row.number}"


class AxisCommitment(SignedText):
    kind, name, schema, model = "axis", "axe", 1, Axis
    axis_path = "pk"
    fields = (
        Number("number", "Numéro"),
        Text("title", "Titre"),
        Text("text", "Introduction", True),
        Flag("is_priority", "Prioritaire"),
    )

    def subjects(self):
        return Axis.objects.select_related("convention")

    def word(self, convention):
        return convention.words.axis

    def axis_of(self, row):
        return row

    def heading(self, row):
        return f"{row.convention.words.axis.title} {row.mark}"


class ThemeCommitment(SignedText):
    kind, name, schema, model = "theme", "thématique", 1, Theme
    is_feminine = True
    path, axis_path = "axis__", "axis"
    fields = (Text("number", "Numéro"), Text("title", "Titre"))

    def subjects(self):
        return Theme.objects.select_related("axis__convention")

    def signed_rows(self, convention):
        # The theme of an axis without themes has no title: nobody ever read it, nor signed it.
        return super().signed_rows(convention).exclude(title="")

    def convention_of(self, row):
        return row.axis.convention

    def word(self, convention):
        return convention.words.theme

    def axis_of(self, row):
        return row.axis

    def heading(self, row):
        return f"{row.axis.convention.words.theme.title} {row.number}".strip()
