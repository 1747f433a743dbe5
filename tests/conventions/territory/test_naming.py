"""A commune as people write it: by code, by name, by the name that it had before a merger."""

import pytest

from conventions.models import Commune
from conventions.territory.naming import Gazetteer, distinct_names, former_communes

COMMUNES = [
    Commune(insee_code="86066", name="Châtellerault"),
    Commune(insee_code="86207", name="La Roche-Posay"),
    Commune(insee_code="86245", name="Senillé-Saint-Sauveur", name_in_text="Senillé St Sauveur"),
    Commune(insee_code="01033", name="Valserhône"),
    Commune(insee_code="2A004", name="Ajaccio"),
    Commune(insee_code="86001", name="Même nom"),
    Commune(insee_code="86002", name="Même-Nom"),
]


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer(COMMUNES)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("86066", "Châtellerault"),
        (" CHATELLERAULT ", "Châtellerault"),
        ("Châtellerault (86)", "Châtellerault"),
        ("Roche-Posay (La)", "La Roche-Posay"),
        ("la roche posay", "La Roche-Posay"),
        ("Senillé st sauveur", "Senillé-Saint-Sauveur"),
        ("1033", "Valserhône"),
        ("2a004", "Ajaccio"),
        ("Ajaccio (20)", "Ajaccio"),
        ("Valserhône (01033)", "Valserhône"),
    ],
)
def test_a_commune_is_found_as_people_write_it(gazetteer, typed, name):
    named = gazetteer.find(typed)
    assert (named.commune.name, named.former) == (name, None)


@pytest.mark.parametrize(
    ("typed", "former", "today"),
    [
        ("86259", "Senillé", "Senillé-Saint-Sauveur"),
        ("Senille", "Senillé", "Senillé-Saint-Sauveur"),
        ("Targé", "Targé", "Châtellerault"),
        ("1091", "Châtillon-en-Michaille", "Valserhône"),
    ],
)
def test_a_former_commune_is_carried_to_that_of_today(gazetteer, typed, former, today):
    named = gazetteer.find(typed)
    assert (named.former.name, named.commune.name) == (former, today)


@pytest.mark.parametrize("typed", ["", "Poitiers", "86194", "99999", "Même nom", "Total", "86"])
def test_a_text_that_names_no_commune_or_several_finds_none(gazetteer, typed):
    assert gazetteer.find(typed) is None


def test_each_former_commune_has_a_code_and_became_another():
    assert len(former_communes()) > 1900
    assert all(
        len(former.insee_code) == len(former.became) == 5
        and former.insee_code != former.became
        and former.name
        for former in former_communes()
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Saint-Paul (01)", "01003"), ("st paul (97415)", "97415"), ("SAINT PAUL (974)", "97415"),
     ("Saint-Paul", None), ("Saint-Paul (86)", None), ("Montval (85)", None),
     ("Montval (01)", "01001")],
)  # fmt: skip
def test_a_name_that_two_have_is_read_by_the_department_beside_it(typed, code):
    names = distinct_names([("01003", "Saint-Paul"), ("97415", "Saint-Paul"), ("01001", "Montval")])
    assert names == {
        "01003": "Saint-Paul (01)", "97415": "Saint-Paul (974)", "01001": "Montval"
    }  # fmt: skip
    gazetteer = Gazetteer(Commune(insee_code=code, name=name) for code, name in names.items())
    match = gazetteer.find(typed)
    assert (match and match.commune.insee_code) == code
    assert len(gazetteer.namesakes(typed)) == (2 if typed == "Saint-Paul" else 0)
