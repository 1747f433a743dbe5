"""The committee's own objectives, from their pages: added, changed, given up."""

import datetime

import pytest

from agreements.models import State, Version
from agreements.versions import events as drafts
from conventions.models import Axis, Objective, Standing
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.pages import after, page_of, value_of
from tests.committee.pages import committee_url as url
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@told_once
def committee():
    return committee_of()


@pytest.fixture
def get(client, committee):
    """``get(address, person)``: the page as read by the coordinator, unless told otherwise."""

    def get(address, user=None, status=200):
        client.force_login(user or committee.coordinator)
        return page_of(client.get(url(committee, address)), status)

    return get


@pytest.fixture
def post(client, committee):
    def post(address, user=None, **data):
        client.force_login(user or committee.coordinator)
        return client.post(url(committee, address), data)

    return post


def adding(committee) -> str:
    return f"objectifs/nouveau/?orientation={committee.orientation.pk}"


def typed(committee, title="Ouvrir deux espaces", **others) -> dict:
    content = committee.content(title) | others
    content["due_on"] = content["due_on"] and content["due_on"].isoformat()
    return {name: value for name, value in content.items() if value not in (None, False)}


def adviser_of(committee):
    return SeatFactory(organisation=committee.caf, adviser=True).user


# Adding ------------------------------------------------------------------------------------------


def test_the_coordinator_keeps_a_draft(committee, post, client):
    response = post(adding(committee), **typed(committee, note="Demandé par les communes"))
    draft = Version.objects.drafts().get()
    assert response.url == url(committee, f"brouillons/{draft.pk}/")
    assert (draft.author, draft.number, draft.note) == (
        committee.coordinator, None, "Demandé par les communes",
    )  # fmt: skip
    assert draft.content == {
        "title": "Ouvrir deux espaces",
        "due_on": committee.convention.end.isoformat(),
        "measure": "Nombre d’espaces ouverts",
        "is_priority": False,
    }
    row = draft.subject
    assert (row.parent, row.standing) == (committee.orientation, Standing.DRAFT)
    assert "Le brouillon est enregistré" in after(client, response)


def test_the_coordinator_proposes_at_once(committee, post, client):
    response = post(adding(committee), **typed(committee), action="proposer")
    version = Version.objects.proposed().get()
    assert response.url == url(committee, f"points/{version.pk}/")
    assert version.subject.standing == Standing.PROPOSED
    text = after(client, response)
    assert "La version 1 est proposée : elle attend l’accord de la Caf d’Exemple et" in text


def test_an_adviser_prepares_and_does_not_propose(committee, get, post):
    adviser = adviser_of(committee)
    page = get(adding(committee), adviser)
    assert "La coordination verra votre brouillon" in page
    assert "Proposer au comité" not in page
    post(adding(committee), adviser, **typed(committee), action="proposer")
    [draft] = Version.objects.of(committee.convention).from_committee()
    assert (draft.state, draft.author) == (State.DRAFT, adviser)


def test_a_person_without_the_right_reads_why_no_objective_is_written(committee, get, post):
    for person in (committee.caf_member, committee.epci_member):
        assert "Seule la coordination" in get(adding(committee), person)
        assert "Seule la coordination" in get("objectifs/nouveau/", person)
        response = post(adding(committee), person, **typed(committee, "Ce que j’ai écrit"))
        assert "Ce que j’ai écrit" in response.content.decode()
    assert not Version.objects.from_committee().exists()


def test_a_draft_may_lack_what_a_proposal_needs(committee, post):
    bare = {"title": "Ouvrir"}
    response = post(adding(committee), **bare, action="proposer")
    html = response.content.decode()
    assert "Donnez une échéance avant de proposer" in html
    assert "Dites comment on saura" in html
    assert value_of(response, "title") == "Ouvrir"
    assert not Version.objects.from_committee().exists()
    assert post(adding(committee), **bare).status_code == 302
    assert Version.objects.drafts().get().content["due_on"] is None


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_outside_the_term_is_refused_on_the_form(committee, get, post, days):
    convention = committee.convention
    day = (convention.start if days < 0 else convention.end) + datetime.timedelta(days=days)
    response = post(adding(committee), **typed(committee, due_on=day))
    assert "Cette date n’est pas dans la convention" in page_of(response)
    assert value_of(response, "due_on") == day.isoformat()
    assert "Pendant la convention, du" in get(adding(committee))


