"""Build a territory of three communes whose figures the Cnaf and Insee publish."""

from decimal import Decimal

import pytest

from indicators.models import Indicator
from indicators.statistics.events import load_release
from indicators.statistics.source import sources
from tests import factories as f
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.indicators.statistics.published import cnaf
from tests.stories import told_once

CODES = ("86066", "86001", "86002")
SIREN = "248600413"
YEAR = 2024


@told_once
def communes(committee):
    signed = committee.convention.amendments.get(number=0)
    rows = [
        f.CommuneFactory(convention=committee.convention, insee_code=code, name=name)
        for code, name in zip(CODES, ("Châtellerault", "Adriers", "Amberre"), strict=True)
    ]
    for commune in rows:
        f.CoverageFactory(commune=commune, since=signed)
    committee.epci.siren = SIREN
    committee.epci.save()
    return rows


def public_indicator(committee, library_code: str, **values) -> Indicator:
    """Create an indicator of the Caf that was taken from the library, by commune by default."""
    values = {
        "title": f"Foyers {library_code}",
        "unit": "foyers",
        "is_confidential": True,
        "grain": "commune",
        "aggregation": "sum",
        "baseline_value": None,
        "baseline_year": None,
        "targets": [{"year": None, "value": Decimal(1)}],
    } | values
    indicator = indicator_in_force(committee, **values)
    Indicator.objects.filter(pk=indicator.pk).update(library_code=library_code)
    return Indicator.objects.get(pk=indicator.pk)


@told_once
def households(committee, communes):
    return public_indicator(committee, "DR-05")


@told_once
def campaign(committee, households):
    """Open a campaign before anything is published of its year."""
    return campaign_of(committee, YEAR, [households])


@pytest.fixture
def load(committee):
    """Return ``load(content)``, which loads a release for all, as whoever hosts the portal."""

    def load(content=None, source="cnaf_allocataires", year=YEAR, **options):
        content = cnaf({"86066": 4200, "86001": 5, "86002": 40}) if content is None else content
        options = {"by": None, "name": "s_ben_com_f.csv"} | options
        return load_release(sources()[source], year, content=content, **options)

    return load
