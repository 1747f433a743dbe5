"""Territories that are alike are compared where all parties of each agreed to it, and no figure of
one of them is told."""

import datetime
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agreements.answers.events import retract
from conventions.models import Organisation
from ctg_portal.rules import Refused
from indicators.collection.events import ask_communes
from indicators.comparison.alike import Profile, nearest
from indicators.comparison.events import propose_comparison
from indicators.comparison.reading import COMPARED, alike_of
from indicators.disclosure.events import refresh_convention_disclosures
from indicators.models import Campaign, Comparison, Indicator, Value
from indicators.series.reading import read_series
from tests import factories as f
from tests.agreements.factories import Committee, committee_of
from tests.committee.pages import after, page_of
from tests.indicators.factories import campaign_of, indicator_in_force, value_of, version_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db
YEAR, SIGNED = 2024, datetime.date(2022, 1, 1)


@dataclass
class Territory:
    committee: Committee
    indicator: Indicator
    value: Value

    def compare(self, is_compared: bool = True):
        version = propose_comparison(
            self.committee.convention, is_compared=is_compared, by=self.committee.coordinator
        )
        self.committee.agree(version)
        return version


def territory(number, population: int = 30_000, *, compared: bool = True, **values) -> Territory:
    """One of a single commune, Châtellerault: 52 km²; its verified figure of a closed year."""
    committee = committee_of(signed_on=SIGNED, territory=f"Pays de {number} sur {population}")
    commune = f.CommuneFactory(
        convention=committee.convention, insee_code="86066", population=population
    )
    f.CoverageFactory(commune=commune)
    indicator = indicator_in_force(committee, **values)
    Indicator.objects.filter(pk=indicator.pk).update(library_code="PE-02")
    indicator = Indicator.objects.with_definition().get(pk=indicator.pk)
    campaign = campaign_of(committee, YEAR, [indicator], state="closed")
    value = value_of(
        campaign, indicator, number, state="verified", verified_by=f.UserFactory(),
        verified_by_name="Qui", verified_at=timezone.now(), entered_by_name="Une autre",
    )  # fmt: skip
    territory = Territory(committee, indicator, value)
    if compared:
        territory.compare()
    return territory


def alike(own: Territory):
    convention = own.committee.convention
    indicator = Indicator.objects.with_definition().get(pk=own.indicator.pk)
    [series] = read_series(convention, [indicator])
    return alike_of(series)


def page(client, own: Territory, user=None) -> str:
    client.force_login(user or own.committee.caf_member)
    args = [own.committee.convention.slug, own.indicator.pk]
    return page_of(client.get(reverse("indicators:indicator", args=args)))


@told_once
def own(db) -> Territory:
    return territory(417)


@told_once
def others(own) -> list[Territory]:
    """With 10, 11, 12 and 15 places for a thousand inhabitants."""
    return [territory(number) for number in (303, 331, 363, 451)]


class TestWhatIsTold:
    def test_a_count_is_compared_for_a_thousand_inhabitants(self, own, others):
        [year] = alike(own).years
        # Between 11 and 12; its own is 13,9.
        assert (year.year, year.own, year.median) == (YEAR, "14", "12")
        assert alike(own).is_rate

    def test_a_ratio_is_compared_as_it_is(self):
        ratio = {"unit": "%", "decimals": 1}
        own = territory("62.44", **ratio)
        for number in ("50", "60.3", "61.2", "90"):
            territory(number, **ratio)
        [year] = alike(own).years
        assert (year.own, year.median) == ("62\u202f%", "61\u202f%")
        assert not alike(own).is_rate

    def test_the_page_names_no_other_territory_nor_its_figure(self, client, own, others):
        text = page(client, own)
        assert "À côté : des territoires semblables" in text
        assert "Places pour 1 000 habitants, arrondi à deux chiffres" in text.replace("\xa0", " ")
        for other in others:
            assert str(other.committee.convention.territory) not in text
            assert str(other.value.number) not in text[text.index("À côté") :]

    def test_fewer_than_four_others_make_no_comparison(self, client, own, others):
        Value.objects.filter(pk=others[0].value.pk).delete()
        assert len(others) == COMPARED
        assert alike(own) is None
        assert "territoires semblables" not in page(client, own)

    def test_four_of_the_five_nearest_make_the_median(self, own, others):
        for number, population in ((3000, 31_000), (9000, 45_000)):
            territory(number, population)
        assert alike(own).years[0].median == "12"
        Value.objects.filter(pk=others[0].value.pk).delete()
        assert alike(own).years[0].median == "14"
        Value.objects.filter(pk=others[1].value.pk).delete()
        assert alike(own) is None

    def test_a_reopened_year_is_not_compared(self, own, others):
        Campaign.objects.filter(convention=others[0].committee.convention).update(
            state="reopened", closed_at=None
        )
        assert alike(own) is None


