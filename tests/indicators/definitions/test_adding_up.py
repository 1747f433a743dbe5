"""« Total de »: the indicators that add up to another one, by commune or for the territory."""

import pytest

from agreements.models import Version
from ctg_portal.rules import Refused
from indicators.definitions import adding_up
from indicators.models import Indicator
from tests.indicators.factories import indicator_in_force, redefine
from tests.indicators.pages import get, post, typed  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db

OF_COMMUNES = {"grain": "commune", "aggregation": "sum"}


def by_commune(committee, title: str, **values) -> Indicator:
    return indicator_in_force(committee, title=title, code=title, **(OF_COMMUNES | values))


@pytest.fixture
def girls(committee):
    return by_commune(committee, "Filles")


@pytest.fixture
def boys(committee):
    return by_commune(committee, "Garçons")


def test_a_proposed_total_has_its_parts_in_its_version_and_page(committee, girls, boys, get, post):  # noqa: F811
    assert "Total de (facultatif)" in get("nouveau/")
    asked = typed(committee, title="Enfants", parts=[girls.pk, boys.pk], **OF_COMMUNES)
    post("nouveau/", **asked, action="proposer")
    version = Version.objects.proposed().get()
    assert [part["name"] for part in version.content["parts"]] == ["Filles", "Garçons"]
    assert "Filles" in get(f"{version.object_id}/")


def test_a_total_in_force_is_kept_on_its_row(committee, girls, boys):
    children = by_commune(committee, "Enfants", parts=[girls, boys])
    assert set(children.parts.all()) == {girls, boys}
    assert list(girls.totals.all()) == [children]


def test_only_what_adds_up_is_offered(committee, girls, get):  # noqa: F811
    by_commune(
        committee, "Part", calculation="ratio", numerator="a", denominator="b", aggregation="ratio"
    )
    by_commune(committee, "Revenu médian", unit="€")
    indicator_in_force(committee, title="Occupation", code="T", unit="%")
    get("nouveau/")
    client = get.client
    address = f"/conventions/{committee.convention.slug}/indicateurs/"
    form = client.get(f"{address}nouveau/").context["form"]
    assert list(form.fields["parts"].queryset) == [girls]
    assert "parts" not in client.get(f"{address}{girls.pk}/modifier/").context["form"].fields


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"is_confidential": "on"}, "soumis tous deux au secret statistique"),
        ({"calculation": "ratio", "numerator": "a", "denominator": "b", "aggregation": "ratio"},
         "Un rapport n’est le total de rien"),
        ({"title": "Taux d’accueil"}, "n’est le total de rien"),
        ({"grain": "territory", "aggregation": "none"},
         "« Filles » est compté par commune, cet indicateur pour tout le territoire"),
        ({"unit": "€"}, "se compte en « places », cet indicateur en « € »"),
    ],
)  # fmt: skip
def test_parts_that_make_no_total_are_refused_on_the_form(
    committee,
    girls,
    post,  # noqa: F811
    values,
    expected,
):
    asked = typed(committee, title="Enfants", parts=[girls.pk]) | OF_COMMUNES | values
    response = post("nouveau/", **asked, action="proposer")
    assert expected in " ".join(response.context["form"].errors["parts"])
    assert not Version.objects.proposed().exists()


def test_a_total_of_the_whole_territory_is_asked_as_well(committee, post):  # noqa: F811
    girls = indicator_in_force(committee, title="Filles", code="F")
    post("nouveau/", **typed(committee, title="Enfants", parts=[girls.pk]), action="proposer")
    [version] = Version.objects.proposed()
    assert [part["name"] for part in version.content["parts"]] == ["Filles"]


@pytest.mark.parametrize(
    ("title", "unit", "calculation", "is_summable"),
    [
        ("Enfants accueillis", "enfants", "direct", True),
        ("Prestations versées", "€", "direct", True),
        ("Heures d’ouverture", "heures par an", "direct", True),
        ("Participation", "participants", "direct", True),
        ("Couverture", "%", "direct", False),
        ("Couverture", "places pour 100 enfants", "direct", False),
        ("Coût", "€ par place", "direct", False),
        ("Coût", "€/heure", "direct", False),
        ("Taux d’occupation", "places", "direct", False),
        ("Part des familles aidées", "familles", "direct", False),
        ("Revenu médian", "€", "direct", False),
        ("Enfants par place", "enfants", "ratio", False),
    ],
)
def test_the_title_and_the_unit_tell_what_adds_up(title, unit, calculation, is_summable):
    assert adding_up.is_summable(title, unit, calculation) == is_summable


