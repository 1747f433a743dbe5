"""What « Compléter » shows of a year: what is missing, by who owes it, and its texts."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from ctg_portal.house import ActionLink
from ctg_portal.templatetags.french import long_date, plural
from evaluation.editions.models import Edition
from evaluation.overview.page import CommentsLink, YearPage
from evaluation.texts.models import awaited_of
from evaluation.year.lacks import Kind, Lack, Lacks
from evaluation.year.reading import YearReading


@dataclass(frozen=True)
class TextLine:
    """A text of the year that the reader writes, with its page; ``is_optional``: it lacks to
    nobody."""

    title: str
    anchor: str
    is_written: bool
    url: str
    comments: CommentsLink | None = None
    colour: int = 0
    is_optional: bool = False


@dataclass(frozen=True)
class CompletePage:
    """``lacks``: for who writes all of the year; ``written``: the primary keys of the themes whose
    text the reader may write; ``commented``: how many comments on each text are still to be dealt
    with; ``edition``: the one in hand, else the last published, or None."""

    reading: YearReading
    lacks: Lacks
    writes_all: bool
    written: Collection[int]
    commented: Mapping[Hashable, int]
    edition: Edition | None = None

    @property
    def title(self) -> str:
        """« 2023 : 10 éléments manquent, dont 4 chiffres »; how many texts are to be written by
        who is given some."""
        if self.writes_all:
            return f"{self.reading.period} : {self.lacks.words}"
        if self.unwritten:
            counted = plural(len(self.unwritten), "texte vous est confié,textes vous sont confiés")
            return f"{self.reading.period} : {counted}"
        return f"{self.reading.period} : vos textes sont écrits"

    @property
    def state(self) -> str:
        """A sentence: an addition asks for another version, once one is submitted or published;
        empty before."""
        edition = self.edition
        if edition is None:
            return ""
        if edition.is_published:
            day = long_date(timezone.localdate(edition.published_at))
            return (
                f"L’évaluation est publiée depuis le {day} : un ajout demande une version "
                "corrigée, avec son motif."
            )
        day = long_date(timezone.localdate(edition.submitted_at))
        return (
            f"L’évaluation est soumise depuis le {day} : un ajout demande de la soumettre de "
            "nouveau."
        )

    @property
    def own(self) -> list[Lack]:
        """The lacks that are the reader's, without the texts, which have a list of their own."""
        return [line for line in self.lacks.lines if not line.owed_by and line.kind != Kind.TEXT]

    @property
    def owed(self) -> list[Lack]:
        return [line for line in self.lacks.lines if line.owed_by]

    @cached_property
    def texts(self) -> list[TextLine]:
        """The texts that the reader may write: of themes, then of the whole year."""
        awaited = awaited_of(self.reading.period)
        page = YearPage(
            self.reading,
            shows_all=self.writes_all and not self.reading.campaign.is_prepared,
            written=self.written,
            commented=self.commented,
        )
        themes = [
            TextLine(
                block.title, block.theme.anchor, bool(block.reading.text), block.write_url,
                self._to_resolve(block.comments), block.theme.axis.colour,
            )
            for axis in page.axes
            for block in axis.themes
            if block.theme.pk in self.written
        ]  # fmt: skip
        whole = [
            TextLine(
                text.part.label, text.part, bool(text.text), text.write_url,
                self._to_resolve(text.comments), is_optional=text.part not in awaited,
            )
            for text in page.whole_texts
            if self.writes_all
        ]  # fmt: skip
        return [*themes, *whole]

    @staticmethod
    def _to_resolve(comments: CommentsLink | None) -> CommentsLink | None:
        """Return the link to comments that are still to be dealt with; None without any."""
        return comments if comments and comments.count else None

    @property
    def unwritten(self) -> list[TextLine]:
        return [text for text in self.texts if not text.is_written]

    @property
    def done(self) -> list[TextLine]:
        return [text for text in self.texts if text.is_written]

    @property
    def links(self) -> list[ActionLink]:
        """The pages where the year is appreciated and its figures are followed, for who writes all
        of it."""
        if not self.writes_all:
            return []
        is_open = not self.reading.campaign.is_prepared
        pages = [
            ("Apprécier les objectifs", "evaluation:appreciations", is_open),
            (
                "Apprécier les enjeux partagés",
                "evaluation:appreciate_stakes",
                is_open and self.reading.stakes,
            ),
            (
                "Renseigner les postes de coopération",
                "evaluation:posts",
                is_open and self.reading.posts,
            ),
            ("Suivi du recueil", "indicators:campaign", True),
        ]
        where = [self.reading.convention.slug, self.reading.year]
        return [
            ActionLink(label, reverse(name, args=where))
            for label, name, has_page in pages
            if has_page
        ]
