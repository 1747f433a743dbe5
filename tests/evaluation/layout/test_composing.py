"""The document of a year is composed: its sections, their order, where they come from."""

import re

import html5lib
import pytest
from django.urls import reverse

from conventions.models import Convention
from ctg_portal.forms.revisions import revision_of
from ctg_portal.rules import Refused
from evaluation.editions.frozen import plain_of
from evaluation.layout.events import compose
from evaluation.layout.reading import Choice, choice_of, layout_of
from evaluation.models import Layout
from evaluation.publication.differences import changes_between
from evaluation.report.document import write
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.report.sections import SECTIONS, arranged, usual_order, whole_order
from evaluation.report.word import WRITERS
from tests.committee.pages import after, page_of, value_of
from tests.evaluation.publication.scene import YEAR, now, submitted, written_year
from tests.indicators.factories import campaign_of
from tests.stories import told_once

USUAL = usual_order()


@told_once
def committee(db):
    return written_year()


def url(committee, name: str = "compose", year: int = YEAR) -> str:
    return reverse(f"evaluation:{name}", args=[committee.convention.slug, year])


def chosen(committee, order=(), left_out=(), *, year: int = YEAR, revision=None, by=None):
    if revision is None:
        revision = revision_of(layout_of(committee.convention, year))
    choice = Choice((*order, *(key for key in USUAL if key not in order)), frozenset(left_out))
    return compose(
        committee.convention, year, choice, revision=revision, by=by or committee.coordinator
    )


def content_of(committee, campaign=None):
    convention = Convention.objects.get(pk=committee.convention.pk)
    return read_report(convention, campaign or committee.campaign)


def sent(keys, *, checked=None, revision, **others) -> dict:
    return {
        "ordre": keys,
        "garder": keys if checked is None else checked,
        "revision": revision,
    } | others


class TestDeclared:
    def test_each_section_has_its_templates_and_its_writer(self):
        from django.template.loader import get_template  # noqa: PLC0415

        for section in SECTIONS:
            assert get_template(section.paper)
            assert get_template(section.screen)
        assert set(WRITERS) == {section.key for section in SECTIONS}

    def test_an_unknown_section_is_ignored(self):
        assert [one.key for one in whole_order(["gone", *USUAL])] == USUAL

    def test_a_new_section_stands_after_its_usual_predecessor(self):
        chosen_without_means = ["closing", *(k for k in USUAL if k not in ("closing", "means"))]
        order = [one.key for one in whole_order(chosen_without_means)]
        assert order.index("means") == order.index("communes") + 1
        assert order[0] == "closing"

    def test_a_mandatory_section_cannot_be_left_out(self):
        keys = arranged(USUAL, USUAL)
        assert keys == ["brief", "axes", "gaps", "definitions"]


class TestContent:
    def test_the_content_has_the_usual_order_at_first(self, committee):
        assert content_of(committee).sections == USUAL

    def test_the_content_has_the_chosen_sections_in_their_order(self, committee):
        before = content_of(committee)
        chosen(committee, ["closing", "summary"], ["glossary"])
        content = content_of(committee)
        assert content.sections[:2] == ["closing", "summary"]
        assert "glossary" not in content.sections
        assert content.digest != before.digest
        assert content.analyses_digest == before.analyses_digest

    def test_the_document_has_the_chosen_sections_in_their_order(self, committee):
        chosen(committee, ["definitions", "closing"], ["opening", "glossary"])
        html = write(content_of(committee), Mark.project(committee.campaign.closed_at.date()))
        titles = re.findall(r'<h2[^>]* id="([^"]+)"', html)
        assert titles[:3] == ["definitions", "conclusion", "en-bref"]
        assert "mots" not in titles
        assert "introduction" not in titles
        contents = re.search(r'<section class="sheet contents.*?</section>', html, re.DOTALL)[0]
        assert re.findall(r'href="#([^"]+)"', contents)[:2] == ["definitions", "conclusion"]

    def test_a_year_begins_from_the_one_before(self, committee):
        later = campaign_of(committee, YEAR + 1, [committee.indicator])
        chosen(committee, ["closing"], ["means"])
        assert content_of(committee, later).sections[0] == "closing"
        chosen(committee, ["summary"], year=YEAR + 1)
        assert content_of(committee, later).sections[0] == "summary"
        assert content_of(committee).sections[0] == "closing"
        assert choice_of(committee.convention, YEAR - 1).keys == USUAL


class TestEvent:
    def test_sections_are_chosen_by_the_coordinator_alone(self, committee):
        with pytest.raises(Refused):
            chosen(committee, ["closing"], by=committee.caf_member)

    def test_a_choice_over_another_revision_is_refused(self, committee):
        chosen(committee, ["closing"], revision=0)
        with pytest.raises(Refused, match="entre-temps"):
            chosen(committee, ["means"], revision=0)
        chosen(committee, ["closing"], revision=0)  # the same is no conflict

    def test_a_choice_returns_what_is_submitted(self, committee):
        edition = submitted(committee)
        chosen(committee, ["closing"])
        returned = now(edition)
        assert returned.state == "returned"
        assert "composition" in returned.transitions.last().reason

    def test_a_choice_that_changes_nothing_returns_nothing(self, committee):
        edition = submitted(committee)
        chosen(committee)
        assert now(edition).is_in_hand

    def test_a_changed_order_is_described_in_words(self, committee):
        before = plain_of(submitted(committee).snapshot)
        chosen(committee, ["closing"], ["glossary"])
        after_ = plain_of(submitted(committee).snapshot)
        [change] = changes_between(before, after_)
        assert "rubriques" in change.label
        assert "La conclusion" in change.text
        assert "closing" not in change.text


