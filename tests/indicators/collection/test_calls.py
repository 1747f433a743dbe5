"""Mails about figures that are due, late, submitted or returned: each is sent once, links to its
page and contains no figure."""

import datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import MailRhythm, User
from indicators.collection import events
from indicators.models import Campaign, CampaignIndicator
from indicators.values import events as values
from indicators.values import giving
from indicators.values.figure import Figure
from notifications.models import Notice
from notifications.reading import new_since_last_visit
from notifications.sending import send_due_mail
from tests import factories as f
from tests.agreements.factories import Committee, committee_of
from tests.committee.mail.mailing import after, at, html_of, links_in, on_one_line, recipients
from tests.indicators.factories import association, indicator_in_force
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

PARIS = ZoneInfo("Europe/Paris")
OPENED = datetime.datetime(2025, 2, 5, 10, tzinfo=PARIS)  # a Wednesday
DUE = datetime.date(2025, 6, 15)
SECRET = 918273


def morning(day: datetime.date, **delay) -> datetime.datetime:
    moment = datetime.datetime.combine(day, datetime.time(7), tzinfo=PARIS)
    return moment + datetime.timedelta(**delay)


def messages_at(moment) -> list:
    """Send what is due at a moment, and six minutes later; return these messages."""
    before = len(mail.outbox)
    for minutes in (0, 6):
        with at(after(moment, minutes=minutes)):
            send_due_mail()
    return mail.outbox[before:]


def messages_to(user, moment) -> list:
    """Send what is due at a moment and return the messages to a person."""
    return [message for message in messages_at(moment) if message.to == [user.email]]


def text_of(message) -> str:
    return on_one_line(f"{message.subject}\n{message.body}")


def opened(committee: Committee, year=2024, due_on=DUE, moment=OPENED) -> Campaign:
    with at(moment):
        campaign = events.prepare_campaign(
            committee.convention, year, due_on=due_on, message="Merci **à tous**",
            by=committee.coordinator,
        )  # fmt: skip
        return events.open_campaign(campaign, by=committee.coordinator)


def entry(campaign: Campaign, title: str) -> CampaignIndicator:
    return campaign.campaign_indicators.get(indicator__title=title)


def give(campaign: Campaign, by, *titles: str, moment=OPENED) -> None:
    with at(moment):
        entries = [entry(campaign, title) for title in titles]
        for row in entries:
            values.save_value(row, Figure(number=SECRET), by=by)
        giving.submit_values(entries, by=by)


@told_once
def asked(committee, agent):
    """Two indicators of the Caf, one of which exists in August only, and one of the EPCI."""
    indicator_in_force(committee, title="Places")
    indicator_in_force(committee, title="Foyers", available_month=8)
    indicator_in_force(committee, title="Ateliers", provider=committee.epci)
    Notice.objects.all().delete()
    return committee


@told_once
def campaign(asked):
    return opened(asked)


# The opening -------------------------------------------------------------------------------------


def test_a_provider_is_notified_that_a_collection_opens(asked, campaign, agent):
    [message] = messages_at(OPENED)
    assert message.to == [agent.email]
    text = text_of(message)
    territory = asked.convention.territory
    assert on_one_line(message.subject) == (
        f"Le recueil 2024 est ouvert : deux données sont attendues (CTG {territory})"
    )
    whose = f"{asked.caf.genitive} entre le 15 juin 2025 et le 30 septembre 2025"
    assert on_one_line(f"Le recueil 2024 est ouvert : deux données sont attendues {whose}") in text
    assert "- Places – pour le 15 juin 2025" in text
    assert "- Foyers – disponible en août, pour le 30 septembre 2025" in text
    assert "Ateliers" not in text
    assert "Merci <strong>à tous</strong>" in html_of(message)
    slug = asked.convention.slug
    assert (
        links_in(message)[0] == f"https://ctg.example/conventions/{slug}/evaluations/2024/saisie/"
    )
    assert messages_at(after(OPENED, days=1)) == []


def test_an_opening_is_news_to_all_but_the_one_who_opened(asked, campaign, agent):
    messages_at(OPENED)
    agent.previous_login = after(OPENED, days=-1)
    agent.save()
    scope = f"convention:{asked.convention.pk}"
    [notice] = new_since_last_visit(agent, scope)
    assert on_one_line(notice.title).startswith(
        "Le recueil 2024 est ouvert : deux données sont att"
    )
    assert notice.link.endswith("/2024/saisie/")
    assert Notice.objects.to(asked.coordinator).get().is_own


