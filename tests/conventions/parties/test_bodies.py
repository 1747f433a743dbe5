"""How organisations are called within a sentence."""

import pytest

from conventions.models import Organisation
from conventions.parties.bodies import genitive, short_name, the

CAF = "Caisse d'allocations familiales de la Vienne"
AGGLOMERATION = "Communauté d'agglomération de Grand Châtellerault"


@pytest.mark.parametrize(
    ("name", "called", "whose"),
    [
        (CAF, "la Caf de la Vienne", "de la Caf de la Vienne"),
        ("Caf d’Exemple", "la Caf d’Exemple", "de la Caf d’Exemple"),
        ("Caf", "la Caf", "de la Caf"),
        ("Mutualité sociale agricole Poitou", "la MSA Poitou", "de la MSA Poitou"),
        (
            AGGLOMERATION,
            "l’agglomération de Grand Châtellerault",
            "de l’agglomération de Grand Châtellerault",
        ),
        (
            "Communauté de communes du Val",
            "la communauté de communes du Val",
            "de la communauté de communes du Val",
        ),
        ("Conseil départemental", "le Conseil départemental", "du Conseil départemental"),
        ("Syndicat mixte", "le Syndicat mixte", "du Syndicat mixte"),
        ("État", "l’État", "de l’État"),
        ("Institut national", "l’Institut national", "de l’Institut national"),
        ("Grand Châtellerault", "Grand Châtellerault", "de Grand Châtellerault"),
        ("Udaf de l’Île", "l’Udaf de l’Île", "de l’Udaf de l’Île"),
        ("Mission locale", "la Mission locale", "de la Mission locale"),
        ("Relais petite enfance", "le Relais petite enfance", "du Relais petite enfance"),
        ("Caisse générale de Sécurité sociale", "la CGSS", "de la CGSS"),
        ("Les Deux-Rives", "Les Deux-Rives", "des Deux-Rives"),
        ("Le Relais", "Le Relais", "du Relais"),
        ("La Passerelle", "La Passerelle", "de La Passerelle"),
        ("Lesparre", "Lesparre", "de Lesparre"),
        ("Exemple agglomération", "Exemple agglomération", "d’Exemple agglomération"),
    ],
)
def test_an_organisation_has_its_article(name, called, whose):
    assert (the(name), genitive(name)) == (called, whose)
    organisation = Organisation(name=name)
    assert (organisation.the, organisation.genitive) == (called, whose)


def test_the_name_of_a_body_is_shortened_by_whole_words_only():
    assert short_name("Caisse d’allocations familialesX") == "Caisse d’allocations familialesX"
    assert short_name("Ancienne caisse d’allocations familiales").startswith("Ancienne caisse")
