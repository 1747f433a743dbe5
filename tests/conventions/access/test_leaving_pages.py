"""The pages through which one leaves, and one's own accesses."""

from accounts.events import anonymise
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.conventions.conftest import roles_of

ACCESS = "/conventions/vallee/acces/"
MINE = f"{ACCESS}moi/"
KEEP_ONE = (
    "Une convention garde au moins une personne à la coordination : invitez d’abord une autre "
    "personne à ce rôle."
)


def end(access) -> str:
    return f"{ACCESS}{access.pk}/terminer/"


def messages_in(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_the_page_asks_before_a_person_leaves_and_changes_nothing(as_agent, agent):
    page = as_agent.get(end(agent))
    assert title(page) == "Quitter la convention ?"
    assert "ce qui a été saisi, signé ou dit demeure" in text_of(page.content.decode())
    assert roles_of(agent.user) == {"contributor"}


def test_a_person_leaves_the_convention(as_agent, agent):
    response = as_agent.post(end(agent), follow=True)
    assert [url for url, _ in response.redirect_chain] == ["/", "/conventions/"]
    assert messages_in(response) == ["Votre accès « contribution » est terminé."]
    assert roles_of(agent.user) == set()
    assert as_agent.get(MINE).status_code == 404


def test_the_page_says_which_of_two_accesses_is_left(as_agent, agent):
    f.MembershipFactory(user=agent.user, organisation=agent.organisation, reader=True)
    assert title(as_agent.get(end(agent))) == "Quitter la contribution (Caf de la Vienne) ?"


def test_somebody_who_keeps_another_access_comes_back_to_the_list_of_theirs(as_agent, agent):
    f.MembershipFactory(user=agent.user, organisation=agent.organisation, reader=True)
    assert as_agent.post(end(agent)).url == MINE
    assert roles_of(agent.user) == {"reader"}


def test_somebody_with_an_access_to_one_other_convention_goes_there(as_agent, agent):
    elsewhere = f.MembershipFactory(user=agent.user).convention
    response = as_agent.post(end(agent), follow=True)
    assert response.redirect_chain[-1] == (elsewhere.get_absolute_url(), 302)


def test_coordinator_ends_an_access_and_comes_back_to_the_list(as_coordinator, agent):
    assert title(as_coordinator.get(end(agent))) == "Terminer l’accès de Nadia Lefèvre ?"
    response = as_coordinator.post(end(agent), follow=True)
    assert response.redirect_chain == [(ACCESS, 302)]
    assert messages_in(response) == ["L’accès de Nadia Lefèvre est terminé."]
    assert roles_of(agent.user) == set()


def test_erased_account_leaves_the_list(as_coordinator, agent):
    anonymise(agent.user, by=agent.user)
    text = text_of(as_coordinator.get(ACCESS).content.decode())
    assert "1 personne a accès" in text
    assert "Compte supprimé" not in text


def test_the_first_of_two_coordinators_leaves(as_coordinator, coordinator, convention):
    f.MembershipFactory(convention=convention, coordinator=True)
    assert as_coordinator.post(end(coordinator)).url == "/"
    assert roles_of(coordinator.user) == set()


def test_the_last_coordinator_is_asked_to_invite_another_first(as_coordinator, coordinator):
    page = as_coordinator.get(end(coordinator))
    html = page.content.decode()
    assert KEEP_ONE in text_of(html)
    assert 'class="btn btn-danger"' not in html


def test_the_last_coordinator_who_sends_the_form_all_the_same_is_refused_on_the_same_page(
    as_coordinator, coordinator
):
    origin = f"http://testserver{ACCESS}"
    response = as_coordinator.post(end(coordinator), follow=True, headers={"referer": origin})
    assert response.redirect_chain == [(origin, 302)]
    assert messages_in(response) == [KEEP_ONE]
    assert roles_of(coordinator.user) == {"coordinator"}


def test_an_act_on_an_ended_access_leads_to_the_list_with_a_message(
    as_coordinator, agent, convention
):
    former = f.MembershipFactory(convention=convention, ended=True)
    for method in (as_coordinator.get, as_coordinator.post):
        page = method(end(former), follow=True)
        assert messages_in(page) == ["Cet accès est déjà terminé."]
        assert page.redirect_chain == [("/conventions/vallee/acces/", 302)]


def test_the_accesses_of_a_person_are_listed_with_their_rights(as_agent, agent, coordinator):
    reader = f.MembershipFactory(user=agent.user, organisation=agent.organisation, reader=True)
    f.MembershipFactory(user=agent.user)
    f.MembershipFactory(user=agent.user, organisation=agent.organisation, coordinator=True,
                        ended=True)  # fmt: skip
    page = as_agent.get(MINE)
    assert title(page) == "Votre accès à la convention Vallée"
    text = text_of(page.content.decode())
    assert "Contribution , Caf de la Vienne" in text
    assert "Lecture , Caf de la Vienne" in text
    assert "Nadia Lefèvre, agent@caf.example" in text
    assert text.count("depuis le") == 2
    html = page.content.decode()
    for access in (agent, reader):
        assert f'href="{end(access)}"' in html
    assert f'<a href="{ACCESS}"' not in html


def test_menu_leads_to_the_accesses_for_the_coordinator_only(client, coordinator, agent):
    for access, shown in ((coordinator, True), (agent, False)):
        client.force_login(access.user)
        assert (f'<a href="{ACCESS}"' in client.get(MINE).content.decode()) == shown
