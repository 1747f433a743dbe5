"""What most tests of figures by commune start from."""

import pytest

from tests.factories import CommuneFactory, CoverageFactory, SectorFactory
from tests.indicators.disclosure.country import YEAR, Country
from tests.indicators.factories import campaign_of, indicator_in_force


@pytest.fixture
def country(committee) -> Country:
    convention, caf = committee.convention, committee.caf
    caf.masking_threshold = 5
    caf.save()
    convention.communes.all().delete()
    sector = SectorFactory(convention=convention, name="Nord")
    communes = {place: CommuneFactory(convention=convention, name=place) for place in "abcd"}
    for place, commune in communes.items():
        CoverageFactory(commune=commune, sector=sector if place in "ab" else None)
    indicator = indicator_in_force(
        committee, unit="foyers", is_confidential=True, grain="commune", aggregation="sum"
    )
    return Country(communes, sector, indicator, campaign_of(committee, YEAR, [indicator]))


@pytest.fixture
def disclosed(country) -> Country:
    country.give(a=3, b=40, c=50, d=60)
    country.verify()
    return country
