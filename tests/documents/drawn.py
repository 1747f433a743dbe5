"""Documents as a person gets them: requested, composed at once, downloaded."""

from documents.drawing.composition import compose
from documents.drawing.models import Drawing

OFFER = "documents/drawing/offer.html"


def is_offer(response) -> bool:
    """Return whether a response offers to compose the document of its address."""
    return any(template.name == OFFER for template in response.templates)


def ask(client, address: str, sent: dict | None = None):
    """Request the document of an address, compose it, and return the response with its file; the
    refusal, where there is one."""
    response = client.post(address, sent or {})
    if response.status_code != 302 or not response.url.startswith("/documents/"):
        return response
    drawing = Drawing.objects.get(pk=response.url.split("/")[2])
    if drawing.is_unfinished:
        compose(drawing)
    return client.get(drawing.file_url)
