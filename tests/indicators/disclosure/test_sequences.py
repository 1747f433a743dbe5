"""What somebody finds out who reads everything after each act of a table's life: given, corrected,
under another rule, over another perimeter, beside other indicators, closed and reopened."""

import os
import random

import pytest
from django.utils import timezone

from conventions.models import Coverage
from ctg_portal.transitions import move
from indicators.collection.models import CampaignVerb
from indicators.models import Audit, Campaign, Release, Value
from tests.factories import CommuneFactory, CoverageFactory, SectorFactory
from tests.indicators.disclosure.attacker import FAR
from tests.indicators.disclosure.reader import Reader
from tests.indicators.factories import campaign_of, indicator_in_force

# More of them for who looks for holes.
LIVES = int(os.environ.get("LIVES", "2"))

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def life(country, committee, django_capture_on_commit_callbacks):
    return Life(country, committee, django_capture_on_commit_callbacks)


class Life:
    """Acts on a country's figures, each read by somebody who forgets nothing."""

    def __init__(self, country, committee, capture):
        self.country, self.committee, self.capture = country, committee, capture
        self.reader = Reader()
        self.codes = iter(range(50, 99))

    def lives(self, act=None, *, indicator=None, **numbers) -> None:
        """One act: figures that are given or corrected, or what ``act`` does."""
        if indicator:
            self.country.indicator = indicator
        if act:
            act()
        if numbers:
            self.country.give(**numbers)
        self._decides()

    def _decides(self) -> None:
        self.reader.look()
        self.country.decide(self.capture)
        assert not Audit.objects.filter(digest="", ended_at__isnull=False).exists()
        self.reader.look()

    def rule(self, threshold=None, base=None, *, of=None) -> None:
        provider = of or self.committee.caf
        provider.masking_threshold, provider.rounding_base = threshold, base
        provider.save()
        # What another rule asked of figures that were rounded, or are small no more, is over.
        small = threshold or FAR
        self.reader.asked = {
            name: (kind, low, min(high, max(small - 1, low + 1)))
            for name, (kind, low, high) in self.reader.asked.items()
            if kind == "masked" and name[-1] < small
        }
        self._decides()

    def another(self, title="Autre", **values):
        """Another indicator that counts households, in the same year."""
        told = {"unit": "foyers", "is_confidential": True, "grain": "commune", "title": title,
                "aggregation": "sum", "code": f"PE-{next(self.codes)}"}  # fmt: skip
        return indicator_in_force(self.committee, **(told | values))

    def year(self, *indicators, after=1) -> None:
        self.country.campaign = campaign_of(self.committee, 2024 + after, indicators)
        self.country.indicator = indicators[0]

    def whole(self, number, indicator=None, **fields) -> Value:
        start, end = self.country.campaign.observed
        given = {"number": number, "state": "submitted", "submitted_at": timezone.now(),
                 "observed_from": start, "observed_until": end} | fields  # fmt: skip
        entry = self.entry_of(indicator or self.country.indicator)
        return Value.objects.update_or_create(
            campaign_indicator=entry, commune=None, defaults=given
        )[0]

    def close(self) -> None:
        campaign = self.country.campaign
        campaign.campaign_indicators.all().freeze_rules()
        self._move(CampaignVerb.CLOSED, closed_at=timezone.now())

    def reopen(self) -> None:
        self._move(CampaignVerb.REOPENED, reason="Une erreur.")

    def _move(self, verb, **told) -> None:
        campaign = Campaign.objects.get(pk=self.country.campaign.pk)
        move(campaign, verb, by=self.committee.coordinator, **told)
        self.country.campaign = campaign

    def entry_of(self, indicator):
        return self.country.campaign.campaign_indicators.get(indicator=indicator)

    def holds(self, kind="") -> None:
        """Nothing is told; ``kind``: of what is masked, or of what is rounded."""
        assert [hole for hole in self.reader.holes() if kind in hole] == []