class TestPage:
    def test_a_section_is_moved_and_nothing_is_saved(self, client, committee):
        client.force_login(committee.coordinator)
        page = client.get(url(committee))
        assert "Monter" in page_of(page)
        seen = value_of(page, "revision")
        moved = client.post(url(committee), sent(USUAL, revision=seen, monter="closing"))
        assert "pas encore enregistré" in page_of(moved)
        order = re.findall(r'name="ordre" value="(\w+)"', moved.content.decode())
        assert order.index("closing") == USUAL.index("closing") - 1
        assert re.search(r'value="closing"\s+autofocus', moved.content.decode())
        assert not Layout.objects.exists()
        down = client.post(url(committee), sent(order, revision=seen, descendre="opening"))
        assert re.findall(r'name="ordre" value="(\w+)"', down.content.decode())[1] == "opening"

    def test_a_year_is_not_offered_what_the_term_alone_has(self, client, committee):
        client.force_login(committee.coordinator)
        page = client.get(url(committee))
        order = re.findall(r'name="ordre" value="(\w+)"', page.content.decode())
        assert order == [key for key in USUAL if key != "criteria"]
        # A step is one that is seen: nothing hidden is in between.
        values = sent(order, revision=value_of(page, "revision"), descendre="posts")
        moved = client.post(url(committee), values).content.decode()
        order = re.findall(r'name="ordre" value="(\w+)"', moved)
        assert order.index("posts") == order.index("closing") + 1
        final = client.get(url(committee, year=None)).content.decode()
        assert 'value="criteria"' in final

    def test_the_first_and_last_section_have_one_button(self, client, committee):
        client.force_login(committee.coordinator)
        html = client.get(url(committee)).content.decode()
        assert 'name="monter" value="opening"' not in html
        assert 'name="descendre" value="glossary"' not in html

    def test_a_choice_is_saved(self, client, committee):
        client.force_login(committee.coordinator)
        seen = value_of(client.get(url(committee)), "revision")
        keys = ["closing", *(key for key in USUAL if key != "closing")]
        checked = [key for key in keys if key != "glossary"]
        page = after(
            client, client.post(url(committee), sent(keys, checked=checked, revision=seen))
        )
        assert "Le choix est enregistré" in page
        layout = Layout.objects.get()
        assert (layout.order, layout.left_out) == (keys, ["glossary"])
        html = client.get(url(committee)).content.decode()
        assert re.search(r'id="garder-glossary"\s*>', html)
        assert re.search(r'id="garder-means" checked', html)

    def test_a_mandatory_section_has_no_box(self, client, committee):
        client.force_login(committee.coordinator)
        page = client.get(url(committee))
        assert 'id="garder-gaps"' not in page.content.decode()
        assert "Toujours là" in page_of(page)

    def test_an_altered_choice_is_no_error(self, client, committee):
        client.force_login(committee.coordinator)
        odd = {"ordre": ["x", "<b>", "closing", "closing"], "garder": "y", "revision": "z" * 99}
        page_of(client.post(url(committee), odd | {"monter": "\x00"}))
        assert client.post(url(committee), odd).status_code == 200
        assert not Layout.objects.exists()

    def test_the_page_warns_that_a_choice_returns_what_is_submitted(self, client, committee):
        submitted(committee)
        client.force_login(committee.coordinator)
        assert "rendue à la rédaction" in page_of(client.get(url(committee)))

    def test_the_page_says_from_which_year_a_choice_comes(self, client, committee):
        campaign_of(committee, YEAR + 1, [committee.indicator])
        chosen(committee, ["closing"])
        client.force_login(committee.coordinator)
        assert f"repris de {YEAR}" in page_of(client.get(url(committee, year=YEAR + 1)))


class TestPreview:
    def test_the_preview_is_the_document_as_it_would_be(self, client, committee):
        client.force_login(committee.coordinator)
        response = client.post(
            url(committee, "preview"), sent(["definitions", *USUAL], revision="")
        )
        html = response.content.decode()
        html5lib.HTMLParser(strict=True).parse(html)
        assert html.count("<h1") == 1
        assert html.index('id="definitions"') < html.index('id="l-annee"')
        assert "La crèche a ouvert" in html
        assert not Layout.objects.exists()
        assert "style=" not in html
        assert "<script" not in html

    def test_the_preview_without_a_choice_is_of_what_is_saved(self, client, committee):
        chosen(committee, ["closing"], ["opening"])
        client.force_login(committee.caf_member)
        html = client.get(url(committee, "preview")).content.decode()
        assert html.index('id="conclusion"') < html.index('id="l-annee"')
        assert 'id="introduction"' not in html
