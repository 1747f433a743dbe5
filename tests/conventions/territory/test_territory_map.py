"""The map of the communes: nothing leaves the drawing, no name covers anything."""

import datetime
import math
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conventions.models import Commune, Coverage
from conventions.territory.map import (
    CHARACTER_WIDTH,
    LABEL_HEIGHT,
    LARGEST_RADIUS,
    SMALLEST_RADIUS,
    WIDTH,
    territory_map,
)

TOLERANCE = 0.11  # positions and radii are rounded to a tenth


def place(longitude, latitude, population=1000, name="Naintré", cej_end=None):
    commune = Commune(
        name=name,
        insee_code="86174",
        longitude=longitude,
        latitude=latitude,
        population=population,
    )
    return Coverage(commune=commune, cej_end=cej_end)


def label_box(circle):
    """(left, top, right, bottom) of a circle's name."""
    x, y, anchor = circle.label
    width = len(circle.commune.name) * CHARACTER_WIDTH
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return left, y - LABEL_HEIGHT * 0.8, left + width, y + LABEL_HEIGHT * 0.3


def distance_to(box, circle) -> float:
    """How far the centre of ``circle`` is from ``box``."""
    left, top, right, bottom = box
    dx = max(left - circle.x, 0, circle.x - right)
    dy = max(top - circle.y, 0, circle.y - bottom)
    return math.hypot(dx, dy)


def overlap(first, second) -> bool:
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    return width > TOLERANCE and height > TOLERANCE


def check_drawing(drawing):
    """Every circle and name is inside, and no name covers a circle or a name."""
    for circle in drawing.circles:
        assert circle.radius <= circle.x <= drawing.width - circle.radius
        assert circle.radius <= circle.y <= drawing.height - circle.radius
    labelled = [circle for circle in drawing.circles if circle.label]
    boxes = [label_box(circle) for circle in labelled]
    for left, top, right, bottom in boxes:
        assert left >= -TOLERANCE
        assert top >= -TOLERANCE
        assert right <= drawing.width + TOLERANCE
        assert bottom <= drawing.height + TOLERANCE
    for own, box in zip(labelled, boxes, strict=True):
        for circle in drawing.circles:
            # The tail of a letter may touch the circle that it names.
            tolerance = 1 if circle is own else TOLERANCE
            assert distance_to(box, circle) >= circle.radius - tolerance
    assert not any(overlap(box, other) for box, other in combinations(boxes, 2))


def test_nothing_is_drawn_without_a_located_commune():
    assert territory_map([]) is None
    assert territory_map([place(None, None), place(None, None)]) is None


def test_commune_without_position_is_left_out():
    drawing = territory_map([place(0.5, 46.8), place(None, None)])
    assert len(drawing.circles) == 1


def test_single_commune_is_drawn_in_the_middle_with_its_name():
    drawing = territory_map([place(0.5, 46.8)])
    (circle,) = drawing.circles
    assert (circle.x, circle.y) == (WIDTH / 2, drawing.height / 2)
    assert circle.radius == LARGEST_RADIUS
    assert circle.label is not None
    check_drawing(drawing)


def test_commune_at_longitude_0_is_located():
    assert len(territory_map([place(0.0, 0.0)]).circles) == 1


@pytest.mark.parametrize(
    "positions",
    [
        [(0.5, 46.1), (0.5, 46.5), (0.5, 46.9)],
        [(0.1, 46.8), (0.5, 46.8), (0.9, 46.8)],
        [(0.1, 46.1), (0.5, 46.5), (0.9, 46.9)],
    ],
    ids=["north-south", "east-west", "slanted"],
)
def test_communes_in_a_line_are_drawn(positions):
    drawing = territory_map([place(*position) for position in positions])
    check_drawing(drawing)
    assert len({(circle.x, circle.y) for circle in drawing.circles}) == 3


def test_communes_at_one_place_are_drawn_over_each_other():
    drawing = territory_map([place(0.5, 46.8, population=p) for p in (10, 1000, 100)])
    assert len({(circle.x, circle.y) for circle in drawing.circles}) == 1
    assert [circle.commune.population for circle in drawing.circles] == [1000, 100, 10]
    check_drawing(drawing)


@pytest.mark.parametrize("population", [None, 0])
def test_communes_without_inhabitants_are_small_circles(population):
    drawing = territory_map([place(0.1, 46.1, population), place(0.9, 46.9, population)])
    assert [circle.radius for circle in drawing.circles] == [SMALLEST_RADIUS] * 2
    check_drawing(drawing)


def test_area_is_proportional_to_the_population():
    populations = [40000, 10000, 2500]
    drawing = territory_map([place(n / 10, 46.5 + n / 10, p) for n, p in enumerate(populations)])
    assert [circle.radius for circle in drawing.circles] == [44, 22, 11]