class TestWhatNeverEnters:
    @pytest.mark.parametrize(
        "changes",
        [
            {"state": "submitted", "verified_by": None, "verified_by_name": ""},
            {"provisional": True},
            {"state": "draft", "submitted_at": None, "verified_by": None},
            {"number": None, "absence": "not_available", "reason": "Grève"},
        ],
    )
    def test_a_figure_that_is_not_final_is_not_compared(self, own, others, changes):
        Value.objects.filter(pk=others[0].value.pk).update(**changes)
        assert alike(own) is None

    def test_a_masked_figure_is_not_compared(self):
        secret = {"unit": "enfants", "is_confidential": True}
        own, *others = [territory(number, **secret) for number in (14, 14, 15, 16, 17)]
        assert alike(own)
        caf = others[0].committee.caf
        Organisation.objects.filter(pk=caf.pk).update(masking_threshold=500)
        refresh_convention_disclosures(others[0].committee.convention)
        assert alike(own) is None

    def test_a_masked_figure_of_the_reader_stays_masked(self, others):
        own = territory(417, is_confidential=True)
        caf = own.committee.caf
        Organisation.objects.filter(pk=caf.pk).update(masking_threshold=500)
        refresh_convention_disclosures(own.committee.convention)
        assert alike(own).years[0].own == "secret"

    def test_a_figure_measured_otherwise_is_not_compared(self, own, others):
        Value.objects.filter(pk=others[0].value.pk).delete()
        other = territory(300, unit="lits")
        assert alike(own) is None
        assert alike(other) is None

    def test_a_total_of_some_communes_is_not_compared(self, own, others):
        Value.objects.filter(pk=others[0].value.pk).delete()
        other = territory(300, grain="commune", aggregation="sum")
        convention, value = other.committee.convention, other.value
        Value.objects.filter(pk=value.pk).update(commune=convention.communes.get())
        assert alike(own)
        second = f.CommuneFactory(convention=convention, insee_code="86194", population=9_000)
        f.CoverageFactory(commune=second)
        ask_communes(value.campaign_indicator.campaign)
        assert alike(own) is None
        value.pk, value.commune = None, second
        value.save()
        assert alike(own)


class TestWhoAgrees:
    def test_nothing_is_compared_before_the_territorys_own_parties_agree(self, others, own):
        alone = territory(400, compared=False)
        assert alike(alone) is None
        version = propose_comparison(
            alone.committee.convention, is_compared=True, by=alone.committee.coordinator
        )
        alone.committee.agree(version, alone.committee.caf_member)
        assert alike(alone) is None
        alone.committee.agree(version, alone.committee.epci_member)
        assert alike(alone)

    def test_a_territory_that_does_not_agree_is_not_counted(self, own, others):
        assert alike(own)
        Value.objects.filter(pk=others[0].value.pk).delete()
        territory(300, compared=False)
        assert alike(own) is None

    def test_a_party_that_takes_its_agreement_back_ends_it_for_both(self, own, others):
        other = others[0]
        assert alike(own)
        row = Comparison.objects.get(convention=other.committee.convention)
        retract(version_of(row), reason="Attendons.", by=other.committee.caf_member)
        assert alike(own) is None
        assert alike(other) is None

    def test_a_territory_that_agreed_to_end_is_not_counted(self, own, others):
        others[0].compare(is_compared=False)
        assert alike(own) is None

    def test_who_takes_an_end_back_begins_nothing(self, own, others):
        other = others[0]
        ending = other.compare(is_compared=False)
        retract(ending, reason="Reprenons.", by=other.committee.caf_member)
        assert not Comparison.objects.get(convention=other.committee.convention).takes_part
        assert alike(own) is None

    def test_the_coordinator_proposes_a_comparison(self):
        committee = committee_of()
        with pytest.raises(Refused):
            propose_comparison(committee.convention, is_compared=True, by=committee.caf_member)
        assert not Comparison.objects.exists()


