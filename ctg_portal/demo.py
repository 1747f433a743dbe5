"""The demonstration: each room plays its own, in the order of the house."""

from django.conf import settings

from ctg_portal.house import house, in_turn


def run_steps() -> list[str]:
    """Play what every room brings; returns the lines to print."""
    return in_turn(house().demo)


def password() -> str:
    """The password of all demonstration accounts."""
    return settings.DEMO_PASSWORD