def test_a_title_is_one_line(committee, post):
    assert "À corriger" in post(adding(committee), title=" \n ").content.decode()
    post(adding(committee), title=" Ouvrir\r\n deux   espaces ")
    assert Version.objects.drafts().get().title == "Ouvrir deux espaces"


def test_a_form_sent_twice_writes_one_objective(committee, post, client):
    for _ in range(2):
        post(adding(committee), **typed(committee))
    draft = Version.objects.from_committee().get()
    for _ in range(2):
        response = post(adding(committee), **typed(committee), action="proposer")
    assert Version.objects.from_committee().get().state == State.PROPOSED
    assert "elle a déjà été proposée" in after(client, client.get(response.url))
    post(adding(committee), **typed(committee, "Un autre"))
    assert Objective.objects.filter(origin="committee").count() == 2
    assert draft.subject.parent == committee.orientation


def test_the_orientation_is_chosen_first(committee, get):
    f.ObjectiveFactory(parent=committee.orientation, title="Une partie")
    committee.in_force("Déjà du comité")
    Axis.objects.update(numeral="IV")
    page = get("objectifs/nouveau/")
    assert "Axe IV · " in page
    assert "Quel objectif de la convention le comité veut-il préciser" in page
    assert committee.orientation.title.replace("'", "’") in page
    assert "Une partie" not in page
    assert "Déjà du comité" not in page


@pytest.mark.parametrize("asked", ["", "abc", "0x1", "9" * 5000, "-1"])
def test_an_objective_of_no_orientation_asks_for_one(committee, get, asked):
    assert "Quel objectif" in get(f"objectifs/nouveau/?orientation={asked}")


def test_an_objective_is_added_below_a_signed_orientation_of_the_convention_only(committee, client):
    client.force_login(committee.coordinator)
    sub = f.ObjectiveFactory(parent=committee.orientation)
    own = committee.in_force().subject
    elsewhere = f.ObjectiveFactory()
    for row in (sub, own, elsewhere):
        address = url(committee, f"objectifs/nouveau/?orientation={row.pk}")
        assert client.get(address).status_code == 404
        assert client.post(address, typed(committee)).status_code == 404


def test_words_are_those_of_the_territory(client):
    committee = committee_of(labels={"objectif": "Priorité", "axe": "Défi"})
    client.force_login(committee.coordinator)
    page = page_of(client.get(url(committee, adding(committee))))
    assert "Ajouter une priorité du comité" in page
    assert "validée par la signature. En choisir une autre" in page
    assert "Comment saura-t-on qu’elle est atteinte" in page
    assert "l’auront acceptée" in page
    response = client.post(url(committee, adding(committee)), typed(committee, measure=""))
    draft = Version.objects.drafts().get()
    response = client.post(
        url(committee, f"brouillons/{draft.pk}/proposer/"), {"revision": draft.revision}
    )
    assert "Une priorité du comité a un intitulé, une échéance" in after(client, response)
    choice = page_of(client.get(url(committee, "objectifs/nouveau/")))
    assert "Quelle priorité de la convention" in choice
    assert "une priorité que la signature a validée" in choice
    assert "Défi" in choice


