"""Mails kept as evidence, and what comes with them."""

from email import message_from_bytes, policy
from pathlib import PurePosixPath

from django.core.files import File

from documents import dangers


def check_mail(file: File) -> None:
    """Raise ValidationError for a mail that brings a program, ValueError for one that nobody can
    read to its end."""
    file.seek(0)
    try:
        parts = list(message_from_bytes(file.read(), policy=policy.default).walk())
        names = [part.get_filename() or "" for part in parts]
    except (RecursionError, AttributeError, IndexError, LookupError, TypeError) as error:
        raise ValueError("It cannot be read") from error  # the standard library trips over some
    for name in names:
        if PurePosixPath(name.strip()).suffix.lower().removeprefix(".") in dangers.RUNNABLE:
            raise dangers.program(
                f"Ce courriel porte en pièce jointe un programme, «\u00a0{name[:80]}\u00a0»",
                "enregistrez le message en PDF, puis envoyez ce PDF.",
            )
