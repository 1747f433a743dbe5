"""Logos beside the file, and nowhere else."""

import pytest

from documents.logos import clean_logo
from tests.conventions.loading.samples import FULL, changed, line_with
from tests.documents.images import png, svg


@pytest.fixture
def with_logo():
    def with_logo(path: str) -> str:
        return changed("    siege: 1 rue", f"    logo: {path}\n    siege: 1 rue")

    return with_logo


@pytest.fixture
def logo_mistake(mistakes, with_logo):
    """Return the mistake about a logo of this path."""

    def logo_mistake(path: str) -> str:
        text = with_logo(path)
        (mistake,) = mistakes(text)
        start = f"ligne {line_with('logo:', text)} : parties n°\u00a01, logo : "
        assert mistake.startswith(start)
        return mistake.removeprefix(start)

    return logo_mistake


def test_a_logo_is_read_with_the_file(tmp_path, read_text, with_logo):
    (tmp_path / "logos").mkdir()
    (tmp_path / "logos" / "é.PNG").write_bytes(png())
    assert read_text(with_logo("logos/é.PNG")).logos == {"logos/é.PNG": clean_logo(png())}


def test_an_image_is_known_by_its_content(tmp_path, read_text, with_logo):
    (tmp_path / "logo.jpg").write_bytes(png())
    assert read_text(with_logo("logo.jpg")).logos["logo.jpg"] == clean_logo(png())


def test_a_file_without_logo_has_none(read_text):
    assert read_text(FULL).logos == {}


def test_a_logo_that_does_not_exist_is_a_mistake(logo_mistake):
    assert logo_mistake("logos/caf.png") == "« logos/caf.png » n’existe pas auprès du fichier"


def test_a_folder_is_no_logo(tmp_path, logo_mistake):
    (tmp_path / "logos").mkdir()
    assert logo_mistake("logos") == "« logos » n’existe pas auprès du fichier"


@pytest.mark.parametrize("path", ["../logo.png", "logos/../../logo.png", "/etc/passwd"])
def test_a_path_that_leaves_the_folder_is_a_mistake(logo_mistake, path):
    assert logo_mistake(path) == f"« {path} » sort du dossier du fichier"


def test_a_link_that_leaves_the_folder_is_a_mistake(tmp_path, logo_mistake):
    outside = tmp_path.parent / "outside.png"
    outside.write_bytes(png())
    (tmp_path / "logo.png").symlink_to(outside)
    assert logo_mistake("logo.png") == "« logo.png » sort du dossier du fichier"


@pytest.mark.parametrize("path", ["logos\\caf.png", "'C:/logos/caf.png'", "'C:caf.png'"])
def test_a_path_of_windows_is_a_mistake(logo_mistake, path):
    assert logo_mistake(path).endswith(" : un chemin s’écrit avec des « / »")


def test_a_path_that_no_system_accepts_is_a_mistake(logo_mistake):
    assert logo_mistake("é" * 200 + ".png").endswith(" ne peut pas être lu")


def test_a_file_that_is_no_image_is_a_mistake(tmp_path, logo_mistake):
    (tmp_path / "logo.png").write_text("bonjour")
    assert logo_mistake("logo.png") == "ce fichier n’est ni une image PNG ni une image JPEG"


def test_an_image_in_svg_is_a_mistake_that_says_what_to_do(tmp_path, logo_mistake):
    (tmp_path / "logo.svg").write_bytes(svg())
    assert logo_mistake("logo.svg").endswith("et l’enregistrer en PNG")


def test_a_logo_that_is_no_text_is_one_mistake(mistakes, with_logo):
    (mistake,) = mistakes(with_logo("[a.png]"))
    assert mistake.endswith("parties n°\u00a01, logo : un texte est attendu, pas une liste")
