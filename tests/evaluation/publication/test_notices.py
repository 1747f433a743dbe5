"""Who is written to once analyses are submitted: who validates them, and who gives an avis."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from evaluation.models import ValidationWord
from evaluation.publication import events
from notifications.sending import send_due_mail
from tests.agreements.factories import SeatFactory
from tests.committee.mail.mailing import at, html_of, on_one_line
from tests.committee.pages import page_of
from tests.evaluation.final import scene as final
from tests.evaluation.publication.scene import now, submitted, written_year
from tests.factories import ArticleFactory
from tests.stories import told_once

ADVICE = "Les analyses de l’évaluation 2023 attendent votre avis"


@told_once
def committee(db):
    return written_year()


@told_once
def adviser(committee):
    return SeatFactory(adviser=True, organisation=committee.caf).user


def received(user) -> list:
    """What is sent to ``user`` of all that has been told, an hour later."""
    mail.outbox.clear()
    with at(timezone.now() + datetime.timedelta(hours=1)):
        send_due_mail()
    return [message for message in mail.outbox if message.to == [user.email]]


def about_advice(user) -> list:
    return [message for message in received(user) if ADVICE in on_one_line(message.subject)]


def test_an_adviser_is_asked_for_an_avis(committee, adviser):
    edition = submitted(committee)
    (message,) = about_advice(adviser)
    assert on_one_line(message.subject).startswith(ADVICE)
    assert "Donner un avis n’engage pas votre organisme" in on_one_line(message.body)
    assert f"/evaluations/{edition.year}/publication/valider/" in message.body
    assert "votre validation" not in on_one_line(html_of(message))


def test_who_sits_at_advisory_title_is_asked_for_an_avis(committee):
    seat = SeatFactory(advisory=True, organisation=committee.epci)
    submitted(committee)
    assert about_advice(seat.user)


def test_an_avis_on_the_final_evaluation_is_asked_for_by_its_name(db):
    committee = final.written_term()
    adviser = SeatFactory(adviser=True, organisation=committee.caf).user
    final.submitted(committee)
    subjects = [on_one_line(message.subject) for message in received(adviser)]
    assert "Les analyses de l’évaluation finale attendent votre avis" in " ".join(subjects)


def test_no_avis_is_awaited_on_analyses_that_no_party_validates(db, client):
    committee = written_year(validates=False)
    adviser = SeatFactory(adviser=True, organisation=committee.caf).user
    submitted(committee)
    assert not about_advice(adviser)
    client.force_login(adviser)
    assert ADVICE not in page_of(client.get(committee.convention.get_absolute_url()))


def test_who_validates_is_asked_to_validate_and_nothing_else(committee, adviser):
    SeatFactory(advisory=True, organisation=committee.epci, user=committee.caf_member)
    submitted(committee)
    (message,) = received(committee.caf_member)
    assert "attendent votre validation" in on_one_line(message.subject)
    assert "votre avis" not in on_one_line(message.subject)


@pytest.mark.parametrize(("text", "cited"), [
    ("Toute diffusion suppose la validation préalable de l’analyse réalisée.", " (art. 12)"),
    ("Les parties gardent le secret.", ""),
])  # fmt: skip
def test_the_article_by_which_analyses_are_validated_is_cited_where_there_is_one(
    committee, text, cited
):
    ArticleFactory(convention=committee.convention, number=12, text=text)
    submitted(committee)
    (message,) = received(committee.caf_member)
    assert f"validées avant d’être publiées{cited}." in on_one_line(message.body)


def test_nobody_is_asked_twice_for_the_same_analyses(committee, adviser):
    events.advise(submitted(committee), "Le chiffre de mars est à revoir.", by=adviser)
    assert not about_advice(adviser)


@pytest.mark.usefixtures("proposed_edition")
def test_no_avis_is_asked_for_once_the_parties_are_asked(committee, adviser):
    assert not about_advice(adviser)


def test_a_member_of_another_party_is_asked_for_nothing(committee, adviser):
    submitted(committee)
    assert not about_advice(committee.epci_member)


class TestDashboard:
    @pytest.fixture
    def dashboard(self, client, committee):
        def of(user) -> str:
            client.force_login(user)
            return page_of(client.get(committee.convention.get_absolute_url()))

        return of

    def test_the_dashboard_of_an_adviser_asks_for_an_avis_first(
        self, committee, adviser, dashboard
    ):
        submitted(committee)
        page = dashboard(adviser)
        assert ADVICE in page
        assert "Donner un avis" in page
        assert ADVICE not in dashboard(committee.caf_member)
        assert ADVICE not in dashboard(committee.epci_member)

    def test_the_dashboard_asks_for_no_avis_once_it_is_given(self, committee, adviser, dashboard):
        edition = submitted(committee)
        events.advise(edition, "Rien à redire.", by=adviser)
        assert now(edition).validations.get().word == ValidationWord.OPINION
        assert ADVICE not in dashboard(adviser)
