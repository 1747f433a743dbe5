"""The page of a year in a minute: few figures first, themes folded to their counts."""

import pytest
from django.urls import reverse

from evaluation.overview.page import ALL
from tests import factories as f
from tests.committee.pages import page_of
from tests.evaluation.planning import action_of, whole_action
from tests.indicators.factories import campaign_of, indicator_in_force, value_of
from tests.stories import told_once


@pytest.fixture
def get(client, committee):
    """The HTML of the year's page, for a reader unless another is given."""

    def page(asked="", user=None):
        client.force_login(user or committee.caf_member)
        url = reverse("evaluation:year", args=[committee.convention.slug, 2023])
        return client.get(f"{url}{asked}")

    return page


def plain(response) -> str:
    return " ".join(page_of(response).split())


@told_once
def moved(committee):
    """Three indicators: one progresses, one recedes, one has no figure."""
    asked = [indicator_in_force(committee, title=t) for t in ("Monte", "Baisse", "Manque")]
    campaigns = [campaign_of(committee, year, asked) for year in (2022, 2023)]
    for indicator, numbers in zip(asked, [(410, 420), (420, 390), (430,)], strict=True):
        for campaign, number in zip(campaigns, numbers, strict=False):
            value_of(campaign, indicator, number)
    return asked


def test_the_page_shows_key_figures_and_what_moved(moved, get):
    text = plain(get())
    assert "1 des 2 indicateurs comparables progresse 1 recule ; 1 autre est sans donnée" in text
    assert "1 sur 2 indicateurs comparables en progrès" in text
    assert "Ce qui a progressé ▲ Monte : 420 places, contre 410 en 2022" in text
    assert "Ce qui a reculé ▽ Baisse : 390 places, contre 420 en 2022" in text


def test_the_table_of_years_counts_the_indicators_of_a_theme_in_words(moved, get):
    text = plain(get())
    assert "1 sur 2 ▽ 1 en recul ○ 1 sans donnée" in text
    cells = get().context["page"].years_table[0].cells
    assert [(cell.year, cell.counts.followed) for cell in cells] == [(2022, 3), (2023, 3)]


def test_a_theme_without_figures_has_no_shade(committee, get):
    campaign_of(committee, 2023, [indicator_in_force(committee)])
    (row,) = get().context["page"].years_table
    assert row.cells[-1].shade == 0


def test_a_theme_is_folded_to_its_counts(moved, get):
    page = get()
    assert "1 progresse et 1 recule" in plain(page)
    assert '<details class="fold year-theme">' in page.content.decode()


@pytest.mark.parametrize("asked", ["theme", "all"])
def test_the_address_opens_one_theme_or_all(moved, get, committee, asked):
    other = f.ThemeFactory(axis=committee.orientation.theme.axis, rank=2, title="Jeunesse")
    action_of(committee, theme=other)
    names = {"theme": committee.orientation.theme.pk, "all": ALL}
    html = get(f"?theme={names[asked]}").content.decode()
    opened = html.count('<details class="fold year-theme" open>')
    assert opened == (2 if asked == "all" else 1)


def test_an_unknown_theme_in_the_address_opens_none(moved, get):
    html = get("?theme=%27x").content.decode()
    assert '<details class="fold year-theme" open>' not in html


def test_money_is_summed_by_funder_over_the_lines_that_are_known(committee, get):
    campaign_of(committee, 2023)
    whole_action(committee)
    text = plain(get())
    assert "la dépense est connue de 1 ligne sur 2" in text
    assert "Fondation 3 000,50 non renseigné" in text
    assert "Ensemble 15 000,50 10 500,25 connu de 1 sur 2" in text


def test_the_share_spent_names_its_two_sums_on_the_lines_that_are_known(committee, get):
    campaign_of(committee, 2023)
    whole_action(committee)
    share = "88 % du prévu : 10 500 € sur 12 000 €, pour 1 ligne sur 2"
    assert share in plain(get())
