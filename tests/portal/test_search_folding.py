"""Search without accents: folding, matching in the database, excerpts."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conventions.models import Article, Commune
from ctg_portal.search.rows import EXCERPT_LENGTH, excerpt, fold
from tests import factories as f
from tests.stories import told_once

pytestmark = pytest.mark.both

WORDS = st.lists(st.sampled_from(["école", "ecole", "le", "Caf", "x" * 90, "d’été"]), max_size=80)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ÉCOLE", "ecole"),
        ("L’École d'Élan", "l ecole d elan"),
        ("cœur, Œuvre, nævus, Straße", "coeur oeuvre naevus strasse"),
        ("Saint-Léger_de  Montbrillais", "saint leger de montbrillais"),
        ("ﬁnancement 5 €", "financement 5"),
        ("e\u0301te\u0301", "ete"),
        ("ǼǢ", "aeae"),
        ("  ¡ ! ", ""),
        ("2A004", "2a004"),
        ("", ""),
    ],
)
def test_fold_leaves_out_accents_case_ligatures_and_punctuation(text, folded):
    assert fold(text) == folded


@given(st.text())
@example("Ǽ")
@example("İstanbul ẞ ŉ")
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folded_text_holds_words_and_single_spaces_only(text):
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert "_" not in folded
    assert "%" not in folded


@told_once
def communes(db):
    convention = f.ConventionFactory()
    for code, name in [
        ("86066", "Châtellerault"),
        ("86194", "Poitiers"),
        ("86224", "Saint-Georges-lès-Baillargeaux"),
        ("86273", "Usson-du-Poitou"),
    ]:
        f.CommuneFactory(convention=convention, insee_code=code, name=name)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("chatellerault", ["Châtellerault"]),
        ("CHÂTELLERAULT", ["Châtellerault"]),
        ("poit", ["Poitiers", "Usson-du-Poitou"]),
        ("baillargeaux georges", ["Saint-Georges-lès-Baillargeaux"]),
        ("poitou georges", []),
        ("86", ["Châtellerault", "Poitiers", "Saint-Georges-lès-Baillargeaux", "Usson-du-Poitou"]),
        ("86066", ["Châtellerault"]),
        ("Saint_Georges", ["Saint-Georges-lès-Baillargeaux"]),
        ("%", []),
        ("_", []),
        ("", []),
        ("  ’ ", []),
        ("\x00", []),
    ],
)
def test_rows_that_contain_every_word_are_found(query, expected, communes):
    assert [c.name for c in Commune.objects.matching(query)] == expected


def test_matching_narrows_what_was_already_chosen(communes):
    elsewhere = f.CommuneFactory(name="Poitiers")
    chosen = Commune.objects.filter(convention=elsewhere.convention)
    assert list(chosen.matching("poitiers")) == [elsewhere]


def test_all_the_search_fields_can_be_found(db):
    article = f.ArticleFactory(title="Durée", text="La convention s'achève en été.")
    assert list(Article.objects.matching("duree")) == [article]
    assert list(Article.objects.matching("acheve duree ete")) == [article]


def test_a_changed_row_is_found_by_its_new_words_only(db):
    article = f.ArticleFactory(title="Durée")
    article.title = "Résiliation"
    article.save()
    assert not Article.objects.matching("duree").exists()
    assert Article.objects.matching("resiliation").exists()


def test_saving_some_fields_keeps_the_search_true(db):
    article = f.ArticleFactory(title="Durée")
    article.title = "Résiliation"
    article.save(update_fields=["title"])
    assert not Article.objects.matching("duree").exists()
    assert Article.objects.matching("resiliation").exists()
    article.refresh_from_db()
    assert article.title == "Résiliation"


def test_saving_some_fields_saves_no_other(db):
    article = f.ArticleFactory(number=3)
    article.number, article.title = 4, "Autre"
    article.save(update_fields=["title"])
    article.refresh_from_db()
    assert (article.number, article.title) == (3, "Autre")


@pytest.mark.parametrize(
    ("text", "query", "pieces"),
    [
        ("L’école ouvre.", "ecole", [("L’", False), ("école", True), (" ouvre.", False)]),
        ("École", "ecole", [("École", True)]),
        ("l'**école** ?", "ecole", [("l’", False), ("école", True), ("\u202f?", False)]),
        ("Les écoles", "ÉCOLE", [("Les ", False), ("écoles", True)]),
        (
            "la Caf et la MSA",
            "msa caf",
            [("la ", False), ("Caf", True), (" et la ", False), ("MSA", True)],
        ),
        ("Rien ici.", "ecole", [("Rien ici.", False)]),
        ("", "ecole", []),
        ("Un texte.", "", [("Un texte.", False)]),
    ],
)
def test_excerpt_marks_the_words_found(text, query, pieces):
    assert excerpt(text, query) == pieces


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("## Objet\n\nLe **texte** de la _Caf_", "Objet Le texte de la Caf"),
        ("Voir [le relevé](https://exemple.fr/a_b) des membres", "Voir le relevé des membres"),
        ("> cité\n>\n> - un\n\n- deux\n  + trois", "cité un deux trois"),
        ("l’**école** et la **Caf**.", "l’école et la Caf."),
        ("18 > 12 et <b>", "18 > 12 et <b>"),
        ("| a | b |\n`code` \\* #", "a b code"),
        ("sous-objectif + 5 - 3", "sous-objectif + 5 - 3"),
    ],
)
def test_excerpt_leaves_the_signs_of_markdown_out(text, plain):
    assert excerpt(text, "rien du tout") == [(plain, False)]


def test_excerpt_of_a_long_text_surrounds_the_first_word_found():
    text = "avant " * 100 + "la crèche " + "après " * 100
    pieces = excerpt(text, "creche")
    assert pieces[0] == ("… ", False)
    assert pieces[1][0].endswith("avant la ")
    assert pieces[1][0].startswith("avant ")
    assert pieces[2] == ("crèche", True)
    assert pieces[3][0].startswith(" après")
    assert pieces[3][0].endswith("après …")


def test_excerpt_of_a_long_text_without_the_words_is_its_beginning():
    ((piece, is_match),) = excerpt("mot " * 200, "ecole")
    assert not is_match
    assert piece.startswith("mot mot")
    assert piece.endswith("mot …")
    assert len(piece) <= EXCERPT_LENGTH + 2


def test_excerpt_of_a_text_without_spaces_is_cut():
    assert excerpt("x" * 500, "ecole") == [("x" * EXCERPT_LENGTH + " …", False)]


def test_excerpt_shows_the_word_found_after_a_long_address():
    pieces = excerpt("https://caf.example/" + "x" * 100 + "-école fin", "ecole")
    assert pieces[-2:] == [("école", True), (" fin", False)]


@given(WORDS)
@example(["x" * 90] * 3 + ["école"])
def test_excerpt_is_a_short_passage_of_the_text_that_shows_the_word(words):
    text = " ".join(words)
    pieces = excerpt(text, "école")
    passage = "".join(piece for piece, _ in pieces)
    assert passage.removeprefix("… ").removesuffix(" …") in text
    assert len(passage) <= EXCERPT_LENGTH + 4
    marked = [piece for piece, found in pieces if found]
    assert all(fold(piece) == "ecole" for piece in marked)
    assert bool(marked) == any(fold(word) == "ecole" for word in words)
