"""A table as a whole: what its communes come to, beside the year before, and what that asks."""

from decimal import Decimal

import pytest

from indicators.models import CampaignIndicator
from indicators.values import events, giving
from indicators.values.figure import Figure
from indicators.values.table_row import table_rows, values_of
from indicators.values.totals import all_before
from tests.committee import pages
from tests.indicators.factories import (
    campaign_of,
    communes,
    indicator_in_force,
    table_of,
    value_of,
)
from tests.indicators.values.entering import entry_url, fields_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

YEAR = 2024
BEFORE = {"Archigny": 26, "Cernay": 100, "Ingrandes": 2, "Thuré": 200}


@told_once
def places(committee):
    return communes(committee, *BEFORE)


@told_once
def indicator(committee):
    return indicator_in_force(
        committee, title="Places", grain="commune", aggregation="sum", variation_alert=30
    )


@told_once
def earlier(committee, places, indicator):
    campaign = campaign_of(committee, YEAR - 1, [indicator], state="closed")
    table_of(campaign, indicator, dict(zip(places, BEFORE.values(), strict=True)))
    return campaign


@told_once
def entry(committee, places, indicator, earlier):
    return campaign_of(committee, YEAR, [indicator]).campaign_indicators.get()


def fill(entry, places, by, *numbers, **comments):
    for commune, number in zip(places, numbers, strict=False):
        if number is not None:
            comment = comments.get(commune.name, "")
            figure = Figure(number=Decimal(number), comment=comment)
            events.save_value(entry, figure, commune=commune, by=by)


def held(entry, by) -> str:
    """Why the table is not given; empty where it is."""
    return " ".join(one.refusal.reason for one in giving.submit_values([entry], by=by).blocked)


def total(entry):
    entry = CampaignIndicator.objects.get(pk=entry.pk)
    return table_rows([entry], values_of([entry]), all_before([entry]))[0].total


def page_of(response) -> str:
    return pages.page_of(response).replace("\u00a0", " ").replace("\u202f", " ")


# What the communes come to -------------------------------------------------------------------


def test_a_total_stands_beside_the_one_before(entry, places, agent):
    fill(entry, places, agent, 30, 100, 2, 200)
    summed = total(entry)
    assert (summed.text, summed.before.year, summed.before.text) == ("332", 2023, "328")
    assert summed.variation == "+1,2\u202f%"


def test_a_total_of_some_is_compared_over_the_same_communes(entry, places, agent):
    fill(entry, places, agent, 39, 100)
    summed = total(entry)
    assert summed.text == "139, partiel : 2\u00a0communes sur 4"
    assert summed.before.text == "328, de 4\u00a0communes"
    assert summed.variation == "+10\u202f% sur 2\u00a0communes"


def test_what_was_given_for_the_territory_counts(entry, places, agent, indicator, earlier):
    value_of(earlier, indicator, 300)
    fill(entry, places, agent, 30, 100, 2, 200)
    assert (total(entry).before.text, total(entry).variation) == ("300", "+11\u202f%")


def test_neither_two_definitions_nor_a_first_year_are_compared(committee, places, agent):
    new = indicator_in_force(committee, title="Neuf", grain="commune", aggregation="sum")
    entry = campaign_of(committee, YEAR, [new]).campaign_indicators.get()
    fill(entry, places, agent, 30, 100, 2, 200)
    assert (total(entry).before, total(entry).variation) == (None, "")
    assert held(entry, agent) == ""


def test_a_ratio_is_that_of_the_sums(committee, places, agent):
    asked = {"calculation": "ratio", "numerator": "Accueillis", "denominator": "Enfants",
             "factor": 100, "unit": "%", "variation_alert": 30}  # fmt: skip
    rate = indicator_in_force(
        committee, title="Taux", grain="commune", aggregation="ratio", baseline_value=None,
        targets=[], **asked,
    )  # fmt: skip
    before = campaign_of(committee, YEAR - 1, [rate], state="closed")
    for commune, (numerator, denominator) in zip(places, [(10, 50), (10, 150)], strict=False):
        share = Decimal(numerator) / denominator * 100
        value_of(before, rate, round(share, 6), commune=commune, numerator=numerator,
                 denominator=denominator)  # fmt: skip
    entry = campaign_of(committee, YEAR, [rate]).campaign_indicators.get()
    for commune, numerator in zip(places, (10, 20), strict=False):
        figure = Figure(numerator=Decimal(numerator), denominator=Decimal(100))
        events.save_value(entry, figure, commune=commune, by=agent)
    assert total(entry).before.text == "10\u202f%"
    assert total(entry).variation == "+5\u202fpoints"
    asked = held(entry, agent)
    assert "passe de 10\u202f% en 2023 à 15\u202f%" in asked
    assert "commentez ce qui la change le plus, Cernay" in asked


# What a table asks ----------------------------------------------------------------------------


