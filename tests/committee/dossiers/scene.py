"""A dossier of several points, and its page."""

from django.urls import reverse

from agreements.models import Version
from committee.dossiers.events import send_dossier
from committee.models import Dossier


def dossier_of(committee, count: int = 12, **values) -> Dossier:
    """``count`` new points, sent together by the coordinator."""
    versions = [committee.proposed(f"Point numéro {n + 1}") for n in range(count)]
    return send_dossier(
        committee.convention, versions, by=committee.coordinator, **{"title": "Comité"} | values
    )


def versions_of(dossier) -> list[Version]:
    return [row.version for row in dossier.points.select_related("version")]


def url_of(dossier) -> str:
    return reverse("committee:dossier", args=[dossier.convention.slug, dossier.pk])


def told(response) -> list[str]:
    """The messages of the page that one was sent to, without no-break spaces."""
    return [str(message).replace("\u00a0", " ") for message in response.context["messages"]]


def seen_text(response) -> str:
    """The page's words, without no-break spaces."""
    html = response.content.decode()
    return html.replace("\u202f", " ").replace("\u00a0", " ")
