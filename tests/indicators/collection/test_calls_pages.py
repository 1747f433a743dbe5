"""Who owes what, who was written to and when; « Relancer », and another day for one of them."""

import datetime

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refused
from indicators.collection import events
from indicators.collection.calling import calls_of
from indicators.collection.dashboard import collection_deadlines
from indicators.collection.deadlines import years_later
from indicators.models import Campaign, Indicator, OwnDeadline, Reminder
from notifications.models import Notice
from tests import factories as f
from tests.agreements import clock
from tests.committee.mail.mailing import at, on_one_line, recipients
from tests.indicators.collection.test_calls import (
    DUE,
    OPENED,
    entry,
    give,
    messages_at,
    messages_to,
    morning,
    opened,
    text_of,
)
from tests.indicators.collection.test_campaigns_pages import Person
from tests.indicators.factories import association, indicator_in_force
from tests.stories import told_once

pytestmark = pytest.mark.django_db
SOON = DUE - datetime.timedelta(days=3)


@told_once
def asked(committee, agent):
    indicator_in_force(committee, title="Places")
    indicator_in_force(committee, title="Foyers", available_month=8)
    indicator_in_force(committee, title="Ateliers", provider=committee.epci)
    f.MembershipFactory(organisation=committee.epci)
    Notice.objects.all().delete()
    return committee


@told_once
def campaign(asked):
    return opened(asked)


@pytest.fixture
def coordinator(client, committee):
    return Person(client, committee, committee.coordinator)


def row_of(text: str, name: str) -> str:
    """What the table says of an organisation, from its name to the next link away from it."""
    return text[text.index(name) :][:400]


# What is read ------------------------------------------------------------------------------------


def test_the_page_tells_who_owes_since_when_and_both_mails(asked, campaign, coordinator):
    messages_at(OPENED)
    with clock.on(SOON):
        text = coordinator.read("2024/recueil/")
    row = row_of(text, asked.caf.name)
    assert "0 sur 2" in row
    assert "15 juin 2025" in row
    assert "Dernier message le 5 février 2025 ; prochain le 15 juin 2025" in on_one_line(row)
    with clock.on(DUE + datetime.timedelta(days=3)):
        row = row_of(coordinator.read("2024/recueil/"), asked.caf.name)
    assert "en retard de 3 jours" in on_one_line(row)
    assert "attendu depuis le 15 juin 2025" in on_one_line(row)
    assert "prochain le 22 juin 2025" in on_one_line(row)


def test_the_page_announces_the_day_of_the_next_automatic_mail(asked, campaign, agent):
    """The day of the next mail is the day on which one leaves."""
    messages_at(OPENED)
    now = OPENED
    for _ in range(8):
        with at(now):
            [call] = [c for c in calls_of(campaign, now) if c.organisation == asked.caf]
        mornings = [morning(day) for day in days_between(now, call.next)]
        assert [len(messages_to(agent, one)) for one in mornings] == [0] * (len(mornings) - 1) + [1]
        now = morning(call.next, hours=1)
    [call] = [c for c in calls_of(campaign, now) if c.organisation == asked.caf]
    assert call.next is None
    assert timezone.localdate(call.last) == datetime.date(2025, 10, 7)


def days_between(now, until: datetime.date) -> list[datetime.date]:
    """One day in ten, the eve, and the day."""
    first = timezone.localdate(now) + datetime.timedelta(days=1)
    eve = until - datetime.timedelta(days=1)
    count = max((eve - first).days, 0)
    return [first + datetime.timedelta(days=n) for n in range(0, count, 10)] + [until]


def test_a_reader_sees_who_owes_and_no_message(asked, campaign, client):
    reader = Person(client, asked, f.MembershipFactory(organisation=asked.caf, reader=True).user)
    with at(OPENED):
        text = reader.read("2024/recueil/")
        assert "Messages" not in text
        assert "Relancer" not in text
        assert "seule la coordination" in reader.read("2024/recueil/relancer/").lower()
        address = f"2024/recueil/echeance/{asked.caf.pk}/"
        assert "seule la coordination" in reader.read(address).lower()


# Relancer ----------------------------------------------------------------------------------------


