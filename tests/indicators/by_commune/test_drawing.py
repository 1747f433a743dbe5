"""The map: shades or circles, hatching, and nothing of what is masked or missing."""

import math
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings as project
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.by_commune.drawing import COVERED, EMPTY, LARGEST, SHADES, map_of, radius_of
from indicators.by_commune.drawn import MOST_LINKS
from tests.indicators.by_commune import communes as c
from tests.portal.test_look import contrast

NUMBERS = [*range(8, 44), "secret", None, "secret", None, 12, 30]
ALIKE = re.compile(r'<g class="(k\d|masked)" fill="([^"]+)"[^>]*>(.*?)</g>', re.DOTALL)


def fills_of(svg: str) -> list[tuple[str, str]]:
    """Of each outline that is shaded or hatched: its class and its fill."""
    groups = ALIKE.findall(svg)
    return [(name, fill) for name, fill, within in groups for _ in range(within.count("<path"))]


def shades(numbers=NUMBERS, **content):
    definition = c.definition(**content)
    return map_of(c.figures_of(numbers, definition), definition, 2023)


def circles(numbers):
    definition = c.definition(**c.COUNT)
    return map_of(c.figures_of(numbers, definition), definition, 2023)


def test_a_ratio_is_drawn_as_the_shade_of_a_commune():
    drawing = shades()
    svg = c.drawn(c.ground(len(NUMBERS)), drawing)
    fills = fills_of(svg)
    assert len(fills) == len(NUMBERS) - 2
    assert len({fill for name, fill in fills if name != "masked"}) == 5
    assert "<circle" not in svg
    assert sum(sign.count for sign in drawing.legend) == len(NUMBERS)


def test_the_readers_own_commune_is_named_once_and_surrounded():
    ground, drawing = c.ground(len(NUMBERS)), shades()
    name = next(place.name for place in ground.places if place.is_named)
    svg = c.drawn(ground, drawing, own_name=name)
    assert svg.count(f">{name}</text>") == 1
    assert svg.count('class="halo"') == 1
    assert c.drawn(ground, drawing, own_name="Ailleurs") == c.drawn(ground, drawing)


def test_a_count_is_drawn_as_a_circle_of_its_area():
    drawing = circles([0, 100, 400, "secret", None])
    radii = {mark.words: mark.radius for mark in drawing.marks}
    assert radii["400"] == LARGEST
    assert radii["100"] == LARGEST / 2
    svg = c.drawn(c.ground(5), drawing)
    assert svg.count("<circle") == 3 + 3  # three figures, three sizes told
    assert svg.count("<circle", svg.index('class="zeros"'), svg.index('class="names"')) == 1
    assert [sign.words for sign in drawing.legend] == ["200", "100", "20", "0", "secret",
                                                      "sans chiffre"]  # fmt: skip


def test_the_smallest_circle_is_still_seen():
    assert radius_of(Decimal(1), Decimal(100_000)) >= 1.5


def test_circles_leave_the_map_to_be_seen_however_many_are_large():
    for count in (20, 300):
        drawing = circles([count] * count)
        assert sum(math.pi * mark.radius**2 for mark in drawing.marks) < COVERED * 1.02
    assert circles([10, *[1] * 50]).marks[0].radius == LARGEST


def test_counts_below_zero_are_drawn_as_shades():
    assert circles([-4, 5, 9]).is_shaded


def test_each_commune_says_its_figure_and_leads_to_its_page():
    svg = c.drawn(c.ground(len(NUMBERS)), shades())
    assert len(re.findall(r"<a href=\"../../territoire/\w{5}/\"><path", svg)) == len(NUMBERS)
    assert "<title>Villiers-0 : 8\u202f%</title>" in svg.replace("\u00a0:", " :")
    assert svg.count("secret</title>") == 2
    assert svg.count("manquant</title>") == 2