def test_a_total_is_none_of_its_own_parts(committee, girls, boys):
    children = by_commune(committee, "Enfants", parts=[girls, boys])
    with pytest.raises(Refused, match="est lui-même un total de cet indicateur"):
        redefine(committee, girls, parts=[children])


@pytest.mark.parametrize(
    ("values", "expected"),
    [({"is_confidential": True}, "L’un dirait l’autre"),
     ({"grain": "territory", "aggregation": "none"}, "ils ne s’additionnent pas"),
     ({"unit": "%"}, "en est un total"), ({"unit": "heures"}, "la même unité")],
)  # fmt: skip
def test_a_part_is_not_changed_into_what_adds_up_no_more(committee, girls, boys, values, expected):
    by_commune(committee, "Enfants", parts=[girls, boys])
    with pytest.raises(Refused, match=expected):
        redefine(committee, girls, **values)


# The situation from which it starts ---------------------------------------------------------------

START = 2021


@pytest.fixture
def secret(committee):
    committee.caf.masking_threshold = 5
    committee.caf.save()


def counted(committee, title: str, baseline, *, year=START, **values) -> Indicator:
    fields = {"baseline_value": baseline, "baseline_year": year if baseline else None}
    is_secret = {"is_confidential": True, "unit": "enfants"}
    return indicator_in_force(committee, title=title, code=title, **is_secret, **fields, **values)


def asked_of(committee, *parts, baseline, **values) -> dict:
    return typed(
        committee, title="Enfants", parts=[part.pk for part in parts], unit="enfants",
        is_confidential="on", baseline_value=baseline, baseline_year=str(START), **values,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("girls", "children", "year", "is_told"),
    [(40, "43", START, False), (40, "90", START, True), (40, "40", START, True),
     (40, "43", START - 1, True)],
)  # fmt: skip
def test_two_baselines_tell_no_third(
    committee, secret, post, girls, children, year, is_told  # noqa: F811
):  # fmt: skip
    """Boys, 3, have none, for they would not be told."""
    girls, boys = (
        counted(committee, "Filles", girls, year=year),
        counted(committee, "Garçons", None),
    )
    asked = asked_of(committee, girls, boys, baseline=children)
    response = post("nouveau/", **asked, action="proposer")
    assert Version.objects.proposed().exists() == is_told
    if not is_told:
        [error] = response.context["form"].errors["baseline_value"]
        assert "celle-ci donnerait celle de « Garçons » : laissez-la vide" in error


def test_the_last_baseline_that_would_tell_a_third_is_refused(committee, secret):
    girls, boys = counted(committee, "Filles", None), counted(committee, "Garçons", None)
    counted(committee, "Enfants", 43, parts=[girls, boys])
    with pytest.raises(Refused, match="donnerait celle de « Garçons »"):
        redefine(committee, girls, baseline_value=40, baseline_year=START)


def test_a_baseline_that_tells_another_through_two_totals_is_refused(committee, secret):
    """All are girls and boys; girls are of two ages, of which both are told."""
    young, old = counted(committee, "Petites", 20), counted(committee, "Grandes", 20)
    girls = counted(committee, "Filles", None, parts=[young, old])
    boys = counted(committee, "Garçons", None)
    with pytest.raises(Refused, match="donnerait celle de « Garçons »"):
        counted(committee, "Enfants", 43, parts=[girls, boys])


def test_a_baseline_total_that_reveals_the_sum_of_secret_parts_is_refused(committee, secret):
    parts = [counted(committee, title, base)
             for title, base in (("Filles", 40), ("Garçons", None), ("Autres", None))]  # fmt: skip
    with pytest.raises(Refused, match="laissez-la vide"):
        counted(committee, "Enfants", 43, parts=parts)


def test_a_baseline_revealed_by_a_proposed_total_is_refused(committee, secret, post):  # noqa: F811
    girls, boys = counted(committee, "Filles", None), counted(committee, "Garçons", None)
    asked = asked_of(committee, girls, boys, baseline="43")
    post("nouveau/", **asked, action="proposer")
    assert Version.objects.proposed().count() == 1
    with pytest.raises(Refused, match="donnerait celle de « Garçons »"):
        redefine(committee, girls, baseline_value=40, baseline_year=START)


def test_baselines_are_all_accepted_where_no_rule_protects(committee):
    committee.caf.opts_out_of_secrecy = True
    committee.caf.save()
    girls, boys = counted(committee, "Filles", 40), counted(committee, "Garçons", None)
    assert counted(committee, "Enfants", 43, parts=[girls, boys]).baseline_value == 43
