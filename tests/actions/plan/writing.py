"""Writing an action from its pages: what is typed, section by section."""

import pytest

from agreements.models import Version
from tests import factories as f
from tests.actions.factories import draft_action
from tests.agreements.factories import SeatFactory
from tests.stories import told_once

SECTIONS = ["essentiel", "contenu", "acteurs", "calendrier", "moyens"]


def essential(committee, **others) -> dict:
    """Return what is typed first of a new action."""
    theme = str(committee.orientation.theme.pk)
    return {"title": "Ouvrir un lieu", "theme": theme, "priority": "normal"} | others


def draft_of(user) -> Version:
    return Version.objects.drafts().get(author=user)


def adviser_of(committee):
    return SeatFactory(organisation=committee.caf, adviser=True).user


@told_once(name="written")
def bare_draft(committee):
    """Return the action of a bare draft."""
    convention = committee.convention
    commune = f.CoverageFactory(
        commune__convention=convention, since__convention=convention
    ).commune
    committee.extra["commune"] = commune
    bare = {"objectives": [], "description": "", "audience": "", "expected_results": "",
            "leads": [], "starts_on": None, "ends_on": None, "fundings": []}  # fmt: skip
    return draft_action(committee, **bare).subject


@pytest.fixture(name="write")
def writing(committee, written, send):
    """Return ``write(section, …)``: type into a section of the draft, and save it."""

    def write(section, typed=None, user=None, **others):
        typed = (typed or {}) | others
        return send(f"{written.pk}/modifier/{section}/", user, typed={"action": "x"} | typed)

    return write


def content(committee) -> dict:
    return draft_of(committee.coordinator).content


def money(number, committee, **typed) -> dict:
    row = {"funder": str(committee.caf.pk), "year": "2025", "planned": "100"} | typed
    return {f"fundings-{number}-{name}": value for name, value in row.items()}


def lead(number, committee, **typed) -> dict:
    row = {"organisation": str(committee.caf.pk), "name": "Zoé"} | typed
    return {f"leads-{number}-{name}": value for name, value in row.items()}
