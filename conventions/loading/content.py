"""Describe a convention as its file would: the text as it was signed, in the format's keys."""

from collections.abc import Iterable, Mapping
from typing import Any

from conventions.legal.convention import Convention
from conventions.legal.structure import Axis, Objective, Origin, Theme
from conventions.legal.text import TextPart
from conventions.loading.apply_parties import OPTED_OUT
from conventions.loading.matching import every_wording
from conventions.loading.numerals import places_of
from conventions.parties.cooperation import KEPT_RANK, CooperationPost
from conventions.parties.models import Organisation
from conventions.territory.models import Coverage

Values = dict[str, Any]


def content_of(convention: Convention, logos: Mapping[str, str]) -> Values:
    """Return the content of the file of a convention: French keys in the format's order, without
    those that would say what the format takes for granted.

    What amendments and the committee decided is not in it, nor are rows that stay although the text
    has them no more. ``logos``: the path to write for the logo of a party, by its acronym.
    """
    parties = parties_of(convention)
    others = [
        row
        for row in convention.organisations.order_by("pk")
        if not row.is_added and row not in parties
    ]
    return {"format": 1} | _without_empty(
        {
            "convention": _convention(convention),
            "parties": [_party(row, logos.get(row.acronym, "")) for row in parties],
            "organismes": [_organisation(row) for row in others],
            "articles": _text_parts(convention.articles.all()),
            "annexes": _text_parts(convention.annexes.all()),
            "axes": _Structure(convention).axes,
            "communes": _communes(convention),
            "cooperation": [_post(post) for post in _in_text(_posts_of(convention))],
        }
    )


def _without_empty(values: Values) -> Values:
    """Return the values without those that are empty, or « non »: what the format takes for
    granted."""
    return {key: value for key, value in values.items() if value}


def _in_text(rows: Iterable[Any]) -> list[Any]:
    """Return the rows that the text still has, by rank."""
    return sorted((row for row in rows if row.rank < KEPT_RANK), key=lambda row: row.rank)


def _convention(convention: Convention) -> Values:
    """Return the section « convention », without a start that is the day of the signature."""
    start = None if convention.start == convention.signed_on else convention.start
    values = _without_empty(
        {
            "identifiant": convention.slug,
            "titre": convention.title,
            "territoire": convention.territory,
            "signee_le": convention.signed_on,
            "signee_a": convention.signed_at,
            "debut": start,
            "fin": convention.end,
        }
    )
    figures = [
        _without_empty({"libelle": row.label})
        | {"valeur": row.value}
        | _without_empty({"unite": row.unit, "source": row.source})
        for row in convention.key_figures.order_by("rank")
    ]
    # Absent is 3 months, and 0 says something.
    return {**values, "preavis_mois": convention.notice_months} | _without_empty(
        {
            "libelles": convention.labels,
            "succede_a": convention.predecessor_slug,
            "communes_annoncees": convention.communes_announced,
            "source_habitants": convention.population_source,
            "preambule": convention.preamble,
            "chiffres": figures,
            "points_a_verifier": convention.points_to_check,
        }
    )


def parties_of(convention: Convention) -> list[Organisation]:
    """Return the organisations that signed, and that the text still has, by rank."""
    rows = convention.organisations.parties().filter(party__rank__lt=KEPT_RANK)
    return list(
        rows.select_related("party").prefetch_related("party__signatories").order_by("party__rank")
    )


def _organisation(row: Organisation) -> Values:
    """Return an organisation as the file writes it, its rule of secrecy included."""
    return _without_empty(
        {
            "sigle": row.acronym,
            "nom": row.name,
            "type": row.kind,
            "siren": row.siren,
            "courriel": row.email,
            "mention_source": row.source_mention,
            "secret": _secrecy(row),
        }
    )


def _secrecy(row: Organisation) -> Values | str:
    """Return the rule of an organisation; empty for the one of the law."""
    if row.opts_out_of_secrecy:
        return OPTED_OUT
    return _without_empty({"seuil": row.masking_threshold, "arrondi": row.rounding_base})


def _party(row: Organisation, logo: str) -> Values:
    """Return a party: its organisation, its signatories and what it co-chairs and agrees to."""
    party = row.party
    return _organisation(row) | _without_empty(
        {
            "siege": party.address,
            "logo": logo,
            "co_anime": party.co_chairs,
            "co_valide": party.agreement_required,
            "valide_analyses": party.validates_analyses,
            "signataires": [
                {"nom": signatory.name, "qualite": signatory.capacity}
                for signatory in _in_text(party.signatories.all())
            ],
            "deliberation": party.council_approved_on,
        }
    )


def _signed(parts: Any) -> list[Any]:
    """Return the parts of the text as they were signed, each in the words of that day."""
    return [
        part
        for part in every_wording(parts)
        if part.since.number == 0 and getattr(part, "origin", Origin.SIGNATURE) == Origin.SIGNATURE
    ]


