"""Which conventions have something that everybody may read."""

from django.db.models import Exists, OuterRef
from django.urls import reverse

from conventions.models import Convention
from ctg_portal.house import ActionLink, SettingRow
from evaluation.editions.models import Edition
from evaluation.opening.models import PublicPage


def open_conventions() -> list[Convention]:
    """Return the conventions with a published evaluation that all parties agreed to open, by name
    of the territory."""
    published = Edition.objects.published().filter(snapshot__convention=OuterRef("convention"))
    pages = PublicPage.objects.open().filter(Exists(published)).select_related("convention")
    return sorted((page.convention for page in pages), key=lambda convention: convention.territory)


def is_open(convention: Convention) -> bool:
    """Return whether all parties agreed that everybody may read the published evaluations of a
    convention; there may be none yet."""
    return PublicPage.objects.open().filter(convention=convention).exists()


def opening_row(convention: Convention) -> list[SettingRow]:
    """Return whether what is published is open to everybody, for the settings of a convention."""
    value = "tout le monde les lit" if is_open(convention) else "les lit qui a accès au portail"
    url = reverse("evaluation:opening", args=[convention.slug])
    return [SettingRow("Évaluations publiées", value, url)]


def open_to_all() -> list[ActionLink]:
    """Return the link to what is read without an account: to the page of the only convention, or
    to their list; none without one."""
    conventions = open_conventions()
    if not conventions:
        return []
    if len(conventions) == 1:
        [convention] = conventions
        url = reverse("evaluation:public_years", args=[convention.slug])
        return [ActionLink(f"évaluations publiées de la CTG {convention.territory}", url)]
    label = f"évaluations publiées de {len(conventions)} conventions"
    return [ActionLink(label, reverse("evaluation:public_conventions"))]
