"""Read the plan by objective: the actions that serve each, and the objectives that none serves."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import prefetch_related_objects

from actions.plan.models import Action, ActionState
from actions.ways.list import Plan, Row
from conventions.legal.reading import axes_as_read, objectives_of
from conventions.models import Axis, Objective, Standing, Theme
from ctg_portal.templatetags.french import enumerate_words, plural

# The parameters that choose a part of the convention, not actions.
PLACES = {"axe", "thematique", "objectif", "tri"}


@dataclass(frozen=True)
class Node:
    """An objective with the actions shown that serve it; a text above objectives, without actions.
    ``is_hole``: no action in force serves it, those given up apart; ``proposed``: the number of
    proposed actions that would."""

    objective: Objective
    rows: list[Row]
    is_hole: bool = False
    proposed: int = 0
    beneath: list["Node"] = field(default_factory=list)

    @property
    def holes(self) -> list["Node"]:
        return [node for node in [self, *self.beneath] if node.is_hole]


@dataclass(frozen=True)
class ThemeObjectives:
    """The objectives of a theme; ``summary``: « 4 objectifs · 2 sans action »."""

    theme: Theme
    nodes: list[Node]
    summary: str = ""


@dataclass(frozen=True)
class AxisObjectives:
    """The objectives of an axis; ``summary``: how many no action serves, empty for none."""

    axis: Axis
    themes: list[ThemeObjectives]
    summary: str


class ObjectiveTree:
    """The tree of the convention with the actions that a plan shows.

    Whether an objective is served is read from all the actions in force, whatever is asked for.
    """

    def __init__(self, plan: Plan):
        self.plan, self.convention = plan, plan.convention
        self.words, self.can_draft = plan.convention.words.objective, plan.can_draft
        asked = plan.filter.asked
        self.asked = asked or {}
        self.only_holes = plan.asked.get("trous") == "1"
        # Where only some actions are asked for, the objectives that none of them serves are left
        # out, so that the others are found.
        self.is_narrowed = asked is None or bool(asked.keys() - PLACES)

    @cached_property
    def axes_read(self) -> list[Axis]:
        """The axes of the text in force on the day of reading, with themes and objectives."""
        convention = self.convention
        axes = axes_as_read(convention, convention.reading_day(self.plan.today))
        for axis in axes:
            axis.convention = convention
        return axes

    @cached_property
    def _serving(self) -> dict[int, list[Action]]:
        """The actions that are not withdrawn, by key of the objective that they serve."""
        prefetch_related_objects(self.plan.everything, "objectives")
        serving = defaultdict(list)
        for action in self.plan.everything:
            for objective in action.objectives.all():
                serving[objective.pk].append(action)
        return serving

    @cached_property
    def _shown(self) -> dict[int, list[Row]]:
        """The rows shown, by key of the objective they serve, in the order asked for."""
        rank = {action.pk: place for place, action in enumerate(self.plan.shown)}
        return {
            pk: self._rows(sorted((a for a in own if a.pk in rank), key=lambda a: rank[a.pk]))
            for pk, own in self._serving.items()
        }

    def _rows(self, actions: list[Action]) -> list[Row]:
        return [Row(action, self.plan.describe_late(action)) for action in actions]

    def _node(self, objective: Objective, beneath=(), *, is_leaf: bool) -> Node:
        """Return an objective with the actions that serve it. Only a leaf (an objective in force
        that is to be served itself) can be a hole; a text is not served."""
        if not objective.is_objective:
            return Node(objective, [], beneath=list(beneath))
        served = self._serving.get(objective.pk, [])
        lasting = [a for a in served if a.is_agreed and a.state != ActionState.ABANDONED]
        return Node(
            objective,
            self._shown.get(objective.pk, []),
            is_hole=is_leaf and objective.is_agreed and not objective.is_closed and not lasting,
            proposed=sum(action.standing == Standing.PROPOSED for action in served),
            beneath=list(beneath),
        )

    def _tree(self, orientation: Objective) -> Node:
        """Return the node of an orientation: a leaf itself without agreed sub-objectives."""
        sub_objectives = [sub for sub in orientation.sub_objectives_read if sub.is_objective]
        beneath = [self._node(sub, is_leaf=True) for sub in sub_objectives]
        is_leaf = not any(sub.is_agreed for sub in sub_objectives)
        return self._node(orientation, beneath, is_leaf=is_leaf)

    @cached_property
    def _all(self) -> list[tuple[Axis, list[ThemeObjectives]]]:
        """All axes of the text with the nodes of their objectives, before any is left out."""
        return [
            (
                axis,
                [
                    ThemeObjectives(theme, [self._tree(row) for row in theme.orientations])
                    for theme in axis.themes_read
                ],
            )
            for axis in self.axes_read
        ]

    # What is asked for ----------------------------------------------------------------------------

    def _is_in_place(self, objective: Objective, theme: Theme, axis: Axis) -> bool:
        """Return whether an objective is in the part of the convention that is asked for."""
        asked = self.asked
        wanted = [(asked.get("axe"), [axis]), (asked.get("thematique"), [theme]),
                  (asked.get("objectif"), [objective, objective.parent])]  # fmt: skip
        return all(place is None or place in places for place, places in wanted)

    def _pruned(self, node: Node, theme: Theme, axis: Axis) -> Node | None:
        """Return the node with what is shown of it; None for nothing. An objective without an
        action is shown in the part asked for, unless the search is narrowed; of holes alone, holes
        and what they are beneath. A text is shown above what is shown beneath it."""
        here = self._is_in_place(node.objective, theme, axis)
        beneath = [self._pruned(sub, theme, axis) for sub in node.beneath]
        beneath = [sub for sub in beneath if sub]
        is_hole = here and node.is_hole
        if self.only_holes:
            is_shown, rows = is_hole, [row for row in node.rows if is_hole]
        else:
            is_empty_shown = here and node.objective.is_objective and not self.is_narrowed
            is_shown, rows = bool(node.rows) or is_empty_shown, node.rows
        if not is_shown and not beneath:
            return None
        return Node(node.objective, rows, is_hole, node.proposed if is_hole else 0, beneath)

    @cached_property
    def axes(self) -> list[AxisObjectives]:
        """The axes with what is shown of them; those with nothing to show are left out."""
        parts = []
        for axis, themes in self._all:
            shown = []
            for part in themes:
                pruned = [self._pruned(node, part.theme, axis) for node in part.nodes]
                if nodes := [node for node in pruned if node]:
                    holes = sum(len(node.holes) for node in nodes)
                    summary = self._count(nodes) + (f" · {holes} sans action" if holes else "")
                    shown.append(ThemeObjectives(part.theme, nodes, summary))
            if shown:
                parts.append(
                    AxisObjectives(axis, shown, self._describe_holes(self._holes_of(axis, themes)))
                )
        return parts

    def _count(self, nodes: list[Node]) -> str:
        """Return how many objectives these orientations are: « 4 objectifs »; where all are texts,
        how many sub-objectives are beneath them."""
        count = sum(node.objective.is_objective for node in nodes)
        if count:
            return plural(count, self.words.forms)
        return plural(sum(len(node.beneath) for node in nodes), self.words.sub_forms)

    @property
    def are_open(self) -> bool:
        """Whether the themes are unfolded: who asks for some objectives wants to see them."""
        return self.only_holes or self.is_narrowed or bool(self.asked.keys() & PLACES)

    @property
    def serving_none(self) -> list[Row]:
        """The rows of the actions shown that serve no objective in force."""
        orientations, sub_objectives = objectives_of(self.axes_read)
        known = {row.pk for row in orientations + sub_objectives if row.is_objective}
        serving = {row.action.pk for pk in known for row in self._shown.get(pk, [])}
        return self._rows([a for a in self.plan.shown if a.pk not in serving])

    # What nothing serves --------------------------------------------------------------------------

    def _holes_of(self, axis: Axis, themes: list[ThemeObjectives]) -> list[Node]:
        """Return the holes of an axis in the part of the convention that is asked for."""
        return [
            hole
            for part in themes
            for node in part.nodes
            for hole in node.holes
            if self._is_in_place(hole.objective, part.theme, axis)
        ]

    @cached_property
    def holes(self) -> list[Node]:
        """The objectives in force, in the part asked for, that no action serves."""
        return [hole for axis, themes in self._all for hole in self._holes_of(axis, themes)]

    def _describe_holes(self, holes: list[Node]) -> str:
        """Return « 5 sous-objectifs et 2 objectifs sont sans action »; empty without any."""
        beneath = sum(hole.objective.parent_id is not None for hole in holes)
        counts = [(beneath, self.words.sub_forms), (len(holes) - beneath, self.words.forms)]
        counted = enumerate_words(plural(count, forms) for count, forms in counts if count)
        return counted and f"{counted} {'sont' if len(holes) >= 2 else 'est'} sans action"

    @property
    def title(self) -> str:
        """« 5 sous-objectifs sont sans action »; else that none is, or that none is in force."""
        if not any(axis.objective_count for axis in self.axes_read):
            return f"{self.words.no.capitalize()} n’est encore en vigueur"
        return self._describe_holes(self.holes) or f"{self.words.no.capitalize()} n’est sans action"
