"""The content of a project checked as a convention file is: same schema, rules and messages."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conventions.loading import reader, schema
from conventions.loading.mistakes import Place
from conventions.loading.numerals import count_axes
from conventions.loading.wording import MISSING
from conventions.setting_up.models import Project

Faults = list[tuple[Place, str]]

# On a page one fills fields, where a file has keys.
ON_PAGES = {
    MISSING: "à donner",
    "aucune partie n’a « co_valide: oui » ; il en faut au moins une": (
        "l’accord d’au moins une partie est requis : cochez-le chez elle"
    ),
    "il manque « thematiques » ou « objectifs »": "rien n’est sous cet axe",
}


def without_empty(value: Any) -> Any:
    """Return a content without empty texts and lists, which a file leaves out."""
    if isinstance(value, dict):
        kept_values = {key: without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept_values.items() if item not in ("", None, [], {})}
    if isinstance(value, list):
        return [without_empty(item) for item in value]
    return value


def faults_of(content: dict[str, Any]) -> Faults:
    """Return all that the format refuses in a content, as places and French messages."""
    checked = {"convention": {}} | without_empty(copy.deepcopy(content))
    count_axes(checked)
    # A mapping that lacks two keys is refused twice for both.
    faults = dict.fromkeys(reader.faults_of(checked))
    return [(place, ON_PAGES.get(message, message)) for place, message in faults]


def is_missing(message: str) -> bool:
    """Return whether a message says that something is still to be given, and not that it is
    wrong."""
    return message == ON_PAGES[MISSING]


def label_place(place: Place) -> str:
    """Return a place in words: « partie n° 2, Sigle », « Fin »."""
    part: Any = schema.load()
    words: list[str] = []
    for step in place:
        if isinstance(step, int):
            part = part.get("items", {})
            words[-1:] = [f"{part.get('title', '').lower()} n°\u00a0{step + 1}"]
        else:
            part = part.get("properties", {}).get(step, {})
            words.append(part.get("title", step))
    label = ", ".join(words if len(words) < 2 or words[0] != "Convention" else words[1:])
    return label[:1].upper() + label[1:]


def filled(value: Any, part: schema.Schema) -> Any:
    """Return a part of a content with all keys of its schema, for pages: what is absent is empty,
    or what the format takes for granted."""
    kinds = part.get("type", "string")
    kind = kinds if isinstance(kinds, str) else kinds[-1]
    if kind == "array":
        return [filled(item, part["items"]) for item in value or []]
    if kind == "object" and isinstance(value, str) and "titre" in part["properties"]:
        value = {"titre": value}
    if kind == "object" and isinstance(value, dict | None):
        given, properties = value or {}, part.get("properties", {})
        return {key: filled(given.get(key), known) for key, known in properties.items()}
    return part.get("default", "" if kind == "string" else None) if value is None else value


def whole_content(project: Project) -> dict[str, Any]:
    """Return the content of a project with all keys of the format."""
    return filled(project.content, schema.load())


@dataclass(frozen=True)
class Missing:
    """Something that is missing or wrong: where, in words, what, and the step of it."""

    label: str
    message: str
    step: str
    party: int | None = None

    @property
    def is_missing(self) -> bool:
        return is_missing(self.message)


HEADING_STEPS = {
    "territoire": "territoire", "communes_annoncees": "territoire",
    "source_habitants": "territoire", "preambule": "articles",
}  # fmt: skip
STEPS_BY_KEY = {
    "communes": "territoire", "parties": "parties", "organismes": "parties", "axes": "axes",
    "articles": "articles", "annexes": "articles",
}  # fmt: skip


def step_of(place: Place) -> str:
    """Return the step on whose page a place of the content is written."""
    if place[:1] == ("convention",):
        key = place[1] if len(place) > 1 else ""
        return HEADING_STEPS.get(str(key), "cadre")
    return STEPS_BY_KEY.get(str(place[0]) if place else "", "cadre")


def missing_of(project: Project) -> list[Missing]:
    """Return what the convention of a project cannot be created without, step by step."""
    return list(_missing(project))


def _missing(project: Project) -> Iterator[Missing]:
    faults = faults_of(project.content)
    order = ["territoire", "parties", "cadre", "axes", "articles"]
    for place, message in sorted(faults, key=lambda fault: order.index(step_of(fault[0]))):
        step = step_of(place)
        party = place[1] if step == "parties" and len(place) > 1 else None
        number = party + 1 if isinstance(party, int) else None
        if place in (("parties",), ("axes",)) and is_missing(message):
            what = "aucune partie" if place == ("parties",) else "aucun axe"
            yield Missing(label_place(place), what, step)
        else:
            yield Missing(label_place(place), message, step, number)
    acronyms = [party.get("sigle") for party in project.parties]
    if project.convention is None and project.notes.get("coordinates_for") not in acronyms:
        yield Missing("Coordination", "dire pour quelle partie vous coordonnez", "personnes")
