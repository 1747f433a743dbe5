"""The drawing of a budget: bars as long as their amounts, and no value over another."""

import itertools
import re
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from actions.models import Funding
from actions.ways.budget import Sums
from actions.ways.budget_drawing import DIGIT, LINE, WIDTH, BudgetDrawing


def line(planned=None, granted=None, spent=None) -> Funding:
    return Funding(planned=planned, granted=granted, spent=spent)


def drawing_of(*years) -> BudgetDrawing:
    return BudgetDrawing(
        [SimpleNamespace(label=str(2020 + n), sums=Sums.of([row])) for n, row in enumerate(years)]
    )


def test_bars_are_as_long_as_their_amounts():
    drawing = drawing_of(line(Decimal(1000), Decimal(500), Decimal(250)), line(Decimal(2000)))
    first, second = ([bar.length for bar in year.bars] for year in drawing.years)
    assert first[0] == pytest.approx(second[0] / 2, abs=0.1)
    assert first[1] == pytest.approx(second[0] / 4, abs=0.1)
    assert second[1:] == [0, 0]
    assert drawing.years[1].bars[2].value == "○ non renseigné"


@pytest.mark.parametrize("most", ["0", "1", "1234567.89", "9999999999.99"])
def test_values_cover_nothing_and_are_not_cut(most):
    row = line(Decimal(most), Decimal(most), Decimal(most))
    bars = [bar for year in drawing_of(row, line(), row).years for bar in year.bars]
    assert all(bar.end + len(bar.value) * DIGIT <= WIDTH + 1 for bar in bars)
    assert all(other.y - one.y >= LINE for one, other in itertools.pairwise(bars))


def test_the_drawing_has_attributes_only():
    html = render_to_string(
        "actions/ways/budget_drawing.html", {"drawing": drawing_of(line(Decimal(1)))}
    )
    assert "style" not in html
    assert 'role="img"' in html
    numbers = re.findall(r' (?:x|y|width|height)="([^"]*)"', html)
    assert all(re.fullmatch(r"[\d.]+%?", number) for number in numbers)
