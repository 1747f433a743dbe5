"""What of the action plan awaits a person, on the dashboard and on « Mes conventions »."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.follow_up.tasks import action_tasks
from actions.models import Action
from conventions.access.events import end_membership
from ctg_portal.marks.cache import caching
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from tests import factories as f
from tests.accounts.reading import text_of
from tests.actions.factories import (
    action_since_long,
    draft_action,
    in_state,
    noted,
    proposed_action,
    with_milestones,
)
from tests.agreements.factories import committee_of, yesterday

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    """A convention that began two years ago, so that a note of last year is awaited."""
    start = datetime.date(timezone.localdate().year - 2, 3, 1)
    return committee_of(signed_on=start)


def last_year() -> int:
    return timezone.localdate().year - 1


def tasks(committee, user, *conventions) -> list[tuple[str, str, str]]:
    """(title, address below the plan, button) of what awaits the person."""
    by_convention = action_tasks(user, [committee.convention, *conventions], timezone.localdate())
    root = reverse("actions:plan", args=[committee.convention.slug])
    return [
        (task.title, task.url.removeprefix(root), task.button)
        for task in by_convention.get(committee.convention.pk, [])
    ]


def going_on(committee, *, late=False, note=True, **values) -> Action:
    """An action in force that goes on since it began."""
    action = action_since_long(committee, **values)
    action = in_state(action, "in_progress", on=committee.convention.start)
    if note:
        noted(action, last_year())
    return with_milestones(action, ("Ouverture", yesterday(), None)) if late else action


def led_by_other(committee) -> list[dict]:
    return [{"organisation": committee.epci, "name": "Autre"}]


LATE_ONE = ("Une action que vous pilotez est en retard.", "mes-actions/", "Mettre à jour")


def test_a_lead_whose_actions_are_on_time_and_noted_has_no_task(committee, agent):
    going_on(committee)
    draft_action(committee)
    proposed_action(committee)
    assert tasks(committee, agent) == []


def test_late_actions_await_who_leads_them(committee, agent, reader):
    going_on(committee, late=True)
    going_on(committee, late=True, leads=led_by_other(committee))
    assert tasks(committee, agent) == [LATE_ONE]
    assert tasks(committee, reader) == []
    going_on(committee, late=True)
    expected = "Deux actions que vous pilotez sont en retard."
    assert tasks(committee, agent) == [(expected, "mes-actions/", "Mettre à jour")]
    Action.objects.filter(leads__organisation=committee.caf).update(standing="withdrawn")
    assert tasks(committee, agent) == []


def test_a_lead_by_name_has_the_task_whatever_the_role(committee, reader):
    lead = {"organisation": committee.epci, "name": str(reader), "user": reader}
    going_on(committee, late=True, leads=[lead])
    assert tasks(committee, reader) == [LATE_ONE]
    reader.memberships.update(ended_at=timezone.now())
    assert tasks(committee, reader) == []


def test_the_note_of_last_year_awaits_who_leads(committee, agent):
    first, second = going_on(committee, note=False), going_on(committee, note=False)
    going_on(committee, note=False, leads=led_by_other(committee))
    expected = f"Deux actions attendent leur bilan {last_year()}."
    assert tasks(committee, agent) == [(expected, "mes-actions/", "Écrire")]
    noted(first, last_year())
    expected = f"Une action attend son bilan {last_year()}."
    assert tasks(committee, agent) == [(expected, "mes-actions/", "Écrire")]
    noted(second, last_year())
    assert tasks(committee, agent) == []


def test_the_coordinator_has_a_task_for_late_actions_of_others(committee):
    going_on(committee, late=True)
    assert tasks(committee, committee.coordinator) == [
        ("Une action pilotée par d’autres est en retard.", "?retard=on", "Voir le plan")
    ]
    going_on(committee, late=True)
    going_on(committee, late=True, leads=led_by_other(committee))
    assert tasks(committee, committee.coordinator) == [
        LATE_ONE,
        ("Deux actions pilotées par d’autres sont en retard.", "?retard=on", "Voir le plan"),
    ]


def test_the_coordinator_has_a_task_as_soon_as_a_lead_leaves(committee):
    leaving = f.MembershipFactory(organisation=committee.caf)
    lead = {"organisation": committee.caf, "name": "Nadia", "user": leaving.user}
    action = going_on(committee, leads=[lead])
    changed(committee.convention, *Subject)
    with caching():
        assert tasks(committee, committee.coordinator) == []
    end_membership(leaving, by=leaving.user)
    with caching():
        [(title, address, _)] = tasks(committee, committee.coordinator)
    assert title == "Une action a un pilote qui n’a plus accès au portail."
    assert address == f"?fiche={action.pk}"


def test_the_coordinator_has_a_task_for_leads_who_have_left(committee, client):
    leaving = f.MembershipFactory(organisation=committee.caf)
    lead = {"organisation": committee.caf, "name": "Nadia", "user": leaving.user}
    first, second, over = (going_on(committee, leads=[lead]) for _ in range(3))
    proposed_action(committee, leads=[lead])
    in_state(over, "done", on=yesterday())
    assert tasks(committee, committee.coordinator) == []
    leaving.ended_at = timezone.now()
    leaving.save()
    # An access to another convention is none to this one.
    f.MembershipFactory(user=leaving.user)
    expected = "Deux actions ont un pilote qui n’a plus accès au portail."
    address = f"?fiche={first.pk}&fiche={second.pk}"
    assert tasks(committee, committee.coordinator) == [(expected, address, "Désigner")]
    client.force_login(committee.coordinator)
    plan = reverse("actions:plan", args=[committee.convention.slug])
    listed = client.get(plan + address).content.decode()
    assert [one.get_absolute_url() in listed for one in (first, second, over)] == [
        True, True, False
    ]  # fmt: skip
    Action.objects.filter(pk=second.pk).update(standing="withdrawn")
    expected = "Une action a un pilote qui n’a plus accès au portail."
    assert tasks(committee, committee.coordinator) == [(expected, f"?fiche={first.pk}", "Désigner")]


def test_tasks_are_shown_on_the_dashboard(committee, agent, client):
    going_on(committee, late=True)
    client.force_login(agent)
    html = client.get(committee.convention.get_absolute_url()).content.decode()
    assert "Une action que vous pilotez est en retard Mettre à jour" in text_of(html)
    mine = reverse("actions:mine", args=[committee.convention.slug])
    assert f'<a class="btn btn-primary" href="{mine}">Mettre à jour</a>' in html


def test_tasks_of_many_conventions_ask_the_queries_of_one(committee, agent):
    def count(conventions) -> int:
        with CaptureQueriesContext(connection) as queries:
            action_tasks(agent, conventions, timezone.localdate())
        return len(queries)

    def fill(place):
        gone = f.MembershipFactory(organisation=place.caf, ended=True).user
        lead = {"organisation": place.caf, "name": "Nadia", "user": gone}
        going_on(place, late=True, note=False, leads=[lead])
        going_on(place, late=True, leads=led_by_other(place))
        f.MembershipFactory(organisation=place.caf, user=agent, coordinator=True)

    fill(committee)
    conventions = [committee.convention]
    alone = count(conventions)
    for _ in range(4):
        other = committee_of(signed_on=committee.convention.start)
        f.MembershipFactory(organisation=other.caf, user=agent)
        fill(other)
        conventions.append(other.convention)
    assert count(conventions) == alone
    by_convention = action_tasks(agent, conventions, timezone.localdate())
    assert [len(by_convention[convention.pk]) for convention in conventions] == [4] * 5
