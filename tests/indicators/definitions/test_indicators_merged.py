"""Two people rewrite one indicator: what goes together is, the rest is chosen."""

import re

import pytest

from agreements.models import Version
from agreements.versions import events as drafts
from tests import factories as f
from tests.committee.pages import committee_url, page_of, value_of
from tests.indicators.factories import indicator_in_force, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def outdated(committee):
    """``outdated(mine, theirs)``: my draft, begun before another coordinator proposed hers."""

    def outdated(mine: dict, theirs: dict) -> Version:
        indicator = indicator_in_force(committee, available_month=3)
        content = version_of(indicator).content
        draft = drafts.save_draft(indicator, content | mine, by=committee.coordinator)
        claire = f.MembershipFactory(organisation=committee.caf, coordinator=True).user
        other = drafts.save_draft(indicator, content | theirs, by=claire)
        drafts.propose(other, by=claire)
        return draft

    return outdated


@pytest.fixture
def merging(client, committee):
    """``merging(draft, **choices)``: the page of the merge, then what it answers when sent."""

    def merging(draft, **choices):
        client.force_login(committee.coordinator)
        address = committee_url(committee, f"brouillons/{draft.pk}/rapprocher/")
        page = client.get(address)
        tokens = {name: value_of(page, name) for name in ("base", "revision", "drafted")}
        return page, client.post(address, tokens | choices)

    return merging


def test_every_kind_of_field_is_brought_together(committee, outdated, merging):
    provider = {"id": committee.epci.pk, "name": "Exemple"}
    mine = {"unit": "berceaux", "kind": "outcome", "is_confidential": True, "provider": provider,
            "targets": [{"year": None, "value": "7"}]}  # fmt: skip
    theirs = {"unit": "lits", "kind": "context", "scope": "Ville", "targets": [],
              "enterer": provider}  # fmt: skip
    page, response = merging(
        outdated(mine, theirs), choice_unit="other", other_unit="places", choice_kind="mine",
        choice_targets="theirs", action="proposer",
    )  # fmt: skip
    text = page_of(page)
    assert "Trois choix à faire" in text
    assert re.search(r"à terme\s: .{0,40}500.{0,40}7", text)
    assert response.status_code == 302
    merged = Version.objects.proposed().get().content
    assert (merged["unit"], merged["kind"], merged["targets"]) == ("places", "outcome", [])
    assert (merged["scope"], merged["is_confidential"]) == ("Ville", True)
    assert merged["provider"] == merged["enterer"] == provider


def test_a_choice_may_be_a_third(committee, outdated, merging):
    draft = outdated({"available_month": 5}, {"available_month": 6})
    page, response = merging(draft, choice_available_month="other", other_available_month="9")
    assert '<option value="5" selected' in page.content.decode()
    assert response.status_code == 302
    assert Version.objects.get(pk=draft.pk).content["available_month"] == 9


def test_a_choice_left_as_it_was_is_no_third(committee, outdated, merging):
    draft = outdated({"available_month": 5}, {"available_month": 6})
    _, response = merging(draft, choice_available_month="theirs", other_available_month="5")
    assert response.status_code == 302
    assert Version.objects.get(pk=draft.pk).content["available_month"] == 6


@pytest.mark.parametrize(
    ("name", "mine", "theirs", "third"),
    [
        ("title", "Un", "Deux", "x" * 301),
        ("factor", 10, 1000, "2,5"),
        ("decimals", 1, 2, "un"),
        ("kind", "outcome", "context", "autre"),
    ],
)
def test_a_third_that_no_column_takes_is_refused(committee, outdated, merging, name, mine, theirs,
                                                  third):  # fmt: skip
    draft = outdated({name: mine}, {name: theirs})
    _, response = merging(draft, **{f"choice_{name}": "other", f"other_{name}": third})
    assert response.status_code == 200
    assert f"other_{name}" in response.context["form"].errors


def test_two_halves_that_contradict_each_other_are_not_proposed(committee, outdated, merging):
    """Each is sound alone; together the lowest plausible value is above the highest."""
    draft = outdated({"minimum": "600"}, {"maximum": "500"})
    client_page, response = merging(draft, action="proposer")
    assert "vont ensemble" in page_of(client_page)
    assert response.status_code == 302
    assert Version.objects.get(pk=draft.pk).is_draft
    assert Version.objects.proposed().get().content["minimum"] is None
