"""What the journal kept is read in the fields of today, whichever release wrote it."""

import json

import pytest
from django.utils import timezone

from actions.follow_up.as_of import as_of
from actions.follow_up.parts import PARTS, STATE, NotePart
from actions.models import JournalEntry
from agreements.commitments import canonical
from tests.actions.factories import action_in_force, in_state, noted, with_milestones
from tests.actions.pages import reading  # noqa: F401  (the fixture « get »)
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def action(committee):
    action = action_in_force(committee)
    day = timezone.localdate()
    in_state(action, "in_progress", on=day, progress=40, by=committee.coordinator)
    with_milestones(action, ("Ouvrir", day, None), by=committee.coordinator)
    noted(action, timezone.localdate().year, by=committee.coordinator)
    return action


def names(content) -> set[str]:
    """Of the fields of a content, its children's too."""
    if isinstance(content, list):
        return {name for one in content for name in names(one)}
    if not isinstance(content, dict):
        return set()
    return set(content) | {name for value in content.values() for name in names(value)}


def without(content, name: str):
    if isinstance(content, list):
        return [without(one, name) for one in content]
    if not isinstance(content, dict):
        return content
    return {key: without(value, name) for key, value in content.items() if key != name} | {
        "added_later": 1
    }


def test_an_entry_that_came_short_or_with_more_is_read(committee, action, get):
    entries = list(JournalEntry.objects.filter(action=action))
    for name in {one for entry in entries for one in names(json.loads(entry.after))}:
        for entry in entries:
            for side in ("before", "after"):
                text = getattr(entry, side)
                short = text and canonical.canonical(without(json.loads(text), name))
                JournalEntry.objects.filter(pk=entry.pk).update(**{side: short})
        assert "Le suivi" in get(f"{action.pk}/historique/")
        assert as_of([action], timezone.localdate())[action.pk]


def test_a_field_absent_from_an_entry_has_the_value_of_a_new_action():
    content = STATE.decode("{}")
    assert content.keys() == {field.name for field in STATE.fields}
    assert content["state"] == "to_come"
    assert STATE.decode("") == {}
    for part in (*PARTS.values(), NotePart(2023)):
        assert part.lines(part.decode("{}")) is not None
