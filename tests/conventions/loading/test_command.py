"""The command: what it prints, where, and how it ends."""

from io import StringIO

import pytest
from django.core.management import call_command
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


def test_a_correct_file_is_loaded_and_counted(run, write):
    code, out, err = run(write(MINIMAL))
    assert (code, err) == (0, "")
    assert out == (
        f"{NAME} est à jour.\n"
        "Créé : axe (1), convention (1), objectif (1), organisme (1), partie (1), thématique (1).\n"
        "Objectifs : 1 ; simples passages du texte : 0. Un intitulé qui n’est pas un objectif "
        "porte « est_un_objectif: non » : il n’est ni apprécié ni compté.\n"
    )
    assert Convention.objects.exists()


def test_a_file_loaded_twice_changes_nothing(run, write):
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


def test_rows_that_are_changed_deleted_and_kept_are_counted(run, write, hanging):
    run(write(FULL))
    hanging[Convention.objects.get().articles.get(number=2)] = "1 avenant en parle"
    text = changed("  - {numero: 2, titre: Les enjeux}\n", "").replace("axe: Enjeu", "axe: Défi")
    _, out, _ = run(write(text.replace("  - {sigle: Amis, nom: Les amis de la vallée}\n", "")))
    assert out.splitlines()[-3:] == [
        "Modifié : convention (1).",
        "Supprimé : organisme (1).",
        "Laissé : article (1).",
    ]


def test_mistakes_are_printed_as_errors_and_nothing_is_loaded(run, write):
    text = changed("fin: 2025-12-31", "fin: demain", MINIMAL).replace("numero: 1", "numero: un")
    code, out, err = run(write(text))
    assert (code, out) == (1, "")
    assert err == (
        "ligne 6 : convention, fin : « demain » n’est pas une date ; une date s’écrit 2021-06-30\n"
        "ligne 12 : axes n°\u00a01, numero : « un » n’est pas un nombre entier\n"
    )
    assert not Convention.objects.exists()


def test_a_convention_that_somebody_else_creates_at_once_is_an_error(run, write, monkeypatch):
    def load(path, **options):
        raise IntegrityError

    monkeypatch.setattr("conventions.management.commands.load_convention.load", load)
    code, out, err = run(write(MINIMAL))
    assert (code, out) == (1, "")
    assert "recommencez" in err
