"""Which communes are somebody's own."""

import pytest

from conventions.dashboard.communes import own_communes
from tests import factories as f
from tests.accounts.reading import text_of
from tests.agreements.factories import SeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def convention():
    convention = f.ConventionFactory(slug="vallee")
    for code, name in [("1", "Saint-Genest-d’Ambière"), ("2", "Thuré"), ("3", "Lencloître")]:
        f.CoverageFactory(commune__convention=convention, commune__name=name,
                          commune__insee_code=f"8600{code}")  # fmt: skip
    return convention


def access_for(convention, name, kind):
    return f.MembershipFactory(
        organisation__convention=convention, organisation__name=name, organisation__kind=kind,
        reader=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind", "own"),
    [("Commune de Thuré", "commune", ["Thuré"]), ("Ville de Lencloître", "commune", ["Lencloître"]),
     ("THURE", "commune", ["Thuré"]), ("CCAS de Lencloître", "ccas", ["Lencloître"]),
     ("Commune de Saint Genest d'Ambière", "commune", ["Saint-Genest-d’Ambière"]),
     ("Commune d’Ailleurs", "commune", []), ("Thuré", "association", []),
     ("Communauté de communes de Thuré", "epci", [])],
)  # fmt: skip
def test_communes_are_found_by_the_name_of_the_organisation(convention, name, kind, own):
    access = access_for(convention, name, kind)
    assert [commune.name for commune in own_communes(convention, [access])] == own


@pytest.mark.parametrize(
    ("name", "own"),
    [("Commune des Ormes", "Les Ormes"), ("Mairie du Port", "Le Port"),
     ("Commune de La Roche-Posay", "La Roche-Posay"), ("Ville de l’Étang-Salé", "L’Étang-Salé"),
     ("Commune de Roche", "Roche"), ("Commune de la Roche", None),
     ("Ville-en-Bois", "Ville-en-Bois"), ("Commune de Ste-Rose", "Sainte-Rose")],
)  # fmt: skip
def test_the_article_is_part_of_a_commune_s_name(name, own):
    """« Commune de la Roche » is none of Roche, whose figures its people do not give."""
    convention = f.ConventionFactory()
    for town in ("Les Ormes", "Le Port", "La Roche-Posay", "L’Étang-Salé", "Roche",
                 "Ville-en-Bois", "Sainte-Rose"):  # fmt: skip
        f.CoverageFactory(commune__convention=convention, commune__name=town)
    access = access_for(convention, name, "commune")
    names = [commune.name for commune in own_communes(convention, [access])]
    assert names == ([own] if own else [])


def test_a_name_of_two_communes_counts_only_with_its_departement(convention):
    """Its people would otherwise speak for the other commune."""
    f.CoverageFactory(commune__convention=convention, commune__name="Thuré",
                      commune__insee_code="37002")  # fmt: skip
    access = access_for(convention, "Commune de Thuré", "commune")
    assert own_communes(convention, [access]) == []
    access = access_for(convention, "CCAS de Thuré (37)", "ccas")
    assert [commune.insee_code for commune in own_communes(convention, [access])] == ["37002"]
    access = access_for(convention, "Commune de Thuré (85)", "commune")
    assert own_communes(convention, [access]) == []


def test_an_organisation_that_is_no_commune_asks_no_query(convention, django_assert_num_queries):
    access = access_for(convention, "Caf", "caf")
    with django_assert_num_queries(0):
        assert own_communes(convention, [access]) == []


def test_own_commune_is_on_the_dashboard(convention, client):
    client.force_login(access_for(convention, "Commune de Thuré", "commune").user)
    html = client.get("/conventions/vallee/").content.decode()
    assert "Thuré, ma commune" in text_of(html)
    assert 'href="/conventions/vallee/territoire/86002/"' in html


def test_the_intercommunalite_and_members_are_asked_for_their_commune(convention, client):
    title = "Et ma commune ?"
    client.force_login(access_for(convention, "Communauté de communes de la Vallée", "epci").user)
    html = client.get("/conventions/vallee/").content.decode()
    assert title in text_of(html)
    assert 'href="/conventions/vallee/territoire/"' in html
    sits = access_for(convention, "Caf", "caf")
    f.PartyFactory(organisation=sits.organisation)
    SeatFactory(organisation=sits.organisation, user=sits.user)
    client.force_login(sits.user)
    assert title in text_of(client.get("/conventions/vallee/").content.decode())
    for name, kind in (("Mutualité", "caf"), ("Commune de Thuré", "commune")):
        client.force_login(access_for(convention, name, kind).user)
        assert title not in text_of(client.get("/conventions/vallee/").content.decode())
