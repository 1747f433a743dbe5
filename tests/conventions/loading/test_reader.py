"""From a path to a content: what cannot be opened, what is large, whatever people may write."""

import os
import re
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conventions.loading import reader
from conventions.loading.mistakes import ConventionFileError
from conventions.loading.reader import read
from tests.conventions.loading.samples import FULL, MINIMAL

DATA = Path(__file__).parents[3] / "conventions" / "data"


def test_a_missing_file_is_a_mistake(tmp_path):
    with pytest.raises(ConventionFileError) as caught:
        read(tmp_path / "absent.yaml")
    assert str(caught.value) == f"{tmp_path}/absent.yaml : ce fichier n’existe pas"


def test_a_folder_is_a_mistake(tmp_path):
    with pytest.raises(ConventionFileError) as caught:
        read(tmp_path)
    assert str(caught.value) == f"{tmp_path} : c’est un dossier, pas un fichier"


def test_a_file_that_may_not_be_read_is_a_mistake(write, monkeypatch):
    path = write(MINIMAL)
    path.chmod(0)
    if os.access(path, os.R_OK):  # root reads everything

        def refuse(*_args):
            raise PermissionError

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ConventionFileError) as caught:
        read(path)
    assert str(caught.value) == f"{path} : ce fichier ne peut pas être lu"


@pytest.mark.parametrize("path", sorted(DATA.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_conventions_of_the_portal_are_correct(path):
    assert read(path).content["format"] == 1


class TestLargeFiles:
    def test_a_file_over_the_limit_is_a_mistake(self, mistakes):
        text = MINIMAL + "#" * (reader.MAX_SIZE + 1 - len(MINIMAL.encode()))
        assert mistakes(text) == ["ligne 1 : fichier : le fichier dépasse 5 Mo"]

    def test_a_file_at_the_limit_is_read(self, read_text):
        text = MINIMAL + "#" * (reader.MAX_SIZE - len(MINIMAL.encode()))
        assert read_text(text).content["format"] == 1

    def test_a_file_full_of_objectives_under_the_limit_is_read(self, write):
        row = "      - titre: {n} {n} {n} {n} {n} {n} {n} {n} {n} {n} {n} {n} {n} {n} {n}\n"
        rows, size = [], len(MINIMAL.encode())
        while (size := size + len(row.format(n=len(rows)))) < reader.MAX_SIZE:
            rows.append(row.format(n=len(rows)))
        path = write(MINIMAL + "".join(rows))
        content = read(path).content
        assert len(content["axes"][0]["objectifs"]) == len(rows) + 1

    def test_many_mistakes_are_all_found(self, mistakes):
        text = MINIMAL + "communes:\n" + "  - {insee: 1, nom: A}\n" * 5000
        assert len(mistakes(text)) == 5000 + 4999


class TestConventionsDiffer:
    def test_nine_axes_without_themes_are_read(self, read_text):
        axes = "".join(
            f"  - {{numero: {n}, titre: Axe {n}, objectifs: [{{titre: Objectif {n}}}]}}\n"
            for n in range(1, 10)
        )
        content = read_text(MINIMAL[: MINIMAL.index("axes:")] + "axes:\n" + axes).content
        assert [axis["numero"] for axis in content["axes"]] == list(range(1, 10))
        assert not any("thematiques" in axis for axis in content["axes"])

    def test_a_departement_and_five_communes_without_msa_are_read(self, read_text):
        kinds = ["departement", *["commune"] * 5]
        parties = "".join(
            f"  - {{sigle: P{n}, nom: Partie {n}, type: {kind}, co_valide: oui}}\n"
            for n, kind in enumerate(kinds)
        )
        start, end = MINIMAL.index("parties:"), MINIMAL.index("axes:")
        content = read_text(MINIMAL[:start] + "parties:\n" + parties + MINIMAL[end:]).content
        assert [party["type"] for party in content["parties"]] == kinds


ENGLISH = re.compile(r"Error|^$|^(expected|found|could|did|while|mapping|is|does)\b")


def check_reading(path: Path, data: bytes) -> None:
    """Reading gives a content, or mistakes that all stand within the file and speak French."""
    path.write_bytes(data)
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n").count(b"\n") + 1
    try:
        mistakes = read(path) and None
    except ConventionFileError as error:
        mistakes = error.mistakes
    if mistakes is None:
        return
    assert mistakes
    for mistake in mistakes:
        assert 1 <= mistake.line <= lines, (mistake, lines)
        assert mistake.place
        assert not ENGLISH.search(mistake.message), mistake
        assert "\n" not in str(mistake)


FUZZ = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PIECES = st.sampled_from(
    [*":-#&*!|>%@`'\"{}[],?~\\\t\n\r\0 ", ": ", "- ", "\n  ", "\n---\n", "...", "{", "[", "é",
     "\u2028", "\ufeff", "!!int ", "&a ", "*a", "<<: ", "oui", "1,5", "31/12/2025", "\"\\x00\"",
     "titre: ", "objectifs:\n", "secret: {}", "null", "\r\n", "\u00a0"]
)  # fmt: skip


class TestWhateverIsWritten:
    @FUZZ
    @given(st.binary(max_size=200))
    def test_any_bytes_are_read_or_a_mistake(self, tmp_path, data):
        check_reading(tmp_path / "file.yaml", data)

    @FUZZ
    @given(st.text(alphabet=string.printable + "éè’«»", max_size=300))
    def test_any_text_is_read_or_a_mistake(self, tmp_path, text):
        check_reading(tmp_path / "file.yaml", text.encode())

    @FUZZ
    @given(
        st.sampled_from([MINIMAL, FULL]),
        st.lists(st.tuples(st.integers(0), st.integers(0, 12), PIECES), min_size=1, max_size=5),
    )
    def test_a_file_changed_at_random_is_read_or_a_mistake(self, tmp_path, text, changes):
        for position, length, piece in changes:
            at = position % (len(text) + 1)
            text = text[:at] + piece + text[at + length :]
        check_reading(tmp_path / "file.yaml", text.encode())

    @FUZZ
    @given(st.sampled_from([MINIMAL, FULL]), st.data())
    def test_a_file_with_lines_lost_or_moved_is_read_or_a_mistake(self, tmp_path, text, data):
        lines = text.splitlines(keepends=True)
        for _ in range(data.draw(st.integers(1, 4))):
            index = data.draw(st.integers(0, len(lines) - 1))
            target = data.draw(st.integers(0, len(lines) - 1))
            match data.draw(st.sampled_from(["lose", "double", "move", "indent"])):
                case "lose" if len(lines) > 1:
                    del lines[index]
                case "double":
                    lines.insert(target, lines[index])
                case "move":
                    lines.insert(target, lines.pop(index))
                case "indent":
                    lines[index] = "  " + lines[index]
        check_reading(tmp_path / "file.yaml", "".join(lines).encode())
