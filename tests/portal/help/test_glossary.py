"""The words of the trade: told on one page, and at the foot of the pages that use them."""

import re

import pytest
from django.template import Context, Template

from ctg_portal.help import glossary as subject
from ctg_portal.help.glossary import glossary
from ctg_portal.search.rows import fold
from tests import factories as f

TEXT = "Les avenants de la CAF et de l’EPCI, deux équivalents temps plein, les centres sociaux. "


def names(text):
    return [word.name for word in glossary().used_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La Caf, la CAF", ["Caf"]),
        ("mon@caf.example, une cafetière", []),
        ("L’avenant ; des Avenants", ["Avenant"]),
        ("un avenantage", []),
        ("deux fiches action", ["Fiche action"]),
        ("une fiche, une action", []),
        ("une fiche", []),
        ("le secret des statistiques", []),
        ("un contrat enfance jeunesse", ["CEJ"]),
        ("des micro-crèches", ["Micro-crèche"]),
        ("les RAM", ["RPE"]),
        ("programme, ramassage", []),
        ("", []),
        (TEXT, ["Avenant", "Caf", "Centre social", "EPCI", "ETP"]),
    ],
)
def test_words_are_found_as_people_write_them(text, expected):
    assert names(text) == expected


def test_words_are_in_order_and_have_each_an_anchor():
    words = glossary().words
    assert len(words) > 60
    assert [word.name for word in words] == sorted((w.name for w in words), key=fold)
    assert len({word.anchor for word in words}) == len(words)


def test_meanings_hold_no_figure():
    """A figure at the foot of a page would look like one of the page."""
    assert [word.name for word in glossary().words if re.search(r"\d", word.definition)] == []


def test_meanings_use_no_word_for_which_a_convention_may_have_its_own():
    ours = re.compile(r"\b(axes?|thématiques?|objectifs?)\b")
    assert [word.name for word in glossary().words if ours.search(word.meaning)] == []


def test_glossary_shows_each_word_at_its_anchor(client, db):
    html = client.get("/aide/glossaire/").content.decode()
    assert all(f'<dt id="{word.anchor}">{word.name}</dt>' in html for word in glossary().words)
    assert "Les sigles de cette page</span>" not in html


def rendered(text: str) -> str:
    page = "{% words_explained %}<p title='EAJE'>{{ t }}</p>{% endwords_explained %}"
    return Template("{% load guidance %}" + page).render(Context({"t": text}))


def test_page_ends_with_the_abbreviations_that_it_uses_and_does_not_spell_out():
    html = rendered(TEXT)
    assert "/aide/glossaire/#avenant" not in html
    spelled = rendered(f"{TEXT} Établissement public de coopération intercommunale.")
    assert "/aide/glossaire/#epci" not in spelled
    assert html.startswith("<p title='EAJE'>Les avenants")
    assert '<a href="/aide/glossaire/#epci">EPCI</a>' in html
    assert "Établissement public de coopération intercommunale" in html
    assert "crèche" not in html
    assert html.count("<dt ") == 3


def test_page_without_such_words_has_no_fold():
    assert rendered("Rien de tel.") == "<p title='EAJE'>Rien de tel.</p>"


def test_text_of_a_convention_stays_as_it_was_signed(client, db):
    article = f.ArticleFactory(text="La CAF et l’EPCI financent les EAJE.")
    client.force_login(f.MembershipFactory(convention=article.convention).user)
    html = client.get(f"/conventions/{article.convention.slug}/texte/").content.decode()
    assert "La CAF et l’EPCI financent les EAJE." in html
    assert '<a href="/aide/glossaire/#eaje">EAJE</a>' in html


def test_words_cost_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        rendered(TEXT)


def test_glossary_that_lacks_is_told_in_the_log(monkeypatch, tmp_path, caplog):
    monkeypatch.setattr(subject, "FILE", tmp_path / "glossaire.md")
    assert rendered(TEXT).count("<dt ") == 0
    assert "docs/guide is installed with the code" in caplog.text