def test_all_are_reminded_in_the_coordinators_words_and_it_is_kept(
    asked, campaign, coordinator, agent, colleague
):
    messages_at(OPENED)
    with clock.on(SOON):
        text = coordinator.read("2024/recueil/relancer/")
        assert "Des données de 2024 sont encore attendues" in text
        assert f"{agent}" in text
        assert "Places, pour le 15 juin 2025" in on_one_line(text)
        assert "1 autre n’est pas encore disponible" in on_one_line(text)
        assert "Relancer de nouveau" not in text
        text = coordinator.send("2024/recueil/relancer/", text="Il ne manque **que vous**.")
        assert "2 organismes sont relancés" in on_one_line(text)
        assert "que vous" in coordinator.read("2024/recueil/")
    [message] = messages_to(agent, morning(SOON, hours=6))
    assert on_one_line(message.subject).startswith("Relance de la coordination et une donnée")
    assert "Il ne manque **que vous**." in text_of(message)
    assert f"Message de {asked.coordinator}" in text_of(message)
    assert "- Places" in text_of(message)
    assert "Foyers" not in text_of(message)
    reminder = Reminder.objects.get(organisation=asked.caf)
    assert (reminder.text, reminder.owed, reminder.by) == (
        "Il ne manque **que vous**.",
        1,
        asked.coordinator,
    )
    assert {one.user for one in reminder.recipients.all()} == {agent, colleague}


def test_the_page_is_read_again_once_somebody_is_reminded(asked, campaign, coordinator):
    changed(asked.convention, *Subject)
    with clock.on(SOON):
        assert "relance" not in coordinator.read("2024/recueil/")
        events.remind(campaign, [asked.caf], "Bientôt.", by=asked.coordinator)
        assert "relance de la Caf" in coordinator.read("2024/recueil/")


def test_an_organisation_is_reminded_alone(asked, campaign, coordinator, agent):
    messages_at(OPENED)
    with clock.on(SOON):
        text = coordinator.send(f"2024/recueil/relancer/{asked.caf.pk}/")
        assert "1 organisme est relancé" in on_one_line(text)
    assert [row.organisation for row in Reminder.objects.all()] == [asked.caf]
    with clock.on(SOON):
        text = coordinator.read(f"2024/recueil/relancer/{association(asked).pk}/")
        assert "Personne n’est à relancer" in text


def test_nobody_reminds_themselves(asked, campaign, coordinator):
    """Nobody would be reminded of what she enters alone, or for who has no account."""
    other = association(asked)
    indicator_in_force(asked, title="Bénévoles", provider=other)
    asked.epci.memberships.exclude(user=asked.coordinator).update(ended_at=OPENED)
    with clock.on(SOON):
        for indicator in Indicator.objects.filter(title="Bénévoles"):
            events.add_to_campaign(campaign, indicator, by=asked.coordinator)
        text = coordinator.read("2024/recueil/relancer/")
        assert "personne n’y a d’accès : vous saisissez" in on_one_line(text)
        assert "personne d’autre que vous n’y a d’accès" in on_one_line(text)
        with pytest.raises(Refused, match="Personne n’est à relancer"):
            events.remind(campaign, [asked.epci, other], "Bonjour", by=asked.coordinator)
        [reminder] = events.remind(
            campaign, asked.convention.organisations.all(), "Bonjour", by=asked.coordinator
        )
    assert reminder.organisation == asked.caf


def test_a_second_reminder_of_a_day_is_sent_only_when_asked_for(asked, campaign, coordinator):
    messages_at(OPENED)
    address = "2024/recueil/relancer/"
    with clock.on(SOON):
        coordinator.send(f"{address}{asked.caf.pk}/")
        text = coordinator.read(address)
        assert "aujourd’hui" in text
        assert "Relancer de nouveau" in text
        assert "1 organisme est relancé" in on_one_line(coordinator.send(address))
        assert "déjà partie aujourd’hui" in coordinator.send(address)
        assert Reminder.objects.count() == 2
        assert "2 organismes sont relancés" in on_one_line(coordinator.send(address, again="on"))
        assert Reminder.objects.count() == 4
    with clock.on(SOON + datetime.timedelta(days=1)):
        assert "2 organismes sont relancés" in on_one_line(coordinator.send(address))


def test_nobody_is_reminded_of_a_figure_not_available_yet(asked, campaign, coordinator, agent):
    messages_at(OPENED)
    give(campaign, agent, "Places")
    with clock.on(SOON):
        text = coordinator.read(f"2024/recueil/relancer/{asked.caf.pk}/")
        assert "Personne n’est à relancer" in text
        with pytest.raises(Refused, match="Personne n’est à relancer"):
            events.remind(campaign, [asked.caf], "Bonjour", by=asked.coordinator)
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n "])
def test_a_reminder_without_a_word_is_refused(asked, campaign, coordinator, text):
    with clock.on(SOON):
        coordinator.send("2024/recueil/relancer/", text=text)
        with pytest.raises(Refused, match="Écrivez quelques mots"):
            events.remind(campaign, [asked.caf], text, by=asked.coordinator)
    assert not Reminder.objects.exists()


