"""Which communes a cell of a plan names."""

import datetime

import pytest

from actions.files.coming_in.where import Where
from spreadsheets.matching.questions import Asking
from tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAY = datetime.date(2030, 1, 1)


@pytest.fixture
def where():
    convention = f.ConventionFactory(end=DAY)
    for code, name in [("86183", "Les Ormes"), ("86207", "La Roche-Posay"), ("86001", "Saint-Paul"),
                       ("37001", "Saint-Paul")]:  # fmt: skip
        f.CoverageFactory(commune__convention=convention, commune__name=name,
                          commune__insee_code=code)  # fmt: skip
    return Where(convention, DAY, Asking({}))


def test_a_commune_is_known_by_its_article(where):
    found, unknown, is_all = where.communes_of("Commune des Ormes ; mairie de La Roche-Posay")
    assert [commune.name for commune in found] == ["Les Ormes", "La Roche-Posay"]
    assert not unknown
    assert not is_all


def test_a_name_that_two_communes_have_is_asked_about(where):
    found, unknown, _ = where.communes_of("Les Ormes, Saint-Paul")
    assert [commune.name for commune in found] == ["Les Ormes"]
    assert unknown == ["Saint-Paul"]
