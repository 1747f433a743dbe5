"""The table of the state: by theme or by axis, as the convention has them."""

import datetime

from conventions.dashboard.state import MOST_THEMES, read_state
from conventions.legal.reading import read_structure
from ctg_portal.house import Place, StateColumn
from tests import factories as f
from tests.stories import told_once

START = datetime.date(2020, 1, 1)


@told_once
def convention(db):
    return f.ConventionFactory(signed_on=START, start=START)


def axis_with(convention, number, *titles):
    axis = f.AxisFactory(convention=convention, number=number, title=f"Axe {number}")
    return [f.ThemeFactory(axis=axis, title=t, rank=r) for r, t in enumerate(titles, start=1)]


def column(by_theme, title="Points"):
    """A column whose cell is the sum of the things, and the theme and axis of its place."""

    def cell(things, place: Place):
        return sum(things), place.theme and place.theme.title, place.axis and place.axis.number

    return StateColumn(rank=1, title=title, by_theme=by_theme, cell=cell, template="x.html")


def table_of(state):
    return [[row.label, *(cell.content and cell.content[0] for cell in row.cells)]
            for row in state.rows]  # fmt: skip


def test_rows_are_themes_where_they_have_titles(convention):
    enfance, jeunesse = axis_with(convention, 2, "Enfance", "Jeunesse")
    [logement] = axis_with(convention, 1, "Logement")
    state = read_state(
        convention,
        START,
        [column({enfance.pk: [1, 2], logement.pk: [4]}), column({jeunesse.pk: [9]}, "Autre")],
    )
    labels = [f"{theme.number} {theme.title}".strip() for theme in (logement, enfance, jeunesse)]
    assert table_of(state) == [[labels[0], 4, None], [labels[1], 3, None], [labels[2], None, 9]]
    assert state.heading == "Thématique"
    assert [cell.content for cell in state.total] == [(7, None, None), (9, None, None)]
    assert state.rows[1].cells[0].content == (3, "Enfance", 2)


def test_rows_are_axes_where_themes_have_no_titles(convention):
    themes = [axis_with(convention, number, "")[0] for number in range(1, 10)]
    state = read_state(convention, START, [column({theme.pk: [1] for theme in themes})])
    assert table_of(state) == [[f"{number}. Axe {number}", 1] for number in range(1, 10)]
    assert state.heading == convention.words.axis.title
    assert len({row.colour for row in state.rows}) == 9
    assert state.total[0].content == (9, None, None)


def test_rows_are_axes_where_there_are_too_many_themes(convention):
    half = MOST_THEMES // 2 + 1
    first = axis_with(convention, 1, *(f"A{n}" for n in range(half)))
    second = axis_with(convention, 2, *(f"B{n}" for n in range(half)))
    state = read_state(convention, START, [column({t.pk: [1] for t in [*first, *second]})])
    assert table_of(state) == [["1. Axe 1", half], ["2. Axe 2", half]]


def test_a_table_of_one_row_has_no_total(convention):
    [theme] = axis_with(convention, 1, "")
    assert read_state(convention, START, [column({theme.pk: [1]})]).total == []


def test_a_theme_to_come_has_a_row_where_something_is_under_it(convention):
    axis_with(convention, 1, "Logement")
    later = f.AmendmentFactory(
        convention=convention, number=1, signed_on=START, effective_on=datetime.date(2099, 1, 1)
    )
    axis = f.AxisFactory(convention=convention, number=2, title="Demain", since=later)
    theme = f.ThemeFactory(axis=axis, title="Santé", since=later)
    assert [row[1:] for row in table_of(read_state(convention, START, [column({})]))] == [[None]]
    assert table_of(read_state(convention, START, [column({theme.pk: [3]})]))[-1][1] == 3


def test_table_has_the_axes_and_themes_of_the_structure(convention):
    axis_with(convention, 1, "A", "B")
    axis_with(convention, 2, "C")
    axes = read_structure(convention, START).axes
    titles = [theme.title for axis in axes for theme in axis.themes_read]
    state = read_state(convention, START, [column({})])
    assert [row.label.split()[-1] for row in state.rows] == titles


def test_table_takes_two_queries_whatever_its_size(convention, django_assert_num_queries):
    for number in (1, 2):
        axis_with(convention, number, f"T{number}", f"U{number}")
        with django_assert_num_queries(2):
            read_state(convention, START, [column({})])
