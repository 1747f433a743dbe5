"""What changed between two texts, word by word, so that one who reads both sees each whole."""

import itertools
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agreements.versions import differences
from agreements.versions.differences import ADDED, REMOVED, SAME, WORD, Piece, words_changed

WORDS = st.sampled_from(
    ["Ouvrir", "deux", "trois", "espaces", "l’accueil", "20", "100", ",", ".", "\n\n", "  ", "é_è",
     "« France »", "Services", "-", "\u202f€"]
)  # fmt: skip
SENTENCES = st.lists(WORDS, max_size=25).map(" ".join)
TEXTS = SENTENCES | st.text(max_size=60)


def text(pieces, *changes) -> str:
    return "".join(piece.text for piece in pieces if piece.change in changes)


def words(pieces, *changes) -> list[str]:
    """The words of each piece: one cut in two would make two words."""
    return [word for p in pieces if p.change in changes for word in WORD.findall(p.text)]


@given(TEXTS, TEXTS)
@example("Ouvrir deux espaces", "Fermer trois lieux")
@example("", "")
def test_each_of_the_two_texts_is_there_whole(before, after):
    pieces = words_changed(before, after)
    assert text(pieces, SAME, REMOVED) == before
    assert text(pieces, SAME, ADDED) == after


@given(TEXTS, TEXTS)
def test_no_word_is_cut(before, after):
    pieces = words_changed(before, after)
    assert words(pieces, SAME, REMOVED) == WORD.findall(before)
    assert words(pieces, SAME, ADDED) == WORD.findall(after)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(same):
    assert words_changed(same, same) == ([Piece(same, SAME)] if same else [])


@given(TEXTS, TEXTS)
def test_pieces_say_something(before, after):
    pieces = words_changed(before, after)
    assert all(piece.text for piece in pieces)
    assert all(one.change != other.change for one, other in itertools.pairwise(pieces))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Ouvrir deux espaces", "Ouvrir trois espaces", "Ouvrir [-deux][+trois] espaces"),
        ("quatre-vingts visites", "quatre-vingt-dix visites",
         "quatre-[-vingts][+vingt-dix] visites"),
        ("31 décembre 2024", "30 juin 2024", "[-31 décembre][+30 juin] 2024"),
        ("Ouvrir", "Ouvrir le soir", "Ouvrir[+ le soir]"),
        ("", "Nouveau", "[+Nouveau]"),
        ("Ancien", "", "[-Ancien]"),
        ("12000", "12500", "[-12000][+12500]"),
    ],
)  # fmt: skip
def test_how_a_difference_reads(before, after, told):
    signs = {SAME: "{}", REMOVED: "[-{}]", ADDED: "[+{}]"}
    pieces = words_changed(before, after)
    assert "".join(signs[piece.change].format(piece.text) for piece in pieces) == told


def test_a_text_of_more_different_words_than_private_signs():
    before = " ".join(f"mot{n}" for n in range(9_000))
    pieces = words_changed(before, before.replace("mot4500 ", "autre "))
    assert [p.text for p in pieces if p.change != SAME] == ["mot4500", "autre"]
    assert text(pieces, SAME, REMOVED) == before


def test_signs_are_no_letters_of_the_texts():
    """A text that holds the private signs themselves is compared like any other."""
    odd = "".join(chr(differences.FIRST_SIGN + n) for n in range(5))
    pieces = words_changed(f"{odd} un", f"{odd} deux")
    assert text(pieces, SAME, ADDED) == f"{odd} deux"
    assert re.sub(r"\s", "", text(pieces, SAME)) == odd
