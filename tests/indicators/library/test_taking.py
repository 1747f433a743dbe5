"""Many entries of the library: ticked, filled in on one page, proposed in one dossier."""

import pytest

from agreements.models import Version
from conventions.models import Standing
from indicators.library.entries import entry_of
from indicators.models import Indicator
from tests.agreements.factories import SeatFactory
from tests.committee.pages import count_queries
from tests.indicators.pages import get, indicators_url, post  # noqa: F401  (fixtures)

pytestmark = pytest.mark.postgresql


def take_up_url(*codes: str) -> str:
    return "bibliotheque/reprendre/?" + "&".join(f"codes={code}" for code in codes)


def filled(committee, *codes: str, **values) -> dict:
    """What the page sends for these entries."""
    each = {"provider": committee.caf.pk, "theme": committee.orientation.theme.pk}
    return {f"{code}-{name}": value for code in codes for name, value in each.items()} | values


def test_ticked_entries_become_drafts_that_are_ticked_for_one_dossier(committee, get, post):  # noqa: F811
    codes = ["PE-01", "PE-02", "EN-07"]
    get(take_up_url(*codes))
    data = filled(committee, *codes, **{"PE-02-target": "1 500", "EN-07-definition": "Ateliers."})
    response = post(take_up_url(*codes), **data)
    drafts = {row.library_code: row for row in Indicator.objects.all()}
    assert drafts.keys() == set(codes)
    assert {row.standing for row in drafts.values()} == {Standing.DRAFT}
    page = get.client.get(response.url)
    written = Version.objects.values_list("pk", flat=True)
    assert page.context["form"].ticked == {str(pk) for pk in written}
    assert page.context["form"]["title"].value() == "Nouveaux indicateurs"
    contents = {v.content["code"]: v.content for v in Version.objects.all()}
    assert contents["PE-02"]["targets"] == [{"year": None, "value": "1500"}]
    assert contents["EN-07"]["definition"] == "Ateliers."


def test_an_entry_without_a_provider_is_asked_for_it_and_nothing_is_written(committee, post):  # noqa: F811
    codes = ["PE-01", "PE-02"]
    data = filled(committee, *codes, **{"PE-02-provider": "", "PE-01-target": "42"})
    page = post(take_up_url(*codes), **data)
    assert [taking.entry for taking in page.context["invalid"]] == [entry_of("PE-02")]
    assert "42" in page.content.decode()
    assert not Indicator.objects.exists()


def test_a_definition_is_asked_only_where_no_document_says_it(committee, get):  # noqa: F811
    get(take_up_url("PE-02", "EN-07"))
    page = get.client.get(indicators_url(committee, take_up_url("PE-02", "EN-07")))
    forms = {taking.entry.code: taking.form for taking in page.context["takings"]}
    assert "definition" not in forms["PE-02"].fields
    assert "definition" in forms["EN-07"].fields


def test_who_drafts_without_coordinating_leaves_drafts_for_the_coordination(committee, post):  # noqa: F811
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    response = post(take_up_url("PE-02"), adviser, **filled(committee, "PE-02"))
    assert response.url == indicators_url(committee)


def test_who_may_not_draft_takes_nothing_up(committee, get, post):  # noqa: F811
    assert "cochés" not in get(take_up_url("PE-02"), committee.caf_member)
    post(take_up_url("PE-02"), committee.caf_member, **filled(committee, "PE-02"))
    assert not Indicator.objects.exists()


def test_a_hand_made_address_takes_nothing_up(committee, get):  # noqa: F811
    assert "Aucun indicateur n’est coché" in get(take_up_url("XX-99", "%00"))


def test_many_entries_cost_no_more_queries_than_one(committee, client):
    client.force_login(committee.coordinator)
    few = count_queries(lambda: client.get(indicators_url(committee, take_up_url("PE-01"))))
    codes = [f"PE-{number:02}" for number in range(1, 12)]
    many = count_queries(lambda: client.get(indicators_url(committee, take_up_url(*codes))))
    assert many <= few
