"""What the register, its files and the search say of an answer that does not count."""

import re

import pytest
from django.urls import reverse

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import sign_of
from agreements.models import Agreement
from committee.register import reading
from tests.agreements import earlier
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of
from tests.committee.register.scene import record
from tests.stories import told_once

pytestmark = pytest.mark.django_db
SAID = "a donné son accord"


@told_once
def committee():
    return committee_of()


@told_once
def version(committee):
    return committee.proposed()


@told_once
def pending(committee, version):
    return record(version, committee.caf_seat, committee.coordinator)


@told_once
def refused(committee, pending):
    answers.refuse_all([pending], reason="Jamais dit", by=committee.caf_member)
    return pending


@told_once
def denied(pending):
    earlier.contested(pending)
    return pending


@told_once
def undone(committee, version):
    entry = answers.answer(Reply(version), by=committee.caf_member)
    answers.undo([entry], by=committee.caf_member)
    return entry


@pytest.fixture
def get(client, committee):
    client.force_login(committee.epci_member)

    def get(name, *args, **asked):
        return client.get(reverse(name, args=[committee.convention.slug, *args]), asked)

    return get


STATES = {
    "pending": ("awaited", "à confirmer", "n’a pas encore confirmé l’accord saisi"),
    "refused": ("awaited", "démenti", "a démenti l’accord saisi en son nom"),
    "denied": ("change", "contestée", "a contesté l’accord saisi en son nom"),
    "undone": ("awaited", "annulée", "a annulé sa réponse « D’accord »"),
}


@pytest.fixture(params=STATES)
def doubtful(request):
    """An answer, with its sign, what its word says, and its sentence."""
    return (request.getfixturevalue(request.param), *STATES[request.param])


def test_sign_and_word_say_that_a_doubtful_answer_does_not_count(doubtful):
    entry, sign, word, sentence = doubtful
    entry = Agreement.objects.get(pk=entry.pk)
    assert (sign_of(entry), reading.Line(entry).sign) == (sign, sign)
    assert word in entry.label
    assert sentence in reading.sentence_of(entry)


def test_the_page_of_a_doubtful_answer_does_not_say_that_the_party_agreed(get, doubtful):
    entry, _, _, sentence = doubtful
    page = get("committee:entry", entry.pk)
    heading = re.search(r"<h1>(.*?)</h1>", page.content.decode(), re.S)[1].replace("\u00a0", " ")
    assert sentence in heading
    assert SAID not in heading


def test_the_search_does_not_say_that_the_party_of_a_doubtful_answer_agreed(get, doubtful):
    text = page_of(get("conventions:search", q="espaces France"))
    assert doubtful[3] in text.replace("\u00a0", " ")
    assert SAID not in text


def test_the_list_and_its_title_show_a_doubtful_answer_apart(get, committee, doubtful):
    page = get("committee:register", reponse="agreed", organisme=committee.caf.pk)
    title = page.context["title"].replace("\u00a0", " ")
    word = doubtful[2].replace("démenti", "démentie")
    assert title == f"Aucun accord {committee.caf.genitive}, 1 réponse {word}"
    assert doubtful[2] in page_of(page)


def test_the_title_counts_pending_answers_apart_from_agreements(get, committee, pending):
    committee.agree(committee.proposed("Un autre"), committee.caf_member)
    page = get("committee:register", reponse="agreed")
    title = page.context["title"].replace("\u00a0", " ")
    assert title == "1 accord au registre, 1 réponse à confirmer"


def test_the_files_label_a_doubtful_answer_as_such(get, doubtful):
    content = b"".join(get("committee:register_export", "csv")).decode()
    entry = Agreement.objects.get(pk=doubtful[0].pk)
    assert entry.label in content
