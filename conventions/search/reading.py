"""Search over the text, the objectives, the parties and the communes of one convention."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import Truncator

from conventions.legal.reading import parties_of
from conventions.models import Axis, Convention, Coverage, Objective, Theme
from ctg_portal.house import house, in_turn
from ctg_portal.search import excerpt, fold

# What people type for what the text writes in full.
ABBREVIATIONS = {
    "avs": "animation de la vie sociale",
    "cej": "enfance jeunesse",
    "cpam": "caisse primaire d assurance maladie",
    "ctg": "convention territoriale globale",
    "eaje": "accueil du jeune enfant",
    "laep": "accueil enfants parents",
    "plh": "plan local de l habitat",
    "ram": "assistants maternels",
    "rpe": "relais petite enfance",
    "sdsf": "schema departemental des services aux familles",
}


@dataclass(frozen=True)
class Hit:
    """Where the words were found. ``pieces`` are (text, is it a match) pairs."""

    title: str
    url: str
    pieces: list[tuple[str, bool]]
    within: str = ""
    is_proposed: bool = False


@dataclass(frozen=True)
class HitGroup:
    heading: str
    hits: list[Hit]


def search(convention: Convention, day: datetime.date | None, query: str) -> list[HitGroup]:
    """What contains every word of ``query`` as read on ``day``; "ecole" finds "ÉCOLE".

    Groups without a hit are left out. A constant number of queries.
    """
    words = convention.words
    communes = (
        Coverage.objects.of(convention)
        .perimeter(day)
        .of_communes_matching(query)
        .select_related("commune__convention")
    )
    groups = [
        HitGroup("Texte de la convention", _text_hits(convention, day, query)),
        HitGroup(
            f"{words.axis.titles} et {words.theme.many}", _structure_hits(convention, day, query)
        ),
        HitGroup(words.objective.titles, _objective_hits(convention, day, query)),
        *in_turn(house().search, convention, query),
        HitGroup("Parties et signataires", _party_hits(convention, query)),
        HitGroup(
            "Communes", [Hit(c.commune.name, c.commune.get_absolute_url(), []) for c in communes]
        ),
    ]
    return [group for group in groups if group.hits]


def _text_hits(convention, day, query):
    hits = []
    pieces = excerpt(convention.preamble, query)
    rows = Convention.objects.filter(pk=convention.pk).matching(query, ABBREVIATIONS)
    # The row also holds the territory's name, which is no preamble.
    if any(found for _, found in pieces) and rows.exists():
        url = f"{reverse('conventions:text', args=[convention.slug])}#preambule"
        hits.append(Hit("Préambule", url, pieces))
    for part in (convention.articles, convention.annexes):
        for row in part.as_read_on(day).matching(query, ABBREVIATIONS).select_related("convention"):
            hits.append(Hit(str(row), row.get_absolute_url(), excerpt(row.text, query)))
    return hits


def _structure_hits(convention, day, query):
    words = convention.words
    axes = Axis.objects.filter(convention=convention).as_read_on(day).matching(query, ABBREVIATIONS)
    themes = (
        Theme.objects.filter(axis__convention=convention)
        .exclude(title="")
        .as_read_on(day)
        .matching(query, ABBREVIATIONS)
        .select_related("axis__convention")
    )
    return [
        Hit(f"{words.axis.title} {axis.mark} : {axis.title}", axis.get_absolute_url(),
            excerpt(axis.text, query))
        for axis in axes.select_related("convention")
    ] + [
        Hit(f"{words.theme.title} {theme.number}".strip() + f" : {theme.title}",
            f"{reverse('conventions:axes', args=[convention.slug])}#{theme.anchor}", [])
        for theme in themes
    ]  # fmt: skip


def _objective_hits(convention, day, query):
    objectives = (
        Objective.objects.of(convention)
        .as_read_on(day)
        .matching(query, ABBREVIATIONS)
        .in_reading_order()
        .select_related("theme__axis__convention")
    )
    return [
        Hit(shortened(o.title), o.get_absolute_url(), _objective_excerpt(o, query),
            f"{convention.words.axis.title} {o.theme.axis.mark}, {o.theme}", o.is_proposed)
        for o in objectives
    ]  # fmt: skip


def _objective_excerpt(objective, query):
    """Of the title, or of the measure when the words are found there only."""
    pieces = excerpt(objective.title, query)
    measure = excerpt(f"Mesure : {objective.measure}", query) if objective.measure else []
    if any(found for _, found in measure) and not any(found for _, found in pieces):
        return measure
    return pieces


def shortened(title: str) -> str:
    """The first words of a long title, as the name of a link."""
    return Truncator(title).words(9, truncate=" …")


def _party_hits(convention, query):
    """Parties by name, acronym or signatory: few enough to be looked through one by one."""
    url = reverse("conventions:parties", args=[convention.slug])
    wanted = fold(query).split()
    hits = []
    for party in parties_of(convention):
        people = ", ".join(str(signatory) for signatory in party.signatories.all())
        known = fold(f"{party.organisation.name} {party.organisation.acronym} {people}").split()
        if all(any(word in one for one in known) for word in wanted):
            hits.append(Hit(party.organisation.name, f"{url}#partie-{party.pk}",
                            excerpt(people, query)))  # fmt: skip
    return hits
