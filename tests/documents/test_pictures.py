"""Photographs are kept upright, without where and by whom they were taken."""

import hashlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from documents import pictures
from documents.dangers.pictures import has_location
from documents.models import store
from documents.uploads import check_upload
from tests.documents.files import ODT, archive, docx
from tests.documents.images import HEADER, chunk, header
from tests.factories import UserFactory

GPS, ORIENTATION = 0x8825, 0x0112
XMP = b"<x:xmpmeta>Claire, 46.81 N</x:xmpmeta>"


def photo(orientation: int = 6, size=(40, 20), mode="RGB") -> bytes:
    """A photograph as a telephone takes it: red on its left, told to be turned, with its place."""
    image = Image.new(mode, size)
    if mode == "RGB":
        image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x013B] = "Claire"
    exif.get_ifd(GPS)[2] = (46.0, 48.0, 36.0)
    content = io.BytesIO()
    image.save(content, "JPEG", exif=exif, xmp=XMP, comment="Claire", quality=95)
    whole = content.getvalue()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04Claire"
    return whole[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + whole[2:]


def drawing() -> bytes:
    texts = PngInfo()
    texts.add_text("Author", "Claire")
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    exif = Image.Exif()
    exif[0x013B] = "Claire"
    content = io.BytesIO()
    Image.new("RGBA", (30, 10), (0, 128, 0, 40)).save(content, "PNG", pnginfo=texts, exif=exif)
    return content.getvalue() + b"Claire"


def stored_bytes(name: str, content: bytes) -> bytes:
    stored = store(SimpleUploadedFile(name, content), by=UserFactory())
    data = Path(stored.file.path).read_bytes()
    assert (stored.size, stored.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    return data


@pytest.mark.django_db
class TestWhatIsKept:
    @pytest.mark.parametrize("name", ["photo.jpg", "photo.jpeg"])
    def test_a_stored_photograph_is_upright_and_has_no_metadata(self, name):
        data = stored_bytes(name, photo())
        image = Image.open(io.BytesIO(data))
        assert (image.format, image.size) == ("JPEG", (20, 40))
        assert image.getpixel((10, 5))[0] > 150 > image.getpixel((10, 35))[0]
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "photoshop"} & set(image.info)
        assert b"Claire" not in data

    def test_a_stored_image_has_no_metadata(self):
        data = stored_bytes("scan.png", drawing())
        image = Image.open(io.BytesIO(data))
        assert (image.format, image.size) == ("PNG", (30, 10))
        assert image.getpixel((3, 3)) == (0, 128, 0, 40)
        assert not image.info
        assert b"Claire" not in data

    def test_a_redrawn_picture_stays_within_the_size_limit(self, monkeypatch):
        noise = io.BytesIO()
        Image.effect_noise((300, 300), 90).convert("RGB").save(noise, "JPEG", quality=40)
        monkeypatch.setattr(pictures, "MAX_SIZE", 2 * len(noise.getvalue()))
        assert len(stored_bytes("a.jpg", noise.getvalue())) <= pictures.MAX_SIZE
        monkeypatch.setattr(pictures, "MAX_SIZE", 9)
        with pytest.raises(ValidationError) as caught:
            stored_bytes("a.jpg", noise.getvalue())
        assert caught.value.code == "huge"

    def test_a_photograph_in_cmyk_is_stored_in_rgb(self):
        assert Image.open(io.BytesIO(stored_bytes("a.jpg", photo(1, mode="CMYK")))).mode == "RGB"


class TestRefused:
    def refusal(self, name: str, content: bytes) -> ValidationError:
        with pytest.raises(ValidationError) as caught:
            check_upload(SimpleUploadedFile(name, content))
        return caught.value

    def test_a_huge_image_is_not_decoded(self, monkeypatch):
        row = zlib.compress(b"\0" * 30_001)
        huge = (b"\x89PNG\r\n\x1a\n" + header(**HEADER | {"width": 30_000, "height": 30_000,
                "colour": 0}) + chunk(b"IDAT", row) + chunk(b"IEND"))  # fmt: skip
        monkeypatch.delattr(Image.Image, "load")
        assert self.refusal("a.png", huge).code == "huge"

    def test_a_huge_photograph_is_not_decoded(self, monkeypatch):
        small = photo(1)
        frame = small.index(b"\xff\xc0")
        huge = bytearray(small)
        huge[frame + 5 : frame + 9] = struct.pack(">HH", 30_000, 30_000)
        monkeypatch.delattr(Image.Image, "load")
        assert self.refusal("a.jpg", bytes(huge)).code == "huge"

    def test_a_photograph_without_its_pixels_is_refused(self):
        assert self.refusal("a.jpg", photo()[:200]).code == "content"

    def test_an_image_of_another_format_under_its_name_is_refused(self):
        content = io.BytesIO()
        Image.new("RGB", (9, 9)).save(content, "WEBP")
        assert self.refusal("a.jpg", content.getvalue()).code == "content"


def located(image_format: str) -> bytes:
    exif = Image.Exif()
    exif[0x013B] = "Claire"
    exif.get_ifd(GPS)[2] = (46.0, 48.0, 36.0)
    content = io.BytesIO()
    Image.new("RGB", (8, 8)).save(content, image_format, exif=exif)
    return content.getvalue()


def plain(image_format: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8)).save(content, image_format)
    return content.getvalue()


FORMATS = ["JPEG", "PNG", "WEBP"]
XMP_OF_PLACE = plain("JPEG") + b'<x exif:GPSLatitude="46,48.6N"/>'


class TestWithinADocument:
    """A signed document is not redrawn, but refused."""

    @pytest.mark.parametrize(
        "picture", [*map(located, FORMATS), XMP_OF_PLACE], ids=[*FORMATS, "XMP"]
    )
    @pytest.mark.parametrize("name", ["a.docx", "a.odt"])
    def test_a_document_with_a_located_photograph_is_refused(self, name, picture):
        with pytest.raises(ValidationError) as refused:
            check_upload(SimpleUploadedFile(name, self.document(name, picture)))
        assert refused.value.code == "located"
        assert "où elle a été prise" in refused.value.messages[0]
        assert refused.value.messages[0].endswith("enregistrez-le en PDF, puis envoyez ce PDF.")

    def test_a_picture_is_not_decoded_to_find_its_location(self, monkeypatch):
        """A small picture may unpack to gigabytes."""
        monkeypatch.setattr(Image, "open", None)
        assert has_location(located("PNG"))
        assert not has_location(plain("PNG"))

    @pytest.mark.parametrize(
        "picture",
        [*map(plain, FORMATS), b"\xff\xd8\xff damaged", b"\x89PNG", b"RIFF"],
        ids=[*FORMATS, "damaged", "a beginning", "another"],
    )
    @pytest.mark.parametrize("name", ["a.docx", "a.odt"])
    def test_a_document_with_any_other_picture_is_accepted(self, name, picture):
        check_upload(SimpleUploadedFile(name, self.document(name, picture)))

    @staticmethod
    def document(name: str, picture: bytes) -> bytes:
        if name == "a.odt":
            return archive(mimetype=ODT, content_xml="<x/>", Pictures__a_jpg=picture)
        return docx(word__media__a_jpg=picture)
