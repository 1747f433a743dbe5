"""The demonstration: each room plays its own steps, in the order of the house."""

from django.conf import settings

from ctg_portal.house import DemoStep, house
from ctg_portal.marks.events import event


@event()
def play(step: DemoStep) -> list[str]:
    """Play a step, whole or not at all: one that is interrupted begins anew when the demonstration
    is played again. Returns the lines to print."""
    return step.play()


def run_steps() -> list[str]:
    """Play all steps; returns the lines to print."""
    return [line for step in house().demo for line in play(step)]


def password() -> str:
    """The password of all demonstration accounts."""
    return settings.DEMO_PASSWORD
