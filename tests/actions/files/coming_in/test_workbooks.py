"""Whole workbooks of offices: every action comes in, with its state, after few questions."""

import pytest

from actions.files.coming_in.importing import ImportOfPlan
from actions.follow_up.brought import brought_contents
from actions.follow_up.parts import STATE
from actions.models import Action
from spreadsheets.columns.questions import Asking
from spreadsheets.importing.events import undo
from spreadsheets.importing.rows import RowState
from spreadsheets.reading.open import open_book
from tests.actions.files.coming_in.office import answers_to, bring, content_of, keep, to_choose
from tests.actions.files.coming_in.workbooks import (
    forty_over_three_sheets,
    plain_list,
    table_with_axes_in_its_lines,
)

pytestmark = pytest.mark.django_db
MOST_QUESTIONS = 8


def asked(preview) -> int:
    return len(preview.questions) + len(to_choose(preview))


def test_forty_actions_over_three_sheets_come_in_before_any_answer(office):
    preview = office.read("plan.xlsx", forty_over_three_sheets())
    assert len(preview.new) == 40
    assert asked(preview) <= MOST_QUESTIONS
    themes = [content["theme"]["name"] for content in content_of(preview).values()]
    assert len(themes) == 40
    assert themes[:10] == ["Accueil des usagers"] * 10
    assert themes[10:30] == ["Petite enfance"] * 10 + ["Parentalité"] * 10
    assert all("Animation" in name for name in themes[30:])


def test_cells_of_forty_actions_that_are_not_read_stay_as_texts(office):
    preview = office.read("plan.xlsx", forty_over_three_sheets())
    texts = {
        text.text
        for line in preview.new
        for text in line.content.texts
    }  # fmt: skip
    assert {"En cours ?", "rentrée 2025", "CC 100 %", "52 k€ / an", "La Ruche"} <= texts
    rows = preview.sheetful.in_state(RowState.TO_CORRECT)
    assert all(row.is_ready for row in rows)


def test_a_state_that_is_not_known_is_chosen_in_its_cell(office):
    preview = office.read("plan.xlsx", forty_over_three_sheets())
    boxes = [box for row in preview.sheetful.rows for box in row.yellow if box.text == "En cours ?"]
    assert len(boxes) == 4
    assert {box.facet for box in boxes} == {"state"}
    assert "en cours" in [choice.value for choice in preview.sheetful.choices["state"]]
    again = office.read("plan.xlsx", forty_over_three_sheets(), **{boxes[0].name: "en cours"})
    left = [box for row in again.sheetful.rows for box in row.yellow if box.text == "En cours ?"]
    assert len(left) == 3


def test_forty_actions_are_kept_and_undone_as_one(office):
    before = Action.objects.of(office.convention).count()
    upload = forty_over_three_sheets()
    row = bring(office, office.coordinator, content=upload)
    keep(row, office.coordinator, is_partial=True)
    assert Action.objects.of(office.convention).count() == before + 40
    states = [
        content[STATE.key]["state"]
        for action in Action.objects.of(office.convention)
        if STATE.key in (content := brought_contents(action))
    ]
    # Two in ten are to come, as all are unless it is said; three in ten wait to be specified.
    assert len(states) == 20
    count, left = undo(row, by=office.coordinator)
    assert (count, left) == (40, [])
    assert Action.objects.of(office.convention).count() == before


def test_organisations_that_are_not_known_are_added_at_once(office):
    preview = office.read("plan.xlsx", forty_over_three_sheets())
    [question] = [one for one in preview.questions if one.key == "organismes@"]
    assert "« Service enfance CC », « La Ruche », « Commune de Thuré »" in question.text.replace(
        "\xa0", " "
    )
    preview = office.read("plan.xlsx", forty_over_three_sheets(), **{question.key: "ajouter"})
    leads = {
        lead["organisation"]["name"]
        for content in content_of(preview).values()
        for lead in content["leads"]
    }
    assert {"Service enfance CC", "La Ruche", "Commune de Thuré"} <= leads


def test_axes_in_merged_cells_and_a_column_for_each_funder(office):
    preview = office.read("plan.xlsx", table_with_axes_in_its_lines())
    contents = content_of(preview)
    assert {title: content["theme"]["name"] for title, content in contents.items()} == {
        "Ouvrir un guichet": "Accueil des usagers",
        "Former les agents": "Accueil des usagers",
        "Créer une micro-crèche": "Petite enfance",
        "Aménager un local jeunes": "Jeunesse",
    }
    assert asked(preview) <= MOST_QUESTIONS


def test_actions_without_any_axis_are_placed_by_one_answer(office):
    content = plain_list()
    preview = office.read("plan.xlsx", content)
    assert asked(preview) <= MOST_QUESTIONS
    place = next(one for one in preview.questions if one.key.startswith("rattachement:"))
    others = answers_to(preview, "nouvelle")
    answers = {place.key: place.choices[0].value}
    answers |= {key: value for key, value in others.items() if key.startswith("action:")}
    asking = Asking(answers)
    placed = ImportOfPlan().preview(
        office.scope, open_book("plan.xlsx", content), asking, office.coordinator
    )
    assert len(placed.new) == 10
