"""Documents as a person gets them: asked for, drawn by a worker who is at hand, downloaded."""

from documents.drawing.composition import compose
from documents.drawing.models import Drawing

OFFER = "documents/drawing/offer.html"


def is_offer(response) -> bool:
    """Whether an answer offers to prepare the document that stands at its address."""
    return any(template.name == OFFER for template in response.templates)


def ask(client, address: str, sent: dict | None = None):
    """The answer that hands out the document of an address; the refusal, where there is one."""
    response = client.post(address, sent or {})
    if response.status_code != 302 or not response.url.startswith("/documents/"):
        return response
    drawing = Drawing.objects.get(pk=response.url.split("/")[2])
    if drawing.is_unfinished:
        compose(drawing)
    return client.get(drawing.file_url)
