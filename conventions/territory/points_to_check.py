"""Points to check in a convention: those that its authors noted, and figures that do not agree."""

from collections.abc import Iterator

from conventions.legal.convention import Convention
from conventions.territory.models import Coverage
from conventions.territory.naming import without_aside
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject


@cached(Subject.TEXT)
def points_to_check(convention: Convention) -> list[str]:
    """Return sentences to the reader: the points that the convention file notes, then
    contradictions between its dates, the announced number of communes and its list of them."""
    coverages = list(
        Coverage.objects.of(convention)
        .select_related("commune", "since")
        .order_by("commune__search_text", "commune__insee_code")
    )
    points = list(convention.points_to_check)
    if convention.signed_on and convention.signed_on > convention.end:
        points.append("La convention est signée après sa fin.")
    announced = convention.communes_announced
    # What amendments have added or removed since is not what the text announced.
    listed = sum(coverage.since.number == 0 for coverage in coverages)
    if announced is not None and announced != listed:
        count = f"{announced} commune{'s' if announced > 1 else ''}"
        points.append(f"Le texte annonce {count} et le périmètre en compte {listed}.")
    return [*points, *_on_communes([c for c in coverages if c.until_id is None])]


def _on_communes(coverages: list[Coverage]) -> Iterator[str]:
    """Yield a sentence each about communes outside the intercommunalité, members without the CEJ
    date that others have, and names that the text spells otherwise."""
    outside = [str(coverage.commune) for coverage in coverages if not coverage.is_epci_member]
    if outside:
        verb = "ne sont pas membres" if len(outside) > 1 else "n’est pas membre"
        yield f"{_count(outside)} {verb} de l’intercommunalité : {', '.join(outside)}."
    members = [coverage for coverage in coverages if coverage.is_epci_member]
    without = [str(coverage.commune) for coverage in members if coverage.cej_end is None]
    if without and any(coverage.cej_end for coverage in coverages):
        verb = "membres n’ont" if len(without) > 1 else "membre n’a"
        yield (
            f"{_count(without)} {verb} pas de date de fin du contrat enfance jeunesse : "
            f"{', '.join(without)}."
        )
    spelt = [
        f"« {coverage.commune.name_in_text} » pour {coverage.commune}"
        for coverage in coverages
        if coverage.commune.name_in_text not in ("", without_aside(coverage.commune.name))
    ]
    if spelt:
        names = "le nom d’une commune" if len(spelt) == 1 else f"le nom de {_count(spelt)}"
        yield f"Le texte écrit autrement {names} : {', '.join(spelt)}."


def _count(communes: list[str]) -> str:
    return f"{len(communes)} commune{'s' if len(communes) > 1 else ''}"
