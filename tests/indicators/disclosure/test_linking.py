"""A référent of a provider declares what no definition says: that two counts hang together."""

import datetime

import pytest
from django.utils import timezone

from conventions.models import Coverage
from ctg_portal.rules import Refused
from indicators.disclosure.declared import read_declared
from indicators.disclosure.events import draw_preview
from indicators.disclosure.linking import Count, link_counts, may_link_counts
from indicators.models import CountLink, Disclosure, LinkKind
from tests.factories import MembershipFactory, referent_of
from tests.indicators.disclosure.country import YEAR
from tests.indicators.factories import campaign_of, indicator_in_force, redefine

pytestmark = pytest.mark.django_db

FEW = {"a": 3, "b": 40, "c": 50, "d": 60}


@pytest.fixture
def other(country, committee):
    """Another indicator of the same provider and year, which no definition links to the first."""
    Coverage.objects.update(sector=None)
    other = indicator_in_force(
        committee, title="Familles connues", unit="foyers", is_confidential=True, code="PE-77",
        grain="commune", aggregation="sum",
    )  # fmt: skip
    country.campaign = campaign_of(committee, YEAR + 1, [country.indicator, other])
    return other


@pytest.fixture
def referent(committee):
    return referent_of(committee.caf)


def masked(country, indicator) -> set[str]:
    country.indicator = indicator
    figures = country.read().communes
    return {place for place, commune in country.communes.items() if figures[commune.pk].is_masked}


def disclose_both(country, other) -> tuple[set, set]:
    """Where each is masked, once both are given and verified."""
    own = country.indicator
    country.give(**FEW)
    country.indicator = other
    country.give(a=30, b=400, c=500, d=600)
    country.verify()
    return masked(country, own), masked(country, other)


def test_tables_without_a_link_are_masked_apart(country, other):
    own, others = disclose_both(country, other)
    assert (len(own), others) == (2, set())


def test_a_table_is_masked_where_one_that_counts_the_same_is(country, other, referent):
    link_counts(Count(other), LinkKind.SAME, Count(country.indicator), by=referent)
    own, others = disclose_both(country, other)
    assert own == others > {"a"}


def test_a_table_stays_shown_where_one_that_is_counted_in_it_is_masked(country, other, referent):
    link_counts(Count(country.indicator), LinkKind.PART, Count(other), by=referent)
    own, others = disclose_both(country, other)
    assert (len(own), others) == (2, set())
    [relatives] = read_declared(country.campaign).relatives()
    assert [(total.base, len(total.parts)) for total in relatives.totals] == [
        ("familles connues", 1)
    ]


def test_a_declared_link_leaves_former_disclosures_as_they_were(country, other, referent):
    own = country.indicator
    before = disclose_both(country, other)
    Disclosure.objects.update(disclosed_at=timezone.now() - datetime.timedelta(minutes=1))
    link_counts(Count(other), LinkKind.SAME, Count(own), by=referent)
    country.correct(c=700)
    assert (masked(country, own), masked(country, other)) == before
    assert len(read_declared(country.campaign).relatives()) == 2


def test_a_declared_link_deletes_previews(country, other, referent):
    country.give(**FEW)
    draw_preview(country.entry)
    link_counts(Count(other), LinkKind.SAME, Count(country.indicator), by=referent)
    assert not Disclosure.objects.exists()


def test_a_renamed_count_is_still_known_by_the_name_that_a_share_has_of_it(
    country, committee, referent
):
    """The wording of each year is frozen apart: the share's may say the former name."""
    named = country.indicator.title
    share = indicator_in_force(
        committee, title="Part", unit="%", decimals=1, is_confidential=True, code="PE-78",
        grain="commune", aggregation="ratio", calculation="ratio", numerator=named,
        denominator="foyers", factor=100,
    )  # fmt: skip
    renamed = redefine(committee, country.indicator, title="Autrement nommé")
    campaign = campaign_of(committee, YEAR + 1, [renamed, share])
    declared = read_declared(campaign)
    assert len(declared.relatives()) == 1


def test_a_link_that_secrecy_cannot_honour_is_refused(country, committee, other, referent):
    own, third = Count(country.indicator), indicator_in_force(
        committee, title="Une autre", unit="foyers", is_confidential=True, code="PE-99",
        grain="commune", aggregation="sum",
    )  # fmt: skip
    link_counts(own, LinkKind.PART, Count(other), by=referent)
    with pytest.raises(Refused, match="est déjà compté dans « Familles connues »"):
        link_counts(own, LinkKind.PART, Count(third), by=referent)
    others = indicator_in_force(
        committee, title="À l’agglomération", unit="foyers", is_confidential=True, code="PE-98",
        grain="commune", aggregation="sum", provider=committee.epci,
    )  # fmt: skip
    with pytest.raises(Refused, match="même fournisseur"):
        link_counts(Count(third), LinkKind.SAME, Count(others), by=referent)
    with pytest.raises(Refused, match="n’est pas lié à lui-même"):
        link_counts(own, LinkKind.SAME, own, by=referent)


def test_only_a_referent_of_the_provider_declares_a_link(country, other, referent, committee):
    agent = MembershipFactory(organisation=committee.caf).user
    for user in (agent, committee.coordinator, referent_of(committee.epci)):
        assert "référents des accès" in may_link_counts(user, other).reason
    assert may_link_counts(referent, other) is None


def test_a_declared_link_is_shown_with_the_indicator(client, country, other, referent):
    client.force_login(referent)
    page = f"{other.get_absolute_url()}liens/"
    assert "Déclarer ce lien" in client.get(page).content.decode()
    given = {"one": f"{other.pk}-0", "kind": "same", "other": f"{country.indicator.pk}-0"}
    indicator_page = client.post(page, given, follow=True).content.decode()
    assert CountLink.objects.get().declared_by == referent
    assert "Liés par le secret statistique" in indicator_page
