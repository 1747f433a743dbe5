"""What people may upload as evidence, and under what name it is kept."""

import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files import File

MAX_SIZE = 10 * 1024 * 1024
MAX_NAME = 200
MAX_SUFFIX = 20
HELP = (
    "PDF, image PNG ou JPEG, courriel (.eml, .msg), texte (.odt, .docx), tableur (.ods, .xlsx)"
    "\u202f; 10\u00a0Mo au plus."
)

UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
UNSAFE = re.compile(r'[<>:"|?*]')
ODT = b"application/vnd.oasis.opendocument.text"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
# The names that every Outlook message holds, and no other file of its family (.doc, .xls).
OUTLOOK = "__properties_version1.0".encode("utf-16-le")
HEAD, TAIL = 64 * 1024, 2048


@dataclass(frozen=True)
class Kind:
    """A kind of document: ``holds`` tells whether a file, open for reading, is one."""

    label: str
    content_type: str
    holds: Callable[[File], bool]


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


def _is_open_document(content_type: bytes) -> Callable[[File], bool]:
    """An archive whose first part, stored as it is, tells its type (OpenDocument 1.2, part 3)."""

    def holds(file: File) -> bool:
        head = _head(file)
        return head.startswith(b"PK\3\4") and head[30:].startswith(
            b"mimetype" + content_type + b"PK"
        )

    return holds


def _is_office(part: str) -> Callable[[File], bool]:
    """An archive of Office Open XML with that part; with macros it is another kind (.docm, .xlsm),
    whatever its name says."""

    def holds(file: File) -> bool:
        with zipfile.ZipFile(file) as parts:
            names = set(parts.namelist())
        return {"[Content_Types].xml", part} <= names and not any(
            name.lower().endswith("vbaproject.bin") for name in names
        )

    return holds


JPEG = Kind("une image JPEG", "image/jpeg", _starts(b"\xff\xd8\xff"))
KINDS = {
    ".pdf": Kind("un PDF", "application/pdf", _is_pdf),
    ".png": Kind("une image PNG", "image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".eml": Kind("un courriel", "message/rfc822", _is_mail),
    ".msg": Kind("un courriel d’Outlook", "application/vnd.ms-outlook", _is_outlook),
    ".odt": Kind("un texte OpenDocument", ODT.decode(), _is_open_document(ODT)),
    ".docx": Kind(
        "un document Word sans macros",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _is_office("word/document.xml"),
    ),
    ".ods": Kind("un tableur OpenDocument", ODS.decode(), _is_open_document(ODS)),
    ".xlsx": Kind(
        "un classeur Excel sans macros",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _is_office("xl/workbook.xml"),
    ),
}


def clean_name(name: str) -> str:
    """The name as its person gave it, without folders, unseen or troublesome characters.

    At most MAX_NAME characters, the extension kept; never empty.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/")
    name = "".join(char for char in name if unicodedata.category(char) not in UNSEEN)
    name = UNSAFE.sub("_", name.rpartition("/")[2])
    name = " ".join(name.split()).strip(". ")
    suffix = PurePosixPath(name).suffix[:MAX_SUFFIX]
    stem = name[: len(name) - len(PurePosixPath(name).suffix)]
    return (stem[: MAX_NAME - len(suffix)].rstrip(". ") or "document") + suffix


def check_upload(upload: File) -> Kind:
    """The kind of document that ``upload`` is, by its name and its content alike.

    Leaves the file at its start. Raises ValidationError, with a French sentence, for anything
    that is not accepted: its code is ``empty``, ``too_large``, ``extension`` or ``content``.
    """
    if not upload.size:
        raise ValidationError("Ce fichier est vide.", code="empty")
    if upload.size > MAX_SIZE:
        raise ValidationError("Ce fichier dépasse 10\u00a0Mo.", code="too_large")
    extension = PurePosixPath(clean_name(upload.name or "")).suffix.lower()
    if extension not in KINDS:
        raise ValidationError(f"{_unknown(extension)} Sont acceptés\u00a0: {HELP}", "extension")
    kind = KINDS[extension]
    if not _holds(kind, upload):
        raise ValidationError(
            f"Ce fichier se nomme «\u00a0{extension}\u00a0» mais n’est pas {kind.label}, ou il est"
            " abîmé\u00a0: ouvrez-le, enregistrez-le de nouveau, puis envoyez-le.",
            code="content",
        )
    return kind


def _unknown(extension: str) -> str:
    if not extension:
        return "Le nom de ce fichier n’a pas d’extension."
    return f"Les fichiers «\u00a0{extension}\u00a0» ne sont pas acceptés."


def _holds(kind: Kind, upload: File) -> bool:
    try:
        return kind.holds(upload)
    except (OSError, RuntimeError, ValueError, struct.error, zipfile.BadZipFile):
        return False  # what cannot be read as its kind is not of its kind
    finally:
        upload.seek(0)
