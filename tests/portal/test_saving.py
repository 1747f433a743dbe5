"""A file that a command writes is there whole, or it says why it is not."""

import pytest
from django.core.management import CommandError

from ctg_portal.hosting.saving import save


def test_a_saved_file_replaces_a_former_one(tmp_path):
    path = tmp_path / "un.csv"
    path.write_bytes(b"avant")
    save(path, b"depuis")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("un.csv", b"depuis")]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (".", "c’est un dossier"),
        ("dossier", "c’est un dossier"),
        ("nulle-part/un.csv", "ce dossier n’existe pas"),
        ("fichier/un.csv", "ce dossier n’existe pas"),
        ("x" * 300, "son nom est trop long"),
    ],
)
def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch, name, reason):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dossier").mkdir()
    (tmp_path / "fichier").touch()
    with pytest.raises(CommandError, match=f" ne peut pas être écrit : {reason}"):
        save(type(tmp_path)(name), b"un")
    assert {one.name for one in tmp_path.iterdir()} == {"dossier", "fichier"}