def test_communes_are_gone_through_class_by_class_as_the_legend_tells_them():
    drawing = shades()
    svg = c.drawn(c.ground(len(NUMBERS)), drawing)
    groups = re.findall(r'<g class="[^"]*" fill="[^"]+" role="group" aria-label="([^"]*)">', svg)
    assert groups == [sign.words for sign in drawing.legend if sign.kind != EMPTY]
    assert '<g role="group" aria-label="sans chiffre">' in svg


def test_of_more_communes_than_one_goes_through_none_is_a_link():
    """The table leads to each; who points at one is still told its figure."""
    numbers = [n % 47 for n in range(MOST_LINKS + 1)]
    svg = c.drawn(c.ground(len(numbers)), shades(numbers))
    assert "<a " not in svg
    assert 'role="img"' in svg
    assert svg.count("<title>") == len(numbers)


def test_nothing_is_a_link_on_paper():
    svg = c.drawn(c.ground(len(NUMBERS)), shades(), base="", is_paper=True)
    assert "<a " not in svg
    assert "<title>" not in svg
    assert 'role="img"' in svg


def test_the_drawing_says_in_words_what_it_shows():
    title = shades().title
    assert "de 8 à 43" in title
    assert "secret : 2" in title
    assert "sans chiffre : 2" in title


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([*range(40), None, "secret"]), min_size=6, max_size=30))
def test_masked_communes_look_alike_whatever_is_beside_them(numbers):
    for draw in (shades, circles):
        drawing = draw(numbers)
        masked = [mark for mark in drawing.marks if mark.words == "secret"]
        assert {(m.kind, m.rank, m.radius) for m in masked} <= {("masked", 0, 0)}
        missing = [mark for mark in drawing.marks if mark.words == "manquant"]
        assert {(m.kind, m.rank, m.radius) for m in missing} <= {("empty", 0, 0)}
        svg = c.drawn(c.ground(len(numbers)), drawing)
        assert len([name for name, _ in fills_of(svg) if name == "masked"]) == len(masked)


def test_the_drawing_does_not_reveal_which_commune_is_masked():
    """Bounds, sizes and shades are made of what is shown: the drawing is the same one."""
    numbers, swapped = [5, "secret", 9, 14, 20, 31], [5, 9, "secret", 14, 20, 31]
    for draw in (shades, circles):
        first, second = draw(numbers), draw(swapped)
        assert first.legend == second.legend
        assert sorted(m.words for m in first.marks) == sorted(m.words for m in second.marks)


@pytest.mark.parametrize("count", SHADES)
def test_shades_stand_out_from_each_other_as_far_as_they_can(count):
    contrasts = [contrast(*pair) for pair in pairwise(SHADES[count])]
    assert all(one >= (3 if count <= 3 else 1.7) for one in contrasts)


def test_the_focus_outline_contrasts_with_each_shade():
    """The outline is of ink, or of white where the sheet says so of a shade."""
    sheet = (Path(project.BASE_DIR) / "static/indicators/by_commune.css").read_text()
    for shade in {shade for shades_ in SHADES.values() for shade in shades_}:
        line = "#ffffff" if f'[fill="{shade}"]' in sheet else "#1c212b"
        assert contrast(line, shade) >= 3, shade


@pytest.mark.parametrize("count", [47, 150, MOST_LINKS, 300])
def test_a_map_with_its_legend_weighs_little_whatever_the_communes(count):
    for draw in (shades, circles):
        drawing = draw([n % 47 for n in range(count - 2)] + ["secret", None])
        legend = render_to_string("indicators/by_commune/legend.html", {"legend": drawing.legend})
        weight = len((c.drawn(c.ground(count), drawing) + legend).encode())
        assert weight <= (16_000 if count == 47 else 40_000)


def test_several_maps_share_their_outlines():
    ground, drawing = c.ground(50), shades([n % 47 for n in range(50)])
    svg = c.drawn(ground, drawing, base="", shared="fond")
    assert "<path d=" not in svg.split("</defs>")[1]
    assert len(svg.encode()) < 8_000