def test_a_coordinator_is_notified_for_an_organisation_without_account(committee):
    other = association(committee)
    second = f.MembershipFactory(organisation=committee.epci, coordinator=True).user
    indicator_in_force(committee, title="Bénévoles", provider=other)
    Notice.objects.all().delete()
    opened(committee)
    [message] = messages_at(OPENED)
    assert message.to == [second.email]
    assert "est attendue pour le compte de l’Association d’exemple" in text_of(message)
    assert links_in(message)[0].endswith(f"/2024/saisie/?pour={other.pk}")


def test_one_message_covers_two_collections_and_two_conventions(asked, campaign, agent):
    opened(asked, 2023)
    elsewhere = committee_of(signed_on=datetime.date(2019, 12, 31), end=datetime.date(2033, 12, 31))
    f.MembershipFactory(user=agent, organisation=elsewhere.caf)
    indicator_in_force(elsewhere, title="Lits")
    Notice.objects.exclude(kind__startswith="figures").delete()
    # Opened a little later: what was about to leave waits for it.
    opened(elsewhere, moment=after(OPENED, minutes=4))
    [message] = messages_to(agent, after(OPENED, minutes=4))
    text = text_of(message)
    for words in ("Le recueil 2024", "Le recueil 2023", "Lits", "Places"):
        assert words in text
    for committee in (asked, elsewhere):
        assert f"CTG {committee.convention.territory}" in on_one_line(message.subject)


def test_an_opening_is_sent_on_monday_to_a_weekly_reader(asked, campaign, agent):
    User.objects.filter(pk=agent.pk).update(mail_rhythm=MailRhythm.WEEKLY)
    assert messages_at(OPENED) == []
    assert recipients(messages_at(morning(datetime.date(2025, 2, 10)))) == {agent.email}


def test_a_reopened_collection_is_announced_as_reopened(asked, campaign, agent):
    messages_at(OPENED)
    with at(after(OPENED, days=1)):
        events.close_campaign(campaign, by=asked.coordinator)
        events.reopen_campaign(campaign, due_on=DUE, reason="Tardif", by=asked.coordinator)
    [message] = messages_at(after(OPENED, days=1))
    assert "Le recueil 2024 est rouvert : deux données sont attendues" in text_of(message)


def test_a_collection_cancelled_at_once_notifies_nobody(asked, campaign):
    with at(OPENED):
        events.cancel_campaign(campaign, by=asked.coordinator)
    assert messages_at(OPENED) == []
    assert messages_at(morning(DUE)) == []
    assert not Notice.objects.waiting().filter(not_before__lte=morning(DUE)).exists()


# Reminders ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "words"),
    [(-30, "(dans 30 jours)"), (-7, "(dans 7 jours)"), (0, "(aujourd’hui)"),
     (7, "(en retard de 7 jours)")],
)  # fmt: skip
def test_a_provider_is_reminded_of_missing_figures_around_the_due_day(
    asked, campaign, agent, days, words
):
    messages_at(OPENED)
    Notice.objects.filter(kind="figures_due").exclude(about__endswith=f":{days}").delete()
    day = DUE + datetime.timedelta(days=days)
    assert messages_at(morning(day, hours=-1)) == []
    [message] = messages_to(agent, morning(day))
    text = text_of(message)
    assert words in text
    assert "- Places" in text
    assert "Foyers" not in text  # not expected by that day
    assert messages_at(morning(day, hours=1)) == []


def test_a_provider_is_not_reminded_of_submitted_figures(asked, campaign, agent):
    messages_at(OPENED)
    give(campaign, agent, "Places")
    Notice.objects.filter(kind="verification_awaited").delete()
    for days in (-30, -7, 0, 7):
        assert messages_to(agent, morning(DUE + datetime.timedelta(days=days))) == []
    # What exists in August has a day of its own.
    [message] = messages_to(agent, morning(datetime.date(2025, 8, 31)))
    assert "- Foyers" in text_of(message)
    assert "Places" not in text_of(message)


def test_a_saved_figure_is_reminded_until_it_is_submitted(asked, campaign, agent):
    messages_at(OPENED)
    with at(OPENED):
        values.save_value(entry(campaign, "Places"), Figure(number=SECRET), by=agent)
    [message] = messages_to(agent, morning(DUE - datetime.timedelta(days=7)))
    assert "- Places – saisie, à transmettre" in text_of(message)
    assert str(SECRET) not in text_of(message) + html_of(message)


