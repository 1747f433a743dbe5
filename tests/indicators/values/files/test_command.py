"""``import_values``: each mistake at its cell, counts, and what is written."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from spreadsheets.importing.events import bring
from spreadsheets.models import Import
from tests.indicators.values.files.office import plain
from tests.spreadsheets.files import xlsx

pytestmark = pytest.mark.django_db
ROWS = [["Code", "Valeur"], ["1.1", 412], ["1.2", "env. 30"], ["9.9", 3], ["1.10", None]]


@pytest.fixture
def run(office, tmp_path):
    def run(*rows, **options):
        path = tmp_path / "suivi.xlsx"
        path.write_bytes(xlsx(*rows, name="Petite enfance"))
        slug, year = office.scope.split("/")
        out, status = io.StringIO(), 0
        try:
            call_command("import_values", slug, year, str(path), stdout=out, **options)
        except SystemExit as end:
            status = end.code
        return status, plain(out.getvalue()).splitlines()

    return run


def test_mistakes_at_their_cells_then_counts_and_nothing_written(office, run):
    status, lines = run(*ROWS)
    assert status == 1
    assert lines[0].startswith("Petite enfance!B3 : « env. 30 » : écrivez le nombre seul")
    assert lines[1].startswith("Petite enfance!B4 : « 9.9 » : indicateur inconnu")
    assert lines[-2:] == [
        "1 nouvelle, 0 changée, 0 inchangée, 2 refusées, 0 vide.",
        "Rien n’est enregistré : corrigez le fichier, ou --valid-rows.",
    ]
    assert office.kept() == {}


def test_valid_rows_alone(office, run):
    status, _ = run(*ROWS, valid_rows=True)
    assert (status, office.kept()) == (1, {"1.1": 412})


def test_a_whole_file_and_the_same_again(office, run):
    rows = [["Code", "Valeur"], ["1.1", 412]]
    assert run(*rows, dry_run=True)[0] == 0
    assert office.kept() == {}
    status, lines = run(*rows)
    assert (status, lines[0]) == (0, "1 nouvelle, 0 changée, 0 inchangée, 0 refusée, 0 vide.")
    assert office.kept() == {"1.1": 412}
    assert run(*rows)[1] == ["0 nouvelle, 0 changée, 1 inchangée, 0 refusée, 0 vide."]


def test_cells_alike_are_answered_once_by_their_key(office, run):
    rows = [["Indicateur", "Valeur"], ["Machin", 3], ["Machin", 4]]
    status, lines = run(*rows)
    assert (status, lines[2]) == (1, "« Machin » : --answer 'label:machin=…'")
    assert run(*rows, answer=["label:machin=-"])[0] == 0


def test_columns_may_be_given_in_a_file(office, run, tmp_path):
    rows = [["x", "y", "z"], ["1.1", 7, 412]]
    columns = tmp_path / "colonnes.json"
    sheet = {"head": [1], "roles": {"A": "code", "B": "-", "C": "value"}}
    columns.write_text(json.dumps({"Petite enfance": sheet}))
    assert run(*rows, columns=columns)[0] == 0
    assert office.kept() == {"1.1": 412}
    columns.write_text("[")
    with pytest.raises(CommandError, match="ne se lisent pas"):
        run(*rows, columns=columns)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [("a.xlsx", b"", "vide"), ("a.pdf", b"%PDF-1.7", "PDF"), (None, b"", "ne se lit pas")],
)
def test_a_file_that_is_not_read(office, tmp_path, name, content, reason):
    path = tmp_path / (name or "absent.xlsx")
    if name:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=reason):
        call_command("import_values", *office.scope.split("/"), str(path))


def test_a_year_without_a_collection(office, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(["Code", "Valeur"]))
    with pytest.raises(CommandError, match="n’a pas de recueil 1999"):
        call_command("import_values", office.scope.split("/")[0], "1999", str(path))
    with pytest.raises(CommandError, match="est clos"):
        call_command("import_values", office.scope.split("/")[0], "2022", str(path))


def test_what_a_command_has_kept_is_seen_and_undone_by_it(office, run):
    slug, year = office.scope.split("/")
    _, lines = run(["Code", "Valeur"], ["1.1", 412])
    row = Import.objects.get()
    assert (row.brought_by, row.is_applied, row.counts["new"]) == (None, True, 1)
    assert f"--undo {row.pk}" in lines[-1]
    out = io.StringIO()
    call_command("import_values", slug, year, undo=row.pk, stdout=out)
    assert plain(out.getvalue()) == "L’import est annulé pour 1 ligne.\n"
    assert office.kept() == {}
    with pytest.raises(CommandError, match="Seul un import enregistré"):
        call_command("import_values", slug, year, undo=row.pk)


def test_what_a_person_has_kept_is_theirs_to_undo(office, agent):
    slug, year = office.scope.split("/")
    upload = SimpleUploadedFile("suivi.xlsx", xlsx(["Code", "Valeur"], ["1.1", 412]))
    row = bring("indicators.values", office.scope, upload, by=agent)
    with pytest.raises(CommandError, match="une personne l’a fait"):
        call_command("import_values", slug, year, undo=row.pk)


def test_all_years_of_a_file(office, run, tmp_path):
    slug, _ = office.scope.split("/")
    path, out = tmp_path / "suivi.xlsx", io.StringIO()
    path.write_bytes(xlsx(["Code", "2022", "2023"], ["1.1", 400, 412]))
    call_command("import_values", slug, "toutes", str(path), stdout=out)
    assert "1 nouvelle, 0 changée, 1 inchangée" in plain(out.getvalue())
    assert office.kept() == {"1.1": 412}


def test_a_file_is_asked_for(office):
    with pytest.raises(CommandError, match="Donnez le fichier"):
        call_command("import_values", *office.scope.split("/"))
