"""What people are told of the figures that they owe, and of those that they gave: by mail, once,
with the page behind the link, and no figure in it."""

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


def hear(moment) -> list:
    """What leaves on that day: what is due finds its people, and is sent a little later."""
    before = len(mail.outbox)
    for minutes in (0, 6):
        with at(after(moment, minutes=minutes)):
            send_due_mail()
    return mail.outbox[before:]


def heard_by(user, moment) -> list:
    """What a person hears on that day."""
    return [message for message in hear(moment) if message.to == [user.email]]


def told(message) -> str:
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


def test_who_owes_something_is_told_that_a_collection_opens(asked, campaign, agent):
    [message] = hear(OPENED)
    assert message.to == [agent.email]
    text = told(message)
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
    assert hear(after(OPENED, days=1)) == []


def test_an_opening_is_news_on_the_page_but_not_to_who_opened(asked, campaign, agent):
    hear(OPENED)
    agent.previous_login = after(OPENED, days=-1)
    agent.save()
    scope = f"convention:{asked.convention.pk}"
    [notice] = new_since_last_visit(agent, scope)
    assert on_one_line(notice.title).startswith(
        "Le recueil 2024 est ouvert : deux données sont att"
    )
    assert notice.link.endswith("/2024/saisie/")
    assert Notice.objects.to(asked.coordinator).get().is_own


def test_who_coordinates_hears_what_an_organisation_without_account_owes(committee):
    other = association(committee)
    second = f.MembershipFactory(organisation=committee.epci, coordinator=True).user
    indicator_in_force(committee, title="Bénévoles", provider=other)
    Notice.objects.all().delete()
    opened(committee)
    [message] = hear(OPENED)
    assert message.to == [second.email]
    assert "est attendue pour le compte de l’Association d’exemple" in told(message)
    assert links_in(message)[0].endswith(f"/2024/saisie/?pour={other.pk}")


def test_a_message_tells_of_two_collections_and_two_conventions(asked, campaign, agent):
    opened(asked, 2023)
    elsewhere = committee_of(signed_on=datetime.date(2019, 12, 31), end=datetime.date(2033, 12, 31))
    f.MembershipFactory(user=agent, organisation=elsewhere.caf)
    indicator_in_force(elsewhere, title="Lits")
    Notice.objects.exclude(kind__startswith="figures").delete()
    # Opened a little later: what was about to leave waits for it.
    opened(elsewhere, moment=after(OPENED, minutes=4))
    [message] = heard_by(agent, after(OPENED, minutes=4))
    text = told(message)
    for words in ("Le recueil 2024", "Le recueil 2023", "Lits", "Places"):
        assert words in text
    for committee in (asked, elsewhere):
        assert f"CTG {committee.convention.territory}" in on_one_line(message.subject)


def test_who_chose_mondays_hears_of_an_opening_on_monday(asked, campaign, agent):
    User.objects.filter(pk=agent.pk).update(mail_rhythm=MailRhythm.WEEKLY)
    assert hear(OPENED) == []
    assert recipients(hear(morning(datetime.date(2025, 2, 10)))) == {agent.email}


def test_a_collection_opened_again_says_so(asked, campaign, agent):
    hear(OPENED)
    with at(after(OPENED, days=1)):
        events.close_campaign(campaign, by=asked.coordinator)
        events.reopen_campaign(campaign, due_on=DUE, reason="Tardif", by=asked.coordinator)
    [message] = hear(after(OPENED, days=1))
    assert "Le recueil 2024 est rouvert : deux données sont attendues" in told(message)


def test_nobody_is_told_of_what_was_closed_or_cancelled_at_once(asked, campaign):
    with at(OPENED):
        events.cancel_campaign(campaign, by=asked.coordinator)
    assert hear(OPENED) == []
    assert hear(morning(DUE)) == []
    assert not Notice.objects.waiting().filter(not_before__lte=morning(DUE)).exists()


# Reminders ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "words"),
    [(-30, "(dans 30 jours)"), (-7, "(dans 7 jours)"), (0, "(aujourd’hui)"),
     (7, "(en retard de 7 jours)")],
)  # fmt: skip
def test_who_still_owes_is_reminded_around_the_day(asked, campaign, agent, days, words):
    hear(OPENED)
    Notice.objects.filter(kind="figures_due").exclude(about__endswith=f":{days}").delete()
    day = DUE + datetime.timedelta(days=days)
    assert hear(morning(day, hours=-1)) == []
    [message] = heard_by(agent, morning(day))
    text = told(message)
    assert words in text
    assert "- Places" in text
    assert "Foyers" not in text  # not expected by that day
    assert hear(morning(day, hours=1)) == []


