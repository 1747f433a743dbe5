"""The map: shades or circles, hatching, and nothing of what is masked or missing."""

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.by_commune.drawing import LARGEST, SHADES, map_of, radius_of
from tests.indicators.by_commune import communes as c
from tests.portal.test_look import contrast

NUMBERS = [*range(8, 44), "secret", None, "secret", None, 12, 30]
FILL = re.compile(r'<path d="[^"]*"\s+class="(k\d|masked)" fill="([^"]+)"')


def shades(numbers=NUMBERS, **content):
    told = c.definition(**content)
    return map_of(c.figures_of(numbers, told), told, 2023)


def circles(numbers):
    told = c.definition(**c.COUNT)
    return map_of(c.figures_of(numbers, told), told, 2023)


def test_a_ratio_is_told_by_the_shade_of_its_outline():
    found = shades()
    svg = c.drawn(c.ground(len(NUMBERS)), found)
    fills = FILL.findall(svg)
    assert len(fills) == len(NUMBERS) - 2
    assert len({fill for name, fill in fills if name != "masked"}) == 5
    assert "<circle" not in svg
    assert sum(sign.count for sign in found.legend) == len(NUMBERS)


def test_a_count_is_told_by_a_circle_as_large_as_it_is():
    found = circles([0, 100, 400, "secret", None])
    radii = {mark.words: mark.radius for mark in found.marks}
    assert radii["400\u00a0places"] == LARGEST
    assert radii["100\u00a0places"] == LARGEST / 2
    svg = c.drawn(c.ground(5), found)
    assert svg.count("<circle") == 3 + 3  # three figures, three sizes told
    assert svg.count('class="zero"') == 1
    assert [sign.words for sign in found.legend] == ["200", "100", "20", "0", "secret statistique",
                                                    "sans chiffre"]  # fmt: skip


def test_the_smallest_circle_is_still_seen():
    assert radius_of(Decimal(1), Decimal(100_000)) >= 1.5


def test_counts_below_zero_are_told_by_shades():
    assert circles([-4, 5, 9]).is_shaded


def test_each_commune_says_its_figure_and_leads_to_its_page():
    svg = c.drawn(c.ground(len(NUMBERS)), shades())
    assert len(re.findall(r"<a href=\"../../territoire/\w{5}/\">\s+<path", svg)) == len(NUMBERS)
    assert "<title>Saint-Martin-0 : 8\u202f%</title>" in svg.replace("\u00a0:", " :")
    assert svg.count("secret</title>") == 2
    assert svg.count("manquant</title>") == 2


def test_nothing_is_a_link_on_paper():
    svg = c.drawn(c.ground(len(NUMBERS)), shades(), base="", is_paper=True)
    assert "<a " not in svg
    assert "<title>" not in svg
    assert 'role="img"' in svg


def test_the_drawing_says_in_words_what_it_shows():
    title = shades().title
    assert "de 8 à 43" in title
    assert "secret statistique : 2" in title
    assert "sans chiffre : 2" in title


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([*range(40), None, "secret"]), min_size=6, max_size=30))
def test_masked_communes_look_alike_whatever_is_beside_them(numbers):
    for draw in (shades, circles):
        found = draw(numbers)
        masked = [mark for mark in found.marks if mark.words == "secret"]
        assert {(m.kind, m.rank, m.radius) for m in masked} <= {("masked", 0, 0)}
        missing = [mark for mark in found.marks if mark.words == "manquant"]
        assert {(m.kind, m.rank, m.radius) for m in missing} <= {("empty", 0, 0)}
        svg = c.drawn(c.ground(len(numbers)), found)
        assert len(re.findall('class="masked"', svg)) == len(masked)


def test_which_of_two_is_masked_changes_nothing_else():
    """Bounds, sizes and shades are made of what is shown: the drawing is the same one."""
    one, other = [5, "secret", 9, 14, 20, 31], [5, 9, "secret", 14, 20, 31]
    for draw in (shades, circles):
        first, second = draw(one), draw(other)
        assert first.legend == second.legend
        assert sorted(m.words for m in first.marks) == sorted(m.words for m in second.marks)


@pytest.mark.parametrize("count", SHADES)
def test_shades_stand_out_from_each_other_as_far_as_they_can(count):
    found = [contrast(*pair) for pair in pairwise(SHADES[count])]
    assert all(one >= (3 if count <= 3 else 1.7) for one in found)


def test_weight():
    """The map of 50 communes and that of 300."""
    for draw in (shades, circles):
        small = c.drawn(c.ground(50), draw([n % 47 for n in range(50)]))
        large = c.drawn(c.ground(300), draw([n % 47 for n in range(300)]))
        assert len(small.encode()) < 20_000
        assert len(large.encode()) < 60_000


def test_several_maps_share_their_outlines():
    ground, found = c.ground(50), shades([n % 47 for n in range(50)])
    svg = c.drawn(ground, found, base="", shared="fond")
    assert "<path d=" not in svg.split("</defs>")[1]
    assert len(svg.encode()) < 8_000