class TestWhenTheRuleChanges:
    @pytest.mark.parametrize("base", [2, 3, 5, 10])
    def test_from_rounding_to_masking(self, life, base):
        """What was told rounded was not told: a is as secret as it was then."""
        life.rule(base=base)
        life.lives(a=3, b=40, c=50, d=60)
        life.rule(threshold=5)
        told = life.country.words()
        assert told[0] == "secret"
        assert told != ["secret", "40", "50", "60", "43", "153"]
        if base >= 5:  # a finer one told more than the threshold asks for
            life.holds("masked")

    @pytest.mark.parametrize("numbers", [(3, 40, 50, 60), (4, 40, 49, 60), (2, 38, 50, 61)])
    @pytest.mark.parametrize("base", [2, 5])
    def test_from_masking_to_rounding(self, life, numbers, base):
        life.lives(**dict(zip("abcd", numbers, strict=True)))
        life.rule(base=base)
        life.holds("masked")

    def test_from_one_base_to_another(self, life):
        life.rule(base=5)
        life.lives(a=3, b=41, c=52, d=63)
        life.rule(base=3)
        life.holds()

    def test_what_was_told_without_a_rule_is_known(self, life):
        """b, c and d are known when a is given: no sum over a may be told."""
        life.rule()
        life.lives(b=40, c=50, d=60)
        life.rule(threshold=5)
        life.lives(a=3)
        assert life.country.words() == ["secret", "40", "50", "60", "secret", "secret"]
        life.holds()

    def test_what_was_told_of_a_closed_year_without_a_rule_is_known(self, life):
        life.rule()
        life.lives(life.close)
        life.rule(threshold=5)
        life.lives(b=40, c=50, d=60)
        life.lives(life.reopen)
        life.lives(a=3)
        assert life.country.words() == ["secret", "40", "50", "60", "secret", "secret"]
        life.holds()

    def test_what_a_frozen_rule_protected_is_not_known(self, life):
        """Its provider has lifted the rule since: the closed year is under that of then."""
        life.lives(a=3, b=40, c=50, d=60)
        life.lives(life.close)
        life.rule()
        assert life.country.words()[:2] == ["secret", "secret"]
        life.rule(threshold=5)
        life.lives(life.reopen)
        life.lives(c=51)
        assert life.country.words()[:2] == ["secret", "secret"]
        life.holds()


class TestTotals:
    def test_a_total_given_beside_rounded_counts_is_rounded(self, life):
        counted = life.another(aggregation="none")
        life.rule(base=5)
        life.year(counted)
        life.lives(a=2, b=2, c=12, d=14)
        life.lives(lambda: life.whole(61))
        assert life.country.read().territory.words in ("60", "65", "secret")
        life.holds()

    def test_a_total_given_that_is_not_the_sum_is_told_as_given(self, life):
        life.rule(base=5)
        life.lives(a=2, b=2, c=12, d=14)
        life.lives(lambda: life.whole(61))
        assert life.country.read().territory.words in ("60", "65", "secret")
        life.holds()

    def test_a_published_total_is_known(self, life):
        release = Release.objects.create(
            source="cnaf_allocataires", year=2024, convention=life.committee.convention, number=1,
            file="s_ben_com_f.csv", sha256="0" * 64,
        )  # fmt: skip
        counted = life.another(aggregation="none")
        life.year(counted)
        life.lives(lambda: life.whole(153, release=release), a=3, b=40, c=50, d=60)
        assert life.country.read().territory.words == "153"
        life.holds()


