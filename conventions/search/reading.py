"""Search over all that a reader of one convention may read, by kind, the best first.

Each room finds what is its own (``search=[…]`` in its ``contributions.py``), in a number of queries
that does not grow with what is found. No room finds a figure, nor what is written beside one: that
is its provider's (``indicators/disclosure/figure.py``).
"""

import datetime
from collections.abc import Iterator
from functools import cache

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from conventions.legal.convention import Convention
from conventions.legal.structure import Axis, Objective, Theme
from conventions.legal.text import Annex, Article
from conventions.legal.words import Word
from conventions.parties.models import Party
from conventions.parties.reading import parties_of, posts_of
from conventions.search.hits import MOST, Hit, HitGroup, SearchRequest, ranked, shortened
from conventions.search.people import people_hits
from conventions.territory.models import Commune
from conventions.territory.naming import SHORTENED
from ctg_portal.help.finding import guide_hits, word_hits
from ctg_portal.help.glossary import glossary
from ctg_portal.house import house, in_turn
from ctg_portal.search.query import SearchQuery
from ctg_portal.search.rows import excerpt, fold

# What people type for what the text writes in full, where that is not what the letters stand for.
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


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Map each abbreviation, folded, to what it stands for: those of the glossary, of this list,
    and of names of communes; and each word that people use to the word of the field and to what
    that stands for (« crèche »: EAJE)."""
    words = glossary().words
    spelled_out = {fold(word.name): fold(word.in_full) for word in words if word.in_full}
    spelled_out |= ABBREVIATIONS | SHORTENED
    stands_for: dict[str, tuple[str, ...]]
    stands_for = {word: (phrase,) for word, phrase in spelled_out.items()}
    for word in words:
        name = fold(word.name)
        for common in map(fold, word.common):
            stands_for[common] = (name, *stands_for.get(name, ()))
    return stands_for


def parse_query(text: str) -> SearchQuery:
    return SearchQuery(text, synonyms())


def search(
    convention: Convention, day: datetime.date | None, text: str, user: User | None = None
) -> list[HitGroup]:
    """Return the hits for ``text`` in what ``user`` may read as on ``day``: a group for each kind
    that has one, that of the best hit first."""
    return best_first(search_all_kinds(SearchRequest(user, convention, day, parse_query(text))))


def best_first(groups: list[HitGroup]) -> list[HitGroup]:
    """Return the groups that have hits, sorted by their best one; what is only a proof comes
    last."""
    return sorted((g for g in groups if g.hits), key=lambda group: (group.is_proof, group.best))


def search_all_kinds(search_request: SearchRequest) -> list[HitGroup]:
    """Return a group for each kind, empty ones too, in the order of the chapters; hits of several
    rooms under one heading are one group."""
    groups: dict[str, HitGroup] = {}
    query, rooms = search_request.query, in_turn(house().search, search_request)
    meanings = ranked(search_request, "Mots du glossaire", (Hit(*hit) for hit in word_hits(query)))
    helping = ranked(search_request, "Aide", (Hit(*hit) for hit in guide_hits(query)))
    for group in [meanings, *_own_kinds(search_request), *rooms, helping]:
        first = groups.setdefault(group.heading, HitGroup(group.heading, is_proof=group.is_proof))
        first.hits = sorted([*first.hits, *group.hits], key=lambda hit: hit.rank)
    return list(groups.values())


def titles(search_request: SearchRequest) -> Iterator[str]:
    """Yield titles and names in which the convention's spelling of a word may be found."""
    convention, day = search_request.convention, search_request.day
    objectives = Objective.objects.of(convention).as_read_on(day)
    yield from objectives.values_list("title", flat=True)
    yield from convention.articles.values_list("title", flat=True)
    themes = Theme.objects.filter(axis__convention=convention).as_read_on(day)
    for axis, theme in themes.values_list("axis__title", "title"):
        yield f"{axis} {theme}"
    yield from convention.communes.values_list("name", flat=True)
    for room_titles in house().search_titles:
        yield from room_titles(search_request)


def _own_kinds(search_request: SearchRequest) -> Iterator[HitGroup]:
    """Yield the groups that this room finds, of the text to the communes."""
    words = search_request.convention.words
    parties = parties_of(search_request.convention)
    yield ranked(search_request, "Texte de la convention", _text_hits(search_request))
    yield ranked(
        search_request,
        f"{words.axis.titles} et {words.theme.plural}",
        _structure_hits(search_request),
    )
    yield ranked(search_request, words.objective.titles, _objective_hits(search_request))
    yield ranked(search_request, "Parties et signataires", _party_hits(search_request, parties))
    yield ranked(search_request, "Postes de coopération", _post_hits(search_request))
    yield ranked(search_request, "Personnes", people_hits(search_request, parties))
    yield ranked(search_request, "Communes", _commune_hits(search_request))


