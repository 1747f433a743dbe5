"""A dossier is answered point by point, or agreed to but for some; the recap gives it."""

import pytest
from django.urls import reverse

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Agreement, Answer, State
from agreements.versions import events as drafts
from committee.answers.events import note_answer
from committee.models import NotedAnswer
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.dossiers.scene import dossier_of, seen_text, url_of, versions_of
from tests.factories import MembershipFactory
from tests.indicators.values.entering import fields_of
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


def asked(page) -> list[str]:
    """The titles of the points that await the reader, in their order."""
    return [item.version.title for item in page.context["reading"].awaited]


def sent(page, action: str) -> dict:
    """What the form of a page sends to ``action``."""
    names = {"agree_to_all": "toutes-d-accord/", "recap": 'method="post"'}
    forms = page.content.decode().split("<form")[1:]
    index = next(n for n, form in enumerate(forms) if names[action] in form)
    return fields_of(page, index)


def agree_to_all(client, dossier):
    """« Être d’accord sur tout, sauf… »: the recap that follows."""
    page = client.get(url_of(dossier))
    url = reverse("committee:agree_to_all", args=[dossier.convention.slug])
    return client.post(url, sent(page, "agree_to_all"), follow=True)


def confirm(client, recap):
    data = {
        "pour": recap.context["organisation"].pk,
        "notees": recap.context["recap"].shown,
        "dossier": recap.context["series"].dossier.pk,
    }
    return client.post(recap.request["PATH_INFO"], data, follow=True)


def test_an_agreement_to_all_is_noted_then_given_by_the_recap(committee, caf):
    dossier = dossier_of(committee, 12)
    page = caf.get(url_of(dossier))
    assert "Douze points attendent la réponse de la Caf d’Exemple" in seen_text(page)
    recap = agree_to_all(caf, dossier)
    assert "Vous êtes sur le point de répondre à douze points" in seen_text(recap)
    assert not Agreement.objects.exists()
    after = confirm(caf, recap)
    assert "Vos douze réponses sont enregistrées" in seen_text(after)
    entries = Agreement.objects.filter(dossier_answer__dossier=dossier)
    assert set(entries.values_list("answer", flat=True)) == {Answer.AGREED}
    assert entries.count() == 12
    assert "Vous avez répondu aux douze points" in seen_text(caf.get(url_of(dossier)))


def test_an_answer_changed_from_the_recap_is_given_as_changed(committee, caf):
    dossier = dossier_of(committee, 3)
    first, *_others = versions_of(dossier)
    recap = agree_to_all(caf, dossier)
    line = recap.context["recap"].groups[0].lines[0]
    assert f"dossier={dossier.pk}" in line.url
    bar = caf.get(line.url)
    assert 'name="retour" value="recapitulatif"' in bar.content.decode()
    page = reverse("committee:answer", args=[dossier.convention.slug, first.pk])
    data = {"reponse": "modification", "reason": "Plus tôt", "dossier": dossier.pk,
            "retour": "recapitulatif", "last_rank": 0}  # fmt: skip
    recap = caf.post(page, data, follow=True)
    assert [(group.word, len(group.lines)) for group in recap.context["recap"].groups] == [
        ("D’accord", 2), ("Modification demandée", 1),
    ]  # fmt: skip
    confirm(caf, recap)
    assert Agreement.objects.get(version=first).reason == "Plus tôt"
    assert Agreement.objects.filter(dossier_answer__dossier=dossier).count() == 3


def test_agreeing_to_all_keeps_answers_noted_before(committee, caf):
    dossier = dossier_of(committee, 2)
    first, _second = versions_of(dossier)
    note_answer(Reply(first, Answer.AGENDA), by=committee.caf_member, organisation=committee.caf)
    agree_to_all(caf, dossier)
    assert NotedAnswer.objects.get(version=first).answer == Answer.AGENDA
    assert NotedAnswer.objects.count() == 2


def test_agreeing_to_all_covers_the_points_shown_only(committee, caf):
    dossier = dossier_of(committee, 2)
    first, second = versions_of(dossier)
    url = reverse("committee:agree_to_all", args=[dossier.convention.slug])
    outside = committee.proposed("Ailleurs")
    shown = f"{first.pk}:0 {outside.pk}:0 99999:0 a:b"
    caf.post(url, {"last_ranks": shown, "dossier": dossier.pk, "pour": committee.caf.pk})
    assert NotedAnswer.objects.get().version == first
    colleague = SeatFactory(organisation=committee.caf, capacity="Présidente").user
    answers.answer(Reply(second, Answer.AGENDA), by=colleague)
    caf.post(url, {"last_ranks": f"{second.pk}:0", "dossier": dossier.pk, "pour": committee.caf.pk})
    assert NotedAnswer.objects.count() == 1


@pytest.mark.parametrize("key", ["", "abc", "99999999999999999999", "0"])
def test_a_dossier_that_is_none_is_no_error(committee, caf, key):
    version = committee.proposed()
    page = reverse("committee:point", args=[committee.convention.slug, version.pk])
    assert caf.get(f"{page}?dossier={key}").status_code == 200


def test_the_points_of_a_dossier_follow_each_other(committee, caf):
    committee.proposed("Hors du dossier")
    dossier = dossier_of(committee, 2)
    opening, second = versions_of(dossier)
    page = caf.get(url_of(dossier))
    assert asked(page) == ["Point numéro 1", "Point numéro 2"]
    first = caf.get(page.context["series"].first_url)
    assert "Point 1 sur 2" in seen_text(first)
    answer = reverse("committee:answer", args=[dossier.convention.slug, opening.pk])
    after = caf.post(answer, {"reponse": "accord", "last_rank": 0, "dossier": dossier.pk})
    assert after.url.endswith(f"/points/{second.pk}/?dossier={dossier.pk}")
    assert NotedAnswer.objects.get().dossier == dossier


