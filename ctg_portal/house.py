"""The registry of the house: what each room (app) contributes to the others.

A room registers functions of its subjects in ``contributions.py``, without logic:
``contributions = Contributions(tasks=[…], state=[…])``. They are read once, rooms in the order of
``INSTALLED_APPS``, and whoever shows them asks ``house()``. A function of what is shown on many
conventions takes many at once, so that "Mes conventions" asks as many queries for fifty as for one.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import IntEnum
from importlib import import_module
from operator import attrgetter
from typing import Any, Protocol

from django.apps import apps
from django.contrib.auth.models import AbstractUser
from django.db.models import Model
from django.utils.module_loading import module_has_submodule

from ctg_portal.people.personal import KeptName, Personal
from ctg_portal.rules import Refusal


@dataclass(frozen=True)
class Entry:
    """An entry of the menu. ``url_name`` takes the convention's slug; lower ranks come first.

    The coordination reads all entries, ``group`` by group; others the few that have a name for
    them (``short``), and the rest under « Toute la convention ».
    """

    label: str
    url_name: str
    rank: int
    group: str = "La convention"
    short: str = ""
    is_for_coordination: bool = False


class Blocks(IntEnum):
    """Whom a task keeps waiting while it is not done."""

    NOBODY = 0  # but the person themselves
    SOMEBODY = 1  # a colleague, an organisation, the coordination
    EVERYBODY = 2  # nothing goes on without it: the other parties have answered, or none can


@dataclass(frozen=True)
class Task:
    """Something that a person has to do: a sentence, and the button that leads there.

    What ranks it (``conventions.dashboard.ranking``): ``since`` when it waits, ``due`` when it is
    to be done by, whom it ``blocks``. ``headline``: what the title of the dashboard says where it
    is the first thing to do, « Neuf points attendent votre réponse ».
    """

    title: str
    url: str
    button: str
    count: int = 1
    since: date | None = None
    due: date | None = None
    blocks: Blocks = Blocks.NOBODY
    headline: str = ""


@dataclass(frozen=True, kw_only=True)
class HomeForm:
    """Something that a person does on the dashboard itself, above all tasks: a template, which gets
    ``context`` as ``form``, and the title of the dashboard then. It stands for the tasks that lead
    to the page ``url``."""

    title: str
    lead: str
    template: str
    context: object
    url: str


@dataclass(frozen=True)
class Deadline:
    """A day of a convention's calendar, what it is about, and the page of it."""

    day: date
    text: str
    url: str = ""


@dataclass(frozen=True)
class Place:
    """The place that a figure of the state is about: a theme, an axis, or all (neither)."""

    axis: object | None = None
    theme: object | None = None


@dataclass(frozen=True)
class StateFigure:
    """The total of a column: ``11 sur 19`` / ``indicateurs comparables en progrès`` / a note."""

    figure: str
    text: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class StateColumn:
    """A column of « où en est la convention »: what there is of a kind under each theme.

    ``cell(things, place)`` is what ``template`` shows, as ``cell``, of what is under one theme, an
    axis, or in all. ``clause``: what the title of the page says of it, without a capital.
    """

    rank: int  # lower ones come first
    title: str
    by_theme: Mapping[int, Sequence]  # primary key of the theme -> things
    cell: Callable[[Sequence, Place], object]
    template: str
    figure: StateFigure | None = None
    clause: str = ""
    note: str = ""  # of which year, on what it is counted: shown once beside the table
    legend: str = ""  # a template that explains its signs


@dataclass(frozen=True, kw_only=True)
class StatePanel:
    """Something beside the state: a template, which gets ``context`` as ``panel``."""

    title: str
    template: str
    context: object
    clause: str = ""


@dataclass(frozen=True)
class FirstStep:
    """A step of the first year of a convention, on the dashboard of its coordination: what is to be
    done, and where; lower ranks come first. ``note``: what there is of it already. ``ends_year``:
    with it the first year is over, whatever was left out."""

    rank: int
    title: str
    url: str
    is_done: bool
    note: str = ""
    ends_year: bool = False


@dataclass(frozen=True)
class SettingRow:
    """A setting of a convention: what it is, how it stands, and the page where it is changed.
    ``is_of_text``: where a change of the signed text is proposed, « dans … »."""

    title: str
    value: str
    url: str
    is_of_text: bool = False


@dataclass(frozen=True)
class CommuneSection:
    """A part of the page of a commune: a template, which gets ``context`` as ``section``. What
    awaits who reads has a lower ``rank``, and comes first."""

    template: str
    context: object
    rank: int = 50


