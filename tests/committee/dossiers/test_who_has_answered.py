"""What the list and the page of a dossier say of who has answered: nobody for another one."""

import pytest
from django.urls import reverse

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer
from agreements.versions.events import withdraw_version
from committee.dossiers.events import send_dossier
from tests.agreements.factories import committee_of
from tests.committee.answers.test_acts import page_text
from tests.committee.register.scene import record
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed()


@told_once
def dossier(committee, version):
    by = committee.coordinator
    return send_dossier(committee.convention, [version], title="Printemps", by=by)


@pytest.fixture
def read(client, committee, dossier):
    """The page of the dossier and the list, as somebody reads them."""

    def read(user) -> tuple[str, str]:
        client.force_login(user)
        slug = committee.convention.slug
        address = reverse("committee:dossier", args=[slug, dossier.pk])
        return page_text(client.get(address)), page_text(client.get(lists(slug)))

    return read


def lists(slug) -> str:
    return reverse("committee:dossiers", args=[slug])


def test_a_recorded_answer_to_be_confirmed_is_not_counted(committee, version, read):
    committee.agree(version, committee.epci_member)
    record(version, committee.caf_seat, committee.coordinator)
    page_text, list_text = read(committee.coordinator)
    assert "1 réponse recueillie, à confirmer" in page_text
    assert "n’a pas fini de répondre" in page_text
    assert "Un dossier attend encore des réponses" in list_text
    page_text, _many = read(committee.caf_member)
    assert "a répondu au point" not in page_text


def test_a_point_that_is_with_the_coordination_again_is_not_answered_by_all(
    committee, version, dossier, read
):
    reply = Reply(version, Answer.CHANGE_REQUESTED, reason="Trop cher")
    answers.answer(reply, by=committee.caf_member)
    dossier.refresh_from_db()
    assert dossier.is_open
    page_text, list_text = read(committee.coordinator)
    assert "Un point est revenu à la coordination" in page_text
    assert "1 point revenu à la coordination" in list_text
    assert "omplet " not in list_text.replace("pas complet", "")


def test_a_point_of_which_all_have_said_something_is_answered(committee, version, dossier, read):
    committee.agree(version, committee.epci_member)
    reply = Reply(version, Answer.CHANGE_REQUESTED, reason="Trop cher")
    answers.answer(reply, by=committee.caf_member)
    page_text, list_text = read(committee.coordinator)
    assert "Toutes les parties ont répondu au point du dossier" in page_text
    assert "Le dossier est complet" in list_text


def test_a_withdrawn_point_is_answered_by_nobody(committee, version, read):
    withdraw_version(version, reason="Plus tard", by=committee.coordinator)
    page_text, list_text = read(committee.coordinator)
    assert "Ce dossier n’attend plus de réponse" in page_text
    assert "ont répondu" not in list_text


def test_the_file_of_dossiers_names_who_has_still_to_confirm(client, committee, version, dossier):
    committee.agree(version, committee.epci_member)
    record(version, committee.caf_seat, committee.coordinator)
    client.force_login(committee.coordinator)
    address = reverse("committee:dossiers_file", args=[committee.convention.slug, "csv"])
    text = client.get(address).content.decode("utf-8-sig")
    assert "des réponses sont attendues" in text
    assert committee.caf.acronym in text
