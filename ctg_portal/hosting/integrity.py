"""Whether a stored file is what it was when it was stored, by the SHA-256 that its row holds."""

import hashlib
import logging
from typing import Protocol

from django.apps import apps
from django.core.files import File
from django.db import models
from django.db.models.fields.files import FieldFile

from ctg_portal.rules import Damaged

logger = logging.getLogger(__name__)


class Fault(models.TextChoices):
    """What is wrong with a stored file, in the words of a list."""

    MISSING = "missing", "absent"
    ALTERED = "altered", "altéré"
    UNREADABLE = "unreadable", "illisible"


FAULTS = {
    Fault.MISSING: "n’est plus sur le serveur",
    Fault.ALTERED: "n’est plus, octet pour octet, celui qui a été enregistré",
    Fault.UNREADABLE: "ne se lit plus sur le serveur",
}


class Stored(Protocol):
    """A row with a stored file and the SHA-256 of it."""

    file: FieldFile
    sha256: str


def digest_of(content: File) -> str:
    """Return the SHA-256 of a file, in hexadecimal, read piece by piece; leave it at its start."""
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


def models_with_digest() -> list[type[models.Model]]:
    """Return the models of stored files: each row has a ``file`` and its ``sha256``."""
    return [
        model
        for model in apps.get_models()
        if isinstance(_field(model, "file"), models.FileField) and _field(model, "sha256")
    ]


def _field(model: type[models.Model], name: str) -> models.Field | None:
    return next((field for field in model._meta.concrete_fields if field.name == name), None)


def with_stored_file(model: type[models.Model]) -> models.QuerySet:
    """Return the rows of a model that have a file, with a digest."""
    return model._base_manager.exclude(file="").exclude(sha256="")


def noted_digests() -> dict[str, str]:
    """Return the SHA-256 that the rows of all models hold, by the name of the stored file."""
    return {
        name: sha256
        for model in models_with_digest()
        for name, sha256 in with_stored_file(model).values_list("file", "sha256").iterator()
    }


def fault_of(row: Stored) -> Fault | None:
    """Return what is wrong with the stored file of a row; None where it is whole."""
    opened = _opened(row)
    if isinstance(opened, Fault):
        return opened
    opened.close()
    return None


def open_whole(row: Stored, name: str) -> File:
    """Return the stored file of a row, open at its start, once it is compared with its digest.

    ``name`` is what its reader calls it. Raises Damaged, and writes to the log, where it is no
    longer the same.
    """
    opened = _opened(row)
    if not isinstance(opened, Fault):
        return opened
    logger.error("A stored file is %s: %s, SHA-256 %s", opened.value, row.file.name, row.sha256)
    raise Damaged(
        f"Le fichier «\u00a0{name}\u00a0» {FAULTS[opened]}\u00a0: il n’est pas remis. Chaque jour, "
        "le portail vérifie ses fichiers et prévient la coordination et l’hébergeur."
    )


def _opened(row: Stored) -> File | Fault:
    """Return the file of a row, open at its start, or what is wrong with it."""
    try:
        opened = row.file.storage.open(row.file.name or "")
    except FileNotFoundError:
        return Fault.MISSING
    except OSError:
        return Fault.UNREADABLE
    try:
        if digest_of(opened) == row.sha256:
            return opened
        fault = Fault.ALTERED
    except OSError:
        fault = Fault.UNREADABLE
    opened.close()
    return fault