def test_nobody_is_reminded_once_the_year_is_closed(asked, campaign, coordinator, agent):
    with clock.on(SOON):
        events.remind(campaign, [asked.caf], "Bonjour", by=asked.coordinator)
        events.close_campaign(campaign, by=asked.coordinator)
        assert "est clos" in coordinator.read("2024/recueil/relancer/")
        with pytest.raises(Refused, match="est clos"):
            events.remind(campaign, [asked.caf], "Bonjour", by=asked.coordinator)
    mail.outbox.clear()
    # It was asked a minute before: what is over is not sent.
    assert messages_to(agent, morning(SOON, hours=6)) == []


def test_only_the_coordinator_reminds_or_moves_a_day(asked, campaign, agent):
    with clock.on(SOON):
        with pytest.raises(Refused):
            events.remind(campaign, [asked.caf], "Bonjour", by=agent)
        with pytest.raises(Refused):
            events.move_deadline(campaign, asked.caf, due_on=DUE, by=agent)


# Another day -------------------------------------------------------------------------------------


def test_an_organisation_is_given_another_day_and_back(asked, campaign, coordinator):
    messages_at(OPENED)
    address = f"2024/recueil/echeance/{asked.caf.pk}/"
    with clock.on(SOON):
        text = coordinator.send(address, due_on="2025-07-05", reason="Un congé")
        assert "est le 5 juillet 2025" in on_one_line(text)
        assert "Un congé" in text
        assert entry(campaign, "Places").due_on == datetime.date(2025, 7, 5)
        assert "n’a pas changé" in coordinator.send(address, due_on="2025-07-05")
        again = coordinator.send(address, due_on="2025-07-05", reason="Un congé")
        assert "n’a pas changé" in again
        unread = coordinator.send(address, due_on="2025-07-05", reason="Un autre motif")
        assert "ne serait lu de personne" in unread
        assert "Un autre motif" in unread
        text = coordinator.send(address, due_on="2025-06-15")
        assert "est celle de tous" in text
    assert entry(campaign, "Places").due_on == DUE
    assert [row.due_on for row in OwnDeadline.objects.all()] == [datetime.date(2025, 7, 5), None]


def test_who_has_a_day_of_their_own_reads_it_everywhere(asked, campaign, agent, client):
    convention, own = asked.convention, datetime.date(2025, 7, 5)
    with clock.on(SOON):
        events.move_deadline(campaign, asked.caf, due_on=own, by=asked.coordinator)
        text = on_one_line(Person(client, asked, agent).read("2024/saisie/"))
        assert "attendues pour le 5 juillet 2025" in text
        assert "15 juin" not in text
    for user, expected in ((agent, own), (asked.coordinator, DUE)):
        deadlines = collection_deadlines(user, [convention], SOON)
        assert [one.day for one in deadlines[convention.pk]] == [expected]


def test_a_day_that_has_passed_is_refused(asked, campaign, coordinator):
    with clock.on(SOON):
        text = coordinator.send(f"2024/recueil/echeance/{asked.caf.pk}/", due_on="2025-06-01")
    assert "est passée" in text
    assert not OwnDeadline.objects.exists()


def test_who_is_asked_nothing_has_no_day(asked, campaign):
    with clock.on(SOON), pytest.raises(Refused, match="ne demande rien"):
        events.move_deadline(
            campaign, association(asked), due_on=datetime.date(2025, 7, 5), by=asked.coordinator
        )


@pytest.mark.parametrize(
    ("own", "common", "expected"),
    [("2025-07-05", "2025-06-30", "2025-07-05"), ("2025-07-05", "2025-07-20", "2025-07-20"),
     ("2025-06-14", "2025-07-20", "2025-06-14")],
)  # fmt: skip
def test_the_day_of_all_leaves_who_has_another_unless_it_gives_more_time(
    asked, campaign, own, common, expected
):
    dates = [datetime.date.fromisoformat(day) for day in (own, common, expected)]
    with clock.on(SOON):
        events.move_deadline(campaign, asked.caf, due_on=dates[0], by=asked.coordinator)
        events.edit_campaign(campaign, due_on=dates[1], message="", by=asked.coordinator)
    assert entry(campaign, "Places").due_on == dates[2]
    assert entry(campaign, "Ateliers").due_on == dates[1]


def test_an_own_deadline_ends_when_the_common_one_becomes_the_same_day(asked, campaign):
    own = datetime.date(2025, 7, 5)
    with clock.on(SOON):
        events.move_deadline(campaign, asked.caf, due_on=own, by=asked.coordinator)
        events.edit_campaign(campaign, due_on=own, message="", by=asked.coordinator)
    assert Campaign.objects.get().own_deadlines.latest_by_organisation() == {}


