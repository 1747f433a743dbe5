"""What a commune is called, and which one a file names: by its code Insee or its name, of today or
of before a merger.

``conventions/data/anciennes_communes.csv``: communes that have become part of another, with the one
that they are part of today (Code officiel géographique, Insee, as published by Etalab; Licence
Ouverte).
"""

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conventions.models import Commune
from ctg_portal.search import fold
from ctg_portal.templatetags.french import in_words
from spreadsheets.matching.likeness import ALIKE, likeness, matcher_of

PATH = Path(__file__).parent.parent / "data" / "anciennes_communes.csv"
INSEE = re.compile(r"\d{4,5}|2[ab]\d{3}", re.IGNORECASE)
# « Saint-Paul (97) », « Saint-Paul (97415) »: its département, or its code Insee.
ASIDE = re.compile(r"\s*\(\s*(\d{2,3}|2[ab]|\d{5}|2[ab]\d{3})\s*\)\s*$", re.IGNORECASE)
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


@cache
def _became() -> dict[str, str]:
    return {former.insee_code: former.became for former in former_communes()}


def code_of_today(code: str) -> str:
    """Of the commune that a commune is, or has become part of."""
    return _became().get(code, code)


def names_told(communes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By code Insee, what each of a convention's communes, (code, name), is called: a name that
    several have is followed by the département, or by the code where that does not tell them
    apart."""
    bearers: dict[str, dict[str, str]] = defaultdict(dict)
    for code, name in communes:
        bearers[key_of(name)][code] = name
    told = {}
    for named in bearers.values():
        asides = {code: _department(code) for code in named}
        if len(set(asides.values())) < len(asides):
            asides = {code: code for code in named}
        for code, name in named.items():
            told[code] = f"{without_aside(name)} ({asides[code]})" if len(named) > 1 else name
    return told


def _department(code: str) -> str:
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def without_aside(name: str) -> str:
    """A commune's name alone: « Saint-Paul »."""
    return ASIDE.sub("", name)


def narrowed(communes: Iterable[Commune], said: str) -> set[Commune]:
    """Of communes that have one name, those of the département, or of the code, beside it, where
    one stands there."""
    by_code = {one.insee_code: one for one in communes}
    return {by_code[code] for code in _narrowed(by_code, said)}


def _narrowed(codes: Collection[str], said: str) -> list[str]:
    aside = ASIDE.search(said)
    if aside is None:
        return [*codes]
    within = ("2A", "2B") if aside[1] == "20" else aside[1].upper()
    return [code for code in codes if code.startswith(within)]


def ask_which(said: str, communes: Iterable[Commune]) -> str:
    """What to write instead of a name that several communes have."""
    told = names_told(sorted((one.insee_code, one.name) for one in communes))
    *names, last = [f"« {name} »" for name in told.values()]
    count = in_words(len(told), "commune,communes")
    return f"« {said} » est le nom de {count} : écrivez {', '.join(names)} ou {last}"


class Gazetteer:
    """The communes of a convention by what people call them. A name that several have, as a former
    commune too, names none: its code does, or its département beside it."""

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
        self.bearers = dict(names)
        self.names = {
            name: next(iter(found.values())) for name, found in names.items() if len(found) == 1
        }

    def find(self, said: str) -> Named | None:
        """The commune that a cell names, with accents, capitals, hyphens or not, « St » for
        « Saint », the zero that a workbook takes from a code or not; None for none of them."""
        said = said.strip()
        if INSEE.fullmatch(said):
            return self.codes.get(said.upper().zfill(5))
        found = self._called(said)
        return found[0] if len(found) == 1 else None

    def namesakes(self, said: str) -> list[Commune]:
        """The communes among which a name does not decide; none where it is that of one, or of
        none."""
        found = {named.commune.insee_code: named.commune for named in self._called(said.strip())}
        return [*found.values()] if len(found) > 1 else []

    def knows(self, said: str) -> bool:
        """Whether a text names a commune, or several by one name."""
        return bool(self.find(said) or self.namesakes(said))

    def _called(self, said: str) -> list[Named]:
        found = self.bearers.get(key_of(said), {})
        return [found[code] for code in _narrowed(found, said)]

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
    name = without_aside(name)
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
