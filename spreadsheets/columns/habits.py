"""Habits of cells: how offices write a number, or that there is none. One small table; what it does
not read is left to the person, with its own words."""

import re
from dataclasses import dataclass
from decimal import Decimal

from ctg_portal.search.rows import fold
from ctg_portal.text.numbers import Asked, NotANumber, parse_number
from spreadsheets.reading.cells import Cell, Kind, spelled

# What stands beside a number and is none of it, with what is said of it.
MARKS = [
    (re.compile(r"\s*(?:\*+|[†‡]|[⁰¹²³⁴-⁹]+|[(\[]\s*\d{1,2}\s*[)\]])$"), "note"),
    (re.compile(r"\s*[(\[]\s*p(?:rov(?:isoire)?)?\.?\s*[)\]]$|\s+prov(?:isoire)?\.?$", re.I),
     "provisional"),
    (re.compile(r"^(?:nb|nbre|nombre)\s*[:=]?\s*(?=\d)", re.I), ""),
]  # fmt: skip
# Units as offices shorten them, and the words that they stand for.
SHORTENED = {"h": "heure", "hr": "heure", "hrs": "heure", "heure": "heure", "pl": "place",
             "place": "place", "enf": "enfant", "hab": "habitant", "pers": "personne",
             "fam": "famille", "j": "jour", "jr": "jour", "nb": "", "nbre": "", "unite": "",
             "ets": "structure", "bénéf": "bénéficiaire", "benef": "beneficiaire"}  # fmt: skip
UNIT = re.compile(r"(?P<number>.*\d)\s*(?P<unit>[^\W\d_]+)\.?s?$")
SCALES = [
    (re.compile(r"\s*k\s?(?:€|euros?)$", re.I), 1_000),
    (re.compile(r"\s*m\s?(?:€|euros?)$", re.I), 1_000_000),
]
NOT_AVAILABLE = {"n d": "non disponible", "nd": "non disponible", "n c": "non communiqué",
                 "nc": "non communiqué", "n r": "non renseigné", "nr": "non renseigné",
                 "na": "non disponible", "n a": "non disponible",
                 "non disponible": "", "indisponible": "", "non communique": "",
                 "non renseigne": "", "non connu": "", "inconnu": ""}  # fmt: skip
NOT_APPLICABLE = {"so": "sans objet", "s o": "sans objet", "sans objet": ""}
DASH = re.compile(r"\s*[-–—]+\s*")
NOT_CALCULATED = "cette formule n’a jamais été calculée"
TOO_NARROW = re.compile(r"#{3,}")


class Unread(ValueError):  # noqa: N818  (reads as what happened)
    """A cell that is not read; its text says why, in French."""


@dataclass(frozen=True)
class Reading:
    """What a cell says: a ``number``, or an absence (« nd », « so ») with its ``reason``.

    ``is_provisional``: it says so; ``notes``: what beside the number is not kept.
    """

    number: Decimal | None = None
    absence: str = ""
    reason: str = ""
    is_provisional: bool = False
    notes: tuple[str, ...] = ()


def read_absence(text: str) -> Reading | None:
    """Return the absence that a text states; None for anything else."""
    words = fold(text)
    if words in NOT_APPLICABLE:
        return Reading(absence="so", reason=_reason(text, NOT_APPLICABLE[words]))
    if words in NOT_AVAILABLE:
        return Reading(absence="nd", reason=_reason(text, NOT_AVAILABLE[words]))
    return Reading(absence="nd", reason=_reason(text, "")) if DASH.fullmatch(text) else None


def _reason(text: str, meaning: str) -> str:
    aside = f" ({meaning})" if meaning else ""
    return f"Le fichier indique « {text.strip()[:40]} »{aside}."


def read_number(cell: Cell, asked: Asked, words: str = "") -> Reading:
    """Return the number, or the absence, that a cell says. ``words``: those of what is counted, of
    which a unit in the cell has to be one. Raises Unread, with why, for all that two people could
    read differently."""
    text = cell.text.strip()
    if cell.kind == Kind.UNCALCULATED:
        raise Unread(NOT_CALCULATED)
    if cell.kind == Kind.DOUBTFUL:
        raise Unread("ce zéro n’a peut-être jamais été calculé")
    if cell.kind == Kind.ERROR or TOO_NARROW.fullmatch(text):
        raise Unread("le tableur n’y montre qu’une erreur")
    if cell.kind == Kind.DATE:
        raise Unread("une date, là où un nombre est attendu")
    if absence := read_absence(text):
        return absence
    marks: list[str] = []
    is_provisional = False
    for pattern, kind in MARKS:
        bare = pattern.sub("", text)
        if bare != text and any(letter.isdigit() for letter in bare):
            is_provisional |= kind == "provisional"
            marks += [text.removeprefix(bare).strip()] if kind == "note" else []
            text = bare
    notes = tuple(f"appel de note « {mark} » non repris" for mark in marks)
    number = _scaled(text, asked) if _counts_euros(asked) else None
    if number is None:
        try:
            number = parse_number(_without_unit(text, asked, words), asked)
        except NotANumber as wrong:
            raise Unread(str(wrong)) from wrong
    return Reading(number, is_provisional=is_provisional, notes=notes)


def _counts_euros(asked: Asked) -> bool:
    return asked.unit is not None and ("€" in asked.unit or "euro" in fold(asked.unit))


def _scaled(text: str, asked: Asked) -> Decimal | None:
    """Return an amount that is written in thousands or millions of euros; None for others."""
    for pattern, factor in SCALES:
        if pattern.search(text):
            try:
                return parse_number(pattern.sub("", text), Asked("€")) * factor
            except NotANumber as wrong:
                raise Unread(str(wrong)) from wrong
    return None


def _without_unit(text: str, asked: Asked, words: str) -> str:
    """Return a text without the unit behind its number, where it is that of what is counted, as
    offices shorten it: « 12 pl. » of places."""
    if (match := UNIT.fullmatch(text)) is None:
        return text
    unit = fold(match["unit"]).rstrip("s")
    whole = SHORTENED.get(unit, unit if len(unit) > 3 else None)
    counted = {word.rstrip("s") for word in fold(f"{asked.unit or ''} {words}").split()}
    is_known = whole == "" or (whole is not None and whole in counted)
    return match["number"].strip() if is_known else text


def plain(number: Decimal) -> str:
    """Return a number as one types it."""
    return spelled(number)
