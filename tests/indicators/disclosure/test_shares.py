"""A share that is masked, and others of the year that count both of its terms, where nobody has
said that anything adds up."""

from itertools import permutations

import pytest

from tests.indicators.disclosure.test_sequences import Family, life, tie  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db

SHARE = {"unit": "%", "calculation": "ratio", "numerator": "Filles", "denominator": "Enfants",
         "factor": 100}  # fmt: skip


class Terms(Family):
    """Girls and children, and what part of these are girls: no total is declared."""

    def __init__(self, life, **share):  # noqa: F811
        self.life, single = life, {"grain": "territory", "aggregation": "none"}
        girls, children = (life.another(title, **single) for title in ("Filles", "Enfants"))
        self.share = life.another("Part", **(SHARE | single | share))
        self.indicators = {"girls": girls, "children": children, "share": self.share}
        life.reader.ties = [
            {(girls.pk, 0): 1, (self.share.pk, 0): -1},
            {(children.pk, 0): 1, (self.share.pk, 1): -1},
        ]  # fmt: skip


@pytest.mark.parametrize("rule", [{"threshold": 5}, {"base": 5}])
@pytest.mark.parametrize("numbers", [(40, 43), (3, 43)])
def test_in_whatever_order_they_are_given(life, rule, numbers):  # noqa: F811
    """Of 43 children 40 are girls: the share is masked, for 3 are none, and one term as well."""
    terms = Terms(life)
    given = {"girls": numbers[0], "children": numbers[1], "share": numbers}
    life.rule(**rule)
    for after, order in enumerate(permutations(given), start=1):
        terms.year(after=after)
        for name in order:
            terms.give(**{name: given[name]})
        life.holds()
        if "threshold" in rule:
            assert terms.words()[2] == "secret"
            assert terms.words().count("secret") == 2


def test_all_told_and_then_one_masked(life):  # noqa: F811
    terms = Terms(life)
    terms.year()
    terms.give(girls=40, children=90, share=(40, 90))
    assert "secret" not in terms.words()
    terms.give(children=43, share=(40, 43))
    assert terms.words() == ["40", "secret", "secret"]
    life.holds()


@pytest.mark.parametrize("order", [*permutations(["girls", "children", "share"])])
def test_a_share_of_a_laxer_provider(life, order):  # noqa: F811
    """Whose rule would show 3 of 43: not beside the children, where the girls are masked; told
    first, it tells them, and they are named."""
    terms = Terms(life)
    terms.of(life.committee.epci, "share")
    terms.share = terms.indicators["share"]
    life.rule(threshold=2, of=life.committee.epci)
    terms.year()
    given = {"girls": 3, "children": 43, "share": (3, 43)}
    for name in order:
        terms.give(**{name: given[name]})
    assert terms.words()[0] == "secret"
    if order.index("girls") < order.index("share"):
        assert terms.words()[2] == "secret"


@pytest.mark.parametrize("term", ["girls", "children"])
@pytest.mark.parametrize("order", ["share first", "share last"])
@pytest.mark.parametrize("numbers", [(3, 43), (2, 4), (40, 43)])
def test_a_share_of_a_laxer_provider_beside_one_term_alone(life, term, order, numbers):  # noqa: F811
    """It would tell the one whose provider masks it."""
    terms = Terms(life)
    terms.of(life.committee.epci, "share")
    life.rule(threshold=2, of=life.committee.epci)
    terms.indicators = {name: terms.indicators[name] for name in (term, "share")}
    terms.year()
    number = dict(zip(["girls", "children"], numbers, strict=True))[term]
    given = [(term, number), ("share", numbers)]
    for name, told in given if order == "share last" else reversed(given):
        terms.give(**{name: told})
    assert terms.words().count("secret") == (2 if number < 5 else 0)


def test_a_share_that_no_rule_protects_is_known_to_who_gives_its_term(life):  # noqa: F811
    """It is its provider's to show; the girls, whom it tells, are named."""
    terms = Terms(life)
    terms.of(life.committee.epci, "share")
    terms.indicators = {name: terms.indicators[name] for name in ("girls", "share")}
    terms.year()
    terms.give(share=(3, 43))
    terms.give(girls=3)
    assert terms.words()[0] == "secret"
    assert life.entry_of(terms.indicators["girls"]).audits.done().get().exposed == [""]


def test_one_count_of_two_providers(life):  # noqa: F811
    """What the first would mask is not shown by the second, whose rule asks for less."""
    terms = Terms(life)
    too = life.another(
        "Filles", grain="territory", aggregation="none", provider=life.committee.epci
    )
    life.rule(threshold=2, of=life.committee.epci)
    terms.indicators = {"girls": terms.indicators["girls"], "too": too}
    terms.year()
    terms.give(girls=3)
    terms.give(too=3)
    assert terms.words() == ["secret", "secret"]
    terms.give(girls=30)
    terms.give(too=30)
    assert terms.words() == ["30", "30"]


def test_a_share_beside_one_term_of_its_own_provider_is_told_by_itself(life):  # noqa: F811
    terms = Terms(life)
    terms.indicators = {name: terms.indicators[name] for name in ("girls", "share")}
    terms.year()
    terms.give(girls=40, share=(40, 90))
    assert not life.country.campaign.campaign_indicators.told_together().of_territory().exists()


