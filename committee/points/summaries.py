"""The parts of a message: whole sentences, the same in text and in HTML."""

from dataclasses import dataclass

from agreements.answers.lights import Point
from agreements.models import Agreement, Version
from ctg_portal.templatetags.french import long_date


@dataclass(frozen=True)
class MessageItem:
    """A part of a message: a title and sentences below it."""

    title: str
    lines: list[str]


def label_version(version: Version) -> str:
    """Return « version 2 du 12 avril 2024 »."""
    return f"version {version.number} du {long_date(version.dated)}"


def format_answers(point: Point) -> list[str]:
    """Return one line with the answers of all parties that have given one; no line if none has."""
    answers = [
        f"{light.organisation.acronym} : {light.word}" for light in point.lights if light.entry
    ]
    return [" ; ".join(answers) + "."] if answers else []


def describe_author(entry: Agreement) -> list[str]:
    """Return two lines: who gave the entry and when, and the reason."""
    capacity = f", {entry.capacity}" if entry.capacity else ""
    who = f"Par {entry.person_name}{capacity}, le {long_date(entry.created_at)}."
    return [who, f"Motif : {entry.reason}"]
