"""Files of the action plan as people get them: who, what, under which name, and the command."""

import csv
import io
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from actions.files import documents, export, pdf, views
from actions.models import Action
from documents.drawing.kinds import Drawn
from documents.drawing.models import Drawing
from tests.actions import factories as a
from tests.documents.drawn import ask
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(monkeypatch):
    """Plans that were to be drawn, without drawing them."""
    plans = []

    def draw(html, plan):
        plans.append(plan)
        return Drawn(b"%PDF", 1)

    monkeypatch.setattr(export, "draw_plan", draw)
    return plans


@pytest.fixture
def get(client, committee, reader):
    """The plan as a file, as a reader, or another person, gets it."""

    def get(extension="csv", asked="", user=reader):
        client.force_login(user)
        address = reverse("actions:plan_file", args=[committee.convention.slug, extension])
        if extension == "pdf":
            return ask(client, f"{address}?{asked}")
        return client.get(f"{address}?{asked}")

    return get


def titles(response) -> list[str]:
    text = response.content.decode("utf-8-sig")
    return [row["Titre"] for row in csv.DictReader(io.StringIO(text), delimiter=";")]


class TestWhatIsShown:
    def test_the_file_has_the_actions_of_the_page_and_no_draft(self, committee, get):
        a.action_in_force(committee, title="En vigueur")
        a.proposed_action(committee, title="Proposée")
        a.draft_action(committee, title="Brouillon")
        assert titles(get()) == ["En vigueur", "Proposée"]
        assert titles(get(user=committee.coordinator)) == ["En vigueur", "Proposée", "Brouillon"]

    def test_the_file_has_the_actions_asked_for_in_the_order_asked_for(self, committee, get):
        for title in ("Bus", "Atelier", "Crèche"):
            a.action_in_force(committee, title=title)
        a.in_state(Action.objects.get(title="Crèche"), "done")
        assert titles(get(asked="tri=titre")) == ["Atelier", "Bus", "Crèche"]
        assert titles(get(asked="etat=terminee")) == ["Crèche"]
        assert titles(get(asked="mots=atelier")) == ["Atelier"]

    def test_the_file_has_the_ticked_sheets(self, committee, get, drawn):
        pks = [a.action_in_force(committee, title=title).pk for title in ("A", "B", "C")]
        assert titles(get(asked=f"fiche={pks[0]}&fiche={pks[2]}")) == ["A", "C"]
        response = get("pdf", f"choix=axe%3D2&fiche={pks[0]}&fiche={pks[2]}")
        assert response.content == b"%PDF"
        assert drawn[0].selection.startswith("Extrait : 2\xa0fiches choisies parmi les 3")

    def test_the_whole_plan_is_no_extract(self, committee, get, drawn):
        a.action_in_force(committee)
        get("pdf", "tri=titre")
        assert drawn[0].selection == ""

    def test_the_workbook_has_a_sheet_for_each_table(self, committee, get):
        a.noted(a.action_in_force(committee), committee.convention.start.year)
        book = CalamineWorkbook.from_filelike(io.BytesIO(get("xlsx").content))
        assert book.sheet_names == ["Actions", "Financements", "Jalons", "Bilans"]
        assert len(book.get_sheet_by_name("Bilans").to_python()) == 2

    def test_a_senseless_query_leads_back_to_the_page(self, committee, get):
        response = get(asked="etat=envolee")
        assert response.status_code == 302
        assert response["Location"].endswith("/plan-d-actions/?etat=envolee")


class TestDrawnByTheWorker:
    def test_a_plan_is_found_again_until_it_says_something_else(self, committee, get, drawn):
        action = a.action_in_force(committee)
        get("pdf")
        get("pdf", user=MembershipFactory(organisation=committee.epci).user)
        assert len(drawn) == 1
        Action.objects.filter(pk=action.pk).update(title="Autrement")
        get("pdf")
        assert len(drawn) == 2

    def test_who_may_write_drafts_gets_a_file_of_their_own(self, committee, get, drawn, reader):
        a.action_in_force(committee)
        get("pdf", user=committee.coordinator)
        get("pdf")
        audiences = Drawing.objects.values_list("audience", flat=True)
        assert sorted(one.partition(":")[2] for one in audiences) == ["drafts", "members"]

    def test_a_large_spreadsheet_is_the_workers(self, committee, client, get, monkeypatch):
        a.action_in_force(committee, title="Une")
        monkeypatch.setattr(views, "AT_ONCE", 0)
        offer = get("csv")
        assert "Préparer le document" in offer.content.decode()
        assert titles(ask(client, offer.request["PATH_INFO"])) == ["Une"]

    def test_a_sheet_is_for_who_still_has_access(self, committee, client, reader, monkeypatch):
        monkeypatch.setattr(documents, "draw_sheet", lambda *_: Drawn(b"%PDF", 1))
        client.force_login(reader)
        assert ask(client, address(a.action_in_force(committee), "pdf")).status_code == 200
        drawing = Drawing.objects.get()
        reader.memberships.update(ended_at=timezone.now())
        assert client.get(drawing.file_url).status_code == 404


