"""« Mes actions »: one line for each action that somebody leads, first those that await something;
a part may be edited on its line."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from accounts.models import User
from actions.follow_up.awaited import awaited_years, keys_awaiting_note
from actions.follow_up.forms import PartForm
from actions.follow_up.parts import MILESTONES, SPENDING, STATE, NotePart, part_by_key
from actions.follow_up.saving import SaveResult, part_form
from actions.follow_up.words import describe_lateness, late_word
from actions.plan.models import Action
from actions.plan.reading import actions_of
from conventions.models import Convention
from ctg_portal.templatetags.french import feminine, in_words

# The number of lines before the rest is folded, and the least number in a fold.
SHOWN, FOLDED = 12, 3
EDITABLE_PARTS = (STATE, MILESTONES, SPENDING)
SHORT = {STATE.key: "État", MILESTONES.key: "Jalons", SPENDING.key: "Dépenses"}


@dataclass(frozen=True)
class PartLink:
    """A part that may be edited on the line: ``url`` opens its form there."""

    label: str
    url: str
    is_open: bool


@dataclass(frozen=True)
class ActionLine:
    """An action that the user leads: the word for its lateness and its reasons, empty where it is
    not late; the years whose notes are awaited, the parts that may be edited here."""

    action: Action
    late: str
    reasons: list[str]
    notes: list[int]
    parts: list[PartLink]
    is_saved: bool

    @property
    def awaits(self) -> bool:
        return bool(self.reasons or self.notes)

    @property
    def is_in_use(self) -> bool:
        """Whether the user is editing it, or has just saved it."""
        return self.is_saved or any(part.is_open for part in self.parts)


@dataclass(frozen=True)
class AwaitedNotes:
    """The actions whose note of a year is still to be written."""

    year: int
    actions: list[Action]


class Mine:
    """What ``user`` sees of the actions that they lead.

    ``form``: of the part that is being edited, if any, and ``sent``, what became of it when it
    was not saved; ``saved``: the action that was just saved, by primary key.
    """

    form: PartForm | None = None
    sent: SaveResult | None = None
    saved = ""

    def __init__(self, convention: Convention, user: User, today: datetime.date):
        self.convention, self.user, self.today = convention, user, today

    def open(self, pk: str, key: str, data=None) -> None:
        """Open the form of a part on the line of its action, bound to ``data``; do nothing where
        the user does not lead it, or the part is not edited here."""
        action = next((action for action in self.actions if str(action.pk) == pk), None)
        part = part_by_key(key)
        if action is not None and (part in EDITABLE_PARTS or isinstance(part, NotePart)):
            self.form = part_form(action, part, data)

    @cached_property
    def actions(self) -> list[Action]:
        """The actions in force that the user leads, in reading order."""
        led = Action.objects.of(self.convention).agreed().led_by(self.user)
        keys = set(led.order_by().values_list("pk", flat=True))
        return [action for action in actions_of(self.convention) if action.pk in keys]

    @cached_property
    def lines(self) -> list[ActionLine]:
        """The lines, first those that await something, and in reading order among each other."""
        return sorted(map(self._line, self.actions), key=lambda line: not line.awaits)

    @property
    def to_update(self) -> list[ActionLine]:
        """The lines that await something."""
        return [line for line in self.lines if line.awaits]

    @property
    def first_to_update(self) -> list[ActionLine]:
        """The lines that await something and are not folded, in reading order."""
        lines = self.to_update
        return lines[:SHOWN] if len(lines) >= SHOWN + FOLDED else lines

    @property
    def more_to_update(self) -> list[ActionLine]:
        """The lines that await something and are folded."""
        return self.to_update[len(self.first_to_update) :]

    @property
    def is_more_open(self) -> bool:
        return any(line.is_in_use for line in self.more_to_update)

    @property
    def others(self) -> list[ActionLine]:
        """The lines that await nothing."""
        return [line for line in self.lines if not line.awaits]

    @property
    def are_others_open(self) -> bool:
        """Whether there is nothing else to show, or one of the others is in use."""
        return any(line.is_in_use for line in self.others) or not self.to_update

    def _line(self, action: Action) -> ActionLine:
        """Return the line of an action, with what it awaits."""
        is_late = action.is_late(self.today)
        notes = [awaited.year for awaited in self.awaited if action in awaited.actions]
        return ActionLine(
            action,
            late_word(self.convention, self.today).singular if is_late else "",
            list(describe_lateness(action, self.today)) if is_late else [],
            notes,
            [self._part(action, part.key) for part in (*EDITABLE_PARTS, *map(NotePart, notes))],
            str(action.pk) == self.saved,
        )

    def _part(self, action: Action, key: str) -> PartLink:
        """Return the link that opens the form of a part, by its key, on the line of an action."""
        path = reverse("actions:mine", args=[self.convention.slug])
        is_open = self.form is not None and (self.form.action, self.form.part.key) == (action, key)
        return PartLink(
            SHORT.get(key) or f"{part_by_key(key).title} à écrire",
            f"{path}?fiche={action.pk}&partie={key}#{action.anchor}",
            is_open,
        )

    @property
    def late(self) -> list[ActionLine]:
        """The lines of actions that are late."""
        return [line for line in self.lines if line.reasons]

    @cached_property
    def awaited(self) -> list[AwaitedNotes]:
        """The awaited notes of the user's actions by year, the latest first, no year without
        any."""
        years = sorted(awaited_years(self.convention, self.today), reverse=True)
        keys_by_year = [(year, keys_awaiting_note(self.convention, year)) for year in years]
        mine = [(year, [a for a in self.actions if a.pk in pks]) for year, pks in keys_by_year]
        return [AwaitedNotes(year, own) for year, own in mine if own]

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
        actions = "une action" if count == 1 else in_words(count, "action,actions")
        late, word = len(self.late), late_word(self.convention, self.today)
        if not late:
            return f"Vous pilotez {actions}"
        if count == 1:
            return f"Vous pilotez une action, {word.singular}"
        behind = "une" if late == 1 else feminine(late, largest=count).lower()
        return f"Vous pilotez {actions}, dont {behind} {word.agree(late)}"
