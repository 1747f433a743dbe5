"""Organisations and people that come in from a file, as offices keep them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conventions.directory import events, likeness
from conventions.directory.importing import ImportOfOrganisations
from conventions.models import Contact, Organisation
from ctg_portal.search.rows import fold
from documents.drawing.composition import compose
from documents.drawing.models import Drawing
from documents.drawing.rights import is_for
from spreadsheets import views
from spreadsheets.columns.questions import Asking
from spreadsheets.models import Import
from spreadsheets.reading.open import open_book
from tests.actions.factories import action_in_force
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of
from tests.factories import OrganisationFactory
from tests.spreadsheets.files import csv_text, xlsx

pytestmark = pytest.mark.django_db

CENTRE = "Centre social des Minimes"
HEAD = ["Structure", "Type", "Ville", "Mail", "Référent", "Qualité"]
ROWS = [
    ["Partenaires de la CTG"],
    HEAD,
    ["Centre social des Minimes", "Centre social", "Châtellerault", "accueil@minimes.example",
     "Awa Diop", "Directrice"],
    ["Centre social des Minimes", None, "Châtellerault", None, "Luc Moreau", "Animateur"],
    ["Mairie de Thuré", "Mairie", "Thuré", None, None, None],
]  # fmt: skip


@pytest.fixture(name="committee")
def a_committee():
    return committee_of()


@pytest.fixture(name="bring")
def bringing(client, committee):
    """Bring a file as the coordinator; what its page says."""
    client.force_login(committee.coordinator)

    def bring(*rows, name="partenaires.xlsx", content=None):
        upload = SimpleUploadedFile(name, xlsx(*rows) if content is None else content)
        url = reverse("conventions:import_organisations", args=[committee.convention.slug])
        response = client.post(url, {"table": upload})
        assert response.status_code == 302, page_of(response)
        bring.url = response.url
        return text_of_import(client)

    def text_of_import(client):
        return page_of(client.get(bring.url)).replace("\xa0", " ").replace("\u202f", " ")

    def post(act, **data):
        response = client.post(f"{bring.url}{act}/", data, follow=True)
        return page_of(response).replace("\xa0", " ")

    def keep(**data):
        digest = client.get(bring.url).context["page"].preview.digest
        return post("lignes", digest=digest, faire="enregistrer", **data)

    bring.post, bring.keep, bring.client = post, keep, client
    bring.read = lambda: text_of_import(client)
    return bring


def added() -> list[tuple]:
    rows = Organisation.objects.added().order_by("name")
    return [(row.name, row.kind, row.town, row.contact_email, row.email) for row in rows]


def people() -> list[tuple]:
    return list(Contact.objects.order_by("name").values_list("name", "capacity"))


def test_an_import_adds_the_lines_of_the_file_and_its_undoing_removes_them(bring):
    assert "3 nouvelles" in bring(*ROWS)
    assert added() == []
    bring.keep()
    assert added() == [
        (
            "Centre social des Minimes",
            "association",
            "Châtellerault",
            "accueil@minimes.example",
            "",
        ),
        ("Mairie de Thuré", "commune", "Thuré", "", ""),
    ]
    assert people() == [("Awa Diop", "Directrice"), ("Luc Moreau", "Animateur")]
    bring.post("annuler")
    assert (added(), people()) == ([], [])


def test_a_file_imported_twice_changes_nothing(bring):
    bring(*ROWS)
    bring.keep()
    before = added(), people()
    assert "inchangées" in bring(*ROWS)
    assert (added(), people()) == before


def test_an_empty_cell_erases_nothing_and_the_word_effacer_does(bring):
    bring(*ROWS)
    bring.keep()
    bring(HEAD, ["centre social des minimes", None, "Châtellerault", "effacer", "Awa DIOP", None])
    bring.keep()
    assert added()[0] == ("Centre social des Minimes", "association", "Châtellerault", "", "")
    assert people()[0] == ("Awa Diop", "Directrice")
    bring.post("annuler")
    assert added()[0][3] == "accueil@minimes.example"


def test_mistakes_name_their_cells_and_valid_rows_are_saved(bring):
    text = bring(HEAD, ["Asso A", "Association", "Thuré", "pas une adresse", None, None],
                 ["Asso B", "Association", "Thuré", None, None, "Présidente"],
                 ["Ludothèque du Lac", "Association", "Thuré", None, None, None])  # fmt: skip
    assert "3 lignes lues : 1 nouvelle, 2 à corriger" in text
    assert "n’est pas une adresse électronique" in text
    assert "Donnez aussi le nom de cette personne" in text
    bring.keep()
    assert [row[0] for row in added()] == ["Ludothèque du Lac"]


def test_a_similar_name_and_an_unknown_kind_are_asked_about(bring, client, committee):
    values = {"name": "Centre social des Minimes", "acronym": "", "kind": "association",
              "town": "Châtellerault", "contact_email": ""}  # fmt: skip
    row = events.add_organisation(committee.convention, values, by=committee.coordinator)
    rows = [["Centre socioculturel Les Minimes", "Régie", "Châtellerault", "a@b.example"]]
    text = bring(HEAD[:4], *rows)
    assert "ressemble à un organisme déjà là" in text
    assert "De quelle nature est « Régie »" in text
    answers = {"nature:regie": "autre"}
    groups = client.get(bring.url).context["step"].sheetful.groups
    answers |= {group.name: str(row.pk) for group in groups if group.name not in answers}
    digest = client.get(bring.url).context["page"].preview.digest
    bring.post("lignes", digest=digest, **{f"c:{name}": value for name, value in answers.items()})
    bring.keep()
    assert added() == [(row.name, "autre", row.town, "a@b.example", "")]


def test_similar_names_within_one_file_are_separate_organisations_with_a_warning(bring):
    """Two schools of a file are two schools; one that may be written twice has a warning."""
    names = [f"École maternelle {name}" for name in ("Paul Bert", "Paul Vert", "Jean Zay")]
    text = bring(HEAD, *[[name, "Autre", "Thuré", None, None, None] for name in names])
    assert "3 nouvelles" in text
    assert "Ce nom ressemble à « École maternelle Paul Bert » (Feuille!A2)" in text
    assert text.count("Ce nom ressemble") == 1
    bring.keep()
    assert [row[0] for row in added()] == sorted(names)
    assert "inchangées" in bring(
        HEAD, *[[name, "Autre", "Thuré", None, None, None] for name in names]
    )


def test_lines_that_give_an_organisation_by_name_or_acronym_alone_are_of_it(bring):
    """The town is given once, the acronym stands for the name the next time."""
    rows = [["Centre social des Minimes", "CSM", "Châtellerault", "Awa Diop"],
            ["Centre social des Minimes", None, None, "Luc Moreau"],
            ["CSM", None, None, "Inès Brun"]]  # fmt: skip
    head = ["Nom", "Sigle", "Commune", "Contact"]
    assert "3 nouvelles" in bring(head, *rows)
    bring.keep()
    assert [row[::2] for row in added()] == [("Centre social des Minimes", "Châtellerault", "")]
    assert [name for name, _ in people()] == ["Awa Diop", "Inès Brun", "Luc Moreau"]
    bring.post("annuler")
    assert (added(), people()) == ([], [])


def test_an_organisation_corrected_by_a_later_line_is_undone_whole(bring):
    rows = [["Centre social des Minimes", None, "Awa Diop"],
            ["Centre social des Minimes", "accueil@minimes.example", "Luc Moreau"]]  # fmt: skip
    bring(["Nom", "Courriel", "Contact"], *rows)
    bring.keep()
    assert added()[0][3] == "accueil@minimes.example"
    assert "Non annulée" not in bring.post("annuler")
    assert (added(), people()) == ([], [])


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["Admr de Thuré", "ADMR"], ["Admr de Naintré", "ADMR"]], "Feuille!B3"),
        ([["Ludothèque du Lac", "LL"], ["Foyer rural", "FR"]], None),
        ([["Ludothèque du Lac", "CAF 99"], ["Foyer rural", "FR"]], None),
        ([["Caf d’Exemple", "NEUF"]], None),
        ([["Foyer", "AGGLO"]], "Feuille!B2"),
        ([["Fédération des associations de parents d’élèves du canton " + town, ""]
          for town in ("de Thuré", "de Naintré")], "Feuille!A3"),
        ([["x" * 301, "X"]], "Feuille!A2"),
    ],
)  # fmt: skip
def test_a_line_without_mistake_in_the_preview_can_be_saved(bring, committee, rows, place):
    Organisation.objects.filter(pk=committee.epci.pk).update(acronym="AGGLO", is_added=True)
    Organisation.objects.filter(pk=committee.caf.pk).update(is_added=True)
    OrganisationFactory(convention=committee.convention, name="Foyer", acronym="F", is_added=True)
    text = bring(["Nom", "Sigle", "Nature"], *[[*row, "Autre"] for row in rows])
    mistakes = bring.client.get(bring.url).context["page"].preview.mistakes
    assert [mistake.place for mistake in mistakes] == ([place] if place else []), text
    bring.keep()
    assert not bring.client.get(bring.url).context["page"].preview.to_keep


def test_a_line_that_contains_words_of_headings_is_read_as_a_line(bring):
    head = ["Nom", "Nature", "Commune", "Contact", "Fonction"]
    lines = [[f"Foyer {name}", "Association", "Thuré", "Luc Moreau", "Directeur"] for name in "AB"]
    assert "2 nouvelles" in bring(head, *lines)
    bring.keep()
    assert [row[0] for row in added()] == ["Foyer A", "Foyer B"]


def test_a_line_that_shares_only_an_acronym_is_asked_about(bring, committee):
    """Who fills in the file says whether two names with one acronym are the same."""
    text = bring(
        ["Nom", "Sigle", "Contact"], ["Café associatif des Familles", "CAF 99", "Awa Diop"]
    )
    assert "« Café associatif des Familles » porte le sigle d’un organisme déjà là" in text
    bring.keep()
    assert people() == []
    bring(["Nom", "Sigle", "Contact"], ["Caf d’Exemple", "CAF 99", "Awa Diop"])
    bring.keep()
    assert people() == [("Awa Diop", "")]


def test_an_organisation_of_the_convention_file_is_left_as_it_is(bring, committee):
    text = bring(["Nom", "Sigle", "Courriel", "Contact"],
                 ["Caf d’Exemple", "CAF 99", "moi@gmail.example", "Awa Diop"])  # fmt: skip
    assert "Le fichier dit autre chose" in text
    bring.keep()
    committee.caf.refresh_from_db()
    assert (committee.caf.email, committee.caf.contact_email) == ("", "")
    assert people() == [("Awa Diop", "")]


def test_an_added_organisation_that_an_action_names_since_is_not_undone(bring, committee):
    bring(*ROWS)
    bring.keep()
    town_hall = Organisation.objects.get(name="Mairie de Thuré")
    action_in_force(committee, partners=[town_hall])
    text = bring.post("annuler")
    assert "Non annulée. Mairie de Thuré : " in text
    assert "reprise depuis" not in text
    assert "n’ont pas été annulées : Mairie de Thuré" in bring.read()
    assert [row[0] for row in added()] == ["Mairie de Thuré"]


def test_a_csv_file_with_commas_in_windows_1252_is_read(bring):
    content = csv_text(HEAD, *ROWS[2:], separator=",").encode("cp1252")
    assert "3 nouvelles" in bring(name="p.csv", content=content)


def test_a_table_without_the_headings_is_refused_with_those_it_needs(bring):
    assert "Aucun tableau d’organismes" in bring(["Code", "Valeur"], ["1.1", 3])


def test_the_command_prints_what_it_would_do_and_saves(committee, tmp_path):
    path = tmp_path / "p.xlsx"
    path.write_bytes(xlsx(*ROWS))
    out = io.StringIO()
    call_command("import_organisations", committee.convention.slug, str(path), dry_run=True,
                 stdout=out)  # fmt: skip
    assert "3 nouvelles" in out.getvalue().replace("\xa0", " ")
    assert added() == []
    call_command("import_organisations", committee.convention.slug, str(path), stdout=out)
    assert len(added()) == 2
    path.write_bytes(xlsx(HEAD, ["Asso A", "Association", "Thuré", "pas une adresse"]))
    with pytest.raises(SystemExit):
        call_command("import_organisations", committee.convention.slug, str(path), stdout=out)
    assert "Feuille!D2 : « pas une adresse »" in out.getvalue().replace("\xa0", " ")


def test_a_former_coordinator_saves_nothing_of_an_import(bring, committee):
    bring(*ROWS)
    committee.coordinator.memberships.update(role="reader")
    assert bring.client.post(f"{bring.url}lignes/", {"digest": "x"}).status_code == 404
    assert added() == []
    assert Import.objects.get().state != "applied"


def test_a_preview_of_40_lines_takes_as_many_queries_as_one_of_four(committee):
    adapter, scope, counts = ImportOfOrganisations(), committee.convention.slug, []
    for number in (4, 40):
        lines = [[f"Structure {n * 7919}", "Association", "Thuré", None, f"Personne {n}", None]
                 for n in range(number)]  # fmt: skip
        book = open_book("p.xlsx", xlsx(HEAD, *lines))
        with CaptureQueriesContext(connection) as captured:
            preview = adapter.preview(scope, book, Asking(), committee.coordinator)
        assert len(preview.lines) + len(preview.open_questions) == number
        counts.append(len(captured))
    assert counts[0] == counts[1] < 12, counts


def test_an_import_of_many_lines_is_undone_by_the_worker(bring, committee, monkeypatch):
    """Sixteen hundred organisations took a page a minute and a half."""
    bring(*ROWS)
    bring.keep()
    monkeypatch.setattr(views, "AT_ONCE", 1)
    assert added()
    assert "Cet import est en cours d’annulation" in bring.post("annuler")
    assert added()
    drawing = Drawing.objects.get()
    assert compose(drawing)
    assert Import.objects.get().is_undone
    assert (added(), people()) == ([], [])
    drawing.refresh_from_db()
    assert is_for(committee.coordinator, drawing)
    assert not is_for(committee.epci_member, drawing)


def test_many_lines_among_many_organisations_are_read_by_the_worker(committee):
    adapter = ImportOfOrganisations()
    few = adapter.cells_at_once(committee.convention.slug)
    Organisation.objects.bulk_create(
        Organisation(convention=committee.convention, name=f"S {n}", acronym=f"S{n}", is_added=True,
                     kind="association")
        for n in range(300)
    )  # fmt: skip
    assert adapter.cells_at_once(committee.convention.slug) < 600 < few


def test_organisations_are_read_once_for_all_lines_of_a_file(committee, monkeypatch):
    """A reading for each line would hold up the page of a large file for half a minute."""
    folded = []

    def counted(text):
        folded.append(text)
        return fold(text)

    monkeypatch.setattr(likeness, "fold", counted)
    rows = [[f"Une structure {n}", "Association"] for n in range(200)]
    book = open_book("a.xlsx", xlsx(["Structure", "Type"], *rows))
    ImportOfOrganisations().preview(committee.convention.slug, book, Asking(), None)
    known = Organisation.objects.filter(convention=committee.convention).count()
    assert len(folded) <= 3 * known + 21 * len(rows)


def test_an_organisation_repeated_on_several_lines_is_corrected_once(bring):
    """The address of the organisation stands on the line of each person."""
    bring(["Nom", "Nature", "Ville"], ["Ludothèque du Lac", "Autre", "Thuré"])
    bring.keep()
    rows = [
        ["Ludothèque du Lac", "Thuré", "lac@x.example", "Awa Diop"],
        ["Ludothèque du Lac", "Thuré", "lac@x.example", "Luc Moreau"],
    ]
    bring(["Nom", "Ville", "Courriel", "Contact"], *rows)
    mistakes = bring.client.get(bring.url).context["page"].preview.mistakes
    assert mistakes == []
    bring.keep()
    assert [name for name, _ in people()] == ["Awa Diop", "Luc Moreau"]


def test_undoing_an_import_leaves_a_person_typed_since(bring, committee):
    bring(["Nom", "Nature", "Ville"], ["Ludothèque du Lac", "Autre", "Thuré"])
    bring.keep()
    row = Organisation.objects.get(name="Ludothèque du Lac")
    person = {"name": "Aïcha Benali", "capacity": "", "email": ""}
    events.add_contact(row, person, by=committee.coordinator)
    bring.post("annuler")
    assert Contact.objects.filter(name="Aïcha Benali").exists()


@pytest.fixture(name="centre")
def a_centre(committee):
    """An organisation that was there before the file, with somebody of it."""
    values = {"name": CENTRE, "acronym": "", "kind": "association", "town": "Châtellerault",
              "contact_email": "avant@minimes.example"}  # fmt: skip
    row = events.add_organisation(committee.convention, values, by=committee.coordinator)
    person = {"name": "Luc Moreau", "capacity": "Animateur", "email": ""}
    events.add_contact(row, person, by=committee.coordinator)
    return row


def line_of(who, capacity):
    return [CENTRE, "Association", "Châtellerault", "apres@minimes.example", who, capacity]


def email_of(row) -> str:
    return Organisation.objects.get(pk=row.pk).contact_email


def test_a_corrected_organisation_is_put_back_though_the_added_person_was_withdrawn(
    bring, committee, centre
):
    bring(HEAD, line_of("Awa Diop", "Directrice"))
    bring.keep()
    assert email_of(centre) == "apres@minimes.example"
    events.withdraw_contact(Contact.objects.get(name="Awa Diop"), by=committee.coordinator)
    assert "Non annulée" not in bring.post("annuler")
    assert email_of(centre) == "avant@minimes.example"


def test_an_added_organisation_is_undone_though_its_person_was_withdrawn(bring, committee):
    bring(HEAD, line_of("Awa Diop", "Directrice"))
    bring.keep()
    events.withdraw_contact(Contact.objects.get(), by=committee.coordinator)
    assert "Non annulée" not in bring.post("annuler")
    assert (added(), people()) == ([], [])


def test_a_line_that_cannot_be_put_back_says_so(bring, committee, centre):
    """The person or organisation that the line corrected was withdrawn since."""
    bring(HEAD, line_of("Luc Moreau", "Animateur de quartier"))
    bring.keep()
    events.withdraw_contact(Contact.objects.get(), by=committee.coordinator)
    text = bring.post("annuler")
    assert "Rien n’est annulé." in text
    assert "Cette personne a été retirée depuis l’import." in text
    assert "repris" not in text
    assert email_of(centre) == "apres@minimes.example"
    events.withdraw_organisation(centre, by=committee.coordinator)
    assert "Cet organisme a été retiré depuis l’import." in bring.post("annuler")


def test_an_organisation_written_since_is_not_undone_though_its_person_was_withdrawn(
    bring, committee, centre
):
    bring(HEAD, line_of("Awa Diop", "Directrice"))
    bring.keep()
    events.withdraw_contact(Contact.objects.get(name="Awa Diop"), by=committee.coordinator)
    row = Organisation.objects.get(pk=centre.pk)
    values = {"contact_email": "depuis@minimes.example"}
    events.correct_organisation(
        row, values, revision=row.revision, others=[row.pk], by=committee.coordinator
    )
    assert "Cette ligne a été corrigée depuis l’import." in bring.post("annuler")
    assert email_of(centre) == "depuis@minimes.example"
