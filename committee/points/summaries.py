"""The parts of a message: whole sentences, the same in text and in HTML."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agreements.answers.lights import Point
from agreements.models import Agreement, Version
from agreements.versions.differences import compare_contents
from ctg_portal.templatetags.french import long_date
from ctg_portal.text.differences import ADDED, REMOVED, SAME, Piece, ends_of
from ctg_portal.text.typography import polish

# Of a passage that did not change, this many characters stay at each end.
CONTEXT = 80


@dataclass(frozen=True)
class Field:
    """One field of a version: its words, those removed and added marked."""

    label: str
    pieces: list[Piece]

    @property
    def in_words(self) -> str:
        """« Ouvrir [supprimé : deux] [ajouté : trois] espaces »."""
        signs = {ADDED: "[ajouté\u00a0: {}]", REMOVED: "[supprimé\u00a0: {}]", SAME: "{}"}
        marked = [signs[piece.change].replace("{}", piece.text) for piece in self.pieces]
        return "".join(marked)


@dataclass(frozen=True)
class MessageItem:
    """A part of a message: a title, sentences below it, and fields of the version."""

    title: str
    lines: list[str]
    fields: list[Field] = field(default_factory=list)


def label_version(version: Version) -> str:
    """Return « version 2 du 12 avril 2024 »."""
    return f"version {version.number} du {long_date(version.dated)}"


def format_answers(point: Point) -> list[str]:
    """Return one line with the answers of all parties that have given one; no line if none has."""
    answers = [
        f"{light.organisation.acronym} : {light.word}" for light in point.lights if light.entry
    ]
    return [" ; ".join(answers) + "."] if answers else []


def changed_fields(version: Version, before: Version | None) -> list[Field]:
    """Return the fields that changed from ``before``; all fields that the version states when
    nothing changed or ``before`` is None, but none for one that ends the row."""
    differences = compare_contents(version.commitment, (before or version).content, version.content)
    shown = [change for change in differences if change.is_changed]
    if not shown and not version.ends:
        shown = [change for change in differences.shown if change.text != version.title]
    return [Field(change.label, list(_readable(change.pieces))) for change in shown]


def _readable(pieces: list[Piece]) -> Iterable[Piece]:
    """Yield the pieces with spaces moved outside what is marked, and long unchanged passages cut to
    both ends."""
    former = SAME
    for piece in pieces:
        text = polish(piece.text)
        if piece.change == SAME or not text.strip():
            is_long = len(pieces) > 1 and len(text) > 3 * CONTEXT
            yield Piece(ends_of(text, CONTEXT) if is_long else text, SAME)
            former = SAME
            continue
        before = text[: len(text) - len(text.lstrip())] or (" " if former != SAME else "")
        yield Piece(before, SAME)
        yield Piece(text.strip(), piece.change)
        after = text[len(text.rstrip()) :]
        yield Piece(after, SAME)
        former = SAME if after else piece.change


def describe_author(entry: Agreement) -> list[str]:
    """Return two lines: who gave the entry and when, and the reason."""
    capacity = f", {entry.capacity}" if entry.capacity else ""
    who = f"Par {entry.person_name}{capacity}, le {long_date(entry.created_at)}."
    return [who, f"Motif : {entry.reason}"]