def test_a_collection_opened_again_has_the_same_day_for_all(asked, campaign):
    with clock.on(SOON):
        events.move_deadline(
            campaign, asked.caf, due_on=datetime.date(2025, 7, 5), by=asked.coordinator
        )
        events.close_campaign(campaign, by=asked.coordinator)
        events.reopen_campaign(campaign, due_on=DUE, reason="Tardif", by=asked.coordinator)
    assert entry(campaign, "Places").due_on == DUE
    assert Campaign.objects.get().own_deadlines.latest_by_organisation() == {}


# A new year --------------------------------------------------------------------------------------


def test_a_collection_is_prepared_and_opened_with_its_recipients_shown(
    asked, coordinator, agent, colleague
):
    with clock.on(OPENED.date()):
        text = coordinator.send("preparer/", year="2024", due_on="2025-06-15")
        assert coordinator.response.redirect_chain[-1][0].endswith("/2024/recueil/ouvrir/")
        row = on_one_line(row_of(text, asked.caf.name))
        assert "2 15 juin 2025" in row
        assert f"{agent}" in row
        assert f"{colleague}" in row
        fields = {"csrfmiddlewaretoken": "x"}
        assert "est ouvert" in coordinator.press("2024/recueil/ouvrir/", fields)
    assert agent.email in recipients(messages_at(morning(OPENED.date(), hours=6)))


def test_deadlines_of_the_year_before_are_carried_over(asked, coordinator):
    before = opened(asked, 2023, due_on=datetime.date(2025, 5, 31))
    with clock.on(OPENED.date()):
        events.move_deadline(
            before, asked.caf, due_on=datetime.date(2025, 7, 5), by=asked.coordinator
        )
        text = coordinator.read("preparer/")
        assert coordinator.response.context["form"]["due_on"].value() == (
            datetime.date(2026, 5, 31)
        )
        assert "Reprendre les échéances données à la Caf" in text
        text = coordinator.send("preparer/", year="2024", carries_own_days="on")
        assert "5 juillet 2026" in on_one_line(row_of(text, asked.caf.name))
    campaign = Campaign.objects.get(year=2024)
    [row] = campaign.own_deadlines.list_with_organisations()
    assert (row.organisation, row.due_on) == (asked.caf, datetime.date(2026, 7, 5))
    with clock.on(OPENED.date()):
        events.open_campaign(campaign, by=asked.coordinator)
    assert entry(campaign, "Places").due_on == datetime.date(2026, 7, 5)
    assert entry(campaign, "Ateliers").due_on == datetime.date(2026, 5, 31)


def test_a_day_is_not_carried_over_once_it_has_passed_or_unasked(asked, coordinator):
    before = opened(asked, 2023)
    with clock.on(OPENED.date()):
        events.move_deadline(
            before, asked.caf, due_on=datetime.date(2025, 7, 5), by=asked.coordinator
        )
        # Not ticked: nobody is given a day of their own.
        fields = {"year": "2024", "due_on": "2026-06-15", "message": ""}
        coordinator.press("preparer/", fields)
        assert not Campaign.objects.get(year=2024).own_deadlines.exists()
        events.cancel_campaign(Campaign.objects.get(year=2024), by=asked.coordinator)
    with clock.on(datetime.date(2026, 8, 1)):
        campaign = events.prepare_campaign(
            asked.convention, 2024, due_on=datetime.date(2026, 9, 1), carries_own_days=True,
            by=asked.coordinator,
        )  # fmt: skip
    assert not campaign.own_deadlines.exists()


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [("2024-02-29", 1, "2025-02-28"), ("2025-06-30", 2, "2027-06-30")],
)
def test_a_day_moves_by_years_and_stays_in_its_month(day, years, expected):
    later = years_later(datetime.date.fromisoformat(day), years)
    assert later == datetime.date.fromisoformat(expected)


# Query guards ------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_pages_cost_the_same_for_1_and_50(asked, coordinator, agent):
    def costs(size: int) -> list[int]:
        with transaction.atomic():
            for n in range(size):
                organisation = association(asked)
                organisation.acronym = organisation.name = f"Association {n}"
                organisation.save()
                f.MembershipFactory(organisation=organisation)
                indicator_in_force(asked, title=f"Autre {n}", provider=organisation)
            campaign = opened(asked)
            with clock.on(SOON):
                events.remind(campaign, asked.convention.organisations.all(), "Oh", by=None)
                counts = [cost(address) for address in ("2024/recueil/", "2024/recueil/relancer/")]
            transaction.set_rollback(True)
        return counts

    def cost(address: str) -> int:
        coordinator.read(address)
        with CaptureQueriesContext(connection) as captured:
            coordinator.read(address)
        return len(captured)

    assert costs(1) == costs(50)
