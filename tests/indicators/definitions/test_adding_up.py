"""« Total de »: the indicators by commune that add up to another one."""

import pytest

from agreements.models import Version
from ctg_portal.rules import Refused
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


def test_it_is_asked_agreed_and_told(committee, girls, boys, get, post):  # noqa: F811
    assert "Total de (facultatif)" in get("nouveau/")
    asked = typed(committee, title="Enfants", parts=[girls.pk, boys.pk], **OF_COMMUNES)
    post("nouveau/", **asked, action="proposer")
    version = Version.objects.proposed().get()
    assert [part["name"] for part in version.content["parts"]] == ["Filles", "Garçons"]
    assert "Filles" in get(f"{version.object_id}/")


def test_in_force_it_is_kept_on_the_row(committee, girls, boys):
    children = by_commune(committee, "Enfants", parts=[girls, boys])
    assert set(children.parts.all()) == {girls, boys}
    assert list(girls.totals.all()) == [children]


def test_only_what_adds_up_is_offered(committee, girls, get):  # noqa: F811
    indicator_in_force(committee, title="Du territoire", code="T")
    by_commune(
        committee, "Part", calculation="ratio", numerator="a", denominator="b", aggregation="ratio"
    )
    get("nouveau/")
    client = get.client
    address = f"/conventions/{committee.convention.slug}/indicateurs/"
    form = client.get(f"{address}nouveau/").context["form"]
    assert list(form.fields["parts"].queryset) == [girls]
    assert "parts" not in client.get(f"{address}{girls.pk}/modifier/").context["form"].fields


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"is_confidential": "on"}, "soumis tous deux au secret statistique"),
        ({"calculation": "ratio", "numerator": "a", "denominator": "b", "aggregation": "ratio"},
         "Un rapport n’est le total de rien"),
    ],
)  # fmt: skip
def test_what_makes_no_total_is_told(committee, girls, post, values, told):  # noqa: F811
    asked = typed(committee, title="Enfants", parts=[girls.pk]) | OF_COMMUNES | values
    response = post("nouveau/", **asked, action="proposer")
    assert told in " ".join(response.context["form"].errors["parts"])
    assert not Version.objects.proposed().exists()


def test_of_the_whole_territory_nothing_is_asked(committee, girls, post):  # noqa: F811
    post("nouveau/", **typed(committee, title="Enfants", parts=[girls.pk]))
    assert Version.objects.drafts().get().content["parts"] == []


def test_a_total_is_none_of_its_own_parts(committee, girls, boys):
    children = by_commune(committee, "Enfants", parts=[girls, boys])
    with pytest.raises(Refused, match="est lui-même un total de cet indicateur"):
        redefine(committee, girls, parts=[children])


@pytest.mark.parametrize(
    ("values", "told"),
    [({"is_confidential": True}, "L’un dirait l’autre"),
     ({"grain": "territory", "aggregation": "none"}, "en est un total")],
)  # fmt: skip
def test_a_part_stays_one(committee, girls, boys, values, told):
    by_commune(committee, "Enfants", parts=[girls, boys])
    with pytest.raises(Refused, match=told):
        redefine(committee, girls, **values)
