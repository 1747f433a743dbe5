"""Search in the text, the objectives and the communes of one convention."""

import datetime

import pytest
from django.utils import timezone

from conventions.search.reading import search
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.stories import told_once

START, AMENDED = datetime.date(2020, 1, 1), datetime.date(2022, 1, 1)


@pytest.fixture
def convention(db, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: AMENDED)
    return f.ConventionFactory(
        slug="vallee",
        territory="Vallée",
        signed_on=START,
        end=datetime.date(2024, 12, 31),
        preamble="Vu l'**école** de la République.",
    )


@pytest.fixture
def find(client, coordinator):
    """``find("ecole")`` is the page of results."""
    client.force_login(coordinator.user)
    return lambda query: client.get("/conventions/vallee/recherche/", {"q": query})


@told_once
def schools(convention):
    """The word "école" in every kind of thing."""
    axis = f.AxisFactory(convention=convention, number=2, title="L'école", text="Une *école*.")
    theme = f.ThemeFactory(axis=axis, number="2.1", title="ÉCOLE ET FAMILLE")
    orientation = f.ObjectiveFactory(theme=theme, title="Ouvrir une école")
    f.ArticleFactory(convention=convention, number=3, title="Écoles", text="Chaque école ouvre.")
    f.AnnexFactory(convention=convention, number=1, title="Liste", text="Les écoles du territoire.")
    f.CoverageFactory(
        commune=f.CommuneFactory(convention=convention, insee_code="86174", name="École-sur-Vienne")
    )
    return {"theme": theme, "orientation": orientation}


def hits_of(page):
    return {
        group.heading: [(hit.title, hit.url) for hit in group.hits]
        for group in page.context["groups"]
    }


def hits_of_convention(convention, query):
    return [group.hits for group in search(convention, AMENDED, query)]


@pytest.mark.parametrize("query", ["ecole", "ÉCOLE", "École", "  école  ", "ecol"])
def test_word_is_found_wherever_it_is_with_or_without_accents(find, schools, query):
    text, axes = "/conventions/vallee/texte/", "/conventions/vallee/axes/"
    hits_by_kind = hits_of(find(query))
    assert {heading: sorted(hits) for heading, hits in hits_by_kind.items()} == {
        "Texte de la convention": [
            ("Annexe 1 : Liste", f"{text}#annexe-1"),
            ("Article 3 : Écoles", f"{text}#article-3"),
            ("Préambule", f"{text}#preambule"),
        ],
        "Axes et thématiques": [
            ("Axe 2 : L'école", f"{axes}#axe-2"),
            ("Thématique 2.1 : ÉCOLE ET FAMILLE", f"{axes}#{schools['theme'].anchor}"),
        ],
        "Objectifs": [("Ouvrir une école", f"{axes}#{schools['orientation'].anchor}")],
        "Communes": [("École-sur-Vienne", "/conventions/vallee/territoire/86174/")],
    }


def test_page_counts_and_marks_what_was_found(find, schools):
    page = find("ecole")
    assert title(page) == "7 résultats pour « ecole »"
    html = page.content.decode()
    assert "Vu l’<mark>école</mark> de la République." in html
    assert "Communes (1)" in text_of(html)
    assert 'name="q" value="ecole"' in html


def test_every_hit_leads_to_a_page_that_has_its_anchor(find, schools, client):
    urls = [url for hits in hits_of(find("ecole")).values() for _, url in hits]
    for url in urls:
        path, _, anchor = url.partition("#")
        page = client.get(path)
        assert page.status_code == 200
        assert not anchor or f'id="{anchor}"' in page.content.decode(), url


def test_all_the_words_must_be_there_in_any_order(find, schools):
    assert title(find("famille école")) == "1 résultat pour « famille école »"
    assert title(find("république ecole")) == "1 résultat pour « république ecole »"
    assert hits_of(find("république famille")) == {}


