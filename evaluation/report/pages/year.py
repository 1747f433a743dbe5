"""Lay out the pages about the whole: themes at a glance, what progressed and receded, what is
decided next, the actions that are late, the way to the targets."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from ctg_portal.templatetags.french import in_words, number, plural
from evaluation.report.content import ReportContent, SummaryLine
from evaluation.report.pages.drawings import PATH_ROWS
from evaluation.report.pages.sentences import SplitText, list_items, split_text
from evaluation.report.pages.stories import Story, last_year_of
from evaluation.report.pages.themes import ActionCard, ThemePage
from evaluation.stakes.lines import StakeLine

MOST_DECIDED, FAR = 6, 0.8
LONGEST_ITEM = 160


@dataclass(frozen=True)
class Glyph:
    """How an indicator moved: its sign, class, and the words for who does not see it."""

    sign: str
    looks: str
    words: str


@dataclass(frozen=True)
class ThemeRow:
    """A theme in the table of all of them."""

    page: ThemePage

    @property
    def glyphs(self) -> list[Glyph]:
        moved = [story for story in self.page.stories if story.sign]
        order = ["▲", "=", "▼"]
        moved.sort(key=lambda story: order.index(story.sign))
        return [Glyph(story.sign, story.looks, story.row.movement) for story in moved]

    @property
    def indicators(self) -> str:
        figure = self.page._indicators
        return f"{figure.figure} en progrès" if figure else "rien ne se compare"

    @property
    def actions(self) -> str:
        figure = self.page._actions
        if figure is None:
            return "aucune action"
        late = len(self.page.late)
        done = figure.figure.partition(" ")[0]
        words = f"{done} {'terminées' if int(done) >= 2 else 'terminée'}"
        return f"{words}, {late} {self.page.late_word}" if late else words

    @property
    def objectives(self) -> str:
        figure = self.page._objectives
        if figure is None:
            return "–"
        return figure.figure if " sur " in figure.figure else "sans appréciation"

    @property
    def reached(self) -> str:
        """« atteint », behind « 1 sur 3 »; empty without an appreciation."""
        figure = self.page._objectives
        if figure is None or " sur " not in figure.figure:
            return ""
        return figure.label.partition(" ")[2]


@dataclass(frozen=True)
class YearPages:
    """The pages about the whole, from a content and its themes."""

    content: ReportContent
    themes: list[ThemePage]

    @cached_property
    def _conclusion(self) -> str:
        if not self.content.has("closing"):
            return ""
        return next((t.text for t in self.content.closing if t.anchor == "conclusion"), "")

    @property
    def stakes(self) -> list[StakeLine]:
        """The stakes, unless they are left out of the document."""
        return self.content.stakes if self.content.has("stakes") else []

    @cached_property
    def _concluding(self) -> SplitText:
        return split_text(self._conclusion)

    @property
    def key_sentence(self) -> str:
        """The sentence of the year on the cover: that of the coordination, else the first one of
        the conclusion; empty without either."""
        return self._concluding.sentence

    @property
    def title(self) -> str:
        """« 11 des 16 indicateurs comparables progressent, 4 reculent »."""
        return self.content.summary.sentence.partition(" ; ")[0].rstrip(".")

    @property
    def rows(self) -> list[ThemeRow]:
        return [ThemeRow(page) for page in self.themes if not page.theme.is_bare]

    @property
    def has_bars(self) -> bool:
        """Whether there are years enough to be compared by a drawing."""
        summary = self.content.summary
        return len([c for c in summary.total.years if " sur " in c.text]) >= 3

    @property
    def has_balance(self) -> bool:
        """Whether something moved, is decided, is late or was chosen."""
        chosen = self.content.summary.chosen_lists
        return bool(self.progressed or self.receded or self.decided or self.late or chosen)

    @property
    def progressed(self) -> list[SummaryLine]:
        return self.content.summary.progressed

    @property
    def receded(self) -> list[SummaryLine]:
        return self.content.summary.receded

    @property
    def moved_much(self) -> bool:
        """Whether so many progressed or receded that their lists do not stand side by side."""
        return len(self.progressed) > 24 or len(self.receded) > 14

    @property
    def decided(self) -> list[str]:
        """The next steps that are decided: the list of the conclusion, else the decisions of the
        committee that are still to be done."""
        items = [item for item in list_items(self._conclusion) if len(item) <= LONGEST_ITEM]
        governance = self.content.governance if self.content.has("governance") else None
        if not items and governance:
            undone = [row for row in governance.decisions if row.state != "faite"]
            items = [row.text for row in undone if len(row.text) <= LONGEST_ITEM]
        return items[:MOST_DECIDED]

    @cached_property
    def late(self) -> list[tuple[ThemePage, ActionCard]]:
        """The actions that are late, each with its theme."""
        return [(page, card) for page in self.themes for card in page.late]

    @property
    def stopped(self) -> list[ActionCard]:
        """The actions that are on hold, blocked or given up, without being late."""
        return [
            card
            for page in self.themes
            for card in page.actions
            if card.line.state_kind in ("paused", "blocked", "abandoned") and not card.line.is_late
        ]

    @property
    def balance_title(self) -> str:
        """« Neuf actions sont en retard ; trois suites sont décidées »."""
        late, decided = len(self.late), len(self.decided)
        parts = []
        if late:
            word = self.late[0][1].line.late_word
            verb = "sont" if late >= 2 else "est"
            parts.append(f"{in_words(late, 'action,actions')} {verb} {word}")
        if decided:
            verb = "sont décidées" if decided >= 2 else "est décidée"
            parts.append(f"{in_words(decided, 'suite,suites')} {verb}")
        if not parts:
            moved = len(self.progressed), len(self.receded)
            parts = [f"{number(moved[0])} en progrès", f"{number(moved[1])} en recul"]
        title = (
            " ; ".join(parts).replace("un action", "une action").replace("un suite", "une suite")
        )
        return f"{title[:1].upper()}{title[1:]}"

    # The way to the targets

    @cached_property
    def ways(self) -> list[Story]:
        """The indicators of which the way to the target is known, the furthest first."""
        known = [
            story
            for page in self.themes
            for story in page.stories
            if story.row.attainment and story.share is not None
        ]
        return sorted(known, key=lambda story: -(story.share or 0))

    @property
    def ways_by_page(self) -> list[list[Story]]:
        rows = self.ways
        return [rows[at : at + PATH_ROWS] for at in range(0, len(rows), PATH_ROWS)]

    @property
    def ways_title(self) -> str:
        """« 3 indicateurs sur 16 ont fait plus de 80 % du chemin ; 2 sont à leur point de
        départ »."""
        shares = [story.share or 0 for story in self.ways]
        far, none = sum(share > FAR for share in shares), sum(share == 0 for share in shares)
        total = len(shares)
        subject = plural(far, "indicateur,indicateurs") if far else "Aucun indicateur"
        verb = "ont" if far >= 2 else "n’a" if not far else "a"
        title = f"{subject} sur {total} {verb} fait plus de 80\u202f% du chemin"
        if none:
            title += f" ; {none} {'sont à leur' if none >= 2 else 'est à son'} point de départ"
        return title

    @property
    def since(self) -> str:
        """« situation de 2019 », if it is that of all."""
        years = Counter(story.baseline_year for story in self.ways)
        [(year, _)] = years.most_common(1) or [(None, 0)]
        return f"situation de {year}" if year and len(years) == 1 else "situation initiale"

    @property
    def progress(self) -> float | None:
        """The part of the term that is over at the end of the year, within 0 and 1; None where it
        is not known, before the term and from its last year."""
        years = [int(year) for year in re.findall(r"\b\d{4}\b", self.content.term)]
        end, now = last_year_of(self.content), self.content.figures_year
        if len(years) < 2 or now is None or end is None:
            return None
        start = years[0] - ("1er janvier" in self.content.term.partition(" au ")[0])
        if not start < now < end:
            return None
        return (now - start) / (end - start)
