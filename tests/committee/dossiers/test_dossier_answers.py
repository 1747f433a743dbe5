"""A dossier is answered in one act: agreed throughout, except where something else is picked."""

import datetime

import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Answer, State
from agreements.versions import events as drafts
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.dossiers.scene import (
    change,
    dossier_of,
    filled,
    seen_text,
    told,
    url_of,
    versions_of,
)
from tests.factories import MembershipFactory
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@pytest.fixture
def caf(committee, client):
    """The browser of the Caf's member."""
    client.force_login(committee.caf_member)
    return client


def answered(dossier) -> dict[int, str]:
    entries = Agreement.objects.filter(version__dossiers=dossier)
    return {entry.version_id: entry.answer for entry in entries}


def test_the_page_as_it_comes_agrees_to_everything(committee, caf):
    dossier = dossier_of(committee, 12)
    page = caf.get(url_of(dossier))
    assert "Douze points attendent la réponse de la Caf d’Exemple" in seen_text(page)
    assert "Je suis d’accord sur les douze points" in seen_text(page)
    after = caf.post(url_of(dossier), filled(page), follow=True)
    assert set(answered(dossier).values()) == {Answer.AGREED}
    entries = Agreement.objects.filter(dossier_answer__dossier=dossier)
    assert entries.count() == 12
    assert {entry.user for entry in entries} == {committee.caf_member}
    assert told(after) == ["Votre accord sur douze points est enregistré."]
    assert "Vous avez répondu aux douze points" in seen_text(after)
    assert after.context["sheet"].forms == []


def test_each_exception_is_written_on_its_point(committee, caf):
    dossier = dossier_of(committee, 5)
    one, two, three, four, five = versions_of(dossier)
    day = timezone.localdate() + datetime.timedelta(days=30)
    page = caf.get(url_of(dossier))
    said = {
        f"p{one.pk}": {"answer": Answer.CHANGE_REQUESTED, "reason": "Plus tôt"},
        f"p{two.pk}": {"answer": Answer.DELIBERATION, "body": "Bureau", "body_date": day},
        f"p{three.pk}": {"answer": Answer.AGENDA, "reason": "À débattre"},
        f"p{four.pk}": {"answer": "later"},
    }
    after = caf.post(url_of(dossier), filled(page, **said), follow=True)
    entries = {entry.version_id: entry for entry in Agreement.objects.all()}
    assert (entries[one.pk].answer, entries[one.pk].reason) == ("change_requested", "Plus tôt")
    assert (entries[two.pk].body, entries[two.pk].body_date) == ("Bureau", day)
    assert (entries[three.pk].answer, entries[three.pk].reason) == ("agenda", "À débattre")
    assert four.pk not in entries
    assert entries[five.pk].answer == Answer.AGREED
    assert told(after) == ["Quatre réponses sont enregistrées, dont un accord."]
    assert [form.version for form in after.context["sheet"].forms] == [four]
    assert "Un point attend la réponse de la Caf" in seen_text(after)


def test_what_is_typed_under_another_choice_is_not_said(committee, caf):
    """A reason left behind after going back to « d’accord » is no reserve."""
    dossier = dossier_of(committee, 1)
    [version] = versions_of(dossier)
    typed = {"answer": Answer.AGREED, "reason": "Non finalement", "body": "Bureau"}
    data = filled(caf.get(url_of(dossier)), **{f"p{version.pk}": typed})
    caf.post(url_of(dossier), data)
    entry = Agreement.objects.get()
    assert (entry.answer, entry.reason, entry.body) == (Answer.AGREED, "", "")


def test_mistakes_come_back_each_at_its_point_with_all_that_was_typed(committee, caf):
    dossier = dossier_of(committee, 4)
    one, two, three, _four = versions_of(dossier)
    said = change(one, "") | {
        f"p{two.pk}": {"answer": Answer.DELIBERATION, "body": "Conseil", "body_date": "30/02/2030"},
        **change(three, "Un motif bien rempli"),
    }
    data = filled(caf.get(url_of(dossier)), **said)
    back = caf.post(url_of(dossier), data)
    assert back.status_code == 200
    assert not Agreement.objects.exists()
    assert [item.version for item in back.context["sheet"].to_correct] == [one, two]
    text = seen_text(back)
    assert "Rien n’est encore enregistré" in text
    assert f'href="#id_p{one.pk}-reason"' in text
    assert f'href="#id_p{two.pk}-body_date"' in text
    assert "Un motif bien rempli" in text
    assert 'value="Conseil"' in text
    assert 'value="30/02/2030"' in text
    # What was shown the first time is what is answered: the token has not moved.
    assert back.context["sheet"].seen_field.value() == data["seen"]
    opened = [form.version for form in back.context["sheet"].forms if form.is_otherwise]
    assert opened == [one, two, three]


