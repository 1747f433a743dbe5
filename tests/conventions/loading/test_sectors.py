"""Sectors of a convention file: communes that name the same one make it."""

import pytest

from conventions.models import Coverage, Sector

pytestmark = pytest.mark.django_db

FILE = """format: 1
convention:
  identifiant: essai
  titre: CTG
  territoire: Vallée
  signee_le: 2021-06-30
  fin: 2025-12-31
  libelles:
    secteur: Pôle
parties:
  - {sigle: CAF, nom: Caf, type: caf, co_valide: oui}
axes:
  - {numero: 1, titre: A, objectifs: [{titre: B}]}
communes:
  - {insee: "99001", nom: Haute, secteur: Nord}
  - {insee: "99002", nom: Basse, secteur: Sud}
  - {insee: "99003", nom: Centre, secteur: Nord}
  - {insee: "99004", nom: Seule}
"""


def sectors():
    rows = Coverage.objects.select_related("commune", "sector").order_by("commune__insee_code")
    return [(row.commune.name, row.sector and row.sector.name) for row in rows]


def test_communes_are_of_the_sector_that_they_name(load_text):
    convention = load_text(FILE).convention
    assert sectors() == [("Haute", "Nord"), ("Basse", "Sud"), ("Centre", "Nord"), ("Seule", None)]
    assert [sector.name for sector in convention.sectors.all()] == ["Nord", "Sud"]
    assert convention.words.sector.genitive == "du pôle"


def test_a_file_with_sectors_loaded_twice_changes_nothing(load_text):
    load_text(FILE)
    assert not load_text(FILE).has_changes


def test_a_corrected_file_moves_a_commune_and_deletes_a_sector_without_communes(load_text):
    load_text(FILE)
    load_text(FILE.replace("nom: Basse, secteur: Sud", "nom: Basse, secteur: Est"))
    assert sectors()[1] == ("Basse", "Est")
    assert list(Sector.objects.values_list("name", flat=True)) == ["Nord", "Est"]
