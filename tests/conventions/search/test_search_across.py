"""Search over all conventions that a person may read, and no other."""

import pytest

from tests import factories as f
from tests.accounts.reading import title
from tests.actions.factories import action_in_force, draft_action
from tests.agreements.factories import committee_of
from tests.indicators.factories import indicator_in_force

pytestmark = pytest.mark.both

PAGE = "/recherche/"


@pytest.fixture
def person(db, client):
    user = f.UserFactory()
    client.force_login(user)
    return user


def joined(person, **fields):
    committee = committee_of(**fields)
    f.MembershipFactory(user=person, organisation=committee.epci, reader=True)
    return committee


def hits_by_kind(page) -> dict:
    return {
        group.heading: [(hit.title, hit.within) for hit in group.hits]
        for group in page.context["results"].groups
    }


def test_names_are_found_in_each_of_one_s_conventions_and_in_no_other(client, person):
    first, second = joined(person, territory="Vallée"), joined(person, territory="Plateau")
    for committee in (first, second, committee_of(territory="Ailleurs")):
        action_in_force(committee, title="Ouvrir une halte")
        draft_action(committee, title="Une halte en brouillon")
    indicator_in_force(second, title="Places en halte")
    place = {"name": "Halte-sur-Vienne", "insee_code": "86001"}
    f.CoverageFactory(commune=f.CommuneFactory(convention=first.convention, **place))
    page = client.get(PAGE, {"q": "halte"})
    hits = hits_by_kind(page)
    assert title(page) == "4 résultats pour « halte » dans vos conventions"
    assert sorted(where for _, where in hits["Actions"]) == ["Plateau", "Vallée"]
    assert [where for _, where in hits["Indicateurs"]] == ["Plateau"]
    assert hits["Communes"] == [("Halte-sur-Vienne", "86001, Vallée")]
    html = page.content.decode()
    assert f"/conventions/{second.convention.slug}/recherche/?q=halte" in html
    assert "Ailleurs" not in html
    assert hits_by_kind(client.get(PAGE, {"q": "vallee"}))["Conventions"][0][0] == "Vallée"


def test_a_search_takes_as_many_queries_for_many_conventions(
    client, person, django_assert_max_num_queries
):
    joined(person)
    with django_assert_max_num_queries(30) as few:
        client.get(PAGE, {"q": "lieu"})
    for _ in range(5):
        action_in_force(joined(person))
    with django_assert_max_num_queries(30) as many:
        assert len(hits_by_kind(client.get(PAGE, {"q": "lieu"}))["Actions"]) == 5
    assert len(few) == len(many)


def test_the_search_field_stands_above_several_conventions(client, person):
    joined(person)
    assert 'action="/recherche/"' not in client.get("/conventions/").content.decode()
    joined(person)
    assert 'action="/recherche/"' in client.get("/conventions/").content.decode()


def test_an_empty_or_vain_search_says_so(client, person):
    joined(person)
    assert title(client.get(PAGE)) == "Rechercher dans vos conventions"
    page = client.get(PAGE, {"q": "introuvable"})
    assert title(page) == "Rien n’est appelé « introuvable » dans vos conventions"
