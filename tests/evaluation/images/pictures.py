"""Pictures that people bring, and what they are put into."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from evaluation.images.events import add_illustration
from evaluation.models import Illustration

GPS = 0x8825
ALTERNATIVE = "Des enfants plantent un arbre"


def picture(kind: str = "JPEG", size=(60, 40), mode: str = "RGB", **options) -> bytes:
    """A picture of red and black, with its place where it may tell one."""
    image = Image.new(mode, size)
    if mode == "RGB":
        image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif.get_ifd(GPS)[2] = (46.0, 48.0, 36.0)
    content = io.BytesIO()
    image.save(content, kind, exif=exif, **options)
    return content.getvalue()


def upload(content: bytes = b"", name: str = "cour.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or picture())


def illustration(committee, *, by=None, content: bytes = b"", **words) -> Illustration:
    """An image of the committee's convention."""
    words = {"alternative": ALTERNATIVE} | words
    by = by or committee.coordinator
    name = "cour.png" if content.startswith(b"\x89PNG") else "cour.jpg"
    return add_illustration(committee.convention, upload(content, name), by=by, **words)