class TestPlaces:
    def test_a_commune_that_leaves_and_comes_back(self, life):
        life.lives(a=3, b=40, c=50, d=60)
        gone = Coverage.objects.get(commune__name="b")
        life.lives(lambda: Coverage.objects.filter(pk=gone.pk).delete())
        life.lives(gone.save)
        life.holds()

    def test_a_sector_is_named(self, life, committee):
        life.lives(a=3, b=40, c=50, d=60)
        south = SectorFactory(convention=committee.convention, name="Sud")
        life.lives(lambda: Coverage.objects.filter(commune__name__in="bc").update(sector=south))
        life.holds()

    def test_a_commune_enters(self, life, committee):
        life.lives(a=3, b=40, c=50, d=60)

        def enter():
            commune = CommuneFactory(convention=committee.convention, name="e")
            CoverageFactory(commune=commune, sector=None)
            life.country.communes["e"] = commune

        life.lives(enter)
        life.lives(e=2)
        life.holds()

    def test_a_sum_that_is_the_same_by_chance_is_another(self, life):
        """a and b change, and their sum does not: what it was is no longer what it is."""
        life.lives(a=3, b=40, c=50, d=60)
        life.lives(a=4, b=39)
        life.lives(a=2, b=41)
        life.holds()


def tie(*indicators):
    return {(indicator.pk, 0): 1 if at == 0 else -1 for at, indicator in enumerate(indicators)}


