"""Which conventions have something that everybody may read."""

from django.db.models import Exists, OuterRef
from django.urls import reverse

from conventions.models import Convention
from ctg_portal.house import ActionLink
from evaluation.models import Edition, PublicPage


def open_conventions() -> list[Convention]:
    """Those whose published evaluations are open to everybody, where there is one, by territory."""
    published = Edition.objects.published().filter(snapshot__convention=OuterRef("convention"))
    pages = PublicPage.objects.open().filter(Exists(published)).select_related("convention")
    return sorted((page.convention for page in pages), key=lambda one: one.territory)


def is_open(convention: Convention) -> bool:
    """Whether everybody reads what it publishes."""
    return PublicPage.objects.open().filter(convention=convention).exists()


def open_to_all() -> list[ActionLink]:
    """The link to what may be read without an account: to the convention's own page where it is
    the only one."""
    found = open_conventions()
    if not found:
        return []
    if len(found) == 1:
        url = reverse("evaluation:public_years", args=[found[0].slug])
        return [ActionLink(f"évaluations publiées de la CTG {found[0].territory}", url)]
    label = f"évaluations publiées de {len(found)} conventions"
    return [ActionLink(label, reverse("evaluation:public_conventions"))]
