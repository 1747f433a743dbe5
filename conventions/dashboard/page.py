"""The dashboard of a convention, as one person sees it: the parts of each of their roles, once."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from accounts.models import User
from conventions.access.models import Role
from conventions.access.viewer import accesses_of
from conventions.dashboard.communes import own_communes
from conventions.dashboard.first_year import ShownFirstStep, first_year_of
from conventions.dashboard.ranking import SHOWN, ranked
from conventions.dashboard.state import State, read_state
from conventions.dashboard.title import ENDED, term_of, title_of, title_of_first, where_it_stands
from conventions.legal.convention import Convention
from conventions.parties.models import OrganisationKind
from conventions.territory.models import Commune
from ctg_portal.house import (
    CommuneSection,
    Deadline,
    HomeForm,
    StateColumn,
    StateFigure,
    StatePanel,
    Task,
    by_key,
    commune_sections,
    house,
    in_turn,
)

FEW_DEADLINES = 4


@dataclass(frozen=True)
class CommunePart:
    """A commune that is the reader's own, and the section of each chapter about it."""

    commune: Commune
    sections: list[CommuneSection]


class Dashboard:
    """The dashboard of a convention for one person.

    Who coordinates, and who only reads, came for the state: its table is open, with the calendar
    beside it. A member, an adviser, an agent came for what awaits them: of the state they see three
    figures, and the table folded. Who has two roles sees the parts of both, each once.
    """

    def __init__(self, convention: Convention, user: User, today: datetime.date):
        self.convention, self.user, self.today = convention, user, today
        tasks = by_key(house().tasks, user, [convention], today)[convention.pk]
        # What is done on the page itself is no task that leads elsewhere.
        typed_at = self.form.url if self.form else None
        self.tasks: list[Task] = ranked(
            (task for task in tasks if task.url.partition("#")[0] != typed_at), today
        )
        state = in_turn(house().state, user, convention, today)
        columns = (part for part in state if isinstance(part, StateColumn))
        self.columns = sorted(columns, key=lambda column: column.rank)
        self.panels = [part for part in state if isinstance(part, StatePanel)]

    @cached_property
    def predecessor(self) -> Convention | None:
        """The convention to which this one succeeds, for who sees it."""
        return Convention.objects.visible_to(self.user).predecessor_of(self.convention)

    # Who is here ----------------------------------------------------------------------------------

    @cached_property
    def form(self) -> HomeForm | None:
        """The form that the person fills in here, before all tasks; None for who coordinates or
        answers for a party, whose tasks are of several kinds."""
        if self.reads_state or self.voices:
            return None
        forms = in_turn(house().home_forms, self.user, self.convention, self.today)
        return next(iter(forms), None)

    @cached_property
    def accesses(self):
        return accesses_of(self.user, self.convention)

    @cached_property
    def voices(self) -> list[str]:
        """Sentences on whom the person answers for: « Vous répondez pour Châtellerault. »"""
        return in_turn(house().voices, self.user, self.convention, self.today)

    @property
    def is_coordinator(self) -> bool:
        return any(access.role == Role.COORDINATOR for access in self.accesses)

    @property
    def contributes(self) -> bool:
        return any(access.role == Role.CONTRIBUTOR for access in self.accesses)

    @property
    def reads_state(self) -> bool:
        """Whether they came for the state, and not for what awaits them."""
        return self.is_coordinator or not (self.voices or self.contributes)

    # What is said first ---------------------------------------------------------------------------

    @cached_property
    def title(self) -> str:
        """The headline: what is done on the page, the first task, or where the convention stands
        (``title_of``)."""
        if self.form:
            return self.form.title
        # The first column says what the year comes to, the panels what of it is not over.
        clauses = [part.clause for part in [*self.columns, *self.panels] if part.clause]
        return title_of(
            self.convention, self.today, self.tasks, clauses, reads_state=self.reads_state
        )

    @property
    def term(self) -> str:
        return term_of(self.convention, self.today)

    @property
    def begins_with_convention(self) -> bool:
        """Whether the convention's identity stands above the tasks; else beneath them."""
        return self.reads_state and (self.term != ENDED or not self.tasks)

    @property
    def where_it_stands(self) -> str:
        """The sentence on the term of the convention; empty where the title begins with it."""
        sentence = where_it_stands(self.convention, self.today)
        return "" if self.title.startswith(sentence) else sentence

    @property
    def opening(self) -> Task | None:
        """The first task where the title is its sentence, with its button beneath."""
        is_in_title = self.tasks and self.title == title_of_first(self.tasks)
        return self.tasks[0] if is_in_title else None

    @cached_property
    def first_year(self) -> list[ShownFirstStep]:
        """The steps of the first year, for who coordinates; empty once it is led through."""
        if not self.is_coordinator or self.convention.has_ended(self.today):
            return []
        return first_year_of(self.convention)

    @property
    def first_tasks(self) -> list[Task]:
        return self.tasks[bool(self.opening) : SHOWN]

    @property
    def other_tasks(self) -> list[Task]:
        return self.tasks[SHOWN:]

    # Where the convention is ----------------------------------------------------------------------

    @cached_property
    def state(self) -> State | None:
        """The table of the state; None where no room has a column."""
        if not self.columns:
            return None
        return read_state(self.convention, self.convention.reading_day(self.today), self.columns)

    @property
    def figures(self) -> list[StateFigure]:
        """The figure of each column, for who came for tasks that are done elsewhere; else empty."""
        if self.reads_state or self.form:
            return []
        return [column.figure for column in self.columns if column.figure]

    @cached_property
    def deadlines(self) -> list[Deadline]:
        return deadlines_of([self.convention], self.user, self.today)[self.convention.pk]

    @property
    def next_deadlines(self) -> list[Deadline]:
        return self.deadlines[:FEW_DEADLINES]

    @property
    def later_deadlines(self) -> list[Deadline]:
        return self.deadlines[FEW_DEADLINES:]

    @property
    def asks_which_commune(self) -> bool:
        """Whether to ask the reader for their commune: they act for an intercommunalité or speak in
        the committee, do not coordinate, and have no commune of their own."""
        kinds = {access.organisation.kind for access in self.accesses}
        is_asking = OrganisationKind.EPCI in kinds or bool(self.voices)
        return is_asking and not self.is_coordinator and not self.communes

    @cached_property
    def communes(self) -> list[CommunePart]:
        """The communes of the person's own organisations, with what each room has about them."""
        return [
            CommunePart(commune, commune_sections(self.user, commune, None))
            for commune in own_communes(self.convention, self.accesses)
        ]


def deadlines_of(
    conventions: list[Convention], user: User, today: datetime.date
) -> dict[int, list[Deadline]]:
    """Map each convention, by primary key, to its deadlines, the earliest first."""
    deadlines = by_key(house().deadlines, user, conventions, today)
    return {c.pk: sorted(deadlines[c.pk], key=lambda deadline: deadline.day) for c in conventions}