class TestBesideOthers:
    def test_one_count_rounded_twice(self, life):
        one, two = life.another("Foyers"), life.another("Foyers")
        life.reader.ties = [tie(one, two)]
        life.rule(base=5)
        life.year(one, two)
        life.lives(indicator=one, a=2, b=2, c=12, d=14)
        life.lives(indicator=two, a=2, b=2, c=12, d=14)
        life.holds()

    def test_one_count_rounded_by_two_rules(self, life):
        one = life.another("Foyers")
        two = life.another("Foyers", provider=life.committee.epci)
        life.reader.ties = [tie(one, two)]
        life.rule(base=5)
        life.rule(base=3, of=life.committee.epci)
        life.year(one, two)
        life.lives(indicator=one, a=2, b=2, c=13, d=14)
        life.lives(indicator=two, a=2, b=2, c=13, d=14)
        life.holds()

    @pytest.mark.parametrize("rule", [{"base": 2}, {"threshold": 3}])
    def test_one_count_under_another_rule_of_another_provider(self, life, rule):
        """What the first hides is not told by the second, whose rule asks for less."""
        one = life.another("Foyers")
        two = life.another("Foyers", provider=life.committee.epci)
        life.reader.ties = [tie(one, two)]
        life.rule(of=life.committee.epci, **rule)
        life.year(one, two)
        for indicator in (one, two):
            life.lives(indicator=indicator, a=4, b=40, c=50, d=60)
        life.holds("masked")

    def test_what_was_rounded_by_another_provider_is_heeded(self, life):
        one = life.another("Foyers")
        two = life.another("Foyers", provider=life.committee.epci)
        life.reader.ties = [tie(one, two)]
        life.rule(base=5, of=life.committee.epci)
        life.year(one, two)
        for indicator in (two, one):
            life.lives(indicator=indicator, a=3, b=40, c=50, d=60)
        life.holds("masked")

    @pytest.mark.parametrize("is_first", [True, False])
    @pytest.mark.parametrize("aggregation", ["sum", "none"])
    @pytest.mark.parametrize("rule", [{"threshold": 5}, {"base": 5}])
    def test_the_whole_territory_counts_the_same(self, life, is_first, aggregation, rule):
        Coverage.objects.update(sector=None)
        one = life.another("Foyers", aggregation=aggregation)
        two = life.another("Foyers", grain="territory", aggregation="none")
        life.rule(**rule)
        life.reader.ties = [tie(one, two)]
        life.year(one, two)
        if is_first:
            life.lives(lambda: life.whole(142, two), indicator=one)
        life.lives(indicator=one, a=3, b=26, c=51, d=62)
        if not is_first:
            life.lives(lambda: life.whole(142, two), indicator=one)
        entries = {one: life.entry_of(one).pk, two: life.entry_of(two).pk}
        [whole] = [name for name in life.reader.shown if name[0] == entries[two]]
        of = [n for n in life.reader.shown if n[0] == entries[one] and isinstance(n[1], int)]
        life.reader.equations.append(dict.fromkeys(of, 1) | {whole: -1})
        life.holds()

    @pytest.mark.parametrize("rule", [{"threshold": 5}, {"base": 5}])
    def test_what_adds_up_to_another(self, life, rule):
        """Girls and boys are children, and so are those of two ages; each is told by itself."""
        girls, boys, young, old = map(life.another, ("Filles", "Garçons", "Petits", "Grands"))
        children = life.another("Enfants", parts=[girls, boys])
        too = life.another("Enfants en tout", parts=[children])
        aged = life.another("Enfants des deux âges", parts=[young, old])
        life.rule(**rule)
        life.reader.ties = [
            tie(children, girls, boys), tie(too, children), tie(aged, young, old),
        ]  # fmt: skip
        life.year(girls, boys, children, too, young, old, aged)
        life.lives(indicator=children, a=43, b=60, c=12, d=9)
        life.lives(indicator=girls, a=3, b=20, c=6, d=0)
        life.lives(indicator=boys, a=40, b=40, c=6, d=9)
        life.lives(indicator=aged, a=44, b=60, c=7, d=30)
        life.lives(indicator=young, a=4, b=20, c=5, d=10)
        life.lives(indicator=old, a=40, b=40, c=2, d=20)
        life.lives(indicator=too, a=43, b=60, c=12, d=9)
        life.lives(indicator=boys, a=39, b=40, c=6, d=9)
        life.holds()

    def test_a_part_that_is_not_given_is_told_by_what_tells_it(self, life):
        """Boys are counted as a numerator alone: with the children they tell the girls."""
        girls, boys = life.another("Filles"), life.another("Garçons")
        children = life.another("Enfants", parts=[girls, boys])
        share = life.another(
            "Part", unit="%", calculation="ratio", numerator="Garçons", denominator="Habitants",
            aggregation="ratio", factor=100,
        )  # fmt: skip
        life.reader.ties = [{(children.pk, 0): 1, (girls.pk, 0): -1, (share.pk, 0): -1}]
        life.year(girls, boys, children, share)
        life.lives(indicator=children, a=43, b=60, c=12, d=59)
        life.lives(indicator=girls, a=3, b=20, c=6, d=30)
        life.lives(indicator=share, a=(40, 900), b=(40, 800), c=(6, 700), d=(29, 600))
        life.holds("masked")

    def test_a_chain_of_indicators(self, life):
        """The count of the first is a numerator, whose denominator another counts."""
        one = life.another("Foyers aidés")
        share = life.another(
            "Part", unit="%", calculation="ratio", numerator="Foyers aidés", denominator="Foyers",
            aggregation="ratio", factor=100,
        )  # fmt: skip
        all_of = life.another("Foyers")
        life.reader.ties = [
            {(one.pk, 0): 1, (share.pk, 0): -1},
            {(all_of.pk, 0): 1, (share.pk, 1): -1},
        ]
        life.year(one, share, all_of)
        life.lives(indicator=one, a=3, b=40, c=50, d=60)
        life.lives(indicator=share, a=(3, 90), b=(40, 44), c=(50, 60), d=(60, 5000))
        life.lives(indicator=all_of, a=90, b=44, c=60, d=5000)
        life.holds()


NUMBERS = [0, 1, 2, 3, 4, 5, 7, 12, 40, 61]


