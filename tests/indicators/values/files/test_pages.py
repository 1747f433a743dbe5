"""From the file to its figures, page by page."""

import io
import re
from datetime import timedelta
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from conventions.models import Role
from documents.drawing.composition import compose
from documents.drawing.events import ATTEMPTS, cancel
from documents.drawing.models import Drawing
from documents.drawing.page import DrawingPage
from documents.drawing.press import next_row
from documents.drawing.rights import is_for
from indicators.values.files import importing
from spreadsheets import views
from spreadsheets.importing import undoing
from spreadsheets.importing.events import forget_file
from spreadsheets.importing.jobs import forget_files
from spreadsheets.models import Answer, Application, FileReading, Import, KeptColumns
from tests.committee.pages import page_of
from tests.factories import MembershipFactory, UserFactory
from tests.indicators.factories import value_of
from tests.indicators.values.entering import entry_url, fields_of
from tests.spreadsheets.files import parts_in, with_parts, xlsx

pytestmark = pytest.mark.django_db
MAIN = ".//main"
ROWS = [["Code", "Valeur", "Commentaire"], ["1.1", 412, "bonne"], ["1.2", "env. 30"]]


def text_of(response) -> str:
    return " ".join(page_of(response).split()).replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture
def bring(client, office, agent):
    def bring(*rows, name="suivi.xlsx", content=None, user=agent):
        client.force_login(user)
        upload = SimpleUploadedFile(name, xlsx(*rows) if content is None else content)
        return client.post(entry_url(office.campaign, "fichier/"), {"table": upload})

    return bring


def test_the_way_in_is_on_the_page_of_entries(client, office, agent):
    client.force_login(agent)
    assert "Déposer un fichier" in text_of(client.get(entry_url(office.campaign)))
    assert "Fichier" in text_of(client.get(entry_url(office.campaign, "fichier/")))


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "Ce fichier est vide"), (b"%PDF-1.7", "est un PDF"), (b"\x89PNG", "pas un tableau")],
)
def test_what_is_not_read_is_told_at_once(bring, content, reason):
    assert reason in text_of(bring(content=content))
    assert not Import.objects.exists()


def test_columns_are_given_their_roles_once_for_the_files_of_an_office(client, office, bring):
    """What a column contains is asked above it; the next file opens at its lines."""
    rows = [["Code", "Valeur", "Humeur"], ["1.1", 412, "bonne"]]
    url = bring(*rows).url
    page = client.get(url)
    assert "1 colonne sur 3 reste à reconnaître" in text_of(page)
    fields = fields_of(page, form=0, within=MAIN)
    assert [fields[f"role-{n}"] for n in (1, 2, 3)] == ["code", "value", ""]
    again = client.post(f"{url}colonnes/", fields | {"faire": "colonnes"}, follow=True)
    assert "1 colonne sur 3 reste à reconnaître" in text_of(again)
    said = text_of(
        client.post(
            f"{url}colonnes/", fields | {"faire": "lignes", "role-3": "comment"}, follow=True
        )
    )
    assert "1 ligne lue : 1 nouvelle" in said
    assert "« bonne »" in said
    assert KeptColumns.objects.count() == 1
    assert "« triste »" in text_of(client.get(bring(rows[0], ["1.1", 398, "triste"]).url))


def test_another_row_of_headings_has_the_columns_proposed_again(client, office, bring):
    url = bring(["Code", "Valeur", "Humeur"], ["1.1", 412, "bonne"]).url
    fields = fields_of(client.get(url), form=0, within=MAIN)
    page = client.post(f"{url}colonnes/", fields | {"faire": "colonnes", "titres": ""}, follow=True)
    fields = fields_of(page, form=0, within=MAIN)
    assert (fields["titres"], fields["role-1"]) == ("", "")


