"""A second click on what is done, or one on an older page, leads where the first has led."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from actions.follow_up.events import attach_document
from agreements.seats import events as seats
from conventions.access import events as access
from conventions.directory import events as directory
from ctg_portal.templatetags.french import de
from evaluation.comments.events import comment_text
from tests import factories as f
from tests.actions.factories import action_in_force
from tests.agreements.factories import DelegationFactory, SeatFactory, committee_of
from tests.committee.pages import page_of
from tests.documents.files import PDF
from tests.evaluation.publication.scene import YEAR, written_year
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
CENTRE = {"name": "Centre des Minimes", "acronym": "", "kind": "association", "town": "Thuré",
          "contact_email": ""}  # fmt: skip


@told_once
def committee():
    return written_year()


def draft(committee):
    return "committee:discard_draft", [committee.draft().pk], {}, "Ce brouillon est déjà jeté."


def organisation(committee):
    row = directory.add_organisation(committee.convention, CENTRE, by=committee.coordinator)
    expected = "Cet organisme est déjà retiré de la liste."
    return "conventions:correct_organisation", [row.pk], {"retirer": "oui"}, expected


def person(committee):
    values = {"name": "Awa Diop", "capacity": "Directrice", "email": ""}
    row = directory.add_contact(committee.caf, values, by=committee.coordinator)
    sent = values | {"retirer": "oui"}
    return "conventions:correct_contact", [row.pk], sent, "Cette personne n’est plus dans la liste."


def offer(committee):
    row = f.MembershipOfferFactory(
        organisation=committee.caf, invitation__email="invitee@caf.example"
    )
    expected = "L’invitation envoyée à invitee@caf.example est déjà annulée."
    return "conventions:revoke_offer", [row.pk], {}, expected


def membership(committee):
    row = f.MembershipFactory(organisation=committee.caf, reader=True)
    return "conventions:end_membership", [row.pk], {}, "Cet accès est déjà terminé."


def absence(committee, days=0):
    starts_on = timezone.localdate() + datetime.timedelta(days=days)
    row = seats.declare_absence(
        committee.epci_seat, starts_on=starts_on, ends_on=starts_on + datetime.timedelta(days=9),
        by=committee.coordinator,
    )  # fmt: skip
    return "committee:end_absence", [row.pk], {}, "Cette absence est déjà terminée."


def absence_to_come(committee):
    return absence(committee, days=5)


def delegation(committee):
    row = DelegationFactory(seat=committee.epci_seat)
    return "committee:end_delegation", [row.pk], {}, "Cette délégation est déjà terminée."


def seat_confirmed(committee):
    row = SeatFactory(organisation=committee.epci, pending=True)
    expected = f"Le siège {de(row.name)} est déjà confirmé."
    return "committee:confirm_seat", [row.pk], {"revision": row.revision}, expected


def document(committee):
    action = action_in_force(committee)
    row = attach_document(
        action, ContentFile(PDF, "a.pdf"), title="Accord", by=committee.coordinator
    )
    expected = "Ce document n’est plus sur la fiche."
    return "actions:withdraw_document", [action.pk, row.pk], {}, expected


def comment(committee):
    about = {"convention": committee.convention, "year": YEAR, "theme": committee.theme}
    row = comment_text("Dire aussi combien.", by=committee.coordinator, **about)
    return "evaluation:withdraw_text_comment", [row.pk], {}, "Ce commentaire a été retiré."


ALL = [draft, organisation, person, offer, membership, absence, absence_to_come, delegation,
       document, comment, seat_confirmed]  # fmt: skip


def who_does(name, committee):
    if name == "committee:confirm_seat":
        return f.referent_of(committee.epci)
    return committee.epci_member if name == "committee:end_delegation" else committee.coordinator


@pytest.mark.parametrize("done", ALL, ids=lambda done: done.__name__)
def test_a_second_click_leads_where_the_first_has(committee, client, done):
    name, keys, sent, message = done(committee)
    address = reverse(name, args=[committee.convention.slug, *keys])
    client.force_login(who_does(name, committee))
    first = client.post(address, sent)
    assert first.status_code == 302
    client.get(first.url)
    second = client.post(address, sent)
    assert second.status_code == 302
    assert second.url.split("#")[0] == first.url.split("#")[0]
    page = client.get(second.url)
    assert page.status_code == 200
    assert message in page_of(page)


@pytest.mark.parametrize("done", ALL, ids=lambda done: done.__name__)
def test_a_stranger_who_repeats_the_click_gets_a_404(committee, client, done):
    name, keys, sent, _ = done(committee)
    address = reverse(name, args=[committee.convention.slug, *keys])
    client.force_login(who_does(name, committee))
    client.post(address, sent)
    stranger = committee_of().coordinator
    client.force_login(stranger)
    assert client.post(address, sent).status_code == 404
    if done not in (draft, person):  # nothing is left that says whose it was
        own = stranger.memberships.get().convention.slug
        assert client.post(reverse(name, args=[own, *keys]), sent).status_code == 404


def test_who_has_left_is_told_on_the_first_page(committee, client):
    name, keys, sent, expected = membership(committee)
    user = committee.caf.memberships.get(pk=keys[0]).user
    client.force_login(user)
    address = reverse(name, args=[committee.convention.slug, *keys])
    for _ in range(2):
        response = client.post(address, sent)
        assert response.url == reverse("conventions:home")
    told_in = [str(message) for message in response.wsgi_request._messages]
    assert expected in told_in


def test_an_invitation_that_was_accepted_says_so(committee, client):
    name, keys, _, _ = offer(committee)
    invitation = committee.caf.offers.get(pk=keys[0]).invitation
    access.accept(invitation, by=f.UserFactory(email=invitation.email))
    client.force_login(committee.coordinator)
    for name in ("revoke_offer", "renew_offer"):
        address = reverse(f"conventions:{name}", args=[committee.convention.slug, *keys])
        response = client.post(address)
        assert "est déjà acceptée." in page_of(client.get(response.url))


def test_a_correction_of_who_was_withdrawn_is_given_back(committee, client):
    name, keys, sent, _ = person(committee)
    address = reverse(name, args=[committee.convention.slug, *keys])
    client.force_login(committee.coordinator)
    client.post(address, sent)
    response = client.post(address, {"name": "Awa Diop", "capacity": "Directrice par intérim"})
    assert "Directrice par intérim" in page_of(response, status=404)
