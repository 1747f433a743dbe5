"""What may be done about a row that the committee has brought in, from where it is read."""

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
    may_draft: bool,
    is_closed: bool = False,
) -> list[ActionLink]:
    """What is discussed of a row, its history, then, folded, what changes it. ``name``: what its
    addresses call it, « objective »; ``versions``: what is in force and what is proposed, the lower
    number first. ``is_closed``: nothing changes it any more."""

    def link(label: str, route: str, pk: int, **kwargs) -> ActionLink:
        url = reverse(f"committee:{route}", args=[convention.slug, pk])
        return ActionLink(label, url, **kwargs)

    found = [
        link(_discussed(version), "point", version.pk)
        for version in versions
        if version.is_proposed and row.is_agreed
    ]
    if versions:
        # What is in force comes first: its number is the lower one.
        found.append(link("Historique et accords", "point", versions[0].pk))
    if may_draft and not is_closed:
        found.append(link("Modifier", f"edit_{name}", row.pk, is_folded=True))
        if row.is_agreed:
            found.append(link("Retirer", f"end_{name}", row.pk, is_folded=True))
    return found


def _discussed(version: Version) -> str:
    if version.ends:
        return "Son retrait est en discussion"
    return f"Une version {version.number} est en discussion"