def test_nothing_is_answered_in_somebodys_stead(client, office, agent, bring):
    """Each choice opens empty; an answer is remembered until it is taken back."""
    rows = [["Indicateur", "Valeur"], ["Places agréées en EAJE", 412], ["Fréquentation", 5],
            ["Affluence", 6]]  # fmt: skip
    url = bring(*rows).url
    page = client.get(url)
    assert "3 lignes lues : 1 nouvelle, 2 à corriger" in text_of(page)
    fields = fields_of(page, form=0, within=MAIN)
    asked = [name for name in fields if name.startswith("c:")]
    assert [fields[name] for name in asked] == ["", ""]
    chosen = {asked[0]: str(office.entry("1.2").indicator_id), "faire": "revoir"}
    said = text_of(client.post(f"{url}lignes/", fields | chosen, follow=True))
    assert "3 lignes lues : 2 nouvelles, 1 à corriger" in said
    assert [one.value for one in Answer.objects.all()] == [chosen[asked[0]]]


def test_what_is_not_in_the_file_is_not_put_right(client, office, agent, bring):
    url = bring(*ROWS).url
    fields = fields_of(client.get(url), form=0, within=MAIN)
    client.post(f"{url}lignes/", fields | {"c:label:autre": "1", "faire": "revoir"})
    assert Import.objects.get().answers == {}


def test_from_the_file_to_its_figures_and_back(client, office, agent, bring):
    url = bring(*ROWS).url
    page = client.get(url)
    said = text_of(page)
    assert "2 lignes lues : 1 nouvelle, 1 à corriger" in said
    assert "« env. 30 » : écrivez le nombre seul" in said
    row = Import.objects.get()
    book = load_workbook(io.BytesIO(client.get(f"{url}erreurs/").content))
    assert "écrivez le nombre seul" in book["Feuille"]["B3"].comment.text

    sent = fields_of(page, form=0, within=MAIN)
    said = text_of(client.post(f"{url}lignes/", sent | {"faire": "enregistrer"}, follow=True))
    assert "Import enregistré : 1 valeur nouvelle" in said
    assert "1 ligne reste à corriger" in said
    assert office.kept() == {"1.1": 412}
    assert client.get(f"{url}compte-rendu/").status_code == 200

    # What was yellow waited, and is kept later; undone together.
    page = client.get(f"{url}?etape=lignes")
    sent = fields_of(page, form=0, within=MAIN) | {"c:typed@Feuille!B3": "30"}
    said = text_of(client.post(f"{url}lignes/", sent | {"faire": "enregistrer"}, follow=True))
    assert "Import enregistré : 2 valeurs nouvelles" in said
    assert office.kept() == {"1.1": 412, "1.2": 30}
    row.refresh_from_db()
    assert [step.verb for step in row.transitions.all()] == ["received", "applied", "applied"]
    said = text_of(client.post(f"{url}annuler/", follow=True))
    assert "L’import est annulé pour 2 valeurs" in said
    assert office.kept() == {}


def test_a_line_that_was_kept_and_put_right_since_is_undone_to_what_was_there_first(
    client, office, agent, bring
):
    url = bring(["Code", "Valeur"], ["1.1", 412]).url
    keep = {"faire": "enregistrer"}
    client.post(f"{url}lignes/", fields_of(client.get(url), form=0, within=MAIN) | keep)
    row = Import.objects.get()
    row.answers = {"typed@Feuille!B2": "413"}
    row.save()
    page = client.get(f"{url}?etape=lignes")
    client.post(f"{url}lignes/", fields_of(page, form=0, within=MAIN) | keep)
    assert office.kept() == {"1.1": 413}
    client.post(f"{url}annuler/")
    assert office.kept() == {}


def test_a_page_shows_so_many_lines_and_keeps_what_was_put_right_on_it(client, office, bring):
    rows = [["Indicateur", "Valeur"], *([f"Inconnu {n}", n] for n in range(120))]
    url = bring(*rows).url
    said = text_of(client.get(f"{url}?etape=lignes&montrer=a-corriger&page=3"))
    assert "Page 3 sur 3" in said
    assert "Inconnu 119" in said
    assert "Inconnu 99 " not in said


