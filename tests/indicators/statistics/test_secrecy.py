"""What is published is known: a contested figure is not told by it and a total."""

from decimal import Decimal

import pytest

from indicators.collection.rights import contributor_of
from indicators.disclosure.reading import disclosed_by_commune
from indicators.models import CampaignIndicator, CampaignState, Value
from indicators.values.events import correct_value
from indicators.values.figure import Figure
from indicators.values.from_publishers import contest_value
from indicators.values.writing import Typed
from tests.committee.pages import page_of
from tests.indicators.factories import campaign_of, indicator_in_force, value_of
from tests.indicators.statistics.published import cnaf
from tests.indicators.values.entering import entry_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(committee, campaign, load):
    committee.caf.masking_threshold = 11
    committee.caf.save()
    load(cnaf({"86066": 4200, "86001": 5, "86002": 40}))

    def read(user=None) -> dict[str, str]:
        entry = CampaignIndicator.objects.with_relations().get(campaign=campaign)
        audience = user and contributor_of(user, committee.convention)
        disclosed = disclosed_by_commune([entry], audience)[entry.pk]
        communes = {one.commune.insee_code: one.commune_id for one in disclosed.coverages}
        return {code: disclosed.communes[pk].words for code, pk in communes.items()} | {
            "": disclosed.territory.words
        }

    return read


def test_published_figures_and_their_total_are_not_masked(read):
    assert read() == {"86066": "4\u202f200", "86001": "5", "86002": "40", "": "4\u202f245"}


def test_a_contested_figure_waits_with_the_total_that_would_tell_it(read, agent):
    value = Value.objects.get(commune__insee_code="86001")
    contest_value(value, Figure(number=Decimal(4)), reason="Quatre.", by=agent)
    assert read() == {"86066": "4\u202f200", "86001": "en attente", "86002": "40", "": "en attente"}
    assert read(agent) == {"86066": "4\u202f200", "86001": "4", "86002": "40", "": "4\u202f244"}


def test_the_reason_of_an_undone_correction_is_shown_to_the_provider_only(
    client, committee, agent, campaign, load
):
    """A file corrected what is published, and was undone: what it said is its provider's still."""
    committee.caf.masking_threshold = 11
    committee.caf.save()
    indicator = indicator_in_force(committee, is_confidential=True)
    closed = campaign_of(committee, 2023, [indicator], state=CampaignState.CLOSED)
    value = value_of(closed, indicator, 5, release=load())
    entry, published, typed = value.campaign_indicator, Figure.of(value), Typed.of(value)
    correct_value(entry, Figure(number=Decimal(4)), reason="Quatre foyers", by=agent)
    correct_value(entry, published, reason="Import annulé.", typed=typed, by=agent)
    assert Value.objects.get(pk=value.pk).is_public
    page = entry_url(closed, f"{entry.pk}/")
    client.force_login(committee.epci_member)
    assert "Quatre foyers" not in page_of(client.get(page))
    client.force_login(agent)
    assert "Quatre foyers" in page_of(client.get(page))
