"""Two people write indicators at the same moment, on PostgreSQL."""

from agreements.models import Version
from agreements.versions import events as drafts
from ctg_portal.rules import Refused
from indicators.definitions.commitments import CODE_TAKEN
from indicators.definitions.events import add_indicator
from indicators.models import Indicator
from tests.at_once import ON_POSTGRESQL, at_once
from tests.indicators.factories import indicator_content

pytestmark = ON_POSTGRESQL


def adding(committee, *, once=False, **values):
    content = indicator_content(committee, **values)
    return lambda: add_indicator(committee.convention, content, once=once, by=committee.coordinator)


def proposing(draft, committee):
    return lambda: drafts.propose(Version.objects.get(pk=draft.pk), by=committee.coordinator)


def test_of_two_with_one_code_the_second_is_refused(committee):
    first, second = (adding(committee, title=t, code="PE-02")() for t in ("Un", "Deux"))
    outcomes = at_once(proposing(first, committee), proposing(second, committee))
    assert outcomes[0] == first
    assert isinstance(outcomes[1], Refused)
    assert outcomes[1].refusal == CODE_TAKEN
    assert Indicator.objects.readable().get().title == "Un"


def test_with_two_codes_both_are_proposed(committee):
    first, second = (adding(committee, title=t, code=t)() for t in ("PE-01", "PE-02"))
    outcomes = at_once(proposing(first, committee), proposing(second, committee))
    assert outcomes == [first, second]


def test_a_form_sent_twice_makes_one(committee):
    add = adding(committee, once=True)
    first, second = at_once(add, add)
    assert first == second == Version.objects.drafts().get()


def test_two_indicators_of_a_theme_have_their_own_ranks(committee):
    at_once(adding(committee, title="Un"), adding(committee, title="Deux"))
    assert sorted(Indicator.objects.values_list("rank", flat=True)) == [1, 2]
