"""Scan of uploads by the operator's virus scanner, where there is one."""

import hashlib
import logging
import os
import signal
import subprocess

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File

logger = logging.getLogger(__name__)

CLEAN, INFECTED = 0, 1
MAX_ANSWER = 500
# All that a scanner gets of the environment, which has the secrets of the portal.
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR")


def scan(upload: File) -> None:
    """Scan ``upload`` with the command of DOCUMENT_SCANNER; without one, nothing is scanned.

    Leaves the file at its start. Raises ValidationError, with a French sentence, unless the file is
    clean: its code is ``infected`` or ``unchecked``.
    """
    if not settings.DOCUMENT_SCANNER:
        return
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    status, answer = _ask(content)
    if status == CLEAN:
        return
    # Logged by its digest: names may reveal people.
    digest = hashlib.sha256(content).hexdigest()
    if status == INFECTED:
        logger.warning("An infected upload was refused, SHA-256 %s: %s", digest, answer)
        raise ValidationError(
            "Ce fichier a été refusé par l’antivirus\u00a0: ne l’ouvrez plus et prévenez votre"
            " service informatique.",
            code="infected",
        )
    logger.error("An upload was not scanned, status %s, SHA-256 %s: %s", status, digest, answer)
    raise ValidationError(
        "Ce fichier n’a pas pu être vérifié par l’antivirus\u00a0: réessayez plus tard ou prévenez"
        " l’hébergeur.",
        code="unchecked",
    )


def _ask(content: bytes) -> tuple[int | None, str]:
    """Run the scanner with ``content`` on its standard input; return its exit status, or None where
    it has not ended, and its output."""
    try:
        with subprocess.Popen(  # noqa: S603  (the operator's command, and no shell)
            settings.DOCUMENT_SCANNER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            start_new_session=True,
        ) as scanner:
            try:
                answer, _ = scanner.communicate(content, settings.DOCUMENT_SCANNER_TIMEOUT)
            except subprocess.TimeoutExpired:
                os.killpg(scanner.pid, signal.SIGKILL)  # with whatever it had started
                return None, f"no answer within {settings.DOCUMENT_SCANNER_TIMEOUT} seconds"
    except OSError as error:
        return None, str(error)
    return scanner.returncode, answer.decode(errors="replace")[:MAX_ANSWER].strip()
