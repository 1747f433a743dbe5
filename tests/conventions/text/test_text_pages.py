"""The text of the convention and its structure, as read today."""

import datetime
import re

import pytest
from django.utils import timezone

from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.stories import told_once

START, AMENDED = datetime.date(2020, 1, 1), datetime.date(2022, 1, 1)
TEXT, AXES = "/conventions/vallee/texte/", "/conventions/vallee/axes/"


@pytest.fixture
def convention(db, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: AMENDED)
    return f.ConventionFactory(
        slug="vallee", territory="Vallée", signed_on=START, end=datetime.date(2024, 12, 31)
    )


@told_once
def since(convention):
    return f.AmendmentFactory(convention=convention)


@told_once
def amendment(convention):
    return f.AmendmentFactory(
        convention=convention, number=1, signed_on=START, effective_on=AMENDED
    )


@pytest.fixture
def get(client, coordinator):
    client.force_login(coordinator.user)
    return client.get


def html_of(page) -> str:
    assert page.status_code == 200
    return page.content.decode()


def project(convention):
    convention.signed_on = convention.start = None
    convention.save()


def axis_with_objectives(convention, **fields):
    """An axis with a theme and an orientation of one sub-objective."""
    axis = f.AxisFactory(convention=convention, **fields)
    theme = f.ThemeFactory(axis=axis, number="1.1", title="Enfance")
    orientation = f.ObjectiveFactory(theme=theme, title="Accueillir les enfants")
    f.ObjectiveFactory(parent=orientation, title="Ouvrir le soir")
    return axis


# The text ------------------------------------------------------------------------------------


def test_title_says_that_the_text_is_as_signed(get, convention):
    page = get(TEXT)
    assert title(page) == "Le texte de la convention, tel que les parties l’ont signé"
    assert "Signé à Poitiers le 1er janvier 2020." in text_of(html_of(page))


def test_title_says_that_amendments_are_in_it(get, convention, since, amendment):
    f.ArticleFactory(convention=convention, number=1, text="Ancien", until=amendment)
    f.ArticleFactory(convention=convention, number=1, text="Nouveau", since=amendment)
    f.AmendmentFactory(
        convention=convention, number=2, signed_on=START, effective_on=datetime.date(2023, 1, 1)
    )
    page = get(TEXT)
    assert title(page) == "Le texte de la convention, avenant compris"
    text = text_of(html_of(page))
    assert "tel que les parties l’ont signé" not in text
    assert "Modifié depuis par l’avenant n° 1 (1er janvier 2022)." in text
    assert text.count("Rédaction de l’avenant n° 1") == 1
    assert "avenant n° 2" not in text


def test_title_says_that_a_project_is_not_signed(get, convention):
    project(convention)
    page = get(TEXT)
    assert title(page) == "Le projet de convention, non signé"
    assert "Ce texte peut encore changer jusqu’à sa signature." in text_of(html_of(page))


def test_parts_follow_each_other_in_the_order_of_the_convention(get, convention, since):
    convention.preamble = "Vu le code."
    convention.save()
    for number, kind in ((2, f.ArticleFactory), (1, f.ArticleFactory), (1, f.AnnexFactory)):
        kind(convention=convention, number=number, title=f"Titre {number}", text="Du texte.")
    axis_with_objectives(convention, number=1, title="Familles")
    headings = [
        text_of(heading) for heading in re.findall(r"<h2.*?</h2>", html_of(get(TEXT)), re.DOTALL)
    ]
    assert headings == [
        "Préambule",
        "Article 1 : Titre 1",
        "Article 2 : Titre 2",
        "Axes et objectifs",
        "Signatures",
        "Annexe 1 : Titre 1",
    ]


