"""What hangs on a part of the text, or on a commune, does not pass to another in silence."""

import pytest

from conventions.loading.mistakes import ConventionFileError
from conventions.models import Commune, Objective
from tests.conventions.loading.samples import FULL
from tests.conventions.loading.structures import tree

pytestmark = pytest.mark.django_db
HANGS = "2 actions en dépendent"


@pytest.mark.parametrize(
    "corrected",
    ["1 X: : P2=Ouvrir; P1=Former", "1 X: : P1=Recruter; P2=Ouvrir; P3=Former",
     "1 X: : P1=Former; P2=Loger"],
)  # fmt: skip
def test_exchanged_codes_are_refused_where_something_depends_on_one(
    load_structure, hanging, corrected
):
    load_structure("1 X: : P1=Ouvrir; P2=Former")
    hanging[Objective.objects.get(title="Ouvrir")] = HANGS
    before = tree()
    with pytest.raises(ConventionFileError, match="retirer d’abord ces codes"):
        load_structure(corrected)
    assert tree() == before


def test_objectives_loaded_without_codes_first_may_exchange_them(load_structure, hanging):
    load_structure("1 X: : P1=Ouvrir; P2=Former")
    opened = Objective.objects.get(title="Ouvrir")
    hanging[opened] = HANGS
    load_structure("1 X: : Ouvrir; Former")
    load_structure("1 X: : P2=Ouvrir; P1=Former")
    opened.refresh_from_db()
    assert (opened.title, opened.code) == ("Ouvrir", "P2")


def test_exchanged_codes_are_taken_where_nothing_depends_on_them(load_structure):
    load_structure("1 X: : P1=Ouvrir; P2=Former")
    load_structure("1 X: : P2=Ouvrir; P1=Former")
    assert {row.code for row in Objective.objects.all()} == {"P1", "P2"}


HEAD = FULL[: FULL.index("communes:\n")]


def communes(*named: str) -> str:
    """A file whose communes are of these names, and of the codes 86001, 86002…"""
    lines = [f'  - {{insee: "8600{n}", nom: {name}}}' for n, name in enumerate(named, start=1)]
    return "\n".join([HEAD + "communes:", *lines]) + "\n"


def test_names_of_communes_that_changed_places_are_refused(load_text, hanging):
    load_text(communes("Montval", "Bellerive"))
    hanging[Commune.objects.get(name="Montval")] = "3 valeurs en dépendent"
    with pytest.raises(ConventionFileError, match="86001"):
        load_text(communes("Bellerive", "Montval"))
    assert Commune.objects.get(name="Montval").insee_code == "86001"


def test_names_of_communes_change_places_in_two_loads(load_text, hanging):
    """The message of the refusal says so."""
    load_text(communes("Montval", "Bellerive"))
    hanging[Commune.objects.get(name="Montval")] = "3 valeurs en dépendent"
    load_text(communes("Bellerive", "Bellerive"))
    load_text(communes("Bellerive", "Montval"))
    assert Commune.objects.get(name="Montval").insee_code == "86002"


def test_communes_of_one_name_get_distinct_names(load_text):
    load_text(communes("Saint-Paul", "Bellerive"))
    file = communes("Saint-Paul", "Bellerive", "St Paul").replace("86003", "37003")
    load_text(file)
    assert {commune.insee_code: str(commune) for commune in Commune.objects.all()} == {
        "86001": "Saint-Paul (86)", "86002": "Bellerive", "37003": "St Paul (37)",
    }  # fmt: skip
    assert not load_text(file).has_changes
    load_text(communes("Saint-Paul", "Saint-Paul"))
    assert {str(commune) for commune in Commune.objects.all()} == {
        "Saint-Paul (86001)", "Saint-Paul (86002)",
    }  # fmt: skip
    load_text(communes("Saint-Paul", "Bellerive"))
    names = {str(commune) for commune in Commune.objects.all()}
    assert names == {"Saint-Paul", "Bellerive"}
