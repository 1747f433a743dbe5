"""The drawing of a calendar: all in its place, nothing over anything else, whatever the dates."""

import datetime
import itertools
import re
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.models import Action, Milestone
from actions.ways.timeline import MilestoneMark, TimelineRow
from actions.ways.timeline_drawing import (
    GUTTER,
    LEFT,
    LINE,
    LINES,
    RIGHT,
    WIDTH,
    YEAR_ROOM,
    Scale,
    TimelineDrawing,
    text_width,
    wrap_text,
)

day = datetime.date
TODAY = day(2022, 7, 1)
CONVENTION = SimpleNamespace(start=day(2020, 1, 1), end=day(2024, 12, 31))
NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


def row(starts_on, ends_on=None, *, marks=(), late=False, **fields) -> TimelineRow:
    fields = {"number": "1.1.1", "title": "Ouvrir un lieu d’accueil", "stated_progress": 0} | fields
    action = Action(starts_on=starts_on, ends_on=ends_on, **fields)
    steps = [MilestoneMark(Milestone(due_on=due, done_on=due if kind == "done" else None), kind)
             for kind, due in marks]  # fmt: skip
    return TimelineRow(action, late, steps, url="")


def draw(*rows, convention=CONVENTION, today=TODAY) -> TimelineDrawing:
    return TimelineDrawing(list(rows), Scale.of(rows, convention, today))


def edges(path: str) -> tuple[float, float]:
    """From where to where a bar goes: the least and the greatest abscissa of its points."""
    xs = [float(x) for x in re.findall(r"[MHL](-?\d+(?:\.\d+)?)", path)]
    return min(xs), max(xs)


# Where things stand ------------------------------------------------------------------------------


def test_a_bar_goes_from_the_first_day_to_the_end_of_the_last():
    drawing = draw(row(day(2020, 1, 1), day(2024, 12, 31)))
    assert (drawing.scale.first, drawing.scale.last) == (2020, 2024)
    assert edges(drawing.paths["bar"]) == (LEFT, RIGHT)


def test_half_of_the_time_is_half_of_the_drawing():
    """2020 and 2021 have 731 days; the first half of them ends with the year 2020, but for one."""
    convention = SimpleNamespace(start=day(2020, 1, 1), end=day(2021, 12, 31))
    drawing = draw(row(day(2020, 1, 1), day(2020, 12, 31)), convention=convention, today=TODAY)
    assert (drawing.scale.first, drawing.scale.last) == (2020, 2022)  # today is in 2022
    _, right = edges(drawing.paths["bar"])
    assert right == pytest.approx(LEFT + (RIGHT - LEFT) * 366 / 1096, abs=0.1)


def test_progress_is_a_share_of_the_bar():
    drawing = draw(row(day(2020, 1, 1), day(2024, 12, 31), stated_progress=25))
    assert edges(drawing.paths["progress"]) == (LEFT, LEFT + (RIGHT - LEFT) / 4)
    assert draw(row(day(2020, 1, 1), day(2024, 12, 31))).paths["progress"] == ""


def test_the_bar_of_one_day_is_wide_enough_to_be_seen():
    left, right = edges(draw(row(day(2021, 5, 1), day(2021, 5, 1))).paths["bar"])
    assert right - left == 3


def test_continuous_actions_end_in_a_point_at_the_edge():
    path = draw(row(day(2021, 1, 1), is_continuous=True)).paths["bar"]
    assert edges(path)[1] == RIGHT
    assert f"L{RIGHT} " in path
    assert f"L{RIGHT} " not in draw(row(day(2021, 1, 1), day(2024, 12, 31))).paths["bar"]


def test_what_is_not_agreed_to_or_given_up_is_hollow():
    for fields in ({"standing": "proposed"}, {"state": "abandoned"}):
        paths = draw(row(day(2021, 1, 1), day(2022, 1, 1), **fields)).paths
        assert paths["hollow"]
        assert not paths["bar"]


def test_milestones_have_a_shape_by_kind():
    marks = [("done", day(2020, 6, 1)), ("overdue", day(2021, 6, 1)), ("due", day(2023, 6, 1)),
             ("missed", day(2023, 7, 1))]  # fmt: skip
    drawing = draw(row(day(2020, 1, 1), day(2024, 12, 31), marks=marks))
    assert drawing.paths["done"].count("M") == 1
    assert drawing.paths["overdue"].count("M") == 1
    assert drawing.paths["due"].count("M") == 2
    assert drawing.paths["done"].startswith(f"M{drawing.scale.x(day(2020, 6, 1))} ")
    shapes = [re.sub(r"M\S+ \S+m", "", drawing.paths[kind]) for kind in ("done", "due", "overdue")]
    assert len(set(shapes)) == 3


def test_today_and_the_end_of_the_convention_are_told_on_lines_of_their_own():
    drawing = draw(row(day(2020, 1, 1), day(2020, 2, 1)), today=CONVENTION.end)
    assert drawing.today.x == drawing.end.x == RIGHT
    assert drawing.today.y != drawing.end.y
    assert drawing.today.anchor == drawing.end.anchor == "end"
    assert draw(row(day(2020, 1, 1), day(2020, 2, 1))).today.anchor == "middle"


