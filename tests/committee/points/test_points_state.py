"""Where a version stands, in a sentence."""

import datetime

import pytest

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.models import Version
from agreements.versions.events import withdraw_version
from committee.dossiers.events import send_dossier
from committee.points.words import describe_state
from tests.agreements.factories import agreed_since, committee_of
from tests.committee.dossiers.scene import seen_text, url_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db
FIRST = datetime.datetime(2024, 3, 1, 10, tzinfo=datetime.UTC)
AGAIN = datetime.datetime(2025, 1, 10, 10, tzinfo=datetime.UTC)


@told_once
def committee():
    return committee_of()


def state_of(version) -> str:
    version.refresh_from_db()
    return describe_state(point_of(version)).replace("\u00a0", " ")


@told_once
def dossier(committee):
    version = committee.proposed("Ouvrir deux espaces")
    return send_dossier(committee.convention, [version], title="Mars", by=committee.coordinator)


@told_once
def restored(committee, dossier):
    """A version that another one had replaced, in force again since ``AGAIN``."""
    version = dossier.versions.get()
    committee.agree(version)
    agreed_since(version, FIRST.date())
    type(version).objects.filter(pk=version.pk).update(in_force_at=FIRST)
    second = committee.edited(version, title="Ouvrir trois espaces")
    committee.agree(second)
    answers.retract(second, reason="Trop.", by=committee.epci_member)
    withdraw_version(second, reason="Plus tard.", by=committee.coordinator)
    version.transitions.filter(verb="restored").update(created_at=AGAIN)
    version.refresh_from_db()
    return version


def test_a_dossier_says_since_when_a_version_is_in_force_again(
    committee, dossier, restored, client
):
    client.force_login(committee.coordinator)
    text = seen_text(client.get(url_of(dossier)))
    assert "De nouveau en vigueur depuis le 10 janvier 2025" in text
    assert "En vigueur depuis le 1er mars 2024" not in text


def test_versions_read_together_know_their_return_without_a_further_query(
    committee, restored, django_assert_num_queries
):
    [known] = Version.objects.filter(pk=restored.pk).with_restored()
    with django_assert_num_queries(0):
        assert known.restored_at == known.stands_since == AGAIN
    assert restored.restored_at == AGAIN
    other = committee.in_force("Une autre")
    [known] = Version.objects.filter(pk=other.pk).with_restored()
    assert known.restored_at is other.restored_at is None
    assert known.stands_since == known.in_force_at


def test_a_version_in_force_again_says_since_when(committee):
    """A version was not in force while another had replaced it."""
    version = committee.in_force_since(FIRST.date())
    type(version).objects.filter(pk=version.pk).update(in_force_at=FIRST)
    assert state_of(version).startswith("En vigueur depuis le 1er mars 2024, avec l’accord")
    second = committee.edited(version, title="Ouvrir trois espaces")
    committee.agree(second)
    assert "Remplacée depuis le" in state_of(version)
    answers.retract(second, reason="Trop.", by=committee.epci_member)
    version.transitions.filter(verb="restored").update(created_at=AGAIN)
    assert state_of(version).startswith("De nouveau en vigueur depuis le 10 janvier 2025, avec")
    version.refresh_from_db()
    assert version.in_force_at == FIRST
    answers.answer(Reply(second, last_rank=2), by=committee.epci_member)
    assert state_of(second).startswith("En vigueur depuis le")
