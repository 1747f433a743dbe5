"""Communes and EPCI of France, as the State lists them: what a new convention's territory is
chosen from.

``conventions/data/communes.csv`` and ``epci.csv``: the communes of 2026 with their EPCI à
fiscalité propre, and municipal populations (Code officiel géographique and populations légales,
Insee; Banatic, DGCL; as published by Etalab; Licence Ouverte).
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from conventions.territory.departments import department_of, departments
from conventions.territory.naming import (
    ASIDE,
    code_of_today,
    former_communes,
    key_of,
    without_aside,
)
from ctg_portal.search.rows import fold

DATA = Path(__file__).parent.parent / "data"
LISTED_ON = "1er janvier 2026"
POPULATIONS = "Insee, populations municipales 2023, en vigueur le 1er janvier 2026"
POPULATIONS_OF_MAYOTTE = "Insee, recensement de la population 2017"
MAYOTTE = "976"
MOST_RESULTS = 20


class ListedCommune(NamedTuple):
    """A commune of the list. ``siren`` and ``epci`` (a SIREN) are empty where it has none,
    ``population`` is None where the list gives none."""

    code: str
    name: str
    siren: str
    epci: str
    population: int | None


class Epci(NamedTuple):
    """An EPCI à fiscalité propre; ``nature``: CC, CA, CU, METRO or MET69."""

    siren: str
    name: str
    nature: str
    communes: int


@cache
def communes() -> dict[str, ListedCommune]:
    """Map the code of each commune of today to what the list says of it; read once."""
    with (DATA / "communes.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return {
            code: ListedCommune(code, name, siren, epci, int(people) if people else None)
            for code, name, siren, epci, people in rows
        }


@cache
def epcis() -> dict[str, Epci]:
    """Map the SIREN of each EPCI to what the list says of it; read once."""
    with (DATA / "epci.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["siren"]: Epci(row["siren"], row["nom"], row["type"], int(row["communes"]))
            for row in csv.DictReader(file)
        }


@cache
def members_of(siren: str) -> tuple[ListedCommune, ...]:
    """Return the communes of an EPCI by name; none for an unknown SIREN."""
    members = (commune for commune in communes().values() if commune.epci == siren)
    return tuple(sorted(members, key=lambda commune: fold(commune.name)))


@cache
def communes_in(department: str) -> tuple[ListedCommune, ...]:
    """Return the communes of a département by code; none for an unknown one."""
    return tuple(c for c in communes().values() if department_of(c.code) == department)


class Matches(NamedTuple):
    """What a search finds, at most ``MOST_RESULTS`` of each kind, and how many there are."""

    epcis: list[Epci]
    departments: list[tuple[str, str]]
    communes: list[ListedCommune]
    total: int


def search(text: str) -> Matches:
    """Return what a text may name: an EPCI by SIREN or name, a département by code or name, a
    commune by code or name, of today or of before a merger. All words of the text are in the name,
    in any order; names that begin with it come first."""
    words = fold(text).split()
    if not words:
        return Matches([], [], [], 0)
    wanted = " ".join(words)

    def ranked(pairs: Iterable[tuple[str, str]]) -> list[str]:
        matches = [(name, key) for key, name in pairs if all(word in name for word in words)]
        return [key for _, key in sorted(matches, key=lambda m: (not m[0].startswith(wanted), m))]

    sirens = [wanted] if wanted in epcis() else ranked(_folded_epcis())
    numbers = [code for code in departments() if fold(code) == wanted]
    numbers = numbers or ranked((code, fold(name)) for code, name in departments().items())
    codes = [commune.code for commune in resolve(text)] or ranked(_folded_communes())
    return Matches(
        [epcis()[siren] for siren in sirens[:MOST_RESULTS]],
        [(code, departments()[code]) for code in numbers[:MOST_RESULTS]],
        [communes()[code] for code in codes[:MOST_RESULTS]],
        len(sirens) + len(numbers) + len(codes),
    )


@cache
def _folded_epcis() -> tuple[tuple[str, str], ...]:
    return tuple((siren, fold(epci.name)) for siren, epci in epcis().items())


@cache
def _folded_communes() -> tuple[tuple[str, str], ...]:
    return tuple((code, fold(commune.name)) for code, commune in communes().items())


def resolve(text: str) -> list[ListedCommune]:
    """Return the communes of today that a code Insee or a whole name stands for: none where it is
    unknown, several where they share the name. « Saint-Paul (97) » names its département; a former
    commune is the one that it is part of, unless one of today has its name."""
    text = text.strip()
    if (code := code_of_today(text.upper())) in communes():
        return [communes()[code]]
    current, former = (known.get(key_of(text), []) for known in _codes_by_name())
    if aside := ASIDE.search(text):
        within = ("2A", "2B") if aside[1] == "20" else (aside[1].upper(),)
        current = [pair for pair in current if pair[0].startswith(within)]
        former = [pair for pair in former if pair[0].startswith(within)]
    return [communes()[code] for code in dict.fromkeys(code for _, code in current or former)]


@cache
def _codes_by_name() -> tuple[dict[str, list[tuple[str, str]]], ...]:
    """Map each folded name, of communes of today and of former ones, to pairs: the code of who had
    it, and the code of today."""
    current, former = defaultdict(list), defaultdict(list)
    for commune in communes().values():
        current[key_of(commune.name)].append((commune.code, commune.code))
    for row in former_communes():
        if row.became in communes():
            former[key_of(row.name)].append((row.insee_code, row.became))
    return dict(current), dict(former)


def is_named_by(commune: ListedCommune, text: str) -> bool:
    """Return whether a text is the commune's own code or name, and not that of a former one."""
    return text.strip().upper() == commune.code or key_of(without_aside(text)) == key_of(
        commune.name
    )


def source_of_populations(codes: Iterable[str]) -> str:
    """Return the source, with its year, of the populations of these communes; "" for none."""
    places = {department_of(code) == MAYOTTE for code in codes if code in communes()}
    sources = {False: POPULATIONS, True: f"{POPULATIONS_OF_MAYOTTE} (Mayotte)"}
    if places == {True}:
        return POPULATIONS_OF_MAYOTTE
    return " ; ".join(sources[is_mayotte] for is_mayotte in sorted(places))
