"""The communes in whose name somebody has access."""

from collections import defaultdict
from collections.abc import Iterable

from conventions.access.models import Membership
from conventions.legal.convention import Convention
from conventions.parties.models import Organisation, OrganisationKind
from conventions.territory.models import Commune
from conventions.territory.naming import key_of, names_in_body, narrow_to_aside


def own_communes(convention: Convention, accesses: list[Membership]) -> list[Commune]:
    """Return the communes of which the person's organisations are the commune or the CCAS."""
    return communes_named(convention, (access.organisation for access in accesses))


def communes_named(convention: Convention, organisations: Iterable[Organisation]) -> list[Commune]:
    """Return the communes that these communes and CCAS are of, matched by name; a name of several
    communes counts only with its département. No query where there is no such organisation."""
    local = {OrganisationKind.COMMUNE, OrganisationKind.CCAS}
    bodies = [organisation.name for organisation in organisations if organisation.kind in local]
    if not bodies:
        return []
    bearers: dict[str, list[Commune]] = defaultdict(list)
    for commune in convention.communes.order_by("name", "pk"):
        bearers[key_of(commune.name)].append(commune)
    matches = [
        narrow_to_aside(bearers[name], body) for body in bodies for name in names_in_body(body)
    ]
    own = {commune.pk for communes in matches if len(communes) == 1 for commune in communes}
    return [row for communes in bearers.values() for row in communes if row.pk in own]