def test_who_has_given_what_was_due_is_not_reminded(asked, campaign, agent):
    hear(OPENED)
    give(campaign, agent, "Places")
    Notice.objects.filter(kind="verification_awaited").delete()
    for days in (-30, -7, 0, 7):
        assert heard_by(agent, morning(DUE + datetime.timedelta(days=days))) == []
    # What exists in August has a day of its own.
    [message] = heard_by(agent, morning(datetime.date(2025, 8, 31)))
    assert "- Foyers" in told(message)
    assert "Places" not in told(message)


def test_what_is_saved_and_not_given_is_still_owed(asked, campaign, agent):
    hear(OPENED)
    with at(OPENED):
        values.save_value(entry(campaign, "Places"), Figure(number=SECRET), by=agent)
    [message] = heard_by(agent, morning(DUE - datetime.timedelta(days=7)))
    assert "- Places – saisie, à transmettre" in told(message)
    assert str(SECRET) not in told(message) + html_of(message)


def test_a_value_is_not_asked_for_before_it_exists(asked, agent):
    """Its day may have been moved to before the figure exists."""
    campaign = opened(asked)
    hear(OPENED)
    CampaignIndicator.objects.filter(indicator__title="Foyers").update(due_on=DUE)
    [message] = heard_by(agent, morning(DUE))
    assert "- Places" in told(message)
    assert "Foyers" not in told(message)
    assert campaign.is_open


def test_a_clock_that_slept_reminds_once(asked, campaign, agent):
    hear(OPENED)
    [message] = heard_by(agent, morning(DUE, days=3))
    assert "(en retard de 3 jours)" in told(message)
    assert on_one_line(message.subject).startswith("Une donnée est en retard")


def test_reminders_do_not_wait_for_monday(asked, campaign, agent):
    User.objects.filter(pk=agent.pk).update(mail_rhythm=MailRhythm.WEEKLY)
    hear(OPENED)
    day = DUE - datetime.timedelta(days=7)
    assert len(heard_by(agent, morning(day))) == 1


def test_what_the_coordination_asks_for_leaves_at_once(asked, campaign, agent):
    """She is told that it leaves: closing the year two minutes later does not take it back."""
    hear(OPENED)
    later = after(OPENED, days=1)
    with at(later):
        events.remind(campaign, [asked.caf], "Il ne manque que vous.", by=asked.coordinator)
        send_due_mail()
        events.close_campaign(campaign, by=asked.coordinator)
    [message] = [one for one in mail.outbox if agent.email in one.to][-1:]
    assert "Il ne manque que vous." in told(message)


def test_who_has_lost_access_meanwhile_is_told_nothing(asked, campaign, agent):
    hear(OPENED)
    agent.memberships.update(ended_at=after(OPENED, days=1))
    assert heard_by(agent, morning(DUE)) == []


def test_nothing_due_costs_one_question_whatever_the_number_of_collections(asked, campaign):
    def cost() -> int:
        with at(after(OPENED, days=2)), CaptureQueriesContext(connection) as captured:
            assert send_due_mail() == 0
        return len(captured)

    hear(OPENED)
    assert cost() == 1
    for year in (2021, 2022, 2023):
        opened(asked, year)
    hear(OPENED)
    assert Notice.objects.waiting().exists()
    assert cost() == 1


def test_a_reminder_costs_the_same_whatever_the_number_of_indicators(asked, agent):
    def cost(size: int) -> int:
        with transaction.atomic():
            for n in range(size - 1):
                indicator_in_force(asked, title=f"Autre {n}")
            Notice.objects.all().delete()
            opened(asked)
            hear(OPENED)
            with at(morning(DUE)), CaptureQueriesContext(connection) as captured:
                send_due_mail()
            with at(morning(DUE, minutes=6)), CaptureQueriesContext(connection) as sending:
                assert send_due_mail() == 2
            transaction.set_rollback(True)
        return len(captured) + len(sending)

    assert cost(1) == cost(50)


# What was given ----------------------------------------------------------------------------------


def test_who_may_verify_is_told_and_who_typed_is_not(asked, campaign, agent, colleague):
    hear(OPENED)
    give(campaign, agent, "Places", "Foyers")
    [message] = hear(OPENED)
    assert message.to == [colleague.email]
    text = told(message)
    assert "Deux données attendent votre vérification" in text
    assert "- Places" in text
    assert str(SECRET) not in text + html_of(message)
    assert links_in(message)[0].endswith("/2024/saisie/verification/")
    assert hear(after(OPENED, hours=1)) == []


