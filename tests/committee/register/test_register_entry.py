"""The page of one entry: who spoke for whom, the documents, and the proof for whoever wants it."""

import datetime
import hashlib
import re

import html5lib
import pytest
from django.utils import timezone

from agreements.answers import events as answers
from agreements.models import Agreement, Answer, Attachment, Version
from agreements.seats import events as seats
from committee.register import files as register_files
from committee.register import reading as register
from ctg_portal.templatetags.french import de, long_date
from tests.accounts.reading import text_of
from tests.agreements.factories import committee_of
from tests.committee.register import scene
from tests.committee.register.scene import at, entries_of_all_kinds, url
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee(db):
    return committee_of()


@pytest.fixture(autouse=True)
def _coordinator_is_logged_in(client, committee):
    client.force_login(committee.coordinator)


@told_once
def entries(committee):
    return entries_of_all_kinds(committee)


@pytest.fixture
def html(client, committee):
    def get(entry) -> str:
        response = client.get(url(committee, "entry", entry.pk))
        assert response.status_code == 200
        page = response.content.decode()
        html5lib.HTMLParser(strict=True).parse(page)
        return page.partition("<main")[2].partition("</main>")[0]

    return get


@pytest.fixture
def text(html):
    return lambda entry: text_of(html(entry)).replace(" ,", ",")


def fact(page: str, label: str) -> str:
    """What the page says under a label."""
    match = re.search(rf"<dt>{label}</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.DOTALL)
    return text_of(match[1]).replace(" ,", ",") if match else ""


def today() -> str:
    return text_of(long_date(timezone.now()))


# What was said -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer.AGREED, "La Caf d’Exemple a donné son accord"),
        (Answer.CHANGE_REQUESTED, "La Caf d’Exemple a demandé une modification"),
        (Answer.DELIBERATION, "La Caf d’Exemple a annoncé une délibération"),
        (Answer.AGENDA, "La Caf d’Exemple a demandé l’inscription à l’ordre du jour"),
        (Answer.RETRACTED, "La Caf d’Exemple a retiré son accord"),
        (Answer.CONTESTED, "Hélène Marchand a contesté l’accord saisi en son nom"),
        (Answer.FAVOURABLE, "Hélène Marchand a donné un avis favorable"),
        (Answer.RESERVED, "Hélène Marchand a donné un avis réservé"),
        (Answer.UNFAVOURABLE, "Hélène Marchand a donné un avis défavorable"),
    ],
)
def test_title_says_who_did_what(committee, answer, words):
    entry = Agreement(organisation=committee.caf, person_name="Hélène Marchand", answer=answer)
    assert register.sentence_of(entry) == words


def test_an_answer_is_shown_with_its_reason_point_and_version(html, text, entries):
    entry = entries["asked"]
    shown = html(entry)
    assert "<h1>La Caf d’Exemple a demandé une modification</h1>" in shown
    assert fact(shown, "Réponse") == "✎ Modification demandée"
    assert fact(shown, "Motif") == "Très tôt !"
    assert fact(shown, "Au nom de la Caf d’Exemple") == f"{entry.person_name}, Directrice"
    assert fact(shown, "Siège") == f"membre : {entry.person_name}, Directrice"
    assert f"Objectif du comité – Ouvrir deux espaces, version 1 du {today()}, rempla" in text(
        entry
    )
    for label in ("Délégation", "Recueilli hors portail", "Conteste", "Dossier", "Documents"):
        assert fact(shown, label) == "", label


def test_text_is_the_one_that_was_answered(html, entries):
    first, second = html(entries["asked"]), html(entries["agreed"])
    assert fact(first, "Intitulé") == "Ouvrir deux espaces"
    assert fact(first, "Mesure") == "Nombre d’espaces"
    assert fact(second, "Intitulé") == "Ouvrir trois espaces"
    assert fact(second, "Prioritaire") == "non"


