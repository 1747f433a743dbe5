"""Which communes are somebody's own: those in whose name they have access."""

from collections import Counter
from collections.abc import Iterable

from conventions.models import Commune, Convention, Membership, Organisation, OrganisationKind
from conventions.territory.naming import key_of, names_within


def own_communes(convention: Convention, accesses: list[Membership]) -> list[Commune]:
    """The communes of the convention that the person's organisations are, or whose CCAS they
    are."""
    return communes_named(convention, (access.organisation for access in accesses))


def communes_named(convention: Convention, organisations: Iterable[Organisation]) -> list[Commune]:
    """The communes that these organisations are, or whose CCAS they are: by name, for nothing else
    links them. A name that two communes have is that of none. No query without such an
    organisation."""
    local = {OrganisationKind.COMMUNE, OrganisationKind.CCAS}
    names = {name for one in organisations if one.kind in local for name in names_within(one.name)}
    if not names:
        return []
    communes = [(key_of(one.name), one) for one in convention.communes.order_by("name", "pk")]
    bearers = Counter(name for name, _ in communes)
    return [one for name, one in communes if name in names and bearers[name] == 1]