def test_what_was_refused_is_listed_once_the_rest_is_kept(client, office, agent, bring):
    """Which cell, of which line, and why: on the page, and in the file beside what was kept; gone
    with the file, as it tells what was typed."""
    url = bring(*ROWS).url
    page = client.get(url)
    sent = fields_of(page, form=0, within=MAIN) | {"lignes": "valables"}
    said = text_of(client.post(f"{url}lignes/", {**sent, "faire": "enregistrer"}, follow=True))
    assert "Import enregistré : 1 valeur nouvelle" in said
    row = Import.objects.get()
    [mistake] = row.mistakes
    assert mistake[0] == "Feuille!B3"
    assert "Feuille!B3 « env. 30 » : écrivez le nombre seul" in said
    assert mistake[2] in said
    book = load_workbook(io.BytesIO(client.get(f"{url}compte-rendu/").content))
    assert book.sheetnames[1] == "Lignes à corriger"
    _, line = book["Lignes à corriger"].iter_rows(values_only=True, max_row=2)
    assert (line[0], line[1]) == ("Feuille!B3", mistake[2])
    assert "écrivez le nombre seul" in line[2]
    Import.objects.update(applied_at=row.brought_at - timedelta(days=8))
    forget_files()
    row.refresh_from_db()
    assert row.mistakes == []
    assert "env. 30" not in text_of(client.get(url))


def test_without_a_refused_line_the_account_has_one_sheet(client, office, agent, bring):
    url = bring(["Code", "Valeur"], ["1.1", 412]).url
    sent = next(
        f for n in range(3) if (f := fields_of(client.get(url), form=n, within=MAIN)).get("digest")
    )
    said = text_of(client.post(f"{url}lignes/", {**sent, "faire": "enregistrer"}, follow=True))
    assert "Ce qui reste à corriger" not in said
    book = load_workbook(io.BytesIO(client.get(f"{url}compte-rendu/").content))
    assert len(book.sheetnames) == 1


def test_what_is_long_is_the_workers(client, office, agent, bring, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 0)
    url = bring(["Code", "Valeur"], ["1.1", 412]).url
    fields = {"digest": fields_of(client.get(url), form=0).get("digest", "")}
    row = Import.objects.get()
    page = client.get(url)
    fields = next(f for n in range(3) if (f := fields_of(page, form=n, within=MAIN)).get("digest"))
    client.post(f"/imports/{row.pk}/lignes/", {**fields, "faire": "enregistrer"})
    watched = client.get(url).content.decode()
    assert "en cours d’enregistrement" in watched
    assert 'id="etat" data-hx-get' in watched
    assert "déjà en cours" in text_of(
        client.post(f"/imports/{row.pk}/lignes/", {**fields, "faire": "enregistrer"}, follow=True)
    )
    compose(Application.objects.get())
    assert "Import enregistré" in text_of(client.get(url))
    assert 'id="etat">' in client.get(url).content.decode()

    watched = client.post(f"/imports/{row.pk}/annuler/", follow=True)
    assert "en cours d’annulation" in text_of(watched)
    assert 'id="etat" data-hx-get' in watched.content.decode()
    assert office.kept() == {"1.1": 412}
    compose(Drawing.objects.get())
    assert "Cet import est annulé" in text_of(client.get(url))
    assert office.kept() == {}


def test_what_the_worker_ends_while_the_page_is_read_is_told_as_ended(
    client, office, agent, bring, monkeypatch
):
    """It said that nothing had been kept, or put back, and looked no more for what was."""
    monkeypatch.setattr(views, "AT_ONCE", 0)
    url = bring(["Code", "Valeur"], ["1.1", 412]).url
    page = client.get(url)
    fields = next(f for n in range(3) if (f := fields_of(page, form=n, within=MAIN)).get("digest"))
    client.post(f"{url}lignes/", {**fields, "faire": "enregistrer"})

    def read_meanwhile() -> str:
        frame = importing.ImportOfValues.frame

        def and_end(*args):
            compose(next_row())
            return frame(*args)

        with mock.patch.object(importing.ImportOfValues, "frame", and_end):
            return text_of(client.get(url))

    assert "Import enregistré" in read_meanwhile()
    client.post(f"{url}annuler/")
    assert "Cet import est annulé" in read_meanwhile()


def test_what_was_broken_off_each_time_says_so(client, office, bring, monkeypatch):
    """A worker that is killed has no reason to give."""
    monkeypatch.setattr(views, "AT_ONCE", 0)
    url = bring(["Code", "Valeur"], ["1.1", 412]).url
    page = client.get(url)
    fields = next(f for n in range(3) if (f := fields_of(page, form=n, within=MAIN)).get("digest"))
    client.post(f"{url}lignes/", {**fields, "faire": "enregistrer"})
    Application.objects.update(attempts=3)
    compose(Application.objects.get())
    said = text_of(client.get(url))
    assert "Rien n’a été enregistré. L’enregistrement s’est interrompu" in said
    assert office.kept() == {}


