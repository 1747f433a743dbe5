"""The three pages of a year, to read, complete and publish it: who has which, what each says."""

import pytest
from django.urls import reverse
from lxml import html

from tests import factories as f
from tests.committee.pages import page_of
from tests.evaluation.publication.scene import YEAR, published, submitted, written_year
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.stories import told_once

pytestmark = pytest.mark.django_db
PAGES = ["year", "complete", "publication"]


@told_once
def committee(db):
    return written_year()


def page(client, committee, name: str, user=None):
    client.force_login(user or committee.coordinator)
    return client.get(reverse(f"evaluation:{name}", args=[committee.convention.slug, YEAR]))


def tabs(response) -> list[str]:
    """The names of the pages in the tabs, the one shown in brackets."""
    links = html.fromstring(response.content).xpath("//nav[@aria-label='L’année 2023']//a")
    return [
        f"[{link.text.strip()}]" if link.get("aria-current") else link.text.strip()
        for link in links
    ]


@pytest.mark.parametrize("name", PAGES)
def test_who_coordinates_has_three_pages_of_a_year(client, committee, name):
    shown = PAGES.index(name)
    labels = ["Lire", "Compléter", "Publier"]
    labels[shown] = f"[{labels[shown]}]"
    assert tabs(page(client, committee, name)) == labels


def test_a_member_has_the_page_to_read_alone(client, committee):
    member = committee.caf_member
    assert tabs(page(client, committee, "year", member)) == []
    assert tabs(page(client, committee, "publication", member)) == []
    assert page(client, committee, "complete", member).status_code == 403


def test_a_member_sees_nothing_of_what_the_coordination_does(client, committee):
    f.ThemeFactory(axis=committee.theme.axis)
    links = html.fromstring(page(client, committee, "year", committee.caf_member).content).xpath(
        "//main//a/@href"
    )
    acts = ("/completer/", "/recueil/", "/publication/", "/rapport/", "/objectifs/")
    assert [link for link in links if link.endswith(acts)] == []


def test_what_lacks_is_listed_where_it_is_completed_alone(client, committee):
    f.ThemeFactory(axis=committee.theme.axis, title="Jeunesse")
    sentence = "objectif reste à apprécier"
    shown = {
        name: sentence in page_of(page(client, committee, name)).replace("\u00a0", " ")
        for name in PAGES
    }
    assert shown == {"year": False, "complete": True, "publication": False}


def test_texts_to_write_are_listed_and_written_ones_folded(client, committee):
    theme = f.ThemeFactory(axis=committee.theme.axis, title="Jeunesse")
    tree = html.fromstring(page(client, committee, "complete").content)
    unfolded = tree.xpath("//ul[@class='year-texts'][not(ancestor::details)]/li/@id")
    folded = tree.xpath("//details//ul[@class='year-texts']/li/@id")
    assert unfolded == [theme.anchor]
    assert folded[0] == committee.theme.anchor
    assert "conclusion" in folded


def test_how_much_lacks_is_counted_in_the_tabs_until_it_is_submitted(client, committee):
    def counts() -> list[str]:
        return [
            " ".join(html.fromstring(page(client, committee, name).content).xpath(
                "string(//nav[@aria-label='L’année 2023']//span[@class='count'])").split())
            for name in PAGES
        ]  # fmt: skip

    assert counts() == ["1 élément manque"] * 3
    submitted(committee)
    assert counts() == [""] * 3


@pytest.mark.parametrize(
    ("reached", "words"),
    [
        (submitted, "demande de la soumettre de nouveau"),
        (published, "demande une version corrigée"),
    ],
)
def test_what_an_addition_makes_is_said_once_it_is_submitted(client, committee, reached, words):
    assert "un ajout" not in page_of(page(client, committee, "complete"))
    reached(committee)
    assert words in page_of(page(client, committee, "complete"))


def test_a_year_of_many_indicators_has_fewer_than_sixty_links(client, committee):
    asked = [indicator_in_force(committee, title=f"Places {number}") for number in range(60)]
    campaign = campaign_of(committee, YEAR + 1, asked)
    client.force_login(committee.caf_member)
    tree = html.fromstring(client.get(campaign.get_absolute_url()).content)
    assert len(tree.xpath("//table[contains(@class, 'year-figures')]/tbody/tr")) == 60
    assert len(tree.xpath("//main//a")) < 60