def test_a_deliberation_without_a_date_or_a_body_is_told_where(committee, caf):
    dossier = dossier_of(committee, 2)
    one, two = versions_of(dossier)
    said = {
        f"p{one.pk}": {"answer": Answer.DELIBERATION, "body": "Conseil"},
        f"p{two.pk}": {"answer": Answer.DELIBERATION, "body_date": "2030-01-01"},
    }
    back = caf.post(url_of(dossier), filled(caf.get(url_of(dossier)), **said))
    first, second = back.context["sheet"].forms
    assert (set(first.errors), set(second.errors)) == ({"body_date"}, {"body"})


@pytest.mark.parametrize("answer", ["", "retracted", "favourable", "oui"])
def test_an_answer_that_nobody_offered_is_never_taken_for_an_agreement(committee, caf, answer):
    dossier = dossier_of(committee, 2)
    one, _two = versions_of(dossier)
    data = filled(caf.get(url_of(dossier)), **{f"p{one.pk}": {"answer": answer}})
    assert caf.post(url_of(dossier), data).status_code == 200
    del data[f"p{one.pk}-answer"]
    assert caf.post(url_of(dossier), data).status_code == 200
    assert not Agreement.objects.exists()


def test_putting_everything_off_records_nothing_and_says_so(committee, caf):
    dossier = dossier_of(committee, 2)
    later = {f"p{version.pk}": {"answer": "later"} for version in versions_of(dossier)}
    page = caf.post(url_of(dossier), filled(caf.get(url_of(dossier)), **later))
    assert told(page) == ["Vous n’avez répondu à aucun point : rien n’est enregistré."]
    assert not Agreement.objects.exists()
    assert len(page.context["sheet"].forms) == 2


def test_a_version_changed_meanwhile_is_not_answered_and_its_difference_is_linked(committee, caf):
    dossier = dossier_of(committee, 3)
    changed, *_others = versions_of(dossier)
    page = caf.get(url_of(dossier))
    newer = committee.edited(changed, title="Autrement dit")
    after = caf.post(url_of(dossier), filled(page, **change(changed, "Mon motif")))
    assert after.status_code == 200
    assert changed.pk not in answered(dossier)
    text = seen_text(after)
    assert "Votre accord sur deux points est enregistré." in text
    assert "Une réponse n’a pas été prise" in text
    assert f"/points/{newer.pk}/?depuis=1" in text
    assert "Vous aviez écrit : « Mon motif »" in text
    assert [item.version for item in after.context["reading"].refused] == [changed]


def test_what_a_colleague_has_answered_meanwhile_stands_and_is_told(committee, caf):
    colleague = SeatFactory(organisation=committee.caf, capacity="Présidente").user
    dossier = dossier_of(committee, 3)
    first, *_others = versions_of(dossier)
    page = caf.get(url_of(dossier))
    answers.answer(Reply(first, Answer.CHANGE_REQUESTED, reason="Moins"), by=colleague)
    after = caf.post(url_of(dossier), filled(page))
    assert Agreement.objects.get(version=first).user == colleague
    assert Agreement.objects.filter(user=committee.caf_member).count() == 2
    text = seen_text(after)
    assert f"{colleague} vient de répondre « Modification demandée »" in text
    assert "Votre accord sur deux points est enregistré." in text


def test_the_same_form_sent_twice_is_one_answer_to_each_point(committee, caf):
    dossier = dossier_of(committee, 2)
    data = filled(caf.get(url_of(dossier)), **change(versions_of(dossier)[0]))
    for _ in range(2):
        assert caf.post(url_of(dossier), data).status_code == 302
    assert Agreement.objects.count() == 2


def test_the_last_answers_bring_points_into_force_and_complete_the_dossier(committee, caf):
    dossier = dossier_of(committee, 2)
    versions = versions_of(dossier)
    committee.agree(versions[0], committee.epci_member)
    answers.answer(
        Reply(versions[1], Answer.AGENDA), by=committee.epci_member
    )  # answered, not agreed
    after = caf.post(url_of(dossier), filled(caf.get(url_of(dossier))), follow=True)
    [message] = told(after)
    assert message.endswith("Tous les accords sont réunis : un point entre en vigueur.")
    versions[0].refresh_from_db()
    dossier.refresh_from_db()
    assert versions[0].state == State.IN_FORCE
    assert dossier.completed_at
    assert "Toutes les réponses sont là" in seen_text(after)


def test_only_points_that_await_the_party_are_asked(committee, caf):
    """Answered, returned to its author, withdrawn: none is asked again."""
    dossier = dossier_of(committee, 4)
    done, returned, withdrawn, open_one = versions_of(dossier)
    committee.agree(done, committee.caf_member)
    answers.answer(Reply(returned, Answer.CHANGE_REQUESTED, reason="Non"), by=committee.epci_member)
    drafts.withdraw_version(withdrawn, reason="Sans objet", by=committee.coordinator)
    page = caf.get(url_of(dossier))
    assert [form.version for form in page.context["sheet"].forms] == [open_one]
    text = seen_text(page)
    assert "Le point est retourné à son auteur" in text
    assert "Cette version a été retirée" in text
    assert "Je suis d’accord sur ce point" in text


