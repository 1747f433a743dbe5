"""The first sentence of a text."""

import pytest

from ctg_portal.text.sentences import first_sentence


@pytest.mark.parametrize(("text", "sentence"), [
    ("Ouvrir un lieu. Y former.", "Ouvrir un lieu."),
    ("ouvrir un lieu", "Ouvrir un lieu."),
    ("Ouvrir\nun lieu : où ? Là.\n\nEt former.", "Ouvrir un lieu : où ?"),
    ("Le taux est de 12.5 %. Il monte.", "Le taux est de 12.5 %."),
    ("", ""),
    ("- un item\n- un autre", ""),
    ("# Titre\n\nTexte.", ""),
    ("Un **mot** en gras.", ""),
    (f"Un texte {'trop ' * 40}long.", ""),
])  # fmt: skip
def test_a_first_sentence_is_whole_plain_and_short_or_empty(text, sentence):
    assert first_sentence(text) == sentence