def test_each_delivery_is_told_and_what_was_verified_meanwhile_is_not(
    asked, campaign, agent, colleague
):
    hear(OPENED)
    give(campaign, agent, "Places")
    hear(OPENED)
    give(campaign, agent, "Foyers", moment=after(OPENED, hours=1))
    [message] = hear(after(OPENED, hours=1))
    assert "Une donnée attend votre vérification" in told(message)
    assert "Foyers" in told(message)
    assert "Places" not in told(message)
    give(campaign, asked.coordinator, "Ateliers", moment=after(OPENED, hours=2))
    other = f.MembershipFactory(organisation=asked.epci).user
    with at(after(OPENED, hours=2)):
        giving.verify_value(entry(campaign, "Ateliers").values.get(), by=other)
    assert hear(after(OPENED, hours=2)) == []


def test_what_is_given_one_by_one_is_told_as_one_thing(asked, campaign, agent, colleague):
    hear(OPENED)
    give(campaign, agent, "Places")
    give(campaign, agent, "Foyers")
    [message] = hear(OPENED)
    text = told(message)
    assert "Deux données de 2024 attendent votre vérification" in text
    assert text.count("Une seconde personne") == 1
    assert "- Places" in text
    assert "- Foyers" in text


def test_who_types_is_told_that_a_value_came_back(asked, campaign, agent, colleague):
    hear(OPENED)
    give(campaign, agent, "Places")
    with at(OPENED):
        value = entry(campaign, "Places").values.get()
        giving.return_value(value, reason="Le rapport dit 918273.", by=asked.coordinator)
    messages = hear(OPENED)
    assert recipients(messages) == {agent.email, colleague.email}
    text = told(messages[0])
    assert "« Places » (2024) vous est retournée" in text
    assert str(SECRET) not in text + html_of(messages[0])
    pk = entry(campaign, "Places").pk
    assert links_in(messages[0])[0].endswith(f"/2024/saisie/#ligne-{pk}")


def test_a_correction_after_closing_is_told_to_whom_it_concerns(asked, campaign, agent, colleague):
    hear(OPENED)
    give(campaign, agent, "Places")
    hear(OPENED)
    with at(after(OPENED, days=1)):
        events.close_campaign(campaign, by=asked.coordinator)
        values.correct_value(
            entry(campaign, "Places"), Figure(number=SECRET + 1), reason="918274 et non 918273",
            by=agent,
        )  # fmt: skip
    messages = hear(after(OPENED, days=1))
    assert recipients(messages) == {colleague.email, asked.coordinator.email}
    for message in messages:
        assert "« Places » (2024) est corrigée après la clôture" in told(message)
        assert "91827" not in told(message) + html_of(message)


# Days that move ----------------------------------------------------------------------------------


def test_who_owes_hears_that_the_day_of_all_moved_and_is_reminded_around_the_new_one(
    asked, campaign, agent
):
    hear(OPENED)
    later = DUE + datetime.timedelta(days=15)
    with at(OPENED):
        events.edit_campaign(campaign, due_on=later, message="", by=asked.coordinator)
    [message] = hear(OPENED)
    assert "est désormais le 30 juin 2025" in told(message)
    for days in (-30, -7):
        hear(morning(later + datetime.timedelta(days=days)))
    assert heard_by(agent, morning(DUE)) == []
    assert recipients(hear(morning(later))) == {agent.email, asked.coordinator.email}


def test_an_organisation_is_given_a_day_of_its_own_and_told(asked, campaign, agent):
    hear(OPENED)
    later = DUE + datetime.timedelta(days=20)
    with at(OPENED):
        events.move_deadline(
            campaign, asked.caf, due_on=later, reason="Un congé", by=asked.coordinator
        )
    [message] = hear(OPENED)
    assert message.to == [agent.email]
    assert "est désormais le 5 juillet 2025" in told(message)
    assert "Motif : Un congé" in told(message)
    assert entry(campaign, "Places").due_on == later
    assert entry(campaign, "Ateliers").due_on == DUE
    assert entry(campaign, "Foyers").due_on == datetime.date(2025, 9, 30)
    assert len(heard_by(agent, morning(later - datetime.timedelta(days=30)))) == 1
    assert heard_by(agent, morning(DUE)) == []
    [message] = heard_by(agent, morning(later))
    assert "(aujourd’hui)" in told(message)


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
