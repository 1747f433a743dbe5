"""Work on what somebody brings, done by a process of its own, within limits that end it."""

import resource
import subprocess
import sys
from pathlib import Path


def run_apart(script: Path, content: bytes, *arguments: str, seconds: int, memory: int) -> bytes:
    """What ``script``, which imports nothing of the portal, prints for ``content`` on its standard
    input; it may take ``memory`` bytes.

    Raises subprocess.TimeoutExpired, or CalledProcessError for one that failed.
    """

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    done = subprocess.run(  # noqa: S603 our own script
        [sys.executable, "-I", script, *arguments],
        input=content, capture_output=True, timeout=seconds, check=True, preexec_fn=limit,
    )  # fmt: skip
    return done.stdout