@dataclass(frozen=True)
class ActionSection:
    """A part of the page of an action: a template, which gets ``context`` as ``section``."""

    template: str
    context: object


@dataclass(frozen=True)
class TextSection:
    """What the parties agree to beside the signed text, on the pages of the axes and of the text: a
    template, which gets ``context`` as ``section``."""

    title: str
    anchor: str
    template: str
    context: object


@dataclass(frozen=True)
class ActionLink:
    """What a person may do from where it is shown: a link, named by a verb.

    ``is_folded``: behind « Agir », where many rows have the same.
    """

    label: str
    url: str
    is_folded: bool = False


@dataclass(frozen=True)
class PackChapter:
    """A chapter that a room gives to the pack of a meeting: ``parts``, each a heading (that of a
    theme) and its lines, as everybody who reads the convention may read them; ``source``: the
    mention below."""

    title: str
    rank: int
    parts: list[tuple[str, list[str]]]
    source: str = ""


@dataclass(frozen=True)
class OfferedItem:
    """A standing item that a room offers for the agenda of a meeting, when there is something to
    say: ``note`` says what. ``key`` names it for ever. ``versions``: the points to validate that it
    is about. ``opens``: it comes before the items already there.
    """

    key: str
    title: str
    note: str
    minutes: int = 15
    versions: Sequence[Any] = ()
    opens: bool = False


@dataclass(frozen=True)
class FilePlace:
    """The convention that a stored file belongs to, what it is (« l’évaluation 2023, version 1 »)
    and the page of it."""

    convention: Any
    label: str
    url: str


@dataclass(frozen=True)
class Job:
    """What the clock does every so often. ``run()`` is idempotent: it may run late, twice, or on
    two clocks at once."""

    name: str
    run: Callable[[], object]
    every: timedelta


@dataclass(frozen=True)
class DemoStep:
    """What the demonstration plays in one transaction, under a French ``label``. ``play()`` is
    idempotent, and returns lines to print."""

    label: str
    play: Callable[[], list[str]]


# What follows of one thing.
Follower = Callable[[Any], object]


class AfterAct(Protocol):
    """What follows an act; ``by`` None: the portal's."""

    def __call__(self, about: Any, /, *, by: Any) -> object: ...


class AfterAnswers(Protocol):
    def __call__(self, versions: Any, /, *, by: Any, capacity: str) -> object: ...


class AfterStanding(Protocol):
    def __call__(self, user: Any, organisation: Any, /, *, by: Any) -> Any: ...


class AfterTurns(Protocol):
    def __call__(self, convention: Any, days: Any, /, *, wait: timedelta = ...) -> object: ...


