"""The demonstration: each chapter registers the step that fills it, run in the house's order."""

from collections.abc import Callable

from django.conf import settings

_steps: list[tuple[int, Callable[[], list[str]]]] = []


def register_step(rank: int, step: Callable[[], list[str]]) -> None:
    """``step()`` is idempotent and returns lines to print."""
    _steps.append((rank, step))


def run_steps() -> list[str]:
    """Run every chapter's step; returns the lines to print."""
    return [line for _, step in sorted(_steps, key=lambda pair: pair[0]) for line in step()]


def password() -> str:
    """The password of all demonstration accounts."""
    return settings.DEMO_PASSWORD
