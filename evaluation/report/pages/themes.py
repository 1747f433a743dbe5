"""Lay out a theme: its key sentence, four figures, its indicators as drawings, numbers or lines of
context, its actions, what blocks first, its objectives; how much room it takes."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import ceil

from actions.models import ActionState
from ctg_portal.templatetags.french import euros, number, plural
from evaluation.report.content import (
    MoneyRow,
    ReportAxis,
    ReportContent,
    ReportObjective,
    ReportTheme,
)
from evaluation.report.pages.drawings import SIZES, Size
from evaluation.report.pages.sentences import SplitText, first_sentence, split_text
from evaluation.report.pages.stories import Story
from evaluation.year.action_lines import ActionLine
from evaluation.year.key_figures import KeyFigure
from evaluation.year.plan import STATES
from indicators.series.mentions import merge_mentions

# What blocks comes first.
ORDER = (
    ActionState.BLOCKED, ActionState.PAUSED, ActionState.ABANDONED, ActionState.IN_PROGRESS,
    ActionState.TO_COME, ActionState.DONE,
)  # fmt: skip
STOPPED = (ActionState.BLOCKED, ActionState.PAUSED, ActionState.ABANDONED)
# From how many actions with money a table shows it by action.
MONEY_FROM = 4
# Millimetres: the height of a page; a theme of no more than that shares a page.
PAGE, SHARED = 254, 120
# Up to how many actions stand side by side.
COMPACT = 3
# Objectives without an appreciation.
FEW = 2
# Characters of a key sentence in large letters.
LARGE = 80
STARTS_A_BLOCK = ("-", "*", "+", "#", ">", "|", "1.", "`")


def amount_of(words: str) -> Decimal:
    """Return the sum of « 54 790,40 € »; 0 for words without a number."""
    digits = "".join(c for c in words.partition("€")[0] if c.isdigit() or c == ",")
    return Decimal(digits.replace(",", ".") or 0)


@dataclass(frozen=True)
class ActionCard:
    """An action with what its note of the year says, each part in Markdown."""

    line: ActionLine

    @property
    def turns(self) -> list[str]:
        """The brakes, levers and prospects, each introduced by its name."""
        if not self.line.note:
            return []
        return [
            f"**{name}.**{gap}{text.strip()}"
            for name, text in self.line.note.parts
            for gap in ["\n\n" if text.strip().startswith(STARTS_A_BLOCK) else " "]
        ]

    @property
    def running(self) -> str:
        """The note with its brakes, levers and prospects as one text."""
        note = self.line.note
        if not note:
            return ""
        parts = [note.text.strip(), *self.turns]
        has_blocks = any("\n" in part for part in parts)
        return ("\n\n" if has_blocks else " ").join(parts)

    @property
    def money(self) -> str:
        """« 75 105 € sur 91 000 € prévus », « sans financement »."""
        money = self.line.money
        if not money.comparisons and not money.spent:
            return "sans financement"
        spent = money.spent or "dépense non renseignée"
        planned = f" sur {money.planned} prévus" if money.planned else ""
        untold = f" ({plural(money.untold, 'ligne non renseignée,lignes non renseignées')})"
        return f"{spent}{planned}{untold if money.untold else ''}"

    @property
    def height(self) -> float:
        """About how many millimetres it takes in one of two columns."""
        note = self.line.note
        parts = [note.text, *(text for _, text in note.parts)] if note else []
        lines = sum(_lines(part, 60) for part in parts) + _lines(self.line.title, 54)
        return 16 + 4.1 * (lines + _lines(self.line.reason, 60))

    @property
    def next_step(self) -> str:
        """The first sentence of its prospects."""
        return first_sentence(self.line.note.prospects) if self.line.note else ""


@dataclass(frozen=True)
class MoneyBar:
    """The money of an action: the widths of what was planned and spent, of the largest, in steps
    of five per cent."""

    line: ActionLine
    planned: int
    spent: int


@dataclass(frozen=True)
class ThemePage:
    """A theme of a report with its stories."""

    content: ReportContent
    axis: ReportAxis
    theme: ReportTheme
    stories: list[Story]

    @property
    def anchor(self) -> str:
        return self.theme.anchor

    @property
    def title(self) -> str:
        """« 1.1 Accès aux droits »; of an axis without themes, its title."""
        theme = self.theme
        return f"{theme.number} {theme.title}".strip() if theme.title else self.axis.title

    @property
    def above(self) -> str:
        """« Axe 1 », before the title of the axis."""
        return f"{self.content.words.axis}\u00a0{self.axis.mark}"

    @cached_property
    def _text(self) -> SplitText:
        return split_text(self.theme.narrative)

    @property
    def key_sentence(self) -> str:
        """The sentence that the coordination wrote for the page; else the first of its text, else
        what its figures say."""
        return self._text.sentence or self.lead

    @property
    def lead(self) -> str:
        return self.theme.lead.partition(" ; ")[0].partition(". ")[0].rstrip(".")

    @property
    def is_long(self) -> bool:
        return len(self.key_sentence) > LARGE

    @property
    def narrative(self) -> str:
        """The rest of the text below the key sentence, in Markdown."""
        return self._text.rest

    @property
    def has_text(self) -> bool:
        return bool(self.theme.narrative)

    @property
    def is_first_of_axis(self) -> bool:
        return self.axis.themes[0] is self.theme

    @property
    def objectives_first(self) -> bool:
        """Whether objectives stand before the actions: on the first page of a spread."""
        return self.is_spread and self.height - self._cards_height < PAGE

    # Indicators

    @property
    def aimed(self) -> list[Story]:
        """The indicators that are to go one way."""
        return [story for story in self.stories if not story.is_context]

    @property
    def drawn(self) -> list[Story]:
        return [story for story in self.stories if story.is_drawn]

    @property
    def numbers(self) -> list[Story]:
        """The indicators with a number of the year, and too few figures for a drawing."""
        return [story for story in self.aimed if story.has_number and not story.is_drawn]

    @property
    def context(self) -> list[Story]:
        return [story for story in self.stories if story.is_context and story.has_number]

    @property
    def context_since(self) -> int | None:
        """The first year of all its context; None where they differ."""
        years = {story.numbers[0].year for story in self.context if story.since_first}
        return years.pop() if len(years) == 1 else None

    @property
    def absent(self) -> list[Story]:
        """The indicators without a number of the year, and without a drawing."""
        return [story for story in self.stories if not story.has_number and not story.is_drawn]

    @property
    def columns(self) -> int:
        """The number of drawings in a row."""
        count = len(self.drawn)
        return count if count <= 2 else 2 if count == 4 else 3

    @property
    def size(self) -> Size:
        return SIZES[self.columns]

    @property
    def sources(self) -> list[str]:
        shown = [story for story in self.stories if story.numbers]
        return merge_mentions(source for story in shown for source in story.sources)

    @property
    def signs(self) -> list[str]:
        """The explanations of the signs of its figures that the drawings do not give themselves."""
        return [sign for sign in self.theme.signs if not sign.startswith(("case vide", "≠"))]

    # Actions

    @cached_property
    def actions(self) -> list[ActionCard]:
        """The actions, those that are blocked and late first."""
        place = {str(state): at for at, state in enumerate(ORDER)}
        rows = sorted(
            self.theme.actions,
            key=lambda row: (place.get(row.state_kind, 9), not row.is_late, row.number),
        )
        return [ActionCard(row) for row in rows]

    @property
    def squares(self) -> list[ActionLine]:
        """The actions, those done first, for small squares."""
        return [card.line for card in reversed(self.actions)]

    @property
    def states(self) -> str:
        """« 2 terminées · 2 en cours · 1 bloquée »."""
        counts = Counter(line.state_kind for line in self.theme.actions)
        words = [plural(counts[state], forms) for state, forms in STATES if counts[state]]
        return " · ".join(words)

    @property
    def late(self) -> list[ActionCard]:
        return [card for card in self.actions if card.line.is_late]

    @property
    def late_word(self) -> str:
        return self.late[0].line.late_word if self.late else "en retard"

    @property
    def card_columns(self) -> list[list[ActionCard]]:
        """The actions in columns of about the same height, in order; each in its own where they are
        few."""
        if self.is_compact:
            return [[card] for card in self.actions]
        half, height = sum(card.height for card in self.actions) / 2, 0.0
        columns: list[list[ActionCard]] = [[], []]
        for card in self.actions:
            columns[height + card.height / 2 > half].append(card)
            height += card.height
        return columns

    @property
    def is_compact(self) -> bool:
        """Whether its few actions stand side by side, in running text."""
        return len(self.actions) <= COMPACT

    @property
    def money_bars(self) -> list[MoneyBar]:
        """The money by action, the largest first; none below ``MONEY_FROM`` actions with money."""
        funded = [line for line in self.theme.actions if amount_of(line.money.planned)]
        if len(funded) < MONEY_FROM:
            return []
        sums = [(amount_of(r.money.planned), amount_of(r.money.spent), r) for r in funded]
        largest = max(max(planned, spent) for planned, spent, _ in sums)
        return [
            MoneyBar(row, _step(planned / largest), _step(spent / largest))
            for planned, spent, row in sorted(sums, key=lambda each: -each[0])
        ]

    # Objectives

    @property
    def objectives(self) -> list[ReportObjective]:
        """The objectives of the first level, and of the committee."""
        first = [row for row in self.theme.signed if row.level == 1]
        return [*first, *self.theme.committee]

    @property
    def appreciated(self) -> list[ReportObjective]:
        """The objectives of any level with an appreciation of the year."""
        rows = [*self.theme.signed, *self.theme.committee]
        return [row for row in rows if row.appreciation]

    @property
    def awaiting(self) -> list[ReportObjective]:
        """The objectives of the first level, and of the committee, without an appreciation yet."""
        return [row for row in self.objectives if not row.appreciation]

    @property
    def few_await(self) -> bool:
        """Whether those without an appreciation are so few that they stand among the others."""
        return bool(self.appreciated) and len(self.awaiting) <= FEW

    @property
    def listed(self) -> list[ReportObjective]:
        """The objectives with an appreciation, and those without where they are few."""
        return [*self.appreciated, *(self.awaiting if self.few_await else [])]

    # Figures

    @property
    def money(self) -> MoneyRow | None:
        """The row of the theme in the table of money by theme; None without one."""
        tables = [t for t in self.content.means.tables if t.caption.startswith("Par ")][1:2]
        titles = {self.title, self.theme.title or self.axis.title, self.axis.title}
        rows = [row for table in tables for row in table.rows if row.title in titles]
        return rows[0] if rows else None

    @property
    def figures(self) -> list[KeyFigure]:
        """Indicators, actions, money, objectives: always in this order, none of what it has not."""
        rows = [self._indicators, self._actions, self._money, self._objectives]
        return [row for row in rows if row]

    @property
    def _indicators(self) -> KeyFigure | None:
        kinds = Counter(story.row.movement_kind for story in self.stories)
        compared = kinds["progress"] + kinds["setback"] + kinds["stable"]
        if not compared:
            return None
        label = "indicateurs en progrès" if kinds["progress"] >= 2 else "indicateur en progrès"
        back = f"{kinds['setback']} en recul" if kinds["setback"] else "aucun en recul"
        return KeyFigure(f"{kinds['progress']} sur {compared}", label, back)

    @property
    def _actions(self) -> KeyFigure | None:
        actions = self.theme.actions
        if not actions:
            return None
        done = sum(line.state_kind == ActionState.DONE for line in actions)
        stopped = sum(line.state_kind in STOPPED for line in actions)
        late = len(self.late)
        notes = [f"{late} {self.late_word}"] if late else []
        notes += [f"{stopped} à l’arrêt"] if stopped else []
        label = "actions terminées" if done >= 2 else "action terminée"
        note = ", ".join(notes) or "aucune en retard"
        return KeyFigure(f"{done} sur {len(actions)}", label, note)

    @property
    def _money(self) -> KeyFigure | None:
        row = self.money
        if row is None:
            return None
        if not amount_of(row.spent.text):
            return KeyFigure(row.planned.text, "prévus", "dépense non renseignée")
        share = f"{row.share} du prévu" if row.share else ""
        return KeyFigure(euros(amount_of(row.spent.text).quantize(Decimal(1))), "dépensés", share)

    @property
    def _objectives(self) -> KeyFigure | None:
        total = len(self.objectives)
        if not total:
            return None
        word = self.content.words.objective.lower()
        counted = [row for row in self.objectives if row.appreciation]
        if not counted:
            many = f"{word}s" if total >= 2 else word
            return KeyFigure(number(total), many, "pas encore d’appréciation")
        reached = sum(row.verdict == "reached" for row in counted)
        waiting = total - len(counted)
        note = f"{waiting} sans appréciation" if waiting else "tous ont une appréciation"
        word_of_reached = next(
            (row.appreciation for row in counted if row.verdict == "reached"), "atteint"
        )
        plural_mark = "s" if reached >= 2 else ""
        return KeyFigure(
            f"{reached} sur {total}", f"{word}{plural_mark} {word_of_reached}{plural_mark}", note
        )

    # Room

    @cached_property
    def height(self) -> float:
        """About how many millimetres it takes."""
        room = 34 + 9 * self.is_long + 18 * bool(self.figures) + _lines(self.narrative, 112) * 4.7
        if self.drawn:
            rows = ceil(len(self.drawn) / self.columns)
            room += 12 + rows * (self.size.height + 18)
        room += 6 * len(self.numbers) + (10 + 2.8 * len(self.context) if self.context else 0)
        room += 10 if self.stories else 0
        if self.actions:
            room += 22 + self._cards_height
        room += 10 + 5.2 * len(self.money_bars) if self.money_bars else 0
        return room + self._objectives_height

    @property
    def _cards_height(self) -> float:
        heights = [card.height for card in self.actions]
        if self.is_compact:
            return max(heights) * 1.4
        return max(sum(card.height for card in column) for column in self.card_columns)

    @property
    def _objectives_height(self) -> float:
        lines = [
            max(_lines(f"{row.title} {row.justification}", 100), 1) * 4.1 + 2.6
            for row in self.appreciated
        ]
        lines += [_lines(row.title, 62) * 2 for row in self.awaiting]
        return 10 + sum(lines) if lines else 0

    @property
    def is_spread(self) -> bool:
        """Whether it takes more than a page."""
        return self.height > PAGE * 1.05

    @property
    def is_small(self) -> bool:
        """Whether it shares a page with others."""
        return self.height <= SHARED

    @property
    def kind(self) -> str:
        """The class of its section: « spread », « single » or « small »."""
        return "spread" if self.is_spread else "small" if self.is_small else "single"


def _step(share: Decimal) -> int:
    return min(5 * round(20 * share), 100)


def _lines(words: str, letters: int) -> int:
    """Return about how many lines of so many letters a text takes."""
    return sum(max(ceil(len(line) / letters), 1) for line in words.splitlines() if line.strip())


def theme_pages(content: ReportContent, stories: dict[str, list[Story]]) -> list[ThemePage]:
    """Return the pages of the themes on which the year has something, in reading order."""
    return [
        ThemePage(content, axis, theme, stories[theme.anchor])
        for axis in content.followed_axes
        for theme in axis.themes
        if not theme.is_bare
    ]
