"""What somebody looks for: words, codes, and how well a text answers."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ctg_portal.search.query import LAST_RANK, SearchQuery
from ctg_portal.search.rows import fold, marked

LETTERS = st.text(alphabet="abceéèœæçïñÉŒ ’-sSt1", max_size=12)


@pytest.mark.parametrize(
    ("query", "text", "is_in"),
    [
        ("ormes", "Les Ormes", True),
        ("ormes", "des formes", False),
        ("form", "des formes", True),
        ("ecole", "L’ÉCOLE", True),
        ("ÉCOLE", "une ecole", True),
        ("e\u0301cole", "une école", True),
        ("école", "une e\u0301cole", True),
        ("oeuvre", "la mise en œuvre", True),
        ("œuvre", "la mise en oeuvre", True),
        ("ram", "le RAM", True),
        ("ram", "ramassage", False),
        ("l’école", "une école", True),
        ("petite enfance", "l’enfance, petite", True),
        ("petite enfance", "l’enfance", False),
        ("86", "86066", True),
        ("eaje", "l’accueil du jeune enfant", True),
        ("les", "Les Ormes", True),
        ("", "texte", False),
        ("!!!", "texte !!!", False),
    ],
)
def test_words_are_found_at_their_beginning(query, text, is_in):
    assert SearchQuery(query, {"eaje": ("accueil du jeune enfant",)}).is_in(text) is is_in


@given(word=LETTERS, before=LETTERS, after=LETTERS)
def test_text_is_searched_as_if_it_were_folded(word, before, after):
    query, text = SearchQuery(word), f"{before} {after}"
    assume(query.words and not query.code)
    folded = fold(text).split()
    wanted = [
        any(part == word if len(word) <= 3 and word.isalpha() else part.startswith(word)
            for part in folded)
        for word in query.words
    ]  # fmt: skip
    assert query.is_in(text) == all(wanted)


@pytest.mark.parametrize(
    ("query", "code", "kind"),
    [
        ("2.1.3", "2 1 3", ""),
        ("2-1-3", "2 1 3", ""),
        (" 2 1 3 ", "2 1 3", ""),
        ("action 2.1.3", "2 1 3", "action"),
        ("Fiche action 2-1-3", "2 1 3", "fiche action"),
        ("PE-02", "pe 02", ""),
        ("pe02", "pe02", ""),
        ("indicateur PE-2", "pe 2", "indicateur"),
        ("article 5", "5", "article"),
        ("annexe 1", "1", "annexe"),
        ("5", "", ""),
        ("2024", "", ""),
        ("douze places", "", ""),
        ("maison 2", "", ""),
    ],
)
def test_a_code_is_distinguished_from_words(query, code, kind):
    sought_query = SearchQuery(query)
    assert (sought_query.code, sought_query.kind) == (code, kind)


@pytest.mark.parametrize("query", ["PE-02", "pe 02", "PE02", "pe-2", "indicateur PE-02"])
def test_code_is_found_however_it_is_spelled(query):
    assert SearchQuery(query).rank("Places", code="PE-02") == 0
    assert SearchQuery(query).is_in("voir PE-02.")
    assert not SearchQuery(query).is_in("voir PE-021.")


def test_the_better_something_answers_the_sooner_it_comes():
    query = SearchQuery("Les Ormes")
    answers = [
        ("Les Ormes", ""),
        ("Crèche : les Ormes", ""),
        ("La halte des Ormes", ""),
        ("Ormesson", ""),
        ("Annexe", "Mondion, les Ormes, Oyré"),
    ]
    ranks = [query.rank(title, text) for title, text in answers]
    assert ranks == sorted(ranks)
    assert ranks[-1] < query.rank("Annexe", "l’ormeau") == LAST_RANK


def test_an_objective_comes_before_its_parts_and_texts_that_cite_its_code():
    query = SearchQuery("action 2.1")
    ranks = [
        query.rank("2.1 Un", code="2.1"),
        query.rank("2.1.3 Deux", code="2.1.3"),
        query.rank("Autre", "voir 2.1", code="4.2"),
    ]
    assert ranks == sorted(set(ranks))


def test_words_of_a_title_are_marked_from_their_beginning():
    assert marked("Aux Ormes, des formes", "ormes") == [
        ("Aux ", False), ("Ormes", True), (", des formes", False),
    ]  # fmt: skip
