"""The plan by state: what is to come, under way, held back, over."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from actions.models import Action, ActionState
from actions.ways.counted import counted, nothing_in_force
from actions.ways.list import COUNTED, Plan, Row
from ctg_portal.templatetags.french import number, plural

ORDER = [ActionState.TO_COME, ActionState.IN_PROGRESS, ActionState.PAUSED, ActionState.BLOCKED,
         ActionState.DONE, ActionState.ABANDONED]  # fmt: skip
UNFOLDED = 12  # cards of a state that are shown at once


@dataclass(frozen=True)
class InState:
    """The actions in one state."""

    state: ActionState
    cards: list[Row]

    @property
    def word(self) -> str:
        return self.state.label

    @property
    def first(self) -> list[Row]:
        return self.cards[:UNFOLDED]

    @property
    def folded(self) -> list[Row]:
        return self.cards[UNFOLDED:]


class Board:
    """The actions in force that a plan shows, by state; what is not agreed to yet apart."""

    def __init__(self, plan: Plan):
        self.plan = plan

    @cached_property
    def cards(self) -> list[Row]:
        return [Row(a, None, a.pk in self.plan.late) for a in counted(self.plan)]

    @property
    def others(self) -> list[Action]:
        """Those that are not followed: proposed, or drafts and withdrawn ones where asked for."""
        return [action for action in self.plan.shown if not action.is_agreed]

    @property
    def states(self) -> list[InState]:
        """The states in which some actions are."""
        states = [InState(s, [c for c in self.cards if c.action.state == s]) for s in ORDER]
        return [one for one in states if one.cards]

    @property
    def empty_states(self) -> str:
        """« en pause, bloquée ni abandonnée »: the states in which no action is."""
        taken = {card.action.state for card in self.cards}
        labels = [state.label for state in ORDER if state not in taken]
        return " ni ".join(filter(None, [", ".join(labels[:-1]), *labels[-1:]]))

    @property
    def title(self) -> str:
        """« 3 actions sont bloquées, 5 en retard », or how far the plan is where nothing is."""
        states = Counter(card.action.state for card in self.cards)
        if not states:
            return nothing_in_force(self.plan)
        blocked, late = states[ActionState.BLOCKED], sum(card.is_late for card in self.cards)
        if blocked:
            told = plural(blocked, "action est bloquée,actions sont bloquées")
            return f"{told}, {number(late)} en retard" if late else told
        if late:
            return plural(late, "action est en retard,actions sont en retard")
        state = next(s for s in [ActionState.IN_PROGRESS, *ORDER] if states[s])
        one, many = COUNTED[state].split(",")
        return plural(states[state], f"action est {one},actions sont {many}")

    @property
    def lead(self) -> str:
        """Why none is told as blocked or late, or what both mean."""
        if any(card.is_late for card in self.cards):
            return (
                "Une action est en retard quand sa fin ou l’échéance d’un jalon est passée, ou "
                "qu’elle devait avoir commencé."
            )
        return "Aucune n’est en retard." if self.cards else ""
