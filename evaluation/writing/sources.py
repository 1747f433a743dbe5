"""What stands beside a text that is being written: what the year, or the term, is known by, each
piece to be taken up in the text with its source."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from ctg_portal.templatetags.french import plural
from evaluation.final import yearly
from evaluation.images.image import image_of
from evaluation.images.showing import on_pages
from evaluation.models import Part
from evaluation.writing import first_draft
from evaluation.writing.desk import Desk, ThemeDesk
from evaluation.writing.first_draft import FirstDraft, Sentence
from evaluation.writing.pieces import Piece
from evaluation.year.plan import ActionReading
from evaluation.year.reading import YearReading
from indicators.collection.progress import Tally, tallies


@dataclass(frozen=True)
class Group:
    """Pieces of a kind, under their name."""

    title: str
    pieces: list[Piece]

    @property
    def count(self) -> str:
        return plural(len(self.pieces), "élément,éléments")


class Sources:
    """Of one text; ``draft`` is the first draft that could be made of them."""

    def __init__(self, desk: Desk, reading: YearReading, today: datetime.date):
        self.desk, self.reading, self.today = desk, reading, today
        self.theme = None
        if isinstance(desk, ThemeDesk):
            found = [one for one in reading.themes if one.theme.pk == desk.theme.pk]
            self.theme = next(iter(found), None)

    @property
    def groups(self) -> list[Group]:
        found = self._of_theme() if isinstance(self.desk, ThemeDesk) else self._of_whole()
        found.append(Group("Les images", self._images()))
        return [group for group in found if group.pieces]

    def piece(self, key: str) -> Piece | None:
        return next((p for group in self.groups for p in group.pieces if p.key == key), None)

    @property
    def draft(self) -> FirstDraft:
        if self.theme is not None:
            return first_draft.of_theme(self.theme, is_awaited=self.is_awaited, today=self.today)
        if self.desk.about.get("part") == Part.INTRODUCTION:
            return first_draft.of_introduction(self.reading, self.tally)
        if self.desk.about.get("part") == Part.CONCLUSION:
            return first_draft.of_conclusion(self.reading, self.tally)
        return FirstDraft()  # words of the co-chairs are their own

    @property
    def is_awaited(self) -> bool:
        return self.reading.campaign.is_open

    @property
    def tally(self) -> Tally:
        """Of how many figures asked for how many were given; of the term nothing is asked."""
        campaign = self.reading.campaign
        return Tally() if self.reading.period.is_term else tallies([campaign])[campaign.pk]

    def _of_theme(self) -> list[Group]:
        if self.theme is None:
            return []
        period, actions = self.theme.period, self.theme.actions
        figures = first_draft.figures_told(self.theme, is_awaited=self.is_awaited)
        told = first_draft.actions_told(self.theme, self.today)
        figures = Group(first_draft.figures_title(period), _pieces(figures))
        if period.is_term:
            return [
                Group("Les bilans de chaque année", yearly.narratives(self.theme.theme)),
                figures,
                Group(
                    f"Ce que les années ont fait des {self.theme.word.plural}",
                    yearly.verdicts(self.theme),
                ),
                Group("Les actions", _pieces(told)),
            ]
        return [
            figures,
            Group(f"Les bilans {period} des actions", _notes(actions, period.year)),
            Group("Les actions et leurs jalons", _pieces(told)),
        ]

    def _of_whole(self) -> list[Group]:
        year, tally = self.reading, self.tally
        if year.period.is_term:
            counts = [*first_draft.counts_told(year), *first_draft.plan_told(year)]
            wishes = Group("Ce qui est à adapter", yearly.to_adapt(year))
            found = [
                Group("Les comptes de la convention", _pieces(counts)),
                Group("L’argent", _pieces(first_draft.money_told(year))),
                Group("Les conclusions de chaque année", yearly.conclusions(year.convention)),
                Group("Les textes déjà écrits", self._texts()),
            ]
            is_next = self.desk.about.get("part") == Part.NEXT
            return [wishes, *found] if is_next else [*found, wishes]
        collected = [first_draft.collection_told(year), *first_draft.asked_told(year, tally)]
        awaited = first_draft.awaited_told(year, tally)
        counts = [*first_draft.counts_told(year), *first_draft.plan_told(year), *awaited]
        return [
            Group("Le recueil", _pieces(collected)),
            Group("Les comptes de l’année", _pieces(counts)),
            Group("L’argent", _pieces(first_draft.money_told(year))),
            Group("Les textes déjà écrits", self._texts()),
        ]

    def _images(self) -> list[Piece]:
        """Those that were added last."""
        rows = self.desk.illustrations
        pictures = on_pages(self.reading.convention, map(image_of, rows))
        return [
            Piece(
                f"image-{row.pk}",
                row.alternative,
                row.markdown,
                self.desk.image_url(row),
                "Corriger ou retirer",
                about=row.caption,
                picture=pictures[row.pk],
            )
            for row in rows
        ]

    def _texts(self) -> list[Piece]:
        """What is written of each theme."""
        period = self.reading.period
        pictures = on_pages(self.reading.convention, self.reading.images)
        page = reverse("evaluation:year", args=[self.reading.convention.slug, period])
        source = f"(source : {period.account}, « {{}} »)"
        return [
            Piece(
                f"texte-{one.theme.pk}",
                one.text,
                f"{one.text}\n\n{source.format(first_draft.quoted(one.theme))}",
                f"{page}#{one.theme.anchor}",
                f"Voir {period.subject}",
                is_prose=True,
                about=str(one.theme),
                pictures=pictures,
            )
            for one in self.reading.themes
            if one.text
        ]


def _pieces(sentences: Iterable[Sentence]) -> list[Piece]:
    return [Piece.of(sentence) for sentence in sentences]


def _notes(actions: Iterable[ActionReading], year: int) -> list[Piece]:
    """Each note as it was written, and what held the action back, helped it, comes next."""
    found = []
    for one in actions:
        if one.note is None:
            continue
        title = " ".join(one.action.title.split())
        name = " ".join(filter(None, [one.action.number, f"« {title} »"]))
        parts = [
            ("bilan", "", one.note.text),
            ("freins", "Freins : ", one.note.brakes),
            ("leviers", "Leviers : ", one.note.levers),
            ("perspectives", "Perspectives : ", one.note.prospects),
        ]
        for kind, label, text in parts:
            if text.strip():
                told = f"{label}{text.strip()}"
                source = first_draft.plainly(f"(source : bilan {year} de l’action {name})")
                found.append(
                    Piece(
                        f"{kind}-{one.action.pk}",
                        told,
                        f"{told}\n\n{source}",
                        one.action.get_absolute_url(),
                        "Voir la fiche",
                        is_prose=True,
                        about=f"Action {name}",
                    )
                )
    return found
