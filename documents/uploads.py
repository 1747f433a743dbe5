"""What people may upload as evidence, and under what name it is kept."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files import File

from documents.dangers import MAX_SIZE, RUNNABLE
from documents.kinds import KINDS, SHOWN, DocumentKind, NotOfItsKind
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


@dataclass(frozen=True)
class Accepted:
    """What is accepted somewhere: kinds by their extension, and how they are told."""

    kinds: Mapping[str, DocumentKind]
    told: str


DOCUMENTS = Accepted(KINDS, HELP)
PICTURES = Accepted(SHOWN, "image PNG ou JPEG\u202f; 10\u00a0Mo au plus.")


@dataclass(frozen=True)
class Received:
    """An upload that is accepted: its kind, and what is kept in its stead, if anything."""

    kind: DocumentKind
    instead: File | None


def check_upload(upload: File, accepted: Accepted = DOCUMENTS) -> Received:
    """What ``upload`` is by its name and its content alike, and what is kept instead of it; by
    default any document, else a picture to be shown (``PICTURES``).

    Leaves the file at its start. Raises ValidationError, with a French sentence, for anything
    that is not accepted: its code is ``empty``, ``too_large``, ``extension``, ``name`` or
    ``content``, one for what it hides (``program``, ``inside``, ``outside``, ``huge``,
    ``located``, ``locked``), or one of ``documents.scanner.scan``, which sees only what would be
    accepted otherwise. Once is enough: what a form has had checked is not looked at again when it
    is stored, in a transaction that others wait for.
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
        instead = kind.examined(upload)
    except NotOfItsKind:
        raise ValidationError(
            f"Ce fichier se nomme «\u00a0{extension}\u00a0» mais n’est pas {kind.label}, ou il est"
            " abîmé\u00a0: ouvrez-le, enregistrez-le de nouveau, puis envoyez-le.",
            code="content",
        ) from None
    scan(upload)
    if instead is not None:
        kind = accepted.kinds[_extension_of(clean_name(instead.name), accepted)]
    upload.received = Received(kind, instead)
    return upload.received


def _extension_of(name: str, accepted: Accepted) -> str:
    """The extension, of an accepted kind; raises ValidationError for another, or one behind that of
    a program."""
    *hidden, extension = PurePosixPath(name).suffixes or [""]
    extension = extension.lower()
    if extension not in accepted.kinds:
        unknown = "Le nom de ce fichier n’a pas d’extension."
        if extension:
            unknown = f"Les fichiers «\u00a0{extension}\u00a0» ne sont pas acceptés."
        raise ValidationError(f"{unknown} Sont acceptés\u00a0: {accepted.told}", "extension")
    for suffix in hidden:
        if suffix[1:].strip().lower() in RUNNABLE:
            raise ValidationError(
                f"Le nom de ce fichier cache l’extension d’un programme,"
                f" «\u00a0{suffix.strip()}\u00a0»\u00a0: renommez-le, puis envoyez-le.",
                code="name",
            )
    return extension
