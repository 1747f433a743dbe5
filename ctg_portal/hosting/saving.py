"""Files that commands write."""

import errno
from contextlib import suppress
from pathlib import Path

from django.core.management.base import CommandError

REASONS = {
    errno.ENOENT: "ce dossier n’existe pas",
    errno.ENOTDIR: "ce dossier n’existe pas",
    errno.EEXIST: "c’est un fichier",
    errno.EACCES: "l’accès à ce dossier est refusé",
    errno.EISDIR: "c’est un dossier",
    errno.ENAMETOOLONG: "son nom est trop long",
    errno.ENOSPC: "le disque est plein",
}


def save(path: Path, content: bytes) -> None:
    """Write a file beside ``path``, then rename it: a former file stays whole if the disk is full.

    Raises CommandError with a French reason if it cannot be written.
    """
    temporary = path.parent / f".{path.name}.tmp"
    try:
        if path.is_dir():  # « . » too, for which the system has other words
            raise IsADirectoryError(errno.EISDIR, str(path))
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):  # it may be nowhere
            temporary.unlink()
        reason = REASONS.get(error.errno, "le disque a refusé l’écriture")
        raise CommandError(f"{path} ne peut pas être écrit : {reason}.") from None
