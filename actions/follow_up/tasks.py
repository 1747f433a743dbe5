"""What awaits a person in the action plan, told on the dashboard and on « Mes conventions »."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import User
from actions.follow_up.awaited import awaited_years_of, notes_awaited
from actions.models import Action, ActionState, Lead
from conventions.access.rights import coordinated_by
from conventions.access.viewer import accesses_among, kept_for_page
from conventions.models import Convention, Membership, Role
from ctg_portal.house import Blocks, Task
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import feminine


@dataclass
class Awaiting:
    """The actions of one convention that something is awaited about."""

    late: dict[int, datetime.date] = field(default_factory=dict)  # since when
    notes: Counter[int] = field(default_factory=Counter)
    late_elsewhere: set[int] = field(default_factory=set)
    without_lead: set[int] = field(default_factory=set)

    @property
    def most(self) -> int:
        """The largest count that one list tells."""
        sets = (self.late, self.late_elsewhere, self.without_lead)
        return max(*map(len, sets), *self.notes.values())


def action_tasks(user: User, conventions, today):
    """For who leads, actions that are behind and notes to write; for the coordinator, actions of
    others that are behind, and leads who have left. As many queries for fifty conventions as for
    one, but for the years in question where they differ."""
    found: dict[int, Awaiting] = defaultdict(Awaiting)
    held, rows = accesses_among(user, conventions), actions_in_force(conventions, today)
    led = {row.pk for row in rows if row.is_led(user, held[row.convention])}
    for row in rows:
        if row.pk in led and row.late_since:
            found[row.convention].late[row.pk] = row.late_since
    leading = {row.convention for row in rows if row.pk in led}
    awaited = notes_awaited_in([one for one in conventions if one.pk in leading], today)
    for pk, years in awaited.items():
        for year, actions in years.items():
            if count := len(led.intersection(actions)):
                found[pk].notes[year] = count
    coordinated = coordinated_by(user, conventions)
    for row in rows:
        if row.convention not in coordinated or row.state in ActionState.over():
            continue
        if row.late_since and row.pk not in found[row.convention].late:
            found[row.convention].late_elsewhere.add(row.pk)
        if row.has_lead_who_left:
            found[row.convention].without_lead.add(row.pk)
    return {
        convention.pk: list(_tasks(convention, found[convention.pk]))
        for convention in conventions
        if convention.pk in found
    }


class InForce(NamedTuple):
    """An action that the parties have agreed to: since when it is behind what was agreed, who leads
    it (organisation, and the account of the person), whether one of them has left."""

    convention: int
    pk: int
    theme: int
    state: str
    is_fictional: bool
    late_since: datetime.date | None
    leads: list[tuple[int, int | None]]
    has_lead_who_left: bool

    def is_led(self, user: User, held: list[Membership]) -> bool:
        """Whether a person leads it who holds these accesses in its convention. Twin:
        ``ActionQuerySet.led_by``."""
        own = {one.organisation_id for one in held if one.role in Role.entering()}
        return any(
            organisation in own or (bool(held) and person == user.pk)
            for organisation, person in self.leads
        )


@kept_for_page
def actions_in_force(conventions, today: datetime.date) -> list[InForce]:
    """The actions that the parties of some conventions have agreed to."""
    return [row for rows in _in_force(conventions, today).values() for row in rows]


@cached_each(Subject.PLAN, Subject.PEOPLE, Subject.TEXT)
def _in_force(conventions, today: datetime.date) -> dict[int, list[InForce]]:
    """The same by convention, in three queries."""
    found: dict[int, list[InForce]] = {convention.pk: [] for convention in conventions}
    gone = Lead.objects.filter(action=OuterRef("pk")).who_left()
    rows = Action.objects.filter(convention__in=found).agreed().order_by()
    rows = rows.annotate(has_lead_who_left=Exists(gone)).prefetch_related("milestones", "leads")
    names = ("convention", "theme", "state", "is_fictional", "standing", "starts_on", "ends_on")
    for action in rows.only(*names):
        found[action.convention_id].append(
            InForce(
                action.convention_id,
                action.pk,
                action.theme_id,
                action.state,
                action.is_fictional,
                _late_since(action, today) if action.is_late(today) else None,
                [(lead.organisation_id, lead.user_id) for lead in action.leads.all()],
                bool(action.has_lead_who_left),
            )
        )
    return found


@cached_each(Subject.PLAN, Subject.COMMITTEE, Subject.FIGURES, Subject.TEXT)
def notes_awaited_in(conventions, today: datetime.date) -> dict[int, dict[int, list[int]]]:
    """The actions of each convention whose note is awaited, by primary key, of each year."""
    years_of = awaited_years_of(conventions, today)
    found: dict[int, dict[int, list[int]]] = {
        pk: {year: [] for year in years} for pk, years in years_of.items()
    }
    actions = list(Action.objects.filter(convention__in=found).agreed())
    for year in sorted({year for years in years_of.values() for year in years}):
        asked = [action for action in actions if year in years_of[action.convention_id]]
        for action in notes_awaited(asked, year):
            found[action.convention_id][year].append(action.pk)
    return found


def _late_since(action: Action, today: datetime.date) -> datetime.date:
    """The earliest day that has passed without what was agreed for it."""
    days = [milestone.due_on for milestone in action.overdue(today)]
    if action.ends_on:
        days.append(action.ends_on)
    if action.state == ActionState.TO_COME and action.starts_on:
        days.append(action.starts_on)
    return min(days)


def _tasks(convention: Convention, awaiting: Awaiting) -> Iterator[Task]:
    """What is awaited in one convention, in sentences."""
    mine = reverse("actions:mine", args=[convention.slug])
    plan = reverse("actions:plan", args=[convention.slug])
    if count := len(awaiting.late):
        told = _told(
            count, awaiting, "que vous pilotez est en retard", "que vous pilotez sont en retard"
        )
        yield Task(told, mine, "Mettre à jour", count, due=min(awaiting.late.values()))
    for year, count in awaiting.notes.items():
        told = _told(count, awaiting, f"attend son bilan {year}", f"attendent leur bilan {year}")
        yield Task(told, mine, "Écrire", count, since=datetime.date(year + 1, 1, 1))
    if count := len(awaiting.late_elsewhere):
        one, many = "pilotée par d’autres est en retard", "pilotées par d’autres sont en retard"
        told = _told(count, awaiting, one, many)
        yield Task(told, f"{plan}?retard=on", "Voir le plan", count)
    if count := len(awaiting.without_lead):
        told = _told(count, awaiting, "a un pilote qui n’a plus accès au portail",
                     "ont un pilote qui n’a plus accès au portail")  # fmt: skip
        chosen = urlencode([("fiche", pk) for pk in sorted(awaiting.without_lead)])
        url = f"{plan}?{chosen}"
        yield Task(told, url, "Désigner", count, blocks=Blocks.SOMEBODY)


def _told(count: int, awaiting: Awaiting, one: str, many: str) -> str:
    """« Trois actions attendent leur bilan 2024. »"""
    told = f"actions {many}" if count > 1 else f"action {one}"
    return f"{feminine(count, largest=awaiting.most)} {told}."
