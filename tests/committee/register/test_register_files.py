"""The register as CSV, XLSX and accessible PDF: the same entries, all that is known of each."""

import csv
import datetime
import io
from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone
from python_calamine import CalamineWorkbook

from agreements.models import Agreement, Answer, Version
from agreements.versions import events as drafts
from agreements.versions.signature import record_signature
from committee.register import files as register_files
from committee.register import reading as register
from ctg_portal.templatetags.french import long_date, number
from ctg_portal.text.typography import polish
from documents.drawing.models import Drawing
from documents.tables import FORMATS
from tests import factories as f
from tests.agreements.factories import WHY, committee_of
from tests.committee.pages import count_queries
from tests.committee.register import scene
from tests.committee.register.scene import at, copies, entries_of_all_kinds, lines_of, url
from tests.documents.drawn import ask
from tests.documents.reading import faults, opened, structure
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee(db):
    return committee_of(slug="pays-d-exemple", title="CTG", territory="Pays d’Exemple")


@pytest.fixture(autouse=True)
def _coordinator_is_logged_in(client, committee):
    client.force_login(committee.coordinator)


@told_once
def answered(committee):
    return entries_of_all_kinds(committee)


@pytest.fixture
def get(client, committee):
    def get(extension, **asked):
        address = f"{url(committee, 'register_export', extension)}?{urlencode(asked)}"
        return ask(client, address) if extension == "pdf" else client.get(address)

    return get


@pytest.fixture
def csv_of(get):
    """The lines of the CSV, by the names of their columns."""

    def read(**asked) -> list[dict]:
        text = get("csv", **asked).content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))

    return read


def sheet(response) -> list[list]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def a_day(day: datetime.date) -> str:
    return f"{day:%d/%m/%Y}"


# What is in it -----------------------------------------------------------------------------------


def test_csv_holds_all_that_is_known_of_an_entry(csv_of, committee, answered):
    entry = at(answered["asked"], 2024, 2, 29, 23, 30)
    version = entry.version
    assert csv_of(mots="tot") == [
        {
            "Date et heure": "01/03/2024 00:30",
            "Organisme": "Caf d’Exemple",
            "Réponse ou acte": "Modification demandée",
            "Motif": "Très tôt !",
            "Instance": "",
            "Date de l’instance": "",
            "Personne": entry.person_name,
            "Qualité": "Directrice",
            "Siège": "membre",
            "Recueilli hors portail": "non",
            "Reçu le": "",
            "Saisi par": entry.person_name,
            "Confirmation": "",
            "Conteste l’accord du": "",
            "Annule la réponse du": "",
            "Annulée le": "",
            "Dossier": "",
            "Nature du point": "Objectif du comité",
            "Point": "Ouvrir deux espaces",
            "Version": "1",
            "Version du": a_day(timezone.localdate(version.proposed_at)),
            "Après le terme": "",
            "Empreinte SHA-256 du texte": version.digest,
        }
    ]


def test_csv_holds_what_some_entries_only_have(csv_of, committee, answered):
    at(answered["recorded"], 2024, 3, 1, 8, 0)
    (denial,), (awaited,) = csv_of(reponse="contested"), csv_of(reponse="deliberation")
    recorded, agreed = sorted(csv_of(reponse="agreed"), key=lambda line: line["Dossier"])
    assert denial["Conteste l’accord du"] == "01/03/2024 09:00"
    assert awaited["Instance"] == "Conseil communautaire"
    assert awaited["Date de l’instance"] == "14/12/2024"
    assert recorded["Recueilli hors portail"] == "oui"
    assert recorded["Reçu le"] == a_day(answered["recorded"].received_on)
    assert recorded["Saisi par"] == str(committee.coordinator)
    assert recorded["Confirmation"] == "À confirmer : il ne compte pas encore"
    assert agreed["Dossier"] == "Comité de mars"
    assert ", par délégation d" in agreed["Qualité"]
    assert agreed["Version"] == "2"


def test_csv_names_who_proposed_and_who_withdrew(csv_of, committee):
    version = committee.proposed()
    drafts.withdraw_version(version, reason="Sans objet", by=committee.coordinator)
    withdrawn, proposed = csv_of()
    assert {label: value for label, value in withdrawn.items() if value} == {
        "Date et heure": withdrawn["Date et heure"],
        "Réponse ou acte": "Version retirée",
        "Motif": "Sans objet",
        "Personne": str(committee.coordinator),
        "Qualité": "coordination",
        "Saisi par": str(committee.coordinator),
        "Nature du point": "Objectif du comité",
        "Point": version.title,
        "Version": "1",
        "Version du": a_day(timezone.localdate()),
        "Empreinte SHA-256 du texte": version.digest,
    }
    assert (proposed["Réponse ou acte"], proposed["Motif"]) == ("Version proposée", "")