def test_delegation_is_shown_with_its_act(html, committee, entries):
    entry = entries["agreed"]
    shown = html(entry)
    member = committee.caf_seat.name
    said_by = f"{entry.person_name}, Directeur adjoint, par délégation {de(member)} (Directrice)"
    assert fact(shown, "Au nom de la Caf d’Exemple") == said_by
    words = f"donnée par {member}, depuis le 1er janvier 2020 · l’acte de délégation"
    assert fact(shown, "Délégation") == words
    assert url(committee, "delegation_act", entry.delegation_id) in shown
    assert fact(shown, "Dossier") == "Comité de mars"
    assert url(committee, "dossier", entry.dossier_answer.dossier_id) in shown


def test_a_delegation_without_act_says_so_and_shows_its_end(html, committee, entries):
    delegation = entries["agreed"].delegation
    delegation.act, delegation.ends_on = None, datetime.date(2099, 3, 1)
    delegation.save()
    words = fact(html(entries["agreed"]), "Délégation")
    assert "du 1er janvier 2020 au 1er mars 2099 · donnée dans le portail, sans acte joint" in words


def test_capacity_stays_as_it_was_when_the_seat_changes(html, committee, entries):
    seat = committee.caf_seat
    seats.end_seat(seat, by=None)
    type(seat).objects.filter(pk=seat.pk).update(capacity="Ancienne directrice")
    assert fact(html(entries["asked"]), "Au nom de la Caf d’Exemple").endswith(", Directrice")


def test_an_agreement_received_outside_the_portal_is_shown_with_its_document(
    html, committee, entries
):
    entry = entries["recorded"]
    shown = html(entry)
    assert fact(shown, "Recueilli hors portail") == (
        f"reçu le {today()}, saisi par {committee.coordinator}"
        ", à confirmer : il ne compte pas encore"
    )
    document = Attachment.objects.get(agreement=entry)
    assert fact(shown, "Documents") == "acte.pdf"
    assert url(committee, "document", document.pk) in shown
    assert fact(shown, "Empreinte de acte.pdf") == document.document.sha256


def test_contested_and_contesting_entries_lead_to_each_other(html, text, committee, entries):
    entry, denial = entries["recorded"], entries["contested"]
    notice = f"Cet accord a été contesté le {today()} par {denial.person_name} : il ne compte plus."
    assert notice in text(entry)
    assert url(committee, "entry", denial.pk) in html(entry)
    assert fact(html(denial), "Conteste") == (
        f"l’accord saisi le {today()} par {committee.coordinator}"
    )
    assert url(committee, "entry", entry.pk) in html(denial)
    assert "ne compte plus" not in text(denial)


def test_entry_that_is_no_longer_the_last_word_leads_to_the_one_that_is(
    html, text, committee, entries
):
    awaited = entries["awaited"]
    assert "Ce n’est plus la réponse" not in text(awaited)
    reply = answers.Reply(awaited.version, last_rank=awaited.rank)
    later = answers.answer(reply, by=committee.epci_member)
    words = (
        "Ce n’est plus la réponse d’Exemple agglomération sur cette version : voir sa réponse du"
    )
    assert words in text(awaited)
    assert url(committee, "entry", later.pk) in html(awaited)
    assert "Ce n’est plus la réponse" not in text(later)


def test_an_avis_is_not_replaced_by_the_answer_of_its_organisation(text, committee, entries):
    version = entries["avis"].version
    answers.retract(version, reason="Trop cher", by=committee.caf_member)
    assert "Ce n’est plus la réponse" not in text(entries["avis"])


def test_version_that_ends_its_point_says_so(html, entries):
    assert "met fin à ce point" not in html(entries["asked"])
    Version.objects.filter(pk=entries["asked"].version_id).update(ends=True)
    assert "met fin à ce point" in html(entries["asked"])


# What may be done --------------------------------------------------------------------------------


def test_whoever_commits_the_party_is_offered_to_confirm_and_to_refuse(client, committee):
    entry = scene.record(committee.proposed(), committee.caf_seat, committee.coordinator)
    acts = [url(committee, name, entry.pk) for name in ("confirm", "refuse")]

    def offered() -> list[bool]:
        html = client.get(url(committee, "entry", entry.pk)).content.decode()
        return [act in html for act in acts]

    assert offered() == [False, False]
    client.force_login(committee.epci_member)
    assert offered() == [False, False]
    client.force_login(committee.caf_member)
    assert offered() == [True, True]
    answers.refuse_all([entry], by=committee.caf_member)
    assert offered() == [False, False]


