"""A party that agreed to an earlier version reads what has changed since, not since what is in
force."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Received, Reply
from agreements.answers.lights import point_of
from agreements.models import Answer
from committee.dossiers.events import send_dossier
from committee.points.earlier import agreed_earlier, requested_earlier
from ctg_portal.templatetags.french import long_date
from ctg_portal.text.differences import ADDED, REMOVED
from tests.agreements.earlier import counted_by_delay
from tests.agreements.factories import committee_of
from tests.committee.mail.mailing import NOON, TERM, after, at, html_of, mail_sent_at, on_one_line
from tests.committee.pages import page_of
from tests.committee.register.scene import record
from tests.committee.scene import a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def again(committee):
    """In force with two; the Caf agreed to three, and is asked about four."""
    two = committee.in_force("Ouvrir deux espaces")
    three = committee.edited(two, title="Ouvrir trois espaces")
    committee.agree(three, committee.caf_member)
    return committee.edited(three, title="Ouvrir quatre espaces")


def titles(changes) -> list[tuple[str, str]]:
    """What was removed and added to the title."""
    [title] = [change for change in changes.changed if change.label == "Intitulé"]
    return [(p.text, p.change) for p in title.pieces if p.change in (ADDED, REMOVED)]


SINCE_MINE = [("trois", REMOVED), ("quatre", ADDED)]
SINCE_IN_FORCE = [("deux", REMOVED), ("quatre", ADDED)]


def url(committee, name, *args):
    return reverse(f"committee:{name}", args=[committee.convention.slug, *args])


def you_agreed(version) -> str:
    return on_one_line(f"Vous aviez accepté la version 2 du {long_date(version.base.dated)}")


def test_the_last_version_that_a_party_agreed_to_is_returned(committee, again):
    earlier = agreed_earlier([point_of(again)])
    three = again.base
    assert earlier[again.pk, committee.caf.pk] == three
    # The agglomération agreed to the one in force only.
    assert earlier[again.pk, committee.epci.pk] == three.base


def test_a_party_that_agreed_again_is_not_asked_again(committee, again):
    committee.agree(again, committee.caf_member)
    assert {pk for _version, pk in agreed_earlier([point_of(again)])} == {committee.epci.pk}


def test_an_agreement_taken_back_was_none(committee):
    first = committee.proposed("Ouvrir deux espaces")
    committee.agree(first, committee.caf_member)
    answers.retract(first, reason="Trop tôt", by=committee.caf_member)
    assert agreed_earlier([point_of(committee.edited(first, title="Autrement"))]) == {}


def test_what_a_delay_of_an_earlier_release_agreed_to_was_read_by_nobody(client, committee):
    """The party is shown the whole of it, and not told that it had agreed."""
    first = committee.proposed("Ouvrir deux espaces")
    counted_by_delay(record(first, committee.caf_seat, committee.coordinator))
    assert point_of(first).is_agreed_by(committee.caf)
    later = committee.edited(first, title="Ouvrir trois espaces")
    assert agreed_earlier([point_of(later)]) == {}
    client.force_login(committee.caf_member)
    page = on_one_line(page_of(client.get(url(committee, "point", later.pk))))
    assert "Vous aviez accepté" not in page


def test_points_without_earlier_versions_cost_no_query(committee, django_assert_num_queries):
    point = point_of(committee.proposed())
    with django_assert_num_queries(0):
        assert agreed_earlier([point]) == {}


def test_the_page_of_the_point_compares_with_what_my_party_agreed_to(client, committee, again):
    client.force_login(committee.caf_member)
    page = client.get(url(committee, "point", again.pk))
    assert titles(page.context["page"].changes) == SINCE_MINE
    assert you_agreed(again) in on_one_line(page_of(page))
    # Any other is still to be had.
    page = client.get(url(committee, "point", again.pk) + "?depuis=1")
    assert titles(page.context["page"].changes) == SINCE_IN_FORCE


def test_who_speaks_for_no_party_compares_with_what_is_in_force(client, committee, again):
    client.force_login(committee.coordinator)
    page = client.get(url(committee, "point", again.pk))
    assert titles(page.context["page"].changes) == SINCE_IN_FORCE
    assert "Vous aviez accepté" not in on_one_line(page_of(page))


def test_the_card_in_the_list_compares_with_what_my_party_agreed_to(client, committee, again):
    client.force_login(committee.caf_member)
    page = client.get(url(committee, "points"))
    [section] = page.context["listing"].sections
    assert titles(section.parts[0].cards[0].changes) == SINCE_MINE
    assert "Depuis la version 2, que vous aviez acceptée :" in on_one_line(page_of(page))


def test_the_page_of_an_answer_compares_with_what_my_party_agreed_to(client, committee, again):
    client.force_login(committee.caf_member)
    page = client.get(url(committee, "answer", again.pk) + "?reponse=modification")
    assert titles(page.context["changes"]) == SINCE_MINE
    assert you_agreed(again) in on_one_line(page_of(page))


def test_the_dossier_compares_with_what_my_party_agreed_to(client, committee, again):
    dossier = send_dossier(committee.convention, [again], title="Comité", by=committee.coordinator)
    client.force_login(committee.caf_member)
    page = client.get(url(committee, "dossier", dossier.pk))
    [item] = page.context["reading"].items
    assert titles(item.card.changes) == SINCE_MINE
    assert "Depuis la version 2, que vous aviez acceptée :" in on_one_line(page_of(page))
    answers.answer(Reply(again, Answer.CHANGE_REQUESTED, reason="Cinq"), by=committee.caf_member)
    committee.agree(again, committee.epci_member)
    page = client.get(url(committee, "dossier", dossier.pk))
    # What it asks to change is told of that too.
    assert "Depuis la version 2, que vous aviez acceptée :" in on_one_line(page_of(page))


def test_the_mail_compares_with_what_each_party_agreed_to():
    with at(NOON):
        committee = committee_of(**TERM)
        two = committee.in_force("Ouvrir deux espaces")
        three = committee.edited(two, title="Ouvrir trois espaces")
        committee.agree(three, committee.caf_member)
        committee.edited(three, title="Ouvrir quatre espaces")
    messages = {message.to[0]: message for message in mail_sent_at(after(hours=1))}
    caf = messages[committee.caf_member.email]
    epci = messages[committee.epci_member.email]
    for message, number, title in [(caf, 2, "trois"), (epci, 1, "deux")]:
        line = (
            f"Vous aviez accepté la version {number}. Intitulé : « Ouvrir quatre espaces » au lieu"
        )
        assert f"{line} de « Ouvrir {title} espaces »." in on_one_line(message.body)
        assert line in on_one_line(html_of(message))


# What a party had asked to change -----------------------------------------------------------------

WISH = "Cinq, dont « un itinérant »."
YOU_ASKED = "Vous aviez demandé, sur la version 2 du"


def asked_and_answered(committee):
    """In force with two; the Caf asks for five instead of three, and is asked about five."""
    two = committee.in_force("Ouvrir deux espaces")
    three = committee.edited(two, title="Ouvrir trois espaces")
    reply = Reply(three, Answer.CHANGE_REQUESTED, reason=WISH)
    answers.answer(reply, by=committee.caf_member)
    return three, committee.edited(three, title="Ouvrir cinq espaces")


def test_who_asked_for_something_else_reads_what_was_done_with_it(client, committee):
    _three, five = asked_and_answered(committee)
    client.force_login(committee.caf_member)
    page = client.get(url(committee, "point", five.pk))
    text = on_one_line(page_of(page))
    assert titles(page.context["page"].content) == [("trois", REMOVED), ("cinq", ADDED)]
    assert YOU_ASKED in text
    assert "« Cinq, dont “un itinérant” » Voici ce qui a changé depuis." in text
    assert "Ce qui change depuis la version 1, que vous aviez acceptée" in text
    assert "Depuis la version 2, que vous aviez demandé de modifier :" in on_one_line(
        page_of(client.get(url(committee, "points")))
    )
    committee.agree(five, committee.caf_member)
    assert YOU_ASKED not in on_one_line(page_of(client.get(url(committee, "point", five.pk))))


def test_who_has_agreed_since_has_asked_for_nothing(committee):
    _three, five = asked_and_answered(committee)
    assert requested_earlier([point_of(five)])
    committee.agree(five, committee.caf_member)
    six = committee.edited(five, title="Ouvrir six espaces")
    assert requested_earlier([point_of(six)]) == {}


@pytest.mark.parametrize("confirmed", [False, True])
def test_what_was_noted_for_a_party_is_its_request_once_confirmed(committee, confirmed):
    version = committee.proposed("Ouvrir deux espaces")
    request = Received(version, answer=Answer.CHANGE_REQUESTED, reason="Plus tôt")
    [entry] = answers.record_all(
        [request], committee.caf_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), by=committee.coordinator,
    )  # fmt: skip
    if confirmed:
        answers.confirm(entry, by=committee.caf_member)
    again = committee.edited(version, title="Ouvrir trois espaces")
    earlier = requested_earlier([point_of(again)])
    assert earlier.keys() == ({(again.pk, committee.caf.pk)} if confirmed else set())


def test_others_read_what_was_asked_without_unfolding(client, committee):
    _three, five = asked_and_answered(committee)
    client.force_login(committee.epci_member)
    text = on_one_line(page_of(client.get(url(committee, "point", five.pk))))
    asked = text.index(f"Sur la version 2, {committee.caf.the} demandait :")
    assert asked < text.index("Tout le détail")


def test_a_request_is_shown_where_it_is_made_and_where_it_is_answered(client, committee):
    version = committee.proposed("Ouvrir deux espaces")
    reply = Reply(version, Answer.CHANGE_REQUESTED, reason=WISH)
    answers.answer(reply, by=committee.caf_member)
    client.force_login(committee.coordinator)
    page = client.get(url(committee, "point", version.pk))
    text, wish = on_one_line(page_of(page)), "« Cinq, dont “un itinérant” »"
    assert text.index(wish) < text.index("Tout le détail")
    edit = url(committee, "edit_objective", version.subject.pk)
    html = page.content.decode()
    assert html.count(f'href="{edit}"') == 1
    assert f'<a class="btn btn-primary" href="{edit}">Écrire une autre version</a>' in html
    assert wish in on_one_line(page_of(client.get(edit)))


def test_the_mail_recalls_what_was_asked():
    with at(NOON):
        committee = committee_of(**TERM)
        asked_and_answered(committee)
    [caf] = [
        mail for mail in mail_sent_at(after(hours=1)) if mail.to[0] == committee.caf_member.email
    ]
    body = on_one_line(caf.body)
    assert "Vous aviez demandé : « Cinq, dont “un itinérant” » Intitulé : « Ouvrir cinq" in body
