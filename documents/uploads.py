"""What people may upload as evidence, and under what name it is kept."""

import re
import unicodedata
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files import File

from documents.kinds import KINDS, DocumentKind
from documents.scanner import scan

MAX_SIZE = 10 * 1024 * 1024
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


def check_upload(upload: File) -> DocumentKind:
    """The kind of document that ``upload`` is, by its name and its content alike.

    Leaves the file at its start. Raises ValidationError, with a French sentence, for anything
    that is not accepted: its code is ``empty``, ``too_large``, ``extension`` or ``content``, or
    one of ``documents.scanner.scan``, which sees only what would be accepted otherwise.
    """
    if not upload.size:
        raise ValidationError("Ce fichier est vide.", code="empty")
    if upload.size > MAX_SIZE:
        raise ValidationError("Ce fichier dépasse 10\u00a0Mo.", code="too_large")
    extension = PurePosixPath(clean_name(upload.name or "")).suffix.lower()
    if extension not in KINDS:
        unknown = "Le nom de ce fichier n’a pas d’extension."
        if extension:
            unknown = f"Les fichiers «\u00a0{extension}\u00a0» ne sont pas acceptés."
        raise ValidationError(f"{unknown} Sont acceptés\u00a0: {HELP}", "extension")
    kind = KINDS[extension]
    if not kind.is_of(upload):
        raise ValidationError(
            f"Ce fichier se nomme «\u00a0{extension}\u00a0» mais n’est pas {kind.label}, ou il est"
            " abîmé\u00a0: ouvrez-le, enregistrez-le de nouveau, puis envoyez-le.",
            code="content",
        )
    scan(upload)
    return kind
