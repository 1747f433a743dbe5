"""Maps of figures by commune in a browser: accessible at both widths, by keyboard, in the colours
of the person's own system."""

import random
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from conventions.models import Coverage
from indicators.models import CampaignIndicator, Grain, Indicator, Value
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_forced_colours import UNSEEN
from tests.browser.test_pages import EVALUATIONS, REAL, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILLS = """() => [...document.querySelectorAll(".figure-map .ground :is(path, use)")].map((one) => {
  const style = getComputedStyle(one);
  return `${style.fill} ${style.fillOpacity}`;
})"""


@pytest.fixture
def by_commune(portal) -> dict[str, Indicator]:
    """A count and a rate of the demonstration, given by commune in all years, some missing."""
    chance = random.Random(5)  # noqa: S311  (the same figures in each run)
    found = {}
    for code in ("DR-02", "PE-01"):
        indicator = Indicator.objects.get(convention__slug="grand-chatellerault", code=code)
        found[code] = indicator
        for entry in CampaignIndicator.objects.filter(indicator=indicator):
            give(entry, chance)
    return found


def give(entry, chance) -> None:
    entry.grain = Grain.COMMUNE
    entry.save()
    start, end = entry.campaign.observed
    covered = Coverage.objects.of_year(entry.campaign.convention, entry.campaign.year)
    for coverage in covered.select_related("commune"):
        if chance.random() < 0.1:
            continue
        figure = {"number": chance.randrange(400)}
        if entry.indicator.calculation == "ratio":
            terms = {"numerator": chance.randrange(10, 60), "denominator": 100}
            figure = {**terms, "number": Decimal(terms["numerator"])}
        Value.objects.create(
            campaign_indicator=entry, commune=coverage.commune, state="submitted",
            submitted_at=timezone.now(), observed_from=start, observed_until=end, **figure,
        )  # fmt: skip


@pytest.mark.long
def test_maps_are_read_by_everybody(visit, by_commune):
    visitor = visit("copil-agglo", NARROW)
    page = visitor.page
    count, rate = by_commune["DR-02"], by_commune["PE-01"]
    complaints = []
    addresses = [
        f"{REAL}indicateurs/{count.pk}/",
        f"{REAL}indicateurs/{rate.pk}/?annee=2022&commune=saint",
        f"{EVALUATIONS}2023/?carte={rate.pk}",
        f"{REAL}territoire/86066/",
    ]
    for address in addresses:
        assert visitor.go(address).status == 200
        for size in (NARROW, WIDE):
            visitor.resize(size)
            complaints += [f"{address}, {size}: {one}" for one in faults(page)]
    assert complaints == []

    # The keyboard passes the map, or goes from commune to commune.
    visitor.go(addresses[0])
    page.locator(".map-skip a").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("../../territ")
    page.locator(".map-skip a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#apres-la-carte")).to_be_focused()
    page.locator(".figure-map a").first.press("Enter")
    page.wait_for_url("**/territoire/*/")

    # In the colours of the system each class is another strength, and words are seen.
    for scheme in ("light", "dark"):
        page.emulate_media(forced_colors="active", color_scheme=scheme)
        visitor.go(addresses[1])
        assert len(set(page.evaluate(FILLS))) >= 4
        assert page.evaluate(UNSEEN)[-1] == []
