"""The share of the planned that is spent is that of the two sums printed with it."""

from decimal import Decimal

import pytest

from actions.sheet.lines import Amounts
from actions.ways.budget import Share, Sums
from tests.actions.ways.scene import plain


def line(planned=None, spent=None) -> Amounts:
    return Amounts(*(None if one is None else Decimal(one) for one in (planned, None, spent)))


COMPLETE = [line(1000, 600), line(500, 150)]


@pytest.mark.parametrize(("lines", "share"), [
    ([], None),
    ([line(0, 5)], None),
    ([line(None, 5)], None),
    ([line(1000)], None),
    ([line(1000, 0)], Share(Decimal(1000), Decimal(0), 1, 1, True)),
    (COMPLETE, Share(Decimal(1500), Decimal(750), 2, 2, True)),
    ([*COMPLETE, line(90_000)], Share(Decimal(1500), Decimal(750), 2, 3, False)),
    ([*COMPLETE, line(None, 5000)], Share(Decimal(1500), Decimal(750), 2, 2, False)),
    ([*COMPLETE, line()], Share(Decimal(1500), Decimal(750), 2, 2, True)),
    ([line(1000, 2500)], Share(Decimal(1000), Decimal(2500), 1, 1, True)),
], ids=[
    "no line", "0 planned", "spent but not planned", "nothing known to be spent", "0 spent",
    "all known", "one not known to be spent", "one spent but not planned", "one empty",
    "more than planned",
])  # fmt: skip
def test_a_share_is_of_the_lines_planned_whose_spending_is_known(lines, share):
    assert Sums.of(lines).share == share


@pytest.mark.parametrize(("lines", "text", "note"), [
    ([line(1000, 0)], "0 % du prévu : 0 € sur 1 000 €", ""),
    (COMPLETE, "50 % du prévu : 750 € sur 1 500 €", ""),
    (
        [*COMPLETE, line(90_000)],
        "50 % du prévu : 750 € sur 1 500 €, pour 2 lignes sur 3",
        "750 € sur 1 500 €, 2 lignes sur 3",
    ),
    (
        [line(1000, "10.5"), line(90_000)],
        "1 % du prévu : 10 € sur 1 000 €, pour 1 ligne sur 2",
        "10 € sur 1 000 €, 1 ligne sur 2",
    ),
    ([*COMPLETE, line(None, 5000)], "50 % du prévu : 750 € sur 1 500 €", "750 € sur 1 500 €"),
    ([line(1000, 2500)], "250 % du prévu : 2 500 € sur 1 000 €", ""),
], ids=[
    "0 spent", "all known", "two of three", "one of two", "one spent but not planned",
    "more than planned",
])  # fmt: skip
def test_a_share_names_its_two_sums_and_over_how_many_lines_they_are(lines, text, note):
    """In a table its note is empty where its two sums are those of the row."""
    share = Sums.of(lines).share
    assert (plain(share.text), plain(share.note)) == (text, note)