def test_every_anchor_is_unique_and_every_link_of_the_contents_has_its_target(
    get, convention, since, amendment
):
    convention.preamble = "# Vu\n\nl'article 1"
    convention.save()
    for number in range(1, 4):
        f.ArticleFactory(convention=convention, number=number, text="# Objet\n\n## Suite")
        f.AnnexFactory(convention=convention, number=number)
        axis_with_objectives(convention, number=number)
    f.ArticleFactory(convention=convention, number=4, until=amendment)
    f.ArticleFactory(convention=convention, number=4, since=amendment)
    html = html_of(get(TEXT))
    ids = re.findall(r'\sid="([^"]+)"', html)
    targets = re.findall(r'href="(?:/conventions/vallee/texte/)?#([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(targets) <= set(ids)
    contents = re.search(r'<nav class="toc.*?</nav>', html, re.DOTALL)[0]
    assert re.findall(r'href="#([^"]+)"', contents) == [
        "preambule", "article-1", "article-2", "article-3", "article-4", "axes",
        "signatures", "annexe-1", "annexe-2", "annexe-3",
    ]  # fmt: skip
    assert [
        part for part in re.findall(r'aria-labelledby="([^"]+)"', html) if part not in ids
    ] == []


def test_every_part_is_a_fold_that_browsers_open_for_what_they_are_led_to(get, convention):
    convention.preamble = "Vu le code."
    convention.save()
    f.ArticleFactory(convention=convention, number=1, text="Selon l’article 1.")
    f.AnnexFactory(convention=convention, number=1)
    axis_with_objectives(convention, number=1)
    html = html_of(get(TEXT))
    folds = re.findall(r'<details class="fold text-fold">(.*?)</details>', html, re.DOTALL)
    inside = [fold.split("</summary>")[1] for fold in folds]
    anchors = ["preambule", "article-1", "axes", "signatures", "annexe-1"]
    assert [re.search(r'id="([^"]+)"', part)[1] for part in inside] == anchors
    assert '<a href="?parties=toutes" data-unfolds-all>Tout ouvrir</a>' in html
    opened = html_of(get(f"{TEXT}?parties=toutes"))
    assert opened.count('<details class="fold text-fold" open>') == len(anchors)
    assert "Tout refermer" in opened


def test_text_in_force_is_shown_and_what_it_replaced_is_not(get, convention, since, amendment):
    f.ArticleFactory(convention=convention, number=1, text="Ancien", until=amendment)
    f.ArticleFactory(convention=convention, number=1, text="Nouveau", since=amendment)
    f.AnnexFactory(convention=convention, text="Supprimée", until=amendment)
    text = text_of(html_of(get(TEXT)))
    assert "Nouveau" in text
    assert "Ancien" not in text
    assert "Supprimée" not in text


def test_cited_articles_are_linked_everywhere(get, convention, since, amendment):
    convention.preamble = "Vu l'article 5 du préambule."
    convention.save()
    for number in (1, 5):
        f.ArticleFactory(convention=convention, number=number, text="Selon l'article 5 ; art. 1.")
    f.ArticleFactory(convention=convention, number=6, until=amendment)
    f.AnnexFactory(convention=convention, text="Article 5, article 6, article 78-17.")
    axis = f.AxisFactory(convention=convention, text="Cet axe sert l'article 1.")
    objective = f.ObjectiveFactory(theme__axis=axis, title="Suivre l'article 5")
    f.ObjectiveFactory(parent=objective, title="Relire l'article 1")
    html = html_of(get(TEXT))
    assert html.count(f'<a href="{TEXT}#article-5">') == 1 + 2 + 1 + 1
    assert html.count(f'<a href="{TEXT}#article-1">') == 2 + 1 + 1
    assert "#article-6" not in html
    assert "#article-78" not in html
    axes = html_of(get(AXES))
    assert axes.count(f'<a href="{TEXT}#article-5">') == 1
    assert axes.count(f'<a href="{TEXT}#article-1">') == 2


def test_headings_of_a_text_lie_under_the_heading_of_its_part(get, convention):
    f.ArticleFactory(convention=convention, text="# Objet\n\n## Durée")
    f.AxisFactory(convention=convention, text="# Constats")
    html = html_of(get(TEXT))
    assert "<h3>Objet</h3>" in html
    assert "<h4>Durée</h4>" in html
    assert "<h4>Constats</h4>" in html


def test_html_in_a_text_is_shown_and_not_run(get, convention):
    convention.preamble = "<script>alert(1)</script>"
    convention.save()
    f.ArticleFactory(convention=convention, title="<b>Objet</b>", text="<img src=x onerror=y>")
    axis_with_objectives(convention, title="<i>Axe</i>", text="[x](javascript:alert)")
    html = html_of(get(TEXT)) + html_of(get(AXES))
    for tag in ("<script>", "<b>Objet", "<img", "<i>Axe", 'href="javascript'):
        assert tag not in html


def test_a_missing_text_has_a_sentence(get, convention):
    f.ArticleFactory(convention=convention, text="")
    assert "Le fichier de la convention ne donne pas ce texte." in text_of(html_of(get(TEXT)))


# The structure -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 1, 0), "1 axe et 1 objectif"),
        ((0, 2, 0), "1 axe et 2 objectifs"),
        ((2, 2, 0), "1 axe, 2 thématiques et 2 objectifs"),
        ((1, 3, 1), "1 axe, 1 thématique, 3 objectifs et 1 sous-objectif"),
        ((0, 1, 2), "1 axe, 1 objectif et 2 sous-objectifs"),
    ],
)
def test_title_counts_themes_orientations_and_sub_objectives(get, convention, counts, expected):
    themes, orientations, sub_objectives = counts
    axis = f.AxisFactory(convention=convention)
    rows = [f.ThemeFactory(axis=axis) for _ in range(themes)] or [
        f.ThemeFactory(axis=axis, untitled=True)
    ]
    parents = [f.ObjectiveFactory(theme=rows[0]) for _ in range(orientations)]
    for _ in range(sub_objectives):
        f.ObjectiveFactory(parent=parents[0])
    assert title(get(AXES)) == expected