class TestTooMany:
    def test_the_page_says_what_to_do(self, committee, client, get, monkeypatch, drawn):
        monkeypatch.setattr(pdf, "MOST", 1)
        for title in ("A", "B"):
            a.action_in_force(committee, title=title)
        response = get("pdf", "tri=titre")
        assert response.status_code == 302
        assert not drawn
        page = client.get(response["Location"]).content.decode()
        assert "2 sont demandées" in page
        assert "export_actions" in page

    def test_a_pdf_of_the_most_sheets_is_drawn(self, committee, get, monkeypatch, drawn):
        monkeypatch.setattr(pdf, "MOST", 1)
        a.action_in_force(committee)
        assert get("pdf").status_code == 200
        assert get("csv").status_code == 200

    def test_a_pdf_of_no_sheet_is_drawn(self, committee, get, drawn):
        assert titles(get()) == []
        assert get("pdf").status_code == 200


class TestNames:
    @pytest.mark.parametrize("extension", ["csv", "xlsx", "pdf"])
    def test_a_plan_file_has_the_name_of_its_convention(self, committee, get, drawn, extension):
        response = get(extension)
        name = f"plan-d-actions-{committee.convention.slug}.{extension}"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["Cache-Control"] == "private, no-store"

    def test_a_sheet_file_has_the_number_of_its_action(
        self, committee, client, reader, monkeypatch
    ):
        monkeypatch.setattr(documents, "draw_sheet", lambda *_: Drawn(b"%PDF", 1))
        action = a.action_in_force(committee)
        client.force_login(reader)
        response = ask(client, address(action, "pdf"))
        name = f"fiche-{action.number}-{committee.convention.slug}.pdf"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["Content-Type"] == "application/pdf"

    def test_another_ending_is_not_found(self, committee, client, get):
        action = a.action_in_force(committee)
        assert get("docx").status_code == 404
        assert client.get(address(action, "xlsx")).status_code == 404


def address(action, extension: str) -> str:
    return reverse("actions:sheet_file", args=[action.convention.slug, action.pk, extension])


class TestWhoGetsASheet:
    def test_a_draft_is_for_who_may_write_one(self, committee, client, reader):
        draft = Action.objects.get(pk=a.draft_action(committee).object_id)
        client.force_login(reader)
        assert client.get(address(draft, "docx")).status_code == 404
        client.force_login(committee.coordinator)
        assert client.get(address(draft, "docx")).status_code == 200

    def test_somebody_of_another_convention_gets_no_sheet(self, committee, client):
        action = a.action_in_force(committee)
        client.force_login(MembershipFactory(coordinator=True).user)
        assert client.get(address(action, "docx")).status_code == 404

    def test_a_sheet_is_not_found_under_another_convention_of_its_reader(self, committee, client):
        action, stranger = a.action_in_force(committee), MembershipFactory()
        client.force_login(stranger.user)
        slug = stranger.organisation.convention.slug
        elsewhere = reverse("actions:sheet_file", args=[slug, action.pk, "docx"])
        assert client.get(elsewhere).status_code == 404


class TestCommand:
    @pytest.mark.parametrize(("extension", "begins"), [("csv", b"\xef\xbb\xbf"), ("XLSX", b"PK")])
    def test_command_writes_what_members_read(self, committee, tmp_path, capsys, extension, begins):
        a.action_in_force(committee)
        a.proposed_action(committee)
        a.draft_action(committee)
        path = tmp_path / f"plan.{extension}"
        call_command("export_actions", committee.convention.slug, "-o", str(path))
        assert path.read_bytes().startswith(begins)
        assert "2 fiches action." in capsys.readouterr().out.replace("\xa0", " ")

    def test_command_refuses_a_pdf_beyond_its_limit(self, committee, tmp_path, monkeypatch, drawn):
        monkeypatch.setattr(pdf, "MOST", 1)
        a.action_in_force(committee)
        path = tmp_path / "plan.pdf"
        call_command("export_actions", committee.convention.slug, "-o", str(path))
        assert path.read_bytes() == b"%PDF"
        assert drawn[0].day == timezone.localdate()
        a.action_in_force(committee)
        with pytest.raises(CommandError, match=r"au plus 1 fiches.*\.zip"):
            call_command("export_actions", committee.convention.slug, "-o", str(path))

    def test_a_zip_has_all_sheets(self, committee, tmp_path, monkeypatch, drawn):
        monkeypatch.setattr(pdf, "MOST", 2)
        for title in "ABC":
            a.action_in_force(committee, title=title)
        path = tmp_path / "plan.zip"
        call_command("export_actions", committee.convention.slug, "-o", str(path))
        slug = committee.convention.slug
        with zipfile.ZipFile(path) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
        assert archive.namelist() == [f"0{n}-plan-d-actions-{slug}.pdf" for n in (1, 2)]
        assert parts == [b"%PDF", b"%PDF"]
        selections = [plan.selection.replace("\xa0", " ") for plan in drawn]
        assert selections == [
            "Extrait : 2 fiches choisies parmi les 3 du plan d’actions.",
            "Extrait : 1 fiche choisie parmi les 3 du plan d’actions.",
        ]

    @pytest.mark.parametrize(
        ("slug", "name", "words"),
        [("absente", "x.csv", "Aucune convention"), (None, "x.doc", "finit par .pdf"),
         (None, "absent/x.csv", "dossier n’existe pas")],
    )  # fmt: skip
    def test_the_command_says_what_is_wrong(self, committee, tmp_path, slug, name, words):
        with pytest.raises(CommandError, match=words):
            call_command(
                "export_actions", slug or committee.convention.slug, "-o", str(tmp_path / name)
            )
