"""Without a stated rule, fewer than five is secret: it masks what is shown, and guards nobody."""

import datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from conventions.access.organisations import tighten_secrecy
from conventions.models import Organisation
from indicators.collection.rights import contributor_of, may_stay_logged_in
from indicators.disclosure.events import refresh_disclosures
from indicators.disclosure.reading import disclosed_by_commune
from indicators.models import CampaignIndicator, Disclosure, Value
from indicators.series.reading import read_series
from indicators.values import events, giving
from indicators.values.exposed import exposed_tasks
from indicators.values.figure import Figure
from indicators.values.links.rights import has_secrets
from indicators.values.totals import all_before
from tests.committee.pages import page_of
from tests.factories import MembershipFactory, OrganisationFactory, referent_of
from tests.indicators.factories import campaign_of, communes, indicator_in_force, value_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db
migration = import_module("indicators.migrations.0020_fewer_than_five_is_secret")


@told_once
def asso(committee):
    return OrganisationFactory(convention=committee.convention, name="Association Les Lilas")


@told_once
def indicator(committee, asso):
    return indicator_in_force(
        committee, title="Foyers aidés", unit="foyers", is_confidential=True, provider=asso,
        baseline_value=None,
    )  # fmt: skip


@told_once
def campaign(committee, indicator):
    return campaign_of(committee, 2023, [indicator])


@pytest.fixture
def entry(campaign):
    return campaign.campaign_indicators.with_relations().get()


def words(indicator) -> list[str]:
    [series] = read_series(indicator.convention, [indicator])
    return [cell.figure.words for cell in series.collected]


# It masks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "shown"), [(0, "0"), (3, "secret"), (4, "secret"), (5, "5")])
def test_fewer_than_five_is_not_read(campaign, indicator, number, shown):
    value_of(campaign, indicator, number)
    assert words(indicator) == [shown]


def test_a_figure_is_pending_until_its_provider_has_verified_it(campaign, indicator, entry):
    events.save_value(entry, Figure(number=Decimal(30)), by=None)
    giving.submit_values([entry], by=None)
    assert words(indicator) == ["en attente"]


def test_figures_of_a_provider_that_opted_out_are_shown_at_once(asso, campaign, indicator):
    Organisation.objects.filter(pk=asso.pk).update(opts_out_of_secrecy=True)
    value_of(campaign, indicator, 3)
    assert words(indicator) == ["3"]


def test_a_comment_under_the_default_rule_is_reserved_to_the_provider(campaign, indicator):
    value_of(campaign, indicator, 40, comment="Deux de plus")
    [series] = read_series(indicator.convention, [indicator])
    assert series.collected[0].figure.comment.startswith("commentaire réservé")


def test_a_stricter_rule_of_its_referent_masks_what_is_disclosed(asso, campaign, indicator):
    value_of(campaign, indicator, 7)
    assert words(indicator) == ["7"]
    tighten_secrecy(asso, threshold=10, by=referent_of(asso))
    assert words(indicator) == ["secret"]


# It guards nobody --------------------------------------------------------------------------------


def test_the_coordination_enters_for_it_and_sees_what_it_enters(committee, asso, campaign, entry):
    coordinator = contributor_of(committee.coordinator, committee.convention)
    assert coordinator.enters_for(asso)
    assert coordinator.enters_on_behalf(entry)
    events.save_value(entry, Figure(number=Decimal(3)), by=committee.coordinator)
    giving.submit_values([entry], by=committee.coordinator)
    assert coordinator.reads_raw(entry)
    assert words(entry.indicator) == ["en attente"]
    asso.refresh_from_db()
    assert not asso.is_guarded
    assert not has_secrets(campaign, asso)


@pytest.mark.parametrize("grain", ["territory", "commune"])
def test_a_coordinator_who_enters_for_a_provider_does_not_read_its_earlier_figures(
    committee, asso, grain
):
    MembershipFactory(organisation=asso)
    places = communes(committee, "Alpha", "Bêta") if grain == "commune" else [None]
    indicator = indicator_in_force(
        committee, title="Foyers", unit="foyers", is_confidential=True, provider=asso, grain=grain,
        baseline_value=None,
    )  # fmt: skip
    before, now = (campaign_of(committee, year, [indicator]) for year in (2022, 2023))
    for commune in places:
        value_of(before, indicator, 3, commune=commune)
    [entry] = now.campaign_indicators.with_relations()
    coordinator = contributor_of(committee.coordinator, committee.convention)
    [own] = [contributor_of(asso.memberships.get().user, committee.convention)]
    for reader, shown in ((own, "3"), (coordinator, "secret")):
        read = all_before([entry], reader=reader)[entry.pk]
        assert {figure.text for figure in read.values()} <= {shown, "en attente"}
        assert ("3" in {figure.text for figure in read.values()}) == (reader is own)


def test_who_enters_there_may_stay_logged_in(asso, indicator, campaign):
    assert may_stay_logged_in(MembershipFactory(organisation=asso).user) is None


