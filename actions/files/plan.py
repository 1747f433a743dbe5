"""Read the action plan as its document shows it: sheets by axis and theme, counts and sums.

Only actions in force are counted; proposed ones are shown, and marked so.
"""

import datetime
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, starmap
from operator import attrgetter

from django.utils.text import capfirst

from actions.files.sheet import Sheet
from actions.files.summary import SummaryLine, count_fitting, cut, room_for_lists
from actions.follow_up.words import LateWord, late_word
from actions.plan.models import ActionState
from actions.sheet.columns import MONEY, with_template
from actions.sheet.lines import AxisLine, ThemeLine
from actions.ways.budget import Sums
from actions.ways.list import COUNTED
from conventions.legal.words import Words
from conventions.models import Convention
from conventions.parties.reading import parties_of
from ctg_portal.templatetags.french import enumerate_words, number, plural
from documents.logos.carried import logo_data_url
from documents.tables import Column

HALTED = [ActionState.PAUSED, ActionState.BLOCKED]


@dataclass(frozen=True)
class PartyOnCover:
    """A party: ``logo`` is a ``data:`` address, empty without a usable logo."""

    name: str
    logo: str


@dataclass(frozen=True)
class Counts:
    """The counts of the actions in force of an axis, or of all axes (``axis`` None): in all, by
    state in the order of ``COUNTED``, late; and the sums of their money."""

    axis: AxisLine | None
    total: int
    states: tuple[int, ...]
    late: int
    sums: Sums

    @property
    def name(self) -> str:
        """The mark and title of the axis, cut to two lines; « Ensemble » for all axes."""
        return cut(f"{self.axis.mark}. {self.axis.title}", 62) if self.axis else "Ensemble"

    @property
    def short_name(self) -> str:
        """The name of the row, cut to one line."""
        return cut(self.name, 42)


def _colour(row: Counts) -> str:
    """Return the class of the style sheet that has the colour of the axis; empty for all axes."""
    return f"axis-{row.axis.colour}" if row.axis else ""


def _state_column(place: int, words: str) -> Column:
    return Column(capfirst(words.split(",")[1]), lambda row: row.states[place], "number")


