"""A full disk: how it is recognised, and the messages about it."""

import errno
import shutil
from pathlib import Path

from django.conf import settings

from ctg_portal.rules import Refusal

FULL = {errno.ENOSPC, errno.EDQUOT}
LEAST = 256 * 1024
DISK_FULL = "53100"  # PostgreSQL, appendix A
NO_ROOM = "Le serveur n’a plus de place\u00a0: prévenez l’hébergeur, puis recommencez."
NO_SPACE = Refusal(
    "Le serveur n’a plus de place\u00a0: rien n’a été enregistré, ce que vous avez tapé est gardé."
    " Prévenez l’hébergeur, puis recommencez."
)


def is_full(error: BaseException | None) -> bool:
    """Return whether an error comes from a full disk, of this machine or of the database."""
    while error is not None:
        if getattr(error, "errno", None) in FULL or getattr(error, "pgcode", "") == DISK_FULL:
            return True
        if "database or disk is full" in str(error):  # SQLite
            return True
        # SQLite says this when there is no room for the files beside its own, and of broken ones.
        if "disk I/O error" in str(error):
            return (
                shutil.disk_usage(Path(settings.DATABASES["default"]["NAME"]).parent).free < LEAST
            )
        # A library may raise another error from this one.
        error = error.__cause__ or error.__context__
    return False
