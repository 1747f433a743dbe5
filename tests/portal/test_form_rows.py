"""Rows that are typed without a script: blank ones, removed ones, and what is wrong."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string

from ctg_portal.forms.rows import BLANK, MOST, RowForm, WithRows


class StepRow(RowForm):
    mute = frozenset({"weight"})

    title = forms.CharField(label="Étape", required=False, max_length=20)
    day = forms.DateField(label="Jour", required=False)
    weight = forms.IntegerField(label="Poids", required=False, min_value=1, initial=1)

    def clean(self):
        cleaned = super().clean()
        self.lacks("title", "Dites laquelle.")
        return cleaned


class WayForm(WithRows):
    name = forms.CharField(label="Nom")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.make_rows("steps", StepRow, "Étapes")


def sent(*rows: dict, total=None, **others) -> dict:
    """What a page with these rows sends."""
    data = {"name": "Voie", "steps-TOTAL_FORMS": len(rows) if total is None else total,
            "steps-INITIAL_FORMS": 0}  # fmt: skip
    for number, row in enumerate(rows):
        data |= {f"steps-{number}-{name}": value for name, value in row.items()}
    return {name: str(value) for name, value in (data | others).items()}


def row(title="", **others) -> dict:
    return {"title": title, "day": "", "weight": "1"} | others


def titles(form) -> list[str]:
    assert form.is_valid(), (form.errors, form.rows["steps"].errors)
    return [step["title"] for step in form.cleaned_data["steps"]]


def html_of(form) -> str:
    rows = render_to_string("components/form_rows.html", {"rows": form.rows["steps"], "prose": ""})
    return rows + render_to_string("components/form_errors.html", {"form": form})


# What is there, and what is blank -----------------------------------------------------------------


def test_blank_rows_wait_below_those_that_are_there():
    form = WayForm(initial={"steps": [{"title": "Un"}, {"title": "Deux", "weight": 3}]})
    rows = list(form.rows["steps"])
    assert [one["title"].value() for one in rows] == ["Un", "Deux"] + [None] * BLANK
    assert [one["weight"].value() for one in rows] == [1, 3, 1, 1]


def test_blank_rows_are_none_and_the_order_is_that_of_the_page():
    form = WayForm(sent(row("Trois"), row(), row("Un"), row("   "), row("Deux")))
    assert titles(form) == ["Trois", "Un", "Deux"]


def test_a_row_with_a_weight_alone_is_blank():
    assert titles(WayForm(sent(row("Un"), row(weight="7"), row(weight="")))) == ["Un"]


def test_a_row_ticked_to_be_removed_is_none_even_when_it_is_wrong():
    gone = row("x" * 50, DELETE="on"), row("Deux", DELETE="on", day="jamais")
    assert titles(WayForm(sent(row("Un"), *gone))) == ["Un"]


def test_a_form_without_rows_has_no_values():
    assert titles(WayForm(sent())) == []


# What is wrong ------------------------------------------------------------------------------------


def test_what_a_row_lacks_is_told_beside_its_field_and_above():
    form = WayForm(sent(row("Un"), row(day="2024-02-01"), row("Trois", weight="0")))
    assert not form.is_valid()
    assert form.rows["steps"].errors[1] == {"title": ["Dites laquelle."]}
    html = html_of(form)
    assert re.findall(r'href="#([^"]+)">([^<]+)', html) == [
        ("div_id_steps-1-title", "Étapes, ligne 2 : Étape"),
        ("div_id_steps-2-weight", "Étapes, ligne 3 : Poids"),
    ]
    assert 'id="div_id_steps-1-title"' in html
    field = re.search(r'<input[^>]*name="steps-1-title"[^>]*>', html)[0]
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_steps-1-title_error"' in field
    assert '<div id="id_steps-1-title_error">' in html
    assert 'value="2024-02-01"' in html


def test_a_field_that_is_too_long_has_one_error():
    form = WayForm(sent(row("x" * 50)))
    assert not form.is_valid()
    assert [len(told) for told in form.rows["steps"].errors[0].values()] == [1]


def test_a_mistake_elsewhere_in_the_form_keeps_the_rows():
    form = WayForm(sent(row("Un"), name=""))
    assert set(form.errors) == {"name"}
    assert form.rows["steps"].is_valid()
    assert 'value="Un"' in html_of(form)


def test_what_is_wrong_with_all_rows_is_told_of_them_once():
    form = WayForm(sent(row("Un"), row("Un")))
    assert form.is_valid()
    form.add_faults([("steps", "Deux fois : la même."), ("steps", "Deux fois : la même.")])
    assert len(form.non_field_errors()) == 1
    html = html_of(form)
    assert 'aria-describedby="rows-steps_error"' in html
    assert html.count("Deux fois\xa0: la même.") == 2  # beside the rows, and above


# What no page of ours sends -----------------------------------------------------------------------


@pytest.mark.parametrize("expected", [
    {"steps-TOTAL_FORMS": "beaucoup"}, {"steps-INITIAL_FORMS": ""},
    {"steps-TOTAL_FORMS": ""}, {"steps-TOTAL_FORMS": "9" * 5000}, {"steps-TOTAL_FORMS": "1\0"},
])  # fmt: skip
def test_a_page_that_does_not_tell_its_rows_is_refused_and_stays_so(expected):
    form = WayForm(sent(row("Un"), **expected))
    [reason] = form.non_field_errors()
    assert "rien n’est enregistré" in reason
    html = html_of(form)
    assert "TOTAL_FORMS)" not in html
    assert "ManagementForm" not in html


def test_a_page_without_a_word_of_its_rows_is_refused():
    form = WayForm({"name": "Voie"})
    assert "arrivée incomplète" in str(form.non_field_errors())
    assert "value" not in re.search(r'<input[^>]*TOTAL_FORMS"[^>]*>', html_of(form))[0]


def test_as_many_rows_as_may_be_are_taken_with_blank_ones_below():
    full = [row(f"Étape {n}") for n in range(MOST)]
    assert len(titles(WayForm(sent(*full, row(), row())))) == MOST
    form = WayForm(sent(*full, row("Une de trop")))
    assert not form.is_valid()
    assert form.non_field_errors() == [f"{MOST} lignes au plus\xa0: retirez-en, ou réunissez-en."]
    assert titles(WayForm(sent(*full, row("Une de trop") | {"DELETE": "on"})))[-1] == "Étape 199"


@pytest.mark.parametrize("total", [10_000, 10**12])
def test_a_count_beyond_all_measure_is_refused_without_being_counted(total):
    form = WayForm(sent(row("Un"), total=total))
    assert not form.is_valid()
    assert len(form.rows["steps"].forms) == MOST + 50
    assert "200 lignes au plus" in str(form.non_field_errors())


def test_keys_that_are_no_rows_say_nothing():
    odd = {
        "steps-0-inconnu": "x",
        "steps--1-title": "x",
        "steps-7-title": "x",
        "steps-a-title": "x",
    }
    assert titles(WayForm(sent(row("Un"), **odd))) == ["Un"]
