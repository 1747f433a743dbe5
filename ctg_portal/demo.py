"""The demonstration: each room plays its own, in the order of the house."""

from collections.abc import Iterator

from django.conf import settings

from ctg_portal.house import house


def playing() -> Iterator[str]:
    """Play what every room brings: the lines to print, those of a room once it has played."""
    for play in house().demo:
        yield from play()


def run_steps() -> list[str]:
    """The same, played to its end."""
    return list(playing())


def password() -> str:
    """The password of all demonstration accounts."""
    return settings.DEMO_PASSWORD
