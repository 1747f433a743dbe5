"""The page of results: the best kind first, all of a kind, what to try when nothing is found."""

import pytest

from conventions.models import CooperationPost, CooperationShare
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.stories import told_once

pytestmark = pytest.mark.both

PAGE = "/conventions/vallee/recherche/"


@told_once
def places(convention, coordinator):
    """A commune whose name is inside another word of the text."""
    f.ArticleFactory(convention=convention, number=1, title="Formes", text="Sous toutes formes.")
    f.ArticleFactory(convention=convention, number=5, title="Le suivi", text="Voir l’article 1.")
    f.AnnexFactory(convention=convention, number=2, title="Communes", text="Oyré, Les Ormes.")
    f.CoverageFactory(
        commune=f.CommuneFactory(convention=convention, insee_code="86183", name="Les Ormes")
    )


@pytest.fixture
def find(as_coordinator, places):
    return lambda query, **more: as_coordinator.get(PAGE, {"q": query, **more})


def kinds(page):
    return [(kind.group.heading, [hit.title for hit in kind.group.hits])
            for kind in page.context["results"].kinds]  # fmt: skip


def test_the_commune_comes_before_the_text_and_no_word_is_found_inside_another(find):
    assert kinds(find("Les Ormes")) == [
        ("Communes", ["Les Ormes"]),
        ("Texte de la convention", ["Annexe 2 : Communes"]),
    ]


@pytest.mark.parametrize("query", ["article 5", "Article 5", "article  5"])
def test_article_is_found_by_its_number(find, query):
    assert kinds(find(query))[0] == ("Texte de la convention", ["Article 5 : Le suivi"])


def test_themes_and_objectives_are_found_by_their_codes(find, convention):
    theme = f.ThemeFactory(axis__convention=convention, number="2.1", title="Logement")
    f.ObjectiveFactory(theme=theme, code="2.1.a", title="Loger les jeunes")
    assert kinds(find("2.1"))[0][1] == ["Thématique 2.1 : Logement"]
    assert ("Objectifs", ["Loger les jeunes"]) in kinds(find("2-1-a"))


def test_few_of_each_kind_are_shown_and_the_others_one_link_away(find, convention):
    for number in range(8):
        f.ObjectiveFactory(theme__axis__convention=convention, title=f"Accueillir {number}")
    page = find("accueillir")
    (kind,) = [k for k in page.context["results"].kinds if k.group.key == "objectifs"]
    assert (len(kind.hits), kind.others) == (5, 3)
    assert "Objectifs (8)" in text_of(page.content.decode())
    assert "Voir 3 autres résultats" in text_of(page.content.decode())
    whole = find("accueillir", dans="objectifs")
    assert f'href="{kind.more_url.replace("&", "&amp;")}"' in page.content.decode()
    assert [len(kind.hits) for kind in whole.context["results"].kinds] == [8]
    assert "Tous les résultats" in whole.content.decode()


def test_words_of_titles_are_marked_and_each_hit_says_where_it_stands(find, convention):
    theme = f.ThemeFactory(axis__convention=convention, axis__number=3, title="Jeunesse")
    f.ObjectiveFactory(theme=theme, code="3.1.b", title="Accueillir les jeunes")
    html = find("accueillir").content.decode()
    assert "<mark>Accueillir</mark> les jeunes</a>" in html
    assert "3.1.b, Axe 3, " in text_of(html)


def test_word_spelled_otherwise_is_suggested(find):
    page = find("Ormse")
    assert title(page) == "Rien ne contient « Ormse »"
    assert page.context["results"].spellings[0] == ("ormes", "?q=ormes")


def test_a_page_without_hits_lists_what_was_searched_and_offers_fewer_words(find):
    page = find("ormes introuvables")
    text = text_of(page.content.decode())
    assert [word for word, _ in page.context["results"].fewer] == ["ormes", "introuvables"]
    assert "Avec moins de mots" in text
    assert "La recherche a porté sur : mots du glossaire, texte de la convention" in text
    for kind in ("actions", "indicateurs", "commentaires", "dossiers", "documents", "aide"):
        assert kind in text
    assert 'href="/aide/glossaire/">le glossaire</a>' in page.content.decode()


