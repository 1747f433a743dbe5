"""In which order the list of the action plan stands."""

import datetime
import re

import pytest
from django.utils import timezone

from tests import factories as f
from tests.actions.pages import read, reading  # noqa: F401  (a fixture)
from tests.actions.ways.scene import action_row, plain, titles, ways_url
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.both]

TODAY = timezone.localdate()
YESTERDAY = TODAY - datetime.timedelta(days=1)
IN_TWO_YEARS, IN_THREE_YEARS = (TODAY + datetime.timedelta(days=365 * n) for n in (2, 3))


def test_actions_stand_under_their_theme_and_the_number_of_its_axis(committee, get):
    convention = committee.convention
    committee.orientation.theme.axis.number = 1
    committee.orientation.theme.axis.save()
    last = f.ThemeFactory(axis=f.AxisFactory(convention=convention, number=9), untitled=True)
    second = f.ThemeFactory(axis=committee.orientation.theme.axis, rank=2, title="Jeunesse")
    action_row(committee, "Trois", theme=last)
    action_row(committee, "Deux", theme=second)
    action_row(committee, "Un")
    get()
    assert titles(get.html) == ["Un", "Deux", "Trois"]
    heads = re.findall(r"<h[23][^>]*>(.*?)</h[23]>", get.html, re.DOTALL)
    headings = [plain(re.sub(r"<[^>]+>", "", one)).strip().replace("'", "’") for one in heads]
    first = committee.orientation.theme
    assert headings == [
        title.replace("'", "’") for title in
        (f"1 {first.title}", "1 Jeunesse", f"9 {last.axis.title}")
    ]  # fmt: skip


def test_words_are_those_of_the_territory(client):
    committee = committee_of(labels={"axe": "Enjeu", "thematique": "Chantier",
                                     "objectif": "Ambition"})  # fmt: skip
    action_row(committee, "Une")
    client.force_login(committee.coordinator)
    text = plain(read(client.get(ways_url(committee))))
    assert "Enjeu" in text
    assert "Ambitions" in text
    assert "Objectifs" not in text


@told_once
def sorted_plan(committee):
    rows = [
        ("Zoé", {"state": "done", "ends_on": IN_THREE_YEARS, "priority": "low"}),
        ("Été", {"state": "in_progress", "ends_on": None, "stated_progress": 80,
                 "stated_on": YESTERDAY}),
        ("abri", {"state": "to_come", "ends_on": IN_TWO_YEARS, "priority": "high",
                  "milestones": [("Local", YESTERDAY, YESTERDAY), ("Équipe", YESTERDAY, None)]}),
    ]  # fmt: skip
    for title, fields in rows:
        action_row(committee, title, **fields)


@pytest.mark.parametrize(("sort", "expected"), [
    ("", ["Zoé", "Été", "abri"]),
    ("titre", ["abri", "Été", "Zoé"]),
    ("etat", ["abri", "Été", "Zoé"]),
    ("echeance", ["abri", "Zoé", "Été"]),
    ("avancement", ["abri", "Été", "Zoé"]),
    ("priorite", ["abri", "Été", "Zoé"]),
])  # fmt: skip
def test_the_list_is_sorted_as_the_address_asks(sorted_plan, get, sort, expected):
    get(f"?tri={sort}")
    assert titles(get.html) == expected
    assert ("plan-axis" in get.html) == (sort == "")


def test_a_sort_keeps_what_is_asked_for(sorted_plan, get):
    get("?tri=titre&etat=en-cours")
    assert titles(get.html) == ["Été"]
