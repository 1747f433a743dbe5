"""Nothing that an evaluation says changes without its parties being told that it did."""

from collections.abc import Iterator
from copy import deepcopy

import pytest

from evaluation.publication.differences import PRESENTATION, changes_between
from evaluation.publication.snapshots import plain_of
from indicators.models import Value
from tests.actions.factories import noted
from tests.evaluation.planning import action_of, whole_action
from tests.evaluation.publication import scene
from tests.stories import told_once

pytestmark = pytest.mark.django_db

# Worked out from what is told, or how it is drawn: silent alone.
WORKED_OUT = {
    "axes.colour", "axes.lead", "axes.themes.lead", "axes.themes.signs",
    "axes.themes.actions.lacks_note", "axes.themes.actions.late_word",
    "axes.themes.actions.money.untold",
    "axes.themes.columns.is_cut", "axes.themes.columns.width",
    "axes.themes.rows.attainment", "axes.themes.rows.figures.is_sign",
    "axes.themes.rows.is_protected", "axes.themes.rows.is_reached",
    "axes.themes.rows.movement", "axes.themes.rows.movement_kind",
    "axes.themes.signed.verdict", "ground", "means.sentence", "posts.filled_note",
    "means.tables.heading", "means.tables.total", "posts.funded_note", "posts.is_told",
    "stakes.verdict",
    *(f"means.tables.{row}.{name}" for row in ("rows", "total") for name in (
        "bar", "basis", "colour", "share", "granted.note", "planned.note", "spent.note"
    )),
}  # fmt: skip
WORKED_OUT_BELOW = (
    "axes.themes.drawings.", "glossary.", "means.data.", "posts.data.", "provisional.", "summary.",
)  # fmt: skip
# What finds a figure of another year, and what stands beside it in files.
OF_FILES = "data."


@told_once
def written():
    """A year with all there is in it, and its content."""
    committee = scene.whole_year()
    whole_action(committee)
    return plain_of(scene.submitted(committee).snapshot)


def leaves(value, path=()) -> Iterator[tuple[tuple, object]]:
    if isinstance(value, dict | list):
        rows = value.items() if isinstance(value, dict) else enumerate(value)
        for key, row in rows:
            yield from leaves(row, (*path, key))
    else:
        yield path, value


def changed(content: dict, path: tuple, value) -> dict:
    after = at = deepcopy(content)
    for step in path[:-1]:
        at = at[step]
    if isinstance(value, bool):
        at[path[-1]] = not value
    else:
        at[path[-1]] = value + 7 if isinstance(value, int) else "Autre chose"
    return after


def labels(before: dict, after: dict) -> list[str]:
    return [change.label for change in changes_between(before, after)]


def test_each_changed_part_of_a_year_is_listed_or_computed(written):
    silent = {
        ".".join(step for step in path if isinstance(step, str))
        for path, value in leaves(written)
        if labels(written, changed(written, path, value)) == [PRESENTATION]
    }
    excepted = (*WORKED_OUT_BELOW, OF_FILES)
    assert {one for one in silent if not one.startswith(excepted)} - WORKED_OUT == set()


@pytest.mark.parametrize(
    ("part", "word"),
    [("text", "texte"), ("brakes", "freins"), ("levers", "leviers"), ("prospects", "perspectives")],
)
def test_a_change_of_the_note_of_an_action_is_described(written, part, word):
    [path] = [path for path, _ in leaves(written) if path[-2:] == ("note", part)]
    [label] = labels(written, changed(written, path, "Rien n’a eu lieu."))
    assert label.endswith(f" : {word}")


def test_a_rewritten_note_is_listed_among_the_changes_agreed_to():
    committee = scene.written_year()
    action = action_of(committee, "Ouvrir un lieu", "in_progress")
    noted(action, scene.YEAR, "Deux ateliers ont eu lieu.")
    scene.published(committee)
    noted(action, scene.YEAR, "Aucun atelier n’a eu lieu.")
    changes_text = scene.proposed(committee, reason="Une correction").version.content["changes"]
    assert "Ouvrir un lieu : texte" in changes_text
    assert PRESENTATION not in changes_text


