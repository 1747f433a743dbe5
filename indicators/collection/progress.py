"""Compute how far a campaign has come: who owes what, since when. No figure is in it."""

import datetime
from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import NullIf

from conventions.models import Convention, Organisation
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import plural
from indicators.collection.deadlines import available_on, days_late
from indicators.definitions.definition import Definition
from indicators.definitions.models import Grain
from indicators.figures.campaigns import Campaign, CampaignIndicator, TableState
from indicators.figures.values import SHOWN, ValueState

STATE_WORDS: dict[str | None, str] = {
    None: "à saisir",
    ValueState.DRAFT: "saisie, à transmettre",
    ValueState.RETURNED: "retournée, à reprendre",
    ValueState.SUBMITTED: "transmise, à vérifier",
    ValueState.VERIFIED: "vérifiée",
    TableState.PARTIAL: "transmise en partie",
}
# Of a year that takes no figures any more, what was not given.
CLOSED_WORDS: dict[str | None, str] = {
    None: "non transmise",
    ValueState.DRAFT: "saisie, non transmise",
    ValueState.RETURNED: "retournée, non reprise",
}
# The lights that go with them (``{% light %}``).
STATE_LIGHTS: dict[str | None, str] = {
    None: "awaited",
    ValueState.DRAFT: "deliberation",
    ValueState.RETURNED: "change",
    ValueState.SUBMITTED: "ok",
    ValueState.VERIFIED: "ok",
    TableState.PARTIAL: "deliberation",
}


def describe_state(state: str | None, campaign: Campaign) -> str:
    """Return the words for how far a figure or table is (None: nothing typed), « à saisir »; of a
    closed campaign « non transmise »."""
    words = STATE_WORDS | CLOSED_WORDS if campaign.is_closed else STATE_WORDS
    return words[state]


def with_state(entries: QuerySet[CampaignIndicator]) -> QuerySet[Any, Any]:
    """Annotate campaign indicators with ``value_state``: that of the territory's value or, asked by
    commune, of the table; None if nothing is typed."""
    whole = FilteredRelation("values", condition=Q(values__commune__isnull=True))
    table_state = NullIf("table_state", Value(""))
    state = Case(When(grain=Grain.COMMUNE, then=table_state), default=F("whole__state"))
    return entries.alias(whole=whole).annotate(value_state=state)


@dataclass(frozen=True)
class AskedIndicator:
    """An indicator asked for, ``entry`` annotated by ``with_state``, and where its figure is.
    ``late``: since how many days it is awaited; 0 if it is not."""

    entry: CampaignIndicator
    late: int

    @property
    def definition(self) -> Definition:
        return Definition.of(self.entry.version)

    @property
    def title(self) -> str:
        return self.definition.title

    @property
    def is_given(self) -> bool:
        """Whether it is submitted or verified; a table for all of its communes."""
        return self.entry.value_state in SHOWN

    @property
    def is_in_part(self) -> bool:
        """Whether it is a table given for some communes only: their total counts, marked as
        partial."""
        return not self.is_given and self.entry.communes_given > 0

    @property
    def is_typed(self) -> bool:
        """Whether a draft or a returned value is there, which counts for nothing until it is
        given."""
        return self.entry.value_state in (ValueState.DRAFT, ValueState.RETURNED)

    @property
    def available_on(self) -> datetime.date | None:
        """The first day on which the figure may exist; None if no month was stated."""
        return available_on(self.entry.campaign.year, self.definition.available_month)

    def is_due(self, day: datetime.date) -> bool:
        """Return whether it is not given, and its figure may exist on that day."""
        return not self.is_given and (self.available_on is None or self.available_on <= day)

    @property
    def words(self) -> str:
        """The words for how far it is, for a table with « 41 communes sur 47 »."""
        words = describe_state(self.entry.value_state, self.entry.campaign)
        return f"{words}, {self.entry.communes_label}" if self.entry.is_by_commune else words

    @property
    def light(self) -> str:
        return STATE_LIGHTS[self.entry.value_state]


@dataclass
class Tally:
    """How many figures are asked, how many of them given, how many of these verified; ``in_part``:
    tables given for some communes only, which are still owed. A table counts as one figure."""

    total: int = 0
    given: int = 0
    verified: int = 0
    in_part: int = 0

    @property
    def owed(self) -> int:
        return self.total - self.given

    @property
    def owed_words(self) -> str:
        """The words « 4 chiffres manquent, dont 1 tableau transmis en partie »; empty where nothing
        is owed."""
        if not self.owed:
            return ""
        if self.owed == self.in_part:
            tables = "tableau n’est transmis qu’en partie,tableaux ne sont transmis qu’en partie"
            return plural(self.in_part, tables)
        words = plural(self.owed, "chiffre manque,chiffres manquent")
        tables = plural(self.in_part, "tableau transmis,tableaux transmis")
        return f"{words}, dont {tables} en partie" if self.in_part else words


