"""Checks of mails and their attachments.

They are parsed in a process of its own: a header of a hundred thousand pieces takes minutes.
"""

import subprocess
from pathlib import Path

from django.core.files import File

from documents import dangers
from documents.apart import run_apart

SECONDS = 15
MEMORY = 1024 * 1024 * 1024


def check_mail(file: File) -> None:
    """Raise ValidationError for a mail with a program among its attachments, ValueError for one
    that cannot be parsed within the limits."""
    file.seek(0)
    script = Path(__file__).with_name("look_into_mail.py")
    endings = sorted(dangers.RUNNABLE)
    try:
        output = run_apart(script, file.read(), *endings, seconds=SECONDS, memory=MEMORY)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise ValueError("It cannot be read") from error
    if name := output.decode():
        raise dangers.program_error(
            f"Ce courriel porte en pièce jointe un programme, «\u00a0{name[:80]}\u00a0»",
            "enregistrez le message en PDF, puis envoyez ce PDF.",
        )
