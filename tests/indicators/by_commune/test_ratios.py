"""Communes are compared by a ratio: of disclosed figures alone, without small populations."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from indicators.by_commune.files import table_for
from indicators.by_commune.page import Comparison, table_of
from indicators.by_commune.ratios import per_hundred
from indicators.by_commune.reading import NO_POPULATION, read_by_commune
from indicators.by_commune.snapshot import take_snapshots
from indicators.definitions.models import Population
from indicators.disclosure import LEFT_OUT, MASKED, NUMBER, PENDING, DisclosedFigure
from indicators.models import Disclosure
from indicators.statistics import populations
from indicators.statistics.events import load_release
from indicators.statistics.populations import OWN_POPULATIONS, SMALLEST, Denominating
from indicators.statistics.source import measuring_population, sources
from tests.indicators.by_commune.stories import (
    RATE,
    figures_by_commune,
    indicator_by_commune,
    territory,
)

AGES = "CODGEO;LIBGEO;SEXE;AGED100;NB"


def shown(number, **fields) -> DisclosedFigure:
    return DisclosedFigure(NUMBER, Decimal(number), str(number), **fields)


def year_of(committee, indicator):
    [commune_year] = read_by_commune(committee.convention, [indicator])[indicator.pk]
    return commune_year


def ratios(commune_year) -> list[str]:
    return [figure.words for _, figure in commune_year.compared]


def ages(coverages, count: str) -> bytes:
    """Return a census: ``count`` girls and as many boys of each age from 0 to 20 everywhere."""
    lines = [
        f"{coverage.commune.insee_code};X;{sex};{age:03d};{count}"
        for coverage in coverages
        for sex in (1, 2)
        for age in range(21)
    ]
    return "\n".join([AGES, *lines]).encode()


def census(coverages, count="5.5", year=2022) -> None:
    source = sources()["insee_ages"]
    load_release(source, year, name="TD_POP1B.csv", content=ages(coverages, count), by=None)


# One figure ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [MASKED, PENDING, "missing", "not_available"])
def test_a_figure_without_number_has_no_ratio(kind):
    figure = DisclosedFigure(kind, reason="Parce que.")
    for count in (None, Decimal(30), Decimal(5000)):
        assert per_hundred(figure, count) == figure


def test_a_rounded_figure_has_a_rounded_ratio():
    ratio = per_hundred(shown(15, is_rounded=True), Decimal(400))
    assert (ratio.number, ratio.text, ratio.is_rounded) == (Decimal("3.8"), "3,8", True)


def test_a_figure_that_its_publisher_covers_has_no_ratio():
    ratio = per_hundred(shown(0, is_below=True), Decimal(400))
    assert (ratio.kind, ratio.number, ratio.words) == (LEFT_OUT, None, "non calculé")


def test_an_unknown_population_leaves_the_figure_out():
    assert per_hundred(shown(15), None).kind == LEFT_OUT


# A year -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_count_is_compared_and_drawn_for_100_inhabitants(committee):
    territory(committee, 3)  # of 500, 501 and 502 inhabitants
    indicator = indicator_by_commune(committee)
    figures_by_commune(committee, {indicator: [5, 10, 50]}, 2023)
    read = year_of(committee, indicator)
    assert ratios(read) == ["1,0", "2,0", "10,0"]
    assert read.map.is_shaded
    assert read.median_text == "2,0 pour 100 habitants"
    assert "pour 100 habitants en 2023, carte des" in read.map.title
    assert read.ratio_of().text == "4,3"


@pytest.mark.django_db
def test_a_rate_is_compared_as_it_is(committee):
    territory(committee, 3)
    indicator = indicator_by_commune(committee, **RATE)
    figures_by_commune(committee, {indicator: [(10, 100), (20, 100), (30, 100)]}, 2023)
    read = year_of(committee, indicator)
    assert (read.denominators, read.median_text) == (None, "20\u202f%")


@pytest.mark.django_db
def test_counts_without_any_known_population_are_not_compared(committee):
    territory(committee, 3)
    committee.convention.communes.update(population=None)
    indicator = indicator_by_commune(committee)
    figures_by_commune(committee, {indicator: [5, 10, 50]}, 2023)
    read = year_of(committee, indicator)
    assert (read.median, read.range_text, read.lead) == (None, "", NO_POPULATION)
    assert "médiane" not in read.map.title


@pytest.mark.django_db
def test_small_populations_are_left_out_and_it_is_said(committee):
    [first, *_] = territory(committee, 4)
    committee.convention.communes.filter(pk=first.commune.pk).update(population=SMALLEST - 1)
    indicator = indicator_by_commune(committee)
    figures_by_commune(committee, {indicator: [5, 10, 20, 50]}, 2023)
    read = year_of(committee, indicator)
    assert ratios(read)[0] == "non calculé"
    assert len(read.numbers) == 3
    why = f"moins de {SMALLEST} habitants, ou un nombre qui n’est pas connu"
    assert f"Rapport non calculé : 1 commune ({why})." in read.lead.replace("\u00a0", " ")
    legend = {sign.words: sign.count for sign in read.map.legend}
    assert legend["non calculé"] == 1
    assert "sans chiffre" not in legend


@pytest.mark.django_db
def test_ratios_tell_no_more_than_what_is_disclosed(committee):
    """Each is the same whatever masked figures are: it is made of the disclosed one alone."""
    committee.caf.masking_threshold = 100
    committee.caf.save()
    territory(committee, 8, sectors=2)
    indicator = indicator_by_commune(committee, is_confidential=True, title="Foyers")
    numbers = [17, 33, 240, 820, 541, 319, 271, 451]
    campaign = figures_by_commune(committee, {indicator: numbers}, 2023)
    campaign.campaign_indicators.all().freeze_rules()
    read = year_of(committee, indicator)
    masked = Disclosure.objects.get().reasons.keys()
    for commune, figure in read.compared:
        assert figure.is_masked == (f"c{commune.pk}" in masked)
        assert (figure.number is None) == figure.is_masked
    for sector in read.perimeter.sectors:
        assert read.ratio_of(sector).is_masked == read.sector_figure(sector).is_masked
    [printed] = take_snapshots([read])
    assert masked
    assert all((line.ratio == "–") is not line.is_number for line in printed.lines)


# Which population ---------------------------------------------------------------------------------


@pytest.mark.parametrize("population", ["under_3", "from_3_to_11", "households"])
def test_each_population_is_counted_by_one_source(population):
    source, measure = measuring_population(population)
    assert (source.is_beside, measure.population) == (True, population)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("population", "label", "ratio"),
    # Of each age eleven children: 33 under 3, 99 from 3 to 11.
    [("under_3", "pour 100 enfants de moins de 3 ans", "30,3"),
     ("from_3_to_11", "pour 100 enfants de 3 à 11 ans", "10,1")],
)  # fmt: skip
def test_the_population_of_the_definition_divides(committee, population, label, ratio):
    coverages = territory(committee, 3)
    census(coverages)
    indicator = indicator_by_commune(committee, reference_population=population)
    figures_by_commune(committee, {indicator: [10, 10, 10]}, 2023)
    read = year_of(committee, indicator)
    assert (read.per, ratios(read)) == (label, [ratio] * 3)
    assert "Insee, « Recensement, population par âge », recensement de 2022" in read.source


@pytest.mark.django_db
def test_households_divide_too(committee):
    coverages = territory(committee, 3)
    header = "GEO;GEO_OBJECT;RP_MEASURE;TPH;PCS;OBS_STATUS;TIME_PERIOD;OBS_VALUE"
    lines = [
        f"{c.commune.insee_code};COM;DWELLINGS;{kind};_T;A;2022;{count}"
        for c in coverages
        for kind, count in (("_T", 200), ("11", 70))
    ]
    content = "\n".join([header, *lines]).encode()
    load_release(sources()["insee_menages"], 2022, name="x.csv", content=content, by=None)
    indicator = indicator_by_commune(committee, reference_population="households")
    figures_by_commune(committee, {indicator: [10, 20, 30]}, 2023)
    assert ratios(year_of(committee, indicator)) == ["5,0", "10,0", "15,0"]


@pytest.mark.django_db
def test_without_a_census_inhabitants_divide_and_it_is_said(committee):
    territory(committee, 3)
    indicator = indicator_by_commune(committee, reference_population="under_3")
    figures_by_commune(committee, {indicator: [5, 10, 50]}, 2023)
    read = year_of(committee, indicator)
    assert read.per == "pour 100 habitants"
    assert (
        "Le rapport est pour 100 habitants : aucun recensement chargé ne compte les enfants de "
        "moins de 3 ans."
    ) in read.lead


@pytest.mark.django_db
def test_the_last_census_up_to_the_year_divides(committee):
    coverages = territory(committee, 3)
    for year, count in ((2020, "10"), (2022, "5.5"), (2025, "20")):
        census(coverages, count, year)
    indicator = indicator_by_commune(committee, reference_population="under_3")
    figures_by_commune(committee, {indicator: [10, 10, 10]}, 2023)
    assert "recensement de 2022" in year_of(committee, indicator).source


@pytest.mark.django_db
def test_a_census_is_read_once_for_all_years(committee, django_assert_num_queries):
    coverages = territory(committee, 3)
    census(coverages)
    denominating = Denominating(committee.convention)
    with django_assert_num_queries(3):  # its releases, the communes, the counts
        for year in (2022, 2023, 2024):
            denominating.of(coverages, Population.UNDER_3, year)


@pytest.mark.parametrize(
    ("codes", "counted", "counts"),
    [
        ({"A"}, {"A": 40, "B": 10}, {"A": 50}),  # a census of before: both are one today
        ({"A", "B"}, {"A": 40, "B": 10}, {"A": 40, "B": 10}),
        ({"A", "B"}, {"A": 50}, {}),  # a later census: what is counted together is neither's
        ({"A"}, {"B": 10}, {}),
    ],
)
def test_communes_that_became_one_are_counted_together_or_left_out(
    monkeypatch, codes, counted, counts
):
    merged = SimpleNamespace(insee_code="B", became="A")
    monkeypatch.setattr(populations, "former_communes", lambda: (merged,))
    numbers = {code: Decimal(count) for code, count in counted.items()}
    assert populations._counts_of(codes, numbers) == counts


@pytest.mark.django_db
def test_the_file_of_communes_names_the_population_and_who_counts_it(committee):
    territory(committee, 3)
    indicator = indicator_by_commune(committee)
    figures_by_commune(committee, {indicator: [5, 10, 50]}, 2023)
    table = table_for(table_of([year_of(committee, indicator)]), sector="Secteur")
    row = dict(zip((c.heading for c in table.columns), list(table.rows)[-1], strict=True))
    assert row["2023, pour 100 habitants"] == Decimal("1.0")
    assert f"Habitants : {OWN_POPULATIONS}" in row["Source"]
    assert any(note.startswith("Pour 100 habitants : non calculé") for note in table.notes)


@pytest.mark.django_db
def test_rows_are_ordered_by_the_ratio(committee):
    coverages = territory(committee, 6)
    for coverage, population in zip(coverages, range(100, 700, 100), strict=True):
        communes = committee.convention.communes.filter(pk=coverage.commune_id)
        communes.update(population=population)
    indicator = indicator_by_commune(committee)
    figures_by_commune(committee, {indicator: [10] * 6}, 2023)
    comparison = Comparison([year_of(committee, indicator)])
    assert [line.compared.text for line in comparison.highest] == ["10,0", "5,0", "3,3"]
    assert [line.compared.text for line in comparison.lowest] == ["1,7", "2,0", "2,5"]
