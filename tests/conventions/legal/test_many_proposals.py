"""Hundreds of proposals do not bury the axes: a few are shown, the rest is counted and linked."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conventions.legal.reading import PROPOSED_SHOWN
from ctg_portal.house import ActionLink, overridden
from tests import factories as f
from tests.accounts.reading import text_of
from tests.stories import told_once

AXES = "/conventions/vallee/axes/"


@told_once
def orientation(convention):
    axis = f.AxisFactory(convention=convention, number=3)
    theme = f.ThemeFactory(axis=axis, untitled=True)
    return f.ObjectiveFactory(theme=theme, title="Accueillir")


@pytest.fixture
def get(client, coordinator):
    client.force_login(coordinator.user)
    return lambda address=AXES: client.get(address).content.decode()


@pytest.fixture(autouse=True)
def links():
    """Only the test's own page of proposals, and its own links."""
    own = []
    page = lambda convention, axis: f"/points/{axis.number}/"  # noqa: E731
    with overridden(proposals_page=[page], objective_links=own):
        yield own


def below(orientation, number, **fields):
    return [
        f.ObjectiveFactory(parent=orientation, rank=n, title=f"Proposition {n}", **fields)
        for n in range(number)
    ]


def test_a_few_proposals_are_shown_and_the_others_are_one_link(get, orientation):
    subs = below(orientation, PROPOSED_SHOWN + 3, proposed=True)
    other = f.ObjectiveFactory(theme=orientation.theme, title="Soutenir")
    below(other, 1, proposed=True)
    html = get()
    assert re.search(r'<a href="/points/3/">\s*3\u00a0autres propositions<span', html)
    assert html.count("/points/3/") == 1
    shown = [f'id="{sub.anchor}"' in html for sub in subs]
    assert shown == [True] * PROPOSED_SHOWN + [False] * 3
    # The head of the page counts them all.
    assert f"{PROPOSED_SHOWN + 4} propositions en discussion" in text_of(html)


def test_agreed_sub_objectives_are_always_shown(get, orientation):
    many = PROPOSED_SHOWN + 4
    signed, own = below(orientation, many), below(orientation, many, committee=True)
    below(orientation, PROPOSED_SHOWN, proposed=True)
    html = get()
    assert all(f'id="{sub.anchor}"' in html for sub in [*signed, *own])
    assert "autres propositions" not in html
    below(orientation, 1, proposed=True)
    assert "1\u00a0autre proposition<span" in get()


def test_the_proposal_that_the_address_asks_for_is_shown_at_its_place(get, orientation):
    subs = below(orientation, PROPOSED_SHOWN + 3, proposed=True)
    address, anchor = subs[-1].get_absolute_url().split("#")
    html = get(address)
    assert f'id="{anchor}"' in html
    assert f'id="{subs[-2].anchor}"' not in html
    assert "2\u00a0autres propositions" in html
    # In its place: after those that are always shown.
    assert html.index(subs[0].anchor) < html.index(anchor)
    assert subs[0].get_absolute_url().split("#")[0] == f"{AXES}?objectif={subs[0].pk}"
    assert orientation.get_absolute_url().split("#")[0] == AXES
    for nonsense in (
        "?objectif=",
        "?objectif=abc",
        "?objectif=%00",
        "?objectif=99999999999",
    ):
        assert "3\u00a0autres propositions" in get(AXES + nonsense)


def test_actions_are_asked_for_what_is_shown_only(get, orientation, links):
    below(orientation, PROPOSED_SHOWN + 30, proposed=True)
    asked = []

    def provider(user, convention, objectives):
        asked.extend(objectives)
        return {o.pk: [ActionLink("Lire", "/x/")] for o in objectives}

    links.append(provider)
    html = get()
    assert len(asked) == PROPOSED_SHOWN + 1
    assert html.count('href="/x/"') == PROPOSED_SHOWN + 1


def test_the_page_asks_as_many_queries_and_hardly_grows(get, orientation):
    def read() -> tuple[int, int]:
        get()
        with CaptureQueriesContext(connection) as queries:
            html = get()
        return len(queries), len(html)

    below(orientation, PROPOSED_SHOWN + 1, proposed=True)
    few, small = read()
    below(orientation, 60, proposed=True)
    many, large = read()
    assert many == few
    assert large < small + 100