def test_nothing_is_added_before_the_signature(client):
    convention = f.ConventionFactory(project=True)
    objective = f.ObjectiveFactory(theme__axis__convention=convention)
    user = f.MembershipFactory(organisation__convention=convention, coordinator=True).user
    client.force_login(user)
    page = f"/conventions/{convention.slug}/comite/objectifs/nouveau/"
    assert "La convention n’est pas signée" in page_of(client.get(page))
    assert client.get(f"{page}?orientation={objective.pk}").status_code == 200
    typed = {"title": "Ouvrir", "due_on": convention.end.isoformat(), "measure": "Un accueil"}
    sent = client.post(f"{page}?orientation={objective.pk}", typed | {"action": "proposer"})
    assert "La convention n’est pas signée" in page_of(sent)
    late = typed | {"due_on": (convention.end + datetime.timedelta(days=1)).isoformat()}
    sent = client.post(f"{page}?orientation={objective.pk}", late)
    assert "qui va jusqu’au" in page_of(sent)


# Giving up ---------------------------------------------------------------------------------------


def ending(row) -> str:
    return f"objectifs/{row.pk}/retirer/"


def test_an_objective_is_given_up_once_all_agree(committee, get, post, client):
    row = committee.in_force("Ouvrir deux espaces").subject
    assert "Retirer « Ouvrir deux espaces »" in get(ending(row))
    response = post(ending(row), note="Le Département s’en charge", action="proposer", revision=0)
    version = Version.objects.proposed().get()
    assert (version.ends, version.number, version.note) == (True, 2, "Le Département s’en charge")
    assert "prend fin" in after(client, response)
    row.refresh_from_db()
    assert row.standing == Standing.IN_FORCE
    committee.agree(version)
    row.refresh_from_db()
    assert row.standing == Standing.WITHDRAWN


def test_a_withdrawal_needs_its_reason(committee, post):
    row = committee.in_force().subject
    html = post(ending(row), note="  ", action="proposer", revision=0).content.decode()
    assert "À corriger" in html
    assert Version.objects.from_committee().count() == 1


def test_an_adviser_prepares_a_withdrawal(committee, post):
    row, adviser = committee.in_force().subject, adviser_of(committee)
    post(ending(row), adviser, note="Fait", action="proposer", revision=0)
    draft = Version.objects.drafts().get()
    assert (draft.ends, draft.author) == (True, adviser)


def test_an_objective_not_in_force_by_the_committee_is_not_given_up(committee, get, post):
    proposed = committee.proposed().subject
    for row in (proposed, committee.orientation):
        page = get(ending(row))
        assert "Seul ce qui est en vigueur" in page or "a été signé" in page
        assert post(ending(row), note="Non", action="proposer", revision=0).status_code == 200
    assert not Version.objects.filter(ends=True).exists()
    assert "Seule la coordination" in get(ending(proposed), committee.caf_member)


def test_a_withdrawal_does_not_replace_a_draft_that_was_not_seen(committee, get, post):
    version = committee.in_force()
    row = version.subject
    drafts.save_draft(row, version.content | {"title": "Trois"}, by=committee.coordinator)
    assert "Vous avez un brouillon de modification" in get(ending(row))
    response = post(ending(row), note="Fait", revision=0)
    assert "Votre brouillon a changé" in page_of(response)
    assert value_of(response, "note") == "Fait"
    assert Version.objects.drafts().get().title == "Trois"
    post(ending(row), note="Fait", revision=value_of(response, "revision"))
    assert Version.objects.drafts().get().ends


def test_a_version_discussed_meanwhile_is_shown(committee, get):
    version = committee.in_force()
    later = committee.edited(version, title="Trois")
    page = get(ending(version.subject))
    assert f"La version {later.number} du" in page
    assert "proposer le retrait la remplacera" in page


def test_a_withdrawal_agreed_to_may_be_written_again(committee, get, post):
    row = committee.in_force("Ouvrir").subject
    post(ending(row), note="Fait", action="proposer", revision=0)
    committee.agree(Version.objects.proposed().get())
    page = get(f"objectifs/{row.pk}/modifier/")
    assert (
        "Cet objectif est retiré : une nouvelle version, une fois acceptée, le reprendrait" in page
    )