@pytest.mark.parametrize("rule", [{"masking_threshold": 5}, {"rounding_base": 5}])
def test_a_stated_rule_keeps_the_coordination_from_entering(committee, asso, campaign, entry, rule):
    Organisation.objects.filter(pk=asso.pk).update(**rule)
    entry = campaign.campaign_indicators.with_relations().get()
    coordinator = contributor_of(committee.coordinator, committee.convention)
    assert not coordinator.enters_for(entry.provider)
    assert not coordinator.enters_on_behalf(entry)
    assert has_secrets(campaign, entry.provider)


# On the day of the upgrade -----------------------------------------------------------------------


def given(campaign, indicator, number, **fields) -> Value:
    """As it was given before: nothing was disclosed, all was read."""
    start, end = campaign.observed
    now = timezone.now()
    return Value.objects.create(
        campaign_indicator=campaign.campaign_indicators.get(indicator=indicator), number=number,
        observed_from=start, observed_until=end, state="submitted", submitted_at=now, **fields,
    )  # fmt: skip


def upgrade():
    migration.keep_closed_years_without_rule(apps, None)
    migration.disclose_as_shown(apps, None)
    migration.note_small_counts(apps, None)


def test_figures_shown_before_the_upgrade_stay_shown_and_later_ones_are_pending(
    committee, indicator
):
    small, large, empty = (campaign_of(committee, year, [indicator]) for year in (2021, 2022, 2023))
    given(small, indicator, 3)
    given(large, indicator, 30)
    upgrade()
    assert words(indicator) == ["3", "30", "manquant"]
    assert not Disclosure.objects.filter(campaign_indicator__campaign=empty).exists()
    given(empty, indicator, 30)
    assert words(indicator) == ["3", "30", "en attente"]


def test_a_figure_that_is_corrected_since_is_masked_where_it_is_small(campaign, indicator):
    value = given(campaign, indicator, 3)
    upgrade()
    Value.objects.filter(pk=value.pk).update(number=4)
    refresh_disclosures(campaign)
    assert words(indicator) == ["secret"]


def test_a_year_that_was_closed_without_a_rule_stays_so(committee, indicator):
    campaign = campaign_of(committee, 2022, [indicator], state="closed")
    CampaignIndicator.objects.update(is_rule_frozen=True)
    given(campaign, indicator, 3)
    upgrade()
    entry = campaign.campaign_indicators.with_relations().get()
    assert entry.rule.threshold is None
    assert entry.rule_while_open.threshold == 5
    assert words(indicator) == ["3"]


def test_a_figure_under_a_rule_stays_pending_after_the_upgrade(asso, campaign, indicator):
    Organisation.objects.filter(pk=asso.pk).update(masking_threshold=5)
    given(campaign, indicator, 30)
    upgrade()
    assert words(indicator) == ["en attente"]


def test_a_table_is_read_as_it_was(country, committee):
    """Some communes are given, with what they come to; nothing of it changes."""
    Organisation.objects.update(masking_threshold=None, opts_out_of_secrecy=True)
    country.give(a=3, b=40)
    before = country.words()
    Organisation.objects.update(opts_out_of_secrecy=False)
    Disclosure.objects.all().delete()
    upgrade()
    assert country.words() == before
    [row] = Disclosure.objects.all()
    [sheet] = disclosed_by_commune([country.entry]).values()
    perimeter = sorted(f"c{one.commune_id}" for one in sheet.coverages)
    assert sorted(row.perimeter_places) == perimeter
    assert {sector for _, sector in row.perimeter} == {f"s{country.sector.pk}", None}
    refresh_disclosures(country.campaign)
    assert country.words() == before


# Its provider is told once -----------------------------------------------------------------------


@pytest.fixture
def read_before(campaign, indicator):
    given(campaign, indicator, 3)
    upgrade()


def tasks_of(user, convention):
    return exposed_tasks(user, [convention], datetime.date(2024, 1, 1))


def test_small_counts_that_were_read_are_listed_to_their_provider(client, asso, read_before):
    convention, agent = asso.convention, MembershipFactory(organisation=asso).user
    [task] = tasks_of(agent, convention)[convention.pk]
    client.force_login(agent)
    page = page_of(client.get(task.url))
    assert "Foyers aidés 2023 Territoire 3" in " ".join(page.split())
    client.post(task.url)
    assert tasks_of(agent, convention) == {}
    assert "pas de tel chiffre" in page_of(client.get(task.url))
    assert Disclosure.objects.get().shown == {"": ["3"]}


def test_small_counts_that_were_read_are_listed_to_nobody_else(
    client, committee, asso, read_before
):
    url = f"/conventions/{committee.convention.slug}/evaluations/chiffres-lus/"
    others = [committee.coordinator, MembershipFactory(organisation=committee.caf).user,
              MembershipFactory(organisation=asso, reader=True).user]  # fmt: skip
    for user in others:
        assert tasks_of(user, committee.convention) == {}
        client.force_login(user)
        assert "pas de tel chiffre" in page_of(client.get(url))
        client.post(url)
    assert Disclosure.objects.get().exposed == [""]


def test_a_figure_that_counts_no_people_is_not_listed_as_exposed(committee, asso):
    rate = indicator_in_force(
        committee, unit="€", is_confidential=True, provider=asso, baseline_value=None
    )
    given(campaign_of(committee, 2022, [rate]), rate, 3)
    upgrade()
    assert Disclosure.objects.get().exposed == []
