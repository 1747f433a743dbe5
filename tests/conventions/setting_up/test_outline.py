"""Outlines as they are pasted: levels by one rule, doubts on their line, no line lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.setting_up.outline import CHOICES, key_of, outline_of, read_outline
from ctg_portal.search.rows import fold

TABS = """\
1. Accès aux droits
\tInclusion numérique
\t\tOuvrir deux points d’accueil
\t\tFormer les secrétaires
\tAccompagnement
\t\tTenir une permanence
2. Services aux familles
\tPetite enfance
\t\tCréer trente places
"""
MIXED = """\
AXE A – Enfance
I. Petite enfance
a) Créer des places
• dans le bourg
b) Informer
II. Jeunesse
a) Ouvrir un accueil
AXE B – Droits
I. Numérique
a) Former
"""
DECIMAL = """\
1 Enfance
1.1 Petite enfance
1.1.1 Créer des places
  1.1.2 Informer
1.2 Jeunesse
1.2.1 Ouvrir un accueil
"""
ROMAN = "I. Un\n- a\nII. Deux\n- b\nIII. Trois\n- c\nIV. Quatre\n- d\n"
LETTERS = "A. Un\n- a\nB. Deux\n- b\nC. Trois\n- c\nD. Quatre\n- d\n"


def levels_in(text: str, *, has_themes: bool = True, **choices) -> list[int]:
    outline = read_outline(text, choices.get("choices", {}), has_themes=has_themes)
    return [line.level for line in outline.lines]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        (TABS, [1, 2, 3, 3, 2, 3, 1, 2, 3]),
        (MIXED, [1, 2, 3, 4, 3, 2, 3, 1, 2, 3]),
        (DECIMAL, [1, 2, 3, 3, 2, 3]),
        (ROMAN, [1, 2] * 4),
        (LETTERS, [1, 2] * 4),
    ],
)
def test_lines_that_begin_alike_are_of_one_level(text, levels):
    assert levels_in(text) == levels


def test_axes_keep_letters_and_roman_numerals():
    numbers = [
        [axis["numero"] for axis in read_outline(text, {}, has_themes=False).axes]
        for text in (ROMAN, LETTERS, MIXED, TABS)
    ]
    assert numbers == [["I", "II", "III", "IV"], ["A", "B", "C", "D"], ["A", "B"], [1, 2]]


def test_themes_keep_their_number_and_get_one_where_they_have_none():
    def numbers(text):
        axes = read_outline(text, {}, has_themes=True).axes
        return [theme["numero"] for axis in axes for theme in axis["thematiques"]]

    assert numbers(DECIMAL) == ["1.1", "1.2"]
    assert numbers(TABS) == ["1.1", "1.2", "2.1"]


def test_without_themes_objectives_come_beneath_axes():
    [axis, _] = read_outline("1. Un\n- a\n  - b\n2. Deux\n- c\n", {}, has_themes=False).axes
    assert axis["objectifs"] == [{"titre": "a", "sous_objectifs": [{"titre": "b"}]}]


def test_an_axis_may_have_objectives_where_others_have_themes():
    axes = read_outline("A. Un\n1. a\n- b\nB. Deux\n- c\n2. d\n", {}, has_themes=True).axes
    assert axes[1]["objectifs"] == [{"titre": "c"}, {"titre": "d"}]


def doubts_in(text: str) -> dict[int, str]:
    outline = read_outline(text, {}, has_themes=True)
    return {line.at: " ; ".join(line.doubts) for line in outline.doubts}


def test_each_doubt_is_on_its_line():
    assert doubts_in(TABS) == {}
    doubts = doubts_in("1 Un\n1.1 Deux\n1.1.1 Trois\nsuite\n1.3 Quatre\n2.1 Cinq\n4 Six\n")
    assert "suite de la ligne" in doubts.pop(4)
    assert "1.3 ne suit pas" in doubts.pop(5)
    assert "2.1 vient sous 1" in doubts.pop(6)
    assert "4 ne suit pas" in doubts.pop(7)
    assert doubts == {}


def test_a_way_below_sub_objectives_is_doubtful():
    assert list(doubts_in("1. a\n A. b\n  - c\n   * d\n    > e\n")) == [5]


def test_what_is_put_right_holds_for_lines_that_begin_alike_after_it():
    text = "Titre du plan\n1. Un\n• a\n2. Deux\n• b\n"
    assert levels_in(text) == [1, 2, 3, 2, 3]
    choices = {key_of("Titre du plan", 0): "non"}
    assert levels_in(text, choices=choices) == [0, 1, 2, 1, 2]
    choices[key_of("• a", 0)] = "3"
    assert levels_in(text, choices=choices) == [0, 1, 3, 1, 3]
    choices = {key_of("1. Un", 0): "1"}
    assert levels_in(text, choices=choices) == [1, 1, 2, 1, 2]


def test_a_choice_stays_with_its_line_where_others_are_added():
    choices = {key_of("- b", 0): "3t"}
    before = read_outline("1. Un\n- a\n- b\n", choices, has_themes=False)
    after = read_outline("0. Rien\n- z\n1. Un\n- a\n- b\n", choices, has_themes=False)
    assert before.lines[-1].value == after.lines[-1].value == "3t"
    assert after.axes[-1]["objectifs"][-1] == {"titre": "b", "est_un_objectif": False}


def test_a_line_that_goes_on_joins_the_one_before():
    choices = {key_of("collectif", 0): "suite"}
    [axis] = read_outline("1. Un\n- Créer un accueil\ncollectif\n", choices, has_themes=False).axes
    assert axis["objectifs"] == [{"titre": "Créer un accueil collectif"}]


def test_an_outline_is_given_back_by_what_it_makes():
    choices = {key_of("- b", 0): "3t"}
    for text, has_themes in ((TABS, True), (MIXED, True), ("1. Un\n- a\n- b\n", False)):
        axes = read_outline(text, choices, has_themes=has_themes).axes
        written, said = outline_of(axes)
        assert read_outline(written, said, has_themes=has_themes).axes == axes


BEGINNINGS = ["", "\t", "  ", "1. ", "1.1 ", "A. ", "II) ", "a) ", "• ", "- ", "\t- ", "Axe 2 : "]
LINES = st.lists(
    st.tuples(
        st.sampled_from(BEGINNINGS), st.text("abcdeé XIV.)", min_size=1, max_size=12),
        st.sampled_from(["", "", "", *CHOICES]),
    ),
    max_size=30,
)  # fmt: skip


@settings(max_examples=100)
@given(LINES, st.booleans())
def test_no_line_is_lost_or_moved(lines, has_themes):
    """Whatever is pasted and said, each line is in the axes, in order, unless left out."""
    text = "\n".join(beginning + words for beginning, words, _ in lines)
    choices = {key_of(b + words, 0): choice for b, words, choice in lines if choice}
    outline = read_outline(text, choices, has_themes=has_themes)
    assert [line.at for line in outline.lines] == [
        at for at, line in enumerate(text.splitlines(), 1) if line.strip()
    ]
    expected = [
        line.text if line.value == "suite" else line.title or line.text
        for line in outline.lines
        if line.value != "non"
    ]
    assert words_in(outline.axes) == fold(" ".join(expected)).split()


def words_in(value) -> list[str]:
    """Return the words of all titles, from the top down."""
    if isinstance(value, list):
        return [word for item in value for word in words_in(item)]
    own = fold(value.get("titre", "")).split()
    keys = ("thematiques", "objectifs", "sous_objectifs")
    return own + [word for key in keys for word in words_in(value.get(key, []))]