def test_document_is_offered_to_be_attached_by_the_organisation_and_the_coordinator(
    client, committee, entries
):
    page, attach = (url(committee, name, entries["awaited"].pk) for name in ("entry", "attach"))
    for user, offered in [
        (committee.coordinator, True), (committee.epci_member, True), (committee.caf_member, False),
    ]:  # fmt: skip
        client.force_login(user)
        assert (attach in client.get(page).content.decode()) is offered


# The proof ---------------------------------------------------------------------------------------


def test_downloaded_text_has_the_fingerprint_that_the_page_shows(client, html, committee, entries):
    version = committee.proposed("Créer « l’été » à Châtellerault", measure="Œuvres ≥ 3\r\nÀ voir")
    entry = scene.answer(version, Answer.AGREED, committee.caf_member)
    response = client.get(url(committee, "entry_text", entry.pk))
    stored = Version.objects.values_list("text", "digest").get(pk=version.pk)
    assert response.content == stored[0].encode()
    assert hashlib.sha256(response.content).hexdigest() == stored[1]
    shown = html(entry)
    assert fact(shown, "Empreinte SHA-256") == stored[1]
    name = register_files.text_name(version)
    assert fact(shown, "Linux") == f"sha256sum {name}"
    assert fact(shown, "Windows") == f"certutil -hashfile {name} SHA256"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Cache-Control"] == "private, no-store"


def test_exact_text_is_readable_and_runs_nothing(client, html, committee):
    version = committee.proposed("<script>alert(1)</script> & fin")
    entry = scene.answer(version, Answer.AGREED, committee.caf_member)
    shown = html(entry)
    assert "<script" not in shown
    exact = re.search(r'<pre class="proof-text"><code>(.*?)</code></pre>', shown, re.DOTALL)[1]
    assert html5lib.parseFragment(exact).text == version.text


def test_times_are_shown_to_the_second_with_their_zone(html, entries):
    entry = at(entries["asked"], 2024, 7, 1, 22, 30, 5, 572964)
    shown = html(entry)
    assert fact(shown, "Réponse enregistrée") == (
        "2 juillet 2024 à 00:30:05, heure de Paris (UTC+0200)"
    )
    assert '<time datetime="2024-07-02T00:30:05+0200">' in shown
    winter = at(entries["asked"], 2024, 1, 1, 23, 0, 0)
    assert fact(html(winter), "Réponse enregistrée") == (
        "2 janvier 2024 à 00:00:00, heure de Paris (UTC+0100)"
    )


def test_proof_is_folded_and_nothing_technical_is_before_it(html, entries):
    before, _, proof = html(entries["asked"]).partition('<details class="proof">')
    version = entries["asked"].version
    assert version.digest in proof
    assert version.digest not in before
    assert "SHA" not in before


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Ouvrir deux espaces", "ouvrir-deux-espaces-version-2.txt"),
        ("Un très long titre, « d’été », que personne n’écrit",
         "un-tres-long-titre-d-ete-version-2.txt"),
        ("../../etc/passwd; rm -rf $HOME", "etc-passwd-rm-rf-home-version-2.txt"),
        ("文件", "texte-version-2.txt"),
        ("x" * 500, f"{'x' * 60}-version-2.txt"),
    ],
)  # fmt: skip
def test_name_of_the_text_is_safe_to_type(title, name):
    assert register_files.text_name(Version(title=title, number=2)) == name


# Who may read ------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["entry", "entry_text"])
def test_entry_of_another_convention_does_not_exist(client, committee, entries, page):
    other = committee_of()
    foreign = scene.answer(other.proposed(), Answer.AGREED, other.caf_member)
    assert client.get(url(committee, page, foreign.pk)).status_code == 404
    assert client.get(url(other, page, foreign.pk)).status_code == 404
    assert client.get(url(committee, page, entries["asked"].pk)).status_code == 200
    assert client.get(url(committee, page, 10**20)).status_code == 404
    client.logout()
    assert client.get(url(committee, page, entries["asked"].pk)).status_code == 302