def test_guide_and_glossary_are_searched(find):
    hits_by_kind = dict(kinds(find("dossier")))
    assert "Envoyer un dossier" in hits_by_kind["Aide"]
    assert dict(kinds(find("EAJE")))["Mots du glossaire"][0] == "EAJE"
    page = find("EAJE")
    assert "/aide/glossaire/#eaje" in page.content.decode()


def test_people_are_found_as_one_may_see_them(find, client, agent, convention, stranger):
    f.SignatoryFactory(party__organisation__convention=convention, name="Jeanne LEFÈVRE")
    assert dict(kinds(find("lefevre")))["Personnes"] == ["Jeanne LEFÈVRE", "Nadia Lefèvre"]
    reader = f.MembershipFactory(convention=convention, reader=True).user
    client.force_login(reader)
    page = client.get(PAGE, {"q": "lefevre"})
    assert dict(kinds(page))["Personnes"] == ["Jeanne LEFÈVRE"]
    page = client.get(PAGE, {"q": "claire morin"})
    (hit,) = page.context["results"].groups[0].hits
    assert (hit.title, hit.url) == ("Claire Morin", "/conventions/vallee/cooperation/")


def test_posts_are_found_by_title_employer_and_domain(find, convention, agent):
    post = CooperationPost.objects.create(
        convention=convention, fte=1, title="Chargée de coopération", employer=agent.organisation
    )
    CooperationShare.objects.create(post=post, rank=1, domain="Ludothèque", fte=1)
    for query in ("chargee cooperation", agent.organisation.name, "ludotheque"):
        hits_by_kind = dict(kinds(find(query)))
        assert hits_by_kind["Postes de coopération"] == [str(post)]
    page = find("ludotheque")
    (hit,) = page.context["results"].groups[0].hits
    assert hit.url == f"/conventions/vallee/cooperation/#poste-{post.pk}"


def test_colleague_is_found_by_who_acts_for_the_same_organisation(find, client, agent):
    colleague = f.MembershipFactory(organisation=agent.organisation, reader=True).user
    client.force_login(colleague)
    page = client.get(PAGE, {"q": "nadia"})
    assert dict(kinds(page))["Personnes"] == ["Nadia Lefèvre"]


def test_person_of_another_convention_is_not_found(find, stranger):
    assert kinds(find(stranger.last_name)) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Enjeu II", "Enjeu II : Étudier ailleurs"),
        ("axe ii", "Enjeu II : Étudier ailleurs"),
        ("enjeu 4", "Enjeu 4 : Habiter ici"),
        ("Volet C.1", "Volet C.1 : Loger"),
        ("thématique C.1", "Volet C.1 : Loger"),
    ],
)
def test_axes_and_themes_are_found_as_the_text_calls_and_numbers_them(
    find, convention, query, expected
):
    convention.labels = {"axe": "Enjeu", "thematique": {"un": "Volet", "genre": "m"}}
    convention.save()
    f.AxisFactory(convention=convention, number=2, numeral="II", title="Étudier ailleurs")
    axis = f.AxisFactory(convention=convention, number=4, title="Habiter ici")
    f.ThemeFactory(axis=axis, number="C.1", title="Loger")
    assert ("Enjeux et volets", [expected]) in kinds(find(query))


@pytest.mark.parametrize(
    ("state", "suffix"),
    [("pending", ", à confirmer"), ("suspended", ", suspendu"), ("confirmed", "")],
)
def test_a_hit_says_that_an_access_does_not_count(find, convention, state, suffix):
    access = f.MembershipFactory(convention=convention, reader=True, state=state)
    [(_, [hit])] = [
        (kind.group.heading, kind.group.hits)
        for kind in find(access.user.full_name).context["results"].kinds
    ]
    assert hit.within == f"Accès au portail : lecture, {access.organisation.acronym}{suffix}"