def _text_hits(search_request: SearchRequest) -> Iterator[Hit]:
    """Yield preamble, articles and annexes that answer; for « article 5 », that one alone."""
    convention, query = search_request.convention, search_request.query
    pieces = excerpt(convention.preamble, query.to_mark)
    rows = Convention.objects.filter(pk=convention.pk).matching_query(query)
    # The row also holds the territory's name, which is no preamble.
    if any(is_match for _, is_match in pieces) and rows.exists():
        url = f"{reverse('conventions:text', args=[convention.slug])}#preambule"
        yield Hit("Préambule", url, convention.preamble)
    for model in (Article, Annex):
        kind = fold(str(model._meta.verbose_name))
        is_this = query.number is not None and query.kind == kind
        wanted = Q(number=query.number) if is_this else query.in_rows
        for row in search_request.read(model).filter(wanted).select_related("convention")[:MOST]:
            yield Hit(str(row), row.get_absolute_url(), row.text, code=f"{kind} {row.number}")


def _structure_hits(search_request: SearchRequest) -> Iterator[Hit]:
    """Yield axes, then titled themes, that contain the query or have its number or mark."""
    convention, query = search_request.convention, search_request.query
    words = convention.words
    axes = search_request.read(Axis)
    is_axis = query.number is not None and query.kind == "axe"
    wanted = Q(number=query.number) if is_axis else query.in_rows
    if mark := _mark_after(query, words.axis, "axe"):
        wanted |= Q(pk__in=[axis.pk for axis in axes if fold(axis.mark) == mark])
    for axis in axes.filter(wanted).select_related("convention")[:MOST]:
        title = f"{words.axis.title} {axis.mark} : {axis.title}"
        yield Hit(title, axis.get_absolute_url(), axis.text, code=axis.mark)
    themes = search_request.read(Theme).exclude(title="")
    wanted = query.in_rows
    if query.code:
        wanted |= Q(number__in=query.written)
    if mark := _mark_after(query, words.theme, "thematique"):
        wanted |= Q(pk__in=[theme.pk for theme in themes if fold(theme.number) == mark])
    page = reverse("conventions:axes", args=[convention.slug])
    for theme in themes.filter(wanted).select_related("axis__convention")[:MOST]:
        title = f"{words.theme.title} {theme.number}".strip() + f" : {theme.title}"
        within = f"{words.axis.title} {theme.axis.mark}"
        yield Hit(title, f"{page}#{theme.anchor}", within=within, code=theme.number)


def _mark_after(query: SearchQuery, word: Word, usual: str) -> str:
    """Return, folded, what follows the word for an axis or theme (the territory's, or the ``usual``
    one) where the query begins with it: « ii » of « enjeu II ». "" otherwise."""
    for called in (fold(word.singular), usual):
        if query.phrase.startswith(f"{called} "):
            return query.phrase.removeprefix(f"{called} ")
    return ""


def _objective_hits(search_request: SearchRequest) -> Iterator[Hit]:
    """Yield the objectives that answer the query, agreed or proposed, in reading order."""
    objectives = (
        search_request.read(Objective)
        .matching_query(search_request.query)
        .in_reading_order()
        .select_related("theme__axis__convention")
    )
    words = search_request.convention.words
    for objective in objectives[:MOST]:
        within = f"{words.axis.title} {objective.theme.axis.mark}, {objective.theme}"
        if objective.code:
            within = f"{objective.code}, {within}"
        text = _objective_text(objective, search_request.query)
        title = shortened(objective.title)
        yield Hit(
            title, objective.get_absolute_url(), text, within, objective.is_proposed, objective.code
        )


def _objective_text(objective: Objective, query: SearchQuery) -> str:
    """Return the text to show a passage of: the measure, where the title does not contain the
    query; the title, where the link shortens it; else ""."""
    if objective.measure and not query.is_in(objective.title):
        return f"Mesure : {objective.measure}"
    return objective.title if shortened(objective.title) != objective.title else ""


def _party_hits(search_request: SearchRequest, parties: list[Party]) -> Iterator[Hit]:
    """Yield the parties whose name, acronym or signatories contain the query, each with its
    signatories."""
    url = reverse("conventions:parties", args=[search_request.convention.slug])
    for party in parties:
        people = ", ".join(str(signatory) for signatory in party.signatories.all())
        organisation = party.organisation
        if search_request.query.is_in(organisation.name, organisation.acronym, people):
            yield Hit(organisation.name, f"{url}#partie-{party.pk}", people, organisation.acronym)


def _post_hits(search_request: SearchRequest) -> Iterator[Hit]:
    """Yield posts of the text whose title, employer or domains contain the query."""
    url = reverse("conventions:cooperation", args=[search_request.convention.slug])
    for post in (post for post in posts_of(search_request.convention) if post.is_in_text):
        employer = post.employer.name if post.employer else ""
        domains = ", ".join(share.domain for share in post.shares.all())
        if search_request.query.is_in(str(post), employer, domains):
            yield Hit(str(post), f"{url}#{post.anchor}", domains, employer)


def _commune_hits(search_request: SearchRequest) -> Iterator[Hit]:
    """Yield the communes of the perimeter that answer the query."""
    communes = search_request.read(Commune).matching_query(search_request.query)
    for commune in communes.select_related("convention")[:MOST]:
        yield Hit(commune.name, commune.get_absolute_url(), within=commune.insee_code,
                  code=commune.insee_code)  # fmt: skip
