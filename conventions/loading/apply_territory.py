"""Applying the communes of a file, their place in the perimeter, and their sectors."""

from collections.abc import Iterator
from typing import Any

from conventions.loading.matching import FilePart, swapped_identifiers
from conventions.loading.mistakes import ConventionFileError, Mistake
from conventions.loading.reader import ConventionFile
from conventions.loading.rows import Rows, is_editable
from conventions.territory.models import Commune, Coverage, Sector
from conventions.territory.naming import distinct_names


def apply_communes(rows: Rows, file: ConventionFile) -> None:
    """Write communes, matched by INSEE code, each with its sector and coverage as signed; delete,
    or keep, those that the file has no more. Raises ConventionFileError for swapped names."""
    content = file.content["communes"]
    names = distinct_names((wanted["insee"], wanted["nom"]) for wanted in content)
    content = [wanted | {"nom": names[wanted["insee"]]} for wanted in content]
    known = {commune.insee_code: commune for commune in rows.convention.communes.all()}
    if mistakes := [*_swapped_names(file, content, known)]:
        raise ConventionFileError(mistakes)
    sectors = _write_sectors(rows, content)
    coverages: dict[int, Coverage] = {}
    # The coverage as signed stands before what amendments made of it.
    signed_first = Coverage.objects.of(rows.convention).select_related("since", "commune")
    for coverage in signed_first.order_by("since__number", "pk"):
        coverages.setdefault(coverage.commune_id, coverage)
    for wanted in content:
        commune = known.pop(wanted["insee"], None) or Commune(
            convention=rows.convention, insee_code=wanted["insee"]
        )
        rows.write(
            commune,
            name=wanted["nom"],
            name_in_text=wanted.get("nom_dans_le_texte", ""),
            population=wanted.get("population"),
            longitude=_degrees(wanted.get("lon")),
            latitude=_degrees(wanted.get("lat")),
        )
        coverage = coverages.get(commune.pk) or Coverage(commune=commune, since=rows.amendment)
        rows.write_or_leave(
            coverage,
            is_epci_member=wanted["membre_epci"],
            joined_on=wanted.get("entree"),
            left_on=wanted.get("sortie"),
            cej_end=wanted.get("fin_cej"),
            sector=sectors.get(wanted.get("secteur")),
        )
    for commune in known.values():
        coverage = coverages.get(commune.pk)
        if coverage is None or is_editable(coverage):
            rows.delete_or_keep(commune, along=(Coverage,))
    named = [sector.pk for sector in sectors.values()]
    for sector in rows.convention.sectors.exclude(pk__in=named):
        rows.delete_or_keep(sector)


def _swapped_names(
    file: ConventionFile, content: list[dict[str, Any]], known: dict[str, Commune]
) -> Iterator[Mistake]:
    """Yield a mistake for each name swapped with another commune's, if rows depend on one."""
    items = [
        FilePart(
            ("communes", at), wanted["nom"], at, wanted["insee"], row=known.get(wanted["insee"])
        )
        for at, wanted in enumerate(content)
    ]
    rows = known.values()
    for item, bearer in swapped_identifiers(items, rows, lambda row: row.name, along=(Coverage,)):
        message = (
            f"« {item.mark} » est le code de « {item.row.name} » sur le portail, et "
            f"« {bearer.name} » en a un autre ; ce qui dépend de l’une passerait à l’autre : "
            "si c’est bien le nom qui était faux, corriger l’un, recharger, puis l’autre"
        )
        yield file.mistake((*item.place, "nom"), message)


def _write_sectors(rows: Rows, content: list[dict[str, Any]]) -> dict[str, Sector]:
    """Write the sectors that communes name, in the order of the file; return them by name."""
    known = {sector.name: sector for sector in rows.convention.sectors.all()}
    named = dict.fromkeys(commune["secteur"] for commune in content if commune.get("secteur"))
    sectors = {}
    for rank, name in enumerate(named, start=1):
        sectors[name] = known.get(name) or Sector(convention=rows.convention, name=name)
        rows.write(sectors[name], rank=rank)
    return sectors


def _degrees(value) -> float | None:
    return None if value is None else float(value)
