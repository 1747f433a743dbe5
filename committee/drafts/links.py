"""Links to what may be done about a row of the committee, from where it is read."""

from django.urls import reverse

from agreements.models import Version
from conventions.models import Convention
from ctg_portal.house import ActionLink


def row_links(
    convention: Convention,
    name: str,
    row,
    versions: list[Version],
    *,
    can_draft: bool,
    is_closed: bool = False,
) -> list[ActionLink]:
    """Return the links of a row: what is discussed, its history, then, folded, what changes it.

    ``name`` is the word for the row in the names of routes (« objective »). ``versions`` are those
    in force and proposed, the lower number first. ``is_closed``: nothing changes the row any more.
    """

    def link(label: str, route: str, pk: int, **kwargs) -> ActionLink:
        url = reverse(f"committee:{route}", args=[convention.slug, pk])
        return ActionLink(label, url, **kwargs)

    links = [
        link(_label_discussed(version), "point", version.pk)
        for version in versions
        if version.is_proposed and row.is_agreed
    ]
    if versions:
        # What is in force comes first: its number is the lower one.
        links.append(link("Historique et accords", "point", versions[0].pk))
    if can_draft and not is_closed:
        links.append(link("Modifier", f"edit_{name}", row.pk, is_folded=True))
        if row.is_agreed:
            links.append(link("Retirer", f"end_{name}", row.pk, is_folded=True))
    return links


def _label_discussed(version: Version) -> str:
    """Return « Une version 2 est en discussion », or that its withdrawal is."""
    if version.ends:
        return "Son retrait est en discussion"
    return f"Une version {version.number} est en discussion"
