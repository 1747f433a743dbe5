"""The guide within the portal: its pages, their places, the way back."""

import logging
from html import unescape

import pytest
from django.urls import reverse

from ctg_portal.help import guide
from ctg_portal.help.guide import FOLDER, GLOSSARY, INDEX, PAGES, address_of, read_page
from ctg_portal.hosting import checks
from tests import factories as f

BACK = "/conventions/vallee/plan-d-actions/?q=relais"


@pytest.fixture
def reader(client, db):
    client.force_login(f.UserFactory())
    return client


def test_every_file_of_the_guide_is_a_page_of_the_portal():
    assert {path.stem for path in FOLDER.glob("*.md")} == {*PAGES, INDEX, GLOSSARY}


@pytest.mark.parametrize("name", PAGES)
def test_page_shows_its_text_chapter_by_chapter(reader, name):
    html = unescape(reader.get(address_of(name)).content.decode())
    page = read_page(name)
    assert f"<h1>{page.title}</h1>" in html
    assert html.count("<h1") == 1
    chapters = [one for one in page.sections if one.level == 2]
    assert html.count("<details") == len(chapters) > 1
    assert html.count("<summary><h2>") == len(chapters)
    assert all(one.title in html for one in chapters)
    assert all(html.count(f'id="{anchor}"') == 1 for anchor in page.anchors)


@pytest.mark.parametrize("name", PAGES)
def test_each_place_of_a_chapter_lies_within_what_folds(name):
    """Browsers open a fold for what is inside, not for its own line."""
    page = read_page(name)
    beginning, chapters = page.beginning_and_chapters(back="")
    inside = beginning + "".join(chapter.html for chapter in chapters)
    anchors = {chapter.anchor for chapter in chapters}
    assert all(anchor in anchors or f'id="{anchor}"' in inside for anchor in page.anchors)
    assert not any(f'id="{anchor}"' in inside for anchor in anchors)


def test_all_chapters_are_open_where_the_address_says_so(reader):
    html = reader.get(address_of("pilote")).content.decode()
    assert '<details class="fold" open>' not in html
    html = reader.get(address_of("pilote") + "?chapitres=tous").content.decode()
    assert html.count('<details class="fold" open>') == html.count("<summary><h2>") > 1


@pytest.mark.parametrize("name", [INDEX, *PAGES])
def test_links_within_the_guide_lead_to_a_page_and_a_place_of_the_portal(reader, name):
    html = read_page(name).html
    links = [link.split('"')[0] for link in html.split('href="')[1:]]
    assert ".md" not in html
    for link in links:
        path, _, anchor = link.partition("#")
        page = reader.get(path)
        assert page.status_code == 200, link
        assert not anchor or f'id="{anchor}"' in page.content.decode(), link


def test_a_paragraph_that_begins_in_bold_is_a_place():
    coordination = read_page("coordination")
    assert "envoyer-un-dossier" in coordination.anchors
    (sending,) = [one for one in coordination.sections if one.anchor == "envoyer-un-dossier"]
    assert (sending.title, sending.level) == ("Envoyer un dossier", 6)
    assert "cochez les points" in sending.text
    assert "Rappeler le dossier" in sending.text


def test_link_that_leaves_the_guide_is_text():
    html = read_page("exploitant").html
    assert "README" in html
    assert "../.." not in html


def test_a_visitor_reads_the_page_on_logging_in_and_the_glossary_alone(client, db):
    assert client.get("/aide/se-connecter/").status_code == 200
    assert client.get("/aide/glossaire/").status_code == 200
    for path in ("/aide/", "/aide/coordination/"):
        assert client.get(path).url == f"/connexion/?next={path}"


@pytest.mark.parametrize("name", ["inconnue", "index", "glossaire.md"])
def test_an_unknown_page_of_the_guide_is_not_found(reader, name):
    assert reader.get(f"/aide/{name}/").status_code == 404


def test_file_that_lacks_is_told_in_the_log(reader, monkeypatch, tmp_path, caplog):
    monkeypatch.setattr(guide, "FOLDER", tmp_path)
    with caplog.at_level(logging.ERROR):
        assert reader.get("/aide/coordination/").status_code == 404
    assert "coordination.md" in caplog.text
    assert "docs/guide is installed with the code" in caplog.text


def test_files_that_lack_are_told_by_the_checks(monkeypatch, tmp_path):
    assert checks.guide_is_installed(None) == []
    monkeypatch.setattr(checks, "FOLDER", tmp_path)
    (warning,) = checks.guide_is_installed(None)
    assert "coordination.md" in warning.msg
    assert "glossaire.md" in warning.msg


def test_way_back_is_kept_from_page_to_page(reader):
    page = reader.get("/aide/pilote/", {"retour": BACK})
    html = page.content.decode()
    assert 'href="/conventions/vallee/plan-d-actions/?q=relais">Revenir' in html
    index = reader.get("/aide/", {"retour": BACK}).content.decode()
    expected = "?retour=%2Fconventions%2Fvallee%2Fplan-d-actions%2F%3Fq%3Drelais"
    assert f'href="/aide/pilote/{expected}"' in index
    assert 'href="/conventions/vallee/comite/"' in index


@pytest.mark.parametrize(
    "back", ["https://ailleurs.example/", "//ailleurs.example", "javascript:x"]
)
def test_way_back_leads_nowhere_else(reader, back):
    html = reader.get("/aide/", {"retour": back}).content.decode()
    assert "Revenir à la page" not in html
    assert "ailleurs" not in html


def test_page_that_opens_something_is_no_way_back(client, db):
    """The address of an invitation is its key, and goes into no other address."""
    client.force_login(f.UserFactory())
    page = client.get(reverse("conventions:invitation", args=["jeton-secret"]))
    assert 'href="/aide/' in page.content.decode()
    assert "retour" not in page.content.decode()
