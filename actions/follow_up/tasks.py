"""Read the tasks of a person in the action plan, for the dashboard and « Mes conventions »."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import User
from actions.follow_up.awaited import awaited_years_by_convention, keys_without_note
from actions.follow_up.words import late_word
from actions.plan.models import Action, ActionState, Lead
from conventions.access.rights import coordinated_by
from conventions.access.viewer import accesses_among, cached_for_page
from conventions.models import Convention, Membership, Role
from ctg_portal.house import Blocks, Task
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import feminine


@dataclass
class Awaiting:
    """The actions of one convention that somebody has to do something about.

    ``late`` maps those that the user leads to the day since when they are late; ``notes`` counts
    those awaiting a note by year; the two sets are for the coordinator.
    """

    late: dict[int, datetime.date] = field(default_factory=dict)
    notes: Counter[int] = field(default_factory=Counter)
    late_elsewhere: set[int] = field(default_factory=set)
    without_lead: set[int] = field(default_factory=set)

    @property
    def most(self) -> int:
        """The largest count of a task."""
        sets = (self.late, self.late_elsewhere, self.without_lead)
        return max(*map(len, sets), *self.notes.values())


def action_tasks(user: User, conventions, today):
    """Return the tasks by convention: for who leads, late actions and notes to write; for the
    coordinator, late actions of others, and leads who have left.

    As many queries for fifty conventions as for one, but for the awaited years where they differ.
    """
    awaiting: dict[int, Awaiting] = defaultdict(Awaiting)
    accesses, rows = accesses_among(user, conventions), actions_in_force(conventions, today)
    led = {row.pk for row in rows if row.is_led(user, accesses[row.convention])}
    for row in rows:
        if row.pk in led and row.late_since:
            awaiting[row.convention].late[row.pk] = row.late_since
    leading = {row.convention for row in rows if row.pk in led}
    asked = [convention for convention in conventions if convention.pk in leading]
    years_of = awaited_years_by_convention(asked, today)
    for year in sorted({year for years in years_of.values() for year in years}):
        concerned = [convention for convention in asked if year in years_of[convention.pk]]
        for pk, actions in keys_without_note(concerned, year).items():
            if count := len(led & actions):
                awaiting[pk].notes[year] = count
    coordinated = coordinated_by(user, conventions)
    for row in rows:
        if row.convention not in coordinated or row.state in ActionState.over():
            continue
        if row.late_since and row.pk not in awaiting[row.convention].late:
            awaiting[row.convention].late_elsewhere.add(row.pk)
        if row.has_lead_who_left:
            awaiting[row.convention].without_lead.add(row.pk)
    return {
        convention.pk: list(_tasks(convention, awaiting[convention.pk], today))
        for convention in conventions
        if convention.pk in awaiting
    }


class InForce(NamedTuple):
    """An agreed action: since when it is late, its leads (organisation, and the account of the
    person), whether one of them has left."""

    convention: int
    pk: int
    theme: int
    state: str
    is_fictional: bool
    late_since: datetime.date | None
    leads: list[tuple[int, int | None]]
    has_lead_who_left: bool

    def is_led(self, user: User, accesses: list[Membership]) -> bool:
        """Return whether ``user``, with these accesses, leads it. Twin:
        ``ActionQuerySet.led_by``."""
        own = {access.organisation_id for access in accesses if access.role in Role.entering()}
        return any(
            organisation in own or (bool(accesses) and person == user.pk)
            for organisation, person in self.leads
        )


@cached_for_page
def actions_in_force(conventions, today: datetime.date) -> list[InForce]:
    """Return the agreed actions of some conventions, read once for a page."""
    return [row for rows in _in_force(conventions, today).values() for row in rows]


@cached_each(Subject.PLAN, Subject.PEOPLE, Subject.TEXT)
def _in_force(conventions, today: datetime.date) -> dict[int, list[InForce]]:
    """Return the agreed actions by convention, in three queries."""
    rows_by_convention: dict[int, list[InForce]] = {}
    actions_by_convention = _agreed_actions(conventions)
    for convention in conventions:
        rows = rows_by_convention[convention.pk] = []
        for action in actions_by_convention[convention.pk]:
            action.convention = convention
            rows.append(
                InForce(
                    convention.pk,
                    action.pk,
                    action.theme_id,
                    action.state,
                    action.is_fictional,
                    _late_since(action, today) if action.is_late(today) else None,
                    [(lead.organisation_id, lead.user_id) for lead in action.leads.all()],
                    bool(action.has_lead_who_left),
                )
            )
    return rows_by_convention


@cached_each(Subject.PLAN, Subject.PEOPLE)
def _agreed_actions(conventions) -> dict[int, list[Action]]:
    """Return the rows of the agreed actions by convention, with their milestones and leads."""
    actions: dict[int, list[Action]] = {convention.pk: [] for convention in conventions}
    gone = Lead.objects.filter(action=OuterRef("pk")).without_access()
    rows = Action.objects.filter(convention__in=actions).agreed().order_by()
    rows = rows.annotate(has_lead_who_left=Exists(gone)).prefetch_related("milestones", "leads")
    names = ("convention", "theme", "state", "is_fictional", "standing", "starts_on", "ends_on")
    for action in rows.only(*names):
        actions[action.convention_id].append(action)
    return actions


def _late_since(action: Action, today: datetime.date) -> datetime.date:
    """Return the earliest day that has passed without what was agreed for it."""
    days = [milestone.due_on for milestone in action.overdue(today)]
    if action.convention.has_ended(today):
        days.append(action.convention.end)
    if action.ends_on:
        days.append(action.ends_on)
    if action.state == ActionState.TO_COME and action.starts_on:
        days.append(action.starts_on)
    return min(days)


def _tasks(convention: Convention, awaiting: Awaiting, today: datetime.date) -> Iterator[Task]:
    """Yield the tasks of one convention, with their sentences."""
    word = late_word(convention, today)
    is_late, are_late = f"est {word.singular}", f"sont {word.plural}"
    mine = reverse("actions:mine", args=[convention.slug])
    plan = reverse("actions:plan", args=[convention.slug])
    if count := len(awaiting.late):
        title = _title(
            count, awaiting, f"que vous pilotez {is_late}", f"que vous pilotez {are_late}"
        )
        yield Task(title, mine, "Mettre à jour", count, due=min(awaiting.late.values()))
    for year, count in awaiting.notes.items():
        title = _title(count, awaiting, f"attend son bilan {year}", f"attendent leur bilan {year}")
        yield Task(title, mine, "Écrire", count, since=datetime.date(year + 1, 1, 1))
    if count := len(awaiting.late_elsewhere):
        title = _title(count, awaiting, f"pilotée par d’autres {is_late}",
                       f"pilotées par d’autres {are_late}")  # fmt: skip
        yield Task(title, f"{plan}?retard=on", "Voir le plan", count)
    if count := len(awaiting.without_lead):
        title = _title(count, awaiting, "a un pilote qui n’a plus accès au portail",
                       "ont un pilote qui n’a plus accès au portail")  # fmt: skip
        chosen = urlencode([("fiche", pk) for pk in sorted(awaiting.without_lead)])
        url = f"{plan}?{chosen}"
        yield Task(title, url, "Désigner", count, blocks=Blocks.SOMEBODY)


def _title(count: int, awaiting: Awaiting, singular: str, plural: str) -> str:
    """Return « Trois actions attendent leur bilan 2024. »"""
    words = f"actions {plural}" if count > 1 else f"action {singular}"
    return f"{feminine(count, largest=awaiting.most)} {words}."
