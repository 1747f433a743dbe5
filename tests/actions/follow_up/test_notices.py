"""Whoever leads an action is written to of what awaits them, once, with the figures owed."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from actions.follow_up.notices import call_leads
from actions.models import FollowUp
from indicators.collection import events
from notifications.models import Notice
from notifications.sending import send_due_mail
from tests.actions.factories import action_in_force, action_since_long, in_state, with_milestones
from tests.committee.mail.mailing import after, at, links_in, on_one_line
from tests.factories import MembershipFactory
from tests.indicators.factories import indicator_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def now(committee, agent) -> datetime.datetime:
    """Return a moment within the convention, and forget what was noticed before."""
    Notice.objects.all().delete()
    return timezone.now()


def sent(moment) -> list:
    """Return the messages that leave within some minutes."""
    before = len(mail.outbox)
    for minutes in (0, 6):
        with at(after(moment, minutes=minutes)):
            send_due_mail()
    return mail.outbox[before:]


def called(moment) -> list:
    """Return the messages that leave after the leads were called."""
    with at(moment):
        call_leads()
    return sent(moment)


def late_action(committee, day, **values):
    return action_in_force(committee, starts_on=committee.convention.start, ends_on=day, **values)


def text_of(message) -> str:
    return on_one_line(f"{message.subject}\n{message.body}")


def test_a_late_action_is_told_once_to_who_leads_it_with_its_day_and_page(committee, agent, now):
    yesterday = timezone.localdate(now) - datetime.timedelta(days=1)
    action = late_action(committee, yesterday, title="Ouvrir un lieu")
    Notice.objects.all().delete()
    [message] = called(now)
    assert message.to == [agent.email]
    assert on_one_line(message.subject).startswith("L’action « Ouvrir un lieu » est en retard")
    assert "Elle devait s’achever le" in text_of(message)
    assert f"?fiche={action.pk}&partie=etat#{action.anchor}" in links_in(message)[0]
    assert called(after(now, days=1)) == []


def test_several_late_actions_are_one_item_with_a_line_each(committee, agent, now):
    yesterday = timezone.localdate(now) - datetime.timedelta(days=1)
    for title in ("Ouvrir", "Former"):
        late_action(committee, yesterday, title=title)
    Notice.objects.all().delete()
    [message] = called(now)
    assert on_one_line(message.subject).startswith("Deux actions que vous pilotez sont en retard")
    assert "- Ouvrir, depuis le" in text_of(message)
    assert "- Former, depuis le" in text_of(message)


def test_an_action_that_is_done_meanwhile_is_not_told(committee, agent, now):
    yesterday = timezone.localdate(now) - datetime.timedelta(days=1)
    action = late_action(committee, yesterday)
    Notice.objects.all().delete()
    with at(now):
        call_leads()
    in_state(action, "done", by=agent)
    assert sent(now) == []


@pytest.mark.parametrize(("days", "is_told"), [(13, True), (15, False)])
def test_a_milestone_is_announced_two_weeks_before(committee, agent, now, days, is_told):
    action = in_state(action_in_force(committee), "in_progress", by=agent)
    due = timezone.localdate(now) + datetime.timedelta(days=days)
    with_milestones(action, ("Choisir le local", due, None), by=agent)
    Notice.objects.all().delete()
    messages = called(now)
    assert bool(messages) == is_told
    if is_told:
        [message] = messages
        assert "Le jalon « Choisir le local » est attendu le" in on_one_line(message.subject)


def test_notes_to_write_are_told_with_the_figures_when_their_year_opens(committee, agent, now):
    action = action_since_long(committee, title="Ouvrir un lieu")
    in_state(action, "in_progress", by=agent)
    indicator_in_force(committee, title="Places")
    year = committee.convention.start.year
    due = timezone.localdate(now) + datetime.timedelta(days=60)
    Notice.objects.all().delete()
    with at(now):
        campaign = events.prepare_campaign(
            committee.convention, year, due_on=due, message="", by=committee.coordinator
        )
        events.open_campaign(campaign, by=committee.coordinator)
    [message] = [message for message in sent(now) if message.to == [agent.email]]
    text = text_of(message)
    assert f"Le recueil {year} est ouvert" in text
    assert f"Le bilan {year} de « Ouvrir un lieu » est à écrire" in text
    assert f"?fiche={action.pk}&partie=bilan-{year}#{action.anchor}" in "".join(links_in(message))


def test_a_note_that_is_written_meanwhile_is_not_told(committee, agent, now):
    action = in_state(action_since_long(committee), "in_progress", by=agent)
    indicator_in_force(committee)
    year = committee.convention.start.year
    due = timezone.localdate(now) + datetime.timedelta(days=60)
    Notice.objects.all().delete()
    with at(now):
        campaign = events.prepare_campaign(
            committee.convention, year, due_on=due, message="", by=committee.coordinator
        )
        events.open_campaign(campaign, by=committee.coordinator)
    FollowUp.objects.create(action=action, year=year, text="Fait.")
    assert all("bilan" not in text_of(message) for message in sent(now))


def test_a_lead_who_is_named_is_written_to_in_place_of_the_organisation(committee, agent, now):
    named = MembershipFactory(organisation=committee.caf).user
    yesterday = timezone.localdate(now) - datetime.timedelta(days=1)
    lead = {"organisation": committee.caf, "name": "Anne", "capacity": "", "user": named}
    late_action(committee, yesterday, leads=[lead])
    Notice.objects.all().delete()
    [message] = called(now)
    assert message.to == [named.email]