def _text_parts(parts: Any) -> list[Values]:
    """Return the articles, or annexes, as they were signed, by number."""
    rows: list[TextPart] = sorted(_signed(parts), key=lambda row: row.number)
    return [
        {"numero": row.number, "titre": row.title} | _without_empty({"texte": row.text})
        for row in rows
    ]


class _Structure:
    """The axes of a convention as they were signed, with what they contain."""

    def __init__(self, convention: Convention):
        self._axes: list[Axis] = sorted(_signed(convention.axes.all()), key=lambda r: r.number)
        self._themes: list[Theme] = _in_text(
            _signed(Theme.objects.filter(axis__convention=convention))
        )
        self._objectives: list[Objective] = _in_text(_signed(Objective.objects.of(convention)))
        numerals = [axis.numeral for axis in self._axes]
        is_counted_otherwise = places_of(numerals) == [axis.number for axis in self._axes]
        self._marks = numerals if is_counted_otherwise else [axis.number for axis in self._axes]

    @property
    def axes(self) -> list[Values]:
        """The axes as they were signed, each with what is beneath it."""
        return [
            {"numero": mark, "titre": axis.title}
            | _without_empty({"texte": axis.text, "prioritaire": axis.is_priority})
            | self._within(axis)
            for axis, mark in zip(self._axes, self._marks, strict=True)
        ]

    def _within(self, axis: Axis) -> Values:
        """Return the themes of an axis, or the objectives of one that has no titled themes."""
        themes = [theme for theme in self._themes if theme.axis_id == axis.pk]
        if [theme.title for theme in themes] == [""]:
            return {"objectifs": self._objectives_of(themes[0])}
        return {
            "thematiques": [
                {"numero": theme.number, "titre": theme.title}
                | _without_empty({"objectifs": self._objectives_of(theme)})
                for theme in themes
            ]
        }

    def _objectives_of(self, theme: Theme) -> list[Values]:
        """Return the orientations of a theme, each with its sub-objectives."""
        return [
            _objective(row) | _without_empty({"sous_objectifs": self._sub_objectives_of(row)})
            for row in self._objectives
            if row.theme_id == theme.pk and row.parent_id is None
        ]

    def _sub_objectives_of(self, parent: Objective) -> list[Values | str]:
        """Return the sub-objectives of an orientation, as ``_sub_objective`` writes them."""
        return [
            _sub_objective(row, parent) for row in self._objectives if row.parent_id == parent.pk
        ]


def _objective(row: Objective) -> Values:
    """Return title, code and priority of an orientation; of a text, also that it is none."""
    values = _without_empty({"titre": row.title, "code": row.code, "prioritaire": row.is_priority})
    return values if row.came_as_objective else values | {"est_un_objectif": False}


def _sub_objective(row: Objective, parent: Objective) -> Values | str:
    """Return a sub-objective, or its title alone where there is nothing else to say: neither a
    code, nor another nature than that of the part above."""
    nature = row.came_as_objective
    stated = {} if nature == parent.came_as_objective else {"est_un_objectif": nature}
    values = _without_empty({"titre": row.title, "code": row.code}) | stated
    return row.title if list(values) == ["titre"] else values


def _communes(convention: Convention) -> list[Values]:
    """Return the communes of the perimeter as signed, ordered by the rank of their sector, which
    is the order in which communes of a file first name sectors."""
    coverages = Coverage.objects.of(convention).filter(since__number=0)
    rows = sorted(
        coverages.select_related("commune", "sector"),
        key=lambda row: (row.sector.rank if row.sector else 0, row.commune_id),
    )
    return [_commune(row) for row in rows]


def _commune(row: Coverage) -> Values:
    """Return a commune with its coverage as signed; a number that is not known is left out."""
    commune = row.commune
    values = _without_empty(
        {
            "insee": commune.insee_code,
            "nom": commune.name,
            "nom_dans_le_texte": commune.name_in_text,
        }
    )
    if not row.is_epci_member:
        values["membre_epci"] = False
    values |= _without_empty(
        {
            "entree": row.joined_on,
            "sortie": row.left_on,
            "fin_cej": row.cej_end,
            "secteur": row.sector.name if row.sector else "",
        }
    )
    numbers = {
        "population": commune.population, "lon": commune.longitude, "lat": commune.latitude
    }  # fmt: skip
    return values | {key: number for key, number in numbers.items() if number is not None}


def _posts_of(convention: Convention) -> list[CooperationPost]:
    return list(CooperationPost.objects.of(convention).with_parts())


def _post(post: CooperationPost) -> Values:
    """Return a post with its FTE, its cost where that is known, and its shares."""
    employer = post.employer.acronym if post.employer else ""
    shares = [{"domaine": share.domain, "etp": share.fte} for share in _in_text(post.shares.all())]
    cost = {} if post.cost_per_fte is None else {"cout_indicatif_etp": post.cost_per_fte}
    return (
        _without_empty({"intitule": post.title, "employeur": employer})
        | {"etp": post.fte}
        | cost
        | _without_empty({"repartition": shares})
    )
