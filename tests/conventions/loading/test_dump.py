"""The file of a convention says all that the signed text says: loaded, it changes nothing."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from conventions.loading import load, read
from conventions.loading.content import content_of
from conventions.loading.dump import files_of, text_of
from conventions.models import Article, Convention, Objective, Origin, Party
from tests.conventions.loading.samples import FULL, MINIMAL, changed
from tests.conventions.loading.structures import structure
from tests.documents.images import png

pytestmark = pytest.mark.django_db

DATA = Path(settings.BASE_DIR, "conventions/data")
ODD_TEXTS = [
    "oui", "non", "~", "null", "1.10", "01001", "2021-06-30", "12:30", "1e3", "- un tiret",
    "deux-points : là", "un # croisillon", "« guillemets » et \"droits\"", "l'apostrophe", "@, &",
    "{accolades}, [crochets]", "émoji 🏡", "une espace insécable ici", "a  deux espaces", "%",
    "!",
    "x" * 300, "mot " * 90 + "fin", "Oui: ou non?", "\\ barre \\n oblique", "? question", "|", ">-",
]  # fmt: skip


def dumped() -> dict[str, bytes]:
    return files_of(Convention.objects.exclude(slug="ancienne").get(), "copie")


def reload(folder: Path, files: dict[str, bytes]):
    """Load files that were dumped, written to a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return load(folder / "copie.yaml")


def goes_round(folder: Path) -> None:
    """Check that the dump changes nothing here, and makes the same convention elsewhere."""
    files = dumped()
    assert not reload(folder, files).has_changes
    assert dumped() == files
    Convention.objects.update(slug="ancienne")
    assert reload(folder, files).has_changes
    assert dumped() == files


@pytest.mark.parametrize("name", ["grand_chatellerault.yaml", "val_de_claise_fictif.yaml"])
def test_the_file_of_an_example_goes_round(tmp_path, name):
    load(DATA / name)
    goes_round(tmp_path)


@pytest.mark.parametrize("text", [
    MINIMAL,
    FULL,
    changed("preavis_mois: 6", "preavis_mois: 0"),
    structure("A Un: : X", "B Deux: B.1 Thème: Y > Z, T"),
    structure("1 Un: 1.2 Après: ", "3 Deux: 1.1 Avant: X; K=Y > L=Z"),
    changed("            code: LAEP", "            est_un_objectif: non"),
], ids=["minimal", "full", "no notice", "letters", "gaps", "a heading"])  # fmt: skip
def test_the_file_of_a_sample_goes_round(tmp_path, load_text, text):
    load_text(text)
    goes_round(tmp_path)


def test_sectors_keep_their_order_whatever_that_of_the_communes(tmp_path, load_text):
    communes = '{insee: "99003", nom: Champs}'
    load_text(changed(communes, '{insee: "99003", nom: Champs, secteur: Nord}'))
    load_text(
        changed(
            communes,
            '{insee: "99004", nom: Lie, secteur: Sud}\n'
            '  - {insee: "99003", nom: Champs, secteur: Nord}',
        )
    )
    goes_round(tmp_path)


@pytest.mark.parametrize("title", ODD_TEXTS)
def test_a_text_is_read_as_it_was_written(load_text, write, title):
    load_text(MINIMAL)
    Objective.objects.update(title=title)
    Article.objects.create(
        convention=Convention.objects.get(), number=1, title="Objet",
        text=f"{title}\n\n  - {title}  \n{title}", since=Convention.objects.get().amendments.get(),
    )  # fmt: skip
    content = read(write(text_of(content_of(Convention.objects.get(), {})))).content
    assert content["axes"][0]["objectifs"][0]["titre"] == title
    assert content["articles"][0]["texte"] == f"{title}\n\n  - {title}  \n{title}"


def test_the_file_is_that_of_the_text_as_signed(tmp_path, load_text, amend):
    load_text(FULL)
    before = dumped()
    amend(Article.objects.get(number=2), title="Les enjeux partagés")
    amend(Objective.objects.get(code="LAEP"))
    convention = Convention.objects.get()
    Objective.objects.create(
        theme=Objective.objects.get(code="LAEP").theme, rank=9, title="Du comité",
        origin=Origin.COMMITTEE, since=convention.amendments.get(number=0),
    )  # fmt: skip
    assert dumped() == before
    assert not reload(tmp_path, before).has_changes


def test_a_passage_reclassified_since_is_dumped_as_it_was_loaded(load_text):
    load_text(FULL)
    before = dumped()
    Objective.objects.filter(code="LAEP").update(is_objective=False)
    assert dumped() == before


def test_logos_stand_in_a_folder_of_the_name_of_the_file(tmp_path, load_text):
    (tmp_path / "caf.png").write_bytes(png())
    load_text(changed("    siege: 1 rue", "    logo: caf.png\n    siege: 1 rue"))
    files = dumped()
    assert list(files) == ["copie.yaml", "copie/1-caf-99.png"]
    assert b"logo: copie/1-caf-99.png" in files["copie.yaml"]
    goes_round(tmp_path)


def test_a_logo_that_is_lost_is_left_out(tmp_path, load_text):
    (tmp_path / "caf.png").write_bytes(png())
    load_text(changed("    siege: 1 rue", "    logo: caf.png\n    siege: 1 rue"))
    party = Party.objects.exclude(logo="").get()
    party.logo.storage.delete(party.logo.name)
    assert list(dumped()) == ["copie.yaml"]


class TestCommand:
    def test_the_file_is_written_with_its_logos(self, tmp_path, load_text, capsys):
        load_text(FULL)
        call_command("dump_convention", "vallee-exemple-2021", "-o", str(tmp_path / "copie.yaml"))
        assert (tmp_path / "copie.yaml").read_bytes() == dumped()["copie.yaml"]
        assert "est écrite dans" in capsys.readouterr().out

    def test_without_a_name_the_file_is_printed_without_logos(self, load_text, capsys):
        load_text(FULL)
        call_command("dump_convention", "vallee-exemple-2021")
        assert capsys.readouterr().out == text_of(content_of(Convention.objects.get(), {}))

    @pytest.mark.parametrize(("slug", "name", "message"), [
        ("inconnue", "copie.yaml", "Aucune convention n’a pour identifiant « inconnue »."),
        ("vallee-exemple-2021", "copie.yml", "Le nom du fichier finit par « .yaml »"),
        ("vallee-exemple-2021", "present.yaml", "existe déjà : choisir un autre nom."),
        ("vallee-exemple-2021", "nulle-part/copie.yaml", "ne peut pas être écrit"),
    ])  # fmt: skip
    def test_a_dump_that_cannot_be_written_is_refused_and_overwrites_nothing(
        self, tmp_path, load_text, capsys, *, slug, name, message
    ):
        load_text(FULL)
        (tmp_path / "present.yaml").write_text("à garder")
        with pytest.raises(SystemExit):
            call_command("dump_convention", slug, "-o", str(tmp_path / name))
        assert message in capsys.readouterr().err
        assert (tmp_path / "present.yaml").read_text() == "à garder"
