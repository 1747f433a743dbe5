"""The drawing of a series: nothing covers anything, nothing is cut, what is missing is told."""

import datetime
import itertools
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indicators.definitions.definition import Definition
from indicators.disclosure import DisclosedFigure
from indicators.series.chart_labels import DIGIT, FLOOR, WIDTH, Box
from indicators.series.charts import spark, trend_chart
from indicators.series.reading import Cell, Series

CONVENTION = SimpleNamespace(end=datetime.date(2024, 12, 31))
INDICATOR = SimpleNamespace(
    convention=CONVENTION,
    theme=SimpleNamespace(axis=SimpleNamespace(colour=4)),
)


def definition(**others) -> Definition:
    return Definition(
        {
            "title": "Places agréées", "definition": "", "scope": "", "calculation": "direct",
            "numerator": "", "denominator": "", "factor": 1, "unit": "places", "decimals": 0,
            "direction": "up",
            "baseline_value": "412", "baseline_year": 2019,
            "targets": [{"year": 2024, "value": "448"}],
        }
        | others
    )  # fmt: skip


def figure(value, means) -> DisclosedFigure:
    if isinstance(value, str):
        return DisclosedFigure(value, reason="Pas encore")
    number = Decimal(str(value))
    return DisclosedFigure("number", number, means.show(number))


def series(values: dict, *, breaks=(), **others) -> Series:
    means = definition(**others)
    cells = [
        Cell(year, figure(value, means), means, entry=object(), is_break=year in breaks)
        for year, value in values.items()
    ]
    return Series(INDICATOR, means, cells)


USUAL = {2020: 416, 2021: 420, 2022: 431, 2023: 438}


def boxes(chart) -> list[Box]:
    outlines = []
    for mark in chart.labels:
        if mark.kind == "sign":
            continue
        half = len(mark.text) * DIGIT / 2
        x = float(mark.x) - (half if mark.anchor == "end" else 0)
        y = float(mark.y)
        outlines.append(Box(x - half, y - 7, x + half, y))
    return outlines


def test_the_line_goes_through_baseline_and_figures():
    chart = trend_chart(series(USUAL))
    assert len(chart.lines) == 1
    assert len(chart.lines[0].split()) == 5
    assert [dot.kind for dot in chart.dots] == ["baseline"] + ["value"] * 4
    assert [mark.text for mark in chart.years] == ["2019", "2020", "2021", "2022", "2023", "2024"]


def test_a_higher_figure_stands_higher():
    [_, *points] = trend_chart(series(USUAL)).lines[0].split()
    heights = [float(point.split(",")[1]) for point in points]
    assert heights == sorted(heights, reverse=True)


def heights(chart) -> list[float]:
    return [float(point.split(",")[1]) for point in chart.lines[0].split()]


def test_a_small_fall_is_not_drawn_as_a_collapse():
    chart = trend_chart(series({2020: 100, 2021: 96}, baseline_value=None, targets=[]))
    first, last = heights(chart)
    assert 0 < last - first < (FLOOR - 18 - 28) / 4
    ends = spark(series({2020: 100, 2021: 96}, baseline_value=None, targets=[])).split()
    first, last = (float(point.split(",")[1]) for point in ends)
    assert 0 < last - first < 3


def test_a_scale_starts_at_zero_or_shows_its_break():
    sentence = "l’échelle ne part pas de zéro"
    broken = trend_chart(series(USUAL))
    assert broken.is_broken
    assert sentence in broken.title
    whole = trend_chart(series({2020: 10, 2021: 40}, baseline_value=None, targets=[]))
    assert not whole.is_broken
    assert sentence not in whole.title
    for chart in (broken, whole):
        drawn = render_to_string("indicators/series/trend.html", {"chart": chart})
        assert ("v-3l-3-1.5" in drawn) == chart.is_broken


