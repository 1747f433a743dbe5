"""Build a territory of real communes whose figures are given one by one, year by year."""

from collections.abc import Mapping, Sequence

from conventions.models import Coverage
from indicators.models import Campaign, CampaignState, Indicator
from indicators.values.tables import update_table_state
from tests.agreements.factories import Committee
from tests.factories import AmendmentFactory, CommuneFactory, CoverageFactory, SectorFactory
from tests.indicators.by_commune.communes import codes
from tests.indicators.factories import campaign_of, indicator_in_force, value_of

RATE = {
    "calculation": "ratio", "aggregation": "ratio", "numerator": "enfants inscrits",
    "denominator": "enfants de 3 à 17 ans", "factor": 100, "unit": "%", "decimals": 0,
}  # fmt: skip


def territory(
    committee: Committee, count: int, *, sectors: int = 0, beyond: int = 0
) -> list[Coverage]:
    """Create ``count`` communes with an outline, in so many sectors, by name; besides ``beyond``
    others that are there."""
    convention = committee.convention
    since = AmendmentFactory(convention=convention)
    made = [SectorFactory(convention=convention) for _ in range(sectors)]
    return [
        CoverageFactory(
            commune=CommuneFactory(
                convention=convention, insee_code=code, name=f"Commune {at:03}", population=500 + at
            ),
            since=since,
            sector=made[at % sectors] if sectors else None,
        )
        for at, code in list(enumerate(codes(beyond + count)))[beyond:]
    ]


def indicator_by_commune(committee: Committee, **values) -> Indicator:
    defaults = {"grain": "commune", "aggregation": "sum", "title": "Places agréées par commune"}
    return indicator_in_force(committee, **(defaults | {"baseline_value": None} | values))


def figures_by_commune(
    committee: Committee,
    figures: Mapping[Indicator, Sequence],
    year: int,
    *,
    is_closed: bool = True,
) -> Campaign:
    """Create a year with a figure of each indicator for each commune of the territory, in their
    order.

    None: not given; a pair: the terms of a ratio; a text: the absence of this kind.
    """
    communes = [
        coverage.commune for coverage in Coverage.objects.of(committee.convention).order_by("pk")
    ]
    state = CampaignState.CLOSED if is_closed else CampaignState.OPEN
    campaign = campaign_of(committee, year, list(figures), state=state)
    for indicator, numbers in figures.items():
        for commune, number in zip(communes, numbers, strict=False):
            if number is not None:
                value_of(campaign, indicator, commune=commune, **_figure(number))
        entry = campaign.campaign_indicators.get(indicator=indicator)
        if entry.is_by_commune:
            update_table_state(entry, {commune.pk for commune in communes})
    return campaign


def _figure(number) -> dict:
    if isinstance(number, tuple):
        numerator, denominator = number
        rate = 100 * numerator / denominator
        return {"number": rate, "numerator": numerator, "denominator": denominator}
    if isinstance(number, str):
        return {"absence": number, "reason": "Parce que."}
    return {"number": number}
