"""Work on uploaded content in a process of its own, within limits of time and memory."""

import resource
import subprocess
import sys
from pathlib import Path


def run_apart(script: Path, content: bytes, *arguments: str, seconds: int, memory: int) -> bytes:
    """Run ``script``, which imports nothing of the portal, in a process of its own, with
    ``content`` on its standard input; return what it prints. It may use ``memory`` bytes.

    Raises subprocess.TimeoutExpired after ``seconds``, CalledProcessError where it fails.
    """

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    done = subprocess.run(  # noqa: S603 our own script
        [sys.executable, "-I", script, *arguments],
        input=content, capture_output=True, timeout=seconds, check=True, preexec_fn=limit,
    )  # fmt: skip
    return done.stdout
