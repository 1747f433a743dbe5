"""What is agreed of indicators once a year has asked for them, in force today or no more: who has
read it holds it for true of that year."""

import pytest

from agreements.answers.events import retract
from indicators.disclosure.joining import join_unjoined
from tests.indicators.disclosure.test_sequences import Family, life, tie  # noqa: F401  (a fixture)
from tests.indicators.disclosure.test_shares import SHARE, Terms
from tests.indicators.factories import redefine, version_of

pytestmark = pytest.mark.django_db

SINGLE = {"grain": "territory", "aggregation": "none"}


class Apart(Family):
    """Girls, boys and children, of whom nothing says yet that they add up."""

    def __init__(self, life):  # noqa: F811
        self.life, self.share = life, None
        names = {"girls": "Filles", "boys": "Garçons", "children": "Enfants"}
        self.indicators = {name: life.another(title, **SINGLE) for name, title in names.items()}
        girls, boys, children = self.indicators.values()
        life.reader.ties = [tie(children, girls, boys)]

    def declare(self, *parts) -> None:
        parts = [self.indicators[name] for name in parts]
        redefine(self.life.committee, self.indicators["children"], parts=parts)


@pytest.fixture
def apart(life):  # noqa: F811
    return Apart(life)


class TestATotalNoMore:
    def test_it_is_declared_no_more(self, life, apart):  # noqa: F811
        apart.year()
        apart.declare("girls", "boys")
        apart.give(girls=40, boys=3, children=43)
        assert apart.words() == ["secret", "secret", "43"]
        apart.declare()
        apart.give(girls=41, children=44)
        assert apart.words() == ["secret", "secret", "44"]
        life.holds("masked")

    def test_the_agreement_is_taken_back(self, life, apart):  # noqa: F811
        apart.year()
        apart.declare("girls", "boys")
        declared = version_of(apart.indicators["children"])
        retract(declared, reason="Trop tôt.", by=life.committee.caf_member)
        apart.give(girls=40, boys=3, children=43)
        assert apart.words().count("secret") == 2
        life.holds("masked")

    def test_a_year_that_opens_since_knows_nothing_of_it(self, apart):
        apart.declare("girls", "boys")
        apart.declare()
        apart.year()
        apart.give(girls=40, boys=3, children=43)
        assert apart.words() == ["40", "secret", "43"]

    def test_tables(self, life):  # noqa: F811
        girls, boys, children = map(life.another, ("Filles", "Garçons", "Enfants"))
        life.reader.ties = [tie(children, girls, boys)]
        life.year(girls, boys, children)
        redefine(life.committee, children, parts=[girls, boys])
        life.lives(indicator=girls, a=3, b=20, c=30, d=50)
        life.lives(indicator=boys, a=40, b=40, c=60, d=90)
        life.lives(indicator=children, a=43, b=60, c=90, d=140)
        redefine(life.committee, children, parts=[])
        life.lives(indicator=boys, a=41, b=40, c=60, d=90)
        life.lives(indicator=children, a=44, b=60, c=90, d=140)
        life.holds("masked")


class TestATotalOfOthers:
    """Frozen as that of girls and boys, agreed to be that of two ages since."""

    @pytest.fixture
    def ages(self, life):  # noqa: F811
        family = Family(life)
        young, old = (life.another(title, **SINGLE) for title in ("Petits", "Grands"))
        family.indicators |= {"young": young, "old": old}
        life.reader.ties = [*life.reader.ties, tie(family.indicators["children"], young, old)]
        family.year()
        return family

    @staticmethod
    def declare(family) -> None:
        ages = [family.indicators[name] for name in ("young", "old")]
        redefine(family.life.committee, family.indicators["children"], parts=ages)

    def test_before_they_are_given(self, life, ages):  # noqa: F811
        self.declare(ages)
        ages.give(girls=20, boys=23, children=43)
        ages.give(young=40, old=3)
        assert ages.words() == ["20", "23", "43", "secret", "secret"]
        life.holds("masked")

    def test_what_is_corrected_after_they_were_told(self, life, ages):  # noqa: F811
        """Three old ones of 43 and 40 are known as soon as the parties say so; four are not."""
        ages.give(girls=20, boys=23, children=43, young=40, old=3)
        assert ages.words() == ["20", "23", "43", "40", "secret"]
        self.declare(ages)
        ages.give(girls=22, children=45, young=41, old=4)
        assert ages.words()[3:] == ["secret", "secret"]
        assert [" is 3.0" in hole for hole in life.reader.holes()] == [True]


@pytest.mark.parametrize("frozen", [
    {"numerator": "Jeunes filles"}, {"denominator": "Tous"}, {"numerator": "", "denominator": ""},
])  # fmt: skip
def test_a_share_whose_terms_are_called_otherwise_since(life, frozen):  # noqa: F811
    """Frozen under another name, which tells nobody that girls are counted as well."""
    frozen = {name: called or f"Autre {name}" for name, called in frozen.items()}
    terms = Terms(life, **frozen)
    terms.year()
    redefine(life.committee, terms.share, **{name: SHARE[name] for name in frozen})
    terms.give(girls=40, children=43, share=(40, 43))
    assert terms.words().count("secret") == 2
    life.holds("masked")


@pytest.mark.parametrize("was_joined", [True, False])
def test_the_clock_joins_what_no_rule_protects_beside_what_is_joined(life, was_joined):  # noqa: F811
    """Another provider tells the girls of a total, and no rule holds for it."""
    family = Family(life)
    told = {"provider": life.committee.epci, **SINGLE}
    family.indicators["too"] = too = life.another("Filles", **told)
    life.reader.ties = [*life.reader.ties, tie(family.indicators["girls"], too)]
    family.year()
    entries = life.country.campaign.campaign_indicators
    entries.filter(indicator=too).update(adds_up=was_joined)
    join_unjoined()
    assert entries.get(indicator=too).adds_up
    family.give(too=40)
    family.give(girls=40, boys=3, children=43)
    assert family.words() == ["40", "secret", "secret", "40"]
    life.holds("masked")
