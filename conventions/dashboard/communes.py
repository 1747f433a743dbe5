"""Which communes are somebody's own: those in whose name they have access."""

from collections import defaultdict
from collections.abc import Iterable

from conventions.models import Commune, Convention, Membership, Organisation, OrganisationKind
from conventions.territory.naming import key_of, names_within, narrowed


def own_communes(convention: Convention, accesses: list[Membership]) -> list[Commune]:
    """The communes of the convention that the person's organisations are, or whose CCAS they
    are."""
    return communes_named(convention, (access.organisation for access in accesses))


def communes_named(convention: Convention, organisations: Iterable[Organisation]) -> list[Commune]:
    """The communes that these organisations are, or whose CCAS they are: by name, for nothing else
    links them. A name that two communes have is that of none, but with its département beside it.
    No query without such an organisation."""
    local = {OrganisationKind.COMMUNE, OrganisationKind.CCAS}
    bodies = [one.name for one in organisations if one.kind in local]
    if not bodies:
        return []
    bearers: dict[str, list[Commune]] = defaultdict(list)
    for commune in convention.communes.order_by("name", "pk"):
        bearers[key_of(commune.name)].append(commune)
    found = [narrowed(bearers[name], body) for body in bodies for name in names_within(body)]
    own = {commune.pk for communes in found if len(communes) == 1 for commune in communes}
    return [one for communes in bearers.values() for one in communes if one.pk in own]
