"""The material beside a text that is being written: what is known of the year, or the term, each
piece to be taken up with its source."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from ctg_portal.templatetags.french import plural
from evaluation.images.image import image_of
from evaluation.images.showing import on_pages
from evaluation.texts.models import Part
from evaluation.writing import first_draft, yearly
from evaluation.writing.desk import Desk, ThemeDesk
from evaluation.writing.first_draft import FirstDraft, Sentence
from evaluation.writing.pieces import Piece
from evaluation.year.plan import ActionReading
from evaluation.year.reading import YearReading
from indicators.collection.progress import Tally, tallies


@dataclass(frozen=True)
class Group:
    """Pieces of one kind, under a title."""

    title: str
    pieces: list[Piece]

    @property
    def count(self) -> str:
        return plural(len(self.pieces), "élément,éléments")


class Sources:
    """The sources of one text. ``draft`` is the first draft that can be made of them."""

    def __init__(self, desk: Desk, reading: YearReading, today: datetime.date):
        self.desk, self.reading, self.today = desk, reading, today
        self.theme = None
        if isinstance(desk, ThemeDesk):
            own = (theme for theme in reading.themes if theme.theme.pk == desk.theme.pk)
            self.theme = next(own, None)

    @property
    def groups(self) -> list[Group]:
        groups = self._theme_groups() if isinstance(self.desk, ThemeDesk) else self._whole_groups()
        groups.append(Group("Les images", self._images()))
        return [group for group in groups if group.pieces]

    def piece(self, key: str) -> Piece | None:
        return next((p for group in self.groups for p in group.pieces if p.key == key), None)

    @property
    def draft(self) -> FirstDraft:
        if self.theme is not None:
            return first_draft.theme_draft(self.theme, is_awaited=self.is_awaited, today=self.today)
        if self.desk.about.get("part") == Part.INTRODUCTION:
            return first_draft.introduction_draft(self.reading, self.tally)
        if self.desk.about.get("part") == Part.CONCLUSION:
            return first_draft.conclusion_draft(self.reading, self.tally)
        return FirstDraft()  # words of the co-chairs are their own

    @property
    def is_awaited(self) -> bool:
        return self.reading.campaign.is_open

    @property
    def tally(self) -> Tally:
        """The numbers of figures asked for and given; empty for the term, which asks for none."""
        campaign = self.reading.campaign
        return Tally() if self.reading.period.is_term else tallies([campaign])[campaign.pk]

    def _theme_groups(self) -> list[Group]:
        if self.theme is None:
            return []
        period, actions = self.theme.period, self.theme.actions
        figures = first_draft.figure_sentences(self.theme, is_awaited=self.is_awaited)
        action_pieces = first_draft.action_sentences(self.theme, self.today)
        figures = Group(first_draft.figures_title(period), _pieces(figures))
        if period.is_term:
            return [
                Group("Les bilans de chaque année", yearly.narratives(self.theme.theme)),
                figures,
                Group(
                    f"Ce que les années ont fait des {self.theme.word.plural}",
                    yearly.verdicts(self.theme),
                ),
                Group("Les actions", _pieces(action_pieces)),
            ]
        return [
            figures,
            Group(f"Les bilans {period} des actions", _notes(actions, period.year)),
            Group("Les actions et leurs jalons", _pieces(action_pieces)),
        ]

    def _whole_groups(self) -> list[Group]:
        year, tally = self.reading, self.tally
        if year.period.is_term:
            counts = [*first_draft.count_sentences(year), *first_draft.plan_sentences(year)]
            wishes = Group("Ce qui est à adapter", yearly.to_adapt(year))
            groups = [
                Group("Les comptes de la convention", _pieces(counts)),
                Group("L’argent", _pieces(first_draft.money_sentences(year))),
                Group("Les conclusions de chaque année", yearly.conclusions(year.convention)),
                Group("Les textes déjà écrits", self._texts()),
            ]
            is_next = self.desk.about.get("part") == Part.NEXT
            return [wishes, *groups] if is_next else [*groups, wishes]
        collected = [
            first_draft.collection_sentence(year),
            *first_draft.request_sentences(year, tally),
        ]
        awaited = first_draft.pending_sentences(year, tally)
        counts = [*first_draft.count_sentences(year), *first_draft.plan_sentences(year), *awaited]
        return [
            Group("Le recueil", _pieces(collected)),
            Group("Les comptes de l’année", _pieces(counts)),
            Group("L’argent", _pieces(first_draft.money_sentences(year))),
            Group("Les textes déjà écrits", self._texts()),
        ]

    def _images(self) -> list[Piece]:
        """Return the images that were added last, as pieces."""
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
        """Return the texts written of each theme, as pieces."""
        period = self.reading.period
        pictures = on_pages(self.reading.convention, self.reading.images)
        page = reverse("evaluation:year", args=[self.reading.convention.slug, period])
        source = f"(source : {period.account}, « {{}} »)"
        return [
            Piece(
                f"texte-{theme.theme.pk}",
                theme.text,
                f"{theme.text}\n\n{source.format(first_draft.quoted(theme.theme))}",
                f"{page}#{theme.theme.anchor}",
                f"Voir {period.subject}",
                is_prose=True,
                about=str(theme.theme),
                pictures=pictures,
            )
            for theme in self.reading.themes
            if theme.text
        ]


def _pieces(sentences: Iterable[Sentence]) -> list[Piece]:
    return [Piece.of(sentence) for sentence in sentences]


def _notes(actions: Iterable[ActionReading], year: int) -> list[Piece]:
    """Return the notes of actions as they were written, with what held the action back, what helped
    it and what comes next."""
    pieces = []
    for reading in actions:
        if reading.note is None:
            continue
        title = " ".join(reading.action.title.split())
        name = " ".join(filter(None, [reading.action.number, f"« {title} »"]))
        parts = [
            ("bilan", "", reading.note.text),
            ("freins", "Freins : ", reading.note.brakes),
            ("leviers", "Leviers : ", reading.note.levers),
            ("perspectives", "Perspectives : ", reading.note.prospects),
        ]
        for kind, label, text in parts:
            if text.strip():
                passage = f"{label}{text.strip()}"
                source = first_draft.plainly(f"(source : bilan {year} de l’action {name})")
                pieces.append(
                    Piece(
                        f"{kind}-{reading.action.pk}",
                        passage,
                        f"{passage}\n\n{source}",
                        reading.action.get_absolute_url(),
                        "Voir la fiche",
                        is_prose=True,
                        about=f"Action {name}",
                    )
                )
    return pieces