def test_what_the_worker_cannot_put_back_stands(client, office, agent, bring, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 0)
    url = bring(["Code", "Valeur"], ["1.1", 412]).url
    fields = next(
        f for n in range(3) if (f := fields_of(client.get(url), form=n, within=MAIN)).get("digest")
    )
    client.post(f"{url}lignes/", {**fields, "faire": "enregistrer"})
    compose(Application.objects.get())
    client.post(f"{url}annuler/")
    monkeypatch.setattr(undoing, "undo", mock.Mock(side_effect=DatabaseError))
    for _ in range(ATTEMPTS):
        compose(Drawing.objects.get())
    said = text_of(client.get(url))
    assert "L’import n’a pas pu être annulé" in said
    assert "Annuler cet import" in said
    assert office.kept() == {"1.1": 412}


def test_it_is_somebodys_own(client, office, agent, bring):
    url = bring(*ROWS).url
    client.force_login(MembershipFactory(organisation=office.committee.caf).user)
    for name in ("", "erreurs/", "compte-rendu/"):
        assert client.get(url + name).status_code == 404
    for name in ("colonnes/", "lignes/", "annuler/", "abandonner/"):
        assert client.post(url + name).status_code == 404


def test_who_has_left_finds_nothing(client, office, committee, bring):
    membership = MembershipFactory(organisation=committee.caf)
    url = bring(*ROWS, user=membership.user).url
    membership.delete()
    assert client.get(url).status_code == 404


def test_who_enters_no_more_reads_no_account_of_it(client, office, committee, bring):
    """It tells figures as typed, those of colleagues before too."""
    membership = MembershipFactory(organisation=committee.caf)
    url = bring(["Code", "Valeur"], ["1.1", 412], user=membership.user).url
    digest = re.search(r'name="digest" value="(\w+)"', client.get(url).content.decode())[1]
    client.post(f"{url}lignes/", {"digest": digest, "lignes": "toutes", "faire": "enregistrer"})
    assert client.get(f"{url}compte-rendu/").status_code == 200
    MembershipFactory(user=membership.user, organisation=committee.caf, role=Role.READER)
    membership.ended_at = timezone.now()
    membership.save()
    for name in ("", "compte-rendu/"):
        assert client.get(url + name).status_code == 404


CODES = ["Code", "Valeur"]


@pytest.mark.parametrize(
    "of_caf",
    [["1.2", "env. 4"], ["1.2", 3], ["", "env. 4"]],
    ids=["refused", "unchanged", "of no indicator"],
)
def test_who_has_left_one_of_two_organisations_reads_no_account(
    client, office, committee, bring, of_caf
):
    """What was refused, or stood already, of the one that they have left is told by it as well."""
    membership = MembershipFactory(organisation=committee.caf)
    MembershipFactory(user=membership.user, organisation=committee.epci)
    entry = office.entry("1.1")
    entry.provider = entry.enterer = committee.epci
    entry.save()
    value_of(office.campaign, office.entry("1.2").indicator, 3)
    url = bring(CODES, ["1.1", 412], of_caf, user=membership.user).url
    sent = fields_of(client.get(url), form=0, within=MAIN)
    digest = re.search(r'name="digest" value="(\w+)"', client.get(url).content.decode())[1]
    client.post(
        f"{url}lignes/", {**sent, "faire": "enregistrer"} | {"digest": digest, "lignes": "valables"}
    )
    assert client.get(f"{url}compte-rendu/").status_code == 200
    membership.ended_at = timezone.now()
    membership.save()
    assert client.get(f"{url}compte-rendu/").status_code == 404
    assert "env. 4" not in text_of(client.get(url))


def test_what_was_not_ones_own_hides_no_account(client, office, committee, bring):
    """A line that is refused for it is another organisation's, and says nothing of it."""
    entry = office.entry("1.2")
    entry.provider = entry.enterer = committee.epci
    entry.save()
    url = bring(CODES, ["1.1", 412], ["1.2", 4]).url
    digest = re.search(r'name="digest" value="(\w+)"', client.get(url).content.decode())[1]
    client.post(f"{url}lignes/", {"digest": digest, "lignes": "valables", "faire": "enregistrer"})
    assert client.get(f"{url}compte-rendu/").status_code == 200