@dataclass(frozen=True, kw_only=True)
class Contributions:
    """Each field is a list; what its functions take and return stands beside it, and is checked
    with the types (rows are of rooms above: ``Any``)."""

    # What pages show
    menu: Sequence[Entry] = ()
    # (user, conventions, today) -> {convention's pk: [Task]}
    tasks: Sequence[Callable[[Any, Any, date], Mapping[int, list[Task]]]] = ()
    # (user, convention, today) -> HomeForms: the first is done on the dashboard itself
    home_forms: Sequence[Callable[[Any, Any, date], Iterable[HomeForm]]] = ()
    # Where the convention is: (user, convention, today) -> StateColumns and StatePanels
    state: Sequence[Callable[[Any, Any, date], Iterable[StateColumn | StatePanel]]] = ()
    # (convention) -> FirstSteps: what its coordination is led through
    first_steps: Sequence[Callable[[Any], Iterable[FirstStep]]] = ()
    # (convention) -> SettingRows: what its coordination sets on a page of the room
    settings: Sequence[Callable[[Any], Iterable[SettingRow]]] = ()
    # (user, conventions, today) -> {pk: [Deadline]}
    deadlines: Sequence[Callable[[Any, Any, date], Mapping[int, list[Deadline]]]] = ()
    # (user, convention, today) -> « vous répondez pour la Caf »
    voices: Sequence[Callable[[Any, Any, date], Iterable[str]]] = ()
    # (user, commune, year that is read or None) -> sections of « Et ma commune ? »
    commune_sections: Sequence[Callable[[Any, Any, int | None], Iterable[CommuneSection]]] = ()
    # (user, action) -> ActionSections of its page
    action_sections: Sequence[Callable[[Any, Any], Iterable[ActionSection]]] = ()
    # (user, convention, objectives) -> {objective's pk: [ActionLink]}; once a page, both levels
    objective_links: Sequence[Callable[[Any, Any, Any], Mapping[int, Sequence[ActionLink]]]] = ()
    # (convention, keys of objectives) -> counts of what is linked to any, each with its two forms
    linked_to_objectives: Sequence[Callable[[Any, Any], Iterable[tuple[int, str]]]] = ()
    # (user, convention, articles and annexes) -> {anchor: [ActionLink]}; once a page
    text_links: Sequence[Callable[[Any, Any, Any], Mapping[str, Sequence[ActionLink]]]] = ()
    # (user, convention, day) -> TextSections, at the head of the axes and within the text
    text_sections: Sequence[Callable[[Any, Any, Any], Iterable[TextSection]]] = ()
    # (user, convention) -> ActionLinks at the head of the axes
    axes_links: Sequence[Callable[[Any, Any], Iterable[ActionLink]]] = ()
    # (convention, axis) -> address of all its proposals
    proposals_page: Sequence[Callable[[Any, Any], str]] = ()
    # (convention, today) -> OfferedItems for the agenda of a meeting
    agenda_items: Sequence[Callable[[Any, date], Iterable[OfferedItem]]] = ()
    # (convention, since, today) -> PackChapters: what has moved since the last meeting
    pack_chapters: Sequence[Callable[[Any, date, date], Iterable[PackChapter]]] = ()
    # () -> ActionLinks: what is read without an account
    open_to_all: Sequence[Callable[[], Iterable[ActionLink]]] = ()
    # (convention) -> querysets of one column: StoredFiles' keys
    uploads: Sequence[Callable[[Any], Iterable]] = ()
    # (row with a stored file) -> FilePlaces: none where it is of another room, or of no convention
    file_places: Sequence[Callable[[Any], Iterable[FilePlace]]] = ()
    # ([Damage]): stored files were found missing or altered
    after_damage: Sequence[Follower] = ()
    # (asked) -> HitGroups, one a kind, empty ones too
    search: Sequence[Callable[[Any], Iterable]] = ()
    # (conventions, sought) -> HitGroups of what is called so in any of them
    search_across: Sequence[Callable[[Any, Any], Iterable]] = ()
    # (asked) -> titles of what the search finds, whose words it suggests to who found nothing
    search_titles: Sequence[Callable[[Any], Iterable[str]]] = ()
    documents: Sequence[Any] = ()  # DocumentKinds: what the worker draws
    # (convention, user, day) -> Parts of its archive
    archive: Sequence[Callable[[Any, Any, date], Iterable]] = ()
    imports: Sequence[Any] = ()  # Adapters: the tables that come in from files
    help: Sequence[Any] = ()  # Places: where the help of each route is
    gestures: Sequence[Any] = ()  # Gestures: what most people come for, explained by the help

    # What is agreed to, and what follows from it
    versions: Sequence[Any] = ()  # Commitments: the kinds of version
    after_proposal: Sequence[Follower] = ()  # (version): the parties are asked
    after_entries: Sequence[Follower] = ()  # (agreements): the register has new entries
    after_answers: Sequence[AfterAnswers] = ()  # (versions, by=, capacity=): less may be awaited
    after_undoing: Sequence[AfterAct] = ()  # (agreements, by=): undone, they are none
    # (convention) -> its seats today, in whatever state
    seats: Sequence[Callable[[Any], Iterable]] = ()
    # (user, organisation, by=) -> the seats of theirs there that are confirmed now
    confirm_seats: Sequence[AfterStanding] = ()
    # (user, organisation, by=): suspended there, or gone: they sit and answer for it no more
    after_standing: Sequence[AfterStanding] = ()
    # (user, organisation): who begins to coordinate for it sits for no other
    after_coordinating: Sequence[Callable[[Any, Any], object]] = ()
    # (organisations without référent) -> {pk: [ActionLink]}: what the host does there
    awaiting_host: Sequence[Callable[[Any], Mapping[int, Sequence[ActionLink]]]] = ()
    after_guarding: Sequence[Follower] = ()  # (organisation): its référents alone say who sits
    # (history of a seat): somebody was named to it, is confirmed, pending again, or suspended
    after_seat: Sequence[Follower] = ()
    after_delegation: Sequence[Follower] = ()  # (delegation): a member's voice has been lent
    after_delegation_ends: Sequence[Follower] = ()  # (history of one): taken back, or cancelled
    after_ending: Sequence[Follower] = ()  # (history of a seat): cut short, cancelled, or goes on
    after_absence: Sequence[Follower] = ()  # (history of an absence): declared, ended, cancelled
    # (convention, days, wait=): others may have to answer then, notified after that delay
    after_turns: Sequence[AfterTurns] = ()
    # (conventions, today) -> {pk: [years of notes]}
    awaited_years: Sequence[Callable[[Any, date], Mapping[int, Sequence[int]]]] = ()

    after_opening: Sequence[Follower] = ()  # (campaign): its figures are asked for from now on
    # (user, campaign) -> ActionLinks: where its year goes on once it is closed
    campaign_links: Sequence[Callable[[Any, Any], Iterable[ActionLink]]] = ()
    # (convention) -> {year: [where its evaluation is]}
    year_states: Sequence[Callable[[Any], Mapping[int, Sequence[str]]]] = ()
    after_closing: Sequence[AfterAct] = ()  # (campaign, by=): its figures count from now on
    after_figures: Sequence[AfterAct] = ()  # (campaign, by=): one of a closed year has changed
    # (campaign) -> sentences: what changing one brings about
    figure_notes: Sequence[Callable[[Any], Iterable[str]]] = ()

    # What follows in a convention, in the transaction of its cause
    after_access: Sequence[Follower] = ()  # (convention): somebody has come, or left
    after_text: Sequence[Follower] = ()  # (convention): its text holds other words, or ends
    after_load: Sequence[Callable[[Any, Any], object]] = ()  # (convention, report)
    # (convention): an organisation of it has a stricter rule
    after_stricter_secrecy: Sequence[Follower] = ()
    # (convention) -> why a file does not change its signature, a French clause, or None
    signed_on_pages: Sequence[Callable[[Any], str | None]] = ()
    # (row) -> French reason not to delete it, or None
    reasons_to_keep: Sequence[Callable[[Any], str | None]] = ()

    # Notifications
    # (convention, day) -> {user's pk: (capacity, in words)}: why people are written to
    capacities: Sequence[Callable[[Any, date], Mapping[int, Any]]] = ()
    letters: Sequence[Any] = ()  # classes of Letters, each with its kinds of news

    # Names of routes, several in a text, whose forms bind somebody: what was typed there is given
    # back, and never sent again from elsewhere
    binding: Sequence[str] = ()

    # Who may not stay logged in for weeks
    # (user) -> Refusal or None
    long_session_refusals: Sequence[Callable[[Any], Refusal | None]] = ()

    # What is kept of a person, and where a name stays after the account
    personal: Sequence[Personal] = ()
    kept_names: Sequence[KeptName] = ()

    # What follows from the end of an account, in its transaction
    # (user) -> Refusal or None
    anonymisation_refusals: Sequence[Callable[[Any], Refusal | None]] = ()
    after_anonymisation: Sequence[Follower] = ()  # (user)

    # What happens by itself; what the demonstration plays
    jobs: Sequence[Job] = ()
    # () -> since when the oldest of a queue waits, or None
    waiting: Sequence[Callable[[], datetime | None]] = ()
    demo: Sequence[DemoStep] = ()


