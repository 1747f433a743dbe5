"""What a message says of each thing: whole sentences, the same in text and in HTML."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from committee.differences import ADDED, REMOVED, SAME, Piece, changes
from committee.models import Agreement, Dossier, News, Version
from committee.news import Item, Newsroom
from committee.reading import heading_of
from committee.standing import Point, points_of
from ctg_portal.templatetags.french import de, long_date
from ctg_portal.typography import polish

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
        told = [signs[piece.change].replace("{}", piece.text) for piece in self.pieces]
        return "".join(told)


@dataclass(frozen=True)
class Told:
    """A title, sentences below it, and fields of the version."""

    title: str
    lines: list[str]
    fields: list[Field] = field(default_factory=list)


def summary_of(item: Item, newsroom: Newsroom, is_recalled: bool = False) -> Told:
    lines, fields = SUMMARIES[item.kind](item, newsroom)
    if is_recalled:
        lines = [*lines, "Ce point vous a déjà été signalé."]
    if item.kind == News.COMPLETE:
        title = f"Dossier « {item.about.title} »"
    else:
        title = f"{heading_of(item.point.version)} – {item.point.version.title}"
    return Told(polish(title), [polish(line) for line in lines], fields)


def _called(version: Version) -> str:
    """« version 2 du 12 avril 2024 »."""
    return f"version {version.number} du {long_date(version.dated)}"


# Points ----------------------------------------------------------------------------------------


def _awaited(item: Item, newsroom: Newsroom) -> tuple[list[str], list[Field]]:
    version = item.point.version
    former = newsroom.in_force.get((version.content_type_id, version.object_id))
    before = former or (version.base if version.base and version.base.number else None)
    lines = [_dated(version, former, before), *_of_note(version), *_said(item.point)]
    if version.ends:
        the = version.commitment.the
        it = "la" if version.commitment.is_feminine else "le"
        lines.insert(1, f"Avec cette version, {the} prend fin : on cesse de {it} poursuivre.")
    if item.kind == News.DUE:
        body, day = item.about.body, long_date(item.about.body_date)
        lines.append(
            f"La délibération annoncée ({body}, {day}) est passée : quelle est la réponse ?"
        )
    return lines, _fields(version, before)


def _dated(version: Version, former: Version | None, before: Version | None) -> str:
    told = f"{_called(version).capitalize()}, par {version.author_name}"
    if former:
        return f"{told}. En vigueur aujourd’hui : {_called(former)}."
    if before:
        return f"{told}. Elle suit la {_called(before)} ; rien n’est encore en vigueur."
    return f"{told}. Rien n’est encore en vigueur."


def _of_note(version: Version) -> list[str]:
    return [f"Motif : {version.note}"] if version.note else []


def _said(point: Point) -> list[str]:
    """Where the parties that have spoken stand."""
    told = [f"{light.organisation.acronym} : {light.word}" for light in point.lights if light.entry]
    return [" ; ".join(told) + "."] if told else []


def _fields(version: Version, before: Version | None) -> list[Field]:
    """What changed from another version; all that it says without another."""
    told = changes(version.commitment, (before or version).content, version.content)
    shown = [change for change in told if change.is_changed]
    if not shown and not version.ends:
        shown = [change for change in told.told if change.text != version.title]
    return [Field(change.label, list(_readable(change.pieces))) for change in shown]


def _readable(pieces: list[Piece]) -> Iterable[Piece]:
    """Spaces outside what is marked, and of a long passage that did not change both ends."""
    former = SAME
    for piece in pieces:
        text = polish(piece.text)
        if piece.change == SAME or not text.strip():
            yield Piece(_shortened(text) if len(pieces) > 1 else text, SAME)
            former = SAME
            continue
        before = text[: len(text) - len(text.lstrip())] or (" " if former != SAME else "")
        yield Piece(before, SAME)
        yield Piece(text.strip(), piece.change)
        after = text[len(text.rstrip()) :]
        yield Piece(after, SAME)
        former = SAME if after else piece.change


def _shortened(text: str) -> str:
    if len(text) <= 3 * CONTEXT:
        return text
    return f"{text[:CONTEXT].rsplit(None, 1)[0]} […] {text[-CONTEXT:].split(None, 1)[-1]}"


# Entries ---------------------------------------------------------------------------------------


def _change(item: Item, newsroom: Newsroom) -> tuple[list[str], list[Field]]:
    entry = item.about
    asked = f"{_the(entry)} demande une modification de la {_called(item.point.version)}."
    return [asked, *_by(entry)], []


def _retracted(item: Item, newsroom: Newsroom) -> tuple[list[str], list[Field]]:
    entry = item.about
    taken = f"{_the(entry)} a retiré son accord à la {_called(item.point.version)}."
    return [f"{taken} Sans lui, cette version n’est pas en vigueur.", *_by(entry)], []


def _contested(item: Item, newsroom: Newsroom) -> tuple[list[str], list[Field]]:
    entry, recorded = item.about, item.about.contests
    return [
        f"L’accord {entry.organisation.of_the} à la {_called(item.point.version)} est contesté : "
        f"{recorded.entered_by_name} l’avait saisi au nom {de(recorded.person_name)}, "
        "qui dit ne pas l’avoir donné.",
        "Cette version est suspendue : elle n’est pas en vigueur.",
        *_by(entry),
    ], []


def _recorded(item: Item, newsroom: Newsroom) -> tuple[list[str], list[Field]]:
    entry, version = item.about, item.point.version
    lines = [
        f"{entry.entered_by_name} a saisi en votre nom l’accord {entry.organisation.of_the} "
        f"à la {_called(version)}, reçu le {long_date(entry.received_on)}.",
        f"Si vous n’avez pas donné cet accord, contestez-le jusqu’au "
        f"{long_date(entry.contestable_until)} inclus."
        if item.contestable
        else "Cet accord ne peut plus être contesté.",
    ]
    return lines, _fields(version, None)


def _the(entry: Agreement) -> str:
    called = entry.organisation.the
    return called[:1].upper() + called[1:]


def _by(entry: Agreement) -> list[str]:
    capacity = f", {entry.capacity}" if entry.capacity else ""
    who = f"Par {entry.person_name}{capacity}, le {long_date(entry.created_at)}."
    return [who, f"Motif : {entry.reason}"]


# Dossiers --------------------------------------------------------------------------------------


def _complete(item: Item, newsroom: Newsroom) -> tuple[list[str], list[Field]]:
    dossier: Dossier = item.about
    versions = dossier.versions.order_by("dossier_points__rank")
    told = ["Toutes les parties ont répondu, ou n’ont plus à répondre."]
    for point in points_of(versions, newsroom.required):
        state = f"Version {point.version.get_state_display()}."
        said = " ".join([*_said(point), state])
        told.append(f"{point.version.title} – {said}")
    return told, []


SUMMARIES = {
    News.AWAITED: _awaited,
    News.DUE: _awaited,
    News.CHANGE: _change,
    News.RETRACTED: _retracted,
    News.CONTESTED: _contested,
    News.RECORDED: _recorded,
    News.COMPLETE: _complete,
}
