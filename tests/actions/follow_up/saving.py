"""Write a part of the follow-up, or be refused; both as the database has it afterwards."""

from actions.follow_up.events import Faulty, follow_up
from actions.models import Action
from tests.actions.factories import refusal_of

ODD = "é" * 9_990 + " 👩‍👧 مرحبا"


def write_part(action, part, values):
    """Write the part, and return it as read again from the database."""
    content = part.plain(values)
    follow_up(action, part, content, by=None)
    there = part.read(Action.objects.get(pk=action.pk))
    # New rows have got their keys.
    assert there == part.with_row_keys(there, content)
    return there


def faults_of(action, part, values) -> dict:
    """Return by field why a content is refused, after checking that nothing is written."""
    before = part.read(action)
    refusal = refusal_of(follow_up, action, part, part.plain(values), by=None)
    assert isinstance(refusal, Faulty)
    assert refusal.reason == refusal.faults[0][1]
    assert part.read(Action.objects.get(pk=action.pk)) == before
    assert not action.journal.exists()
    return dict(refusal.faults)


def state(today, **values):
    return {"state": "in_progress", "state_on": today, "state_reason": ""} | values


def milestone(day, **values):
    return {"title": "Local trouvé", "due_on": day, "done_on": None, "weight": 1} | values


def line(funder, **values):
    name = funder if isinstance(funder, str) else ""
    return {
        "funder": None if name else funder, "funder_name": name, "year": 2025,
        "nature": "operating", "scheme": "", "granted": None, "spent": None,
    } | values  # fmt: skip


def note(text="Fait.", **values):
    return {"text": text, "brakes": "", "levers": "", "prospects": ""} | values
