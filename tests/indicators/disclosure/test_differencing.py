"""What a proposal that some add up to another would have everybody know of masked figures."""

import pytest
from django.urls import reverse

from agreements.versions import events as drafts
from indicators.disclosure.differencing import describe_revealed
from indicators.models import Indicator
from tests.committee.pages import page_of
from tests.indicators.factories import (
    WHY,
    campaign_of,
    indicator_in_force,
    redefine,
    table_of,
    value_of,
    version_of,
)

pytestmark = pytest.mark.django_db


def total_of(indicator, *parts) -> dict:
    """Its definition, naming what it would be the total of."""
    version = version_of(indicator)
    fields = {field.name: field for field in version.commitment.fields}
    return version.content | {"parts": fields["parts"].plain(list(parts))}


@pytest.fixture
def another(committee):
    """Give another indicator that counts households."""
    codes = iter(range(50, 99))

    def another(title, **values) -> Indicator:
        counted = {"unit": "foyers", "is_confidential": True, "baseline_value": None}
        return indicator_in_force(
            committee, title=title, code=f"PE-{next(codes)}", **(counted | values)
        )

    return another


@pytest.fixture
def by_commune(country, another):
    """Give indicators by commune, and a year that asks for them with these figures."""

    def by_commune(committee, **tables) -> list[Indicator]:
        indicators = [another(title, grain="commune", aggregation="sum") for title in tables]
        campaign = campaign_of(committee, 2025, indicators)
        for indicator, numbers in zip(indicators, tables.values(), strict=True):
            table_of(
                campaign, indicator, dict(zip(country.communes.values(), numbers, strict=False))
            )
        return indicators

    return by_commune


@pytest.fixture
def family(country, committee, another):
    """43 children of whom 40 are young, and 3 are masked: nobody said that these add up."""
    young, old, children = map(another, ("Petits", "Grands", "Enfants"))
    for year in (2025, 2026):
        campaign = campaign_of(committee, year, [young, old, children])
        for indicator, number in ((young, 40), (old, 3), (children, 43)):
            value_of(campaign, indicator, number)
    return young, old, children


def test_a_revealed_figure_is_named_with_its_years_and_without_its_number(family):
    young, old, children = family
    sentences = describe_revealed(children, total_of(children, young, old)).replace("\u00a0", " ")
    assert sentences.startswith("Des chiffres déjà diffusés")
    assert "« Grands » en 2025 et 2026" in sentences
    assert "3" not in sentences.replace("2025 et 2026", "")


def test_a_total_of_one_part_reveals_nothing_of_the_other(family):
    young, _, children = family
    assert describe_revealed(children, total_of(children, young)) == ""


def test_a_figure_masked_in_one_commune_is_revealed_by_its_total(committee, by_commune):
    """b is masked of the girls for a; boys and children are shown there."""
    girls, boys, children = by_commune(
        committee, Filles=(3, 20, 30, 50), Garçons=(40, 40, 60, 90), Enfants=(43, 60, 90, 140)
    )
    assert "« Filles » en 2025" in describe_revealed(children, total_of(children, girls, boys))


def test_a_table_that_is_not_disclosed_is_not_revealed(committee, by_commune):
    girls, boys, children = by_commune(
        committee, Filles=(20, 20, 30), Garçons=(40, 40, 60, 90), Enfants=(60, 60, 90, 140)
    )
    assert describe_revealed(children, total_of(children, girls, boys)) == ""


def test_a_total_that_was_agreed_to_before_reveals_nothing_new(committee, family):
    young, old, children = family
    content = total_of(children, young, old)
    redefine(committee, children, parts=[young, old])
    assert describe_revealed(children, content) == ""


def test_revealed_figures_are_shown_on_the_draft_and_on_the_point(committee, family, client):
    young, old, children = family
    draft = drafts.save_draft(
        children, total_of(children, young, old), by=committee.coordinator,
        base=version_of(children),
    )  # fmt: skip
    slug = committee.convention.slug
    client.force_login(committee.coordinator)
    assert "Des chiffres déjà diffusés" in page_of(
        client.get(reverse("committee:draft", args=[slug, draft.pk]))
    )
    version = drafts.propose(draft, by=committee.coordinator, after_term=WHY)
    client.force_login(committee.epci_member)
    assert "Des chiffres déjà diffusés" in page_of(
        client.get(reverse("committee:point", args=[slug, version.pk]))
    )