def test_north_is_up_east_is_right_and_both_have_one_scale():
    drawing = territory_map([place(0.0, 46.0), place(1.0, 46.0), place(0.0, 47.0)])
    by_place = {(c.commune.longitude, c.commune.latitude): c for c in drawing.circles}
    west, east, north = by_place[0.0, 46.0], by_place[1.0, 46.0], by_place[0.0, 47.0]
    assert east.x > west.x
    assert east.y == west.y
    assert north.y < west.y
    assert north.x == west.x
    # A degree of longitude is shorter than one of latitude, by the cosine of the latitude.
    ratio = (east.x - west.x) / (west.y - north.y)
    assert ratio == pytest.approx(math.cos(math.radians(139 / 3)), abs=0.001)


def test_circles_of_one_size_are_in_the_order_of_their_codes():
    places = [place(0.1, 46.1), place(0.5, 46.5)]
    places[0].commune.insee_code, places[1].commune.insee_code = "86200", "86100"
    codes = [circle.commune.insee_code for circle in territory_map(places).circles]
    assert codes == ["86100", "86200"]


def test_style_is_the_rank_of_the_date_and_the_later_ones_share_the_last():
    days = [datetime.date(2020 + n, 12, 31) for n in range(6)]
    places = [place(n / 10, 46.5, 100 - n, cej_end=day) for n, day in enumerate(reversed(days))]
    drawing = territory_map([*places, place(0.9, 46.5, 1)])
    assert drawing.dates == days
    assert [circle.style for circle in drawing.circles] == [4, 4, 4, 3, 2, 1, 0]
    assert drawing.has_undated


def test_the_legend_has_undated_communes_only_beside_dated_ones():
    day = datetime.date(2020, 12, 31)
    assert not territory_map([place(0.1, 46.1), place(0.2, 46.2)]).has_undated
    assert not territory_map([place(0.1, 46.1, cej_end=day)]).has_undated
    assert territory_map([place(0.1, 46.1, cej_end=day), place(0.2, 46.2)]).has_undated


def test_name_that_does_not_fit_to_the_right_is_written_to_the_left():
    west, east = territory_map([place(0, 46, name="N" * 40), place(1, 46, name="N" * 40)]).circles
    assert (west.label[2], east.label[2]) == ("start", "end")


def test_names_give_way_to_larger_communes():
    """The name of the larger neighbour is placed first."""
    drawing = territory_map(
        [place(0.0, 46.0, 40000, "Grande"), place(0.001, 46.0, 10, "x" * 90), place(1, 47, 1)]
    )
    large, small = drawing.circles[0], drawing.circles[1]
    assert large.label is not None
    assert small.commune.name.startswith("x")
    assert small.label is None


def test_five_hundred_communes_are_drawn():
    places = [
        place(n * 37 % 100 / 100, 46 + n * 13 % 90 / 90, n * n, f"Commune-de-{n}")
        for n in range(500)
    ]
    drawing = territory_map(places)
    assert len(drawing.circles) == 500
    assert sum(circle.label is not None for circle in drawing.circles) >= 10
    check_drawing(drawing)


POPULATIONS = st.none() | st.integers(0, 2_000_000)
NAMES = st.integers(1, 45).map("N".__mul__)
NEAR = st.builds(
    place, st.integers(0, 100).map(lambda n: n / 100), st.integers(4600, 4700).map(
        lambda n: n / 100), POPULATIONS, NAMES,
)  # fmt: skip
ANYWHERE = st.builds(place, st.floats(-180, 180), st.floats(-90, 90), POPULATIONS, NAMES)


@given(st.lists(NEAR, min_size=1, max_size=40) | st.lists(ANYWHERE, min_size=1, max_size=15))
@example([place(0.0, 90.0), place(180.0, 90.0)])
@example([place(0.0, 0.0), place(5e-324, 0.0)])
@example([place(0.0, 0.0), place(1e-300, 1e-300)])
@settings(deadline=None)
def test_no_name_covers_anything_and_nothing_leaves_the_drawing(places):
    drawing = territory_map(places)
    assert len(drawing.circles) == len(places)
    check_drawing(drawing)
    most = max(circle.commune.population or 0 for circle in drawing.circles) or 1
    for circle in drawing.circles:
        proportional = LARGEST_RADIUS * math.sqrt((circle.commune.population or 0) / most)
        assert circle.radius == pytest.approx(max(proportional, SMALLEST_RADIUS), abs=TOLERANCE)


def test_the_commune_of_the_page_is_named_even_where_there_is_no_room():
    """The largest communes of a crowd are named, and the one of the page always is."""
    crowd = [
        place(0.3 + n / 1000, 46.7 + (n % 7) / 1000, 10_000 - n, "Saint-Genest-d'Ambière")
        for n in range(80)
    ]
    here = crowd[-1].commune
    unasked = {id(circle.commune): circle.label for circle in territory_map(crowd).circles}
    asked = {id(c.commune): c.label for c in territory_map(crowd, here=here).circles}
    assert unasked[id(here)] is None
    assert asked[id(here)] is not None
