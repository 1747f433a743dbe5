"""Erasure of a stored file, on request."""

from functools import partial

from django.contrib.auth.models import AbstractUser
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from ctg_portal.house import house
from ctg_portal.marks.events import event, share_changed
from ctg_portal.marks.models import EVERYTHING
from ctg_portal.rules import Refusal, Refused, enforce
from documents.stored_files import StoredFile

ERASED_ALREADY = Refusal("Ce fichier est déjà effacé.")
UNEXPLAINED = Refusal("Dites qui demande l’effacement, et pourquoi.")


def may_erase(asker: AbstractUser | None, stored: StoredFile) -> Refusal | None:
    """Return why a stored file may not be erased, or None: only the system may (``asker=None``, the
    operator's command), and no file that a room must keep (``reasons_to_keep``)."""
    if asker is not None:
        return Refusal("Un fichier est effacé par l’hébergeur, à qui la coordination le demande.")
    if stored.erased_at:
        return ERASED_ALREADY
    reason = next(filter(None, (ask(stored) for ask in house().reasons_to_keep)), None)
    return Refusal(f"Ce fichier ne s’efface pas : {reason}.") if reason else None


@event()
def erase(stored: StoredFile, *, asked_by: str, reason: str, by: AbstractUser | None) -> StoredFile:
    """Erase the file itself, once the transaction is committed. Its row stays, with name, day, size
    and digest, who asked (``asked_by``) and the ``reason``. Raises Refused."""
    stored = StoredFile.objects.select_for_update(of=("self",)).get(pk=stored.pk)
    enforce(may_erase(by, stored))
    if not asked_by.strip() or not reason.strip():
        raise Refused(UNEXPLAINED)
    # Any page may show that the file was there.
    share_changed(EVERYTHING)
    # The model and its queryset refuse every change.
    models.QuerySet(StoredFile).filter(pk=stored.pk).update(
        file="", erased_at=timezone.now(), erased_for=asked_by.strip(),
        erasure_reason=reason.strip(),
    )  # fmt: skip
    transaction.on_commit(partial(default_storage.delete, stored.file.name))
    return StoredFile.objects.get(pk=stored.pk)