def test_a_commune_with_a_digit_too_many_is_asked_about(entry, places, agent):
    fill(entry, places, agent, 260, 100, 2, 200)
    assert held(entry, agent) == (
        "Archigny : la valeur augmente de 900\u202f% par rapport à 2023 : expliquez-le avant de "
        "transmettre."
    )
    fill(entry, places, agent, 260, Archigny="Un équipement neuf.")
    assert held(entry, agent) == ""


def test_a_total_that_moves_is_explained_beside_who_moves_it_most(entry, places, agent):
    fill(entry, places, agent, 26, 100, 4, 330)
    assert held(entry, agent) == (
        "La valeur du territoire augmente de 40\u202f% par rapport à 2023 : commentez ce qui la "
        "change le plus, Thuré (200 en 2023, 330 en 2024)."
    )
    fill(entry, places, agent, 26, 100, 4, 330, Thuré="Deux crèches ont ouvert.")
    assert held(entry, agent) == ""


def test_communes_that_moved_most_explain_a_total_where_all_moved(
    committee, places, agent, indicator, entry
):
    fill(entry, places, agent, 60, 190, 6, 390)
    asked = held(entry, agent)
    assert "Thuré (200 en 2023, 390 en 2024)" in asked
    assert "Cernay" in asked
    assert "Archigny" not in asked
    fill(entry, places, agent, 60, 190, 6, 390, Thuré="Ouverture.", Cernay="Ouverture.")
    assert held(entry, agent) == ""


def test_small_counts_do_not_nag(entry, places, agent):
    fill(entry, places, agent, 26, 100, 20, 200)
    assert held(entry, agent) == ""


def test_what_is_explained_and_given_is_not_asked_again(entry, places, agent):
    fill(entry, places, agent, 26, 100, 2, 330, Thuré="Deux crèches ont ouvert.")
    assert held(entry, agent) == ""
    fill(entry, places, agent, 27)
    assert held(entry, agent) == ""


def test_bounds_are_the_territorys_and_of_all_its_communes(committee, places, agent):
    bounded = indicator_in_force(
        committee, title="Bornes", grain="commune", aggregation="sum", minimum=10, maximum=100
    )
    entry = campaign_of(committee, YEAR, [bounded]).campaign_indicators.get()
    fill(entry, places, agent, 1, 2)
    assert held(entry, agent) == ""
    fill(entry, places, agent, 1, 2, 3, 300)
    assert held(entry, agent) == (
        "La valeur du territoire dépasse le plus haut attendu (100) : commentez ce qui la change "
        "le plus, Thuré (300 en 2024)."
    )


def test_a_figure_given_for_the_territory_is_judged_itself(entry, places, agent):
    fill(entry, places, agent, 26, 100, 2, 330)
    events.save_value(entry, Figure(number=Decimal(500)), by=agent)
    assert held(entry, agent).startswith("Le territoire : la valeur augmente de 52\u202f%")
    figure = Figure(number=Decimal(500), comment="Deux crèches ont ouvert.")
    events.save_value(entry, figure, by=agent)
    assert held(entry, agent) == ""


# Where it is told -----------------------------------------------------------------------------


def test_a_total_is_told_while_typing_before_giving_and_to_who_verifies(
    client, entry, places, agent, colleague
):
    client.force_login(agent)
    url = entry_url(entry.campaign, f"{entry.pk}/communes/")
    fields = fields_of(client.get(url), form=-2)
    typed = dict(zip(places, ("26", "100", "4", "330"), strict=True))
    fields |= {f"v{entry.pk}-{commune.pk}-figure": number for commune, number in typed.items()}
    page = page_of(client.post(url, fields, follow=True))
    assert "Total des communes : 460 (en 2023 : 328 ; +40 %)" in " ".join(page.split())
    assert "commentez ce qui la change le plus, Thuré" in page
    recap = page_of(client.get(entry_url(entry.campaign, "transmettre/")))
    assert "commentez ce qui la change le plus, Thuré" in recap
    fill(entry, places, agent, 26, 100, 4, 330, Thuré="Deux crèches ont ouvert.")
    recap = " ".join(page_of(client.get(entry_url(entry.campaign, "transmettre/"))).split())
    assert all(told in recap for told in ("460", "328 (2023)", "+40 %", "4 communes sur 4"))
    assert held(entry, agent) == ""
    client.force_login(colleague)
    url = entry_url(entry.campaign, "verification/")
    page = " ".join(page_of(client.get(url)).split())
    assert all(told in page for told in ("460", "328 (2023)", "+40 %", "4 communes sur 4"))


def test_the_tables_before_take_as_many_queries_as_one(
    committee, places, earlier, indicator, django_assert_num_queries
):
    more = [
        indicator_in_force(committee, title=title, grain="commune", aggregation="sum")
        for title in "ab"
    ]
    campaign = campaign_of(committee, YEAR, [indicator, *more])
    entries = list(campaign.campaign_indicators.with_relations())
    with django_assert_num_queries(3):
        assert len(all_before(entries)) == 3
