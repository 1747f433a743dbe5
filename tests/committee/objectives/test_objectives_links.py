"""From the page of the axes to what may be done about each objective, and where it stands."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.versions import events as drafts
from agreements.versions.endings import draft_ending
from committee.amendments import events as talk
from committee.objectives.links import ObjectiveLinks
from conventions.models import Objective
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.pages import committee_url as url
from tests.committee.pages import page_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

ADD, AMEND = "Ajouter un objectif du comité", "Proposer pour un avenant"
HISTORY, EDIT, END = "Historique et accords", "Modifier", "Retirer"


@told_once
def committee():
    return committee_of()


def labels(committee, row, user=None) -> list[str]:
    links = ObjectiveLinks(user or committee.coordinator, committee.convention)
    row = Objective.objects.get(pk=row.pk)
    return [action.label for action in links.of([row])[row.pk]]


def adviser_of(committee):
    return SeatFactory(organisation=committee.caf, adviser=True).user


def test_a_signed_orientation_takes_objectives_and_proposals(committee):
    assert labels(committee, committee.orientation) == [ADD, AMEND]
    assert labels(committee, committee.orientation, adviser_of(committee)) == [ADD, AMEND]
    assert labels(committee, committee.orientation, committee.caf_member) == [AMEND]


def test_a_signed_part_takes_proposals_only(committee):
    part = f.ObjectiveFactory(parent=committee.orientation)
    assert labels(committee, part) == [AMEND]


def test_a_reader_is_offered_nothing_on_what_was_signed(committee):
    reader = f.MembershipFactory(organisation=committee.caf, reader=True).user
    assert labels(committee, committee.orientation, reader) == []
    assert labels(committee, committee.in_force().subject, reader) == [HISTORY]


def test_an_objective_in_force_is_changed_or_given_up(committee):
    row = committee.in_force().subject
    assert labels(committee, row) == [HISTORY, EDIT, END]
    assert labels(committee, row, committee.caf_member) == [HISTORY]


def test_an_objective_that_is_only_proposed_is_not_given_up(committee):
    row = committee.proposed().subject
    assert labels(committee, row) == [HISTORY, EDIT]


def test_a_change_under_discussion_is_linked(committee):
    version = committee.in_force()
    later = committee.edited(version, title="Trois")
    label = "Une version 2 est en discussion"
    assert labels(committee, version.subject, committee.caf_member) == [label, HISTORY]
    links = ObjectiveLinks(committee.caf_member, committee.convention)
    row = Objective.objects.get(pk=version.object_id)
    urls = {a.label: a.url for a in links.of([row])[row.pk]}
    assert urls == {
        label: url(committee, f"points/{later.pk}/"),
        HISTORY: url(committee, f"points/{version.pk}/"),
    }


def test_a_withdrawal_under_discussion_is_linked(committee):
    version = committee.in_force()
    draft = draft_ending(version.subject, note="Fait", by=committee.coordinator)
    assert "Son retrait est en discussion" not in labels(committee, version.subject)
    drafts.propose(draft, by=committee.coordinator)
    assert labels(committee, version.subject)[0] == "Son retrait est en discussion"


def test_links_to_add_amend_edit_and_end_are_folded(committee):
    version = committee.in_force()
    committee.edited(version, title="Trois")
    links = ObjectiveLinks(committee.coordinator, committee.convention)
    rows = list(Objective.objects.of(committee.convention))
    folded = {a.label for actions in links.of(rows).values() for a in actions if a.is_folded}
    assert folded == {ADD, AMEND, EDIT, END}


def test_a_project_offers_no_link_on_objectives():
    convention = f.ConventionFactory(project=True)
    row = f.ObjectiveFactory(theme__axis__convention=convention)
    user = f.MembershipFactory(organisation__convention=convention, coordinator=True).user
    assert ObjectiveLinks(user, convention).of([row]) == {row.pk: []}


def test_the_words_are_those_of_the_territory():
    committee = committee_of(labels={"objectif": "Priorité"})
    assert labels(committee, committee.orientation)[0] == "Ajouter une priorité du comité"


def test_the_page_of_the_axes_shows_the_links(committee, client):
    row = committee.in_force("Ouvrir deux espaces").subject
    talk.propose_amendment(
        committee.orientation, wording="Autrement", reason="Mieux", by=committee.caf_member
    )
    client.force_login(committee.coordinator)
    response = client.get(f"/conventions/{committee.convention.slug}/axes/")
    html = response.content.decode()
    for address in [
        f"objectifs/nouveau/?orientation={committee.orientation.pk}",
        f"avenant/proposer/objective/{committee.orientation.pk}/",
        f"objectifs/{row.pk}/modifier/",
        f"objectifs/{row.pk}/retirer/",
    ]:
        assert f'href="{url(committee, address)}"' in html
    assert "1 proposition pour un avenant" in response.content.decode().replace("\u00a0", " ")


def test_the_head_of_the_page_offers_to_add_one_to_who_may(committee, client):
    link = f'href="{url(committee, "objectifs/nouveau/")}"'
    page = f"/conventions/{committee.convention.slug}/axes/"
    for user, offered in [
        (committee.coordinator, True), (adviser_of(committee), True),
        (committee.caf_member, False),
    ]:  # fmt: skip
        client.force_login(user)
        assert (link in client.get(page).content.decode()) is offered


def test_who_may_do_less_is_offered_less_after_who_may_do_more(committee, client):
    changed(committee.convention, *Subject)
    for user, offered in [
        (committee.coordinator, True), (committee.caf_member, False), (committee.coordinator, True),
    ]:  # fmt: skip
        client.force_login(user)
        page = client.get(f"/conventions/{committee.convention.slug}/axes/").content.decode()
        assert (f"?orientation={committee.orientation.pk}" in page) is offered


def test_a_proposed_objective_is_on_the_page_at_once(committee, client):
    draft = committee.draft("Ouvrir deux espaces")
    changed(committee.convention, *Subject)
    client.force_login(committee.caf_member)
    page = f"/conventions/{committee.convention.slug}/axes/"
    assert "Ouvrir deux espaces" not in client.get(page).content.decode()
    drafts.propose(draft, by=committee.coordinator)
    assert "Ouvrir deux espaces" in client.get(page).content.decode()


def test_an_empty_list_of_proposals_is_not_mentioned(committee, client):
    client.force_login(committee.coordinator)
    page = client.get(f"/conventions/{committee.convention.slug}/axes/")
    assert "pour un avenant</a>" not in page.content.decode()


def test_links_of_many_objectives_are_read_in_as_many_queries(committee):
    def asked() -> int:
        rows = list(Objective.objects.of(committee.convention))
        with CaptureQueriesContext(connection) as queries:
            ObjectiveLinks(committee.coordinator, committee.convention).of(rows)
        return len(queries)

    committee.in_force()
    few = asked()
    for n in range(6):
        committee.edited(committee.in_force(f"Ouvrir {n}"), title=f"Fermer {n}")
        f.ObjectiveFactory(theme=committee.orientation.theme)
    assert asked() == few


def test_versions_of_another_convention_are_not_read(committee, client):
    other = committee_of()
    version = other.in_force()
    client.force_login(committee.coordinator)
    assert page_of(client.get(url(committee))) is not None
    assert client.get(url(committee, f"points/{version.pk}/")).status_code == 404
    links = ObjectiveLinks(committee.coordinator, committee.convention)
    assert links._live(list(Objective.objects.of(committee.convention))) == {}
