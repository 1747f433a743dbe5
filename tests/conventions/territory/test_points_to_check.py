"""The points that a reader should check, from the file and from the models."""

import datetime

import pytest

from conventions.models import Amendment, Commune, Convention, Coverage
from conventions.territory.points_to_check import points_to_check
from tests.stories import told_once


@told_once
def convention(db):
    convention = Convention.objects.create(
        slug="exemple",
        title="Convention",
        territory="Exemple",
        signed_on=datetime.date(2021, 6, 30),
        start=datetime.date(2021, 1, 1),
        end=datetime.date(2025, 12, 31),
    )
    Amendment.objects.create(convention=convention, number=0)
    return convention


@pytest.fixture
def add_commune(convention):
    """Add a commune to the perimeter as signed."""

    def add_commune(name: str, name_in_text: str = "", **coverage) -> Coverage:
        code = f"{99001 + Commune.objects.count()}"
        commune = Commune.objects.create(
            convention=convention, insee_code=code, name=name, name_in_text=name_in_text
        )
        since = coverage.pop("since", convention.amendments.get(number=0))
        return Coverage.objects.create(commune=commune, since=since, **coverage)

    return add_commune


CEJ_END = datetime.date(2020, 12, 31)


def test_a_consistent_convention_has_no_point_to_check(convention, add_commune):
    add_commune("Bourg")
    assert points_to_check(convention) == []


def test_the_points_of_the_file_come_first(convention, add_commune):
    add_commune("Bourg", is_epci_member=False)
    convention.points_to_check = ["Un point.", "Un autre."]
    assert points_to_check(convention) == [
        "Un point.",
        "Un autre.",
        "1 commune n’est pas membre de l’intercommunalité : Bourg.",
    ]


@pytest.mark.parametrize(
    ("announced", "expected"),
    [
        (47, ["Le texte annonce 47 communes et le périmètre en compte 2."]),
        (1, ["Le texte annonce 1 commune et le périmètre en compte 2."]),
        (2, []),
        (None, []),
    ],
)
def test_a_number_of_communes_that_differs_is_a_point(convention, add_commune, announced, expected):
    add_commune("Bourg")
    add_commune("Champs")
    convention.communes_announced = announced
    assert points_to_check(convention) == expected


def test_an_announced_number_without_listed_communes_is_a_point(convention):
    convention.communes_announced = 5
    assert points_to_check(convention) == [
        "Le texte annonce 5 communes et le périmètre en compte 0."
    ]


def test_amendments_do_not_change_the_number_of_communes_to_compare(convention, add_commune):
    amendment = Amendment.objects.create(convention=convention, number=1)
    add_commune("Bourg", until=amendment)
    add_commune("Champs")
    add_commune("Nouvelle", since=amendment)
    convention.communes_announced = 2
    assert points_to_check(convention) == []


def test_communes_outside_are_a_point_in_alphabetical_order(convention, add_commune):
    for name in ("Zèle", "Écoute", "Bourg"):
        add_commune(name, is_epci_member=False)
    assert points_to_check(convention) == [
        "3 communes ne sont pas membres de l’intercommunalité : Bourg, Écoute, Zèle."
    ]


def test_a_commune_that_an_amendment_took_out_is_no_point(convention, add_commune):
    amendment = Amendment.objects.create(convention=convention, number=1)
    add_commune("Bourg", "Le Bourg", is_epci_member=False, until=amendment)
    assert points_to_check(convention) == []


def test_members_without_the_end_of_their_contract_are_a_point(convention, add_commune):
    add_commune("Bourg", cej_end=CEJ_END)
    add_commune("Champs")
    add_commune("Dehors", is_epci_member=False)
    assert points_to_check(convention)[1:] == [
        "1 commune membre n’a pas de date de fin du contrat enfance jeunesse : Champs."
    ]
    add_commune("Étang")
    assert points_to_check(convention)[1:] == [
        "2 communes membres n’ont pas de date de fin du contrat enfance jeunesse : Champs, Étang."
    ]


def test_contracts_that_no_commune_has_are_no_point(convention, add_commune):
    add_commune("Bourg")
    add_commune("Champs")
    assert points_to_check(convention) == []


def test_communes_misspelt_in_the_text_are_a_point_to_check(convention, add_commune):
    add_commune("Saint-Rémy", "St Remy")
    add_commune("Bourg", "Bourg")
    assert points_to_check(convention) == [
        "Le texte écrit autrement le nom d’une commune : « St Remy » pour Saint-Rémy."
    ]
    add_commune("Champs-sur-Lie", "Champs")
    assert points_to_check(convention) == [
        "Le texte écrit autrement le nom de 2 communes : « Champs » pour Champs-sur-Lie, "
        "« St Remy » pour Saint-Rémy."
    ]


def test_a_signature_after_the_end_is_a_point(convention):
    convention.signed_on = datetime.date(2026, 1, 1)
    assert points_to_check(convention) == ["La convention est signée après sa fin."]


def test_other_conventions_do_not_count(convention, add_commune):
    add_commune("Bourg", is_epci_member=False)
    other = Convention.objects.create(
        slug="autre", title="Autre", territory="Autre", end=datetime.date(2030, 1, 1)
    )
    assert points_to_check(other) == []


def test_points_take_one_query_whatever_their_number(
    convention, add_commune, django_assert_num_queries
):
    for number in range(20):
        add_commune(f"Commune {number}", "Autre", is_epci_member=bool(number % 2))
    with django_assert_num_queries(1):
        points_to_check(convention)
