"""Where an action is and its milestones: what is told comes back, nonsense is refused."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from actions.follow_up import parts
from actions.follow_up.events import follow_up
from actions.models import Action, ActionState
from actions.plan.merging import fingerprint
from tests.actions.factories import (
    action_in_force,
    agreed_again,
    days,
    refusal_of,
    with_milestones,
)
from tests.actions.follow_up.saving import ODD, faults_of, line, milestone, note, state, write_part
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def action(committee):
    return action_in_force(committee)


@pytest.fixture
def today():
    return timezone.localdate()


# State --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expected", ActionState.values)
def test_each_state_written_keeps_its_day(action, today, expected):
    write_part(
        action,
        parts.STATE,
        state(today, state=expected, state_reason=ODD, state_on=today - days(3)),
    )
    assert Action.objects.get(pk=action.pk).state_on == today - days(3)


@pytest.mark.parametrize("progress", [0, 1, 100])
def test_a_stated_progress_written_is_read_back(action, today, progress):
    values = state(today, stated_progress=progress, stated_on=today - days(1))
    write_part(action, parts.STATE, values)
    assert Action.objects.get(pk=action.pk).progress == progress


def test_a_day_without_a_progress_says_nothing(action, today):
    assert write_part(action, parts.STATE, state(today, stated_on=today))["stated_on"] is None
    content = parts.STATE.plain(state(today)) | {"stated_on": today.isoformat()}
    refusal = refusal_of(follow_up, action, parts.STATE, content, by=None)
    assert refusal.faults == [("stated_progress", "Donnez l’avancement estimé ce jour-là.")]


STATES = {
    "none": ({"state": None}, "state"),
    "unknown": ({"state": "late"}, "state"),
    "paused without reason": ({"state": "paused"}, "state_reason"),
    "blocked for a blank reason": ({"state": "blocked", "state_reason": " \n"}, "state_reason"),
    "abandoned without reason": ({"state": "abandoned"}, "state_reason"),
    "since no day": ({"state_on": None}, "state_on"),
    "since tomorrow": ({"state_on": 1}, "state_on"),
    "stated tomorrow": ({"stated_progress": 5, "stated_on": 1}, "stated_on"),
    "stated no day": ({"stated_progress": 5}, "stated_on"),
    "over 100 %": ({"stated_progress": 101, "stated_on": 0}, "stated_progress"),
    "far over 100 %": ({"stated_progress": 10**20, "stated_on": 0}, "stated_progress"),
    "under 0 %": ({"stated_progress": -1, "stated_on": 0}, "stated_progress"),
    "done at 60 %": ({"state": "done", "stated_progress": 60, "stated_on": 0}, "stated_progress"),
    "begun before it began": (
        {"state": "to_come", "stated_progress": 1, "stated_on": 0}, "stated_progress"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("values", "name"), STATES.values(), ids=STATES)
def test_a_senseless_state_has_a_fault_at_its_field(action, today, values, name):
    values = {
        key: today + days(value) if key.endswith("_on") and value is not None else value
        for key, value in values.items()
    }
    assert list(faults_of(action, parts.STATE, state(today, **values))) == [name]


def test_a_done_action_is_done_whatever_was_stated(action, today):
    write_part(action, parts.STATE, state(today, state="done"))
    assert Action.objects.get(pk=action.pk).progress == 100


def test_the_state_is_shown_in_french(action, today):
    content = parts.STATE.plain(state(today, stated_progress=40, stated_on=today))
    texts = {one.label: one.text for one in parts.STATE.lines(content)}
    assert (texts["État"], texts["Avancement estimé"]) == ("en cours", "40\u00a0%")
    changed = parts.STATE.changes(parts.STATE.read(action), content).changed
    assert [change.label for change in changed] == [
        "État", "Depuis le", "Avancement estimé", "Estimé le",
    ]  # fmt: skip


# Milestones ---------------------------------------------------------------------------------------


def test_milestones_come_back_in_the_order_of_their_days(action, today):
    last, first = action.ends_on, action.starts_on
    rows = [
        milestone(last, title="x" * 200, weight=100),
        milestone(first, title="Zoé 👩‍👧", done_on=today),
        milestone(first, title="Local", done_on=first - days(30)),
        milestone(first, title="Local"),
    ]
    content = write_part(action, parts.MILESTONES, {"milestones": rows})
    assert [row["title"][:5] for row in content["milestones"]] == [
        "Local", "Local", "Zoé 👩", "xxxxx",
    ]  # fmt: skip
    write_part(action, parts.MILESTONES, {"milestones": rows[:1]})
    write_part(action, parts.MILESTONES, {"milestones": []})


MILESTONES = {
    "without title": (lambda a, t: {"title": " "}, "un titre et une échéance"),
    "untold": (lambda a, t: {"title": None}, "un titre et une échéance"),
    "without day": (lambda a, t: {"due_on": None}, "un titre et une échéance"),
    "with a long title": (lambda a, t: {"title": "x" * 201}, "Jalon : 200 caractères"),
    "before the start": (lambda a, t: {"due_on": a.starts_on - days(1)}, "avant le début"),
    "after the end": (lambda a, t: {"due_on": a.ends_on + days(1)}, "après la fin"),
    "in another age": (lambda a, t: {"due_on": datetime.date.max}, "vérifiez l’année"),
    "done tomorrow": (lambda a, t: {"done_on": t + days(1)}, "n’est pas encore venu"),
    "without weight": (lambda a, t: {"weight": None}, "un poids va de 1 à 100"),
    "of no weight": (lambda a, t: {"weight": 0}, "un poids va de 1 à 100"),
    "of less than none": (lambda a, t: {"weight": -1}, "un poids va de 1 à 100"),
    "too heavy": (lambda a, t: {"weight": 101}, "un poids va de 1 à 100"),
    "heavier than a database holds": (lambda a, t: {"weight": 2**70}, "un poids va de 1 à 100"),
}


@pytest.mark.parametrize(("values", "words"), MILESTONES.values(), ids=MILESTONES)
def test_a_senseless_milestone_has_a_fault(action, today, values, words):
    wrong = milestone(action.starts_on, **values(action, today))
    rows = [milestone(action.starts_on, title="Juste"), wrong]
    faults = faults_of(action, parts.MILESTONES, {"milestones": rows})
    assert words in faults["milestones"]


def test_an_action_in_continuity_has_no_last_day(committee, today):
    action = action_in_force(committee, ends_on=None, is_continuous=True)
    write_part(action, parts.MILESTONES, {"milestones": [milestone(datetime.date(2100, 12, 31))]})


def test_only_a_stored_milestone_may_lie_outside_the_calendar(committee, action):
    last = action.ends_on
    action = with_milestones(action, ("Bilan", last, None))
    action = agreed_again(committee, action, ends_on=last - days(30))
    action.journal.all().delete()
    stored = milestone(last, title="Bilan final")
    write_part(action, parts.MILESTONES, {"milestones": [stored, milestone(action.ends_on)]})
    action.journal.all().delete()
    rows = [stored, milestone(last - days(1))]
    assert "après la fin" in faults_of(action, parts.MILESTONES, {"milestones": rows})["milestones"]


def test_milestones_are_shown_in_french(action):
    day = datetime.date(2024, 1, 15)
    rows = [milestone(day), milestone(day, done_on=day.replace(month=2, day=1), weight=3)]
    content = parts.MILESTONES.plain({"milestones": rows})
    assert parts.MILESTONES.lines(content)[0].text.replace("\u00a0", " ") == (
        "15 janvier 2024 : Local trouvé\n"
        "15 janvier 2024 : Local trouvé, atteint le 1er février 2024 (poids 3)"
    )


# Names, characters --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "year"),
    [("bilan-2023", 2023), ("bilan-1990", 1990), ("bilan-2100", 2100), ("bilan-1989", None),
     ("bilan-2101", None), ("bilan-20230", None), ("bilan-2023000000000000", None),
     ("bilan-", None), ("bilan", None), ("bilan--2023", None), ("bilan-2023-1", None),
     ("bilan-²", None), ("bilan-9" * 99, None), ("etat-1", None), ("", None),
     ("constructor", None)],
)  # fmt: skip
def test_an_address_names_a_part_by_its_exact_key(key, year):
    part = parts.part_by_key(key)
    assert (part and part.year) == year


def test_every_part_is_found_by_its_own_key():
    for part in (parts.STATE, parts.MILESTONES, parts.SPENDING, parts.LINKED, parts.NotePart(2024)):
        assert parts.part_by_key(part.key).key == part.key
        assert len(part.key) <= 40


def test_a_nul_is_never_kept(action, today):
    write_part(action, parts.STATE, state(today, state_reason="a\0b"))
    write_part(
        action, parts.MILESTONES, {"milestones": [milestone(action.starts_on, title="c\0d")]}
    )
    action.fundings.all().delete()
    write_part(action, parts.SPENDING, {"fundings": [line("e\0f", spent=Decimal(1), scheme="g\0")]})
    write_part(action, parts.NotePart(today.year), note("h\0"))
    assert Action.objects.get(pk=action.pk).state_reason == "ab"


def test_equal_contents_have_equal_fingerprints():
    content = {"b": "é", "a": ["1"]}
    token = fingerprint(content)
    assert token == fingerprint({"a": ["1"], "b": "e\u0301"})
    assert token != fingerprint({"a": ["1"], "b": "e"})
    assert token.count(".") == 1
