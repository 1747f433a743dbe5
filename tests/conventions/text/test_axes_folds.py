"""Objectives folded under their theme, with their counts; the one that is asked for is open."""

import re

import pytest

from tests import factories as f
from tests.agreements.factories import committee_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return committee_of()


@pytest.fixture
def folds(client, committee):
    """``folds(address)``: (the counts of a fold, whether it is open), in the order of the page."""

    def read(asked=""):
        client.force_login(committee.caf_member)
        html = client.get(f"/conventions/{committee.convention.slug}/axes/{asked}").content.decode()
        matches = re.findall(
            r'<details class="fold theme-fold"( open)?>.*?<small>(.*?)</small>', html, re.DOTALL
        )
        return [(counts.replace("\u00a0", " "), bool(opened)) for opened, counts in matches]

    return read


def test_a_theme_shows_its_counts_and_opens(committee, folds):
    theme = committee.orientation.theme
    assert folds() == [("1 objectif", True)]  # the only one
    other = f.ThemeFactory(axis=theme.axis, rank=2)
    orientation = f.ObjectiveFactory(theme=other)
    subs = [f.ObjectiveFactory(parent=orientation) for _ in range(2)]
    assert folds() == [("1 objectif", False), ("1 objectif, 2 sous-objectifs", False)]
    assert [opened for _, opened in folds(f"?objectif={subs[1].pk}")] == [False, True]
    assert [opened for _, opened in folds("?themes=tous")] == [True, True]
    assert [opened for _, opened in folds("?objectif=%00x")] == [False, False]


def test_the_objective_that_an_address_asks_for_is_within_an_open_fold(committee, client):
    """Browsers open a fold for what is within it, and not for its own line."""
    client.force_login(committee.caf_member)
    html = client.get(f"/conventions/{committee.convention.slug}/axes/").content.decode()
    theme = committee.orientation.theme
    inside = html[html.index("</summary>", html.index("theme-fold")) :]
    assert f'id="{theme.anchor}"' in inside
    assert f'id="{committee.orientation.anchor}"' in inside
