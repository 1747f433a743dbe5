"""What is published is known: a contested figure is not told by it and a total."""

from decimal import Decimal

import pytest

from indicators.collection.rights import contributor_of
from indicators.disclosure.events import recompute
from indicators.disclosure.reading import disclosed_by_commune
from indicators.models import CampaignIndicator, Value
from indicators.values.figure import Figure
from indicators.values.from_publishers import contest_value
from tests.indicators.statistics.published import cnaf

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(committee, campaign, load, django_capture_on_commit_callbacks):
    committee.caf.masking_threshold = 11
    committee.caf.save()
    load(cnaf({"86066": 4200, "86001": 5, "86002": 40}))

    def read(user=None) -> dict[str, str]:
        with django_capture_on_commit_callbacks(execute=True):
            recompute(campaign)
        entry = CampaignIndicator.objects.with_relations().get(campaign=campaign)
        audience = user and contributor_of(user, committee.convention)
        told = disclosed_by_commune([entry], audience)[entry.pk]
        communes = {one.commune.insee_code: one.commune_id for one in told.coverages}
        return {code: told.communes[pk].words for code, pk in communes.items()} | {
            "": told.territory.words
        }

    return read


def test_what_is_published_is_not_masked_nor_is_its_total(read):
    assert read() == {"86066": "4\u202f200", "86001": "5", "86002": "40", "": "4\u202f245"}


def test_a_contested_figure_waits_with_the_total_that_would_tell_it(read, agent):
    value = Value.objects.get(commune__insee_code="86001")
    contest_value(value, Figure(number=Decimal(4)), reason="Quatre.", by=agent)
    assert read() == {"86066": "4\u202f200", "86001": "en attente", "86002": "40", "": "en attente"}
    assert read(agent) == {"86066": "4\u202f200", "86001": "4", "86002": "40", "": "4\u202f244"}
