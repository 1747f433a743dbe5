"""Read the plan by commune: which actions name each, and how many hold for all."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import prefetch_related_objects

from actions.plan.models import Action
from actions.ways.list import COUNTED, Plan
from conventions.models import Commune, Coverage
from conventions.territory.areas import AreaMap, draw_map
from conventions.territory.map import TerritoryMap
from ctg_portal.templatetags.french import enumerate_words, plural

# How the map shows the communes that are named: as a style of its marks.
NAMED, NOT_NAMED = 2, 0


@dataclass(frozen=True)
class CommuneRow:
    """A commune with the agreed actions that name it. ``late``: how many of them are late, in
    words; ``is_present``: within the perimeter; ``proposed``: the number of proposed actions that
    name it."""

    commune: Commune
    actions: list[Action]
    late: str
    proposed: int
    is_present: bool

    @property
    def states(self) -> str:
        """« 2 en cours et 1 terminée »."""
        states = Counter(action.state for action in self.actions)
        return enumerate_words(
            plural(states[state], words) for state, words in COUNTED.items() if states[state]
        )


class CommunePlan:
    """The actions that a plan shows, by commune of the perimeter on the day of reading."""

    def __init__(self, plan: Plan):
        self.plan, self.convention = plan, plan.convention
        prefetch_related_objects(plan.shown, "communes")

    @cached_property
    def coverages(self) -> list[Coverage]:
        """The communes of the perimeter on the day of reading; one query."""
        convention = self.convention
        rows = Coverage.objects.of(convention)
        perimeter = rows.perimeter(convention.reading_day(self.plan.today))
        return list(perimeter.select_related("commune__convention"))

    @property
    def everywhere(self) -> int:
        """The number of actions for the whole territory."""
        return sum(action.is_whole_territory for action in self.plan.counted)

    @cached_property
    def rows(self) -> list[CommuneRow]:
        """The communes that an agreed or proposed action of those shown names: those named by most
        agreed actions first, then by name."""
        naming = defaultdict(list)
        for action in self.plan.shown:
            for commune in action.communes.all():
                naming[commune].append(action)
        present = {coverage.commune for coverage in self.coverages}
        rows = []
        for commune, own in naming.items():
            commune.convention = self.convention
            agreed = [action for action in own if action.is_agreed]
            row = CommuneRow(
                commune,
                actions=agreed,
                late=self.plan.count_late(agreed),
                proposed=sum(action.is_proposed for action in own),
                is_present=commune in present,
            )
            if row.actions or row.proposed:
                rows.append(row)
        return sorted(
            rows,
            key=lambda row: (-len(row.actions), row.commune.search_text, row.commune.insee_code),
        )

    @cached_property
    def named(self) -> set[Commune]:
        """The communes of the perimeter that an action in force names."""
        return {row.commune for row in self.rows if row.actions and row.is_present}

    @property
    def not_named(self) -> list[Commune]:
        return [c.commune for c in self.coverages if c.commune not in self.named]

    @property
    def map(self) -> AreaMap | TerritoryMap | None:
        """The map of the territory with the named communes filled; None where none is located."""
        drawing = draw_map(self.coverages) if self.named else None
        if drawing:
            for mark in drawing.marks:
                mark.style = NAMED if mark.commune in self.named else NOT_NAMED
        return drawing

    @property
    def title(self) -> str:
        """« 16 communes sur 47 sont nommées par une action »."""
        if not self.coverages:
            return "La convention n’énumère aucune commune"
        if not self.plan.counted:
            return self.plan.title_without_actions
        if not self.named:
            return "Aucune commune n’est nommée par une action"
        number, whole = len(self.named), len(self.coverages)
        verb = "sont nommées" if number >= 2 else "est nommée"
        return f"{plural(number, 'commune,communes')} sur {whole} {verb} par une action"

    @property
    def lead(self) -> str:
        """The sentence on the actions for the whole territory; empty where no action is in
        force."""
        if not self.everywhere:
            return "Aucune action ne vaut pour tout le territoire." if self.plan.counted else ""
        count = plural(self.everywhere, "action vaut,actions valent")
        return f"{count} de plus pour tout le territoire, sans nommer de commune."