def test_a_figure_is_not_reminded_before_it_is_available(asked, agent):
    """Its day may have been moved to before the figure exists."""
    campaign = opened(asked)
    messages_at(OPENED)
    CampaignIndicator.objects.filter(indicator__title="Foyers").update(due_on=DUE)
    [message] = messages_to(agent, morning(DUE))
    assert "- Places" in text_of(message)
    assert "Foyers" not in text_of(message)
    assert campaign.is_open


def test_missed_reminders_are_sent_as_one(asked, campaign, agent):
    messages_at(OPENED)
    [message] = messages_to(agent, morning(DUE, days=3))
    assert "(en retard de 3 jours)" in text_of(message)
    assert on_one_line(message.subject).startswith("Une donnée est en retard")


def test_reminders_do_not_wait_for_monday(asked, campaign, agent):
    User.objects.filter(pk=agent.pk).update(mail_rhythm=MailRhythm.WEEKLY)
    messages_at(OPENED)
    day = DUE - datetime.timedelta(days=7)
    assert len(messages_to(agent, morning(day))) == 1


def test_a_reminder_by_the_coordination_is_sent_though_the_year_closes(asked, campaign, agent):
    """The page said that it is sent: closing the year afterwards does not take it back."""
    messages_at(OPENED)
    later = after(OPENED, days=1)
    with at(later):
        events.remind(campaign, [asked.caf], "Il ne manque que vous.", by=asked.coordinator)
        send_due_mail()
        events.close_campaign(campaign, by=asked.coordinator)
    [message] = [message for message in mail.outbox if agent.email in message.to][-1:]
    assert "Il ne manque que vous." in text_of(message)


def test_a_provider_who_has_lost_access_is_not_reminded(asked, campaign, agent):
    messages_at(OPENED)
    agent.memberships.update(ended_at=after(OPENED, days=1))
    assert messages_to(agent, morning(DUE)) == []


def test_sending_nothing_takes_one_query_whatever_the_number_of_collections(asked, campaign):
    def cost() -> int:
        with at(after(OPENED, days=2)), CaptureQueriesContext(connection) as captured:
            assert send_due_mail() == 0
        return len(captured)

    messages_at(OPENED)
    assert cost() == 1
    for year in (2021, 2022, 2023):
        opened(asked, year)
    messages_at(OPENED)
    assert Notice.objects.waiting().exists()
    assert cost() == 1


def test_a_reminder_takes_as_many_queries_for_fifty_indicators_as_for_one(asked, agent):
    def cost(size: int) -> int:
        with transaction.atomic():
            for n in range(size - 1):
                indicator_in_force(asked, title=f"Autre {n}")
            Notice.objects.all().delete()
            opened(asked)
            messages_at(OPENED)
            with at(morning(DUE)), CaptureQueriesContext(connection) as captured:
                send_due_mail()
            with at(morning(DUE, minutes=6)), CaptureQueriesContext(connection) as sending:
                assert send_due_mail() == 2
            transaction.set_rollback(True)
        return len(captured) + len(sending)

    assert cost(1) == cost(50)


# What was given ----------------------------------------------------------------------------------


def test_submitted_figures_are_notified_to_who_may_verify_and_not_to_their_author(
    asked, campaign, agent, colleague
):
    messages_at(OPENED)
    give(campaign, agent, "Places", "Foyers")
    [message] = messages_at(OPENED)
    assert message.to == [colleague.email]
    text = text_of(message)
    assert "Deux données attendent votre vérification" in text
    assert "- Places" in text
    assert str(SECRET) not in text + html_of(message)
    assert links_in(message)[0].endswith("/2024/saisie/verification/")
    assert messages_at(after(OPENED, hours=1)) == []


def test_only_submitted_figures_still_unverified_are_notified(asked, campaign, agent, colleague):
    messages_at(OPENED)
    give(campaign, agent, "Places")
    messages_at(OPENED)
    give(campaign, agent, "Foyers", moment=after(OPENED, hours=1))
    [message] = messages_at(after(OPENED, hours=1))
    assert "Une donnée attend votre vérification" in text_of(message)
    assert "Foyers" in text_of(message)
    assert "Places" not in text_of(message)
    give(campaign, asked.coordinator, "Ateliers", moment=after(OPENED, hours=2))
    other = f.MembershipFactory(organisation=asked.epci).user
    with at(after(OPENED, hours=2)):
        giving.verify_value(entry(campaign, "Ateliers").values.get(), by=other)
    assert messages_at(after(OPENED, hours=2)) == []


