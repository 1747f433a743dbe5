"""The archive of a convention, which the worker makes."""

import dataclasses
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conventions.access.rights import coordinates
from conventions.archive.notice import notice_of
from conventions.documents import ConventionDocument
from conventions.legal.convention import Convention
from ctg_portal.hosting.space import NO_ROOM
from ctg_portal.house import house, in_turn
from ctg_portal.rules import Refusal, Refused
from documents.archives.parts import ArchiveContent
from documents.archives.writing import ArchiveWriter
from documents.drawing.events import delete_with_file
from documents.drawing.kinds import Asked, Drawn
from documents.drawing.models import Drawing
from documents.stored_files import format_size
from documents.uploads import clean_name

# What the database counts, and one may still carry away.
MOST = 2_000_000_000


class ArchiveDocument(ConventionDocument):
    """All that the coordination of a convention reads, as files.

    What it is made of takes too long to read for a page: the worker reads it, and copies the
    archive that already says the same to the same people.
    """

    name = "conventions.archive"

    def readers(self, convention: Convention, parameters: dict, user: User) -> str | None:
        """Return « coordination » for who coordinates the convention, or None."""
        return "coordination" if coordinates(user, convention) else None

    def ask_of(self, convention: Convention, parameters: dict, user: User, audience: str) -> Asked:
        """Return what is asked: a ZIP named after the convention and today. ``content`` is None:
        the worker reads it."""
        return Asked(
            title=f"Archive de la convention {convention.territory}",
            name=clean_name(f"archive-{convention.slug}-{timezone.localdate():%Y-%m-%d}.zip"),
            audience=audience,
            origin=reverse("conventions:access", args=[convention.slug]),
            content=None,
        )

    def read(self, row) -> tuple[Asked, str]:
        """Return the archive's content and the digest by which an equal archive is copied. Raises
        Refused where it weighs more than ``MOST``."""
        asked, _ = super().read(row)
        content = archive_of(Convention.objects.get(pk=row.scope), row.requested_by)
        if content.weight > MOST:
            raise Refused(
                Refusal(
                    f"Les documents de la convention pèsent {format_size(content.weight)}, plus "
                    f"que les {format_size(MOST)} que contient une archive : demandez-les à "
                    "l’hébergeur."
                )
            )
        whole = dataclasses.replace(asked, content=content.for_digest())
        return dataclasses.replace(asked, content=content), self.digest(whole)

    def write(self, asked: Asked, row) -> None:
        """Raise Refused where the disk has no room for the archive twice: it is written once, then
        copied to where it is stored. There is no text to write."""
        folder = _folder()
        if shutil.disk_usage(folder).free < 2 * asked.content.weight:
            raise Refused(Refusal(NO_ROOM))

    def draw(self, written, asked: Asked, row) -> Drawn:
        """Write the archive to a temporary file without a name, and return it."""
        # Without a name: nothing stays of it if the process is stopped.
        target = tempfile.TemporaryFile(dir=_folder())  # noqa: SIM115  (closed once it is kept)
        try:
            writer = ArchiveWriter(target)
            writer.write(asked.content, lambda writer: notice_of(asked.content, writer))
            target.seek(0)
        except BaseException:
            with suppress(OSError):  # of a full disk, once more
                target.close()
            raise
        return Drawn(File(target))

    def on_stored(self, row: Drawing) -> None:
        """Delete the same person's earlier archives of the convention."""
        others = Drawing.objects.ready().asked(self.name, row.scope, row.parameters)
        for former in others.filter(requested_by=row.requested_by).exclude(pk=row.pk):
            delete_with_file(former)

    def content_type(self, parameters: dict) -> str:
        return "application/zip"


def _folder() -> Path:
    """Return the folder of stored files, made if missing."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def archive_of(convention: Convention, user: User) -> ArchiveContent:
    """Return the parts that all rooms put into the archive, as ``user`` reads them today."""
    today = timezone.localdate()
    return ArchiveContent(
        title=str(convention),
        day=today.isoformat(),
        asked_by=str(user),
        parts=in_turn(house().archive, convention, user, today),
    )
