"""Figures of the whole territory that add up: from the opening of a year to what pages tell."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators.collection.events import (
    add_to_campaign,
    bring_year,
    open_campaign,
    prepare_campaign,
)
from indicators.definitions.definition import Definition
from indicators.disclosure import disclose
from indicators.disclosure.joining import adding_up, join_unjoined
from indicators.models import Audit, Campaign, CampaignIndicator
from indicators.series.reading import read_series
from indicators.values.events import bring_value, let_go_of_value, save_value
from indicators.values.figure import Figure
from indicators.values.giving import submit_values
from indicators.values.writing import token_of
from tests.indicators.factories import (
    campaign_of,
    indicator_in_force,
    later,
    redefine,
    value_of,
)

pytestmark = pytest.mark.django_db

YEAR = 2024
ALONE = {"unit": "enfants", "is_confidential": True}


def counted(committee, title, **values):
    return indicator_in_force(committee, title=title, code=title[:20], **(ALONE | values))


@pytest.fixture
def family(committee):
    """Girls, boys and children; places, which add up to nothing."""
    committee.caf.masking_threshold = 5
    committee.caf.save()
    girls, boys = counted(committee, "Filles"), counted(committee, "Garçons")
    children = counted(committee, "Enfants", parts=[girls, boys])
    return [girls, boys, children, counted(committee, "Places", unit="places")]


def names(entries) -> list[str]:
    return [str(entry.indicator) for entry in entries]


def test_a_year_that_opens_knows_which_add_up(committee, family):
    convention = committee.convention
    convention.start = datetime.date(YEAR, 1, 1)
    convention.save()
    campaign = prepare_campaign(convention, YEAR, due_on=later(), by=committee.coordinator)
    open_campaign(campaign, by=committee.coordinator)
    told = campaign.campaign_indicators.told_together().order_by("pk")
    assert set(names(told)) == {"Filles", "Garçons", "Enfants"}


def test_a_total_that_is_asked_for_later_makes_them_add_up(committee, family):
    girls, boys, children, places = family
    campaign = campaign_of(committee, YEAR, [girls, boys, places])
    value_of(campaign, girls, 40)
    assert not campaign.campaign_indicators.told_together().exists()
    add_to_campaign(campaign, children, by=committee.coordinator)
    assert campaign.campaign_indicators.told_together().count() == 3
    [series] = read_series(committee.convention, [girls])
    assert series.figure(YEAR).words == "40"


class TestInAYearThatIsThere:
    """Children are agreed to be girls and boys when the year has asked for all three."""

    @pytest.fixture
    def apart(self, committee):
        committee.caf.masking_threshold = 5
        committee.caf.save()
        return [counted(committee, title) for title in ("Filles", "Garçons", "Enfants")]

    @pytest.fixture
    def declare(self, committee, apart):
        return lambda: redefine(committee, apart[2], parts=apart[:2])

    def test_they_are_told_together_from_then_on(
        self, committee, apart, declare, agent, django_capture_on_commit_callbacks
    ):
        campaign = campaign_of(committee, YEAR, apart)
        entries = list(campaign.campaign_indicators.with_relations().order_by("pk"))
        with django_capture_on_commit_callbacks(execute=True):
            save_value(entries[0], Figure(number=Decimal(40)), by=agent)
            submit_values(entries[:1], by=agent)
        assert words(committee, apart) == ["40", "manquant", "manquant"]
        declare()
        assert campaign.campaign_indicators.told_together().count() == 3
        assert words(committee, apart) == ["40", "manquant", "manquant"]
        entries = list(campaign.campaign_indicators.with_relations().order_by("pk"))
        for at, number in (1, 3), (2, 43):
            with django_capture_on_commit_callbacks(execute=True):
                save_value(entries[at], Figure(number=Decimal(number)), by=agent)
                submit_values(entries[at : at + 1], by=agent)
        # 43 - 40 = 3
        assert words(committee, apart) == ["40", "secret", "secret"]

    def test_a_closed_year_is_told_as_it_was(self, committee, apart, declare):
        campaign = campaign_of(committee, YEAR, apart)
        for indicator, number in zip(apart, (40, 3, 43), strict=True):
            value = value_of(campaign, indicator, number)
            value.transitions.create(verb="taken_up", to_state=value.state, number=number)
        campaign.campaign_indicators.all().freeze_rules()
        Campaign.objects.update(state="closed", closed_at=timezone.now())
        committee.caf.masking_threshold = None
        committee.caf.save()
        assert words(committee, apart) == ["40", "secret", "43"]
        declare()
        assert campaign.campaign_indicators.told_together().count() == 3
        assert words(committee, apart) == ["40", "secret", "43"]

    def test_the_clock_joins_what_was_asked_for_before(self, committee, family):
        campaign = campaign_of(committee, YEAR, family)
        value_of(campaign, family[0], 40)
        campaign.campaign_indicators.update(adds_up=False)  # as if nothing had been known of it
        join_unjoined()
        assert campaign.campaign_indicators.told_together().count() == 3
        assert words(committee, family)[0] == "40"
        audits = Audit.objects.count()
        join_unjoined()
        assert Audit.objects.count() == audits


def test_a_share_of_what_adds_up_is_of_them(committee, family):
    share = counted(
        committee, "Part", unit="%", calculation="ratio", numerator="Filles",
        denominator="Habitants", factor=100,
    )  # fmt: skip
    people = counted(committee, "Habitants")
    campaign = campaign_of(committee, YEAR, [*family, share, people])
    told = names(adding_up(campaign.campaign_indicators.with_relations()))
    assert set(told) == {"Filles", "Garçons", "Enfants", "Part", "Habitants"}


def test_what_is_submitted_together_is_decided_and_told(
    committee, family, agent, get_text, django_capture_on_commit_callbacks
):
    campaign = campaign_of(committee, YEAR, family)
    entries = list(campaign.campaign_indicators.with_relations().order_by("pk"))
    with django_capture_on_commit_callbacks() as waiting:
        for entry, number in zip(entries, (40, 3, 43, 12), strict=True):
            save_value(entry, Figure(number=Decimal(number)), by=agent)
        submit_values(entries, by=agent)
    assert words(committee, family) == ["en attente"] * 3 + ["12"]
    for act in waiting:
        act()
    told = words(committee, family)
    assert told[1] == "secret"
    assert sorted(told[:3])[1:] == ["secret", "secret"]
    assert told[3] == "12"
    # Its own people read why.
    masked = [e for e, word in zip(entries, told, strict=True) if word == "secret"]
    pages = [get_text(agent, entry) for entry in masked]
    assert sum("masqué : moins de 5" in page for page in pages) == 1
    assert sum("masqué pour protéger un autre chiffre" in page for page in pages) == 1
    assert "masqué" not in get_text(committee.coordinator, masked[0])


def words(committee, indicators) -> list[str]:
    read = read_series(committee.convention, indicators)
    return [series.figure(YEAR).words for series in read]


@pytest.fixture
def get_text(client):
    def get(user, entry) -> str:
        client.force_login(user)
        slug = entry.campaign.convention.slug
        page = client.get(reverse("indicators:value", args=[slug, YEAR, entry.pk]))
        assert page.status_code == 200
        return page.content.decode().replace("\u00a0", " ")

    return get


def test_as_many_queries_for_what_adds_up(committee, family, django_assert_num_queries):
    campaign = campaign_of(committee, YEAR, family)
    for indicator in family:
        value_of(campaign, indicator, 40)
    indicators = list(committee.convention.indicators.with_definition())
    with django_assert_num_queries(5):
        read_series(committee.convention, indicators)
    with django_assert_num_queries(5):
        read_series(committee.convention, indicators[-1:])


def test_of_another_figure_or_rule_nothing_is_decided(
    committee, family, django_capture_on_commit_callbacks
):
    campaign = campaign_of(committee, YEAR, family)
    value = value_of(campaign, family[2], 43)
    entry = campaign.campaign_indicators.with_relations().get(indicator=family[2])
    definition = Definition.of(entry.version)
    entry.told = {"digest": "0" * 64, "reason": "", "rounded": []}
    assert disclose(value, definition, entry.rule).is_pending
    assert not Audit.objects.exists()
    assert CampaignIndicator.objects.told_together().count() == 3


PAST = 2023


def test_girls_that_were_told_and_taken_back_stay_known(
    committee, agent, django_capture_on_commit_callbacks
):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    convention = committee.convention
    convention.start = datetime.date(PAST, 1, 1)
    convention.save()
    convention.amendments.update(effective_on=convention.start)
    girls, boys = counted(committee, "Filles"), counted(committee, "Garçons")
    children = counted(committee, "Enfants", parts=[girls, boys])
    family = [girls, boys, children]
    campaign = bring_year(convention, PAST, by=committee.coordinator)

    def bring(indicator, number):
        with django_capture_on_commit_callbacks(execute=True):
            return bring_value(campaign, indicator, Figure(number=Decimal(number)), by=agent)

    def words():
        return [s.figure(PAST).words for s in read_series(convention, family)]

    brought = bring(girls, 40)
    bring(boys, 3)
    assert words() == ["40", "secret", "manquant"]  # everybody has read 40
    with django_capture_on_commit_callbacks(execute=True):
        let_go_of_value(brought, by=agent, seen=token_of(brought))
    bring(children, 43)
    bring(girls, 40)
    told = words()
    # 43 - 40 = 3
    assert told[2] == "secret", told