def test_the_last_answers_bring_points_into_force_and_complete_the_dossier(committee, caf):
    dossier = dossier_of(committee, 2)
    versions = versions_of(dossier)
    committee.agree(versions[0], committee.epci_member)
    answers.answer(
        Reply(versions[1], Answer.AGENDA), by=committee.epci_member
    )  # answered, not agreed
    after = confirm(caf, agree_to_all(caf, dossier))
    assert "Un point entre en vigueur" in seen_text(after)
    versions[0].refresh_from_db()
    dossier.refresh_from_db()
    assert versions[0].state == State.IN_FORCE
    assert dossier.completed_at
    assert "Toutes les réponses sont là" in seen_text(caf.get(url_of(dossier)))


def test_only_points_that_await_the_party_are_asked(committee, caf):
    """A point answered, returned or withdrawn is not asked again and says why."""
    dossier = dossier_of(committee, 4)
    done, returned, withdrawn, _open = versions_of(dossier)
    committee.agree(done, committee.caf_member)
    answers.answer(Reply(returned, Answer.CHANGE_REQUESTED, reason="Non"), by=committee.epci_member)
    drafts.withdraw_version(withdrawn, reason="Sans objet", by=committee.coordinator)
    page = caf.get(url_of(dossier))
    assert asked(page) == ["Point numéro 4"]
    text = seen_text(page)
    assert "Les autres points du dossier" in text
    assert "Le point est retourné à son auteur" in text
    assert "Cette version a été retirée" in text


def test_a_version_changed_meanwhile_is_not_answered_and_its_difference_is_linked(committee, caf):
    dossier = dossier_of(committee, 2)
    changed, *_others = versions_of(dossier)
    recap = agree_to_all(caf, dossier)
    newer = committee.edited(changed, title="Autrement dit")
    after = confirm(caf, recap)
    text = seen_text(after)
    assert "Une réponse est enregistrée." in text
    assert "n’est plus celle qui est proposée" in text
    assert "Ce qui ne peut plus être dit" in text
    assert f"/points/{newer.pk}/?depuis=1" in text
    assert not Agreement.objects.filter(version=changed).exists()


def test_a_delegate_is_asked_only_for_the_kinds_delegated(committee, client):
    dossier = dossier_of(committee, 1)
    delegate = DelegationFactory(seat=committee.caf_seat, kinds=["action"])
    client.force_login(delegate.user)
    assert asked(client.get(url_of(dossier))) == []
    delegate.kinds = ["objective"]
    delegate.save()
    confirm(client, agree_to_all(client, dossier))
    entry = Agreement.objects.get()
    assert entry.delegation == delegate
    assert "par délégation d" in entry.capacity


def test_a_member_of_two_parties_answers_in_the_name_chosen(committee, client):
    user = committee.caf_member
    MembershipFactory(organisation=committee.epci, user=user, reader=True)
    SeatFactory(organisation=committee.epci, user=user)
    dossier = dossier_of(committee, 1)
    client.force_login(user)
    page = client.get(url_of(dossier) + f"?pour={committee.epci.pk}")
    assert f"?pour={committee.caf.pk}" in seen_text(page)
    url = reverse("committee:agree_to_all", args=[dossier.convention.slug])
    recap = client.post(url, sent(page, "agree_to_all"), follow=True)
    assert "Au nom d’Exemple agglomération" in seen_text(recap)
    confirm(client, recap)
    assert Agreement.objects.get().organisation == committee.epci
    # Nobody speaks for two parties on one version: the other party's answer is not asked of them.
    assert asked(client.get(url_of(dossier) + f"?pour={committee.caf.pk}")) == []


def test_a_mandate_that_ended_while_one_read_gives_nothing_for_another_party(committee, client):
    user = committee.caf_member
    MembershipFactory(organisation=committee.epci, user=user, reader=True)
    SeatFactory(organisation=committee.epci, user=user)
    dossier = dossier_of(committee, 2)
    client.force_login(user)
    page = client.get(url_of(dossier) + f"?pour={committee.caf.pk}")
    url = reverse("committee:agree_to_all", args=[dossier.convention.slug])
    recap = client.post(url, sent(page, "agree_to_all"), follow=True)
    committee.caf_seat.delete()
    back = confirm(client, recap)
    assert "Vous ne répondez plus au nom de cet organisme" in seen_text(back)
    assert not Agreement.objects.exists()
    assert NotedAnswer.objects.count() == 2


@pytest.mark.parametrize("kind", ["adviser", "advisory"])
def test_an_adviser_is_asked_nothing_and_commits_nobody(committee, client, kind):
    dossier = dossier_of(committee, 1)
    [version] = versions_of(dossier)
    client.force_login(SeatFactory(organisation=committee.caf, **{kind: True}).user)
    page = client.get(url_of(dossier))
    assert asked(page) == []
    assert "Être d’accord sur tout" not in seen_text(page)
    url = reverse("committee:agree_to_all", args=[dossier.convention.slug])
    client.post(url, {"last_ranks": f"{version.pk}:0", "dossier": dossier.pk})
    assert not NotedAnswer.objects.exists()


def test_a_dossier_called_back_asks_for_nothing(committee, caf):
    dossier = dossier_of(committee, 1)
    assert asked(caf.get(url_of(dossier))) == ["Point numéro 1"]
    type(dossier).objects.filter(pk=dossier.pk).update(state="recalled")
    page = caf.get(url_of(dossier))
    assert asked(page) == []
    assert "Être d’accord sur tout" not in seen_text(page)
