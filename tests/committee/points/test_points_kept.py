"""What is kept of points is read again after an event; what is a person's own is not kept."""

import pytest
from django.urls import reverse

from agreements.answers import events as answers
from agreements.answers.events import Reply
from committee.comments import events as talk
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from tests.agreements.factories import committee_of
from tests.committee.mail.mailing import NOON, TERM, after, at
from tests.committee.pages import committee_url, page_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@pytest.fixture
def read(client, committee):
    """``read(user, name, …)`` is a page of the committee as that person gets it."""

    def get(user, name="points", *args) -> str:
        client.force_login(user)
        address = reverse(f"committee:{name}", args=[committee.convention.slug, *args])
        return page_of(client.get(address))

    return get


@pytest.fixture
def version(committee):
    version = committee.proposed("Ouvrir un relais")
    changed(committee.convention, *Subject)
    return version


def test_a_comment_is_counted(read, committee, version):
    assert "1 commentaire" not in read(committee.caf_member).replace("\xa0", " ")
    talk.comment(version, text="Où donc ?", by=committee.epci_member)
    assert "1 commentaire" in read(committee.caf_member).replace("\xa0", " ")


def test_a_draft_is_its_authors(read, committee, version):
    committee.draft("Y penser encore")
    assert "Y penser encore" in read(committee.coordinator)
    assert "Y penser encore" not in read(committee.caf_member)


def test_the_register_has_an_answer_at_once(read, committee, version):
    before = read(committee.caf_member, "register")
    answers.answer(Reply(version), by=committee.caf_member)
    text = read(committee.caf_member, "register")
    assert text.count("D’accord") == before.count("D’accord") + 1


def test_the_offer_to_undo_ends_on_a_page_kept_meanwhile(client):
    with at(NOON):
        committee = committee_of(**TERM)
        version = committee.proposed("Ouvrir un relais")
        answers.answer(Reply(version), by=committee.caf_member)
        changed(committee.convention, *Subject)
    shown = []
    for minutes in (1, 29, 31):
        with at(after(NOON, minutes=minutes)):
            client.force_login(committee.caf_member)
            page = client.get(committee_url(committee, f"points/{version.pk}/"))
            shown.append("Annuler ma réponse" in page_of(page).replace("\xa0", " "))
    assert shown == [True, True, False]


def test_who_sits_until_midnight_is_asked_nothing_the_next_day(client):
    with at(NOON):
        committee = committee_of(**TERM)
        version = committee.proposed("Ouvrir un relais")
        committee.caf_member.seats.update(ends_on=NOON.date())
        changed(committee.convention, *Subject)
    asked = []
    for moment in (NOON, after(NOON, hours=11), after(NOON, hours=13)):
        with at(moment):
            client.force_login(committee.caf_member)
            page = client.get(committee_url(committee, f"points/{version.pk}/"))
            asked.append("/repondre/" in page.content.decode())
    assert asked == [True, True, False]