@pytest.mark.parametrize("where", ["caf", "epci"])
def test_who_enters_no_more_finds_nothing_of_a_file(client, office, committee, bring, where):
    """Its copy with the mistakes marked shows all its cells, and so does its preview."""
    membership = MembershipFactory(organisation=committee.caf)
    url = bring(*ROWS, user=membership.user).url
    organisation = getattr(committee, where)
    MembershipFactory(user=membership.user, organisation=organisation, role=Role.READER)
    membership.ended_at = timezone.now()
    membership.save()
    for name in ("", "erreurs/", "compte-rendu/"):
        assert client.get(url + name).status_code == 404, name
    for name in ("colonnes/", "lignes/", "annuler/", "relire/", "abandonner/"):
        assert client.post(url + name).status_code == 404, name


def test_a_file_is_still_read_when_its_collection_is_closed(
    client, office, agent, bring, monkeypatch
):
    url = bring(*ROWS).url
    monkeypatch.setattr(
        importing, "refuse_unless_open", lambda campaign: importing.NOT_CONTRIBUTING
    )
    assert client.get(url).status_code == 200
    assert client.get(f"{url}erreurs/").status_code == 200


def test_abandoned(client, office, bring):
    url = bring(*ROWS).url
    response = client.post(f"{url}abandonner/")
    assert response.url == entry_url(office.campaign)
    assert "Cet import est abandonné" in text_of(client.get(url))


def test_what_a_file_says_is_shown_as_text(client, bring):
    """Names of sheets, headings and lines of a file are anybody's."""
    evil = "<img src=x>"
    rows = [["Code", "Valeur", evil, "N-1"], ["1.1", 412, evil, 3], [evil, f"{evil} 3"]]
    content = xlsx(sheets={evil.replace("/", ""): rows})
    page = client.get(bring(content=content, name=f"{evil}.xlsx").url).content.decode()
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_file_that_has_gone_says_so(client, bring):
    url = bring(*ROWS).url
    row = Import.objects.get()
    row.file.storage.delete(row.file.name)
    assert "n’est plus sur le portail" in text_of(client.get(url))
    forget_file(row)
    assert "n’est plus sur le portail" in text_of(client.get(url))
    assert client.get(f"{url}erreurs/").status_code == 404
    said = text_of(
        client.post(f"{url}lignes/", {"digest": "", "faire": "enregistrer"}, follow=True)
    )
    assert "n’est plus sur le portail" in said


@pytest.mark.parametrize("digest", ["", "a\0b", "x" * 200])
def test_what_no_preview_has_shown_is_not_kept(client, office, bring, digest):
    url = bring(*ROWS).url
    said = text_of(
        client.post(f"{url}lignes/", {"digest": digest, "faire": "enregistrer"}, follow=True)
    )
    assert "a changé depuis cet aperçu" in said
    assert office.kept() == {}


def test_a_file_is_looked_at_for_who_may_bring_one(client, office, committee, bring, monkeypatch):
    def look(*arguments):
        raise AssertionError("It is looked at.")

    monkeypatch.setattr("spreadsheets.forms.open_book", look)
    reader = MembershipFactory(organisation=committee.caf, role=Role.READER).user
    assert importing.NOT_CONTRIBUTING.reason in text_of(bring(*ROWS, user=reader))
    upload = SimpleUploadedFile("suivi.xlsx", xlsx(*ROWS))
    address = reverse("indicators:import_years", args=[committee.convention.slug])
    page = text_of(client.post(address, {"table": upload}))
    assert importing.NOT_CONTRIBUTING.reason in page
    address = reverse("actions:import_plan", args=[committee.convention.slug])
    upload = SimpleUploadedFile("suivi.xlsx", xlsx(*ROWS))
    assert client.post(address, {"table": upload}).status_code == 200
    assert not Import.objects.exists()


