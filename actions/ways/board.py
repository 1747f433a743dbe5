"""The plan by state: what is to come, under way, held back, over."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from actions.plan.models import Action, ActionState
from actions.ways.list import COUNTED, Plan, Row
from ctg_portal.templatetags.french import plural

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
    """The agreed actions that a plan shows, by state; the others apart."""

    def __init__(self, plan: Plan):
        self.plan = plan

    @cached_property
    def cards(self) -> list[Row]:
        return [Row(a, self.plan.describe_late(a)) for a in self.plan.counted]

    @property
    def others(self) -> list[Action]:
        """The actions shown that are not in force: proposed, drafts, withdrawn."""
        return [action for action in self.plan.shown if not action.is_agreed]

    @property
    def states(self) -> list[InState]:
        """The states that some actions are in, with these."""
        states = [InState(s, [c for c in self.cards if c.action.state == s]) for s in ORDER]
        return [in_state for in_state in states if in_state.cards]

    @property
    def empty_states(self) -> str:
        """« en pause, bloquée ni abandonnée »: the states in which no action is."""
        taken = {card.action.state for card in self.cards}
        labels = [state.label for state in ORDER if state not in taken]
        return " ni ".join(filter(None, [", ".join(labels[:-1]), *labels[-1:]]))

    @property
    def title(self) -> str:
        """« 3 actions sont bloquées, 5 en retard »; where none is, the most telling state."""
        states = Counter(card.action.state for card in self.cards)
        if not states:
            return self.plan.title_without_actions
        blocked, late = states[ActionState.BLOCKED], sum(bool(card.late) for card in self.cards)
        word = self.plan.late_word
        if blocked:
            text = plural(blocked, "action est bloquée,actions sont bloquées")
            return f"{text}, {word.count(late)}" if late else text
        if late:
            return f"{plural(late, 'action est,actions sont')} {word.agree(late)}"
        state = next(s for s in [ActionState.IN_PROGRESS, *ORDER] if states[s])
        singular, plural_form = COUNTED[state].split(",")
        return plural(states[state], f"action est {singular},actions sont {plural_form}")

    @property
    def lead(self) -> str:
        """The sentence that explains when an action is late, or says that none is; empty without
        actions."""
        word = self.plan.late_word
        if any(card.late for card in self.cards):
            return word.rule
        return f"Aucune n’est {word.singular}." if self.cards else ""
