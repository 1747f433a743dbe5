"""The command: what it prints, where, and how it ends."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from conventions.models import Convention
from tests.conventions.loading.samples import FULL, MINIMAL, changed

NAME = "« Convention territoriale globale – Vallée-Exemple » (vallee-exemple-2021)"


@pytest.fixture
def run(db):
    """Run the command; returns its exit code, what it printed, and its complaints."""

    def run(path):
        out, err = StringIO(), StringIO()
        code = 0
        try:
            call_command("load_convention", str(path), stdout=out, stderr=err, no_color=True)
        except SystemExit as end:
            code = end.code
        return code, out.getvalue(), err.getvalue()

    return run


def test_a_correct_file(run, write):
    code, out, err = run(write(MINIMAL))
    assert (code, err) == (0, "")
    assert out == (
        f"{NAME} est à jour.\n"
        "Créé : axe (1), convention (1), objectif (1), organisme (1), partie (1), thématique (1).\n"
    )
    assert Convention.objects.exists()


def test_the_same_file_twice(run, write):
    run(write(MINIMAL))
    assert run(write(MINIMAL)) == (0, f"{NAME} : rien n’a changé.\n", "")


def test_warnings_come_first(run, write):
    code, out, _ = run(write(FULL))
    assert code == 0
    warnings = [line for line in out.splitlines() if line.startswith("Avertissement : ")]
    assert out.splitlines()[: len(warnings)] == warnings
    assert warnings[0] == (
        "Avertissement : Les axes sont annoncés dans un ordre et détaillés dans un autre."
    )


def test_what_is_changed_deleted_kept(run, write, hanging):
    run(write(FULL))
    hanging[Convention.objects.get().articles.get(number=2)] = "1 avenant en parle"
    text = changed("  - {numero: 2, titre: Les enjeux}\n", "").replace("axe: Enjeu", "axe: Défi")
    _, out, _ = run(write(text.replace("  - {sigle: Amis, nom: Les amis de la vallée}\n", "")))
    assert out.splitlines()[-3:] == [
        "Modifié : convention (1).",
        "Supprimé : organisme (1).",
        "Laissé : article (1).",
    ]


def test_mistakes_are_complaints_one_a_line_and_nothing_is_loaded(run, write):
    text = changed("fin: 2025-12-31", "fin: demain", MINIMAL).replace("numero: 1", "numero: un")
    code, out, err = run(write(text))
    assert (code, out) == (1, "")
    assert err == (
        "ligne 6 : convention, fin : « demain » n’est pas une date ; une date s’écrit 2021-06-30\n"
        "ligne 12 : axes n°\u00a01, numero : « un » n’est pas un nombre entier\n"
    )
    assert not Convention.objects.exists()


def test_same_new_convention_loaded_by_somebody_else_at_once(run, write, monkeypatch):
    def load(path, **options):
        raise IntegrityError

    monkeypatch.setattr("conventions.management.commands.load_convention.load", load)
    code, out, err = run(write(MINIMAL))
    assert (code, out) == (1, "")
    assert "recommencez" in err


def test_a_missing_file(run, tmp_path):
    code, out, err = run(tmp_path / "absent.yaml")
    assert (code, out) == (1, "")
    assert err == f"{tmp_path}/absent.yaml : ce fichier n’existe pas\n"


def test_a_folder(run, tmp_path):
    assert run(tmp_path) == (1, "", f"{tmp_path} : c’est un dossier, pas un fichier\n")


def test_a_path_is_needed(db):
    with pytest.raises(CommandError):
        call_command("load_convention")
