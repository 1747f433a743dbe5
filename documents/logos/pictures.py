"""Pictures of others, decoded with care: damaged ones, and those that unfold, are refused."""

import io
import struct
import warnings
from collections.abc import Sequence

from PIL import Image, UnidentifiedImageError

PNG = b"\x89PNG\r\n\x1a\n"
MAX_SIZE = 1024 * 1024  # of a picture that a document carries
MAX_SIDE = 4000
MAX_PIXELS = 30_000_000  # decoded: 120 MB
# The exceptions that Pillow raises for a damaged image.
UNSOUND = (IndexError, OSError, SyntaxError, ValueError, struct.error)

DAMAGED = "cette image est abîmée ; l’enregistrer de nouveau"
TOO_MANY_PIXELS = "cette image a plus de 30 millions de pixels ; la réduire"


class LogoError(ValueError):
    """The file is not an acceptable logo; the message says why, in French."""


def decode_picture(data: bytes, formats: Sequence[str], unknown: str) -> Image.Image:
    """Return a picture of one of these formats (« PNG », « JPEG ») with its pixels. Raises
    LogoError for another file (the message is ``unknown``), or one that is damaged or huge."""
    try:
        with _opened(data, formats) as image:
            if image.width * image.height > MAX_PIXELS:
                raise LogoError(TOO_MANY_PIXELS)
            image.verify()  # the checksums, which decoding passes over
        image = _opened(data, formats)
        image.load()
    except Image.DecompressionBombError:
        raise LogoError(TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        is_known = "PNG" in formats and data.startswith(PNG)
        raise LogoError(DAMAGED if is_known else unknown) from None
    except LogoError:
        raise
    except UNSOUND:
        raise LogoError(DAMAGED) from None
    return image


def check_picture(data: bytes) -> None:
    """Raise LogoError for a picture of a document that is no PNG, JPEG or GIF, is damaged, heavier
    than ``MAX_SIZE``, or higher or wider than ``MAX_SIDE`` pixels."""
    if len(data) > MAX_SIZE:
        raise LogoError("cette image dépasse 1 Mo")
    try:
        width, height = _opened(data, ["PNG", "JPEG", "GIF"]).size
    except (Image.DecompressionBombError, *UNSOUND):
        raise LogoError(DAMAGED) from None
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise LogoError(
            f"cette image mesure {width} × {height} pixels ; {MAX_SIDE} au plus de chaque côté"
        )


def _opened(data: bytes, formats: Sequence[str]) -> Image.Image:
    """Open an image of one of these formats, without its pixels."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(data), formats=list(formats))
