"""Whether a passage of the text is an objective is asked as the text comes in, and only then."""

import pytest
from django.db.models import F

from conventions.models import Objective
from tests.conventions.loading.samples import MINIMAL

HEADING = "Investigations du diagnostic"
PASSAGES = f"""\
      - titre: {HEADING}
        est_un_objectif: non
        sous_objectifs:
          - Les moyens et les financements
          - {{titre: Ouvrir un espace, est_un_objectif: oui}}
"""
TEXT = MINIMAL + PASSAGES
OBJECTIVES = TEXT.replace("        est_un_objectif: non\n", "")
SIGNED = ("  fin: 2025-12-31\n", "  fin: 2025-12-31\n  signee_le: 2021-06-30\n")


def natures() -> dict[str, bool]:
    return dict(Objective.objects.values_list("title", "is_objective"))


def test_a_passage_is_an_objective_unless_the_file_says_otherwise(load_text):
    load_text(TEXT)
    assert natures() == {
        "Premier objectif": True,
        HEADING: False,
        "Les moyens et les financements": False,
        "Ouvrir un espace": True,
    }
    assert not Objective.objects.exclude(came_as_objective=F("is_objective")).exists()


def test_a_project_follows_its_file(load_text):
    load_text(TEXT)
    report = load_text(OBJECTIVES)
    assert all(natures().values())
    assert report.updated == {"objectif": 2}


def test_a_convention_is_signed_as_its_file_says_by_then(load_text):
    load_text(OBJECTIVES)
    load_text(TEXT.replace(*SIGNED))
    assert not natures()[HEADING]


@pytest.mark.parametrize(("first", "then"), [(OBJECTIVES, TEXT), (TEXT, OBJECTIVES)])
def test_a_file_does_not_change_what_a_signed_passage_is(load_text, first, then):
    load_text(first.replace(*SIGNED))
    before = natures()
    report = load_text(then.replace(*SIGNED))
    assert natures() == before
    assert not report.has_changes
    assert [
        warning.split(" : ")[0] for warning in report.warnings if "objectif ou texte" in warning
    ] == [
        f"« {HEADING} »",
        "« Les moyens et les financements »",
    ]


def test_a_passage_that_a_signed_file_adds_is_what_the_file_says(load_text):
    load_text(MINIMAL.replace(*SIGNED))
    load_text(TEXT.replace(*SIGNED))
    assert not natures()[HEADING]


def test_the_same_file_twice_changes_nothing(load_text):
    load_text(TEXT.replace(*SIGNED))
    assert not load_text(TEXT.replace(*SIGNED)).has_changes


def test_a_word_that_is_neither_yes_nor_no_is_refused(mistakes):
    [mistake] = mistakes(TEXT.replace("est_un_objectif: non", "est_un_objectif: peut-être"))
    assert "« oui »" in mistake
