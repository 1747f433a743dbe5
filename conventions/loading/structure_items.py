"""The file’s axes, themes and objectives as items, each with what contains it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from conventions.loading.matching import Item


@dataclass
class Structure:
    """``orientations`` and ``sub_objectives`` are the two levels of objectives."""

    axes: list[Item] = field(default_factory=list)
    themes: list[Item] = field(default_factory=list)
    orientations: list[Item] = field(default_factory=list)
    sub_objectives: list[Item] = field(default_factory=list)

    @property
    def objectives(self) -> list[Item]:
        return [*self.orientations, *self.sub_objectives]


def structure_of(axes: list[dict[str, Any]]) -> Structure:
    """The items of a file’s ``axes``. An axis without themes gets the untitled one."""
    structure = Structure()
    for index, axis in enumerate(axes):
        place = ("axes", index)
        values = {"text": axis.get("texte", ""), "is_priority": axis["prioritaire"]}
        item = Item(place, axis["titre"], index + 1, axis["numero"], values=values)
        structure.axes.append(item)
        for theme, objectives in _themes_of(axis, item):
            structure.themes.append(theme)
            for orientation, parts in _orientations_of(objectives, theme):
                structure.orientations.append(orientation)
                structure.sub_objectives += _sub_objectives_of(parts, orientation)
    return structure


def _themes_of(axis: dict[str, Any], above: Item) -> Iterator[tuple[Item, list]]:
    if "objectifs" in axis:
        yield Item(above.place, "", 1, above=above), axis["objectifs"]
    for index, theme in enumerate(axis.get("thematiques", [])):
        place = (*above.place, "thematiques", index)
        yield Item(place, theme["titre"], index + 1, theme["numero"], above), theme["objectifs"]


def _orientations_of(objectives: list[dict], above: Item) -> Iterator[tuple[Item, list]]:
    for index, objective in enumerate(objectives):
        place = (*above.place, "objectifs", index)
        values = {"is_priority": objective["prioritaire"]}
        item = Item(place, objective["titre"], index + 1, objective.get("code", ""), above, values)
        yield item, objective["sous_objectifs"]


def _sub_objectives_of(parts: list[str | dict], above: Item) -> Iterator[Item]:
    for index, part in enumerate(parts):
        title, code = (part, "") if isinstance(part, str) else (part["titre"], part.get("code", ""))
        yield Item((*above.place, "sous_objectifs", index), title, index + 1, code, above)
