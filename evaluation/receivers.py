"""What the evaluation answers when something happens elsewhere."""

from django.db.models import Model

from committee.models import Version
from conventions.convention_file import register_dependency
from conventions.models import Convention, Objective, Organisation, Theme
from evaluation.models import Indicator

LINKS = {
    Theme: ("theme", "other_themes"),
    Objective: ("objectives",),
    Organisation: ("provider", "enterer"),
}


def named_by_indicator(row: Model) -> str | None:
    """Why a row stays although the file no longer has it: a standing version names it.

    What a row in force points to is found by its foreign keys; what is only proposed, here.
    """
    names = LINKS.get(type(row))
    if names is None:
        return None
    convention = _convention_of(row)
    versions = Version.objects.of_subjects(Indicator.objects.of(convention)).standing()
    for version in versions.order_by("-number").only("text", "number", "title"):
        if any(row.pk in _named(version.content.get(name)) for name in names):
            return f"l’indicateur « {version.title} » le désigne"
    return None


def _named(links: dict | list | None) -> set[int]:
    links = [links] if isinstance(links, dict) else links or []
    return {link["id"] for link in links}


def _convention_of(row) -> Convention:
    if isinstance(row, Organisation):
        return row.convention
    theme = row if isinstance(row, Theme) else row.theme
    return theme.axis.convention


register_dependency(named_by_indicator)
