"""Where the other chapters bring what they have to show on a convention's pages.

An application on the right of the house registers its providers in ``AppConfig.ready``. A provider
of tasks or counts takes several conventions at once, so that "Mes conventions" asks as many
queries for fifty as for one; one of objectives' actions takes all that a page shows, likewise.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from conventions.models import Annex, Article, Axis, Commune, Convention, Objective


@dataclass(frozen=True)
class Task:
    """Something that a person has to do: a sentence, and the button that leads there."""

    title: str
    url: str
    button: str
    count: int = 1


@dataclass(frozen=True)
class Card:
    """A figure of the dashboard and what it tells: ``9 sur 11`` / ``objectifs en vigueur``."""

    figure: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Chapter:
    """An entry of the menu. ``url_name`` takes the convention's slug; lower ranks come first."""

    label: str
    url_name: str
    rank: int


@dataclass(frozen=True)
class Section:
    """A part of the page of a commune: a template, which gets ``context`` as ``section``."""

    template: str
    context: object


@dataclass(frozen=True)
class Action:
    """What a person may do from where it is shown: a link, named by a verb.

    ``is_folded``: behind « Agir », where many rows have the same.
    """

    label: str
    url: str
    is_folded: bool = False


TaskProvider = Callable[[object, Iterable[Convention], datetime.date], dict[int, list[Task]]]
CardProvider = Callable[[object, Convention, datetime.date], Iterable[Card]]
SectionProvider = Callable[[object, Commune], Iterable[Section]]
ObjectiveActionProvider = Callable[[object, Convention, list[Objective]], dict[int, list[Action]]]
TextPart = Article | Annex
TextActionProvider = Callable[[object, Convention, list[TextPart]], dict[str, list[Action]]]
SearchProvider = Callable[[Convention, str], Iterable]
AxesActionProvider = Callable[[object, Convention], Iterable[Action]]

_task_providers: list[TaskProvider] = []
_card_providers: list[CardProvider] = []
_commune_section_providers: list[SectionProvider] = []
_objective_action_providers: list[ObjectiveActionProvider] = []
_text_action_providers: list[TextActionProvider] = []
_axes_action_providers: list[AxesActionProvider] = []
_search_providers: list[SearchProvider] = []
_proposals_pages: list[Callable[[Convention, Axis], str]] = []
_chapters: list[Chapter] = []


def register_tasks(provider: TaskProvider) -> None:
    """``provider(user, conventions, today)`` returns the tasks by convention's primary key."""
    _task_providers.append(provider)


def register_cards(provider: CardProvider) -> None:
    """``provider(user, convention, today)`` returns the cards of the convention's dashboard."""
    _card_providers.append(provider)


def register_commune_section(provider: SectionProvider) -> None:
    """``provider(user, commune)`` returns the sections it adds to "Et ma commune ?"."""
    _commune_section_providers.append(provider)


def register_objective_actions(provider: ObjectiveActionProvider) -> None:
    """``provider(user, convention, objectives)`` returns actions by objective's primary key.

    It is called once a page, with every objective of both levels, each with its theme and axis.
    """
    _objective_action_providers.append(provider)


def register_text_actions(provider: TextActionProvider) -> None:
    """``provider(user, convention, parts)`` returns actions by the anchor of an article or annex.

    It is called once a page, with all that the page shows.
    """
    _text_action_providers.append(provider)


def register_proposals_page(page: Callable[[Convention, Axis], str]) -> None:
    """``page(convention, axis)`` is the address where all that is proposed for an axis is read."""
    _proposals_pages.append(page)


def register_axes_actions(provider: AxesActionProvider) -> None:
    """``provider(user, convention)`` returns the actions at the head of the page of the axes."""
    _axes_action_providers.append(provider)


def register_search(provider: SearchProvider) -> None:
    """``provider(convention, query)`` returns groups of what it found: ``search.HitGroup``."""
    _search_providers.append(provider)


def register_chapter(chapter: Chapter) -> None:
    _chapters.append(chapter)


def chapters() -> list[Chapter]:
    """The menu, in reading order."""
    return sorted(_chapters, key=lambda chapter: chapter.rank)


def tasks_for(user, conventions, today: datetime.date) -> dict[int, list[Task]]:
    """What awaits ``user`` in each of these conventions, by primary key."""
    tasks = defaultdict(list)
    for provider in _task_providers:
        for convention_id, found in provider(user, conventions, today).items():
            tasks[convention_id].extend(found)
    return tasks


def cards_for(user, convention: Convention, today: datetime.date) -> list[Card]:
    return [card for provider in _card_providers for card in provider(user, convention, today)]


def commune_sections(user, commune: Commune) -> list[Section]:
    return [part for provider in _commune_section_providers for part in provider(user, commune)]


def objective_actions(user, convention: Convention, objectives) -> dict[int, list[Action]]:
    """What ``user`` may do about each of these objectives, by primary key."""
    return _gathered(_objective_action_providers, user, convention, objectives)


def text_actions(user, convention: Convention, parts) -> dict[str, list[Action]]:
    """What ``user`` may do about each of these articles and annexes, by its anchor."""
    return _gathered(_text_action_providers, user, convention, parts)


def _gathered(providers, user, convention: Convention, rows) -> dict[object, list[Action]]:
    actions = defaultdict(list)
    for provider in providers:
        for key, found in provider(user, convention, rows).items():
            actions[key].extend(found)
    return actions


def proposals_page(convention: Convention, axis: Axis) -> str:
    """Where all that is proposed for an axis is read; empty where no chapter has such a page."""
    return next((page(convention, axis) for page in _proposals_pages), "")


def axes_actions(user, convention: Convention) -> list[Action]:
    return [act for provider in _axes_action_providers for act in provider(user, convention)]


def search_groups(convention: Convention, query: str) -> list:
    """What the other chapters found."""
    return [group for provider in _search_providers for group in provider(convention, query)]
