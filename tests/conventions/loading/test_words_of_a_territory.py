"""The words of a territory must make a sentence, or be refused with their line."""

import pytest

from conventions.legal.words import Words
from conventions.loading import reader
from conventions.loading.mistakes import ConventionFileError

FILE = """format: 1
convention:
  identifiant: essai
  titre: CTG
  territoire: Vallée
  fin: 2025-12-31
  libelles:
    axe: {label}
parties:
  - {{sigle: CAF, nom: Caf, type: caf, co_valide: oui}}
axes:
  - {{numero: 1, titre: A, objectifs: [{{titre: B}}]}}
"""


def read(tmp_path, label):
    path = tmp_path / "essai.yaml"
    path.write_text(FILE.format(label=label))
    return reader.read(path)


@pytest.mark.parametrize(
    "label",
    ['"Axe, priorité"', '{un: "Axe, priorité"}', '{un: Volet, des: "Volets, axes"}', "{des: Axes}"],
)
def test_word_that_makes_no_sentence_is_refused(tmp_path, label):
    with pytest.raises(ConventionFileError) as refused:
        read(tmp_path, label)
    assert [mistake.line for mistake in refused.value.mistakes] == [8]


@pytest.mark.parametrize("label", ['{un: ""}', '"  "', "{}", "{un: }"])
def test_empty_word_is_the_usual_one(tmp_path, label):
    labels = read(tmp_path, label).content["convention"].get("libelles", {})
    assert Words.from_labels(labels).axis.plural == "axes"


@pytest.mark.parametrize("label", ["Enjeu", "Champ d'intervention", "{un: Volet, des: Volets}"])
def test_word_of_a_territory_is_read(tmp_path, label):
    assert read(tmp_path, label).content["convention"]["libelles"]["axe"]
