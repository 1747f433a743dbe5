"""« Mes actions »: for who leads some, what is late, what waits for its note, and the rest."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from actions.follow_up.awaited import awaited_years, notes_awaited
from actions.follow_up.parts import NotePart
from actions.follow_up.words import reasons_why_late
from actions.models import Action
from actions.ways.list import Row
from conventions.models import Convention
from ctg_portal.templatetags.french import feminine, in_words


@dataclass(frozen=True)
class Late:
    """An action that is behind what was agreed, and how."""

    action: Action
    reasons: list[str]


@dataclass(frozen=True)
class Awaited:
    """The actions whose note of a year is still to be written; ``key``: what addresses call it."""

    year: int
    key: str
    actions: list[Action]


class Mine:
    """What ``user`` finds of the actions that are theirs to follow."""

    def __init__(self, convention: Convention, user, today: datetime.date):
        self.convention, self.user, self.today = convention, user, today

    @cached_property
    def actions(self) -> list[Action]:
        """Those in force that the person leads, in reading order."""
        rows = Action.objects.of(self.convention).agreed().led_by(self.user)
        actions = list(rows.with_relations().in_reading_order())
        for action in actions:
            action.convention = action.theme.axis.convention = self.convention
        return actions

    @property
    def rows(self) -> list[Row]:
        """What is late of them stands above."""
        return [Row(action, None, late=[]) for action in self.actions]

    @cached_property
    def late(self) -> list[Late]:
        today = self.today
        return [Late(a, list(reasons_why_late(a, today))) for a in self.actions if a.is_late(today)]

    @cached_property
    def awaited(self) -> list[Awaited]:
        """By year, the latest first; years of which nothing is awaited are left out."""
        years = sorted(awaited_years(self.convention, self.today), reverse=True)
        found = [(year, notes_awaited(self.actions, year)) for year in years]
        return [Awaited(year, NotePart(year).key, own) for year, own in found if own]

    @property
    def is_fictional(self) -> bool:
        """Whether actions of a demonstration are among them."""
        return any(action.is_fictional for action in self.actions)

    @property
    def title(self) -> str:
        """« Vous pilotez cinq actions, dont deux en retard »."""
        count = len(self.actions)
        if not count:
            return "Vous ne pilotez aucune action en vigueur"
        # « action » is feminine, and « une » the only number that shows it.
        told = "une action" if count == 1 else in_words(count, "action,actions")
        late = len(self.late)
        if not late:
            return f"Vous pilotez {told}"
        if count == 1:
            return "Vous pilotez une action, en retard"
        behind = "une" if late == 1 else feminine(late, beside=count).lower()
        return f"Vous pilotez {told}, dont {behind} en retard"