def test_a_version_proposed_after_the_term_shows_its_reason(csv_of, committee):
    end = timezone.localdate() - datetime.timedelta(1)
    type(committee.convention).objects.filter(pk=committee.convention.pk).update(end=end)
    committee.convention.refresh_from_db()
    version = committee.proposed()
    assert version.after_term == WHY
    assert [line["Après le terme"] for line in csv_of()] == [WHY]
    [column] = [each for each in register_files.ON_PAPER if each.label == "Point et version"]
    act = version.transitions.get()
    assert f"Après le terme : {WHY}" in column.value(act)


def test_version_is_dated_as_in_paris(csv_of, answered):
    moment = datetime.datetime(2024, 2, 29, 23, 30, tzinfo=datetime.UTC)
    Version.objects.filter(pk=answered["asked"].version_id).update(proposed_at=moment)
    assert csv_of(mots="tot")[0]["Version du"] == "01/03/2024"


def test_csv_has_the_entries_of_the_screen(client, csv_of, committee, answered):
    at(answered["awaited"], 2020, 1, 1)
    for asked in ({}, {"reponse": "agreed"}, {"mots": "ludotheque"}, {"du": "2024-01-01"}):
        shown = lines_of(client.get(url(committee), asked))
        lines = csv_of(**asked)
        assert sorted((line["Empreinte SHA-256 du texte"], line["Personne"]) for line in lines) == (
            sorted(
                (line.version.digest, line.entry.person_name if line.entry else line.act.by_name)
                for line in shown
            )
        )


def test_the_files_hold_nothing_of_another_convention(client, csv_of, answered):
    other = committee_of()
    scene.answer(other.proposed("Ailleurs"), Answer.AGREED, other.caf_member)
    assert len(csv_of()) == len(answered) + 3
    assert client.get(url(other, "register_export", "csv")).status_code == 404


def test_spreadsheet_has_real_dates_and_numbers(get, committee, answered):
    entry = at(answered["recorded"], 2024, 2, 29, 23, 30)
    header, line, _empty, *notes = sheet(get("xlsx", reponse="agreed", mots="ludotheque"))
    assert header == [column.label for column in register_files.COLUMNS]
    values = dict(zip(header, line, strict=True))
    assert values["Date et heure"] == datetime.datetime(2024, 3, 1, 0, 30)
    assert values["Reçu le"] == entry.received_on
    assert values["Version"] == 1.0
    assert values["Empreinte SHA-256 du texte"] == entry.version.digest
    assert notes[0][0].startswith("CTG – Pays d’Exemple. Extrait du registre le ")
    assert "L’empreinte SHA-256 est celle du texte exact" in notes[-1][0]


def test_typed_text_becomes_no_formula(get, csv_of, committee):
    attack = '=HYPERLINK("https://mechant.example";"x")'
    version = committee.proposed("@SUM(A1)")
    scene.answer(version, Answer.CHANGE_REQUESTED, committee.caf_member, reason=attack)
    line, _proposed = csv_of()
    assert line["Motif"] == f"'{attack}"
    assert line["Point"] == "'@SUM(A1)"
    cells = sheet(get("xlsx"))[1]
    assert attack in cells
    assert "@SUM(A1)" in cells


def test_the_file_is_named_by_the_convention_and_the_day(get, answered):
    today = timezone.localdate()
    for extension, (_write, content_type) in FORMATS.items():
        response = get(extension)
        name = f"registre-pays-d-exemple-{today:%Y-%m-%d}.{extension}"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["Content-Type"] == content_type


@pytest.mark.parametrize("extension", ["xls", "CSV", "html", "php"])
def test_other_files_do_not_exist(get, answered, extension):
    assert get(extension).status_code == 404


# On paper ----------------------------------------------------------------------------------------


@told_once
def signed(committee):
    since = f.AmendmentFactory(convention=committee.convention)
    f.ArticleFactory(convention=committee.convention, since=since)
    record_signature(committee.convention)


@pytest.mark.usefixtures("signed")
def test_pdf_is_accessible_and_holds_every_entry(get, answered):
    pdf = get("pdf").content
    assert faults(pdf) == []
    tags = [tag for tag, _headers in structure(pdf)]
    lines = len(answered) + 3  # three versions were proposed
    pages = tags.count("/TH") // len(register_files.ON_PAPER)  # the heading is on each
    assert pages in (1, 2)
    assert tags.count("/TR") == pages + lines
    assert tags.count("/TD") == lines * len(register_files.ON_PAPER)
    with opened(pdf) as document:
        assert str(document.docinfo.Title) == "9\u00a0entrées au registre"


def test_pdf_of_nothing_is_accessible(get, committee):
    assert faults(get("pdf").content) == []