def test_today_is_left_out_once_the_convention_is_long_over():
    drawing = draw(row(day(2020, 1, 1), day(2020, 2, 1)), today=day(2040, 1, 1))
    assert drawing.scale.last == 2024
    assert drawing.today is None


def test_a_project_has_no_first_day():
    project = SimpleNamespace(start=None, end=day(2024, 12, 31))
    drawing = draw(row(day(2024, 3, 1), day(2024, 4, 1)), convention=project)
    assert (drawing.scale.first, drawing.scale.last) == (2022, 2024)
    assert drawing.term.startswith(f"M{LEFT} ")


# Odd dates ---------------------------------------------------------------------------------------


def test_far_years_do_not_squeeze_the_others():
    drawing = draw(row(day(1990, 1, 1), day(2100, 12, 31)), row(day(2099, 1, 1), day(2100, 1, 1)),
                   row(day(1990, 1, 1), day(1991, 1, 1)))  # fmt: skip
    assert (drawing.scale.first, drawing.scale.last) == (2017, 2027)
    for path in drawing.paths["bar"].split("Z")[:-1]:
        left, right = edges(path)
        assert left >= LEFT
        assert right <= RIGHT
        assert right > left


@pytest.mark.parametrize("year", [1, 9999])
def test_a_bar_is_drawn_in_the_first_and_last_possible_years(year):
    convention = SimpleNamespace(start=day(year, 1, 1), end=day(year, 12, 31))
    drawing = draw(row(day(year, 1, 1), day(year, 12, 31)), convention=convention)
    assert drawing.paths["bar"]


def test_years_are_told_side_by_side():
    long = SimpleNamespace(start=day(1950, 1, 1), end=day(2100, 12, 31))
    years = draw(row(day(2020, 1, 1), day(2020, 2, 1)), convention=long).scale.years
    assert len(years) > 3
    for left, right in itertools.pairwise(years):
        assert right.x - left.x >= YEAR_ROOM


DAYS = st.dates(day(1985, 1, 1), day(2105, 12, 31))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(DAYS, DAYS, DAYS, st.text(max_size=200)), min_size=1, max_size=6))
def test_nothing_is_cut_nor_covered(drawn):
    rows = [
        row(min(begin, end), max(begin, end), marks=[("due", mark)], title=title)
        for begin, end, mark, title in drawn
    ]
    drawing = draw(*rows)
    for label in drawing.labels:
        assert label.x + text_width(label.text) <= LEFT - GUTTER
        assert label.y < drawing.height
    heights = [label.y for label in drawing.labels]
    assert all(lower - upper >= LINE for upper, lower in itertools.pairwise(heights))
    for path in drawing.paths["bar"].split("Z")[:-1]:
        left, right = edges(path)
        assert LEFT <= left < right <= RIGHT
    for x in re.findall(r"M(\S+) ", drawing.paths["due"]):
        assert LEFT <= float(x) <= RIGHT <= WIDTH
    assert all(float(number) <= drawing.height + WIDTH for number in NUMBERS.findall(drawing.grid))


# Labels ------------------------------------------------------------------------------------------


def test_a_label_is_cut_between_words():
    title = "Déployer deux conseillers numériques dans les médiathèques et les mairies éloignées"
    assert wrap_text(title, 1000) == [title]
    lines = wrap_text(title, 250)
    assert len(lines) == LINES
    assert lines[1].endswith("…")
    assert title.startswith(" ".join(lines)[:-1])
    assert title[len(" ".join(lines)) - 1] == " "


def test_an_endless_word_is_cut():
    [line] = wrap_text("Anticonstitutionnellement" * 8, 250)
    assert line.endswith("…")
    assert 200 < text_width(line) <= 250
    assert len(wrap_text("W" * 200, 250)[0]) < len(wrap_text("i" * 200, 250)[0])


def test_words_that_typography_holds_together_stay_so():
    for room in range(150, 400, 5):
        lines = wrap_text("Animer des ateliers d'été « Habiter mon logement » en ville", room, 9)
        assert not any(line.endswith("«") or line.startswith("»") for line in lines)
        assert "d’été" in " ".join(lines)


def test_what_is_late_has_its_sign():
    assert draw(row(day(2020, 1, 1), late=True)).labels[0].text.startswith("! 1.1.1 Ouvrir")
    assert draw(row(day(2020, 1, 1))).labels[0].text.startswith("1.1.1 Ouvrir")


def test_the_drawing_escapes_what_it_is_told_and_is_lean():
    axis = SimpleNamespace(title="<b>Axe</b>")
    rows = [row(day(2020, 1, 1), day(2021, 1, n + 1), title="<i>x</i>") for n in range(25)]
    html = render_to_string(
        "actions/ways/timeline_drawing.html", {"drawing": draw(*rows), "axis": axis}
    )
    assert "<b>" not in html
    assert "<i>" not in html
    assert "style" not in html
    assert "," not in "".join(re.findall(r' d="([^"]*)"', html))
    assert len(html) < 25 * 260 + 3000