_house: Contributions | None = None


def house() -> Contributions:
    """Return the contributions of all rooms, in the order of the rooms; the menu by rank.

    They are read once by each process.
    """
    global _house  # noqa: PLW0603
    if _house is None:
        rooms = [
            import_module(f"{config.name}.contributions").contributions
            for config in apps.get_app_configs()
            if module_has_submodule(config.module, "contributions")
        ]
        whole = {
            field.name: [item for room in rooms for item in getattr(room, field.name)]
            for field in fields(Contributions)
        }
        whole["menu"].sort(key=lambda entry: entry.rank)
        _house = Contributions(**whole)
    return _house


def let_follow(functions: Iterable[Callable], *args, **kwargs) -> None:
    """Call each function with the same arguments, in the transaction of the caller."""
    for function in functions:
        function(*args, **kwargs)


def by_key(functions: Iterable[Callable], *args) -> dict[Hashable, list]:
    """Call functions that each return lists by key; return the lists joined by key."""
    merged = defaultdict(list)
    for function in functions:
        for key, rows in function(*args).items():
            merged[key].extend(rows)
    return merged


def in_turn(functions: Iterable[Callable], *args) -> list:
    """Call functions that each return rows; return all rows, one function after the other."""
    return [row for function in functions for row in function(*args)]


def commune_sections(user: AbstractUser, commune: Model, year: int | None) -> list[CommuneSection]:
    """Return what all rooms show a person about a commune in ``year``, by rank."""
    return sorted(in_turn(house().commune_sections, user, commune, year), key=attrgetter("rank"))


@contextmanager
def overridden(**changes):
    """Replace fields of the registry within this context; for tests."""
    global _house  # noqa: PLW0603
    before, _house = _house, replace(house(), **changes)
    try:
        yield
    finally:
        _house = before


def job(name: str) -> Job:
    """Return the job of the clock named ``name``; raise StopIteration without one."""
    return next(job for job in house().jobs if job.name == name)
