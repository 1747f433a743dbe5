"""Checks of uploads, and the names under which they are stored."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files import File

from documents.dangers import MAX_SIZE, RUNNABLE
from documents.kinds import KINDS, SHOWN, FileKind, NotOfItsKind
from documents.scanner import scan

MAX_NAME = 200
MAX_SUFFIX = 20
HELP = (
    "PDF, image PNG ou JPEG, courriel (.eml, .msg), texte (.odt, .docx), tableur (.ods, .xlsx),"
    " présentation (.odp, .pptx)\u202f; 10\u00a0Mo au plus."
)
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
UNSAFE = re.compile(r'[<>:"|?*]')


def clean_name(name: str) -> str:
    """Return the name of an upload without folders, invisible or unsafe characters.

    It has at most MAX_NAME characters, keeps its extension, and is never empty.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/")
    name = "".join(char for char in name if unicodedata.category(char) not in UNSEEN)
    name = UNSAFE.sub("_", name.rpartition("/")[2])
    name = " ".join(name.split()).strip(". ")
    suffix = PurePosixPath(name).suffix[:MAX_SUFFIX]
    stem = name[: len(name) - len(PurePosixPath(name).suffix)]
    return (stem[: MAX_NAME - len(suffix)].rstrip(". ") or "document") + suffix


@dataclass(frozen=True)
class Accepted:
    """The kinds of files accepted somewhere, by extension, and the French ``label`` of them all."""

    kinds: Mapping[str, FileKind]
    label: str


DOCUMENTS = Accepted(KINDS, HELP)
PDFS = Accepted({".pdf": KINDS[".pdf"]}, "un PDF\u202f; 10\u00a0Mo au plus.")
PICTURES = Accepted(SHOWN, "image PNG ou JPEG\u202f; 10\u00a0Mo au plus.")


@dataclass(frozen=True)
class Received:
    """An accepted upload: its kind, and the ``replacement`` to be stored instead, if any."""

    kind: FileKind
    replacement: File | None


def check_upload(upload: File, accepted: Accepted = DOCUMENTS) -> Received:
    """Check an upload by its name and content; return its kind, and what is stored instead of it.
    ``accepted``: any document (``DOCUMENTS``), or a picture to be shown (``PICTURES``).

    Leaves the file at its start. Raises ValidationError, with a French sentence, for anything
    that is not accepted: its code is ``empty``, ``too_large``, ``extension``, ``name`` or
    ``content``, one for what it hides (``program``, ``inside``, ``outside``, ``huge``,
    ``located``, ``locked``), or one of ``documents.scanner.scan``, which is called last. The result
    is stored on ``upload``: a file that a form has checked is not checked again when it is stored,
    in a transaction that others wait for.
    """
    if received := getattr(upload, "received", None):
        return received
    if not upload.size:
        raise ValidationError("Ce fichier est vide.", code="empty")
    if upload.size > MAX_SIZE:
        raise ValidationError("Ce fichier dépasse 10\u00a0Mo.", code="too_large")
    extension = _extension_of(clean_name(upload.name or ""), accepted)
    kind = accepted.kinds[extension]
    try:
        replacement = kind.check(upload)
    except NotOfItsKind:
        raise ValidationError(
            f"Ce fichier se nomme «\u00a0{extension}\u00a0» mais n’est pas {kind.label}, ou il est"
            " abîmé\u00a0: ouvrez-le, enregistrez-le de nouveau, puis envoyez-le.",
            code="content",
        ) from None
    scan(upload)
    if replacement is not None:
        kind = accepted.kinds[_extension_of(clean_name(replacement.name), accepted)]
    upload.received = Received(kind, replacement)
    return upload.received


def _extension_of(name: str, accepted: Accepted) -> str:
    """Return the extension of an accepted kind. Raises ValidationError for another one, or where
    the extension of a program stands before it."""
    *hidden, extension = PurePosixPath(name).suffixes or [""]
    extension = extension.lower()
    if extension not in accepted.kinds:
        unknown = "Le nom de ce fichier n’a pas d’extension."
        if extension:
            unknown = f"Les fichiers «\u00a0{extension}\u00a0» ne sont pas acceptés."
        raise ValidationError(f"{unknown} Sont acceptés\u00a0: {accepted.label}", "extension")
    for suffix in hidden:
        if suffix[1:].strip().lower() in RUNNABLE:
            raise ValidationError(
                f"Le nom de ce fichier cache l’extension d’un programme,"
                f" «\u00a0{suffix.strip()}\u00a0»\u00a0: renommez-le, puis envoyez-le.",
                code="name",
            )
    return extension
