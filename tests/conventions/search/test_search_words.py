"""What people type for what the text says otherwise: abbreviations, parties, signatories."""

import pytest

from conventions.search.hits import Hit, HitGroup
from conventions.search.reading import best_first, search
from tests import factories as f
from tests.stories import told_once

pytestmark = pytest.mark.both


@told_once
def convention(db):
    convention = f.ConventionFactory()
    f.AnnexFactory(convention=convention, title="Fin des Contrats Enfance Jeunesse", number=2)
    f.ArticleFactory(convention=convention, title="Le programme", text="Les RAM du département.")
    f.ArticleFactory(convention=convention, title="Suite", text="Un programme sans eux.")
    party = f.PartyFactory(
        organisation__convention=convention,
        organisation__name="Communauté d'agglomération",
        organisation__acronym="Agglo",
    )
    f.SignatoryFactory(party=party, name="Jean-Pierre ABELIN", capacity="Président")
    return convention


# Found by tests of their own.
ELSEWHERE = {"Mots du glossaire", "Aide", "Personnes"}


def titles(convention, query):
    groups = search(convention, convention.start, query)
    return [hit.title for group in groups if group.heading not in ELSEWHERE for hit in group.hits]


def test_an_abbreviation_finds_what_it_stands_for(convention):
    assert titles(convention, "CEJ") == ["Annexe 2 : Fin des Contrats Enfance Jeunesse"]


@pytest.mark.parametrize("query", ["crèche", "Creches", "garderie"])
def test_a_word_of_everyday_finds_the_word_of_the_field(convention, query):
    f.ArticleFactory(convention=convention, title="Places en EAJE", text="Rien d’autre.")
    f.ArticleFactory(convention=convention, title="Offre", text="L’accueil du jeune enfant.")
    assert [title.split(" : ")[1] for title in titles(convention, query)] == [
        "Places en EAJE", "Offre",
    ]  # fmt: skip


def test_lines_of_a_register_come_after_all_else():
    register = HitGroup("Registre", [Hit("Crèche", "", rank=0)], is_proof=True)
    definitions = HitGroup("Indicateurs", [Hit("Places", "", rank=7)])
    assert best_first([register, definitions]) == [definitions, register]


def test_a_short_word_is_looked_for_whole(convention):
    assert [title.split(" : ")[1] for title in titles(convention, "ram")] == ["Le programme"]
    assert len(titles(convention, "prog")) == 2


@pytest.mark.parametrize("query", ["abelin", "président abelin", "agglo", "AGGLOMERATION"])
def test_a_party_is_found_by_its_names_and_its_signatories(convention, query):
    assert titles(convention, query) == ["Communauté d'agglomération"]


def test_a_signatory_of_another_convention_is_not_found(convention):
    f.SignatoryFactory(name="Ailleurs DUPONT")
    assert titles(convention, "dupont") == []


def test_the_territory_alone_is_no_preamble(db):
    convention = f.ConventionFactory(territory="Plateau", preamble="")
    assert titles(convention, "plateau") == []
    convention.preamble = "Le plateau est rural."
    convention.save()
    assert titles(convention, "plateau") == ["Préambule"]


@pytest.mark.parametrize("query", ["senille st sauveur", "Senillé-Saint-Sauveur"])
def test_a_commune_is_found_by_its_shortened_name(convention, query):
    f.CoverageFactory(
        commune__convention=convention, commune__name="Senillé-Saint-Sauveur",
        since__convention=convention,
    )  # fmt: skip
    assert "Senillé-Saint-Sauveur" in titles(convention, query)
