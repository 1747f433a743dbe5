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
from evaluation.writing.editor import TextEditor, ThemeEditor
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
    """The sources of one text, read for the page on which it is written."""

    def __init__(self, editor: TextEditor, reading: YearReading, today: datetime.date):
        self.editor, self.reading, self.today = editor, reading, today
        self.theme = None
        if isinstance(editor, ThemeEditor):
            own = (theme for theme in reading.themes if theme.theme.pk == editor.theme.pk)
            self.theme = next(own, None)

    @property
    def groups(self) -> list[Group]:
        """The pieces by kind, the images last; not the groups that are empty."""
        groups = (
            self._theme_groups() if isinstance(self.editor, ThemeEditor) else self._whole_groups()
        )
        groups.append(Group("Les images", self._image_pieces()))
        return [group for group in groups if group.pieces]

    def piece(self, key: str) -> Piece | None:
        """Return the piece of this key, of any group, or None."""
        pieces = (piece for group in self.groups for piece in group.pieces)
        return next((piece for piece in pieces if piece.key == key), None)

    @property
    def draft(self) -> FirstDraft:
        """The first draft of a theme, an introduction or a conclusion; empty for other texts."""
        if self.theme is not None:
            return first_draft.theme_draft(self.theme, is_awaited=self.is_awaited, today=self.today)
        if self.editor.about.get("part") == Part.INTRODUCTION:
            return first_draft.introduction_draft(self.reading, self.tally)
        if self.editor.about.get("part") == Part.CONCLUSION:
            return first_draft.conclusion_draft(self.reading, self.tally)
        return FirstDraft()

    @property
    def is_awaited(self) -> bool:
        return self.reading.campaign.is_open

    @property
    def tally(self) -> Tally:
        """The numbers of figures asked for and given; empty for the term, which asks for none."""
        reading = self.reading
        if reading.period.is_term:
            return Tally()
        return tallies(reading.convention)[reading.campaign.pk]

    def _theme_groups(self) -> list[Group]:
        """Return figures, notes and actions; for the term also texts and verdicts of its years, and
        no notes. Empty where the period does not have the theme."""
        if self.theme is None:
            return []
        period, actions = self.theme.period, self.theme.actions
        figures = first_draft.figure_sentences(self.theme, is_awaited=self.is_awaited)
        action_pieces = first_draft.action_sentences(self.theme, self.today)
        figures = Group(first_draft.figures_title(period), _pieces_of(figures))
        if period.is_term:
            return [
                Group("Les bilans de chaque année", yearly.narratives(self.theme.theme)),
                figures,
                Group(
                    f"Ce que les années ont fait des {self.theme.word.plural}",
                    yearly.verdicts(self.theme),
                ),
                Group("Les actions", _pieces_of(action_pieces)),
            ]
        return [
            figures,
            Group(f"Les bilans {period} des actions", _note_pieces(actions, period.year)),
            Group("Les actions et leurs jalons", _pieces_of(action_pieces)),
        ]

    def _whole_groups(self) -> list[Group]:
        """Return collection, counts, money and the texts on themes; for the term the conclusions of
        its years and wishes for an amendment, these first in the part on the next convention."""
        reading, tally = self.reading, self.tally
        if reading.period.is_term:
            counts = [*first_draft.count_sentences(reading), *first_draft.plan_sentences(reading)]
            wishes = Group("Ce qui est à adapter", yearly.to_adapt(reading))
            groups = [
                Group("Les comptes de la convention", _pieces_of(counts)),
                Group("L’argent", _pieces_of(first_draft.money_sentences(reading))),
                Group("Les conclusions de chaque année", yearly.conclusions(reading.convention)),
                Group("Les textes déjà écrits", self._text_pieces()),
            ]
            is_next = self.editor.about.get("part") == Part.NEXT
            return [wishes, *groups] if is_next else [*groups, wishes]
        collected = [
            first_draft.collection_sentence(reading),
            *first_draft.request_sentences(reading, tally),
        ]
        counts = [
            *first_draft.count_sentences(reading),
            *first_draft.plan_sentences(reading),
            *first_draft.pending_sentences(reading, tally),
        ]
        return [
            Group("Le recueil", _pieces_of(collected)),
            Group("Les comptes de l’année", _pieces_of(counts)),
            Group("L’argent", _pieces_of(first_draft.money_sentences(reading))),
            Group("Les textes déjà écrits", self._text_pieces()),
        ]

    def _image_pieces(self) -> list[Piece]:
        """Return the images that the writer may insert, the latest first."""
        rows = self.editor.illustrations
        pictures = on_pages(self.reading.convention, map(image_of, rows))
        return [
            Piece(
                f"image-{row.pk}",
                row.alternative,
                row.markdown,
                self.editor.image_url(row),
                "Corriger ou retirer",
                about=row.caption,
                picture=pictures[row.pk],
            )
            for row in rows
        ]

    def _text_pieces(self) -> list[Piece]:
        """Return the written texts of the themes, each with its source."""
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


def _pieces_of(sentences: Iterable[Sentence]) -> list[Piece]:
    return [Piece.of(sentence) for sentence in sentences]


def _note_pieces(actions: Iterable[ActionReading], year: int) -> list[Piece]:
    """Return the notes of actions in up to four pieces each: note, brakes, levers, prospects."""
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
                source = first_draft.escape_markdown(f"(source : bilan {year} de l’action {name})")
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