class Chances:
    """Acts in any order on four indicators that tell each other's counts."""

    ACTS = ("one", "one", "total", "share", "two", "whole", "sum", "sector", "absent")

    def __init__(self, life, rng):
        self.life, self.rng = life, rng
        self.one = life.another("Foyers")
        self.two = life.another("Foyers", aggregation="none")
        self.other = life.another("Autres foyers")
        self.total = life.another("Tous", parts=[self.one, self.other])
        self.share = life.another(
            "Part", unit="%", calculation="ratio", numerator="Foyers", denominator="Tous",
            aggregation="ratio", factor=100,
        )  # fmt: skip
        self.whole = life.another("Foyers", grain="territory", aggregation="none")
        life.reader.ties = [
            tie(self.one, self.two), tie(self.one, self.whole),
            tie(self.total, self.one, self.other),
            {(self.one.pk, 0): 1, (self.share.pk, 0): -1},
            {(self.total.pk, 0): 1, (self.share.pk, 1): -1},
        ]  # fmt: skip
        life.year(self.one, self.two, self.other, self.total, self.share, self.whole)
        self.counts = {place: rng.choice(NUMBERS) for place in "abcd"}
        self.others = {place: rng.choice(NUMBERS) for place in "abcd"}
        self.sectors = [
            life.country.sector, SectorFactory(convention=life.committee.convention), None,
        ]  # fmt: skip

    def act(self, name: str) -> None:
        getattr(self, f"do_{name}")()

    def do_one(self) -> None:
        self.counts[self.rng.choice("abcd")] = self.rng.choice(NUMBERS)
        self.life.lives(indicator=self.one, **self.counts)

    def do_two(self) -> None:
        self.life.lives(indicator=self.two, **self.counts)

    def do_total(self) -> None:
        place = self.rng.choice("abcd")
        self.others[place] = self.rng.choice(NUMBERS)
        if self.rng.random() < 0.5:
            self.life.lives(indicator=self.other, **self.others)
        totals = {place: n + self.others[place] for place, n in self.counts.items()}
        self.life.lives(indicator=self.total, **totals)

    def do_share(self) -> None:
        shares = {p: (n, n + self.others[p]) for p, n in self.counts.items() if n + self.others[p]}
        self.life.lives(indicator=self.share, **shares)

    def do_whole(self) -> None:
        number = sum(self.counts.values())
        self.life.lives(lambda: self.life.whole(number, self.whole), indicator=self.one)

    def do_sum(self) -> None:
        number = sum(self.counts.values()) + self.rng.choice([0, 0, 1, -1])
        self.life.lives(lambda: self.life.whole(number, self.two), indicator=self.two)

    def do_sector(self) -> None:
        of_place = Coverage.objects.filter(commune__name=self.rng.choice("abcd"))
        self.life.lives(lambda: of_place.update(sector=self.rng.choice(self.sectors)))

    def do_absent(self) -> None:
        given = Value.objects.filter(
            campaign_indicator=self.life.entry_of(self.one),
            commune__name=self.rng.choice("abcd"),
        )
        self.life.lives(lambda: given.update(number=None, absence="not_available", reason="Perdu."))

    def do_rule(self) -> None:
        self.life.rule(**self.rng.choice([{"threshold": 5}, {"threshold": 4}, {"base": 5}]))

    def do_close(self) -> None:
        is_closed = self.life.country.campaign.is_closed
        self.life.lives(self.life.reopen if is_closed else self.life.close)


@pytest.mark.parametrize("seed", range(LIVES))
def test_a_life_by_chance(life, seed):
    """Under a rule that stays, first to last."""
    rng = random.Random(seed)  # noqa: S311
    chances = Chances(life, rng)
    if seed % 3 == 0:
        life.rule(base=5)
    for _ in range(7):
        chances.act(rng.choice(Chances.ACTS))
        life.holds()


@pytest.mark.parametrize("seed", range(LIVES))
def test_a_life_under_rules_that_change(life, seed):
    rng = random.Random(100 + seed)  # noqa: S311
    chances = Chances(life, rng)
    for _ in range(7):
        chances.act(rng.choice([*Chances.ACTS, "rule", "rule", "close"]))
        life.holds("masked")
