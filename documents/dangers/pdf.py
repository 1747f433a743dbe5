"""PDF documents that run, open or bring something: refused, with the way to a copy that does not.

Most are told from their bytes. One whose objects are packed is opened by a process of its own: they
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
    """Raise ValidationError unless a PDF hides nothing, ValueError when nobody can tell."""
    file.seek(0)
    content = file.read()
    if not DOUBTFUL.search(content):
        return
    script = Path(__file__).with_name("look_into_pdf.py")
    try:
        found = run_apart(script, content, seconds=SECONDS, memory=MEMORY).decode().strip()
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise ValueError("It cannot be looked into") from error
    if found == "program":
        raise dangers.program(
            "Ce PDF contient un programme (JavaScript, formulaire dynamique ou lancement)", PRINTED
        )
    if found == "inside":
        raise dangers.inside("Ce PDF contient d’autres fichiers", PRINTED)
    if found == "outside":
        raise dangers.outside("Ce PDF ouvre de lui-même une adresse ou un autre fichier", PRINTED)
    if found == "locked":
        raise dangers.locked()
