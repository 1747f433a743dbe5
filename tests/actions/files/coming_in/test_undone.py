"""A file of the plan that is undone leaves nothing of what it told, of past years either."""

import datetime

import pytest
from django.utils import timezone

from actions.follow_up.as_of import as_of
from actions.models import Action, FollowUp
from spreadsheets.importing import events
from tests.actions.factories import in_state, noted
from tests.actions.files.coming_in.test_importing import bring, keep
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

YEAR = timezone.localdate().year - 1
END = datetime.date(YEAR, 12, 31)
HEAD = ["Action", "État", "Dans cet état depuis le", "Motif"]


def kept_then_undone(office, head, line, meanwhile=lambda: None) -> None:
    """Bring a file of one line, keep it, and undo it."""
    row = bring(office, office.coordinator, head, [office.action.title, *line])
    keep(row, office.coordinator)
    meanwhile()
    assert events.undo(row, by=office.coordinator) == (1, [])


def test_the_state_of_a_past_year_is_put_back(office):
    in_state(office.action, "in_progress", on=datetime.date(YEAR, 3, 1))

    def is_done():
        assert as_of([office.action], END)[office.action.pk].state == "done"

    kept_then_undone(office, HEAD, ["terminée", f"01/12/{YEAR}", None], is_done)
    then = as_of([Action.objects.get()], END)[office.action.pk]
    assert (then.state, then.since, then.percent) == (
        "in_progress", datetime.date(YEAR, 3, 1), None,
    )  # fmt: skip


def test_what_stood_between_is_put_back_as_well(office):
    """Paused in September, done since; the file knows it blocked in November."""
    in_state(office.action, "in_progress", on=datetime.date(YEAR, 3, 1))
    in_state(office.action, "paused", on=datetime.date(YEAR, 9, 1), reason="Départ.")
    in_state(office.action, "done")
    kept_then_undone(office, HEAD, ["bloquée", f"01/11/{YEAR}", "Le bail."])
    assert Action.objects.get().state == "done"
    assert as_of([Action.objects.get()], END)[office.action.pk].state == "paused"


def test_a_state_that_was_never_told_is_told_no_more(office):
    assert Action.objects.get().state_on is None
    kept_then_undone(office, HEAD, ["en cours", f"01/10/{YEAR}", None])
    action = Action.objects.get()
    assert (action.state, action.state_on) == ("to_come", None)
    assert as_of([action], END)[action.pk].state == "to_come"


def test_a_note_is_again_that_of_who_had_written_it(office):
    agent = MembershipFactory(organisation=office.committee.caf).user
    noted(office.action, YEAR, "Le mot de l’agent.", by=agent)
    noted(office.action, YEAR, "Le mot de l’agent, revu.", by=agent)
    before = FollowUp.objects.get()

    def is_theirs():
        note = FollowUp.objects.get()
        assert (note.text, note.written_by_name) == ("Un autre mot.", str(office.coordinator))

    head = ["Action", f"Bilan {YEAR}"]
    kept_then_undone(office, head, ["Un autre mot."], is_theirs)
    note = FollowUp.objects.get()
    assert (note.text, note.written_by_name) == (before.text, str(agent))
    assert abs(note.written_at - before.written_at) < datetime.timedelta(seconds=5)
    kept_then_undone(office, head, ["effacer"])
    assert FollowUp.objects.get().written_by_name == str(agent)
