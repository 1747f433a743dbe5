"""What was told of figures of the whole territory before others joined them: under another rule,
before a correction. It stays known."""

from decimal import Decimal

import pytest

from indicators.definitions.definition import Definition
from indicators.disclosure import disclose
from indicators.models import Audit, CampaignIndicator
from tests.indicators.disclosure.test_sequences import Family, life, tie  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(life):  # noqa: F811
    return Family(life)


class TestUnderALaxerRule:
    def test_what_was_told_is_known_when_a_total_joins(self, life, family):  # noqa: F811
        """Boys, 4, were read under a threshold of 3; today’s would not have shown them."""
        total = family.indicators.pop("children")
        life.rule(threshold=3)
        family.year()
        family.give(boys=4)
        assert family.words() == ["manquant", "4"]
        life.rule(threshold=5)
        assert family.words() == ["manquant", "secret"]
        family.indicators["children"] = total
        life.lives(lambda: life.asks(total))
        family.give(girls=2)
        family.give(children=6)
        # 6 - 4 = 2
        assert family.words() == ["secret", "secret", "secret"]
        life.holds("masked", but=named(family, "boys"))

    def test_so_is_what_was_told_before_it_was_corrected(self, life, family):  # noqa: F811
        total = family.indicators.pop("children")
        life.rule(threshold=3)
        family.year(after=2)
        family.give(girls=4)
        family.give(girls=12)
        life.rule(threshold=5)
        family.indicators["children"] = total
        life.lives(lambda: life.asks(total))
        told = [(audit.given[""], audit.masks.exists()) for audit in Audit.objects.done()]
        assert told == [(["4"], False), (["12"], False), (["12"], False)]

    def test_what_was_rounded_is_known_as_it_was(self, life, family):  # noqa: F811
        total = family.indicators.pop("children")
        life.rule(base=2)
        family.year(after=2)
        family.give(girls=41)
        life.rule(threshold=5)
        family.indicators["children"] = total
        life.lives(lambda: life.asks(total))
        told = [(audit.base, audit.rounded, audit.masks.exists()) for audit in Audit.objects.done()]
        assert told == [(2, {"": ["42"]}, False), (None, {}, False)]

    def test_what_was_told_is_known_to_a_table(self, life):  # noqa: F811
        """The communes come to 4, which was read under a threshold of 3: neither is more than 3."""
        counted, whole = of_both(life)
        life.rule(threshold=3)
        life.year(counted, whole)
        single(life, whole, 4)
        life.rule(threshold=5)
        life.lives(indicator=counted, a=3, b=1, c=0, d=0)
        assert words_of(life, whole) == "secret"
        bounds = Audit.objects.done().get(campaign_indicator__indicator=counted).bounds
        assert [*bounds.values()] == [[[1.0, 3.0]], [[1.0, 3.0]]]


def of_both(life):  # noqa: F811
    """A table whose sums are not told, and the whole territory’s figure."""
    return (
        life.another("Foyers", aggregation="none"),
        life.another("Foyers", grain="territory", aggregation="none"),
    )


def named(family, name):
    return [f"({family.life.entry_of(family.indicators[name]).pk}, '', "]


def single(life, indicator, number) -> None:  # noqa: F811
    """A figure of the whole territory, in one act."""

    def give():
        value = life.whole(Decimal(number), indicator)
        value.transitions.create(verb="taken_up", to_state=value.state, number=value.number)

    counted = life.country.indicator
    life.lives(give)
    life.country.indicator = counted


def words_of(life, indicator) -> str:  # noqa: F811
    entries = CampaignIndicator.objects.with_relations()
    entry = entries.get(campaign=life.country.campaign, indicator=indicator)
    value = entry.values.whole().first()
    return disclose(value, Definition.of(entry.version), entry.rule).words


class TestBeforeACorrection:
    def test_a_table_that_comes_to_the_former_figure(self, life):  # noqa: F811
        """153 was read, then corrected to 160; the table comes to 153, and 153 − 150 = 3."""
        counted, whole = of_both(life)
        life.year(counted, whole)
        single(life, whole, 153)
        single(life, whole, 160)
        life.lives(indicator=counted, a=3, b=40, c=50, d=60)
        assert life.country.words()[:4].count("secret") == 2

    def test_a_table_that_comes_to_what_may_be_told_yet(self, life):  # noqa: F811
        counted, whole = of_both(life)
        life.year(counted, whole)
        single(life, whole, 160)
        life.lives(indicator=counted, a=3, b=40, c=50, d=60)
        single(life, whole, 153)
        assert life.country.words()[:4].count("secret") == 2

    def test_a_figure_that_is_asked_for_later(self, life):  # noqa: F811
        """The table was told and knew nothing of it: 153 would tell the one that is masked."""
        counted, whole = of_both(life)
        life.year(counted)
        life.lives(indicator=counted, a=3, b=40, c=50, d=60)
        assert life.country.words()[:4].count("secret") == 1
        life.lives(lambda: life.asks(whole))
        single(life, whole, 153)
        assert words_of(life, whole) == "secret"

    def test_a_figure_that_adds_up_with_others(self, life, family):  # noqa: F811
        table = life.another("Enfants", aggregation="none")
        family.year(table)
        family.give(children=153)
        family.give(children=160)
        life.lives(indicator=table, a=3, b=40, c=50, d=60)
        assert family.words()[2] == "160"
        assert life.country.words()[:4].count("secret") == 2


class TestWhatNothingUndoes:
    def test_a_part_tells_of_a_share_that_was_told_otherwise(self, life):  # noqa: F811
        """The share of a and b is of 52 households, 10 of them helped; that all are 7 in each was
        told since, for the share says 45 of a and is corrected by nobody. The others of a are small
        now, and not none: what b's share leaves is 4 less these, so 3 at most, whatever is masked.
        It is named, and four numbers remain possible."""
        one, other = life.another("Foyers"), life.another("Autres foyers")
        total = life.another("Tous", parts=[one, other])
        share = life.another(
            "Part", unit="%", calculation="ratio", numerator="Foyers", denominator="Tous",
            aggregation="ratio", factor=100,
        )  # fmt: skip
        life.reader.ties = [
            tie(total, one, other),
            {(one.pk, 0): 1, (share.pk, 0): -1}, {(total.pk, 0): 1, (share.pk, 1): -1},
        ]  # fmt: skip
        life.year(one, other, total, share)
        life.lives(indicator=share, a=(5, 45), b=(5, 7), c=(61, 68), d=(0, 12))
        life.lives(indicator=total, a=7, b=7, c=68, d=12)
        life.holds()
        life.lives(indicator=other, a=2, b=3, c=7, d=12)
        life.lives(indicator=total, b=8)
        life.lives(indicator=one, a=5, b=5, c=5, d=0)
        of_share, b = life.entry_of(share), life.country.communes["b"].pk
        assert of_share.audits.done().last().exposed == [f"c{b}"]
        assert "known from 0 to 3" in " ".join(life.reader.holes())
        life.holds(but=[f"({of_share.pk}, {b}, "])


class TestByTheDefinition:
    """A baseline of the very year is read with the definition."""

    def test_of_what_communes_come_to(self, life):  # noqa: F811
        counted = life.another("Foyers", aggregation="none", baseline_value=153, baseline_year=2025)
        life.year(counted)
        life.lives(indicator=counted, a=3, b=40, c=50, d=60)
        assert life.country.words()[:4].count("secret") == 2
