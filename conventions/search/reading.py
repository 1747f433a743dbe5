"""Search over all that a reader of one convention may read, by kind, the best first.

Each room finds what is its own (``search=[…]`` in its ``contributions.py``), in a number of queries
that does not grow with what is found. No room finds a figure, nor what is written beside one: that
is its provider's (``indicators/disclosure/figure.py``).
"""

import datetime
from functools import cache

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from conventions.legal.reading import parties_of
from conventions.legal.words import Word
from conventions.models import (
    Annex,
    Article,
    Axis,
    Commune,
    Convention,
    Objective,
    Party,
    Theme,
)
from conventions.parties.reading import posts_of
from conventions.search.hits import MOST, Asked, Hit, HitGroup, ranked, shortened
from conventions.search.people import people_hits
from conventions.territory.naming import SHORTENED
from ctg_portal.help.finding import guide_hits, word_hits
from ctg_portal.help.glossary import glossary
from ctg_portal.house import house, in_turn
from ctg_portal.search import excerpt, fold
from ctg_portal.sought import SearchQuery

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
def synonyms() -> dict[str, str]:
    """By abbreviation, what its letters stand for."""
    told = {fold(word.name): fold(word.in_full) for word in glossary().words if word.in_full}
    return told | ABBREVIATIONS | SHORTENED


def sought_of(query: str) -> SearchQuery:
    return SearchQuery(query, synonyms())


def search(
    convention: Convention, day: datetime.date | None, query: str, user: User | None = None
) -> list[HitGroup]:
    """What answers ``query`` as read on ``day``, for who may read it; "ecole" finds "ÉCOLE".

    The kind with the best hit comes first; kinds without one are left out.
    """
    return best_first(all_kinds(Asked(user, convention, day, sought_of(query))))


def best_first(groups: list[HitGroup]) -> list[HitGroup]:
    return sorted((group for group in groups if group.hits), key=lambda group: group.best)


def all_kinds(asked: Asked) -> list[HitGroup]:
    """Every kind, in the order of the chapters, those without a hit too."""
    groups: dict[str, HitGroup] = {}
    found = [*_own_kinds(asked), *in_turn(house().search, asked), *_help_kinds(asked)]
    for group in found:
        first = groups.setdefault(group.heading, HitGroup(group.heading))
        first.hits = sorted([*first.hits, *group.hits], key=lambda hit: hit.rank)
    return list(groups.values())


def titles(asked: Asked):
    """What the things that may be found are called, for who spells a word otherwise."""
    objectives = Objective.objects.of(asked.convention).as_read_on(asked.day)
    yield from objectives.values_list("title", flat=True)
    yield from asked.convention.articles.values_list("title", flat=True)
    themes = Theme.objects.filter(axis__convention=asked.convention).as_read_on(asked.day)
    for axis, theme in themes.values_list("axis__title", "title"):
        yield f"{axis} {theme}"
    yield from Commune.objects.filter(convention=asked.convention).values_list("name", flat=True)
    for function in house().search_titles:
        yield from function(asked)


def _own_kinds(asked: Asked):
    words = asked.convention.words
    parties = parties_of(asked.convention)
    yield ranked(asked, "Texte de la convention", _text_hits(asked))
    yield ranked(asked, f"{words.axis.titles} et {words.theme.many}", _structure_hits(asked))
    yield ranked(asked, words.objective.titles, _objective_hits(asked))
    yield ranked(asked, "Parties et signataires", _party_hits(asked, parties))
    yield ranked(asked, "Postes de coopération", _post_hits(asked))
    yield ranked(asked, "Personnes", people_hits(asked, parties))
    yield ranked(asked, "Communes", _commune_hits(asked))


def _help_kinds(asked: Asked):
    yield ranked(asked, "Mots du glossaire", (Hit(*hit) for hit in word_hits(asked.sought)))
    yield ranked(asked, "Aide", (Hit(*hit) for hit in guide_hits(asked.sought)))