def test_paper_gathers_all_that_the_spreadsheet_holds(committee, answered):
    """Whoever typed an answer is told where it was not the person."""
    told_otherwise = {"Recueilli hors portail", "Saisi par"}
    for entry in answered.values():
        gathered = " ".join(str(column.value(entry)) for column in register_files.ON_PAPER)
        for column in register_files.COLUMNS:
            in_words = value = column.value(entry)
            if column.kind != "text" and isinstance(value, datetime.date):
                in_words = value if column.label == "Date et heure" else long_date(value)
            if value and column.label not in told_otherwise:
                assert str(in_words) in gathered, column.label
    recorded = register_files.ON_PAPER[3].value(answered["recorded"])
    assert f"Recueilli hors portail le {long_date(timezone.localdate())}, saisi par " in recorded
    assert str(committee.coordinator) in recorded


@pytest.mark.usefixtures("signed")
def test_a_file_says_what_was_signed_and_when_it_was_made(committee):
    asked = Agreement.objects.none()
    for extension in register_files.MOST:
        table = register_files.register_table("x", asked, extension, committee.convention)
        made, signed, _digest = table.notes
        assert made.endswith(", heure de Paris.")
        assert long_date(timezone.localdate()) in made
        assert "validés par la signature du" in signed or "validé par la signature du" in signed
        assert "Ces textes ne figurent pas au registre." in signed


def test_a_large_table_is_the_workers_and_is_not_looked_for(
    client, get, committee, answered, monkeypatch
):
    whole = get("csv").content
    monkeypatch.setattr(register_files, "AT_ONCE", 2)
    monkeypatch.setitem(register_files.MOST, "pdf", 2)
    assert "Préparer le document" in get("csv").content.decode()
    address = url(committee, "register_export", "csv")
    assert ask(client, address).content == whole
    assert ask(client, address).content == whole
    assert list(Drawing.objects.values_list("digest", "state")) == [("", "ready")] * 2


def test_the_same_entries_are_drawn_once(client, get, committee, answered):
    assert get("pdf").content == get("pdf").content
    assert Drawing.objects.count() == 1


# How many ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("extension", "most"), [("csv", 50_000), ("xlsx", 50_000), ("pdf", 500)])
def test_a_file_is_limited_to_a_number_of_entries(extension, most):
    assert register_files.may_export(most, extension) is None
    reason = polish(register_files.may_export(most + 1, extension).reason)
    assert f"Un fichier {extension.upper()} contient au plus {number(most)} entrées" in reason
    assert f"cette recherche en trouve {number(most + 1)}" in reason


def test_too_many_for_a_file_sends_back_to_what_was_asked(
    client, get, committee, answered, monkeypatch
):
    monkeypatch.setitem(register_files.MOST, "pdf", 2)
    asked = {"organisme": str(committee.caf.pk), "du": "2020-01-01"}
    response = get("pdf", **asked)
    back = f"{url(committee)}?organisme={committee.caf.pk}&du=2020-01-01"
    assert response.status_code == 302
    assert response["Location"] == back
    [message] = get_messages(response.wsgi_request)
    assert "contient au plus 2 entrées, et cette recherche en trouve 5" in str(message)
    page = client.get(back).content.decode()
    assert "contient au plus" in page
    assert "export/pdf/" not in page
    assert "PDF : 2 entrées au plus" in page.replace("\u00a0", " ")
    assert "export/csv/" in page
    assert get("csv", **asked).status_code == 200


def test_search_that_makes_no_sense_makes_no_file(get, committee, answered):
    response = get("csv", du="hier", reponse="agreed")
    assert response.status_code == 302
    assert response["Location"] == f"{url(committee)}?reponse=agreed&du=hier"


def test_page_offers_the_files_of_what_is_asked(client, committee, answered):
    page = client.get(url(committee), {"reponse": "agreed", "page": "1"}).content.decode()
    for extension in ("csv", "xlsx", "pdf"):
        link = f'{url(committee, "register_export", extension)}?reponse=agreed"'
        assert link in page


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_file_asks_as_many_queries_for_many_entries_as_for_one(get, committee, extension):
    entry = scene.answer(committee.proposed(), Answer.AGREED, committee.caf_member)
    few = count_queries(get, extension)
    for n in range(5):
        committee.agree(committee.proposed(f"Ouvrir {n} espaces"), committee.caf_member)
    copies(entry, 200)
    assert count_queries(get, extension) == few


def test_many_entries_are_read_some_thousands_at_a_time(get, csv_of, committee, monkeypatch):
    monkeypatch.setattr(register, "READ_AT_ONCE", 10)
    entry = scene.answer(committee.proposed(), Answer.AGREED, committee.caf_member)
    copies(entry, 24)
    assert len(csv_of()) == 26
    assert {line["Nature du point"] for line in csv_of()} == {"Objectif du comité"}
