"""Which commune a file names: by its code Insee or its name, of today or of before a merger.

``conventions/data/anciennes_communes.csv``: communes that have become part of another, with the one
that they are part of today (Code officiel géographique, Insee, as published by Etalab; Licence
Ouverte).
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conventions.models import Commune
from ctg_portal.search import fold
from spreadsheets.matching.likeness import ALIKE, likeness, matcher_of

PATH = Path(__file__).parent.parent / "data" / "anciennes_communes.csv"
INSEE = re.compile(r"\d{4,5}|2[ab]\d{3}", re.IGNORECASE)
DEPARTMENT = re.compile(r"\s*\(\s*(\d{2,3}|2[ab])\s*\)\s*$", re.IGNORECASE)
INVERTED = re.compile(r"^(?P<name>.*\S)\s*\(\s*(?P<article>l[ae’']?|les)\s*\)\s*$", re.IGNORECASE)
BODY = re.compile(r"^(?:commune|ville|mairie|ccas|centre communal d action sociale) (?P<town>.+)$")
# « Commune du Port » is that of Le Port, « commune de La Roche » that of La Roche, not of Roche.
CONTRACTED = (("du ", "le "), ("des ", "les "), ("de ", ""), ("d ", ""))
SHORTEST = 4  # of what is the beginning of a name
SHORTENED = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


@dataclass(frozen=True)
class FormerCommune:
    """A commune that is part of another today, ``became`` being the code of that one."""

    insee_code: str
    name: str
    became: str


@cache
def former_communes() -> tuple[FormerCommune, ...]:
    with PATH.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return tuple(FormerCommune(*row) for row in rows)


@dataclass(frozen=True)
class Named:
    """A commune as a file names it; ``former``: by what is part of it today."""

    commune: Commune
    former: FormerCommune | None = None


class Gazetteer:
    """The communes of a convention by what people call them. A name that several have, as a former
    commune too, names none: its code does."""

    def __init__(self, communes: Iterable[Commune]):
        self.communes = list(communes)
        self.codes = {commune.insee_code: Named(commune) for commune in self.communes}
        # By name, who has it, by code.
        names: dict[str, dict[str, Named]] = defaultdict(dict)
        for commune in self.communes:
            for name in filter(None, (commune.name, commune.name_in_text)):
                names[key_of(name)][commune.insee_code] = self.codes[commune.insee_code]
        today = set(names)
        for former in former_communes():
            if (held := self.codes.get(former.became)) is None:
                continue
            named = Named(held.commune, former)
            self.codes.setdefault(former.insee_code, named)
            # The name of a commune of today is its own, whoever had it before.
            if key_of(former.name) not in today:
                names[key_of(former.name)][former.insee_code] = named
        self.names = {
            name: next(iter(found.values())) for name, found in names.items() if len(found) == 1
        }

    def find(self, said: str) -> Named | None:
        """The commune that a cell names, with accents, capitals, hyphens or not, « St » for
        « Saint », the zero that a workbook takes from a code or not; None for none of them."""
        said = said.strip()
        if INSEE.fullmatch(said):
            return self.codes.get(said.upper().zfill(5))
        return self.names.get(key_of(said))

    def alike(self, said: str) -> Commune | None:
        """The commune of which a name that is none is a misspelling, most likely, or the beginning;
        None where it is like none."""
        key = key_of(said)
        begun = {named.commune for name, named in self.names.items() if name.startswith(f"{key} ")}
        if len(begun) == 1 and len(key) >= SHORTEST:
            return begun.pop()
        matcher = matcher_of(key)
        scored = [(likeness(name, matcher), name) for name in self.names]
        score, name = max(scored, default=(0, ""))
        return self.names[name].commune if score >= ALIKE else None


def key_of(name: str) -> str:
    """A commune's name as it is compared: without its département, « Roche (La) » with its article
    in front."""
    name = DEPARTMENT.sub("", name)
    if found := INVERTED.match(name):
        name = f"{found['article']} {found['name']}"
    return in_full(name)


def in_full(name: str) -> str:
    """A name as it is compared, « St » written « Saint »."""
    return " ".join(SHORTENED.get(word, word) for word in fold(name).split())


def names_within(body: str) -> set[str]:
    """By which names (``key_of``) the commune is called that a body is of: « Ville de Thuré », or
    that it may be itself: « Ville-en-Bois »."""
    key = key_of(body)
    found = BODY.match(key)
    if found is None:
        return {key}
    town = found["town"]
    said, article = next((c for c in CONTRACTED if town.startswith(c[0])), ("", ""))
    return {key, article + town.removeprefix(said)}
