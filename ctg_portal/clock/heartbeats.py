"""Heartbeats of worker and clock, written every few seconds for all processes to read."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

# A batch of mail may keep the worker busy for a minute.
LATE = timedelta(minutes=2)
REMEMBERED_FOR = timedelta(days=1)


def beat(name: str) -> None:
    """Write that the process ``name`` is alive now."""
    cache.set(
        f"heartbeat:{name}", timezone.now().isoformat(), timeout=REMEMBERED_FOR.total_seconds()
    )


def last_beat(name: str) -> datetime | None:
    """Return the moment of the last heartbeat of ``name``; None without one for a day."""
    text = cache.get(f"heartbeat:{name}")
    return datetime.fromisoformat(text) if text else None


def is_late(name: str) -> bool:
    """Return whether ``name`` has had no heartbeat for two minutes."""
    last = last_beat(name)
    return last is None or timezone.now() - last > LATE
