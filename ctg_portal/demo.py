"""The demonstration: each room plays its own steps, in the order of the house."""

from django.conf import settings

from ctg_portal.house import DemoStep, house
from ctg_portal.marks.events import event


@event()
def play(step: DemoStep) -> list[str]:
    """Play a step in one transaction; return the lines to print."""
    return step.play()


def run_steps() -> list[str]:
    """Play all steps; return the lines to print."""
    return [line for step in house().demo for line in play(step)]


def password() -> str:
    """Return the password of all demonstration accounts."""
    return settings.DEMO_PASSWORD
