"""Objectives that the committee brings in: what is read, what is in force, what is counted."""

import datetime

import pytest
from django.utils import timezone

from conventions.legal.reading import axes_as_read
from conventions.models import Objective, Standing
from tests import factories as f
from tests.stories import told_once

START, END = datetime.date(2020, 1, 1), datetime.date(2024, 12, 31)
TRAITS = {"draft": Standing.DRAFT, "proposed": Standing.PROPOSED, "withdrawn": Standing.WITHDRAWN}


@told_once
def theme(db):
    """A theme with an objective of each standing, named by it."""
    theme = f.ThemeFactory(axis__convention=f.ConventionFactory(signed_on=START, end=END))
    f.ObjectiveFactory(theme=theme, title="in_force")
    for trait in TRAITS:
        f.ObjectiveFactory(theme=theme, title=trait, **{trait: True})
    return theme


def titles(rows):
    return sorted(rows.values_list("title", flat=True))


def test_objective_is_in_force_from_the_outset(db):
    assert f.ObjectiveFactory().standing == Standing.IN_FORCE
    assert Objective._meta.get_field("standing").default == Standing.IN_FORCE


def test_proposed_objectives_are_read_and_drafts_are_not(theme):
    objectives = Objective.objects
    assert titles(objectives.as_read_on(START)) == ["in_force", "proposed"]
    assert titles(objectives.as_read_on(None)) == ["in_force", "proposed"]
    assert titles(objectives.readable()) == ["in_force", "proposed"]


def test_only_what_is_agreed_is_in_force(theme):
    objectives = Objective.objects
    assert titles(objectives.in_force(START)) == titles(objectives.agreed()) == ["in_force"]
    assert titles(objectives.in_force(START - datetime.timedelta(days=1))) == []


def test_rows_and_querysets_agree_on_what_is_agreed(theme):
    for objective in Objective.objects.all():
        assert objective.is_agreed == Objective.objects.agreed().contains(objective)
        assert objective.is_proposed == (objective.title == "proposed")


@pytest.mark.parametrize("trait", TRAITS)
def test_each_trait_of_the_factory_gives_its_standing(trait, db):
    objective = f.ObjectiveFactory(**{trait: True})
    assert (objective.standing, objective.origin) == (TRAITS[trait], "committee")


@pytest.mark.parametrize(("trait", "shown"), [("proposed", 1), ("draft", 0), ("withdrawn", 0)])
def test_sub_objective_is_not_read_without_its_orientation(trait, shown, db):
    orientation = f.ObjectiveFactory(**{trait: True})
    f.ObjectiveFactory(parent=orientation, committee=True)
    assert Objective.objects.as_read_on(timezone.localdate()).level(2).count() == shown


def test_structure_holds_what_is_read_and_counts_what_is_agreed(theme):
    (axis,) = axes_as_read(theme.axis.convention, START)
    read = axis.themes_read[0].orientations
    assert sorted(objective.title for objective in read) == ["in_force", "proposed"]
    assert axis.objective_count == 1


def test_structure_of_a_project_is_counted_whole(db):
    theme = f.ThemeFactory(axis__convention=f.ConventionFactory(project=True))
    f.ObjectiveFactory.create_batch(3, theme=theme)
    (axis,) = axes_as_read(theme.axis.convention, None)
    assert axis.objective_count == 3


def test_objective_is_found_by_its_measure(db):
    f.ObjectiveFactory(committee=True, measure="Dix places d’accueil créées")
    assert Objective.objects.matching("places creees").exists()
