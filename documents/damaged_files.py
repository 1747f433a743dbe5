"""The daily check of all stored files, and which of them are missing or altered."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from ctg_portal.clock.heartbeats import beat
from ctg_portal.hosting.integrity import Fault, fault_of, models_with_digest, with_stored_file
from ctg_portal.house import house, in_turn, let_follow
from ctg_portal.marks.events import event

logger = logging.getLogger(__name__)

BEAT_EVERY = 15  # seconds


class DamagedFile(models.Model):
    """A stored file that was missing, unreadable or altered when it was last checked, from the
    first such check (``since``) until it is whole again or no row refers to it.

    ``label`` and ``link``: what it is and the page of it, as its room says; may be empty.
    """

    file = models.CharField("fichier", max_length=120, unique=True)
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    fault = models.CharField("défaut", max_length=20, choices=Fault.choices)
    since = models.DateTimeField("depuis le", default=timezone.now)
    label = models.CharField("ce qu’il est", max_length=300, blank=True)
    link = models.CharField("sa page", max_length=300, blank=True)

    class Meta:
        verbose_name = "fichier abîmé"
        verbose_name_plural = "fichiers abîmés"
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="damaged_file_fault_known",
                condition=models.Q(fault__in=Fault.values),
                violation_error_message="Ce défaut est inconnu.",
            ),
        ]

    def __str__(self):
        return f"{self.label or self.file}, {self.get_fault_display()}"


@dataclass(frozen=True)
class Damage:
    """A damaged file that was not known before, and the conventions that it belongs to."""

    file: DamagedFile
    conventions: list


def check_files() -> None:
    """Compare each stored file with the digest of its row; record the day of those that are whole,
    and notify of those that are not, once for each.

    It may take minutes: the clock shows that it is alive meanwhile.
    """
    now, beaten = timezone.now(), time.monotonic()
    damaged: list[tuple[Any, Fault]] = []
    for model in models_with_digest():
        whole = []
        for row in with_stored_file(model).iterator():
            if fault := fault_of(row):
                damaged.append((row, fault))
            else:
                whole.append(row.pk)
            if time.monotonic() - beaten > BEAT_EVERY:
                beat("clock")
                beaten = time.monotonic()
        if any(field.name == "verified_at" for field in model._meta.concrete_fields):
            record_day(model, now, whole)
    record_damage(damaged)


@event()
def record_day(model: type[models.Model], now: datetime, whole: list[int]) -> None:
    """Write on the rows of a model that shows it when their files were found whole; nothing on the
    others."""
    rows = with_stored_file(model)
    rows.exclude(pk__in=whole).update(verified_at=None)
    rows.filter(pk__in=whole).update(verified_at=now)


@event()
def record_damage(damaged: list[tuple[Any, Fault]]) -> None:
    """Record the files that are damaged today, and forget the others; what is new is logged, and
    its rooms notify (``after_damage``). A row that was deleted during the check is no fault."""
    current, new = [], []
    for row, fault in damaged:
        if not with_stored_file(type(row)).filter(pk=row.pk, file=row.file.name).exists():
            continue
        file, is_new = DamagedFile.objects.update_or_create(
            file=row.file.name, defaults={"sha256": row.sha256, "fault": fault}
        )
        current.append(file.pk)
        if is_new:
            logger.error("A stored file is %s: %s, SHA-256 %s", fault, file.file, file.sha256)
            places = in_turn(house().file_places, row)
            if places:
                file.label, file.link = places[0].label[:300], places[0].url
                file.save()
            new.append(Damage(file, [place.convention for place in places]))
    DamagedFile.objects.exclude(pk__in=current).delete()
    if new:
        let_follow(house().after_damage, new)
