"""Parties are told all that changed since what they know, however short-lived what was asked of
them in between."""

import pytest
from django.urls import reverse

from conventions.models import Party
from evaluation.models import Part
from evaluation.publication import events
from evaluation.writing.events import write_narrative, write_year_text
from tests.agreements.earlier import counted_by_delay
from tests.agreements.factories import SeatFactory
from tests.committee.pages import page_of
from tests.committee.register.scene import record
from tests.evaluation.publication.scene import (
    YEAR,
    keep_drawn,
    now,
    submitted,
    written_year,
)
from tests.factories import PartyFactory
from tests.stories import told_once


@told_once
def committee(db):
    return written_year(validates=False)


def asked(committee):
    edition = submitted(committee)
    events.propose(edition, by=committee.coordinator)
    return now(edition)


def asked_again(committee, *, reason: str = ""):
    """The contrary of a text, asked of the parties and taken back before anybody has read it; then
    a comma, and asked again. What they are asked to agree to."""
    by = committee.coordinator
    write_narrative(committee.theme, YEAR, "La crèche a fermé.", revision=1, by=by)
    between = now(events.submit(committee.campaign, reason=reason, by=by))
    events.propose(between, by=by)
    events.give_back(now(between), "Une coquille encore.", by=by)
    write_year_text(
        committee.convention, YEAR, Part.INTRODUCTION, "Introduction,", revision=1, by=by
    )
    last = now(events.submit(committee.campaign, reason=reason, by=by))
    events.propose(last, by=by)
    return now(last).version


def read(client, committee, user) -> str:
    client.force_login(user)
    url = reverse("evaluation:publication", args=[committee.convention.slug, YEAR])
    return page_of(client.get(url))


def test_a_correction_is_described_from_the_last_published_version(client, committee):
    edition = asked(committee)
    committee.agree(edition.version)
    keep_drawn(events.request_publication(now(edition), by=committee.coordinator))
    changes = asked_again(committee, reason="Coquilles.").content["changes"]
    assert f"{committee.theme.title} : texte" in changes
    assert "Introduction" in changes
    page = read(client, committee, committee.caf_member)
    assert "Ce qui a changé depuis la version publiée le" in page
    assert "La crèche a fermé" in page


def test_changes_are_described_from_the_last_edition_that_all_parties_have_answered(committee):
    committee.agree(asked(committee).version)
    changes = asked_again(committee).content["changes"]
    assert f"{committee.theme.title} : texte" in changes
    assert "indicateur" not in changes.partition("\n")[0]


def test_a_party_that_has_answered_nothing_is_described_the_whole_content(client, committee):
    """A party that has answered reads what changed since."""
    committee.agree(asked(committee).version, committee.caf_member)
    changes = asked_again(committee).content["changes"]
    beginning, since, *_ = changes.split("\n\n")
    assert beginning.endswith("1\xa0indicateur et 4\xa0textes.")
    assert since.startswith("Depuis ce qui était soumis le ")
    assert "Ce qui a changé" not in read(client, committee, committee.epci_member)
    assert "La crèche a fermé" in read(client, committee, committee.caf_member)


def test_an_agreement_by_the_end_of_a_delay_is_no_answer(client, committee):
    """The party reads it as content that it never answered."""
    version = asked(committee).version
    counted_by_delay(record(version, committee.caf_seat, committee.coordinator))
    committee.agree(version, committee.epci_member)
    version.refresh_from_db()
    assert version.is_in_force
    changes = asked_again(committee).content["changes"]
    assert changes.partition("\n")[0].endswith("1\xa0indicateur et 4\xa0textes.")
    assert "Ce qui a changé" not in read(client, committee, committee.caf_member)
    assert "La crèche a fermé" in read(client, committee, committee.epci_member)


def test_a_party_required_since_is_described_changes_from_the_published_version(client, committee):
    """The published version is known to all parties."""
    edition = asked(committee)
    committee.agree(edition.version)
    keep_drawn(events.request_publication(now(edition), by=committee.coordinator))
    party = PartyFactory(organisation__convention=committee.convention, agreement_required=True)
    member = SeatFactory(organisation=party.organisation).user
    changes = asked_again(committee, reason="Coquilles.").content["changes"]
    assert "1\xa0indicateur et 4\xa0textes" not in changes
    assert "La crèche a fermé" in read(client, committee, member)


def test_an_avis_is_no_answer_of_the_party(client, committee):
    Party.objects.filter(organisation=committee.caf).update(validates_analyses=True)
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    by = committee.coordinator
    events.advise(submitted(committee), "Très clair.", by=adviser)
    write_narrative(committee.theme, YEAR, "La crèche a fermé.", revision=1, by=by)
    submitted(committee)
    assert "Ce qui a changé" not in read(client, committee, committee.caf_member)


@pytest.mark.django_db
def test_a_validating_party_is_described_changes_since_its_validation(client):
    committee = written_year()
    by = committee.coordinator
    events.validate(submitted(committee), committee.caf, by=committee.caf_member)
    write_narrative(committee.theme, YEAR, "La crèche a fermé.", revision=1, by=by)
    between = now(events.submit(committee.campaign, by=by))
    events.give_back(between, "Une coquille encore.", by=by)
    write_year_text(
        committee.convention, YEAR, Part.INTRODUCTION, "Introduction,", revision=1, by=by
    )
    events.submit(committee.campaign, by=by)
    assert "La crèche a fermé" in read(client, committee, committee.caf_member)
    # Who writes reads what changed since the last time.
    assert "La crèche a fermé" not in read(client, committee, by)