@pytest.mark.parametrize("name", ["is_late", "is_innovative", "agrees", "chairs", "is_fictional"])
def test_a_change_of_a_yes_or_no_is_described(written, name):
    path, value = next((path, value) for path, value in leaves(written) if path[-1] == name)
    [change] = changes_between(written, changed(written, path, value))
    assert change.label != PRESENTATION
    assert {change.before.strip(), change.text.strip()} == {"", "oui"}


def test_a_change_of_why_a_figure_is_missing_is_described():
    committee = scene.written_year()
    rows = Value.objects.filter(pk=committee.value.pk)
    rows.update(number=None, absence="not_available", reason="L’enquête n’a pas eu lieu.")
    before = plain_of(scene.submitted(committee).snapshot)
    rows.update(reason="La Caf refuse de donner ce chiffre.")
    after = plain_of(scene.submitted(committee).snapshot)
    [change] = changes_between(before, after)
    assert change.label.endswith(" : motif d’un manque")
    assert change.pieces == []


def test_a_changed_figure_of_a_year_without_column_is_described(written):
    older = deepcopy(written)
    older["data"].append(older["data"][0] | {"year": 2001, "value": "3"})
    after = deepcopy(older)
    after["data"][-1]["value"] = "4"
    [change] = changes_between(older, after)
    assert change.label == f"{older['data'][0]['indicator']} – 2001 : chiffre"


def test_a_changed_figure_by_commune_of_another_year_is_described(written):
    """The column of the territory's figure shows it, not the table of communes."""
    older = deepcopy(written)
    older["axes"][0]["themes"][0]["columns"]["years"] = [written["year"] - 1, written["year"]]
    place = {"place": "Antran", "year": written["year"] - 1, "value": "3"}
    older["data"].append(older["data"][0] | place)
    after = deepcopy(older)
    after["data"][-1]["value"] = "4"
    [change] = changes_between(older, after)
    assert change.label.endswith(f"– Antran – {written['year'] - 1} : chiffre")


# Figures that are secret now ---------------------------------------------------------------------


def table(at: int, title: str, *, is_protected: bool, **figures: str) -> dict:
    lines = [{"name": name, "figure": text, "is_number": text.isdigit(), "note": ""}
             for name, text in figures.items()]  # fmt: skip
    return {"anchor": f"communes-{at}", "title": title, "is_protected": is_protected,
            "lines": lines, "wholes": []}  # fmt: skip


def axes(*figures: str, theme: str, is_protected: bool) -> dict:
    row = {"anchor": "i-1", "title": "Foyers", "is_protected": is_protected, "figures": [
        {"text": text, "mark": "", "is_sign": False, "partial": ""} for text in figures
    ]}  # fmt: skip
    within = {"anchor": theme, "title": "Thème", "columns": {"years": [2023]}, "rows": [row]}
    return {"axes": [{"anchor": "a-1", "title": "Axe", "themes": [within]}]}


def words_told(before: dict, after: dict) -> set[str]:
    changes = changes_between(before, after)
    return {word for one in changes for piece in one.pieces for word in piece.text.split()}


def test_a_table_is_compared_with_itself_when_another_comes_before_it():
    old = table(1, "Foyers", is_protected=False, Antran="3", Vouneuil="41")
    new = table(2, "Foyers", is_protected=True, Antran="secret", Vouneuil="secret")
    first = table(1, "Places", is_protected=False, Antran="12", Vouneuil="15")
    changes_text = words_told({"communes": [old]}, {"communes": [first, new]})
    assert "12" in changes_text
    assert not changes_text & {"3", "41"}


def test_a_figure_under_secrecy_is_covered_where_it_stood_before():
    before = axes("3", "41", theme="t-1", is_protected=False)
    assert not words_told(before, axes("secret", "41", theme="t-2", is_protected=True)) & {"3"}
