"""The plan by state: what is held back is seen first, what is not agreed to does not count."""

import datetime
import re

import pytest
from django.utils import timezone

from tests.actions.factories import action_in_force, draft_action, in_state, proposed_action
from tests.actions.ways.scene import action_row, heading_of, reading  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db

HELD = {"state_reason": "Le local n’est pas trouvé."}


def states_of(html: str) -> dict[str, list[str]]:
    """The titles of the cards by state."""
    result = {}
    for section in re.findall(r'<section class="board-state".*?</section>', html, re.DOTALL):
        heading = re.search(r"<h2[^>]*>(.*?) <span", section)[1]
        result[heading] = re.findall(r"\d (\w+)</a>", section)
    return result


def test_each_action_stands_under_its_state(committee, get):
    action_row(committee, "Un", state="in_progress")
    action_row(committee, "Deux", state="blocked", **HELD)
    action_row(committee, "Trois", state="in_progress")
    action_row(committee, "Quatre", state="done")
    text = get("etats/")
    assert states_of(get.html) == {
        "En cours": ["Un", "Trois"], "Bloquée": ["Deux"], "Terminée": ["Quatre"],
    }  # fmt: skip
    assert list(states_of(get.html)) == ["En cours", "Bloquée", "Terminée"]
    assert "Aucune action n’est à venir, en pause ni abandonnée." in text
    assert "Le local n’est pas trouvé." in text
    assert "CAF 99 · fin le" in text


def test_a_full_board_has_no_empty_state(committee, get):
    for state in ("to_come", "in_progress", "done"):
        action_row(committee, "Une", state=state)
    for state in ("paused", "blocked", "abandoned"):
        action_row(committee, "Une", state=state, **HELD)
    assert "Aucune action n’est" not in get("etats/")
    assert list(states_of(get.html)) == [
        "À venir", "En cours", "En pause", "Bloquée", "Terminée", "Abandonnée",
    ]  # fmt: skip


# The title ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("states", "title"), [
    ([], "Aucune action n’est encore en vigueur"),
    (["blocked"], "1 action est bloquée"),
    (["blocked", "blocked", "late", "in_progress"], "2 actions sont bloquées, 1 en retard"),
    (["late", "late", "done"], "2 actions sont en retard"),
    (["in_progress", "in_progress", "done"], "2 actions sont en cours"),
    (["done"], "1 action est terminée"),
    (["done", "done", "paused"], "1 action est en pause"),
])  # fmt: skip
def test_the_title_tells_what_is_held_back_first(committee, get, states, title):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    for state in states:
        fields = HELD if state in ("blocked", "paused") else {}
        if state == "late":
            state, fields = "in_progress", {"ends_on": yesterday}  # noqa: PLW2901
        action_row(committee, "Une", state=state, **fields)
    get("etats/")
    assert heading_of(get.html) == title


def test_what_is_late_is_told_by_sign_and_word(committee, get):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    action_row(committee, "Une", state="in_progress", ends_on=yesterday)
    action_row(committee, "Autre", state="in_progress")
    text = get("etats/")
    assert text.count("! en retard") == 1
    assert "Une action est en retard quand sa fin" in text


# What counts -------------------------------------------------------------------------------------


def test_what_is_only_proposed_stands_apart(committee, get, reader):
    in_state(action_in_force(committee, title="Convenue"), "in_progress", progress=40)
    proposed_action(committee, title="Proposée")
    draft_action(committee, title="Brouillon")
    text = get("etats/")
    assert states_of(get.html) == {"En cours": ["Convenue"]}
    assert "2 actions ne sont pas suivies" in text
    assert "40 %" in text
    assert "1 action n’est pas suivie" in get("etats/", reader)
    assert "Brouillon</a>" not in get.html


def test_withdrawn_ones_show_where_asked_for(committee, get):
    action_row(committee, "Retirée", standing="withdrawn")
    get("etats/")
    assert "Retirée</a>" not in get.html
    text = get("etats/?accord=retiree")
    assert "Retirée</a>" in get.html
    assert "✕ retirée" in text
    assert heading_of(get.html) == "Aucune action en vigueur ne répond à votre recherche"


def test_the_board_shows_the_actions_that_the_address_asks_for(committee, get):
    action_row(committee, "Un", state="in_progress", priority="high")
    action_row(committee, "Deux", state="blocked", **HELD)
    text = get("etats/?priorite=haute")
    assert states_of(get.html) == {"En cours": ["Un"]}
    assert heading_of(get.html) == "1 action est en cours"
    assert "n’est à venir, en pause, bloquée, terminée ni abandonnée parmi celles-ci" in text
    assert 'href="?priorite=haute' not in get.html
    assert "calendrier/?priorite=haute" in get.html


@pytest.mark.parametrize(("number", "folded"), [(12, 0), (13, 1), (40, 28)])
def test_beyond_a_dozen_cards_fold(committee, get, number, folded):
    for _ in range(number):
        action_row(committee, "Une", state="in_progress")
    text = get("etats/")
    cards = re.search(r'<section class="board-state".*?</section>', get.html, re.DOTALL)[0]
    first, _, rest = cards.partition("<details>")
    assert first.count("<li") == number - folded
    assert rest.count("<li") == folded
    summary = {0: "", 1: "1 autre action", 28: "28 autres actions"}[folded]
    assert summary in text
    assert ("autre" in cards) == bool(folded)