def test_a_person_has_one_file_read_at_a_time(client, office, agent, bring, monkeypatch):
    url, answers = bring(*ROWS).url, []

    def read_again(upload):
        answers.append(client.get(url))

    monkeypatch.setattr("spreadsheets.forms.scan", read_again)
    assert bring(*ROWS).status_code == 302
    [meanwhile] = answers
    assert meanwhile.status_code == 429
    assert "Un de vos fichiers est en cours de lecture" in meanwhile.content.decode()
    assert client.get(url).status_code == 200


def test_a_person_does_not_fill_the_disk(client, office, agent, bring, monkeypatch):
    monkeypatch.setattr("spreadsheets.importing.events.MOST_KEPT", 2 * len(xlsx(*ROWS)) + 50)
    url = bring(*ROWS).url
    assert bring(*ROWS).status_code == 302
    assert "abandonnez ceux qui ne servent plus" in text_of(bring(*ROWS))
    assert Import.objects.count() == 2
    client.post(f"{url}abandonner/")
    assert bring(*ROWS).status_code == 302


# Large files are the worker's ---------------------------------------------------------------------


@pytest.fixture
def large(monkeypatch):
    """Any file is large."""
    monkeypatch.setattr("spreadsheets.reading.open.LARGE", 10)


def read_by_the_worker() -> bool:
    return compose(FileReading.objects.unfinished().get())


def test_a_large_file_is_read_by_the_worker(client, office, agent, bring, large, monkeypatch):
    def no_page(*arguments):
        raise AssertionError("A page reads this file.")

    response = bring(*ROWS)
    row = Import.objects.get()
    assert (row.is_large, response.status_code) == (True, 302)
    with monkeypatch.context() as pages:
        pages.setattr("spreadsheets.importing.page.preview_of", no_page)
        assert "Ce fichier est en cours de lecture" in text_of(client.get(row.get_absolute_url()))
        assert read_by_the_worker()
        page = client.get(row.get_absolute_url())
        assert "2 lignes lues : 1 nouvelle, 1 à corriger" in text_of(page)
        forms = (fields_of(page, form=n, within=MAIN) for n in range(4))
        sent = next(found for found in forms if found.get("digest")) | {"lignes": "valables"}
        client.post(f"{row.get_absolute_url()}lignes/", {**sent, "faire": "enregistrer"})
        assert office.kept() == {}  # the worker keeps it too
        assert compose(Application.objects.get())
    assert office.kept() == {"1.1": 412}


def test_what_was_read_of_a_large_file_is_read_again_for_who_has_left(
    client, office, committee, bring, large
):
    """It tells what stood before of the organisation that they have left."""
    membership = MembershipFactory(organisation=committee.caf)
    MembershipFactory(user=membership.user, organisation=committee.epci)
    value_of(office.campaign, office.entry("1.1").indicator, 398)
    url = bring(*ROWS, user=membership.user).url
    read_by_the_worker()
    changed = f"{url}?etape=lignes&montrer=changees"
    assert "398" in text_of(client.get(changed))
    membership.ended_at = timezone.now()
    membership.save()
    said = text_of(client.get(changed))
    assert "398" not in said
    assert "Relire ce fichier" in said


def test_files_of_one_person_leave_others_their_turn(client, office, agent, bring, large):
    addresses = [bring(*ROWS).url for _ in range(4)]
    theirs = Drawing.objects.create(requested_by=UserFactory(), kind="x", audience="x")
    waiting = list(FileReading.objects.unfinished().order_by("pk"))
    assert next_row() == waiting[0]
    assert DrawingPage(theirs, theirs.requested_by).progress.ahead == 1
    assert "en attente, après 2 autres documents" in text_of(client.get(addresses[2]))
    assert compose(waiting[0])
    assert next_row() == theirs
    cancel(theirs, by=theirs.requested_by)
    assert next_row() == waiting[1]


