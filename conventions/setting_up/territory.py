"""The communes of a project: chosen from the list of France, and what is to be said of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from conventions.setting_up.models import Project
from conventions.territory.departments import departments
from conventions.territory.models import Commune as Row
from conventions.territory.naming import distinct_names
from conventions.territory.outlines import has_outline
from conventions.territory.reference import (
    LISTED_ON,
    Epci,
    ListedCommune,
    communes,
    communes_in,
    epcis,
    is_named_by,
    members_of,
    resolve,
    source_of_populations,
)
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import enumerate_words

UNLISTED = re.compile(r"(\d{5}|2[ABab]\d{3})[\s;,]+(\S.*)")

Commune = dict[str, Any]


def commune_of(listed: ListedCommune) -> Commune:
    """Return what the convention file holds of a commune of the list."""
    people = {} if listed.population is None else {"population": listed.population}
    return {"insee": listed.code, "nom": listed.name} | people


@dataclass(frozen=True)
class Pasted:
    """Lines of communes as they were read: the communes, what went otherwise than a reader would
    expect (``notes``), and what cannot be read (``mistakes``)."""

    communes: list[Commune]
    notes: list[str]
    mistakes: list[str]


def read_lines(text: str) -> Pasted:
    """Return the communes that lines name, each by its name or its code Insee. A code that is not
    on the list is taken with the name behind it."""
    chosen, notes, mistakes = [], [], []
    for number, line in enumerate(text.splitlines(), start=1):
        name = line.strip(" \t-•;,")
        if not name:
            continue
        listed = resolve(name) or resolve(name.split()[0] if UNLISTED.fullmatch(name) else "")
        if len(listed) == 1:
            chosen.append(commune_of(listed[0]))
            by_code = UNLISTED.fullmatch(name)
            if not by_code and not is_named_by(listed[0], name):
                notes.append(f"« {name} » fait aujourd’hui partie de {listed[0].name}.")
        elif listed:
            names = distinct_names((c.code, c.name) for c in listed)
            several = [f"« {name} »" for name in names.values()][:6]
            mistakes.append(
                f"ligne {number} : plusieurs communes s’appellent « {name} » ; écrire "
                f"{' ou '.join(several)}, ou le code Insee"
            )
        elif match := UNLISTED.fullmatch(name):
            chosen.append({"insee": match[1].upper(), "nom": match[2]})
            notes.append(f"Le code {match[1]} n’est pas dans la liste des communes : vérifiez-le.")
        else:
            mistakes.append(
                f"ligne {number} : « {name} » n’est ni le nom ni le code Insee d’une commune"
            )
    return Pasted(chosen, notes, mistakes)


def set_communes(project: Project, ticked: Iterable[str], added: Iterable[Commune]) -> None:
    """Set the communes of a project: those of its own, and of its EPCI, that are ticked, then those
    that are added. What was said of a commune stays; the source of populations follows."""
    known = {commune["insee"]: commune for commune in project.communes}
    offered = {c.code: c for siren in project.notes.get("epcis", []) for c in members_of(siren)}
    chosen: dict[str, Commune] = {}
    for code in ticked:
        if code in known:
            chosen[code] = known[code]
        elif code in offered:
            chosen[code] = commune_of(offered[code])
    for commune in added:
        chosen.setdefault(commune["insee"], known.get(commune["insee"], commune))
    rows = sorted(chosen.values(), key=lambda commune: (fold(commune["nom"]), commune["insee"]))
    project.content["communes"] = rows
    set_membership(project)
    source = source_of_populations(row["insee"] for row in rows if "population" in row)
    if source:
        project.heading["source_habitants"] = source
    else:
        project.heading.pop("source_habitants", None)


def set_membership(project: Project) -> None:
    """Say of each commune whether it is a member of the EPCI that were chosen; of all, where none
    was, for there is nothing to be outside of."""
    sirens = set(project.notes.get("epcis", []))
    for commune in project.communes:
        listed = communes().get(commune["insee"])
        commune.pop("membre_epci", None)
        if sirens and (listed is None or listed.epci not in sirens):
            commune["membre_epci"] = False


def add(project: Project, what: str) -> bool:
    """Add « epci:SIREN », « departement:86 » or « commune:86066 » to a project; return whether the
    list has it. The first EPCI names the territory."""
    kind, _, key = what.partition(":")
    ticked = [commune["insee"] for commune in project.communes]
    if kind == "epci" and key in epcis():
        sirens = project.notes.setdefault("epcis", [])
        if key not in sirens:
            sirens.append(key)
        project.heading.setdefault("territoire", epcis()[key].name)
        set_communes(project, ticked, map(commune_of, members_of(key)))
        return True
    if kind == "departement" and key in departments():
        project.heading.setdefault("territoire", departments()[key])
        set_communes(project, ticked, map(commune_of, communes_in(key)))
        return True
    if kind == "commune" and key in communes():
        set_communes(project, ticked, [commune_of(communes()[key])])
        return True
    return False


@dataclass(frozen=True)
class Group:
    """Communes to tick: those of an EPCI, or, without one, the others of a project. ``rows``: code,
    name, whether it is ticked."""

    epci: Epci | None
    rows: list[tuple[str, str, bool]]

    @property
    def ticked(self) -> int:
        return sum(is_ticked for _, _, is_ticked in self.rows)


def groups_of(project: Project) -> list[Group]:
    """Return the communes to tick, the EPCI in the order in which they were chosen."""
    chosen = {commune["insee"]: commune["nom"] for commune in project.communes}
    groups: list[Group] = []
    shown: set[str] = set()
    for siren in project.notes.get("epcis", []):
        if members := members_of(siren):
            rows = [(c.code, c.name, c.code in chosen) for c in members]
            groups.append(Group(epcis()[siren], rows))
            shown.update(c.code for c in members)
    if others := [(code, name, True) for code, name in chosen.items() if code not in shown]:
        groups.append(Group(None, others))
    return groups


def points_of(project: Project, today: date) -> list[str]:
    """Return what is to be known of the communes of a project: codes that the list does not have,
    those without outline, EPCI that have changed, communes of another convention."""
    rows = project.communes
    points = []
    unknown = [f"{row['nom']} ({row['insee']})" for row in rows if row["insee"] not in communes()]
    if unknown:
        points.append(
            f"Pas dans la liste des communes au {LISTED_ON}, vérifiez le code : "
            f"{enumerate_words(unknown)}."
        )
    plain = [row["nom"] for row in rows if not has_outline(row["insee"])]
    if plain:
        points.append(
            f"Sans contour connu, donc dans le tableau et non sur la carte : "
            f"{enumerate_words(plain)}."
        )
    elsewhere = Row.objects.filter(
        insee_code__in=[row["insee"] for row in rows], convention__end__gte=today
    ).exclude(convention=project.convention_id)
    if names := sorted(set(elsewhere.values_list("name", flat=True))):
        shown = enumerate_words(names) if len(names) <= 5 else f"{len(names)} communes"
        points.append(f"Déjà dans une autre convention de ce portail, vérifiez : {shown}.")
    gone = [siren for siren in project.notes.get("epcis", []) if siren not in epcis()]
    if gone:
        points.append(
            f"L’EPCI de SIREN {enumerate_words(gone)} n’existe plus au {LISTED_ON} : cherchez "
            "celui qui lui succède."
        )
    for siren in project.notes.get("epcis", []):
        members = {c.code for c in members_of(siren)}
        chosen = {row["insee"] for row in rows}
        if members and (missing := members - chosen) and missing != members:
            names = [communes()[code].name for code in sorted(missing)]
            shown = enumerate_words(names[:5]) if len(names) <= 5 else f"{len(names)} communes"
            verb = "n’est pas cochée" if len(names) == 1 else "ne sont pas cochées"
            points.append(f"{epcis()[siren].name} : {shown} {verb}.")
    return points
