"""That worker and clock are alive: each says so every few seconds, for all processes to know."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

# A batch of mail may keep the worker busy for a minute.
LATE = timedelta(minutes=2)
KEPT = timedelta(days=1)


def beat(name: str) -> None:
    """Say that ``name`` is alive now."""
    cache.set(f"heartbeat:{name}", timezone.now().isoformat(), timeout=KEPT.total_seconds())


def last_beat(name: str) -> datetime | None:
    """When it last said so; None for what has not for a day."""
    told = cache.get(f"heartbeat:{name}")
    return datetime.fromisoformat(told) if told else None


def is_late(name: str) -> bool:
    """Whether nothing has been heard of it for two minutes."""
    last = last_beat(name)
    return last is None or timezone.now() - last > LATE
