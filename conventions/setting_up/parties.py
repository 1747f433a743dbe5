"""Parties that the territory of a project suggests."""

import re
from collections.abc import Iterator
from typing import Any

from conventions.setting_up.models import Project
from conventions.territory.departments import department_of, departments
from conventions.territory.reference import communes, epcis
from ctg_portal.search.rows import fold

Party = dict[str, Any]
# Where the CGSS does what the MSA does elsewhere.
WITH_CGSS = {"971", "972", "973", "974"}
MOST_COMMUNES = 12
LITTLE_WORDS = {"de", "du", "des", "la", "le", "les", "d", "l", "et", "en", "sur"}


def proposals_of(project: Project) -> dict[str, Party]:
    """Return, by a key for its button, each party that the communes of a project suggest and that
    it does not have: Caf, MSA or CGSS of their département, EPCI, the communes where they are few,
    the département. The Caf and the EPCI co-chair and agree, as the convention usually has it."""
    taken = {fold(party.get("sigle", "")) for party in project.parties}
    sirens = {party["siren"] for party in project.parties if "siren" in party}
    kinds = {party.get("type") for party in project.parties}
    places = {department_of(commune["insee"]) for commune in project.communes}
    # Where the territory lies in one département, it has one Caf, whatever its acronym.
    once = kinds & {"caf", "msa", "cgss"} if len(places) == 1 else set()
    return {
        key: party
        for key, party in _suggested(project)
        if fold(party["sigle"]) not in taken
        and party.get("siren") not in sirens
        and party["type"] not in once
    }


def _suggested(project: Project) -> Iterator[tuple[str, Party]]:
    """Yield the parties that the communes of a project suggest, each with its key."""
    codes = [commune["insee"] for commune in project.communes]
    names = {place: departments().get(place, "") for place in map(department_of, codes)}
    places = [place for place, name in names.items() if name]
    both = {"co_anime": True, "co_valide": True}
    for place in places:
        name = f"Caisse d’allocations familiales ({names[place]})"
        yield f"caf:{place}", _party(f"Caf {place}", name, "caf") | both | {"valide_analyses": True}
    for siren in project.notes.get("epcis", []):
        if epci := epcis().get(siren):
            party = _party(acronym_of(epci.name), epci.name, "epci") | both | {"siren": siren}
            yield f"epci:{siren}", party
    for place in places:
        if place in WITH_CGSS:
            name = f"Caisse générale de sécurité sociale ({names[place]})"
            yield f"cgss:{place}", _party(f"CGSS {place}", name, "cgss")
        elif len(place) == 2:
            name = f"Mutualité sociale agricole ({names[place]})"
            yield f"msa:{place}", _party(f"MSA {place}", name, "msa")
        name = f"Département ({names[place]})"
        yield f"departement:{place}", _party(f"Département {place}", name, "departement")
    for code in codes if len(codes) <= MOST_COMMUNES else ():
        if commune := communes().get(code):
            siren = {"siren": commune.siren} if commune.siren else {}
            name = f"Commune de {commune.name}"
            yield f"commune:{code}", _party(commune.name, name, "commune") | siren


def _party(acronym: str, name: str, kind: str) -> Party:
    return {"sigle": acronym, "nom": name, "type": kind}


def label_role(party: Party) -> str:
    """Return what a party does, in a few words: « son accord est requis, co-anime »."""
    roles = {"co_valide": "son accord est requis", "co_anime": "co-anime"}
    return ", ".join(words for key, words in roles.items() if party.get(key)) or "signe"


def acronym_of(name: str) -> str:
    """Return a short name for an EPCI: « CC du Pays de Lumbres » is « CC Pays de Lumbres », and a
    long one its initials."""
    short = re.sub(r"^(CC|CA|CU)\s+(de la|de l['’]|des|du|de|d['’])\s*", r"\1 ", name)
    if len(short) <= 30:
        return short
    words = [word for word in re.split(r"[\s'’–-]+", name) if word]
    return "".join(w if w in ("CC", "CA", "CU") else w[0].upper() for w in words
                   if fold(w) not in LITTLE_WORDS)[:60]  # fmt: skip
