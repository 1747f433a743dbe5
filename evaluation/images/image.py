"""An image of a text as plain data, and as the text shows it."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from ctg_portal.text.markdown import Picture
from evaluation.images.models import Illustration


@dataclass(frozen=True)
class TextImage:
    """``key``: by which texts refer to it. ``sha256`` is that of its file; ``alternative`` is empty
    where it only decorates."""

    key: int
    sha256: str
    alternative: str
    caption: str
    width: int
    height: int

    def at(self, address: str) -> Picture:
        """Return the image as the text shows it, from this address."""
        return Picture(address, self.alternative, self.caption, self.width, self.height)


def image_of(row: Illustration) -> TextImage:
    return TextImage(row.pk, row.stored.sha256, row.alternative, row.caption, row.width, row.height)


def carried(images: Iterable[TextImage]) -> dict[int, Picture]:
    """Return images by key for a document, with their content as address; without those whose file
    is missing, erased, or has another digest."""
    images = {image.key: image for image in images}
    rows = Illustration.objects.filter(pk__in=images).select_related("stored")
    pictures = {}
    for row in rows:
        image, content = images[row.pk], _content(row)
        if hashlib.sha256(content).hexdigest() == image.sha256:
            encoded = base64.b64encode(content).decode()
            pictures[row.pk] = image.at(f"data:{row.stored.content_type};base64,{encoded}")
    return pictures


def _content(row: Illustration) -> bytes:
    """Return the bytes of the file; none where it was erased or is missing."""
    if row.stored.erased_at:
        return b""
    try:
        with row.stored.file.open("rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""
