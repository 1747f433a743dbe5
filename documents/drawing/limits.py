"""What a process may take of the machine."""

import resource
import signal


def limit(*, seconds: int | None, memory: int | None) -> None:
    """Have this process raise ``TimeoutError`` after so many seconds of processor, ``MemoryError``
    beyond so many bytes; None: no limit."""
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if seconds:
        signal.signal(signal.SIGXCPU, _too_long)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 30))


def _too_long(*told) -> None:
    raise TimeoutError