def test_its_marked_copy_is_made_by_the_worker_for_its_person(
    client, office, agent, bring, large, monkeypatch
):
    """A page had half a gigabyte of cells loaded, and waited for it."""

    def no_page(*arguments):
        raise AssertionError("A page reads this file.")

    bring(*ROWS)
    row = Import.objects.get()
    read_by_the_worker()
    url = f"{row.get_absolute_url()}erreurs/"
    with monkeypatch.context() as pages:
        pages.setattr("spreadsheets.marking.document.book_of", no_page)
        assert f'action="{url}"' in client.get(row.get_absolute_url()).content.decode()
        client.get(url)
        assert not Drawing.objects.exists()
        client.post(url)
    drawing = Drawing.objects.get()
    compose(drawing)
    drawing.refresh_from_db()
    assert drawing.is_ready
    assert is_for(agent, drawing)
    assert not is_for(office.committee.coordinator, drawing)
    content = b"".join(client.get(drawing.file_url))
    sheet = load_workbook(io.BytesIO(content)).active
    assert "env. 30" in sheet["B3"].comment.text
    agent.memberships.update(ended_at=timezone.now())
    assert not is_for(agent, drawing)
    assert client.get(drawing.file_url).status_code == 404
    forget_file(row)
    assert not Drawing.objects.exists()


def test_what_is_put_right_has_it_read_again(client, office, agent, bring, large):
    url = bring(["Indicateur", "Valeur"], ["Machin", 412]).url
    read_by_the_worker()
    fields = fields_of(client.get(url), form=0, within=MAIN)
    chosen = {"c:label:machin": str(office.entry("1.1").indicator_id), "faire": "revoir"}
    client.post(f"{url}lignes/", fields | chosen)
    assert "en cours de lecture" in text_of(client.get(url))
    read_by_the_worker()
    assert "1 ligne lue : 1 nouvelle" in text_of(client.get(url))


def test_the_columns_of_a_large_file_have_it_read_again(client, office, agent, bring, large):
    url = bring(["Code", "Valeur", "Humeur"], ["1.1", 412, "bonne"]).url
    read_by_the_worker()
    fields = fields_of(client.get(url), form=0, within=MAIN)
    client.post(f"{url}colonnes/", fields | {"faire": "lignes", "role-3": "-"})
    assert "en cours de lecture" in text_of(client.get(url))
    read_by_the_worker()
    assert "1 ligne lue : 1 nouvelle" in text_of(client.get(url))


def test_a_large_file_that_cannot_be_read_says_why(
    client, office, agent, bring, large, monkeypatch
):
    bring(content=b"PK" + b"x" * 40)
    row = Import.objects.get()
    read_by_the_worker()
    page = text_of(client.get(row.get_absolute_url()))
    assert "Ce fichier est abîmé" in page

    def too_much(*arguments):
        raise MemoryError

    monkeypatch.setattr("spreadsheets.importing.reading_apart.preview_of", too_much)
    client.post(f"{row.get_absolute_url()}relire/")
    read_by_the_worker()
    page = text_of(client.get(row.get_absolute_url()))
    assert "demande trop de temps ou de mémoire" in page
    assert "Relire ce fichier" in page


@pytest.mark.parametrize("number", ["1e999999999", "-1e999999999", "1e-999999999"])
def test_a_number_that_no_format_has_is_a_line_refused_by_the_worker_too(
    client, office, agent, bring, large, number
):
    """It was read for minutes, and the file refused as too heavy."""
    book, sheet = xlsx(*ROWS[:2], ["1.2", 7]), "xl/worksheets/sheet1.xml"
    changed = parts_in(book)[sheet].replace(b"<v>7</v>", f"<v>{number}</v>".encode())
    bring(content=with_parts(book, {sheet: changed}))
    row = Import.objects.get()
    assert read_by_the_worker()
    page = text_of(client.get(row.get_absolute_url()))
    assert "2 lignes lues : 1 nouvelle, 1 à corriger" in page
    client.post(f"{row.get_absolute_url()}erreurs/")
    compose(Drawing.objects.get())
    assert Drawing.objects.get().is_ready


def test_what_was_read_of_it_goes_with_it(client, office, agent, bring, large):
    bring(*ROWS)
    row = Import.objects.get()
    read_by_the_worker()
    client.post(f"{row.get_absolute_url()}abandonner/")
    assert not FileReading.objects.exists()


def test_the_page_of_a_file_stands_in_the_convention(client, office, bring):
    page = client.get(bring(["Code", "Valeur"], ["1.1", 412]).url)
    assert f"/conventions/{office.campaign.convention.slug}/recherche/" in page.content.decode()
    assert 'id="chapitres"' in page.content.decode()
