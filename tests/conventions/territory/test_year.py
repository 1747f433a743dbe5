"""The perimeter of a year: who belongs to it on its last day."""

import datetime

import pytest

from conventions.models import Coverage
from conventions.territory.reading import perimeters_of
from ctg_portal.marks.cache import caching
from ctg_portal.marks.events import changed, changing
from ctg_portal.marks.models import Subject
from tests import factories as f

START = datetime.date(2020, 7, 1)


@pytest.fixture
def convention(db):
    return f.ConventionFactory(signed_on=START, end=datetime.date(2024, 12, 31))


def cover(convention, name, **fields):
    commune = f.CommuneFactory(convention=convention, name=name)
    return f.CoverageFactory(commune=commune, **fields)


def names(convention, year):
    return [str(row.commune) for row in Coverage.objects.in_year(convention, year)]


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


def test_a_commune_that_an_amendment_takes_out_is_of_the_years_before(convention):
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


def test_several_years_read_together_are_as_each_alone(convention, django_assert_num_queries):
    """A commune that left on the last day of a year was of it."""
    amendment = f.AmendmentFactory(
        convention=convention, number=1, signed_on=START, effective_on=datetime.date(2021, 12, 31)
    )
    ending = f.AmendmentFactory(
        convention=convention, number=2, signed_on=START, effective_on=datetime.date(2024, 6, 1)
    )
    cover(convention, "Toujours")
    cover(convention, "Retirée plus tard", until=ending)
    cover(convention, "Entrée", joined_on=datetime.date(2022, 1, 1))
    cover(convention, "Sortie", left_on=datetime.date(2022, 12, 31))
    cover(convention, "Retirée", until=amendment)
    cover(convention, "Amenée", since=amendment, left_on=datetime.date.max)
    cover(f.ConventionFactory(signed_on=START), "Ailleurs", joined_on=datetime.date(2023, 6, 1))
    years = range(2018, 2027)
    # 2018 to 2020 are alike, and 2024 to 2026.
    with django_assert_num_queries(1 + 5):
        rows_by_year = Coverage.objects.by_year(convention, years)
    names_by_year = {
        year: [str(row.commune) for row in rows] for year, rows in rows_by_year.items()
    }
    assert names_by_year == {year: names(convention, year) for year in years}
    assert Coverage.objects.by_year(convention, []) == {}


def test_several_years_of_a_project_have_all_that_it_names(db, django_assert_num_queries):
    convention = f.ConventionFactory(project=True)
    amendment = f.AmendmentFactory(convention=convention, effective_on=None, signed_on=None)
    cover(convention, "Prévue", since=amendment, joined_on=datetime.date(2024, 5, 1))
    with django_assert_num_queries(1):
        rows_by_year = Coverage.objects.by_year(convention, [2023, 2024])
    assert [len(rows) for rows in rows_by_year.values()] == [1, 1]


def test_perimeters_are_read_again_once_a_commune_has_come(convention):
    cover(convention, "Toujours")

    def count_communes() -> int:
        with caching():
            return len(perimeters_of(convention, (2023, 2024))[2024])

    changed(convention, Subject.TEXT)
    assert count_communes() == 1
    with changing():
        cover(convention, "Venue")
        changed(convention, Subject.TEXT)
    assert count_communes() == 2
