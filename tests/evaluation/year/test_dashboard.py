"""What a year comes to, on the dashboard: counts, of what may be shown."""

from django.utils import timezone

from ctg_portal.house import Place
from evaluation.year.dashboard import year_state
from evaluation.year.reading import read_year
from tests import factories as f
from tests.indicators.factories import campaign_of, figures, indicator_in_force, value_of


def column_of(committee):
    today = timezone.localdate()
    return next(year_state(committee.coordinator, committee.convention, today), None)


def whole(column):
    return column.cell([each for counts in column.by_theme.values() for each in counts], Place())


def test_a_convention_without_an_open_or_closed_collection_has_no_column(committee):
    assert column_of(committee) is None
    campaign_of(committee, 2023, [indicator_in_force(committee)], state="prepared")
    assert column_of(committee) is None


def test_the_column_counts_the_last_year_with_a_figure_by_theme(committee):
    up, down = (indicator_in_force(committee, title=title) for title in ("Monte", "Baisse"))
    other = f.ThemeFactory(axis__convention=committee.convention, title="Santé")
    missing = indicator_in_force(committee, title="Manque", theme=other)
    for year, numbers in {2022: (410, 420), 2023: (420, 410)}.items():
        campaign = campaign_of(committee, year, [up, down, missing], state="closed")
        for indicator, number in zip((up, down), numbers, strict=True):
            value_of(campaign, indicator, number)
    campaign_of(committee, 2024, [up, down, missing])
    column = column_of(committee)
    assert column.note == "Indicateurs : données 2023"
    assert column.clause == "1 des 2\u00a0indicateurs comparables progresse"
    assert (column.figure.figure, column.figure.text) == (
        "1 sur 2", "indicateurs comparables en progrès"
    )  # fmt: skip
    assert column.figure.note == "1\u00a0recule ; 1 autre est sans donnée"
    tally = column.cell(column.by_theme[up.theme_id], Place(theme=up.theme))
    assert (tally.counts.progress, tally.counts.setback, tally.counts.missing) == (1, 1, 0)
    assert tally.url.endswith(f"/evaluations/2023/#{up.theme.anchor}")
    assert column.cell(column.by_theme[other.pk], Place(theme=other)).counts.missing == 1


def test_the_column_counts_as_the_page_of_the_year(committee):
    asked = [indicator_in_force(committee, title=f"I{n}") for n in range(4)]
    campaigns = [campaign_of(committee, year, asked) for year in (2022, 2023)]
    for number, indicator in enumerate(asked[:3]):
        for campaign in campaigns:
            value_of(campaign, indicator, 400 + number * (campaign.year - 2021))
    assert (
        whole(column_of(committee)).counts == read_year(committee.convention, campaigns[1]).counts
    )


def test_a_masked_figure_is_not_compared(committee):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    indicator = indicator_in_force(committee, is_confidential=True)
    figures(committee, indicator, {2022: 2, 2023: 4})
    tally = whole(column_of(committee))
    assert (tally.counts.comparable, tally.counts.missing, tally.counts.other) == (0, 0, 1)


def test_the_column_takes_as_many_queries_for_five_indicators_as_for_one(
    committee, django_assert_num_queries
):
    asked = [indicator_in_force(committee, title=f"I{n}") for n in range(5)]
    for count in (1, 5):
        campaign = campaign_of(committee, 2020 + count, asked[:count])
        value_of(campaign, asked[0], 400)
        with django_assert_num_queries(10):
            column_of(committee)
