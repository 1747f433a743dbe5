"""The plan by objective: what serves each, and the holes that nothing in force fills."""

import re

import pytest

from conventions.models import Objective
from ctg_portal.text.typography import polish
from tests import factories as f
from tests.actions.factories import action_in_force, draft_action, proposed_action
from tests.actions.ways.scene import (
    action_row,
    heading_of,
    plain,
    reading,  # noqa: F401  (fixtures)
    ways_url,
)
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

HOLE = "∅ sans action"


@told_once
def tree(committee):
    """The orientation has three sub-objectives; another, in another axis, has none."""
    subs = [
        f.ObjectiveFactory(parent=committee.orientation, title=f"Sous-objectif {letter}", rank=n)
        for n, letter in enumerate("ABC")
    ]
    number = committee.orientation.theme.axis.number + 1
    other = f.ObjectiveFactory(
        theme__axis__convention=committee.convention, theme__axis__number=number, title="Isolée"
    )
    return {"A": subs[0], "B": subs[1], "C": subs[2], "other": other}


def title(get, address="objectifs/") -> str:
    get(address)
    return heading_of(get.html)


def holes(html: str) -> list[str]:
    """The objectives that are told as served by nothing."""
    items = re.split(r"<li>|<p class=\"statement\">", html)
    texts = [plain(re.sub(r"<[^>]+>", " ", item)).strip() for item in items]
    return [text.split(" ∅")[0] for text in texts if HOLE in text]


# What is a hole ----------------------------------------------------------------------------------


def test_sub_objectives_and_lone_orientations_are_to_be_served(committee, tree, get):
    assert title(get) == "3 sous-objectifs et 1 objectif sont sans action"
    assert holes(get.html) == ["Sous-objectif A", "Sous-objectif B", "Sous-objectif C", "Isolée"]
    action_row(committee, "Une action", objectives=[tree["A"], tree["other"]])
    assert title(get) == "2 sous-objectifs sont sans action"
    assert holes(get.html) == ["Sous-objectif B", "Sous-objectif C"]
    assert get.html.count("Une action</a>") == 2


def test_what_was_given_up_serves_nothing_any_more(committee, tree, get):
    action_row(committee, "Abandonnée", objectives=[tree["A"]], state="abandoned",
               state_reason="Sans financement.")  # fmt: skip
    action_row(committee, "Achevée", objectives=[tree["B"], tree["other"]], state="done")
    assert holes((title(get), get.html)[1]) == ["Sous-objectif A", "Sous-objectif C"]
    assert "Abandonnée</a>" in get.html


def test_an_action_of_the_orientation_serves_none_of_what_lies_beneath(committee, tree, get):
    action_row(committee, "Générale", objectives=[committee.orientation, tree["other"]])
    assert title(get) == "3 sous-objectifs sont sans action"
    assert "Générale</a>" in get.html


def test_a_plan_that_serves_all_says_so(committee, tree, get):
    action_row(committee, "Pour tout", objectives=list(tree.values()))
    assert title(get) == "Aucun objectif n’est sans action"
    assert HOLE not in plain(get.html)
    assert "trous=1" not in get.html


def test_a_single_hole_is_written_in_the_singular(committee, tree, get):
    action_row(committee, "Pour presque tout", objectives=[tree["A"], tree["B"], tree["other"]])
    assert title(get) == "1 sous-objectif est sans action"


def test_what_is_proposed_fills_nothing_and_is_told(committee, tree, get, reader):
    proposed_action(committee, title="Proposée", objectives=[tree["A"]])
    draft_action(committee, title="Brouillon", objectives=[tree["B"]])
    text = get("objectifs/")
    assert "∅ sans action, une action proposée" in text
    assert "Proposée</a>" in get.html
    assert "○ proposée" in text
    assert text.count(HOLE) == 4
    assert "Brouillon</a>" not in (get("objectifs/", reader) and get.html)
    proposed_action(committee, title="Aussi", objectives=[tree["A"]])
    assert "∅ sans action, 2 actions proposées" in get("objectifs/")


