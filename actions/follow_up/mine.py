"""« Mes actions »: for who leads some, a line each, what awaits something first; what is told of
them is told on the line."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from accounts.models import User
from actions.follow_up.awaited import awaited_years, without_note
from actions.follow_up.forms import PartForm
from actions.follow_up.parts import MILESTONES, SPENDING, STATE, NotePart, part_of
from actions.follow_up.telling import Told, form_of
from actions.follow_up.words import reasons_why_late
from actions.models import Action
from actions.plan.reading import actions_of
from conventions.models import Convention
from ctg_portal.templatetags.french import feminine, in_words

# So many lines are shown before the rest is folded, and a fold holds so many at least.
SHOWN, FOLDED = 12, 3
TOLD_HERE = (STATE, MILESTONES, SPENDING)
SHORT = {STATE.key: "État", MILESTONES.key: "Jalons", SPENDING.key: "Dépenses"}


@dataclass(frozen=True)
class Part:
    """A part that is told on the line: ``url`` opens its form there."""

    label: str
    url: str
    is_open: bool


@dataclass(frozen=True)
class Line:
    """An action that one leads: how it is behind, the notes that are awaited of it, what may be
    told of it here."""

    action: Action
    reasons: list[str]
    notes: list[int]
    parts: list[Part]
    is_saved: bool

    @property
    def awaits(self) -> bool:
        return bool(self.reasons or self.notes)

    @property
    def is_told_of(self) -> bool:
        """Whether one tells of it right now, or just did."""
        return self.is_saved or any(part.is_open for part in self.parts)


@dataclass(frozen=True)
class Awaited:
    """The actions whose note of a year is still to be written."""

    year: int
    actions: list[Action]


class Mine:
    """What ``user`` finds of the actions that are theirs to follow.

    ``form``: of the part that is being told, if any, and ``told``, what came of it when it was not
    taken; ``saved``: the action that was just told of, by primary key.
    """

    form: PartForm | None = None
    told: Told | None = None
    saved = ""

    def __init__(self, convention: Convention, user: User, today: datetime.date):
        self.convention, self.user, self.today = convention, user, today

    def open(self, pk: str, key: str, data=None) -> None:
        """Have the form of a part stand on the line of its action, if it is one of those."""
        action = next((one for one in self.actions if str(one.pk) == pk), None)
        part = part_of(key)
        if action is not None and (part in TOLD_HERE or isinstance(part, NotePart)):
            self.form = form_of(action, part, data)

    @cached_property
    def actions(self) -> list[Action]:
        """Those in force that the person leads, in reading order."""
        led = Action.objects.of(self.convention).agreed().led_by(self.user)
        keys = set(led.order_by().values_list("pk", flat=True))
        return [action for action in actions_of(self.convention) if action.pk in keys]

    @cached_property
    def lines(self) -> list[Line]:
        """What awaits something first."""
        return sorted(map(self._line, self.actions), key=lambda line: not line.awaits)

    @property
    def to_update(self) -> list[Line]:
        return [line for line in self.lines if line.awaits]

    @property
    def first_to_update(self) -> list[Line]:
        """What is shown of them at once, in reading order."""
        lines = self.to_update
        return lines[:SHOWN] if len(lines) >= SHOWN + FOLDED else lines

    @property
    def more_to_update(self) -> list[Line]:
        return self.to_update[len(self.first_to_update) :]

    @property
    def is_more_open(self) -> bool:
        return any(line.is_told_of for line in self.more_to_update)

    @property
    def others(self) -> list[Line]:
        return [line for line in self.lines if not line.awaits]

    @property
    def are_others_open(self) -> bool:
        """Whether there is nothing else, or one of them is being told of or was just now."""
        return any(line.is_told_of for line in self.others) or not self.to_update

    def _line(self, action: Action) -> Line:
        is_late = action.is_late(self.today)
        return Line(
            action,
            list(reasons_why_late(action, self.today)) if is_late else [],
            self._notes_of(action),
            [self._part(action, key) for key in self._keys_of(action)],
            str(action.pk) == self.saved,
        )

    def _part(self, action: Action, key: str) -> Part:
        path = reverse("actions:mine", args=[self.convention.slug])
        is_open = self.form is not None and (self.form.action, self.form.part.key) == (action, key)
        return Part(
            SHORT.get(key) or f"{part_of(key).title} à écrire",
            f"{path}?fiche={action.pk}&partie={key}#{action.anchor}",
            is_open,
        )

    def _keys_of(self, action: Action) -> list[str]:
        notes = [NotePart(year).key for year in self._notes_of(action)]
        return [STATE.key, MILESTONES.key, SPENDING.key, *notes]

    def _notes_of(self, action: Action) -> list[int]:
        return [one.year for one in self.awaited if action in one.actions]

    @property
    def late(self) -> list[Line]:
        return [line for line in self.lines if line.reasons]

    @cached_property
    def awaited(self) -> list[Awaited]:
        """By year, the latest first; years of which nothing is awaited are left out."""
        years = sorted(awaited_years(self.convention, self.today), reverse=True)
        found = [(year, without_note(self.convention, year)) for year in years]
        mine = [(year, [a for a in self.actions if a.pk in pks]) for year, pks in found]
        return [Awaited(year, own) for year, own in mine if own]

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
        behind = "une" if late == 1 else feminine(late, largest=count).lower()
        return f"Vous pilotez {told}, dont {behind} en retard"
