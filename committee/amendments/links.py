"""Where a change of the signed text is proposed, for the settings of a convention."""

from collections.abc import Iterator

from django.urls import reverse

from conventions.models import Convention
from ctg_portal.house import SettingRow


def amending_row(convention: Convention) -> Iterator[SettingRow]:
    """Yield the page of what a later amendment should change."""
    url = reverse("committee:amendments", args=[convention.slug])
    yield SettingRow("dans la liste de ce qui demande un avenant", "", url, is_of_text=True)