def test_figures_submitted_one_by_one_are_notified_together(asked, campaign, agent, colleague):
    messages_at(OPENED)
    give(campaign, agent, "Places")
    give(campaign, agent, "Foyers")
    [message] = messages_at(OPENED)
    text = text_of(message)
    assert "Deux données de 2024 attendent votre vérification" in text
    assert text.count("Une seconde personne") == 1
    assert "- Places" in text
    assert "- Foyers" in text


def test_a_returned_figure_is_notified_to_who_enters_it(asked, campaign, agent, colleague):
    messages_at(OPENED)
    give(campaign, agent, "Places")
    with at(OPENED):
        value = entry(campaign, "Places").values.get()
        giving.return_value(value, reason="Le rapport dit 918273.", by=asked.coordinator)
    messages = messages_at(OPENED)
    assert recipients(messages) == {agent.email, colleague.email}
    text = text_of(messages[0])
    assert "« Places » (2024) vous est retournée" in text
    assert str(SECRET) not in text + html_of(messages[0])
    pk = entry(campaign, "Places").pk
    assert links_in(messages[0])[0].endswith(f"/2024/saisie/#ligne-{pk}")


def test_a_correction_after_closing_is_notified_to_verifier_and_coordinator(
    asked, campaign, agent, colleague
):
    messages_at(OPENED)
    give(campaign, agent, "Places")
    messages_at(OPENED)
    with at(after(OPENED, days=1)):
        events.close_campaign(campaign, by=asked.coordinator)
        values.correct_value(
            entry(campaign, "Places"), Figure(number=SECRET + 1), reason="918274 et non 918273",
            by=agent,
        )  # fmt: skip
    messages = messages_at(after(OPENED, days=1))
    assert recipients(messages) == {colleague.email, asked.coordinator.email}
    for message in messages:
        assert "« Places » (2024) est corrigée après la clôture" in text_of(message)
        assert "91827" not in text_of(message) + html_of(message)


# Days that move ----------------------------------------------------------------------------------


def test_a_moved_due_day_is_notified_and_moves_the_reminders(asked, campaign, agent):
    messages_at(OPENED)
    later = DUE + datetime.timedelta(days=15)
    with at(OPENED):
        events.edit_campaign(campaign, due_on=later, message="", by=asked.coordinator)
    [message] = messages_at(OPENED)
    assert "est désormais le 30 juin 2025" in text_of(message)
    for days in (-30, -7):
        messages_at(morning(later + datetime.timedelta(days=days)))
    assert messages_to(agent, morning(DUE)) == []
    assert recipients(messages_at(morning(later))) == {agent.email, asked.coordinator.email}


def test_a_due_day_moved_for_one_organisation_is_notified_to_it(asked, campaign, agent):
    messages_at(OPENED)
    later = DUE + datetime.timedelta(days=20)
    with at(OPENED):
        events.move_deadline(
            campaign, asked.caf, due_on=later, reason="Un congé", by=asked.coordinator
        )
    [message] = messages_at(OPENED)
    assert message.to == [agent.email]
    assert "est désormais le 5 juillet 2025" in text_of(message)
    assert "Motif : Un congé" in text_of(message)
    assert entry(campaign, "Places").due_on == later
    assert entry(campaign, "Ateliers").due_on == DUE
    assert entry(campaign, "Foyers").due_on == datetime.date(2025, 9, 30)
    assert len(messages_to(agent, morning(later - datetime.timedelta(days=30)))) == 1
    assert messages_to(agent, morning(DUE)) == []
    [message] = messages_to(agent, morning(later))
    assert "(aujourd’hui)" in text_of(message)


def test_a_collection_that_was_open_before_is_given_its_reminders(asked, campaign):
    """What the migration writes is what opening would have written."""

    def written():
        rows = Notice.objects.filter(kind="figures_due")
        return set(rows.values_list("about", "scope", "scope_label", "not_before"))

    before = written()
    Notice.objects.all().delete()
    migration = import_module("indicators.migrations.0004_calls")
    with at(OPENED):
        migration.remind_of_open_collections(apps, None)
    assert written() == before
    assert before
