"""The action plan as a document says it: sheets by axis and theme, and what they come to.

Only what is agreed to counts; what is proposed is shown, and told apart.
"""

import datetime
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.utils.text import capfirst

from actions.files.columns import MONEY, with_template
from actions.files.lines import AxisLine, ThemeLine
from actions.files.sheet import Sheet
from actions.files.summary import SummaryLine, cut, fitting, room_for_lists
from actions.plan.models import ActionState
from actions.ways.budget import Sums
from actions.ways.list import COUNTED
from conventions.legal.words import Words
from conventions.models import Convention
from conventions.parties.reading import parties_of
from ctg_portal.templatetags.french import enumerate_words, number, plural
from documents.logos.carried import logo_data_url
from documents.tables import Column

HELD = [ActionState.PAUSED, ActionState.BLOCKED]


@dataclass(frozen=True)
class PartyOnCover:
    """A party: ``logo`` is a ``data:`` address, empty without a usable logo."""

    name: str
    logo: str


@dataclass(frozen=True)
class Counts:
    """How many actions in force of an axis, or of all (``axis`` None), are in each state."""

    axis: AxisLine | None
    total: int
    states: tuple[int, ...]
    late: int
    sums: Sums

    @property
    def name(self) -> str:
        """« 1. Organiser et qualifier l’accès aux droits … », over two lines at most."""
        return cut(f"{self.axis.mark}. {self.axis.title}", 62) if self.axis else "Ensemble"

    @property
    def short_name(self) -> str:
        """The same, on one line."""
        return cut(self.name, 42)


def _colour(row: Counts) -> str:
    return f"axis-{row.axis.colour}" if row.axis else ""


def _in_state(place: int) -> Callable[[Counts], int]:
    return lambda row: row.states[place]


# What counts are called; the axis stands before them.
STATES = (
    Column("En vigueur", attrgetter("total"), "number"),
    *(
        Column(capfirst(words.split(",")[1]), _in_state(place), "number")
        for place, words in enumerate(COUNTED.values())
    ),
    Column("En retard", attrgetter("late"), "number"),
)
SUMMED = with_template(
    (one.within(attrgetter("sums")) for one in MONEY.values()), "actions/ways/budget_amount.html"
)


@dataclass(frozen=True)
class ThemeSheets:
    theme: ThemeLine
    sheets: list[Sheet]

    @property
    def anchor(self) -> str:
        return f"thematique-{self.theme.pk}"


@dataclass(frozen=True)
class AxisSheets:
    axis: AxisLine
    themes: list[ThemeSheets]

    @property
    def anchor(self) -> str:
        return f"axe-{self.axis.pk}"

    @property
    def colour(self) -> int:
        return self.axis.colour

    @property
    def has_titles(self) -> bool:
        """Whether its themes are to be named."""
        return any(part.theme.title for part in self.themes)


@dataclass(frozen=True)
class PlanContent:
    """``selection`` says that not the whole plan is told, and how much; empty for all of it."""

    convention: str
    territory: str
    words: Words
    parties: list[PartyOnCover]
    day: datetime.date
    selection: str
    sentence: str
    axes: list[AxisSheets]
    rows: list[Counts]
    total: Counts
    late: list[SummaryLine]
    held: list[SummaryLine]
    discussed: list[SummaryLine]
    is_fictional: bool

    @property
    def state_columns(self) -> list[Column]:
        return [Column(self.words.axis.title, attrgetter("name"), mark=_colour), *STATES]

    @property
    def money_columns(self) -> list[Column]:
        return [Column(self.words.axis.title, attrgetter("short_name"), mark=_colour), *SUMMED]

    @property
    def most_told(self) -> dict[str, int]:
        """How long each list of the summary may be, so that it stays on one page."""
        room = room_for_lists(self.sentence, len(self.rows))
        lists = {"late": self.late, "held": self.held, "discussed": self.discussed}
        return {name: fitting(found, room) for name, found in lists.items()}


def plan_of(
    convention: Convention, sheets: list[Sheet], day: datetime.date, *, known: int | None = None
) -> PlanContent:
    """The plan of these sheets, as they are on ``day``; ``known``: of how many they were chosen,
    None for the whole plan. Two queries, for the parties."""
    selection = ""
    if known is not None:
        chosen = plural(len(sheets), "fiche choisie,fiches choisies")
        selection = f"Extrait : {chosen} parmi les {number(known)} du plan d’actions."
    axes = _by_axis(sheets)
    agreed = [sheet for sheet in sheets if sheet.standing.is_agreed]
    return PlanContent(
        convention=convention.title,
        territory=convention.territory,
        words=convention.words,
        parties=[
            PartyOnCover(p.organisation.name, logo_data_url(p.logo)) for p in parties_of(convention)
        ],
        day=day,
        selection=selection,
        sentence=_sentence(agreed, sheets),
        axes=axes,
        rows=[_counts(part.axis, [s for t in part.themes for s in t.sheets]) for part in axes],
        total=_counts(None, sheets),
        # The first reason why: the sheet tells them all.
        late=[SummaryLine.of(s, s.follow_up.late[0]) for s in agreed if s.follow_up.late],
        held=[
            SummaryLine.of(s, f"{s.follow_up.sentence}. {s.follow_up.state_reason}")
            for s in agreed
            if s.follow_up.state in HELD
        ],
        discussed=[
            SummaryLine.of(s, s.standing.text if s.standing.is_proposed else s.standing.discussed)
            for s in sheets
            if s.standing.is_proposed or s.standing.discussed
        ],
        is_fictional=any(sheet.is_fictional for sheet in sheets),
    )


def _by_axis(sheets: list[Sheet]) -> list[AxisSheets]:
    """In the order of the convention, whatever the order they come in."""
    ordered = sorted(sheets, key=lambda s: (s.axis.number, s.axis.pk, s.theme.rank, s.theme.pk))
    return [
        AxisSheets(axis, [ThemeSheets(theme, list(own)) for theme, own in by_theme])
        for axis, of_axis in groupby(ordered, lambda sheet: sheet.axis)
        for by_theme in [groupby(list(of_axis), lambda sheet: sheet.theme)]
    ]


def _counts(axis: AxisLine | None, sheets: list[Sheet]) -> Counts:
    agreed = [sheet for sheet in sheets if sheet.standing.is_agreed]
    states = Counter(sheet.follow_up.state for sheet in agreed)
    return Counts(
        axis,
        len(agreed),
        tuple(states[state] for state in COUNTED),
        sum(bool(sheet.follow_up.late) for sheet in agreed),
        Sums.of(line.amounts for sheet in agreed for line in sheet.fundings),
    )


def _sentence(agreed: list[Sheet], sheets: list[Sheet]) -> str:
    """« 36 actions sont en vigueur : 12 en cours et 24 terminées ; 5 sont en retard. »"""
    if not agreed:
        told = "Aucune action n’est encore en vigueur"
    else:
        states = Counter(sheet.follow_up.state for sheet in agreed)
        in_states = enumerate_words(
            plural(states[state], words) for state, words in COUNTED.items() if states[state]
        )
        told = f"{plural(len(agreed), 'action est,actions sont')} en vigueur : {in_states}"
        if late := sum(bool(sheet.follow_up.late) for sheet in agreed):
            told += f" ; {plural(late, 'est,sont')} en retard"
    proposed = sum(sheet.standing.is_proposed for sheet in sheets)
    if not proposed:
        return f"{told}."
    return f"{told}. {plural(proposed, 'action est proposée,actions sont proposées')}."