# The columns of counts, after that of the axis.
STATES = (
    Column("En vigueur", attrgetter("total"), "number"),
    *starmap(_state_column, enumerate(COUNTED.values())),
)
SUMMED = with_template(
    (column.within(attrgetter("sums")) for column in MONEY.values()),
    "actions/ways/budget_amount.html",
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
    def colour(self) -> int:  # for the templates that all booklets share
        return self.axis.colour

    @property
    def has_titles(self) -> bool:
        """Whether its themes have titles, which are then shown."""
        return any(part.theme.title for part in self.themes)


@dataclass(frozen=True)
class PlanContent:
    """The plan, or a selection of it, as its document shows it on ``day``.

    ``selection``: the sentence that says how many sheets were chosen, empty for the whole plan.
    ``late_word``: what late actions are called. ``rows`` are the counts by axis; ``late``, ``idle``
    (in force, paused or blocked) and ``discussed`` the lists of the summary.
    """

    convention: str
    territory: str
    words: Words
    parties: list[PartyOnCover]
    day: datetime.date
    selection: str
    sentence: str
    late_word: LateWord
    axes: list[AxisSheets]
    rows: list[Counts]
    total: Counts
    late: list[SummaryLine]
    idle: list[SummaryLine]
    discussed: list[SummaryLine]
    is_fictional: bool

    @property
    def state_columns(self) -> list[Column]:
        late = Column(self.late_word.title_of_several, attrgetter("late"), "number")
        return [Column(self.words.axis.title, attrgetter("name"), mark=_colour), *STATES, late]

    @property
    def none_late(self) -> str:
        """The sentence of the summary where no action is late."""
        return f"Aucune action n’est {self.late_word.singular}."

    @property
    def money_columns(self) -> list[Column]:
        return [Column(self.words.axis.title, attrgetter("short_name"), mark=_colour), *SUMMED]

    @property
    def lengths(self) -> dict[str, int]:
        """The number of lines that each list of the summary may show to fit on one page."""
        room = room_for_lists(self.sentence, len(self.rows))
        lists = {"late": self.late, "idle": self.idle, "discussed": self.discussed}
        return {name: count_fitting(lines, room) for name, lines in lists.items()}


def plan_of(
    convention: Convention, sheets: list[Sheet], day: datetime.date, *, known: int | None = None
) -> PlanContent:
    """Return the plan of these sheets, as they are on ``day``.

    ``known``: the number of sheets from which they were chosen, None for the whole plan. Two
    queries, for the parties.
    """
    selection = ""
    if known is not None:
        chosen = plural(len(sheets), "fiche choisie,fiches choisies")
        selection = f"Extrait : {chosen} parmi les {number(known)} du plan d’actions."
    ordered = sorted(sheets, key=lambda s: (s.axis.number, s.axis.pk, s.theme.rank, s.theme.pk))
    axes = [
        AxisSheets(axis, [ThemeSheets(theme, list(own)) for theme, own in by_theme])
        for axis, in_axis in groupby(ordered, lambda sheet: sheet.axis)
        for by_theme in [groupby(list(in_axis), lambda sheet: sheet.theme)]
    ]
    agreed, word = [s for s in sheets if s.standing.is_agreed], late_word(convention, day)
    return PlanContent(
        convention=convention.title,
        territory=convention.territory,
        words=convention.words,
        parties=[
            PartyOnCover(p.organisation.name, logo_data_url(p.logo)) for p in parties_of(convention)
        ],
        day=day,
        selection=selection,
        sentence=_describe_counts(agreed, sheets, word),
        late_word=word,
        axes=axes,
        rows=[_counts(part.axis, [s for t in part.themes for s in t.sheets]) for part in axes],
        total=_counts(None, sheets),
        # The first reason: the sheet has them all.
        late=[SummaryLine.of(s, s.follow_up.late[0]) for s in agreed if s.follow_up.late],
        idle=[
            SummaryLine.of(s, f"{s.follow_up.sentence}. {s.follow_up.state_reason}")
            for s in agreed
            if s.follow_up.state in HALTED
        ],
        discussed=[
            SummaryLine.of(s, s.standing.text if s.standing.is_proposed else s.standing.discussed)
            for s in sheets
            if s.standing.is_proposed or s.standing.discussed
        ],
        is_fictional=any(sheet.is_fictional for sheet in sheets),
    )


def _counts(axis: AxisLine | None, sheets: list[Sheet]) -> Counts:
    """Return the counts of the sheets in force among ``sheets``, by state, with those late and the
    sums of their fundings. ``axis`` only labels them: the sheets are its own, or all (None)."""
    agreed = [sheet for sheet in sheets if sheet.standing.is_agreed]
    states = Counter(sheet.follow_up.state for sheet in agreed)
    return Counts(
        axis,
        len(agreed),
        tuple(states[state] for state in COUNTED),
        sum(bool(sheet.follow_up.late) for sheet in agreed),
        Sums.of(line.amounts for sheet in agreed for line in sheet.fundings),
    )


def _describe_counts(agreed: list[Sheet], sheets: list[Sheet], word: LateWord) -> str:
    """Return « 36 actions sont en vigueur : 12 en cours et 24 terminées ; 5 sont en retard. », and
    the number of proposed ones, if any."""
    if not agreed:
        text = "Aucune action n’est encore en vigueur"
    else:
        states = Counter(sheet.follow_up.state for sheet in agreed)
        in_states = enumerate_words(
            plural(states[state], words) for state, words in COUNTED.items() if states[state]
        )
        text = f"{plural(len(agreed), 'action est,actions sont')} en vigueur : {in_states}"
        if late := sum(bool(sheet.follow_up.late) for sheet in agreed):
            text += f" ; {word.predicate(late)}"
    proposed = sum(sheet.standing.is_proposed for sheet in sheets)
    if not proposed:
        return f"{text}."
    return f"{text}. {plural(proposed, 'action est proposée,actions sont proposées')}."
