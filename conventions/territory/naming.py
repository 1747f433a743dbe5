"""Names of communes, and the commune that a file names by its code Insee or its name, of today or
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

from conventions.territory.departments import department_of
from conventions.territory.models import Commune
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import in_words
from spreadsheets.columns.likeness import ALIKE, likeness, matcher_of

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
    """Return all communes that are part of another today, from the file, read once."""
    with PATH.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return tuple(FormerCommune(*row) for row in rows)


@dataclass(frozen=True)
class Named:
    """A commune as a file names it; ``former``: the one, now part of it, that was named."""

    commune: Commune
    former: FormerCommune | None = None


@cache
def _code_today_by_former_code() -> dict[str, str]:
    return {former.insee_code: former.became for former in former_communes()}


def code_of_today(code: str) -> str:
    """Return the code of the commune that a commune is, or has become part of."""
    return _code_today_by_former_code().get(code, code)


def distinct_names(communes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map the code of each of these communes, pairs (code, name), to a name that no other has:
    where several share it, followed by the département, or by the code if that is the same."""
    bearers: dict[str, dict[str, str]] = defaultdict(dict)
    for code, name in communes:
        bearers[key_of(name)][code] = name
    names = {}
    for same_name in bearers.values():
        asides = {code: department_of(code) for code in same_name}
        if len(set(asides.values())) < len(asides):
            asides = {code: code for code in same_name}
        for code, name in same_name.items():
            names[code] = f"{without_aside(name)} ({asides[code]})" if len(same_name) > 1 else name
    return names


def without_aside(name: str) -> str:
    """Return a commune's name without the département or code beside it: « Saint-Paul »."""
    return ASIDE.sub("", name)


def narrow_to_aside(communes: Iterable[Commune], text: str) -> set[Commune]:
    """Return the communes whose code begins with the département or code that ``text`` has in
    brackets; all where it has none."""
    by_code = {commune.insee_code: commune for commune in communes}
    return {by_code[code] for code in _codes_of_aside(by_code, text)}


def _codes_of_aside(codes: Collection[str], text: str) -> list[str]:
    """Return the codes that begin with the département or code in brackets at the end of ``text``;
    all where it has none. « 20 » is 2A and 2B."""
    aside = ASIDE.search(text)
    if aside is None:
        return [*codes]
    within = ("2A", "2B") if aside[1] == "20" else aside[1].upper()
    return [code for code in codes if code.startswith(within)]


def ask_which_commune(text: str, communes: Iterable[Commune]) -> str:
    """Return the sentence that says what to write instead of a name that these communes share."""
    names_by_code = distinct_names(sorted((c.insee_code, c.name) for c in communes))
    *names, last = [f"« {name} »" for name in names_by_code.values()]
    count = in_words(len(names_by_code), "commune,communes")
    return f"« {text} » est le nom de {count} : écrivez {', '.join(names)} ou {last}"


class Gazetteer:
    """The communes of a convention by the names that people write. A name that several have, a
    former commune too, names none of them: its code does, or the name with its département."""

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
            if (today_commune := self.codes.get(former.became)) is None:
                continue
            named = Named(today_commune.commune, former)
            self.codes.setdefault(former.insee_code, named)
            # The name of a commune of today is its own, whoever had it before.
            if key_of(former.name) not in today:
                names[key_of(former.name)][former.insee_code] = named
        self.bearers = dict(names)
        self.names = {
            name: next(iter(named_by_code.values()))
            for name, named_by_code in names.items()
            if len(named_by_code) == 1
        }

    def find(self, text: str) -> Named | None:
        """Return the commune that a cell names by code or name, or None where none or several are.
        Accents, capitals, hyphens, « St » for « Saint » and a lost leading zero do not matter."""
        text = text.strip()
        if INSEE.fullmatch(text):
            return self.codes.get(text.upper().zfill(5))
        candidates = self._candidates(text)
        return candidates[0] if len(candidates) == 1 else None

    def namesakes(self, text: str) -> list[Commune]:
        """Return the communes that share the name; none where it is that of one or none."""
        communes = {
            named.commune.insee_code: named.commune for named in self._candidates(text.strip())
        }
        return [*communes.values()] if len(communes) > 1 else []

    def knows(self, text: str) -> bool:
        """Return whether a text names a commune, or several by one name."""
        return bool(self.find(text) or self.namesakes(text))

    def _candidates(self, text: str) -> list[Named]:
        """Return the communes, also former ones, of a name and its département, if given."""
        bearers = self.bearers.get(key_of(text), {})
        return [bearers[code] for code in _codes_of_aside(bearers, text)]

    def closest(self, text: str) -> Commune | None:
        """Return the commune that an unknown name misspells or abbreviates most likely, or None."""
        key = key_of(text)
        begun = {named.commune for name, named in self.names.items() if name.startswith(f"{key} ")}
        if len(begun) == 1 and len(key) >= SHORTEST:
            return begun.pop()
        matcher = matcher_of(key)
        scored = [(likeness(name, matcher), name) for name in self.names]
        score, name = max(scored, default=(0, ""))
        return self.names[name].commune if score >= ALIKE else None


def key_of(name: str) -> str:
    """Return a commune's name as it is compared: folded, without its département, the article of
    « Roche (La) » in front."""
    name = without_aside(name)
    if inverted := INVERTED.match(name):
        name = f"{inverted['article']} {inverted['name']}"
    return fold_name(name)


def fold_name(name: str) -> str:
    """Return a name folded, with « St » written « Saint »."""
    return " ".join(SHORTENED.get(word, word) for word in fold(name).split())


def names_in_body(body: str) -> set[str]:
    """Return the keys (``key_of``) of the names that the commune of a body may have: both « thure »
    and « ville de thure » for « Ville de Thuré »."""
    key = key_of(body)
    match = BODY.match(key)
    if match is None:
        return {key}
    town = match["town"]
    contraction, article = next((c for c in CONTRACTED if town.startswith(c[0])), ("", ""))
    return {key, article + town.removeprefix(contraction)}
