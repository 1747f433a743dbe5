"""An organisation's référent makes its rule of secrecy stricter, alone."""

import pytest

from conventions.access.organisations import tighten_secrecy
from ctg_portal.rules import Refused
from tests.committee.pages import page_of
from tests.factories import MembershipFactory, OrganisationFactory, PartyFactory, referent_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rule", "is_allowed"),
    [
        ({}, True),
        ({"opts_out_of_secrecy": True}, True),
        ({"masking_threshold": 5}, True),
        ({"masking_threshold": 10}, False),
        ({"masking_threshold": 11}, False),
        ({"rounding_base": 5}, False),
    ],
)
def test_a_referent_raises_the_threshold_and_does_not_lower_it(rule, is_allowed):
    asso = OrganisationFactory(**rule)
    referent = referent_of(asso)
    if not is_allowed:
        with pytest.raises(Refused):
            tighten_secrecy(asso, threshold=10, by=referent)
        return
    tighten_secrecy(asso, threshold=10, by=referent)
    asso.refresh_from_db()
    assert (asso.threshold, asso.states_secrecy, asso.is_guarded) == (10, True, True)
    assert "à 10 le " in asso.secrecy_note


@pytest.mark.parametrize("role", ["contributor", "coordinator", "reader"])
def test_nobody_but_a_referent_raises_the_threshold(role):
    asso = OrganisationFactory()
    someone = MembershipFactory(organisation=asso, role=role).user
    with pytest.raises(Refused, match="référent des accès"):
        tighten_secrecy(asso, threshold=10, by=someone)


def test_the_page_of_the_threshold_raises_it_or_says_why_not(client):
    caf = PartyFactory().organisation
    client.force_login(referent_of(caf))
    parties = f"/conventions/{caf.convention.slug}/signataires/"
    address = f"{parties}{caf.pk}/secret/"
    assert address in client.get(parties).content.decode()
    assert "Le seuil est relevé" not in page_of(client.post(address, {"threshold": "4"}))
    text = page_of(client.post(address, {"threshold": "11"}, follow=True))
    assert "de 1 à 10, ils sont masqués" in text
    assert "Seuil porté de 5 à 11 le" in text
    assert "accord de toutes les parties" in page_of(client.post(address, {"threshold": "10"}))


def test_an_organisation_that_opted_out_is_shown_with_its_rule_and_no_threshold_to_raise(client):
    caf = PartyFactory(organisation__opts_out_of_secrecy=True).organisation
    client.force_login(MembershipFactory(organisation=caf, reader=True).user)
    text = page_of(client.get(f"/conventions/{caf.convention.slug}/signataires/"))
    assert "ils se lisent tels quels" in text
    assert "Relever le seuil" not in text
