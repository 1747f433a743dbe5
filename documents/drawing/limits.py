"""Limits on the resources of a process."""

import resource
import signal


def limit(*, seconds: int | None, memory: int | None) -> None:
    """Limit this process: it raises ``TimeoutError`` after so many seconds of processor time,
    ``MemoryError`` beyond so many bytes. None: no limit."""
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if seconds:
        signal.signal(signal.SIGXCPU, _raise_timeout)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 30))


def _raise_timeout(*signal_and_frame) -> None:
    raise TimeoutError
