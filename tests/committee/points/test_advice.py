"""Who gives an avis is asked for it where the others answer: list, point, dossier, tasks, mail."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.answers.lights import point_of
from agreements.models import Agreement, Answer
from agreements.versions import events as drafts
from committee.dossiers.events import recall_dossier, send_dossier
from committee.pages import CommitteeReader
from committee.points.inbox import Inbox, ListedInbox
from committee.points.tasks import committee_tasks
from notifications.models import Notice
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of, yesterday
from tests.committee.mail.mailing import (
    NOON,
    TERM,
    after,
    at,
    html_of,
    links_in,
    mail_sent_at,
    on_one_line,
    recipients,
    subjects,
)
from tests.committee.pages import page_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db
KINDS = ["adviser", "advisory"]


@told_once
def committee():
    return committee_of()


def seat_of(committee, kind: str):
    return SeatFactory(organisation=committee.caf, **{kind: True})


@pytest.fixture(params=KINDS)
def adviser(committee, request):
    return seat_of(committee, request.param).user


def url(committee, name, *args):
    return reverse(f"committee:{name}", args=[committee.convention.slug, *args])


def tasks(committee, user) -> list[tuple[str, str]]:
    by_convention = committee_tasks(user, [committee.convention], timezone.localdate())
    return [(task.title, task.button) for task in by_convention.get(committee.convention.pk, [])]


def advise(version, user, opinion=Answer.FAVOURABLE, reason=""):
    return answers.advise(version, opinion=opinion, reason=reason, by=user)


# Tasks ---------------------------------------------------------------------------------------


def test_what_awaits_an_avis_is_a_task(committee, adviser):
    assert tasks(committee, adviser) == []
    versions = [committee.proposed(f"Point {n}") for n in range(10)]
    assert tasks(committee, adviser) == [("Dix points attendent votre avis.", "Donner un avis")]
    for version in versions[1:]:
        advise(version, adviser)
    assert tasks(committee, adviser) == [("Un point attend votre avis.", "Donner un avis")]
    advise(versions[0], adviser, Answer.RESERVED, "À financer")
    assert tasks(committee, adviser) == []


def test_an_avis_is_of_a_person_and_of_a_version(committee, adviser):
    version = committee.proposed()
    other = seat_of(committee, "adviser").user
    advise(version, other)
    assert tasks(committee, other) == []
    assert len(tasks(committee, adviser)) == 1
    committee.edited(version, title="Autrement")
    assert len(tasks(committee, other)) == 1


def test_an_avis_undone_is_asked_for_again(committee, adviser):
    entry = advise(committee.proposed(), adviser)
    assert tasks(committee, adviser) == []
    answers.undo([entry], by=adviser)
    assert len(tasks(committee, adviser)) == 1


def test_what_is_returned_withdrawn_in_force_or_one_s_own_awaits_no_avis(committee, adviser):
    returned, withdrawn = committee.proposed(), committee.proposed()
    committee.in_force()
    reply = Reply(returned, Answer.CHANGE_REQUESTED, reason="Plus tôt")
    answers.answer(reply, by=committee.caf_member)
    drafts.withdraw_version(withdrawn, reason="Non", by=committee.coordinator)
    own = committee.proposed()
    type(own).objects.filter(pk=own.pk).update(author=adviser)
    assert tasks(committee, adviser) == []


def test_only_who_advises_today_is_asked_for_an_avis(committee, client):
    committee.proposed()
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    substitute = SeatFactory(organisation=committee.caf, substitute=True).user
    gone = seat_of(committee, "adviser")
    gone.ends_on = yesterday()
    gone.save()
    for user in (reader, substitute, gone.user, committee.coordinator):
        assert tasks(committee, user) == []
        client.force_login(user)
        assert "Donner un avis" not in page_of(client.get(url(committee, "points")))


def test_the_dashboard_leads_to_what_awaits_an_avis(committee, client, adviser):
    committee.proposed()
    client.force_login(adviser)
    text = page_of(client.get(committee.convention.get_absolute_url()))
    assert "Un point attend votre avis" in text
    assert "Donner un avis" in text


def test_who_answers_for_a_party_and_advises_for_another_is_asked_for_both(committee):
    user = committee.epci_member
    f.MembershipFactory(organisation=committee.caf, user=user, reader=True)
    SeatFactory(organisation=committee.caf, user=user, adviser=True)
    committee.proposed()
    assert [button for _title, button in tasks(committee, user)] == ["Répondre", "Donner un avis"]


# Pages ---------------------------------------------------------------------------------------


def test_the_list_offers_an_avis_where_others_agree(committee, client, adviser):
    versions = [committee.proposed("Ouvrir deux espaces"), committee.proposed("Former")]
    client.force_login(adviser)
    page = client.get(url(committee, "points"))
    text = page_of(page)
    assert "Deux points attendent votre avis" in text
    assert "D’accord" not in text
    html = page.content.decode()
    assert text.count("Lire et donner un avis") == 2
    for version in versions:
        assert f'href="{url(committee, "point", version.pk)}' in html
    advise(versions[0], adviser)
    page = client.get(url(committee, "points"))
    assert "Un point attend votre avis" in page_of(page)
    groups = [(group.key, len(group)) for group in page.context["inbox"].groups]
    assert groups == [("avis", 1), ("a-repondre", 1)]


def test_the_point_offers_an_avis_until_it_is_given(committee, client, adviser):
    version = committee.proposed()
    client.force_login(adviser)
    page = client.get(url(committee, "point", version.pk))
    assert page.context["page"].awaits_advice
    text = page_of(page)
    assert text.count("Donner un avis") == 1
    assert "D’accord" not in text
    advise(version, adviser)
    page = client.get(url(committee, "point", version.pk))
    assert not page.context["page"].awaits_advice
    # Another word may be added: the last stands.
    assert "Donner un autre avis" in page_of(page)


def test_the_dossier_offers_an_avis_at_each_of_its_points(committee, client, adviser):
    versions = [committee.proposed("Ouvrir"), committee.proposed("Former")]
    dossier = send_dossier(committee.convention, versions, title="Mars", by=committee.coordinator)
    client.force_login(adviser)
    page = client.get(url(committee, "dossier", dossier.pk))
    text = page_of(page)
    assert "Deux points attendent votre avis" in text
    assert text.count("Lire et donner un avis") == 2
    assert "dossier-answer" not in page.content.decode()
    advise(versions[0], adviser)
    text = page_of(client.get(url(committee, "dossier", dossier.pk)))
    assert "Un point attend votre avis" in text
    advise(versions[1], adviser)
    assert "votre avis" not in page_of(client.get(url(committee, "dossier", dossier.pk)))


def test_avis_are_given_one_after_the_other(committee, client, adviser):
    """The list begins with the first without one; each leads to the next, the last to itself."""
    first, second, third = (committee.proposed(title) for title in ("Ouvrir", "Former", "Aider"))
    client.force_login(adviser)
    page = client.get(url(committee, "points"))
    assert page.context["advice"].first_url == url(committee, "point", first.pk)
    assert "Commencer par le premier" in page_of(page)
    advise(second, adviser)
    page = client.get(url(committee, "point", first.pk))
    assert "Avis 1 sur 3" in page_of(page)
    given = {"opinion": Answer.FAVOURABLE, "reason": ""}
    page = client.post(page.context["page"].advise_url, given, follow=True)
    assert page.redirect_chain == [(url(committee, "point", third.pk), 302)]
    text = page_of(page)
    assert "Avis favorable enregistré : « Ouvrir »." in text
    assert "Avis 3 sur 3" in text
    assert "Reprendre à l’avis 3" in page_of(client.get(url(committee, "points")))
    page = client.post(page.context["page"].advise_url, given, follow=True)
    assert page.redirect_chain == [(url(committee, "point", third.pk), 302)]
    text = page_of(page)
    assert "Plus aucun point n’attend votre avis." in text
    assert "Annuler ma réponse" in text
    assert "Reprendre à l’avis" not in page_of(client.get(url(committee, "points")))


def test_the_points_that_follow_each_other_are_those_asked_for(committee, adviser, rf):
    """The list by keys and the question asked of each point are twins."""
    asked, given, returned, confirmed, own = (committee.proposed(f"Point {n}") for n in range(5))
    committee.in_force()
    advise(given, adviser)
    answers.answer(
        Reply(returned, Answer.CHANGE_REQUESTED, reason="Plus tôt"), by=committee.caf_member
    )
    committee.agree(confirmed, committee.caf_member)
    type(own).objects.filter(pk=own.pk).update(author=adviser)
    request = rf.get("/")
    request.user = adviser
    here = CommitteeReader(request, committee.convention.slug)
    by_point = ListedInbox(here).advisable_pks
    assert Inbox(here).advisable_pks == by_point == [asked.pk, given.pk, confirmed.pk]


def test_the_avis_of_a_dossier_are_given_within_it(committee, client, adviser):
    committee.proposed("Hors du dossier")
    versions = [committee.proposed("Ouvrir"), committee.proposed("Former")]
    dossier = send_dossier(committee.convention, versions, title="Mars", by=committee.coordinator)
    client.force_login(adviser)
    page = client.get(url(committee, "dossier", dossier.pk))
    begin = f"{url(committee, 'point', versions[0].pk)}?dossier={dossier.pk}"
    assert page.context["advice"].first_url == begin
    page = client.get(begin)
    assert "Avis 1 sur 2" in page_of(page)
    form = page.context["page"].advise_url
    assert client.get(form).context["back"] == begin
    page = client.post(form, {"opinion": Answer.FAVOURABLE, "reason": ""})
    assert page.url == f"{url(committee, 'point', versions[1].pk)}?dossier={dossier.pk}"


def test_who_answers_and_advises_reads_where_the_point_is_among_those_to_answer(committee, client):
    user = committee.epci_member
    f.MembershipFactory(organisation=committee.caf, user=user, reader=True)
    SeatFactory(organisation=committee.caf, user=user, adviser=True)
    version = committee.proposed()
    client.force_login(user)
    assert "Point 1 sur 1" in page_of(client.get(url(committee, "point", version.pk)))
    committee.agree(version, user)
    assert "Avis 1 sur 1" in page_of(client.get(url(committee, "point", version.pk)))


def test_a_dossier_called_back_awaits_no_avis(committee, client, adviser):
    dossier = send_dossier(
        committee.convention, [committee.proposed()], title="Mars", by=committee.coordinator
    )
    recall_dossier(dossier, by=committee.coordinator)
    client.force_login(adviser)
    text = page_of(client.get(url(committee, "dossier", dossier.pk)))
    assert "Donner un avis" not in text


def test_an_avis_settles_nothing_and_answers_for_nobody(committee, adviser):
    version = committee.proposed()
    committee.agree(version, committee.epci_member)
    advise(version, adviser)
    version.refresh_from_db()
    assert version.is_proposed
    point = point_of(version)
    assert point.awaits(committee.caf, timezone.localdate())
    assert not Agreement.objects.by_parties().filter(organisation=committee.caf).exists()


# Mail ----------------------------------------------------------------------------------------


@pytest.fixture(params=KINDS)
def written_to(request):
    """A committee whose convention runs in 2024, and somebody who gives an avis."""
    with at(NOON):
        committee = committee_of(**TERM)
        return committee, SeatFactory(organisation=committee.caf, **{request.param: True}).user


def test_who_gives_an_avis_is_written_to_when_points_are_proposed(written_to):
    committee, adviser = written_to
    with at(NOON):
        committee.proposed("Ouvrir deux espaces")
        committee.proposed("Former")
    [message] = mail_sent_at(after(hours=1), adviser.email)
    assert subjects([message]) == ["Deux points attendent votre avis (CTG Territoire 0)"]
    for text in (on_one_line(message.body), on_one_line(html_of(message))):
        assert "Deux points attendent votre avis." in text
        assert "il n’engage pas la Caf d’Exemple" in text
        assert "Lire les points et donner un avis" in text
        assert "la réponse" not in text
    assert mail_sent_at(after(hours=2), adviser.email) == []


def test_the_message_on_one_point_leads_to_it(written_to):
    committee, adviser = written_to
    with at(NOON):
        version = committee.proposed("Ouvrir deux espaces")
    [message] = mail_sent_at(after(hours=1), adviser.email)
    assert subjects([message]) == ["Un point attend votre avis (CTG Territoire 0)"]
    assert any(f"points/{version.pk}/" in link or "lien" in link for link in links_in(message))
    notice = Notice.objects.get(user=adviser, kind="advice_awaited")
    assert notice.title == "Un point attend votre avis : « Ouvrir deux espaces »"


def test_an_adviser_who_gave_an_avis_meanwhile_is_not_written_to(written_to):
    committee, adviser = written_to
    with at(NOON):
        advise(committee.proposed(), adviser)
    assert adviser.email not in recipients(mail_sent_at(after(hours=1)))


def test_a_dossier_is_sent_to_who_gives_an_avis_with_its_points(written_to):
    committee, adviser = written_to
    with at(NOON):
        versions = [committee.proposed("Ouvrir"), committee.proposed("Former")]
    mail_sent_at(after(hours=1))
    with at(after(hours=2)):
        send_dossier(committee.convention, versions, title="Mars", by=committee.coordinator)
    [message] = mail_sent_at(after(hours=3), adviser.email)
    text = on_one_line(message.body)
    assert "vous a envoyé le dossier « Mars »" in text
    assert "Deux points attendent votre avis" in text
    assert "Lire le dossier et donner un avis" in text


def test_a_later_adviser_is_asked_for_an_avis(written_to):
    committee, _adviser = written_to
    with at(NOON):
        committee.proposed()
    mail_sent_at(after(hours=1))
    with at(after(days=1)):
        newcomer = SeatFactory(organisation=committee.epci, adviser=True).user
    [message] = mail_sent_at(after(days=1, hours=1), newcomer.email)
    assert "votre avis" in message.subject
