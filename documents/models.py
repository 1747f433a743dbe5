"""Uploaded documents, kept as evidence; beside them, in ``drawing/``, what the worker draws."""

import hashlib
import secrets

from django.conf import settings
from django.core.files import File
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ctg_portal.templatetags.french import number
from documents.drawing.models import Drawing, DrawingTransition
from documents.kinds import WORDS
from documents.uploads import MAX_NAME, MAX_SIZE, check_upload, clean_name

__all__ = ["Drawing", "DrawingTransition", "StoredFile", "store"]

FOLDER = "documents"


def storage_name(stored: "StoredFile", name: str) -> str:
    """Where a file lies: a folder a year, a name that nobody guesses and no program runs."""
    return f"{FOLDER}/{timezone.localdate().year}/{secrets.token_hex(20)}"


def told_size(size: int) -> str:
    """« 225 Ko », « 1,4 Mo », counted as the limit of 10 Mo is."""
    kilobytes = max(round(size / 1024), 1)
    if kilobytes < 1024:
        return f"{kilobytes}\u00a0Ko"
    return f"{number(round(size / 1024**2, 1))}\u00a0Mo"


class StoredFileQuerySet(models.QuerySet):
    """Evidence stays: rows are added, and that is all."""

    def update(self, **values):
        raise TypeError("A stored file never changes")

    def delete(self):
        raise TypeError("A stored file is never deleted")


class StoredFile(models.Model):
    """An uploaded document, never changed nor deleted. Made by ``store`` only."""

    file = models.FileField("fichier", upload_to=storage_name, max_length=120)
    name = models.CharField("nom", max_length=MAX_NAME)
    content_type = models.CharField("type", max_length=100)
    size = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="déposé par"
    )
    uploaded_at = models.DateTimeField("déposé le", default=timezone.now)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "document déposé"
        verbose_name_plural = "documents déposés"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="stored_file_has_a_size",
                condition=Q(size__gte=1, size__lte=MAX_SIZE),
                violation_error_message="Un document déposé pèse de 1\u00a0octet à 10\u00a0Mo.",
            ),
            models.CheckConstraint(
                name="stored_file_has_a_digest",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="L’empreinte d’un document est un SHA-256.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        if not self._state.adding:
            raise TypeError("A stored file never changes")
        super().save(**kwargs)

    def delete(self, **kwargs):
        raise TypeError("A stored file is never deleted")

    @property
    def told(self) -> str:
        """« PDF, 1,2 Mo »: what a list tells beside its name."""
        return f"{WORDS.get(self.content_type, 'document')}, {told_size(self.size)}"


def store(upload: File, *, by) -> StoredFile:
    """Keep ``upload`` (an UploadedFile or any seekable File with a name), deposited by user ``by``.

    Raises ValidationError as ``check_upload`` does. Called in the transaction of what the document
    proves; were that undone, the file would stay on the disk, unnamed.
    """
    kind = check_upload(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return StoredFile.objects.create(
        file=upload,
        name=clean_name(upload.name),
        content_type=kind.content_type,
        size=upload.size,
        sha256=digest.hexdigest(),
        uploaded_by=by,
    )
