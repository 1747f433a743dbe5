"""What minutes say, as plain data: what is frozen, and what page, PDF and Word are drawn from."""

import dataclasses
import datetime
from dataclasses import dataclass
from typing import Any

from agreements.commitments import canonical

SCHEMA = 3


@dataclass(frozen=True)
class Person:
    """Somebody who was convened or came; ``presence``: « oui », « non », « pouvoir à … »."""

    name: str
    capacity: str
    presence: str


@dataclass(frozen=True)
class Delegation:
    """The people of an organisation at the meeting, and how many of them were there."""

    organisation: str
    people: list[Person]


@dataclass(frozen=True)
class Point:
    """A point to validate that an item was about, as it was decided: its text by field, what became
    of it, what each party said."""

    heading: str
    title: str
    outcome: str
    lines: list[tuple[str, str]]
    voices: list[str]


@dataclass(frozen=True)
class Decided:
    """A decision with its number, and who does what until when."""

    mark: str
    text: str
    follow_up: str


@dataclass(frozen=True)
class Item:
    """An item of the agenda: what was said, which points, what was decided."""

    number: int
    title: str
    details: str
    notes: str
    documents: list[str]
    points: list[Point]
    decisions: list[Decided]


@dataclass(frozen=True)
class MinutesContent:
    """All that minutes say. ``decisions``: those of no item; ``day``: that of the meeting;
    ``agreed``: to which points each party agreed in one act, and whether that counts;
    ``correction``: which approved version it corrects, and why, empty for none."""

    convention: str
    body: str
    when: str
    day: str
    place: str
    introduction: str
    attendance: str
    delegations: list[Delegation]
    items: list[Item]
    decisions: list[Decided]
    agreed: list[str] = dataclasses.field(default_factory=list)  # since schema 2
    correction: str = ""  # since schema 3

    @property
    def title(self) -> str:
        return f"{self.body} : compte rendu"

    @property
    def date(self) -> datetime.date:
        return datetime.date.fromisoformat(self.day)

    @property
    def all_decisions(self) -> list[Decided]:
        return [decision for item in self.items for decision in item.decisions] + self.decisions


def encode(content: MinutesContent) -> str:
    """Return the canonical text of minutes: the same minutes, the same bytes."""
    return canonical.canonical({"schema": SCHEMA, **dataclasses.asdict(content)})


def decode(text: str) -> MinutesContent:
    """Return the minutes that a canonical text says. A later schema upgrades an earlier text
    here."""
    data = canonical.read(text)
    data.pop("schema")
    return MinutesContent(**data | {
        "delegations": [
            Delegation(row["organisation"], [Person(**person) for person in row["people"]])
            for row in data["delegations"]
        ],
        "items": [_item(row) for row in data["items"]],
        "decisions": [Decided(**row) for row in data["decisions"]],
    })  # fmt: skip


def _item(data: dict[str, Any]) -> Item:
    """Return an item of the agenda from its decoded text."""
    points = [
        Point(**row | {"lines": [(label, text) for label, text in row["lines"]]})
        for row in data["points"]
    ]
    return Item(**data | {
        "points": points,
        "decisions": [Decided(**row) for row in data["decisions"]],
    })  # fmt: skip
