"""Which communes are somebody's own: those in whose name they have access."""

import re
from collections.abc import Iterable

from conventions.models import Commune, Convention, Membership, Organisation, OrganisationKind
from ctg_portal.search import fold

BODY = re.compile(
    r"^(commune|ville|mairie|ccas|centre communal d action sociale) "
    r"(de la |du |des |de l |de |d )?"
)


def own_communes(convention: Convention, accesses: list[Membership]) -> list[Commune]:
    """The communes of the convention that the person's organisations are, or whose CCAS they
    are."""
    return communes_named(convention, (access.organisation for access in accesses))


def communes_named(convention: Convention, organisations: Iterable[Organisation]) -> list[Commune]:
    """The communes that these organisations are, or whose CCAS they are: by name, for nothing else
    links them. No query without such an organisation."""
    local = {OrganisationKind.COMMUNE, OrganisationKind.CCAS}
    names = {_name(one.name) for one in organisations if one.kind in local}
    if not names:
        return []
    communes = convention.communes.order_by("name", "pk")
    return [commune for commune in communes if _plain(commune.name) in names]


def _name(organisation: str) -> str:
    return BODY.sub("", _plain(organisation))


def _plain(text: str) -> str:
    """« Saint-Genest d’Ambière » and « SAINT GENEST D'AMBIERE » are one name."""
    return " ".join(re.split(r"[^0-9a-z]+", fold(text))).strip()