def test_a_deliberation_whose_day_has_passed_is_asked_for_again(committee, caf):
    dossier = dossier_of(committee, 1)
    [version] = versions_of(dossier)
    past = timezone.localdate() - datetime.timedelta(days=1)
    announced = Reply(version, Answer.DELIBERATION, body="Bureau", body_date=past)
    answers.answer(announced, by=committee.caf_member)
    page = caf.get(url_of(dossier))
    caf.post(url_of(dossier), filled(page))
    assert list(version.agreements.values_list("answer", "rank")) == [
        ("deliberation", 1),
        ("agreed", 2),
    ]


def test_a_delegate_is_asked_only_for_the_kinds_delegated(committee, client):
    dossier = dossier_of(committee, 1)
    delegate = DelegationFactory(seat=committee.caf_seat, kinds=["action"])
    client.force_login(delegate.user)
    assert client.get(url_of(dossier)).context["sheet"].forms == []
    delegate.kinds = ["objective"]
    delegate.save()
    client.post(url_of(dossier), filled(client.get(url_of(dossier))))
    entry = Agreement.objects.get()
    assert entry.delegation == delegate
    assert "par délégation d" in entry.capacity


def test_who_speaks_for_two_parties_answers_in_the_name_chosen(committee, client):
    user = committee.caf_member
    MembershipFactory(organisation=committee.epci, user=user, reader=True)
    SeatFactory(organisation=committee.epci, user=user)
    dossier = dossier_of(committee, 1)
    client.force_login(user)
    page = client.get(url_of(dossier) + f"?pour={committee.epci.pk}")
    assert f"?pour={committee.caf.pk}" in seen_text(page)
    client.post(url_of(dossier), filled(page) | {"pour": committee.epci.pk})
    assert Agreement.objects.get().organisation == committee.epci
    # Nobody speaks for two parties on one version: the other party's answer is not asked of them.
    assert client.get(url_of(dossier) + f"?pour={committee.caf.pk}").context["sheet"].forms == []


def test_a_mandate_that_ended_while_one_wrote_answers_for_nobody_else(committee, client):
    """Who also speaks for another party is not taken to answer for it; what was typed is shown."""
    user = committee.caf_member
    MembershipFactory(organisation=committee.epci, user=user, reader=True)
    SeatFactory(organisation=committee.epci, user=user)
    dossier = dossier_of(committee, 2)
    one, two = versions_of(dossier)
    client.force_login(user)
    page = client.get(url_of(dossier) + f"?pour={committee.caf.pk}")
    committee.caf_seat.ends_on = timezone.localdate() - datetime.timedelta(days=1)
    committee.caf_seat.save()
    said = change(one, "Un long motif") | change(two, "")
    back = client.post(url_of(dossier), filled(page, **said) | {"pour": committee.caf.pk})
    assert not Agreement.objects.exists()
    text = seen_text(back)
    assert "Vous ne répondez plus au nom de cet organisme" in text
    assert "Vous aviez écrit : « Un long motif »" in text
    assert "Aucune réponse n’est enregistrée" in text
    assert 'class="dossier-answer' not in text


@pytest.mark.parametrize("kind", ["adviser", "advisory"])
def test_who_only_advises_has_no_form_and_commits_nobody(committee, client, kind):
    dossier = dossier_of(committee, 1)
    [version] = versions_of(dossier)
    client.force_login(SeatFactory(organisation=committee.caf, **{kind: True}).user)
    assert client.get(url_of(dossier)).context["sheet"].forms == []
    data = {"seen": f"{version.pk}:0", f"p{version.pk}-answer": "agreed"}
    page = client.post(url_of(dossier), data)
    assert "Seuls les membres du comité répondent" in seen_text(page)
    assert not Agreement.objects.exists()


def test_a_version_that_the_dossier_does_not_hold_is_not_answered_through_it(committee, caf):
    dossier, outside = dossier_of(committee, 1), committee.proposed("Ailleurs")
    caf.post(url_of(dossier), {"seen": f"{outside.pk}:0", f"p{outside.pk}-answer": "agreed"})
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("seen", ["", "1", "a:b", "1:2:3", "99999999999999999999:0", "\0", "٣:0x"])
def test_a_form_whose_token_was_spoilt_answers_nothing(committee, caf, seen):
    dossier = dossier_of(committee, 1)
    [version] = versions_of(dossier)
    page = caf.post(url_of(dossier), {"seen": seen, f"p{version.pk}-answer": "agreed"})
    assert page.status_code == 200
    assert not Agreement.objects.exists()