def test_a_missing_year_leaves_a_gap_and_its_sign():
    chart = trend_chart(series({2020: 416, 2021: "not_available", 2022: 431, 2023: 438}))
    assert [len(line.split()) for line in chart.lines] == [2, 2]
    assert [m.text for m in chart.labels if m.kind == "sign"] == ["n.d."]
    assert "non disponible en 2021" in chart.title


def test_missing_years_in_a_row_have_one_label_where_labels_would_touch():
    def signs(values):
        chart = trend_chart(series(values))
        return [(m.text, m.x) for m in chart.labels if m.kind == "sign"]

    gone = {2020: 416, 2021: 420, 2022: 431, 2023: 438, 2024: "missing", 2025: "missing"}
    [(text, x)] = signs(gone)
    years = {m.text: float(m.x) for m in trend_chart(series(gone)).years}
    assert (text, float(x)) == ("manque", (years["2024"] + years["2025"]) / 2)
    assert len(signs({2020: 416, 2021: "not_available", 2022: "not_available"})) == 2
    assert len(signs(gone | {2023: "missing", 2024: 440})) == 2


def test_a_secret_year_is_named_and_not_drawn():
    chart = trend_chart(series({2020: 416, 2021: "masked"}))
    assert len(chart.dots) == 2
    assert "secret en 2021" in chart.title


def test_a_break_parts_the_line():
    chart = trend_chart(series(USUAL, breaks=[2022]))
    assert [len(line.split()) for line in chart.lines] == [3, 2]
    assert len(chart.breaks) == 1


def test_targets_by_year_are_a_way():
    targets = [{"year": 2021, "value": "420"}, {"year": None, "value": "448"}]
    chart = trend_chart(series(USUAL, targets=targets))
    assert len(chart.target.split()) == 2
    assert [m.text for m in chart.labels if m.kind == "target"] == ["cible 448"]


def test_a_chart_without_target_nor_baseline_tells_none():
    chart = trend_chart(series(USUAL, targets=[], baseline_value=None, baseline_year=None))
    assert chart.target == ""
    assert "cible" not in chart.title


def test_a_series_without_a_figure_has_no_chart():
    assert trend_chart(series({2020: "missing"})) is None
    assert trend_chart(series({})) is None


def test_a_figure_alone_is_drawn_in_the_middle():
    chart = trend_chart(series({2020: 5}, targets=[], baseline_value=None, baseline_year=None))
    assert chart.lines == []
    assert float(chart.dots[0].x) == WIDTH / 2


def test_a_chart_tells_years_up_to_the_one_asked_for():
    chart = trend_chart(series(USUAL), year=2021)
    assert "2022" not in chart.title
    assert [mark.text for mark in chart.years] == ["2019", "2020", "2021", "2024"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.integers(0, 200_000), st.sampled_from(["missing", "masked"])),
        min_size=1, max_size=5,
    ),
    st.integers(0, 200_000),
    st.integers(0, 200_000),
)  # fmt: skip
def test_nothing_is_cut_nor_covered(values, baseline, target):
    figures = series(
        dict(zip(range(2020, 2025), values, strict=False)),
        baseline_value=str(baseline),
        targets=[{"year": 2024, "value": str(target)}],
    )
    chart = trend_chart(figures)
    assume(chart is not None)
    for box in boxes(chart):
        assert box.left >= 0
        assert box.right <= WIDTH
        assert box.top >= 0
        assert box.bottom <= FLOOR
    assert not any(a.meets(b) for a, b in itertools.combinations(boxes(chart), 2))


def test_a_chart_escapes_its_title():
    figures = series(USUAL, title="<b>Places</b>")
    html = render_to_string("indicators/series/trend.html", {"chart": trend_chart(figures)})
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
    assert "style=" not in html


@pytest.mark.parametrize(
    ("values", "count"), [(USUAL, 4), ({2020: 1, 2021: "missing", 2023: 3}, 2), ({2020: 1}, 0)]
)
def test_spark_hints_at_the_trend(values, count):
    assert len(spark(series(values)).split()) == count


def test_a_spark_of_equal_figures_is_flat():
    assert spark(series({2020: 5, 2021: 5})) == "2,8 58,8"