class TestItsPage:
    def address(self, own):
        return reverse("indicators:comparison", args=[own.committee.convention.slug])

    def test_the_page_asks_the_parties_for_their_agreement(self, client):
        own = territory(417, compared=False)
        client.force_login(own.committee.coordinator)
        text = page_of(client.get(self.address(own)))
        assert "ne sont comparés à ceux d’aucun autre" in text
        assert "Aucun n’a encore donné son accord" in text
        sent = {"note": "Pour nous situer.", "standing": "non"}
        point = after(client, client.post(self.address(own), sent))
        assert "comparés à ceux de territoires semblables" in point
        assert "attend l’accord des parties" in page_of(client.get(self.address(own)))
        client.force_login(own.committee.caf_member)
        assert "Demander l’accord des parties" not in page_of(client.get(self.address(own)))

    def test_the_page_says_with_how_many_territories(self, client, own, others):
        client.force_login(own.committee.coordinator)
        text = page_of(client.get(self.address(own)))
        assert "Nos chiffres sont comparés" in text
        assert "4 d’entre eux ont donné leur accord" in text.replace("\xa0", " ")
        assert "Demander aux parties d’y mettre fin" in text

    def test_an_end_taken_back_does_not_restore_the_comparison(self, client, own):
        retract(own.compare(is_compared=False), reason="Non.", by=own.committee.caf_member)
        client.force_login(own.committee.coordinator)
        text = page_of(client.get(self.address(own)))
        assert "Cela ne rétablit pas la comparaison" in text
        assert "Demander l’accord des parties" in text

    def test_who_may_not_ask_is_given_back_what_they_wrote(self, client, own):
        """Whoever asks what has been asked meanwhile is given it back too."""
        client.force_login(own.committee.caf_member)
        response = client.post(self.address(own), {"note": "Pour nous situer.", "standing": "oui"})
        assert "Seule la coordination" in page_of(response)
        assert "Pour nous situer." in response.content.decode()
        own.compare(is_compared=False)
        client.force_login(own.committee.coordinator)
        response = client.post(self.address(own), {"note": "Pour nous situer.", "standing": "oui"})
        assert "Cela a changé" in page_of(response)
        assert "Pour nous situer." in response.content.decode()

    def test_without_population_nothing_is_known(self, client):
        own = committee_of()
        client.force_login(own.coordinator)
        address = reverse("indicators:comparison", args=[own.convention.slug])
        assert "la densité du territoire n’est pas connue" in page_of(client.get(address))


class TestAlike:
    def test_territories_are_alike_between_half_and_double_in_both(self):
        here = Profile(1000, 100)
        assert here.is_like(Profile(2000, 200))
        assert not here.is_like(Profile(2001, 200))
        assert not here.is_like(Profile(1000, 210))
        assert here.is_like(Profile(500, 50))

    def test_the_nearest_territory_comes_first(self):
        profiles = {1: Profile(1000, 10), 2: Profile(1500, 15), 3: Profile(1000, 11),
                    4: Profile(9000, 90)}  # fmt: skip
        assert nearest(1, profiles) == [3, 2]
        assert nearest(5, profiles) == []


def test_a_comparison_asks_as_many_queries_however_many_take_part(own, others):
    territory(400)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert alike(own)
        return len(queries)

    before = asked()
    for number in range(5):
        territory(number, 40_000)
    assert asked() == before