@dataclass
class OrganisationTally(Tally):
    """What a campaign asks of the organisation that enters it. ``has_account``: nobody is expected
    to enter in its stead (``Contributor.with_account``)."""

    organisation: Organisation | None = None
    has_account: bool = True
    lines: list[AskedIndicator] = field(default_factory=list)

    @property
    def late(self) -> int:
        """The number of days since what it owes longest is due; 0 if nothing is late."""
        return max((line.late for line in self.lines), default=0)

    @property
    def due_on(self) -> datetime.date | None:
        """The first deadline of what it still owes, also of what does not exist yet; None if it
        owes nothing."""
        return min((line.entry.due_on for line in self.owing), default=None)

    @property
    def owing(self) -> list[AskedIndicator]:
        """The lines that are still owed."""
        return [line for line in self.lines if not line.is_given]

    def due(self, day: datetime.date) -> list[AskedIndicator]:
        """Return the lines that are still owed and whose figures may exist on that day."""
        return [line for line in self.lines if line.is_due(day)]

    def add(self, line: AskedIndicator) -> None:
        """Append a line and count it."""
        self.lines.append(line)
        self.total += 1
        self.given += line.is_given
        self.in_part += line.is_in_part
        self.verified += line.entry.value_state == ValueState.VERIFIED


@dataclass
class Progress(Tally):
    """The progress of a campaign, by organisation: those late for longest first, then those that
    owe most."""

    parts: list[OrganisationTally] = field(default_factory=list)

    @property
    def late(self) -> list[OrganisationTally]:
        return [part for part in self.parts if part.late]

    @property
    def lines(self) -> list[AskedIndicator]:
        return [line for part in self.parts for line in part.lines]

    @property
    def given_in_part(self) -> list[AskedIndicator]:
        return [line for line in self.lines if line.is_in_part]

    @property
    def not_given(self) -> list[AskedIndicator]:
        """The lines saved or returned, not those of which nothing is typed."""
        return [line for line in self.lines if line.is_typed]

    @property
    def without(self) -> int:
        """The number of indicators of which nothing is typed."""
        return sum(line.entry.value_state is None for line in self.lines)


def progress_of(campaign: Campaign, with_account: Set[int], today: datetime.date) -> Progress:
    """Return what a campaign asks of whom, in one query; nobody is late unless it is open.
    ``with_account``: as in ``Contributor``."""
    entries = with_state(campaign.campaign_indicators.all()).list_in_campaign(campaign)
    parts: dict[int, OrganisationTally] = {}
    for entry in entries:
        part = parts.setdefault(
            entry.enterer_id,
            OrganisationTally(
                organisation=entry.enterer, has_account=entry.enterer_id in with_account
            ),
        )
        is_awaited = campaign.is_open and entry.value_state not in SHOWN
        part.add(AskedIndicator(entry, days_late(entry.due_on, today) if is_awaited else 0))
    ordered = sorted(
        parts.values(), key=lambda part: (-part.late, -part.owed, part.organisation.acronym)
    )
    counted = ("total", "given", "verified", "in_part")
    sums = {name: sum(getattr(part, name) for part in ordered) for name in counted}
    return Progress(parts=ordered, **sums)


class StateCount(NamedTuple):
    """How many indicators of one campaign, enterer, deadline and state there are. ``is_begun``:
    they are tables given for some communes at least."""

    campaign: int
    enterer: int
    due_on: datetime.date
    value_state: str | None
    is_begun: bool
    how_many: int

    @property
    def is_given(self) -> bool:
        return self.value_state in SHOWN


@cached(Subject.FIGURES)
def counts_in(convention: Convention) -> list[StateCount]:
    """Return how many indicators the campaigns of a convention ask for, by who enters them,
    deadline and state. One query."""
    rows = with_state(CampaignIndicator.objects.filter(campaign__convention=convention))
    is_begun = ExpressionWrapper(Q(communes_given__gt=0), BooleanField())
    names = ("campaign", "enterer", "due_on", "value_state", "is_begun")
    counted = rows.annotate(is_begun=is_begun).order_by().values(*names)
    counted = counted.annotate(how_many=Count("pk"))
    return [StateCount(*row) for row in counted.values_list(*names, "how_many")]


def tallies(convention: Convention) -> defaultdict[int, Tally]:
    """Return how far the campaigns of a convention have come, by primary key; zero for one that
    asks nothing. No query but that of ``counts_in``."""
    by_campaign: defaultdict[int, Tally] = defaultdict(Tally)
    for row in counts_in(convention):
        tally = by_campaign[row.campaign]
        tally.total += row.how_many
        tally.given += row.how_many if row.is_given else 0
        tally.verified += row.how_many if row.value_state == ValueState.VERIFIED else 0
        tally.in_part += row.how_many if row.is_begun and not row.is_given else 0
    return by_campaign
