"""A dossier of several points, and its page."""

from django.urls import reverse

from agreements.models import Version
from committee.dossiers.events import send_dossier
from committee.models import Dossier


def dossier_of(committee, count: int = 12, **values) -> Dossier:
    """Send ``count`` new points together by the coordinator; return the dossier."""
    versions = [committee.proposed(f"Point numéro {n + 1}") for n in range(count)]
    return send_dossier(
        committee.convention, versions, by=committee.coordinator, **{"title": "Comité"} | values
    )


def versions_of(dossier) -> list[Version]:
    return [row.version for row in dossier.points.select_related("version")]


def url_of(dossier) -> str:
    return reverse("committee:dossier", args=[dossier.convention.slug, dossier.pk])


def messages_of(response) -> list[str]:
    """Return the messages of the page redirected to, without no-break spaces."""
    return [str(message).replace("\u00a0", " ") for message in response.context["messages"]]


def seen_text(response) -> str:
    """Return the page's text without no-break spaces."""
    html = response.content.decode()
    return html.replace("\u202f", " ").replace("\u00a0", " ")
