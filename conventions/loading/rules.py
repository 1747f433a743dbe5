"""Rules that a schema cannot state: parts of the file agree with one another.

Each rule reads a content that may be wrong in places, skips what it cannot understand (the schema
reports it) and yields places with French messages.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from decimal import Decimal
from operator import itemgetter
from typing import Any

from conventions.loading.mistakes import Place, place_text
from conventions.loading.schema import is_date, nearest
from conventions.loading.wording import number, quoted
from ctg_portal.search.rows import fold

Faults = Iterator[tuple[Place, str]]

# Identifiers that would stand for a page of the portal.
TAKEN = {"nouvelle"}
# In years: every page of a term has all of them.
LONGEST_TERM = 30


def mistakes_in(content: Any) -> Faults:
    """Yield all that contradicts itself in ``content``."""
    for rule in RULES:
        yield from rule(content)


def rows(content: Any, *keys: str, at: Place = ()) -> Iterator[tuple[Place, dict]]:
    """Yield the mappings of a list, or of lists within lists, with their places: ``rows(content,
    "axes", "objectifs")``. What is no list or mapping is skipped."""
    key, *deeper = keys
    items = content.get(key) if isinstance(content, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            place = (*at, key, index)
            if deeper:
                yield from rows(item, *deeper, at=place)
            else:
                yield place, item


def _values(mappings: Iterable[tuple[Place, dict]], key: str) -> Iterator[tuple[Place, Hashable]]:
    """Yield the texts and numbers that these mappings have under a key, with their places."""
    for place, row in mappings:
        if isinstance(row.get(key), str | int | Decimal):
            yield (*place, key), row[key]


def _section(content: Any, key: str) -> dict[str, Any]:
    """Return the mapping under a key; an empty one where there is none."""
    section = content.get(key) if isinstance(content, dict) else None
    return section if isinstance(section, dict) else {}


def _repeated(
    values: Iterable[tuple[Place, Hashable]], same: Callable[[str], str] | None = None
) -> Faults:
    """Yield a fault for each value that has stood before, naming the place of the first. Texts are
    equal as ``same`` folds them; by default, whatever their capitals and spaces."""
    places: dict[Hashable, Place] = {}
    for place, value in values:
        if isinstance(value, str):
            key: Hashable = same(value) if same else " ".join(value.casefold().split())
        else:
            key = value
        first = places.setdefault(key, place)
        if first is not place:
            yield place, f"{quoted(value)} figure déjà dans {place_text(first[:-1])}"


def identifiers_are_unique(content: Any) -> Faults:
    """Yield a fault for each number, acronym, INSEE code or code of an objective that stands twice
    in its list; codes of objectives count in all axes."""
    for keys in (["axes"], ["articles"], ["annexes"], ["axes", "thematiques"]):
        yield from _repeated(_values(rows(content, *keys), "numero"))
    organisations = [*rows(content, "parties"), *rows(content, "organismes")]
    yield from _repeated(_values(organisations, "sigle"))
    yield from _repeated(_values(rows(content, "communes"), "insee"))
    objectives = [
        *rows(content, "axes", "objectifs"),
        *rows(content, "axes", "objectifs", "sous_objectifs"),
        *rows(content, "axes", "thematiques", "objectifs"),
        *rows(content, "axes", "thematiques", "objectifs", "sous_objectifs"),
    ]
    # In the order of the file, so that the second of two is the mistake.
    yield from _repeated(sorted(_values(objectives, "code"), key=itemgetter(0)))


def criteria_are_unique(content: Any) -> Faults:
    """Yield a fault for each criterion, or step of the scale, that is named twice."""
    labels = _section(_section(content, "convention"), "libelles")
    for key in ("criteres", "echelle"):
        items, names = labels.get(key), []
        for index, item in enumerate(items if isinstance(items, list) else ()):
            name = item.get("nom") if isinstance(item, dict) else item
            if isinstance(name, str):
                names.append((("convention", "libelles", key, index), name))
        yield from _repeated(names, fold)


def signatories_are_unique(content: Any) -> Faults:
    """Yield a fault for each person who signs twice for one party."""
    people = defaultdict(list)
    for place, person in rows(content, "parties", "signataires"):
        if isinstance(person.get("nom"), str):
            people[place[:2]].append(((*place, "nom"), person["nom"]))
    for names in people.values():
        yield from _repeated(names)


def term_is_plausible(content: Any) -> Faults:
    """Yield a fault where the end precedes the start (or else the signature), or the term is longer
    than ``LONGEST_TERM``."""
    convention = _section(content, "convention")
    end = convention.get("fin")
    start = convention.get("debut", convention.get("signee_le"))
    if not (is_date(start) and is_date(end)):
        return
    if end < start:
        which = "le début" if "debut" in convention else "la signature, qui vaut début"
        yield ("convention", "fin"), f"la fin ({end}) précède {which} ({start})"
    elif int(end[:4]) - int(start[:4]) > LONGEST_TERM:
        message = (
            f"la convention durerait plus de {LONGEST_TERM} ans (du {start} au {end}) ; vérifier "
            "le début et la fin"
        )
        yield ("convention", "fin"), message


def communes_leave_after_joining(content: Any) -> Faults:
    """Yield a fault for each commune that leaves before it joins."""
    for place, commune in rows(content, "communes"):
        joined, left = commune.get("entree"), commune.get("sortie")
        if is_date(joined) and is_date(left) and left < joined:
            yield (*place, "sortie"), f"la sortie ({left}) précède l’entrée ({joined})"


def require_an_agreeing_party(content: Any) -> Faults:
    """Yield a fault where all parties can be read, and none has « co_valide: oui »."""
    parties = content.get("parties") if isinstance(content, dict) else None
    if not isinstance(parties, list) or not parties:
        return
    # A party that cannot be read may be the one.
    if all(isinstance(p, dict) and p.get("co_valide", False) is False for p in parties):
        yield ("parties",), "aucune partie n’a « co_valide: oui » ; il en faut au moins une"


def _posts(content: Any) -> list[tuple[Place, dict]]:
    """Return the posts of cooperation with their places, whether the file has one or a list."""
    if post := _section(content, "cooperation"):
        return [(("cooperation",), post)]
    return list(rows(content, "cooperation"))


def shares_add_up(content: Any) -> Faults:
    """Yield a fault for each post whose shares, all of them read, do not add up to its FTE."""
    for place, post in _posts(content):
        total, shares = post.get("etp"), post.get("repartition")
        if not isinstance(total, Decimal) or total <= 0 or not isinstance(shares, list):
            continue
        parts = [share.get("etp") if isinstance(share, dict) else None for share in shares]
        are_read = all(isinstance(part, Decimal) and part > 0 for part in parts)
        if parts and are_read and sum(parts) != total:
            message = f"les parts font {number(sum(parts))} ETP, et le poste {number(total)}"
            yield (*place, "repartition"), message


def employers_are_named(content: Any) -> Faults:
    """Yield a fault for each post whose employer is no acronym of the file, with a hint."""
    organisations = [*rows(content, "parties"), *rows(content, "organismes")]
    known = [sigle for _, sigle in _values(organisations, "sigle") if isinstance(sigle, str)]
    for place, sigle in _values(_posts(content), "employeur"):
        if isinstance(sigle, str) and sigle not in known:
            hint = nearest(sigle, tuple(known))
            meant = f" ; sans doute « {hint} »" if hint else ""
            yield place, f"aucune partie ni aucun organisme n’a le sigle {quoted(sigle)}{meant}"


def posts_are_distinct(content: Any) -> Faults:
    """Yield a fault for each post with the title and employer, but for case and spaces, of an
    earlier one."""
    places: dict[tuple[str, ...], Place] = {}
    for place, post in _posts(content):
        name = tuple(post.get(key, "") for key in ("intitule", "employeur"))
        if all(isinstance(text, str) for text in name):
            first = places.setdefault(tuple(" ".join(t.casefold().split()) for t in name), place)
            if first is not place:
                message = (
                    f"rien ne distingue ce poste de {place_text(first)} ; leur donner des "
                    "intitulés ou des employeurs différents"
                )
                yield place, message


def succeeds_another(content: Any) -> Faults:
    """Yield a fault where the convention succeeds itself."""
    convention = _section(content, "convention")
    if convention.get("succede_a", "") == convention.get("identifiant"):
        yield ("convention", "succede_a"), "une convention ne succède pas à elle-même"


def identifier_is_free(content: Any) -> Faults:
    """Yield a fault where the identifier is a page of the portal: /conventions/nouvelle/."""
    name = _section(content, "convention").get("identifiant")
    if isinstance(name, str) and name in TAKEN:
        yield (
            ("convention", "identifiant"),
            f"« {name} » est une page du portail ; prendre un autre nom",
        )


RULES = (
    identifier_is_free,
    term_is_plausible,
    succeeds_another,
    require_an_agreeing_party,
    identifiers_are_unique,
    signatories_are_unique,
    criteria_are_unique,
    communes_leave_after_joining,
    shares_add_up,
    employers_are_named,
    posts_are_distinct,
)
