"""A part of a total, or the total, whose provider has no rule of secrecy, and which is told last:
what is masked beside it stays so."""

from itertools import permutations

import pytest

from indicators.definitions.definition import Definition
from indicators.disclosure import disclose
from indicators.models import CampaignIndicator
from tests.indicators.disclosure.test_sequences import Family, life, tie  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db

GIVEN = {"girls": 40, "boys": 3, "children": 43}


@pytest.fixture
def family(life):  # noqa: F811
    return Family(life)


@pytest.mark.parametrize("free", ["girls", "children"])
def test_what_is_masked_stays_so(life, family, free):  # noqa: F811
    """Whatever is given first: what would tell the boys waits for them."""
    family.of(life.committee.epci, free)
    for after, order in enumerate(permutations(GIVEN), start=1):
        family.year(after=after)
        for name in order:
            family.give(**{name: GIVEN[name]})
            if "boys" in order[: order.index(name) + 1]:
                life.holds()
        told = dict(zip(GIVEN, family.words(), strict=True))
        assert told[free] == str(GIVEN[free])
        assert {*told.values()} == {str(GIVEN[free]), "secret"}


def test_nothing_waits_for_what_will_be_told(life, family):  # noqa: F811
    """Nor for a rule that holds for all."""
    family.of(life.committee.epci, "girls")
    family.year()
    family.give(children=70)
    assert family.words() == ["manquant", "manquant", "en attente"]
    family.give(boys=30)
    assert family.words() == ["manquant", "30", "70"]
    family.give(girls=40)
    assert family.words() == ["40", "30", "70"]
    life.holds()


def test_what_is_held_back_says_for_what(life, family):  # noqa: F811
    family.of(life.committee.epci, "girls")
    family.year()
    family.give(children=70)
    assert why(life, family.indicators["children"]) == (
        "ce qui s’additionne avec « Filles » et « Garçons » sera montré quand tout sera donné, "
        "ou le recueil clos"
    )
    family.give(children=71)
    assert "« Garçons »" in why(life, family.indicators["children"])
    family.give(girls=40, boys=31)
    assert why(life, family.indicators["children"]) == ""


def why(life, indicator) -> str:  # noqa: F811
    entry = CampaignIndicator.objects.with_relations().get(pk=life.entry_of(indicator).pk)
    figure = disclose(entry.values.whole().get(), Definition.of(entry.version), entry.rule)
    return figure.reason.replace("\u00a0", " ")


def test_a_table_that_is_held_back_says_for_what(life):  # noqa: F811
    girls = life.another("Filles", provider=life.committee.epci)
    boys = life.another("Garçons")
    life.another("Places")
    children = life.another("Enfants", parts=[girls, boys])
    life.year(girls, boys, children)
    life.lives(indicator=children, a=43, b=60, c=80, d=110)
    told = life.country.read()
    assert "« Filles » et « Garçons »" in told.awaited.replace("\u00a0", " ")
    assert told.territory.reason in told.awaited
    life.lives(indicator=girls, a=40, b=20, c=30, d=50)
    assert "en cours de calcul" not in told.awaited
    life.lives(indicator=boys, a=3, b=40, c=50, d=60)
    life.country.indicator = children
    assert life.country.read().awaited == ""


def test_a_year_that_is_closed_waits_for_nothing(life, family):  # noqa: F811
    family.of(life.committee.epci, "girls")
    family.year()
    family.give(children=70)
    life.lives(life.close)
    assert family.words() == ["manquant", "manquant", "70"]


def test_so_do_tables(life):  # noqa: F811
    girls = life.another("Filles", provider=life.committee.epci)
    boys = life.another("Garçons")
    children = life.another("Enfants", parts=[girls, boys])
    life.reader.ties = [tie(children, girls, boys)]
    given = {
        girls: {"a": 40, "b": 20, "c": 30, "d": 50},
        boys: {"a": 3, "b": 40, "c": 50, "d": 60},
        children: {"a": 43, "b": 60, "c": 80, "d": 110},
    }
    for after, order in enumerate(permutations(given), start=1):
        life.year(*given, after=after)
        for indicator in order:
            life.lives(indicator=indicator, **given[indicator])
        life.holds("masked")
        life.country.indicator = girls
        assert life.country.words()[0] == "40"
