"""Two people at the same moment, on PostgreSQL: the second sees what the first has done."""

from accounts.models import Invitation, User
from conventions.access import events
from conventions.models import Membership, MembershipOffer
from ctg_portal.rules import Refused
from tests import factories as f
from tests.at_once import ON_POSTGRESQL, at_once

pytestmark = ON_POSTGRESQL


def test_two_coordinators_who_leave_at_once_do_not_leave_the_convention_alone():
    first = f.MembershipFactory(coordinator=True)
    second = f.MembershipFactory(convention=first.convention, coordinator=True)
    done, refused = at_once(
        lambda: events.end_membership(first, by=first.user),
        lambda: events.end_membership(second, by=second.user),
    )
    assert done is None
    assert isinstance(refused, Refused)
    assert "garde au moins une personne à la coordination" in refused.refusal.reason
    assert list(Membership.objects.active()) == [second]


def test_two_coordinators_who_end_each_other_at_once_leave_one():
    first = f.MembershipFactory(coordinator=True)
    second = f.MembershipFactory(convention=first.convention, coordinator=True)
    done, refused = at_once(
        lambda: events.end_membership(second, by=first.user),
        lambda: events.end_membership(first, by=second.user),
    )
    assert done is None
    assert isinstance(refused, Refused)
    assert list(Membership.objects.active()) == [first]


def test_access_ended_twice_at_once_ends_once():
    access = f.MembershipFactory()
    done, refused = at_once(
        lambda: events.end_membership(access, by=access.user),
        lambda: events.end_membership(Membership.objects.get(pk=access.pk), by=None),
    )
    assert done is None
    assert isinstance(refused, Refused)
    assert refused.refusal.reason == "Cet accès est déjà terminé."


def test_invitation_accepted_twice_at_once_gives_one_access():
    offer = f.MembershipOfferFactory()
    user = f.UserFactory(email=offer.invitation.email)
    convention, refused = at_once(
        lambda: events.accept(offer.invitation, by=user),
        lambda: events.accept(Invitation.objects.get(), by=user),
    )
    assert convention == offer.organisation.convention
    assert isinstance(refused, Refused)
    assert refused.refusal.reason == "Cette invitation a déjà été acceptée."
    assert Membership.objects.filter(user=user).count() == 1


def test_newcomer_who_clicks_twice_opens_one_account():
    offer = f.MembershipOfferFactory()
    answers = {"first_name": "Sylvie", "last_name": "Bernard", "password": ""}
    opened, refused = at_once(
        lambda: events.accept_as_newcomer(offer.invitation, **answers),
        lambda: events.accept_as_newcomer(Invitation.objects.get(), **answers),
    )
    assert opened == (User.objects.get(), offer.organisation.convention)
    assert isinstance(refused, Refused)
    assert refused.refusal.reason == "Cette invitation a déjà été acceptée."
    assert Membership.objects.count() == 1


def test_two_invitations_to_one_newcomer_open_one_account():
    first = f.MembershipOfferFactory(invitation__email="nouvelle@msa.example")
    second = f.MembershipOfferFactory(invitation__email="nouvelle@msa.example")
    answers = {"first_name": "Sylvie", "last_name": "Bernard", "password": ""}
    results = at_once(
        lambda: events.accept_as_newcomer(first.invitation, **answers),
        lambda: events.accept_as_newcomer(second.invitation, **answers),
    )
    refused = [result for result in results if isinstance(result, Refused)]
    assert [r.refusal.reason for r in refused] == [
        "Votre compte vient d’être ouvert : connectez-vous pour accepter."
    ]
    assert Membership.objects.get().user == User.objects.get()


def test_invitation_is_not_accepted_while_it_is_revoked():
    offer = f.MembershipOfferFactory()
    user = f.UserFactory(email=offer.invitation.email)
    done, refused = at_once(
        lambda: events.revoke_offer(offer, by=None),
        lambda: events.accept(Invitation.objects.get(), by=user),
    )
    assert done is None
    assert isinstance(refused, Refused)
    assert not Membership.objects.exists()


def test_two_people_are_invited_at_once():
    organisation = f.OrganisationFactory()

    def invite(email):
        return events.invite(email=email, organisation=organisation, roles=["reader"], by=None)

    first, second = at_once(lambda: invite("a@caf.example"), lambda: invite("b@caf.example"))
    assert {first[0].email, second[0].email} == {"a@caf.example", "b@caf.example"}
    assert first[1] != second[1]
    assert MembershipOffer.objects.pending().count() == 2


def test_an_address_is_not_written_to_by_several_at_once():
    """Each message would be the last that the address may get."""
    first = f.MembershipFactory(coordinator=True)
    second = f.MembershipFactory(convention=first.convention, coordinator=True)

    def invite(by, role):
        return events.invite(
            email="a@caf.example", organisation=by.organisation, roles=[role], by=by.user
        )

    invite(first, "contributor")
    invite(second, "contributor")
    sent, refused = at_once(lambda: invite(first, "reader"), lambda: invite(second, "reader"))
    assert sent
    assert isinstance(refused, Refused)
    assert Invitation.objects.count() == 3


def test_two_referents_who_leave_at_once_do_not_leave_the_organisation_without():
    first = f.MembershipFactory(referent=True)
    second = f.MembershipFactory(organisation=first.organisation, referent=True)
    done, refused = at_once(
        lambda: events.end_membership(first, by=first.user),
        lambda: events.end_membership(second, by=second.user),
    )
    assert done is None
    assert isinstance(refused, Refused)
    assert Membership.objects.active().referents().count() == 1


def test_an_access_confirmed_and_suspended_at_once_is_one_or_the_other():
    access = f.MembershipFactory(pending=True)
    referent, colleague = (
        f.referent_of(access.organisation),
        f.MembershipFactory(organisation=access.organisation),
    )
    at_once(
        lambda: events.confirm_access(access, by=referent, revision=access.revision),
        lambda: events.suspend_person(access.user, access.organisation, by=colleague.user),
    )
    access.refresh_from_db()
    verbs = [row.verb for row in access.transitions.all()]
    assert (access.state, verbs) in (
        ("suspended", ["confirmed", "suspended"]), ("suspended", ["suspended"]),
    )  # fmt: skip
