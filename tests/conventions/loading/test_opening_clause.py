"""The convention of Grand Châtellerault opens as it was signed: between whom, and for whom each
signs. The clause has no title of its own: it stands before the preamble, apart from it."""

from pathlib import Path

from conventions.loading.reader import read
from ctg_portal.text.markdown import render

FILE = Path(__file__).parents[3] / "conventions" / "data" / "grand_chatellerault.yaml"
CONTENT = read(FILE).content
PREAMBLE = CONTENT["convention"]["preambule"]
# Its words, in its order; its line ends are those of the scan.
SIGNED = """
Cette présente Convention Territoriale Globale est signée entre :
La Caisse d'allocations familiales de la Vienne
représentée par sa Directrice, Madame Tania CONCI dont le siège est situé 41 rue du Touffenet CS 40
000 – 86044 POITIERS Cedex 9
ci-après désignée « La Caf de la Vienne »,
Et :
La Mutualité Sociale Agricole Poitou
représentée par son Président du conseil d'administration, Monsieur Grégoire AUGERON, dûment
autorisé et son Directeur, Monsieur Patrice LEON dont le siège est situé 37 rue du Touffenet 86042
POITIERS Cedex
ci-après dénommé « MSA Poitou »,
Et :
La Communauté d'Agglomération de Grand Châtellerault
Représentée par son Président, Monsieur Jean-Pierre Abelin dont le siège est situé 78 bd Blossac –
CS 90 618 – 86106 CHATELLERAULT CEDEX
"""


def test_the_opening_clause_has_the_signed_words():
    clause, apart, preamble = PREAMBLE.partition("\n---\n")
    assert clause.split() == SIGNED.split()
    assert apart
    assert preamble.strip().startswith("La communauté d'agglomération « Grand Châtellerault » est")


def test_the_opening_clause_is_shown_as_text_apart_from_the_preamble():
    """A rule right under a line would make a title of it."""
    shown, apart, preamble = render(PREAMBLE).partition("<hr>")
    assert "<h" not in shown
    assert shown.count("<p>") == 11
    assert apart
    assert "47" in preamble


def test_the_opening_clause_names_the_parties_of_the_file_in_their_order():
    clause = PREAMBLE.partition("\n---\n")[0].casefold()
    places = [clause.find(party["nom"].casefold()) for party in CONTENT["parties"]]
    assert -1 not in places
    assert places == sorted(places)
