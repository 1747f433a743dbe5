"""What a schema cannot say: how parts of the file agree with one another.

Each rule reads a content that may be wrong in places, skips what it cannot understand (the schema
tells it) and yields places with French messages.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from decimal import Decimal
from operator import itemgetter
from typing import Any

from conventions.loading.mistakes import Place, place_text
from conventions.loading.schema import is_date, nearest
from conventions.loading.wording import number, quoted
from ctg_portal.search import fold

Found = Iterator[tuple[Place, str]]

# In years: every page of a term has all of them.
LONGEST_TERM = 30


def mistakes_in(content: Any) -> Found:
    """All that contradicts itself in ``content``."""
    for rule in RULES:
        yield from rule(content)


def rows(content: Any, *keys: str, at: Place = ()) -> Iterator[tuple[Place, dict]]:
    """The mappings of lists within lists, with their places: ``rows(it, "axes", "objectifs")``."""
    key, *deeper = keys
    items = content.get(key) if isinstance(content, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            place = (*at, key, index)
            if deeper:
                yield from rows(item, *deeper, at=place)
            else:
                yield place, item


def _values(found: Iterable[tuple[Place, dict]], key: str) -> Iterator[tuple[Place, Hashable]]:
    for place, row in found:
        if isinstance(row.get(key), str | int | Decimal):
            yield (*place, key), row[key]


def _section(content: Any, key: str) -> dict:
    section = content.get(key) if isinstance(content, dict) else None
    return section if isinstance(section, dict) else {}


def _as_typed(text: str) -> str:
    return " ".join(text.casefold().split())


def _repeated(
    values: Iterable[tuple[Place, Hashable]], same: Callable[[str], str] = _as_typed
) -> Found:
    """Values that stand more than once; capitals and spaces make no difference, nor what else
    ``same`` takes away."""
    places: dict[Hashable, Place] = {}
    for place, value in values:
        alike = same(value) if isinstance(value, str) else value
        first = places.setdefault(alike, place)
        if first is not place:
            yield place, f"{quoted(value)} figure déjà dans {place_text(first[:-1])}"


def numbers_are_unique(content: Any) -> Found:
    for key in ("axes", "articles", "annexes"):
        yield from _repeated(_values(rows(content, key), "numero"))
    yield from _repeated(_values(rows(content, "axes", "thematiques"), "numero"))


def organisations_are_unique(content: Any) -> Found:
    organisations = [*rows(content, "parties"), *rows(content, "organismes")]
    yield from _repeated(_values(organisations, "sigle"))


def communes_are_unique(content: Any) -> Found:
    yield from _repeated(_values(rows(content, "communes"), "insee"))


def codes_are_unique(content: Any) -> Found:
    objectives = [
        *rows(content, "axes", "objectifs"),
        *rows(content, "axes", "objectifs", "sous_objectifs"),
        *rows(content, "axes", "thematiques", "objectifs"),
        *rows(content, "axes", "thematiques", "objectifs", "sous_objectifs"),
    ]
    # In the order of the file, so that the second of two is the one told.
    yield from _repeated(sorted(_values(objectives, "code"), key=itemgetter(0)))


def criteria_are_unique(content: Any) -> Found:
    labels = _section(_section(content, "convention"), "libelles")
    for key in ("criteres", "echelle"):
        told = labels.get(key)
        found = [
            (
                ("convention", "libelles", key, index),
                one.get("nom") if isinstance(one, dict) else one,
            )
            for index, one in enumerate(told if isinstance(told, list) else ())
        ]
        yield from _repeated(((at, name) for at, name in found if isinstance(name, str)), fold)


def signatories_are_unique(content: Any) -> Found:
    people = defaultdict(list)
    for place, person in rows(content, "parties", "signataires"):
        if isinstance(person.get("nom"), str):
            people[place[:2]].append(((*place, "nom"), person["nom"]))
    for names in people.values():
        yield from _repeated(names)


def term_is_plausible(content: Any) -> Found:
    convention = _section(content, "convention")
    end = convention.get("fin")
    start = convention.get("debut", convention.get("signee_le"))
    if not (is_date(start) and is_date(end)):
        return
    if end < start:
        which = "le début" if "debut" in convention else "la signature, qui vaut début"
        yield ("convention", "fin"), f"la fin ({end}) précède {which} ({start})"
    elif int(end[:4]) - int(start[:4]) > LONGEST_TERM:
        yield (
            ("convention", "fin"),
            f"la convention durerait plus de {LONGEST_TERM} ans (du {start} au {end}) ; vérifier "
            "le début et la fin",
        )


def communes_leave_after_joining(content: Any) -> Found:
    for place, commune in rows(content, "communes"):
        joined, left = commune.get("entree"), commune.get("sortie")
        if is_date(joined) and is_date(left) and left < joined:
            yield (*place, "sortie"), f"la sortie ({left}) précède l’entrée ({joined})"


def somebody_agrees(content: Any) -> Found:
    parties = content.get("parties") if isinstance(content, dict) else None
    if not isinstance(parties, list) or not parties:
        return
    # A party that cannot be read may be the one.
    if all(isinstance(p, dict) and p.get("co_valide", False) is False for p in parties):
        yield ("parties",), "aucune partie n’a « co_valide: oui » ; il en faut au moins une"


def _posts(content: Any) -> list[tuple[Place, dict]]:
    """The posts of cooperation, one without a list or several in one."""
    if post := _section(content, "cooperation"):
        return [(("cooperation",), post)]
    return list(rows(content, "cooperation"))


def shares_add_up(content: Any) -> Found:
    for place, post in _posts(content):
        total, shares = post.get("etp"), post.get("repartition")
        if not isinstance(total, Decimal) or total <= 0 or not isinstance(shares, list):
            continue
        parts = [share.get("etp") if isinstance(share, dict) else None for share in shares]
        are_read = all(isinstance(part, Decimal) and part > 0 for part in parts)
        if parts and are_read and sum(parts) != total:
            message = f"les parts font {number(sum(parts))} ETP, et le poste {number(total)}"
            yield (*place, "repartition"), message


def employers_are_named(content: Any) -> Found:
    """The employer of a post is an organisation of the file, written as there."""
    organisations = [*rows(content, "parties"), *rows(content, "organismes")]
    known = [sigle for _, sigle in _values(organisations, "sigle") if isinstance(sigle, str)]
    for place, sigle in _values(_posts(content), "employeur"):
        if isinstance(sigle, str) and sigle not in known:
            hint = nearest(sigle, tuple(known))
            meant = f" ; sans doute « {hint} »" if hint else ""
            yield place, f"aucune partie ni aucun organisme n’a le sigle {quoted(sigle)}{meant}"


def posts_are_told_apart(content: Any) -> Found:
    """Of several posts, each has its title or its employer: both alike, none could be found again
    when the file is corrected."""
    places: dict[tuple, Place] = {}
    for place, post in _posts(content):
        told = tuple(post.get(key, "") for key in ("intitule", "employeur"))
        if all(isinstance(text, str) for text in told):
            first = places.setdefault(tuple(" ".join(t.casefold().split()) for t in told), place)
            if first is not place:
                yield (
                    place,
                    (
                        f"rien ne distingue ce poste de {place_text(first)} ; leur donner des "
                        "intitulés ou des employeurs différents"
                    ),
                )


def succeeds_another(content: Any) -> Found:
    convention = _section(content, "convention")
    if convention.get("succede_a", "") == convention.get("identifiant"):
        yield ("convention", "succede_a"), "une convention ne succède pas à elle-même"


RULES = (
    term_is_plausible,
    succeeds_another,
    somebody_agrees,
    organisations_are_unique,
    signatories_are_unique,
    criteria_are_unique,
    numbers_are_unique,
    codes_are_unique,
    communes_are_unique,
    communes_leave_after_joining,
    shares_add_up,
    employers_are_named,
    posts_are_told_apart,
)