def test_structure_is_shown_as_amended(get, convention, since, amendment):
    axis = axis_with_objectives(convention, number=1, title="Familles", is_priority=True)
    theme = axis.themes.get()
    f.ObjectiveFactory(theme=theme, title="Abandonné", until=amendment)
    f.ObjectiveFactory(theme=theme, title="Ajouté", since=amendment, code="LAEP", is_priority=True)
    f.AxisFactory(convention=convention, number=2, title="Logement", since=amendment)
    text = text_of(html_of(get(AXES)))
    assert (
        "Axe 1 · prioritaire Familles 1.1 Enfance 2 objectifs, 1 sous-objectif Accueillir" in text
    )
    assert "LAEP Ajouté ★ prioritaire" in text
    assert "Ouvrir le soir" in text
    assert "2. Logement" in text
    assert "Abandonné" not in text


def test_each_objective_says_what_it_rests_on(get, convention):
    theme = f.ThemeFactory(axis__convention=convention)
    f.ObjectiveFactory(theme=theme, rank=1, title="Signé")
    f.ObjectiveFactory(theme=theme, rank=2, title="Ajouté", committee=True)
    text = text_of(html_of(get(AXES)))
    assert text.count("validé par la signature") == 1  # told once, of all that has no other mark
    assert "Sans autre mention, tout ceci est validé par la signature" in text
    assert "Ajouté ✓ défini par le comité" in text
    project(convention)
    text = text_of(html_of(get(AXES)))
    assert "validé par la signature" not in text
    assert "La convention n’est pas signée : tout ceci est un projet." in text


def test_axis_without_themes_shows_no_empty_title(get, convention):
    axis = f.AxisFactory(convention=convention, title="Familles")
    f.ObjectiveFactory(theme=f.ThemeFactory(axis=axis, untitled=True), title="Accueillir")
    assert "<h3" not in html_of(get(AXES))
    assert "<h4" not in html_of(get(TEXT))
    for page in (AXES, TEXT, "/conventions/vallee/"):
        text = text_of(html_of(get(page)))
        assert "Thématique" not in text
        assert page not in (AXES, TEXT) or "Familles" in text


def test_theme_without_objective_says_so_and_shows_no_empty_list(get, convention):
    f.ThemeFactory(axis__convention=convention)
    html = html_of(get(AXES))
    assert "Aucun objectif n’est inscrit ici." in text_of(html)
    for page in (html, html_of(get(TEXT))):
        assert not re.search(r"<ul[^>]*>\s*</ul>", page)


def test_contents_lead_to_each_axis_and_are_left_out_for_one(get, convention):
    f.AxisFactory(convention=convention, number=1)
    assert 'class="toc' not in html_of(get(AXES))
    f.AxisFactory(convention=convention, number=2)
    html = html_of(get(AXES))
    for number in (1, 2):
        assert f'href="#axe-{number}"' in html
        assert f'<section id="axe-{number}"' in html
