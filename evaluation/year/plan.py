"""The action plan in what is evaluated, as read from the database and as counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils import timezone

from actions.follow_up.as_of import AsOf, actions_in_term, actions_in_year
from actions.follow_up.record import with_statements
from actions.follow_up.words import LATE, UNFINISHED, LateWord
from actions.models import Action, ActionState, FollowUp, Funding, Lead
from actions.plan.as_agreed import sheets_agreed_on
from conventions.models import Convention
from conventions.parties.reading import organisations_by_key
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import enumerate_words, plural
from evaluation.period import Period

# Forms of a count of actions, in the order of sentences.
STATES = [
    (ActionState.DONE, "terminée,terminées"),
    (ActionState.IN_PROGRESS, "en cours,en cours"),
    (ActionState.TO_COME, "à venir,à venir"),
    (ActionState.PAUSED, "en pause,en pause"),
    (ActionState.BLOCKED, "bloquée,bloquées"),
    (ActionState.ABANDONED, "abandonnée,abandonnées"),
]


@dataclass(frozen=True)
class ActionReading:
    """An action in a year: where it stood, who led it, the lines of funding and the note of
    that year. In the whole term: where it stood at its end, the lines of all years, no note.

    ``asks_for_note``: a note of the year is expected, since something went on in it; never for the
    term. ``serves``: the primary keys of the objectives that it was agreed to serve. ``late_word``:
    what it is called where it is late.
    """

    action: Action
    then: AsOf
    leads: list[Lead]
    fundings: list[Funding]
    note: FollowUp | None
    asks_for_note: bool
    serves: frozenset[int] = frozenset()
    late_word: LateWord = LATE

    @property
    def lacks_note(self) -> bool:
        return self.asks_for_note and self.note is None


@dataclass(frozen=True)
class PlanCounts:
    """Actions by state; ``late``: behind what was agreed, as ``late_word`` says it;
    ``unwritten``: without their note."""

    total: int = 0
    by_state: dict[str, int] = field(default_factory=dict)
    late: int = 0
    unwritten: int = 0
    late_word: LateWord = LATE

    @property
    def sentence(self) -> str:
        """« 12 actions : 2 terminées et 10 en cours ; 3 sont en retard et 4 bilans manquent. »

        Empty without any action.
        """
        if not self.total:
            return ""
        states = [
            plural(count, forms) for state, forms in STATES if (count := self.by_state.get(state))
        ]
        unwritten = self.unwritten and plural(self.unwritten, "bilan manque,bilans manquent")
        lateness = list(filter(None, [self.late_word.predicate(self.late), unwritten]))
        actions = f"{plural(self.total, 'action,actions')} : {enumerate_words(states)}"
        return f"{actions} ; {enumerate_words(lateness)}." if lateness else f"{actions}."


def count_plan(actions: Iterable[ActionReading]) -> PlanCounts:
    """Count actions: all, by state, late ones, and those whose note is missing."""
    actions = list(actions)
    return PlanCounts(
        total=len(actions),
        by_state=dict(Counter(str(action.then.state) for action in actions)),
        late=sum(action.then.is_late for action in actions),
        unwritten=sum(action.lacks_note for action in actions),
        late_word=next((action.late_word for action in actions), LATE),
    )


@cached(Subject.PLAN, Subject.COMMITTEE, Subject.TEXT)
def read_plan(convention: Convention, period: Period) -> list[ActionReading]:
    """Read, in reading order, the actions agreed to and going on when a year ended (today while it
    goes on), as they were then; of the term, all that were to begin in it. Eight queries."""
    today, years = timezone.localdate(), period.years(convention)
    end = period.end(convention, today)
    actions, organisations = _rows_of(convention, period, years), organisations_by_key(convention)
    for line in (line for action in actions for line in action.fundings_read):
        line.funder = organisations.get(line.funder_id)
    agreed = {sheet.action: sheet for sheet in sheets_agreed_on(convention, end, actions)}
    in_period = (
        actions_in_term(agreed, end)
        if period.is_term
        else actions_in_year(agreed, period.year, today)
    )
    return [
        ActionReading(
            action=stood.action,
            then=stood.then,
            leads=agreed[stood.action].leads,
            fundings=agreed[stood.action].fundings_in(stood.action.fundings_read, years),
            note=next(iter(stood.action.notes_read), None),
            asks_for_note=stood.asks_for_note and not period.is_term,
            serves=agreed[stood.action].serves,
            late_word=UNFINISHED if convention.end <= end else LATE,
        )
        for stood in in_period
    ]


@cached(Subject.PLAN)
def _rows_of(convention: Convention, period: Period, years: range) -> list[Action]:
    """Return all actions as their rows are today, with the note and the funding lines of a period,
    its ``years``, and what their records are made of. Five queries."""
    notes = FollowUp.objects.filter(year=period.year)  # none of the term
    actions = Action.objects.filter(convention=convention).order_by().prefetch_related(
        Prefetch("notes", notes, to_attr="notes_read"),
        Prefetch("fundings", Funding.objects.filter(year__in=years), to_attr="fundings_read"),
        "milestones",
        with_statements(),
    )  # fmt: skip
    return list(actions)
