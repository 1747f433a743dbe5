"""Where the other chapters bring what they have to show on a convention's pages.

An application on the right of the house registers its providers in ``AppConfig.ready``. A provider
of tasks or counts takes several conventions at once, so that "Mes conventions" asks as many
queries for fifty as for one.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from conventions.models import Commune, Convention


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


TaskProvider = Callable[[object, Iterable[Convention], datetime.date], dict[int, list[Task]]]
CardProvider = Callable[[object, Convention, datetime.date], Iterable[Card]]
SectionProvider = Callable[[object, Commune], Iterable[Section]]

_task_providers: list[TaskProvider] = []
_card_providers: list[CardProvider] = []
_commune_section_providers: list[SectionProvider] = []
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
