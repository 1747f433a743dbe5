"""The plan by commune: those that actions name, those that none does, what holds for all."""

import datetime
import re

import pytest
from django.utils import timezone

from tests import factories as f
from tests.actions.factories import action_in_force, proposed_action
from tests.actions.ways.scene import action_row, heading_of, plain, reading  # noqa: F401  (a fixture)
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def communes(committee):
    """Antran, Buxeuil and Cernay, within the perimeter."""
    return [
        f.CoverageFactory(commune__convention=committee.convention, commune__name=name).commune
        for name in ("Antran", "Buxeuil", "Cernay")
    ]


def rows(html: str) -> list[str]:
    """The rows of the table, as text."""
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    texts = [plain(re.sub(r"<[^>]+>", " ", row)).strip() for row in body.split("<tr>")[1:]]
    return [re.sub(r" : voir ce qui concerne \S+", "", row) for row in texts]


def test_actions_count_for_the_communes_that_they_name(committee, communes, get):
    antran, buxeuil, _ = communes
    action_row(committee, "Un", communes=[antran, buxeuil], state="in_progress")
    action_row(committee, "Deux", communes=[buxeuil], state="done")
    action_row(committee, "Partout")
    text = get("communes/")
    assert heading_of(get.html) == "2 communes sur 3 sont nommées par une action"
    assert "1 action vaut de plus pour tout le territoire" in text
    assert rows(get.html) == ["Buxeuil 2 1 en cours et 1 terminée", "Antran 1 1 en cours"]
    assert "1 commune qu’aucune action ne nomme Cernay" in text
    assert f'plan-d-actions/?commune={buxeuil.pk}"' in get.html
    assert f'/territoire/{antran.insee_code}/"' in get.html


def test_what_is_late_is_told(committee, communes, get):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    action_row(committee, "Un", communes=communes[:1], state="in_progress", ends_on=yesterday)
    get("communes/")
    assert rows(get.html) == ["Antran 1 1 en cours ! 1 en retard"]


def test_proposed_actions_do_not_count(committee, communes, get):
    proposed_action(committee, communes=communes[:1], is_whole_territory=False)
    get("communes/")
    assert heading_of(get.html) == "Aucune action n’est encore en vigueur"
    action_in_force(committee, communes=communes[1:2], is_whole_territory=False)
    text = get("communes/")
    assert heading_of(get.html) == "1 commune sur 3 est nommée par une action"
    assert rows(get.html) == ["Buxeuil 1 1 à venir ! 1 en retard", "Antran 0 ○ 1 proposée"]
    assert "2 communes qu’aucune action ne nomme Antran , Cernay" in text
    assert "Aucune action ne vaut pour tout le territoire." in text


def test_a_commune_that_left_is_told_as_outside(committee, communes, get):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    gone = f.CoverageFactory(
        commune__convention=committee.convention, commune__name="Dangé", left_on=yesterday
    ).commune
    action_row(committee, "Un", communes=[gone])
    get("communes/")
    assert rows(get.html) == ["Dangé hors du périmètre 1 1 en cours"]
    assert f"/territoire/{gone.insee_code}/" not in get.html
    assert heading_of(get.html) == "Aucune commune n’est nommée par une action"


def test_communes_are_those_of_the_actions_that_the_address_asks_for(committee, communes, get):
    action_row(committee, "Un", communes=communes[:1], priority="high")
    action_row(committee, "Deux", communes=communes[:2])
    get("communes/?priorite=haute")
    assert rows(get.html) == ["Antran 1 1 en cours"]
    assert heading_of(get.html) == "1 commune sur 3 est nommée par une action"


def test_the_map_fills_those_that_are_named(committee, communes, get):
    action_row(committee, "Partout")
    get("communes/")
    assert '<svg class="map"' not in get.html
    action_row(committee, "Un", communes=communes[:2])
    text = get("communes/")
    drawing = re.search(r'<svg class="map".*?</svg>', get.html, re.DOTALL)[0]
    assert drawing.count('class="place cej-2"') == 2
    assert drawing.count('class="place"') == 1
    assert "nommée par une action pas nommée" in text


def test_without_coordinates_there_is_no_map(committee, get):
    lone = f.CoverageFactory(
        commune__convention=committee.convention, commune__longitude=None, commune__latitude=None
    ).commune
    action_row(committee, "Un", communes=[lone])
    get("communes/")
    assert '<svg class="map"' not in get.html
    assert heading_of(get.html) == "1 commune sur 1 est nommée par une action"


def test_a_convention_without_communes_says_so(committee, get):
    action_row(committee, "Partout")
    text = get("communes/")
    assert heading_of(get.html) == "La convention n’énumère aucune commune"
    assert "1 action vaut de plus pour tout le territoire" in text
    assert "<table" not in get.html