def test_a_table_tells_the_share_of_the_whole_territory(life):  # noqa: F811
    """Girls and children are counted once, their share by commune: it comes to 40 of 43."""
    terms = Terms(life, grain="commune", aggregation="ratio")
    terms.year()
    terms.give(girls=40)
    terms.give(children=43)
    assert terms.words()[:2].count("secret") == 1
    life.lives(indicator=terms.share, a=(10, 10), b=(10, 11), c=(10, 11), d=(10, 11))
    assert terms.words()[:2].count("secret") == 1
    life.holds()


def test_tables_tell_the_share_of_each_commune(life):  # noqa: F811
    """The share is given last: of 43 children of a 40 are girls."""
    girls, children = life.another("Filles"), life.another("Enfants")
    share = life.another("Part", aggregation="ratio", **SHARE)
    life.reader.ties = [
        {(girls.pk, 0): 1, (share.pk, 0): -1}, {(children.pk, 0): 1, (share.pk, 1): -1},
    ]  # fmt: skip
    life.year(girls, children, share)
    life.lives(indicator=girls, a=40, b=20, c=30, d=50)
    life.lives(indicator=children, a=43, b=60, c=80, d=90)
    life.lives(indicator=share, a=(40, 43), b=(20, 60), c=(30, 80), d=(50, 90))
    assert life.country.words()[0] == "secret"
    life.holds()


def test_tables_tell_a_share_of_the_whole_territory(life):  # noqa: F811
    """Girls and children by commune come to 40 and to 43, of which the share is told once."""
    girls, children = life.another("Filles"), life.another("Enfants")
    share = life.another("Part", grain="territory", aggregation="none", **SHARE)
    terms = Terms.__new__(Terms)
    terms.life, terms.share, terms.indicators = life, share, {"share": share}
    life.year(girls, children, share)
    life.lives(indicator=girls, a=10, b=10, c=10, d=10)
    life.lives(indicator=children, a=11, b=11, c=11, d=10)
    terms.give(share=(40, 43))
    assert terms.words() == ["secret"]
    told = []
    for indicator in (girls, children):
        life.country.indicator = indicator
        told.append(life.country.words()[5])
    assert "secret" in told


CORRECTED = [[{"children": 13}, {"share": (12, 13)}], [{"children": 13, "share": (12, 13)}]]


@pytest.mark.parametrize("acts", CORRECTED)
def test_what_a_masked_share_left_stays_open(life, acts):  # noqa: F811
    """12 of 16 were girls, and 4 were not; children are 13 now. Told beside 16, that the girls are
    13 at most would leave 3 or 4 of then."""
    terms = Terms(life)
    terms.year()
    for told in ({"children": 16}, {"girls": 12}, {"share": (12, 16)}):
        terms.give(**told)
    assert terms.words() == ["secret", "16", "secret"]
    for told in acts:
        terms.give(**told)
    assert terms.words() == ["secret"] * 3
    life.holds()


@pytest.mark.parametrize("acts", [[{"girls": 15}, {"share": (15, 16)}]])
def test_so_it_does_where_the_other_term_is_corrected(life, acts):  # noqa: F811
    terms = Terms(life)
    terms.year()
    for told in ({"girls": 12}, {"children": 16}, {"share": (12, 16)}, *acts):
        terms.give(**told)
    assert terms.words() == ["secret"] * 3
    life.holds()


def test_so_it_does_where_the_share_alone_tells_the_other_term(life):  # noqa: F811
    """Girls, 7, do not follow; that all 13 are told 15 children that 2 are none."""
    terms = Terms(life)
    terms.year()
    for told in ({"girls": 7}, {"children": 13}, {"share": (13, 13)},
                 {"children": 15}, {"share": (13, 15)}):  # fmt: skip
        terms.give(**told)
    assert terms.words() == ["7", "secret", "secret"]
    life.holds()


def test_so_it_does_before_the_share_is_given(life):  # noqa: F811
    terms = Terms(life)
    terms.year()
    for told in ({"children": 16}, {"girls": 12}, {"children": 13}):
        terms.give(**told)
    assert terms.words() == ["secret", "secret", "manquant"]


def test_what_nothing_keeps_open_of_it_is_named(life):  # noqa: F811
    """Children are another provider's, who has no rule: 13 is told."""
    terms = Terms(life)
    terms.of(life.committee.epci, "children")
    terms.year()
    for told in ({"children": 16}, {"girls": 12}, {"share": (12, 16)},
                 {"children": 13}, {"share": (12, 13)}):  # fmt: skip
        terms.give(**told)
    assert terms.words() == ["secret", "13", "secret"]
    assert life.entry_of(terms.indicators["share"]).audits.done().last().exposed == [""]


def test_what_parts_left_of_a_total_stays_open(life):  # noqa: F811
    """Boys are not given: 4 of 16 children are no girls."""
    family = Family(life)
    family.year()
    for told in ({"children": 16}, {"girls": 12}, {"children": 13}):
        family.give(**told)
    assert family.words() == ["secret", "manquant", "secret"]
