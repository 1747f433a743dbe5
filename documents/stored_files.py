"""Uploaded documents, stored as evidence. (Documents that the worker draws: ``drawing/``.)"""

import secrets

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.files import File
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ctg_portal.hosting.integrity import digest_of
from ctg_portal.hosting.space import NO_SPACE, is_full
from ctg_portal.house import house, in_turn
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import number
from documents.kinds import WORDS
from documents.uploads import DOCUMENTS, MAX_NAME, MAX_SIZE, Accepted, check_upload, clean_name

FOLDER = "documents"


def storage_name(stored: "StoredFile", name: str) -> str:
    """Return a name to store a file under: a folder for each year, and a name that nobody can guess
    and no program runs."""
    return f"{FOLDER}/{timezone.localdate().year}/{secrets.token_hex(20)}"


def format_size(size: int) -> str:
    """Format a number of bytes, « 225 Ko », « 1,4 Mo », in units of 1,024 as the limit of 10 Mo
    is."""
    kilobytes = max(round(size / 1024), 1)
    if kilobytes < 1024:
        return f"{kilobytes}\u00a0Ko"
    return f"{number(round(size / 1024**2, 1))}\u00a0Mo"


class StoredFileQuerySet(models.QuerySet):
    """A queryset of stored files, which refuses to change or delete them."""

    def of(self, convention):
        """Return the files uploaded in a convention, in whatever room."""
        condition = Q()
        for keys in in_turn(house().uploads, convention):
            condition |= Q(pk__in=keys)
        return self.filter(condition)

    def weight(self) -> int:
        """Return their size on the disk, in bytes, without erased files."""
        stored = self.filter(erased_at__isnull=True)
        return stored.aggregate(total=models.Sum("size"))["total"] or 0

    def update(self, **values):
        raise TypeError("A stored file never changes")

    def delete(self):
        raise TypeError("A stored file is never deleted")


class StoredFile(models.Model):
    """An uploaded document, never changed nor deleted. Created by ``store`` only.

    Its file may be erased on request (``documents.events.erase``); the row stays, with the reason.
    """

    file = models.FileField("fichier", upload_to=storage_name, max_length=120, blank=True)
    name = models.CharField("nom", max_length=MAX_NAME)
    content_type = models.CharField("type", max_length=100)
    size = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="déposé par"
    )
    uploaded_at = models.DateTimeField("déposé le", default=timezone.now)
    erased_at = models.DateTimeField("effacé le", null=True, blank=True)
    erased_for = models.CharField("à la demande de", max_length=300, blank=True)
    erasure_reason = models.TextField("motif de l’effacement", blank=True)

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
            models.CheckConstraint(
                name="stored_file_is_there_or_erased",
                condition=Q(erased_at__isnull=True) & ~Q(file="") & Q(erased_for="")
                | Q(erased_at__isnull=False, file="") & ~Q(erased_for="") & ~Q(erasure_reason=""),
                violation_error_message="Un fichier n’est effacé qu’à la demande de quelqu’un, avec"
                " son motif.",
            ),
        ]

    def __str__(self):
        # Without its name, which may reveal a protected figure: pages check the right to see it.
        return f"document {self.sha256[:8]}"

    def save(self, **kwargs):
        """Save a new row. Raises TypeError for one that is in the database."""
        if not self._state.adding:
            raise TypeError("A stored file never changes")
        super().save(**kwargs)

    def delete(self, **kwargs):
        raise TypeError("A stored file is never deleted")

    @property
    def kind_and_size(self) -> str:
        """The kind and size of the file, as lists show them: « PDF, 1,2 Mo »."""
        return f"{WORDS.get(self.content_type, 'document')}, {format_size(self.size)}"


def format_quota() -> str:
    """Format the quota of uploads of a convention: « 2 000 Mo »."""
    return format_size(settings.CONVENTION_UPLOADS_MB * 1024**2)


def may_deposit(size: int, convention) -> Refusal | None:
    """Return why ``size`` bytes may not be added to the uploads of a convention, or None: its quota
    is limited."""
    used = StoredFile.objects.of(convention).weight()
    if used + size <= settings.CONVENTION_UPLOADS_MB * 1024**2:
        return None
    return Refusal(
        f"Les documents de cette convention pèsent déjà {format_size(used)}, sur {format_quota()}"
        " au plus\u00a0: celui-ci n’est pas enregistré. Prévenez la coordination."
    )


def store(
    upload: File, *, by: AbstractUser, within=None, accepted: Accepted = DOCUMENTS
) -> StoredFile:
    """Store ``upload``, an UploadedFile or any seekable File with a name, of an ``accepted`` kind.
    It counts for the quota of the convention ``within``.

    Raises ValidationError as ``check_upload`` does, and Refused when the disk or the quota is full.
    Called in the transaction of what the document proves: the file is deleted if that is undone.
    """
    received = check_upload(upload, accepted)
    content = received.replacement or upload
    if within:
        enforce(may_deposit(content.size, within))
    try:
        return StoredFile.objects.create(
            file=content, name=clean_name(content.name or "document"),
            content_type=received.kind.content_type, size=content.size, sha256=digest_of(content),
            uploaded_by=by,
        )  # fmt: skip
    except OSError as error:
        if is_full(error):
            raise Refused(NO_SPACE) from error
        raise
