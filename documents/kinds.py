"""Kinds of files that people may upload, each recognised by its content."""

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
from documents.logos.pictures import UNSOUND
from documents.pictures import redraw, redraw_to_show

OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OPEN_XML = "application/vnd.openxmlformats-officedocument."
# A name in every Outlook message, and in no other file of its family (.doc, .xls).
OUTLOOK = "__properties_version1.0".encode("utf-16-le")
HEAD, TAIL = 64 * 1024, 2048
# The signature of each entry of a ZIP directory; one of hundreds of thousands fills the memory.
ENTRY, MAX_PARTS = b"PK\1\2", 10_000

# The exceptions that parsers raise for a damaged file.
UNREADABLE = (*UNSOUND, RuntimeError, zipfile.BadZipFile)


class NotOfItsKind(ValueError):  # noqa: N818  (reads as what is wrong)
    """A file is damaged, or not of the kind that its name says."""


@dataclass(frozen=True)
class FileKind:
    """A kind of file. ``matches``: whether a file, open for reading, is one.

    A list shows its ``word`` (« PDF »), a refusal its ``label`` (« un PDF »). ``examine`` raises
    ValidationError for what the file hides, and may return a file to be stored instead.
    """

    word: str
    label: str
    content_type: str
    matches: Callable[[File], bool]
    examine: Callable[[File], File | None] = lambda file: None

    def check(self, file: File) -> File | None:
        """Check a file, which is left at its start; return a file to be stored instead, or None.

        Raises NotOfItsKind, and ValidationError for what the file hides.
        """
        try:
            if not self.matches(file):
                raise NotOfItsKind
            return self.examine(file)
        except UNREADABLE as error:
            raise NotOfItsKind from error
        finally:
            file.seek(0)


def _starts(*signatures: bytes) -> Callable[[File], bool]:
    """Return a function that says whether a file begins with one of these."""
    return lambda file: _head(file).startswith(signatures)


def _head(file: File) -> bytes:
    """Return the first HEAD bytes of a file."""
    file.seek(0)
    return file.read(HEAD)


def _is_pdf(file: File) -> bool:
    """Return whether a file begins and ends as a PDF does."""
    if not _head(file).startswith(b"%PDF-"):
        return False
    file.seek(max(file.size - TAIL, 0))
    return b"%%EOF" in file.read()


def _is_outlook(file: File) -> bool:
    """Return whether a file is an OLE container with a message of Outlook."""
    if not _head(file).startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return False
    file.seek(0)
    return OUTLOOK in file.read()


def _is_mail(file: File) -> bool:
    """Return whether a file is a text that begins with the headers of a mail: a sender, and a day
    or who received it."""
    head = _head(file)
    if b"\0" in head:
        return False
    headers = BytesHeaderParser().parsebytes(head.removeprefix(b"\xef\xbb\xbf"))
    return "from" in headers and any(name in headers for name in ("date", "received", "to"))


def _parts(file: File) -> set[str]:
    """Return the names of an archive's parts, from its directory: nothing is unpacked yet.

    Raises BadZipFile for a file that is no archive from its first byte: a page or a program may
    come before one.
    """
    file.seek(0)
    content = file.read()
    if not content.startswith(b"PK\3\4") or content.count(ENTRY) > MAX_PARTS:
        raise zipfile.BadZipFile
    with zipfile.ZipFile(file) as parts:
        return set(parts.namelist())


def _open_document(word: str, label: str, family: str) -> FileKind:
    """Return a kind of OpenDocument files: archives whose first part, not compressed, is their type
    (OpenDocument 1.2, part 3)."""
    content_type = OPEN_DOCUMENT + family

    def matches(file: File) -> bool:
        first_part = f"mimetype{content_type}PK".encode()
        return _head(file)[30:].startswith(first_part) and "content.xml" in _parts(file)

    return FileKind(word, label, content_type, matches, check_open_document)


def _office(word: str, label: str, family: str, part: str) -> FileKind:
    """Return a kind of Office Open XML files: archives with a main ``part``, which some programs
    number, and without macros (which are of another kind: .docm, .xlsm, .pptm)."""
    main = re.compile(rf"{part}\d*\.xml")

    def matches(file: File) -> bool:
        names = _parts(file)
        return (
            "[Content_Types].xml" in names
            and any(main.fullmatch(name) for name in names)
            and not any(name.lower().endswith("vbaproject.bin") for name in names)
        )

    return FileKind(word, label, OPEN_XML + family, matches, check_office)


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
JPEG = FileKind(
    "image JPEG", "une image JPEG", "image/jpeg", _starts(b"\xff\xd8\xff"),
    partial(redraw, image_format="JPEG"),
)  # fmt: skip
PNG_IMAGE = FileKind(
    "image PNG", "une image PNG", "image/png", _starts(PNG), partial(redraw, image_format="PNG")
)
KINDS = {
    ".pdf": FileKind("PDF", "un PDF", "application/pdf", _is_pdf, check_pdf),
    ".png": PNG_IMAGE,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".eml": FileKind("courriel", "un courriel", "message/rfc822", _is_mail, check_mail),
    ".msg": FileKind(
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
# The kinds of pictures that pages and documents show.
SHOWN_JPEG = replace(JPEG, examine=partial(redraw_to_show, image_format="JPEG"))
SHOWN = {
    ".png": replace(PNG_IMAGE, examine=partial(redraw_to_show, image_format="PNG")),
    ".jpg": SHOWN_JPEG,
    ".jpeg": SHOWN_JPEG,
}
WORDS = {kind.content_type: kind.word for kind in KINDS.values()}