def test_a_theme_without_number_or_title_is_shown_as_it_is(find, convention):
    f.ThemeFactory(axis__convention=convention, number="", title="École")
    f.ThemeFactory(axis__convention=convention, untitled=True)
    (hits,) = [
        hits for heading, hits in hits_of(find("ecole")).items() if heading.startswith("Axe")
    ]
    assert [title for title, _ in hits] == ["Thématique : École"]


def test_only_what_is_in_force_is_found(find, convention):
    amendment = f.AmendmentFactory(
        convention=convention, number=1, signed_on=START, effective_on=AMENDED
    )
    later = f.AmendmentFactory(
        convention=convention,
        number=2,
        signed_on=START,
        effective_on=AMENDED + datetime.timedelta(days=1),
    )
    axis = f.AxisFactory(convention=convention)
    theme = f.ThemeFactory(axis=axis)
    for since, until in ((None, amendment), (later, None)):
        legal = {"until": until} | ({"since": since} if since else {})
        f.ArticleFactory(convention=convention, text="Des crèches.", **legal)
        f.AnnexFactory(convention=convention, text="Des crèches.", **legal)
        f.AxisFactory(convention=convention, title="Crèches", **legal)
        f.ThemeFactory(axis=axis, title="Crèches", **legal)
        f.ObjectiveFactory(theme=theme, title="Ouvrir des crèches", **legal)
        f.CoverageFactory(commune__convention=convention, commune__name="Crèches", **legal)
    assert hits_of(find("creches")).keys() <= {"Aide", "Mots du glossaire"}


def test_commune_that_has_left_is_not_found(find, convention):
    f.CoverageFactory(
        commune__convention=convention, commune__name="Archigny", left_on=datetime.date(2021, 1, 1)
    )
    assert hits_of(find("archigny")) == {}


def test_other_conventions_are_not_searched(find, schools):
    other = f.ConventionFactory(signed_on=START, preamble="Une piscine.")
    f.ArticleFactory(convention=other, text="Une piscine.")
    axis = f.AxisFactory(convention=other, title="Piscine")
    f.ObjectiveFactory(theme=f.ThemeFactory(axis=axis, title="Piscine"), title="Une piscine")
    f.CoverageFactory(commune__convention=other, commune__name="Piscine")
    assert sum(map(len, hits_of_convention(other, "piscine"))) == 6
    assert hits_of(find("piscine")) == {}


def test_project_is_searched_in_its_latest_wording(find, convention):
    convention.signed_on = None
    convention.save()
    f.ArticleFactory(convention=convention, since__effective_on=None, text="Une piscine.")
    assert list(hits_of(find("piscine"))) == ["Texte de la convention"]
    assert len(search(convention, None, "piscine")) == 1


def test_a_sign_beside_a_word_is_no_wildcard(find, schools):
    assert title(find("ecole%")) == "7 résultats pour « ecole% »"


@pytest.mark.parametrize("query", ["inconnaissable", "!!!", "%", "_", "\x00"])
def test_a_search_without_hits_says_so(find, schools, query):
    page = find(query)
    assert page.status_code == 200
    assert "Rien ne contient" in title(page)
    assert "Tous les mots doivent s’y trouver" in text_of(page.content.decode())


@pytest.mark.parametrize("query", ["", "   "])
def test_empty_search_asks_what_to_look_for(find, schools, query):
    page = find(query)
    assert title(page) == "Rechercher dans la convention"
    assert hits_of(page) == {}


def test_long_query_is_cut(find, schools):
    page = find("x" * 5000)
    assert page.context["query"] == "x" * 200
    assert "x" * 201 not in page.content.decode()


def test_html_in_the_query_is_shown_and_not_run(find, convention):
    f.ArticleFactory(convention=convention, text="Un script <b>alert</b>.")
    html = find('<script>alert("1")</script>').content.decode()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in html
    html = find("alert").content.decode()
    assert "&lt;b&gt;<mark>alert</mark>&lt;/b&gt;" in html