def test_what_is_withdrawn_fills_nothing(committee, tree, get):
    action_row(committee, "Retirée", objectives=[tree["A"]], standing="withdrawn")
    assert len(holes((get("objectifs/"), get.html)[1])) == 4


def test_a_proposed_objective_is_no_hole(committee, tree, get):
    f.ObjectiveFactory(parent=tree["other"], proposed=True, title="Proposé")
    text = get("objectifs/")
    assert "Proposé ○ proposé par le comité" in text
    assert holes(get.html)[-1] == "Isolée"  # still a leaf: nothing beneath it is agreed to
    assert heading_of(get.html) == "3 sous-objectifs et 1 objectif sont sans action"


def test_each_axis_counts_its_own_objectives_without_actions(committee, tree, get):
    action_row(committee, "Une action", objectives=[tree["A"]])
    text = get("objectifs/")
    first, second = re.split(r"Axe \d+ ", text.split("Chercher")[1])[1:]
    assert "2 sous-objectifs sont sans action." in first
    assert "1 objectif est sans action." in second


# What may be asked for ---------------------------------------------------------------------------


def test_only_the_holes_are_shown_where_asked_for(committee, tree, get):
    action_row(committee, "Servie", objectives=[tree["A"], tree["other"]])
    text = get("objectifs/?trous=1")
    assert holes(get.html) == ["Sous-objectif B", "Sous-objectif C"]
    assert committee.orientation.title.replace("'", "’") in text
    assert "Sous-objectif A" not in text
    assert "Isolée" not in text
    assert "Servie" not in text
    assert "Montrer aussi ce qui est servi" in text


def test_only_the_holes_of_an_axis_are_shown_where_asked_for(committee, tree, get):
    axis = tree["other"].theme.axis
    assert title(get, f"objectifs/?axe={axis.pk}&trous=1") != ""
    action_row(committee, "Ailleurs", theme=tree["other"].theme)
    get(f"objectifs/?axe={axis.pk}")
    assert f'href="?axe={axis.pk}&amp;trous=1"' in get.html
    get(f"objectifs/?axe={axis.pk}&trous=1")
    assert holes(get.html) == ["Isolée"]
    assert heading_of(get.html) == "1 objectif est sans action"


def test_a_filter_of_actions_keeps_what_these_serve(committee, tree, get):
    action_row(committee, "Finie", objectives=[tree["A"]], state="done")
    action_row(committee, "Entamée", objectives=[tree["B"]], state="in_progress")
    text = get("objectifs/?etat=terminee")
    assert "Sous-objectif A" in text
    assert "Finie</a>" in get.html
    for absent in ("Sous-objectif B", "Entamée", "Sous-objectif C", "Isolée"):
        assert absent not in text
    # What is served does not depend on what is looked at.
    assert heading_of(get.html) == "1 sous-objectif et 1 objectif sont sans action"
    assert holes((get("objectifs/?etat=terminee&trous=1"), get.html)[1]) == [
        "Sous-objectif C", "Isolée",
    ]  # fmt: skip


def test_only_the_objective_asked_for_is_shown(committee, tree, get):
    action_row(committee, "Une action", objectives=[tree["A"], tree["other"]])
    text = get(f"objectifs/?objectif={committee.orientation.pk}")
    assert "Sous-objectif B" in text
    assert "2 sous-objectifs sont sans action" in heading_of(get.html)


def test_a_senseless_filter_shows_no_objective(committee, tree, get):
    action_row(committee, "Une action", objectives=[tree["A"]])
    assert "Une action</a>" not in (get("objectifs/?axe=zut") and get.html)


# What may be done, what would be lost ------------------------------------------------------------


def test_an_objective_without_action_leads_writers_to_a_new_action(committee, tree, get, reader):
    get("objectifs/")
    assert f"nouvelle/?objectif={tree['A'].pk}" in get.html
    assert f"nouvelle/?objectif={committee.orientation.pk}" not in get.html
    get("objectifs/", reader)
    assert "nouvelle/?objectif" not in get.html


