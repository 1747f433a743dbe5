"""What counts people is subject to statistical secrecy, or its definition says why not."""

import pytest

from agreements.models import Version
from indicators.definitions.definition import counts_people
from tests.indicators.pages import get, indicators_url, post, typed  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("unit", "title", "calculation", "expected"),
    [
        ("enfants", "", "direct", True),
        ("Foyers allocataires", "", "direct", True),
        ("nombre de bénéficiaires", "", "direct", True),
        ("nombre d’élèves", "", "direct", True),
        ("places", "Places pour les enfants", "direct", False),
        ("€", "Dépense par famille", "direct", False),
        ("%", "Part des familles monoparentales", "ratio", True),
        ("%", "Taux d’occupation", "ratio", False),
        ("places pour 100 enfants", "Taux de couverture", "ratio", False),
    ],
)
def test_the_unit_and_the_title_tell_what_counts_people(unit, title, calculation, expected):
    assert counts_people(unit, title, calculation) == expected


def test_a_new_indicator_is_confidential_at_first(committee, get):  # noqa: F811
    get("nouveau/")
    form = get.client.get(indicators_url(committee, "nouveau/")).context["form"]
    assert form["is_confidential"].value() is True


@pytest.mark.parametrize(
    ("values", "is_proposed"),
    [
        ({"unit": "enfants"}, False),
        ({"unit": "enfants", "is_confidential": "on"}, True),
        ({"unit": "enfants", "not_confidential_reason": "L’Insee le publie."}, True),
        ({"unit": "places"}, True),
    ],
)
def test_a_reason_is_asked_where_a_count_of_people_is_not_confidential(
    committee, get, post, values, is_proposed  # noqa: F811
):  # fmt: skip
    response = post("nouveau/", **typed(committee, **values), action="proposer")
    version = Version.objects.proposed().first()
    assert bool(version) == is_proposed
    if not version:
        [error] = response.context["form"].errors["not_confidential_reason"]
        assert "dites pourquoi" in error
    elif reason := values.get("not_confidential_reason"):
        assert reason in get(f"{version.object_id}/")
