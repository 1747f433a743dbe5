"""The intercommunalité beside a table is what its figures come to: it stands where it tells none
that is secret, or will be."""

import pytest

from conventions.models import Commune
from indicators.statistics.surroundings import surroundings_of
from tests.committee.pages import page_of
from tests.indicators.factories import campaign_of, redefine, value_of
from tests.indicators.statistics.conftest import CODES, YEAR, public_indicator
from tests.indicators.statistics.published import filosofi
from tests.indicators.statistics.test_pages import url

pytestmark = pytest.mark.django_db
TOTAL = 153


@pytest.fixture(autouse=True)
def _rule(committee, communes):
    """The Caf has a rule, the intercommunalité has none."""
    committee.caf.masking_threshold, committee.epci.opts_out_of_secrecy = 5, True
    committee.caf.save()
    committee.epci.save()


@pytest.fixture
def release(load):
    return load(published({"86066": 100, "86002": 50}), source="insee_filosofi", year=YEAR)


@pytest.fixture
def poor(committee):
    return public_indicator(committee, "LO-08", unit="foyers")


def published(figures, *, year=YEAR, total=TOTAL) -> bytes:
    """Of these communes, of the intercommunalité and of the département."""
    around = [("248600413", "EPCI", "PR_MD60", total), ("86", "DEP", "PR_MD60", 900)]
    lines = [(code, "COM", "PR_MD60", number) for code, number in figures.items()]
    return filosofi([*lines, *around], year=year)


def give(campaign, indicator, figures, **fields) -> None:
    communes = {one.insee_code: one for one in Commune.objects.filter(insee_code__in=CODES)}
    for code, number in figures.items():
        value_of(campaign, indicator, number, commune=communes[code], **fields)


def figures_around(indicator) -> dict[int, str]:
    """What stands of the intercommunalité beside an indicator, by year. The département does."""
    surroundings = surroundings_of(indicator.convention, indicator)
    texts = {
        one.name: dict(zip(surroundings.years, one.texts, strict=True))
        for one in surroundings.landmarks
    }
    assert set(texts["Vienne"].values()) == {"900,0"}
    by_year = texts.get("Intercommunalité", {})
    return {year: text for year, text in by_year.items() if text != "–"}


def test_a_commune_of_which_nothing_is_published_yet_hides_the_line(committee, poor, release):
    """153 − 100 − 50 is what the Caf will give, under its rule."""
    campaign = campaign_of(committee, YEAR, [poor])
    give(campaign, poor, {"86066": 100, "86002": 50}, release=release)
    assert figures_around(poor) == {}


def test_a_commune_that_the_publisher_keeps_secret_hides_the_line(committee, poor, release):
    campaign = campaign_of(committee, YEAR, [poor])
    give(campaign, poor, {"86066": 100, "86002": 50}, release=release)
    give(campaign, poor, {"86001": None}, release=release, absence="not_available", reason="Insee")
    assert figures_around(poor) == {}


def test_the_total_is_shown_where_all_communes_are_published(committee, poor, release):
    campaign = campaign_of(committee, YEAR, [poor])
    give(campaign, poor, {"86066": 100, "86002": 50, "86001": 3}, release=release)
    assert figures_around(poor) == {YEAR: "153,0"}


def test_the_published_rate_of_the_territory_is_shown(committee, release):
    """A rate adds up to nothing: that of the intercommunalité fills the collection, and is told."""
    rate = public_indicator(committee, "LO-08", unit="%", aggregation="none")
    campaign = campaign_of(committee, YEAR, [rate])
    give(campaign, rate, {"86066": 100}, release=release)
    value_of(campaign, rate, TOTAL, release=release)
    assert figures_around(rate) == {YEAR: "153,0"}


def test_a_part_of_what_is_partly_published_hides_the_line(committee, release):
    """Of the third commune nothing is published, under no rule of its own: 153 − 100 − 50. Those
    who are alone there are none, as everybody reads: the couples, in secret, are these 3."""
    kinds = {
        title: public_indicator(committee, "", code=title, unit="foyers", title=title)
        for title in ("Couples", "Seuls")
    }
    poor = public_indicator(
        committee, "LO-08", unit="foyers", parts=[*kinds.values()], provider=committee.epci
    )
    campaign = campaign_of(committee, YEAR, [*kinds.values(), poor])
    give(campaign, poor, {"86066": 100, "86002": 50}, release=release)
    give(campaign, kinds["Couples"], {"86066": 60, "86002": 20, "86001": 3})
    give(campaign, kinds["Seuls"], {"86066": 40, "86002": 30, "86001": 0})
    assert figures_around(poor) == {}
    give(campaign, poor, {"86001": 3}, release=release)
    assert figures_around(poor) == {YEAR: "153,0"}


OTHERS = ["part", "never asked", "total of parts", "part of a total"]