def _text_hits(asked: Asked):
    convention, sought = asked.convention, asked.sought
    pieces = excerpt(convention.preamble, sought.to_mark)
    rows = Convention.objects.filter(pk=convention.pk).matching_query(sought)
    # The row also holds the territory's name, which is no preamble.
    if any(found for _, found in pieces) and rows.exists():
        url = f"{reverse('conventions:text', args=[convention.slug])}#preambule"
        yield Hit("Préambule", url, convention.preamble)
    for model in (Article, Annex):
        called = fold(str(model._meta.verbose_name))
        is_this = sought.number is not None and sought.kind == called
        wanted = Q(number=sought.number) if is_this else sought.in_rows
        for row in asked.read(model).filter(wanted).select_related("convention")[:MOST]:
            yield Hit(str(row), row.get_absolute_url(), row.text, code=f"{called} {row.number}")


def _structure_hits(asked: Asked):
    convention, sought = asked.convention, asked.sought
    words = convention.words
    axes = asked.read(Axis)
    is_axis = sought.number is not None and sought.kind == "axe"
    wanted = Q(number=sought.number) if is_axis else sought.in_rows
    if mark := _mark_after(sought, words.axis, "axe"):
        wanted |= Q(pk__in=[axis.pk for axis in axes if fold(axis.mark) == mark])
    for axis in axes.filter(wanted).select_related("convention")[:MOST]:
        title = f"{words.axis.title} {axis.mark} : {axis.title}"
        yield Hit(title, axis.get_absolute_url(), axis.text, code=axis.mark)
    themes = asked.read(Theme).exclude(title="")
    wanted = sought.in_rows
    if sought.code:
        wanted |= Q(number__in=sought.written)
    if mark := _mark_after(sought, words.theme, "thematique"):
        wanted |= Q(pk__in=[theme.pk for theme in themes if fold(theme.number) == mark])
    page = reverse("conventions:axes", args=[convention.slug])
    for theme in themes.filter(wanted).select_related("axis__convention")[:MOST]:
        title = f"{words.theme.title} {theme.number}".strip() + f" : {theme.title}"
        within = f"{words.axis.title} {theme.axis.mark}"
        yield Hit(title, f"{page}#{theme.anchor}", within=within, code=theme.number)


def _mark_after(sought: SearchQuery, word: Word, usual: str) -> str:
    """What follows the territory's word, or the usual one: « ii » of « enjeu II »; else nothing."""
    for called in (fold(word.one), usual):
        if sought.phrase.startswith(f"{called} "):
            return sought.phrase.removeprefix(f"{called} ")
    return ""


def _objective_hits(asked: Asked):
    objectives = (
        asked.read(Objective)
        .matching_query(asked.sought)
        .in_reading_order()
        .select_related("theme__axis__convention")
    )
    words = asked.convention.words
    for one in objectives[:MOST]:
        within = f"{words.axis.title} {one.theme.axis.mark}, {one.theme}"
        if one.code:
            within = f"{one.code}, {within}"
        text = _objective_text(one, asked.sought)
        title = shortened(one.title)
        yield Hit(title, one.get_absolute_url(), text, within, one.is_proposed, one.code)


def _objective_text(objective, sought: SearchQuery) -> str:
    """Its measure when the words are found there only; the whole title where the link is cut."""
    if objective.measure and not sought.is_in(objective.title):
        return f"Mesure : {objective.measure}"
    return objective.title if shortened(objective.title) != objective.title else ""


def _party_hits(asked: Asked, parties: list[Party]):
    """Parties by name, acronym or signatory: few enough to be looked through one by one."""
    url = reverse("conventions:parties", args=[asked.convention.slug])
    for party in parties:
        people = ", ".join(str(signatory) for signatory in party.signatories.all())
        organisation = party.organisation
        if asked.sought.is_in(organisation.name, organisation.acronym, people):
            yield Hit(organisation.name, f"{url}#partie-{party.pk}", people, organisation.acronym)


def _post_hits(asked: Asked):
    """By title, employer or domain; few enough as well."""
    url = reverse("conventions:cooperation", args=[asked.convention.slug])
    for post in (one for one in posts_of(asked.convention) if one.is_in_text):
        employer = post.employer.name if post.employer else ""
        domains = ", ".join(share.domain for share in post.shares.all())
        if asked.sought.is_in(str(post), employer, domains):
            yield Hit(str(post), f"{url}#{post.anchor}", domains, employer)


def _commune_hits(asked: Asked):
    communes = asked.read(Commune).matching_query(asked.sought)
    for commune in communes.select_related("convention")[:MOST]:
        yield Hit(commune.name, commune.get_absolute_url(), within=commune.insee_code,
                  code=commune.insee_code)  # fmt: skip
