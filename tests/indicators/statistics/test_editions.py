"""A release never changes; another stands beside it until somebody has seen the difference."""

from decimal import Decimal

import pytest

from ctg_portal.rules import Refused
from indicators.models import Release, ReleaseState, Value, ValueState
from indicators.statistics import events
from indicators.statistics.difference import Difference
from indicators.values.figure import Figure
from indicators.values.from_publishers import confirm_published, contest_value
from tests.agreements.factories import committee_of
from tests.indicators.statistics.conftest import YEAR
from tests.indicators.statistics.published import cnaf

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def numbers(campaign) -> dict:
    rows = Value.objects.filter(campaign_indicator__campaign=campaign).select_related("commune")
    return {row.commune.insee_code: int(row.number) for row in rows}


NEXT = {"86066": 4300, "86001": 10, "86002": 40}


def test_the_first_release_of_a_year_is_in_use_at_once(communes, load):
    release = load()
    assert release.is_counting
    assert release.number == 1
    assert release.count == 30
    assert len(release.sha256) == 64
    assert [act.verb for act in release.transitions.all()] == ["loaded", "adopted"]


def test_the_file_of_the_release_in_use_is_not_loaded_again(communes, load):
    load()
    with pytest.raises(Refused, match="déjà en usage"):
        load()
    assert Release.objects.count() == 1


def test_the_file_of_a_release_that_waits_leads_back_to_it(communes, load):
    load()
    waiting = load(cnaf(NEXT))
    assert load(cnaf(NEXT)) == waiting
    assert Release.objects.count() == 2


@pytest.mark.parametrize("leave", ["set_aside", "replaced"])
def test_the_file_of_a_release_no_longer_in_use_is_loaded_as_another(communes, load, leave):
    _, second = load(), load(cnaf(NEXT))
    if leave == "replaced":
        events.adopt_release(second, by=None)
        again = load()
    else:
        events.set_release_aside(second, reason="Un autre département.", by=None)
        again = load(cnaf(NEXT))
    assert (again.number, again.state) == (3, ReleaseState.WAITING)
    assert events.adopt_release(again, by=None).is_counting


def test_a_new_release_waits_and_shows_what_it_changes(campaign, load):
    first, second = load(), load(cnaf(NEXT))
    first.refresh_from_db()
    assert (first.state, second.state) == (ReleaseState.COUNTING, ReleaseState.WAITING)
    assert numbers(campaign)["86066"] == 4200
    difference = Difference.of(second)
    assert difference.before == first
    assert difference.summary == "12\xa0chiffres changent, 18\xa0sont les mêmes."
    largest = difference.shown[0]
    assert (largest.place, largest.before_text, largest.after_text) == (
        "86066", "4\u202f175", "4\u202f275"
    )  # fmt: skip


def test_a_figure_that_only_one_of_both_holds_is_a_difference(communes, load):
    load()
    second = load(cnaf({"86066": 4200, "86001": 5}))
    changes = Difference.of(second).changes
    assert {change.place for change in changes} == {"86002"}
    assert {change.after_text for change in changes} == {"aucun chiffre"}


def test_the_release_that_is_adopted_replaces_the_other_and_is_followed(campaign, load):
    first, second = load(), load(cnaf(NEXT))
    events.adopt_release(second, by=None)
    first.refresh_from_db()
    assert first.state == ReleaseState.REPLACED
    assert numbers(campaign) == NEXT
    assert first.figures.get(place="86066", measure="foyers").number == 4200


def test_figures_confirmed_or_contested_stay_when_an_edition_is_adopted(campaign, agent, load):
    first, second = load(), load(cnaf(NEXT))
    entry = campaign.campaign_indicators.get()
    contested = Value.objects.get(campaign_indicator=entry, commune__insee_code="86066")
    contest_value(contested, Figure(number=Decimal(4187)), reason="Exact.", by=agent)
    confirm_published(entry, first, by=agent)
    events.adopt_release(second, by=None)
    assert numbers(campaign) == {"86066": 4187, "86001": 5, "86002": 40}


def test_confirming_what_has_changed_meanwhile_is_refused(campaign, agent, load):
    first, second = load(), load(cnaf(NEXT))
    events.adopt_release(second, by=None)
    with pytest.raises(Refused, match="relisez"):
        confirm_published(campaign.campaign_indicators.get(), first, by=agent)
    states = set(Value.objects.values_list("state", flat=True))
    assert states == {ValueState.SUBMITTED}


def test_an_release_is_set_aside_for_a_reason(communes, load):
    load()
    second = load(cnaf(NEXT))
    with pytest.raises(Refused, match="Dites pourquoi"):
        events.set_release_aside(second, reason=" ", by=None)
    events.set_release_aside(second, reason="Un autre département.", by=None)
    second.refresh_from_db()
    assert second.state == ReleaseState.SET_ASIDE
    with pytest.raises(Refused, match="attend d’être comparée"):
        events.adopt_release(second, by=None)


# Whose --------------------------------------------------------------------------------------------


def test_a_coordinator_loads_for_her_convention_alone(committee, campaign, load):
    elsewhere = committee_of().convention
    release = load(
        cnaf({"86066": 4200, "33063": 9260}), by=committee.coordinator,
        convention=committee.convention,
    )  # fmt: skip
    assert set(release.figures.values_list("place", flat=True)) == {"86066"}
    assert not Release.objects.counting_for(elsewhere).exists()
    assert numbers(campaign) == {"86066": 4200}


def test_a_file_of_another_territory_is_refused(committee, communes, load):
    with pytest.raises(Refused, match="aucun chiffre des communes"):
        load(cnaf({"33063": 5}), by=committee.coordinator, convention=committee.convention)
    assert not Release.objects.exists()


def test_a_coordinators_own_release_comes_before_that_of_the_portal(committee, campaign, load):
    load()
    load(cnaf(NEXT), by=committee.coordinator, convention=committee.convention)
    [release] = Release.objects.counting_for(committee.convention)
    assert release.convention == committee.convention
    assert numbers(campaign) == NEXT


def test_only_coordinators_load_and_they_do_not_decide_for_all(committee, agent, communes, load):
    load()
    for person in (agent, committee.caf_member):
        with pytest.raises(Refused, match="coordination"):
            load(cnaf(NEXT), by=person, convention=committee.convention)
    waiting = load(cnaf(NEXT))
    with pytest.raises(Refused, match="tout le portail"):
        events.adopt_release(waiting, by=committee.coordinator)
    with pytest.raises(Refused, match="tout le portail"):
        load(cnaf({"86066": 1}), by=committee.coordinator)


def test_a_file_without_the_year_asked_for_is_refused(communes, load):
    with pytest.raises(Refused, match="n’a rien de 2023"):
        load(year=2023)
    assert load().year == YEAR