@pytest.mark.parametrize("other", ["nothing", *OTHERS])
def test_a_secret_that_adds_up_with_partly_published_figures_hides_the_line(
    committee, release, other
):
    """What is published is told under no rule, of two communes of three; the other is secret."""
    open_to_all = {"unit": "foyers", "provider": committee.epci}
    secret = public_indicator(committee, "", code="X-1", unit="foyers", title="En secret")
    third = public_indicator(committee, "", code="X-2", title="Autres", **open_to_all)
    parts = [secret, third] if other in OTHERS[:2] else []
    poor = public_indicator(committee, "LO-08", parts=parts, **open_to_all)
    if other == "total of parts":
        secret.parts.set([poor, third])
    elif other == "part of a total":
        third.parts.set([poor, secret])
    asked = [poor, third] if other == "never asked" else [poor, third, secret]
    campaign = campaign_of(committee, YEAR, asked)
    give(campaign, poor, {"86066": 100, "86002": 50}, release=release)
    assert figures_around(poor) == ({YEAR: "153,0"} if other == "nothing" else {})


# Year by year ------------------------------------------------------------------------------------


@pytest.fixture
def later(load):
    """Of the year after, nothing is published of the communes."""
    return load(published({}, year=YEAR + 1), source="insee_filosofi", year=YEAR + 1)


ALL = {"86066": 100, "86002": 50, "86001": 3}


def test_a_later_year_that_is_opened_hides_its_own_line_alone(committee, poor, release, later):
    campaign = campaign_of(committee, YEAR, [poor])
    give(campaign, poor, ALL, release=release)
    following = campaign_of(committee, YEAR + 1, [poor])
    assert figures_around(poor) == {YEAR: "153,0"}
    give(following, poor, ALL, release=later)
    assert figures_around(poor) == {YEAR: "153,0", YEAR + 1: "153,0"}


def test_a_year_partly_given_by_its_provider_hides_its_own_line_alone(
    committee, poor, release, later
):
    campaign = campaign_of(committee, YEAR, [poor])
    give(campaign, poor, {"86066": 100, "86002": 50}, release=release)
    give(campaign, poor, {"86001": 3})
    following = campaign_of(committee, YEAR + 1, [poor])
    give(following, poor, ALL, release=later)
    assert figures_around(poor) == {YEAR + 1: "153,0"}


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_year_without_collection_is_shown_where_all_of_it_is_published(
    committee, poor, load, later, is_whole
):
    """The same year is told once all that is collected of another is published."""
    figures = ALL if is_whole else {"86066": 100, "86002": 50}
    load(published(figures), source="insee_filosofi", year=YEAR)
    campaign = campaign_of(committee, YEAR + 1, [poor])
    give(campaign, poor, {"86066": 100, "86002": 50}, release=later)
    assert figures_around(poor) == {}
    give(campaign, poor, {"86001": 3}, release=later)
    before = {YEAR: "153,0"} if is_whole else {}
    assert figures_around(poor) == before | {YEAR + 1: "153,0"}


@pytest.mark.parametrize(
    ("state", "is_told"), [("closed", True), ("open", False), ("reopened", False)]
)
def test_an_indicator_not_asked_for_hides_the_line_until_the_year_closes(
    committee, poor, release, later, state, is_told
):
    """The same count under another code may yet be asked for that year, in secret."""
    again = public_indicator(committee, "", code="X-1", unit="foyers", title=poor.title)
    campaign = campaign_of(committee, YEAR, [poor], state=state)
    give(campaign, poor, ALL, release=release)
    campaign_of(committee, YEAR + 1, [poor, again])
    assert figures_around(poor) == ({YEAR: "153,0"} if is_told else {})


# As it was agreed before -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before",
    [{"title": "Foyers LO-08"}, {"parts": ["poor"]}, {"parts": ["poor", "third"]}],
    ids=["its name", "the total of it alone", "the total of it and another"],
)
def test_an_indicator_once_agreed_as_a_count_of_the_same_still_hides_the_total(
    committee, release, before
):
    """What it counts was told everybody, and holds for figures of then, whatever it says since."""
    open_to_all = {"unit": "foyers", "provider": committee.epci}
    poor = public_indicator(committee, "LO-08", **open_to_all)
    third = public_indicator(committee, "", code="X-2", title="Autres", **open_to_all)
    parts = [{"poor": poor, "third": third}[name] for name in before.get("parts", ())]
    named = {"title": "En secret"} | before | {"parts": parts}
    secret = public_indicator(committee, "", code="X-1", unit="foyers", **named)
    campaign = campaign_of(committee, YEAR, [poor, secret])
    give(campaign, poor, {"86066": 100, "86002": 50}, release=release)
    assert figures_around(poor) == {}
    redefine(committee, secret, title="Autrement", parts=[])
    assert figures_around(poor) == {}


# What another edition changes --------------------------------------------------------------------


@pytest.mark.parametrize("is_secret", [True, False])
def test_the_changes_of_an_edition_reveal_no_secret(client, committee, poor, load, is_secret):
    release = load(published(ALL), source="insee_filosofi", year=YEAR)
    campaign = campaign_of(committee, YEAR, [poor])
    give(campaign, poor, {"86066": 100, "86002": 50}, release=release)
    give(campaign, poor, {"86001": 3}, release=None if is_secret else release)
    corrected = published(ALL | {"86066": 101}, total=154)
    waiting = load(corrected, source="insee_filosofi", year=YEAR)
    client.force_login(committee.epci_member)
    page = page_of(client.get(url(committee, "release", waiting.pk)))
    assert "2 chiffres changent" in page
    assert "101,0" in page
    hidden = "Un chiffre qui change n’est pas montré ici"
    assert [word in page for word in ("153,0", "154,0", hidden)] == (
        [False, False, True] if is_secret else [True, True, False]
    )
