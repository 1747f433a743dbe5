"""The kinds of documents that people may upload, each told by its content."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.parser import BytesHeaderParser
from functools import partial

from django.core.files import File

from documents.dangers.archives import check_office, check_open_document
from documents.dangers.mail import check_mail
from documents.dangers.pdf import check_pdf
from documents.logos.png import UNSOUND
from documents.pictures import redraw, redraw_to_show

OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OPEN_XML = "application/vnd.openxmlformats-officedocument."
# The names that every Outlook message holds, and no other file of its family (.doc, .xls).
OUTLOOK = "__properties_version1.0".encode("utf-16-le")
HEAD, TAIL = 64 * 1024, 2048
# What opens each entry of an archive's list; a list of hundreds of thousands fills the memory.
ENTRY, MAX_PARTS = b"PK\1\2", 10_000


# What readers raise for what is not sound, by where they stop.
UNREADABLE = (*UNSOUND, RuntimeError, zipfile.BadZipFile)


class NotOfItsKind(ValueError):  # noqa: N818  (reads as what is wrong)
    """A file is damaged, or not what its name says."""


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: ``holds`` tells whether a file, open for reading, is one.

    A list tells its ``word`` (« PDF »), a refusal its ``label`` (« un PDF »). ``examine`` raises
    ValidationError for what the file hides; what it returns, if anything, is kept in its stead.
    """

    word: str
    label: str
    content_type: str
    holds: Callable[[File], bool]
    examine: Callable[[File], File | None] = lambda file: None

    def examined(self, file: File) -> File | None:
        """What is to be kept instead of ``file``, if anything; leaves the file at its start.

        Raises NotOfItsKind, and ValidationError for what its kind may not hold.
        """
        try:
            if not self.holds(file):
                raise NotOfItsKind
            return self.examine(file)
        except UNREADABLE as error:
            raise NotOfItsKind from error
        finally:
            file.seek(0)


def _starts(*signatures: bytes) -> Callable[[File], bool]:
    return lambda file: _head(file).startswith(signatures)


def _head(file: File) -> bytes:
    file.seek(0)
    return file.read(HEAD)


def _is_pdf(file: File) -> bool:
    if not _head(file).startswith(b"%PDF-"):
        return False
    file.seek(max(file.size - TAIL, 0))
    return b"%%EOF" in file.read()


def _is_outlook(file: File) -> bool:
    if not _head(file).startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return False
    file.seek(0)
    return OUTLOOK in file.read()


def _is_mail(file: File) -> bool:
    head = _head(file)
    if b"\0" in head:
        return False
    headers = BytesHeaderParser().parsebytes(head.removeprefix(b"\xef\xbb\xbf"))
    return "from" in headers and any(name in headers for name in ("date", "received", "to"))


def _parts(file: File) -> set[str]:
    """The names of an archive's parts, read from its list: nothing is unpacked yet.

    Raises BadZipFile for what is none from its first byte: a page or a program may come before.
    """
    file.seek(0)
    content = file.read()
    if not content.startswith(b"PK\3\4") or content.count(ENTRY) > MAX_PARTS:
        raise zipfile.BadZipFile
    with zipfile.ZipFile(file) as parts:
        return set(parts.namelist())


def _open_document(word: str, label: str, family: str) -> DocumentKind:
    """An archive whose first part, stored as it is, tells its type (OpenDocument 1.2, part 3)."""
    content_type = OPEN_DOCUMENT + family

    def holds(file: File) -> bool:
        told = f"mimetype{content_type}PK".encode()
        return _head(file)[30:].startswith(told) and "content.xml" in _parts(file)

    return DocumentKind(word, label, content_type, holds, check_open_document)


def _office(word: str, label: str, family: str, part: str) -> DocumentKind:
    """An archive of Office Open XML with that part, which some programs number; with macros it is
    another kind (.docm, .xlsm, .pptm), whatever its name says."""
    main = re.compile(rf"{part}\d*\.xml")

    def holds(file: File) -> bool:
        names = _parts(file)
        return (
            "[Content_Types].xml" in names
            and any(main.fullmatch(name) for name in names)
            and not any(name.lower().endswith("vbaproject.bin") for name in names)
        )

    return DocumentKind(word, label, OPEN_XML + family, holds, check_office)


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
JPEG = DocumentKind(
    "image JPEG",
    "une image JPEG",
    "image/jpeg",
    _starts(b"\xff\xd8\xff"),
    partial(redraw, image_format="JPEG"),
)
PNG_IMAGE = DocumentKind(
    "image PNG", "une image PNG", "image/png", _starts(PNG), partial(redraw, image_format="PNG")
)
KINDS = {
    ".pdf": DocumentKind("PDF", "un PDF", "application/pdf", _is_pdf, check_pdf),
    ".png": PNG_IMAGE,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".eml": DocumentKind("courriel", "un courriel", "message/rfc822", _is_mail, check_mail),
    ".msg": DocumentKind(
        "courriel d’Outlook", "un courriel d’Outlook", "application/vnd.ms-outlook", _is_outlook
    ),
    ".odt": _open_document("texte OpenDocument", "un texte OpenDocument", "text"),
    ".docx": _office(
        "document Word", "un document Word sans macros",
        "wordprocessingml.document", "word/document",
    ),
    ".ods": _open_document("tableur OpenDocument", "un tableur OpenDocument", "spreadsheet"),
    ".xlsx": _office(
        "classeur Excel", "un classeur Excel sans macros",
        "spreadsheetml.sheet", "xl/workbook",
    ),
    ".odp": _open_document(
        "présentation OpenDocument", "une présentation OpenDocument", "presentation"
    ),
    ".pptx": _office(
        "présentation PowerPoint", "une présentation PowerPoint sans macros",
        "presentationml.presentation", "ppt/presentation",
    ),
}  # fmt: skip
# Those that pages and documents show.
SHOWN_JPEG = replace(JPEG, examine=partial(redraw_to_show, image_format="JPEG"))
SHOWN = {
    ".png": replace(PNG_IMAGE, examine=partial(redraw_to_show, image_format="PNG")),
    ".jpg": SHOWN_JPEG,
    ".jpeg": SHOWN_JPEG,
}
WORDS = {kind.content_type: kind.word for kind in KINDS.values()}
