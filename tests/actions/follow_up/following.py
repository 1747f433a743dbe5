"""The follow-up of an action, as it is written from its pages."""

import datetime

import pytest
from django.utils import timezone

from actions.models import Action
from tests.actions.factories import action_in_force, funding
from tests.stories import told_once

TODAY = timezone.localdate
PARTS = ["etat", "jalons", "depenses", "liens", f"bilan-{TODAY():%Y}"]


@told_once(name="action")
def followed_action(committee):
    """Return an action in force with two planned lines."""
    year = committee.convention.start.year
    lines = [funding(committee.caf, year, planned="12000"), funding("Région", year, planned="500")]
    return action_in_force(committee, fundings=lines)


@pytest.fixture(name="write_part")
def writing_part(action, send, agent):
    """Return ``write_part(part, …)``: type into a part of the follow-up as who leads, and send
    it."""

    def write_part(part, typed=None, user=None, **others):
        return send(f"{action.pk}/suivi/{part}/", user or agent, typed=(typed or {}) | others)

    return write_part


def now(action) -> Action:
    return Action.objects.get(pk=action.pk)


def day(offset: int = 0) -> str:
    return (TODAY() + datetime.timedelta(days=offset)).isoformat()


def step(number: int, title="Local trouvé", **typed) -> dict:
    row = {"title": title, "due_on": day(30)} | typed
    return {f"milestones-{number}-{name}": value for name, value in row.items()}


def ways_url_of(action, part) -> str:
    return f"{action.get_absolute_url()}suivi/{part}/"
