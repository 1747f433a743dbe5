"""What was said of a dossier elsewhere: one form a party, one evidence, one page to confirm."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agreements.answers import events as answers
from agreements.answers.events import (
    NoneRecorded,
    Received,
    Reply,
    confirm_all,
    record_all,
    refuse_all,
)
from agreements.answers.lights import point_of
from agreements.models import Agreement, Answer, Attachment, Confirmation, Version
from agreements.versions import events as drafts
from committee.dossiers.events import recall_dossier, record_dossier, send_dossier
from committee.models import DossierAnswer
from committee.points.tasks import committee_tasks
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import de
from documents.models import StoredFile
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of, yesterday
from tests.committee.mail.mailing import NOON, TERM, after, at, mail_sent_at, on_one_line
from tests.committee.pages import after as after_post
from tests.committee.pages import count_queries, page_of, value_of
from tests.committee.scene import PDF, a_document
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def versions(committee):
    return [committee.proposed(title) for title in ("Ouvrir", "Former", "Recruter")]


@told_once
def dossier(committee, versions):
    return send_dossier(committee.convention, versions, title="Mars", by=committee.coordinator)


@pytest.fixture
def coordination(committee, client):
    client.force_login(committee.coordinator)
    return client


def pdf(name="courrier.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def url(committee, name, *args):
    return reverse(f"committee:{name}", args=[committee.convention.slug, *args])


def form_url(committee, dossier, organisation=None):
    organisation = organisation or committee.caf
    return url(committee, "record_dossier", dossier.pk, organisation.pk)


def data(page, seat, **values) -> dict:
    """The form as the page shows it, filled in."""
    return {
        "last_ranks": value_of(page, "last_ranks"),
        "seat": seat.pk,
        "received_on": timezone.localdate().isoformat(),
        "channel": "email",
        "whole": "agreed",
    } | values


def entries_of(versions) -> list[tuple[str, str]]:
    rows = Agreement.objects.filter(version__in=versions).order_by("version", "rank")
    return [(entry.answer, entry.reason) for entry in rows]


# The form ------------------------------------------------------------------------------------


def test_the_form_to_record_answers_chooses_nothing_at_first(committee, dossier, coordination):
    html = coordination.get(form_url(committee, dossier)).content.decode()
    assert "checked" not in html
    assert html.count('<option value="" selected>') == 3


def test_the_parties_are_offered_for_which_one_may_record(committee, dossier, client):
    def offered(user):
        client.force_login(user)
        page = client.get(url(committee, "record_parties", dossier.pk))
        page_of(page)
        return page.context["parties"]

    assert offered(committee.coordinator) == [committee.caf, committee.epci]
    colleague = SeatFactory(organisation=committee.caf, adviser=True).user
    assert offered(colleague) == [committee.caf]
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    assert offered(reader) == []


def test_all_agreed_is_read_again_then_kept_with_one_document(
    committee, versions, dossier, coordination
):
    page = coordination.get(form_url(committee, dossier))
    recap = coordination.post(form_url(committee, dossier), data(page, committee.caf_seat))
    text = page_of(recap)
    assert "Enregistrer ces réponses de la Caf d’Exemple" in text
    assert "par courriel" in text
    assert not Agreement.objects.exists()
    back = coordination.post(
        form_url(committee, dossier),
        data(recap, committee.caf_seat, enregistrer="oui", evidence=pdf()),
    )
    message = on_one_line(after_post(coordination, back))
    assert f"Trois réponses de {committee.caf_member} sont enregistrées" in message
    assert "Elles compteront quand" in message
    assert entries_of(versions) == [("agreed", "")] * 3
    entries = Agreement.objects.all()
    assert all(e.is_recorded and e.is_pending and e.channel == "email" for e in entries)
    assert {e.entered_by for e in entries} == {committee.coordinator}
    [document] = StoredFile.objects.all()
    assert [a.document for a in Attachment.objects.all()] == [document] * 3
    assert DossierAnswer.objects.filter(dossier=dossier).count() == 3


def test_exceptions_come_with_their_reason(committee, versions, dossier, coordination):
    page = coordination.get(form_url(committee, dossier))
    first, second, _third = (version.pk for version in versions)
    values = {f"p{first}-answer": "change_requested", f"p{second}-answer": "nothing"}
    back = coordination.post(form_url(committee, dossier), data(page, committee.caf_seat, **values))
    assert "Recopiez ce qui est à modifier" in page_of(back)
    values[f"p{first}-reason"] = "Plus tôt"
    recap = coordination.post(
        form_url(committee, dossier), data(back, committee.caf_seat, **values)
    )
    text = on_one_line(page_of(recap))
    assert "Modification demandée 1 Ouvrir : « Plus tôt »" in text
    assert "Rien n’est enregistré 1 Former" in text
    coordination.post(
        form_url(committee, dossier),
        data(recap, committee.caf_seat, enregistrer="oui", evidence=pdf(), **values),
    )
    assert entries_of(versions) == [("change_requested", "Plus tôt"), ("agreed", "")]


def test_the_summary_shows_the_answer_to_each_point(committee, versions, dossier, coordination):
    page = coordination.get(form_url(committee, dossier))
    each = data(page, committee.caf_seat, whole="each")
    text = page_of(coordination.post(form_url(committee, dossier), each))
    assert text.count("Dites la réponse à ce point") == 3
    each |= {f"p{version.pk}-answer": "nothing" for version in versions}
    text = page_of(coordination.post(form_url(committee, dossier), each))
    assert "il n’y a rien à enregistrer" in text


@pytest.mark.parametrize(("values", "mistake"), [
    ({"received_on": "2999-01-01"}, "ne peut pas être reçue à une date à venir"),
    ({"received_on": ""}, "Ce champ est obligatoire"),
    ({"channel": ""}, "Ce champ est obligatoire"),
    ({"channel": "pigeon"}, "Sélectionnez un choix valide"),
    ({"whole": ""}, "Ce champ est obligatoire"),
    ({"seat": ""}, "Ce champ est obligatoire"),
    ({"seat": "999999"}, "Ce siège n’engage plus son organisme"),
])  # fmt: skip
def test_a_mistake_in_the_recorded_answers_is_shown(
    committee, dossier, coordination, values, mistake
):
    page = coordination.get(form_url(committee, dossier))
    sent = data(page, committee.caf_seat, enregistrer="oui", evidence=pdf()) | values
    assert mistake in page_of(coordination.post(form_url(committee, dossier), sent))
    assert not Agreement.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(("evidence", "mistake"), [
    (lambda: "", "Ce champ est obligatoire"),
    (lambda: pdf("accord.exe"), "ne sont pas acceptés"),
    (lambda: pdf(content=b"MZ\x90"), "n’est pas"),
    (lambda: pdf(content=b""), "Ce fichier est vide"),
])  # fmt: skip
def test_a_bad_file_is_refused_and_nothing_is_recorded(
    committee, dossier, coordination, evidence, mistake
):
    page = coordination.get(form_url(committee, dossier))
    sent = data(page, committee.caf_seat, enregistrer="oui", evidence=evidence())
    assert mistake in page_of(coordination.post(form_url(committee, dossier), sent))
    assert not Agreement.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_refused_point_refuses_all_and_is_named(committee, versions, dossier, coordination):
    page = coordination.get(form_url(committee, dossier))
    reply = Reply(versions[1], Answer.CHANGE_REQUESTED, reason="Non")
    answers.answer(reply, by=committee.caf_member)
    sent = data(page, committee.caf_seat, enregistrer="oui", evidence=pdf())
    back = coordination.post(form_url(committee, dossier), sent)
    text = on_one_line(page_of(back))
    assert "Rien n’est enregistré" in text
    assert f"Former : {committee.caf_member} vient de répondre" in text
    assert "Ouvrir :" not in text
    assert not Agreement.objects.recorded().exists()
    assert not StoredFile.objects.exists()
    # « Modifier » keeps all that was typed: nothing is said of that one, and the others are taken.
    again = coordination.post(
        form_url(committee, dossier), data(back, committee.caf_seat, modifier="oui")
    )
    without = {f"p{versions[1].pk}-answer": "nothing", "enregistrer": "oui", "evidence": pdf()}
    coordination.post(
        form_url(committee, dossier), data(again, committee.caf_seat, **without)
    )  # fmt: skip
    assert Agreement.objects.recorded().count() == 2


def test_a_point_withdrawn_meanwhile_is_named_and_nothing_is_recorded(
    committee, versions, dossier, coordination
):
    page = coordination.get(form_url(committee, dossier))
    drafts.withdraw_version(versions[0], reason="Non", by=committee.coordinator)
    sent = data(page, committee.caf_seat, enregistrer="oui", evidence=pdf())
    text = page_of(coordination.post(form_url(committee, dossier), sent))
    assert "n’est plus proposée" in text
    assert not Agreement.objects.exists()


def test_a_point_that_the_party_has_agreed_to_is_not_asked_again(
    committee, versions, dossier, coordination
):
    committee.agree(versions[0], committee.caf_member)
    page = coordination.get(form_url(committee, dossier))
    assert "Un point de ce dossier a déjà la réponse de la Caf" in page_of(page)
    assert [row.version for row in page.context["sheet"].rows] == versions[1:]


def test_a_dossier_called_back_takes_nothing(committee, versions, dossier, coordination):
    page = coordination.get(form_url(committee, dossier))
    recall_dossier(dossier, by=committee.coordinator)
    sent = data(page, committee.caf_seat, enregistrer="oui", evidence=pdf())
    assert "vient d’être rappelé" in page_of(coordination.post(form_url(committee, dossier), sent))
    with pytest.raises(Refused):
        record_dossier(
            dossier, [Received(versions[0])], committee.caf_seat,
            received_on=timezone.localdate(), evidence=a_document(committee.coordinator),
            by=committee.coordinator,
        )  # fmt: skip
    assert not Agreement.objects.exists()


def test_a_user_who_may_not_record_reads_why_and_records_nothing(
    committee, versions, dossier, client
):
    user = f.MembershipFactory(organisation=committee.caf, reader=True).user
    client.force_login(user)
    assert "est saisie par une personne qui siège" in page_of(
        client.get(form_url(committee, dossier))
    )
    sent = {"last_ranks": f"{versions[0].pk}:0", "seat": committee.caf_seat.pk, "whole": "agreed",
            "channel": "paper", "received_on": "2024-01-01", "enregistrer": "oui",
            "evidence": pdf()}  # fmt: skip
    client.post(form_url(committee, dossier), sent)
    assert not Agreement.objects.exists()
    assert not StoredFile.objects.exists()


def test_the_colleague_of_one_party_records_for_no_other(committee, dossier, client):
    client.force_login(SeatFactory(organisation=committee.caf, adviser=True).user)
    page = client.get(form_url(committee, dossier, committee.epci))
    sent = data(page, committee.epci_seat, enregistrer="oui", evidence=pdf())
    client.post(form_url(committee, dossier, committee.epci), sent)
    assert not Agreement.objects.exists()


def test_a_party_that_need_not_agree_has_no_form(committee, dossier, coordination):
    other = f.OrganisationFactory(convention=committee.convention)
    assert coordination.get(form_url(committee, dossier, other)).status_code == 404


def test_a_seat_that_no_longer_commits_is_refused(committee, versions):
    committee.caf_seat.ends_on = yesterday()
    committee.caf_seat.save()
    with pytest.raises(Refused):
        record(committee, versions)


# The event -----------------------------------------------------------------------------------


def record(committee, versions, seat=None, **values):
    return record_all(
        [Received(version, **values) for version in versions], seat or committee.caf_seat,
        received_on=timezone.localdate(), evidence=a_document(committee.coordinator),
        channel="paper", by=committee.coordinator,
    )  # fmt: skip


def test_the_event_tells_every_point_that_it_refuses(committee, versions):
    committee.agree(versions[0], committee.caf_member)
    drafts.withdraw_version(versions[1], reason="Non", by=committee.coordinator)
    with pytest.raises(NoneRecorded) as none:
        record(committee, versions)
    assert [version for version, _refusal in none.value.refused] == versions[:2]
    assert not Agreement.objects.recorded().exists()


@pytest.mark.parametrize("answer", [Answer.DELIBERATION, Answer.FAVOURABLE, Answer.RETRACTED, "?"])
def test_only_an_agreement_or_a_request_is_recorded(committee, versions, answer):
    with pytest.raises(NoneRecorded):
        record(committee, versions, answer=answer, reason="Non")


def test_a_request_recorded_returns_nothing_before_it_is_confirmed(committee, versions):
    [entry] = record(committee, versions[:1], answer=Answer.CHANGE_REQUESTED, reason="Plus tôt")
    point = point_of(versions[0])
    assert not point.is_returned
    [light] = [light for light in point.lights if light.organisation == committee.caf]
    assert light.word.startswith("attendu ; demande de modification recueillie le")
    answers.confirm(entry, by=committee.caf_member)
    assert point_of(versions[0]).is_returned


def test_answers_of_a_dossier_are_confirmed_together_or_none(committee, versions):
    entries = record(committee, versions)
    with pytest.raises(Refused):
        confirm_all(entries, by=committee.coordinator)
    committee.agree(versions[0], committee.epci_member)
    assert len(confirm_all(entries, by=committee.caf_member)) == 3
    assert [Version.objects.get(pk=v.pk).is_in_force for v in versions] == [True, False, False]
    with pytest.raises(Refused):
        confirm_all(entries, by=committee.caf_member)
    assert Confirmation.objects.count() == 3


# Confirming ----------------------------------------------------------------------------------


def recorded(committee, versions, dossier, seat=None, **values):
    return record_dossier(
        dossier, [Received(version, **values) for version in versions],
        seat or committee.caf_seat, received_on=timezone.localdate(),
        evidence=a_document(committee.coordinator), channel="paper", by=committee.coordinator,
    )  # fmt: skip


def tasks(committee, user) -> list[tuple[str, str]]:
    rows = committee_tasks(user, [committee.convention], timezone.localdate())
    return [(task.title, task.url) for task in rows.get(committee.convention.pk, [])]


def test_answers_to_confirm_are_counted_apart(committee, versions, dossier, coordination):
    recorded(committee, versions, dossier)
    page = coordination.get(url(committee, "dossier", dossier.pk))
    caf, epci = page.context["reading"].progress
    assert (caf.agreed, caf.awaited, caf.to_confirm, epci.to_confirm) == (0, 3, 3, 0)
    assert "3 réponses recueillies, à confirmer" in on_one_line(page_of(page))
    confirm_all(Agreement.objects.recorded(), by=committee.caf_member)
    assert "à confirmer" not in page_of(coordination.get(url(committee, "dossier", dossier.pk)))


def test_the_member_confirms_all_on_one_page(committee, versions, dossier, client):
    recorded(committee, versions, dossier)
    page_url = url(committee, "confirm_recorded", dossier.pk)
    _answer, (title, task_url) = tasks(committee, committee.caf_member)
    whose = de(committee.caf_seat.name)
    assert f"a saisi trois réponses {whose} dans le dossier « Mars » : confirmez-les" in title
    assert task_url == page_url
    client.force_login(committee.caf_member)
    assert "votre confirmation" in page_of(client.get(url(committee, "dossier", dossier.pk)))
    page = client.get(page_url)
    text = page_of(page)
    assert "sur papier le" in text
    assert text.count("Ce n’est pas notre réponse") == 3
    assert page.content.decode().count("acte.pdf") == 1
    shown = [entry.pk for entry in page.context["entries"]]
    back = client.post(page_url, {"reponse": shown})
    assert "Trois réponses sont confirmées" in after_post(client, back)
    assert Confirmation.objects.count() == 3
    assert tasks(committee, committee.caf_member) == []
    assert "Aucune réponse n’attend" in page_of(client.get(page_url))


def test_the_member_denies_all_on_one_page(committee, versions, dossier, client):
    entries = recorded(committee, versions, dossier)
    client.force_login(committee.caf_member)
    page_url = url(committee, "confirm_recorded", dossier.pk)
    shown = [entry.pk for entry in entries]
    back = client.post(page_url, {"reponse": shown, "dementir": "oui"})
    assert "Trois réponses ne sont pas retenues." in after_post(client, back)
    assert all(entry.is_refused for entry in Agreement.objects.all())


def test_recorded_answers_changed_since_they_were_shown_are_not_confirmed(
    committee, versions, dossier, client
):
    entries = recorded(committee, versions, dossier)
    refuse_all(entries[:1], by=committee.caf_member)
    client.force_login(committee.caf_member)
    page_url = url(committee, "confirm_recorded", dossier.pk)
    text = page_of(client.post(page_url, {"reponse": [entry.pk for entry in entries]}))
    assert "a changé : relisez" in on_one_line(text)
    assert not Confirmation.objects.exclude(way="refused").exists()


@pytest.mark.parametrize("who", ["coordinator", "epci_member"])
def test_only_who_answers_for_the_party_confirms(committee, versions, dossier, client, who):
    entries = recorded(committee, versions, dossier)
    client.force_login(getattr(committee, who))
    page_url = url(committee, "confirm_recorded", dossier.pk)
    assert "Aucune réponse n’attend" in page_of(client.get(page_url))
    client.post(page_url, {"reponse": [entry.pk for entry in entries]})
    assert not Confirmation.objects.exists()


def test_a_colleague_confirms_for_who_has_no_account(committee, versions, dossier, client):
    seat = SeatFactory(organisation=committee.caf, user=None)
    entries = recorded(committee, versions, dossier, seat)
    [task] = [title for title, _url in tasks(committee, committee.caf_member) if "saisi" in title]
    assert "trois réponses de Jeanne Sans-Compte dans le dossier" in task
    client.force_login(committee.caf_member)
    client.post(
        url(committee, "confirm_recorded", dossier.pk), {"reponse": [e.pk for e in entries]}
    )
    assert Confirmation.objects.count() == 3


@pytest.mark.parametrize("name", ["dossier", "confirm_recorded", "record_parties"])
def test_many_answers_to_confirm_ask_as_many_queries_as_one(committee, client, name):
    seat = SeatFactory(organisation=committee.caf, user=None)

    def queries(count: int) -> int:
        versions = [committee.proposed(f"Point {n}") for n in range(count)]
        dossier = send_dossier(
            committee.convention, versions, title="Mars", by=committee.coordinator
        )
        recorded(committee, versions, dossier, seat)
        client.force_login(committee.caf_member)
        return count_queries(client.get, url(committee, name, dossier.pk))

    assert queries(2) == queries(9)


def test_the_mail_tells_a_request_as_one_and_the_others_once_confirmed():
    with at(NOON):
        committee = committee_of(**TERM)
        version = committee.proposed("Ouvrir")
        dossier = send_dossier(
            committee.convention, [version], title="Mars", by=committee.coordinator
        )
    mail_sent_at(after(hours=1))
    with at(after(hours=2)):
        [entry] = record_dossier(
            dossier, [Received(version, Answer.CHANGE_REQUESTED, "Plus tôt")], committee.caf_seat,
            received_on=datetime.date(2024, 4, 9), evidence=a_document(committee.coordinator),
            channel="session", by=committee.coordinator,
        )  # fmt: skip
    [message] = mail_sent_at(after(hours=3), committee.caf_member.email)
    assert message.subject.startswith("Une demande de modification est saisie en votre nom")
    text = on_one_line(message.body)
    assert "a saisi en votre nom une demande de modification de la Caf d’Exemple" in text
    assert "« Plus tôt »" in text
    with at(after(hours=4)):
        answers.confirm(entry, by=committee.caf_member)
    later = mail_sent_at(after(hours=5), committee.coordinator.email)
    assert later == []  # who typed it knows


# What completes it -------------------------------------------------------------------------------


def typed(committee, dossier, versions, seat) -> list[Agreement]:
    return record_dossier(
        dossier, [Received(version) for version in versions], seat,
        received_on=timezone.localdate(), evidence=a_document(committee.coordinator),
        by=committee.coordinator,
    )  # fmt: skip


def is_open(dossier) -> bool:
    dossier.refresh_from_db()
    return dossier.is_open


@pytest.fixture
def answered_by_the_others(committee, versions, dossier):
    for version in versions:
        committee.agree(version, committee.epci_member)


@pytest.mark.usefixtures("answered_by_the_others")
def test_answers_recorded_for_a_member_complete_the_dossier_once_confirmed(
    committee, dossier, versions
):
    entries = typed(committee, dossier, versions, committee.caf_seat)
    assert is_open(dossier)
    confirm_all(entries, by=committee.caf_member)
    assert not is_open(dossier)


@pytest.mark.usefixtures("answered_by_the_others")
def test_a_dossier_stays_open_once_a_recorded_answer_is_refused(committee, dossier, versions):
    entries = typed(committee, dossier, versions, committee.caf_seat)
    confirm_all(entries[1:], by=committee.caf_member)
    refuse_all(entries[:1], by=committee.caf_member)
    assert is_open(dossier)
