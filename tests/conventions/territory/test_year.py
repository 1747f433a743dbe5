"""The perimeter of a year: who belongs to it on its last day."""

import datetime

import pytest

from conventions.models import Coverage
from tests import factories as f

START = datetime.date(2020, 7, 1)


@pytest.fixture
def convention(db):
    return f.ConventionFactory(signed_on=START, end=datetime.date(2024, 12, 31))


def cover(convention, name, **fields):
    commune = f.CommuneFactory(convention=convention, name=name)
    return f.CoverageFactory(commune=commune, **fields)


def names(convention, year):
    return [str(one.commune) for one in Coverage.objects.of_year(convention, year)]


def test_communes_enter_and_leave(convention):
    cover(convention, "Toujours")
    cover(convention, "Entrée", joined_on=datetime.date(2022, 12, 31))
    cover(convention, "Sortie", left_on=datetime.date(2022, 12, 30))
    cover(f.ConventionFactory(signed_on=START), "Ailleurs")
    assert names(convention, 2021) == ["Sortie", "Toujours"]
    assert names(convention, 2022) == ["Entrée", "Toujours"]


def test_a_year_before_the_start_is_read_as_the_convention_started(convention):
    cover(convention, "Toujours")
    cover(convention, "Entrée", joined_on=datetime.date(2021, 1, 1))
    assert names(convention, 2018) == names(convention, 2020) == ["Toujours"]


def test_what_an_amendment_takes_out_is_of_the_years_before(convention):
    amendment = f.AmendmentFactory(
        convention=convention, number=1, signed_on=START, effective_on=datetime.date(2022, 6, 1)
    )
    cover(convention, "Toujours")
    cover(convention, "Retirée", until=amendment)
    assert names(convention, 2021) == ["Retirée", "Toujours"]
    assert names(convention, 2022) == ["Toujours"]


def test_a_project_has_all_that_it_names(db):
    convention = f.ConventionFactory(project=True)
    amendment = f.AmendmentFactory(convention=convention, effective_on=None, signed_on=None)
    cover(convention, "Prévue", since=amendment)
    assert names(convention, 2024) == ["Prévue"]
