"""What changed between two texts, word by word, so that one who reads both sees each whole."""

import itertools
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ctg_portal.text import differences
from ctg_portal.text.differences import ADDED, REMOVED, SAME, WORD, Piece, words_changed

WORDS = st.sampled_from(
    ["Ouvrir", "deux", "trois", "espaces", "l’accueil", "20", "100", ",", ".", "\n\n", "  ", "é_è",
     "« France »", "Services", "-", "\u202f€", "1\u202f500\u00a0€", "1 460 €", "12,5", "12,75 %",
     "31/12/2024", "1er janvier 2024", "31 mai", "2.1.3", "448", "aujourd’hui", "après-midi",
     "e\u0301te\u0301", "3e", "-5"]
)  # fmt: skip
SENTENCES = st.lists(WORDS, max_size=25).map(" ".join)
CRAMPED = st.lists(WORDS, max_size=12).map("".join)
TEXTS = SENTENCES | CRAMPED | st.text(max_size=60)


def text(pieces, *changes) -> str:
    return "".join(piece.text for piece in pieces if piece.change in changes)


def ends(texts) -> set[int]:
    """Where each of these texts ends, one after the other."""
    return set(itertools.accumulate(map(len, texts)))


def cuts(pieces, *changes) -> set[int]:
    """Where the text that these pieces make is cut."""
    return ends(piece.text for piece in pieces if piece.change in changes)


@given(TEXTS, TEXTS)
@example("Ouvrir deux espaces", "Fermer trois lieux")
@example("", "")
def test_each_of_the_two_texts_is_there_whole(before, after):
    pieces = words_changed(before, after)
    assert text(pieces, SAME, REMOVED) == before
    assert text(pieces, SAME, ADDED) == after


@given(TEXTS, TEXTS)
@example("448", "460")
@example("1\u202f448\u00a0€", "1\u202f460\u00a0€")
@example("12,5", "12,75")
def test_no_word_and_no_number_is_cut(before, after):
    pieces = words_changed(before, after)
    assert cuts(pieces, SAME, REMOVED) <= ends(WORD.findall(before))
    assert cuts(pieces, SAME, ADDED) <= ends(WORD.findall(after))


@given(TEXTS)
def test_every_character_belongs_to_a_word(whole):
    assert "".join(WORD.findall(whole)) == whole


@pytest.mark.parametrize(
    "one",
    ["448", "12,5", "1\u202f500\u00a0€", "1 500 €", "1\u00a0234\u00a0567,89", "12,5\u202f%", "3 k€",
     "-5", "31/12/2024", "1er janvier 2024", "31\u00a0décembre 2024", "5 août",
     "2.1.3", "1.2", "10:30", "10h30", "3e", "l’accueil", "aujourd’hui",
     "d'abord", "été", "e\u0301te\u0301", "après-midi", "2024-2027", "1 500-2 000 €", "pilote·s"],
)  # fmt: skip
def test_a_number_date_or_contraction_is_one_word(one):
    assert WORD.findall(one) == [one]


@pytest.mark.parametrize(
    ("several", "words"),
    [
        ("2024 500", ["2024", " ", "500"]),
        ("12 3456", ["12", " ", "3456"]),
        ("deux, trois", ["deux", ",", " ", "trois"]),
        ("5. Fin", ["5", ".", " ", "Fin"]),
        ("- 5 places", ["-", " ", "5", " ", "places"]),
        ("« mot »", ["«", " ", "mot", " ", "»"]),
    ],
)
def test_a_text_is_split_into_words_and_signs(several, words):
    assert WORD.findall(several) == words


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(same):
    assert words_changed(same, same) == ([Piece(same, SAME)] if same else [])


@given(TEXTS, TEXTS)
def test_pieces_are_never_empty_and_alternate(before, after):
    pieces = words_changed(before, after)
    assert all(piece.text for piece in pieces)
    assert all(one.change != other.change for one, other in itertools.pairwise(pieces))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Ouvrir deux espaces", "Ouvrir trois espaces", "Ouvrir [-deux][+trois] espaces"),
        ("quatre-vingts visites", "quatre-vingt-dix visites",
         "[-quatre-vingts][+quatre-vingt-dix] visites"),
        ("31 décembre 2024", "30 juin 2024", "[-31 décembre 2024][+30 juin 2024]"),
        ("le 1er janvier 2024", "le 1er mars 2024", "le [-1er janvier 2024][+1er mars 2024]"),
        ("dès le 5 mai", "dès le 12 mai", "dès le [-5 mai][+12 mai]"),
        ("janvier 2024", "mars 2024", "[-janvier][+mars] 2024"),
        ("3 maisons", "4 maisons", "[-3][+4] maisons"),
        ("Ouvrir", "Ouvrir le soir", "Ouvrir[+ le soir]"),
        ("", "Nouveau", "[+Nouveau]"),
        ("Ancien", "", "[-Ancien]"),
        ("12000", "12500", "[-12000][+12500]"),
        ("448 places", "460 places", "[-448][+460] places"),
        ("1\u202f448\u00a0€ par an", "1\u202f460\u00a0€ par an",
         "[-1\u202f448\u00a0€][+1\u202f460\u00a0€] par an"),
        ("au taux de 12,5", "au taux de 12,75", "au taux de [-12,5][+12,75]"),
        ("le 31/12/2024", "le 31/12/2025", "le [-31/12/2024][+31/12/2025]"),
        ("fiche 2.1.3", "fiche 2.1.4", "fiche [-2.1.3][+2.1.4]"),
        ("dès l’accueil", "dès l’école", "dès [-l’accueil][+l’école]"),
        ("un été", "un étés", "un [-été][+étés]"),
    ],
)  # fmt: skip
def test_a_difference_marks_removed_and_added_words(before, after, expected):
    signs = {SAME: "{}", REMOVED: "[-{}]", ADDED: "[+{}]"}
    pieces = words_changed(before, after)
    assert "".join(signs[piece.change].format(piece.text) for piece in pieces) == expected


def test_a_text_with_more_words_than_private_signs_is_compared():
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


@given(SENTENCES)
def test_the_ends_of_a_text_are_cut_between_words(text):
    first, last = differences.ends_of(text, 12).split(" […] ", 1)
    assert max(len(first), len(last)) <= 12
    assert text.startswith(first)
    assert text.endswith(last)
    assert len(first) in {0, *ends(WORD.findall(text))}
    assert len(text) - len(last) in {0, *ends(WORD.findall(text))}


def test_the_ends_of_a_text_keep_numbers_whole():
    ends = differences.ends_of("Ouvrir 1\u202f500\u00a0places, et fermer 2\u202f500 places", 13)
    assert ends == "Ouvrir 1\u202f500 […] 2\u202f500 places"
