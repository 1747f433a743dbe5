"""Checks of PDF files: those that run, open or contain something are refused, with a way out.

Most are judged by their bytes. One with compressed objects is opened in a process of its own: they
may unpack without end.
"""

import re
import subprocess
from pathlib import Path

from django.core.files import File

from documents import dangers
from documents.apart import run_apart

SECONDS = 15
MEMORY = 1024 * 1024 * 1024
# Whatever may stand for a name that matters: it, packed objects, a lock, letters written as #4A.
DOUBTFUL = re.compile(
    rb"/(JS|JavaScript|Launch|OpenAction|AA|EmbeddedFiles?|EF|RichMedia|XFA|ObjStm|XRef|Encrypt)\b"
    rb"|/[^\s/<>\[\]()]*#[0-9A-Fa-f]{2}"
)
PRINTED = "imprimez-le en PDF, puis envoyez cette copie."


def check_pdf(file: File) -> None:
    """Raise ValidationError for a PDF with a program, another file, an address that it opens by
    itself, or a password; ValueError where it cannot be examined."""
    file.seek(0)
    content = file.read()
    if not DOUBTFUL.search(content):
        return
    script = Path(__file__).with_name("look_into_pdf.py")
    try:
        danger = run_apart(script, content, seconds=SECONDS, memory=MEMORY).decode().strip()
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise ValueError("It cannot be looked into") from error
    if danger == "program":
        raise dangers.program_error(
            "Ce PDF contient un programme (JavaScript, formulaire dynamique ou lancement)", PRINTED
        )
    if danger == "inside":
        raise dangers.inside_error("Ce PDF contient d’autres fichiers", PRINTED)
    if danger == "outside":
        raise dangers.outside_error(
            "Ce PDF ouvre de lui-même une adresse ou un autre fichier", PRINTED
        )
    if danger == "locked":
        raise dangers.locked_error()