def test_actions_that_serve_nothing_in_force_are_told(committee, tree, get):
    lost = f.ObjectiveFactory(theme=tree["other"].theme, withdrawn=True)
    action_row(committee, "Orpheline")
    action_row(committee, "D’hier", objectives=[lost])
    action_row(committee, "Utile", objectives=[tree["A"]])
    text = get("objectifs/")
    assert "2 actions ne servent aucun objectif en vigueur" in text
    rest = text.split("ne servent aucun objectif")[1]
    assert "Orpheline" in rest
    assert "D’hier" in rest
    assert "Utile" not in rest


def test_an_action_agreed_to_fills_the_hole(committee, get):
    assert title(get) == "1 objectif est sans action"
    action_in_force(committee)
    assert title(get) == "Aucun objectif n’est sans action"


# Other territories -------------------------------------------------------------------------------


def test_a_convention_without_themes_shows_its_own_words(client):
    committee = committee_of(labels={"axe": "Volet", "objectif": "Cible"})
    theme = f.ThemeFactory(axis__convention=committee.convention, untitled=True)
    orientation = f.ObjectiveFactory(theme=theme, title="Une cible")
    f.ObjectiveFactory(parent=orientation, title="Plus fine")
    client.force_login(committee.coordinator)
    html = client.get(ways_url(committee, "objectifs/")).content.decode()
    assert heading_of(html) == "1 sous-cible et 1 cible sont sans action"
    assert f"Volet {theme.axis.number}" in plain(html)
    assert '<h3 class="theme-title"></h3>' not in html
    action_row(committee, "Une action", theme=theme,
               objectives=[orientation.sub_objectives.get(), committee.orientation])  # fmt: skip
    html = client.get(ways_url(committee, "objectifs/")).content.decode()
    assert heading_of(html) == "Aucune cible n’est sans action"


def test_an_objective_of_a_project_leads_to_the_draft_of_an_action(client):
    committee = committee_of(project=True, start=None)
    client.force_login(committee.coordinator)
    html = client.get(ways_url(committee, "objectifs/")).content.decode()
    assert heading_of(html) == "1 objectif est sans action"
    assert f"nouvelle/?objectif={committee.orientation.pk}" in html


def test_themes_are_folded_to_their_counts_and_open_for_who_asks(committee, get, tree):
    action_in_force(committee, objectives=[tree["A"]])
    get("objectifs/")
    folds = re.findall(
        r"<details class=\"fold\"( open)?>\s*<summary>(.*?)</summary>", get.html, re.S
    )
    assert [is_open for is_open, _ in folds] == ["", ""]
    assert "1 objectif · 2 sans action" in plain(folds[0][1])
    assert "1 objectif · 1 sans action" in plain(folds[1][1])
    for asked in ("trous=1", f"objectif={tree['A'].pk}", "mots=ouvrir"):
        get(f"objectifs/?{asked}")
        assert '<details class="fold" open>' in get.html, asked
        assert '<details class="fold">' not in get.html, asked


# What is only a text -----------------------------------------------------------------------------


def test_a_heading_is_no_hole_and_stands_above_its_objectives(committee, tree, get):
    Objective.objects.filter(pk__in=[committee.orientation.pk, tree["A"].pk]).update(
        is_objective=False
    )
    assert title(get) == "2 sous-objectifs et 1 objectif sont sans action"
    assert holes(get.html) == ["Sous-objectif B", "Sous-objectif C", "Isolée"]
    text = get("objectifs/")
    assert polish(committee.orientation.title) in text
    assert "Sous-objectif A" not in text


def test_an_action_that_serves_a_text_alone_serves_no_objective(committee, tree, get):
    action_row(committee, "Sur un texte", objectives=[tree["other"]])
    Objective.objects.filter(pk=tree["other"].pk).update(is_objective=False)
    assert "1 action ne sert aucun objectif en vigueur" in get("objectifs/")
    assert get.html.count("Sur un texte</a>") == 1
