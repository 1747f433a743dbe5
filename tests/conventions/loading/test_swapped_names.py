"""A sigle that passes from one organisation to another takes along nobody's access."""

import pytest

from accounts.models import User
from conventions.loading.mistakes import ConventionFileError
from conventions.models import Membership, Organisation, Role
from tests.conventions.loading.samples import FULL

pytestmark = pytest.mark.django_db
CAF, EPCI = "CAF 99", "CCVE"
SIREN = '    siren: "123456789"\n'


@pytest.fixture
def agents():
    """Give each body an agent; of which body they are, by address."""

    def agents():
        bodies = {}
        for acronym in (CAF, EPCI):
            organisation = Organisation.objects.get(acronym=acronym)
            user = User.objects.create_user(f"{acronym.replace(' ', '')}@exemple.fr")
            Membership.objects.create(user=user, organisation=organisation, role=Role.CONTRIBUTOR)
            bodies[user.email] = organisation.name
        return bodies

    return agents


def swapped(text: str, first: str, second: str) -> str:
    return text.replace(first, "§").replace(second, first).replace("§", second)


def body_by_agent() -> dict[str, str]:
    accesses = Membership.objects.select_related("user", "organisation")
    return {access.user.email: access.organisation.name for access in accesses}


SECOND = FULL.replace("    type: epci\n", '    type: epci\n    siren: "200000002"\n')


def test_accesses_stay_with_their_organisations_when_two_acronyms_are_exchanged(load_text, agents):
    load_text(SECOND)
    before = agents()
    load_text(swapped(SECOND, f"sigle: {CAF}", f"sigle: {EPCI}"))
    assert body_by_agent() == before
    assert Organisation.objects.get(acronym=EPCI).masking_threshold == 5


def test_exchanged_acronyms_without_siren_are_refused(load_text, agents):
    text = FULL.replace(SIREN, "")
    load_text(text)
    before = agents()
    with pytest.raises(ConventionFileError) as caught:
        load_text(swapped(text, f"sigle: {CAF}", f"sigle: {EPCI}"))
    assert len(caught.value.mistakes) == 2
    assert "SIREN" in str(caught.value)
    assert body_by_agent() == before


def test_a_siren_typed_beside_another_body_moves_nobody(load_text, agents):
    load_text(FULL)
    before = agents()
    text = FULL.replace(SIREN, "").replace("    type: epci\n", "    type: epci\n" + SIREN)
    load_text(text)
    assert body_by_agent() == before


def test_an_acronym_of_an_organisation_that_the_file_has_dropped_is_not_taken(load_text, agents):
    load_text(SECOND)
    before = agents()
    start, end = SECOND.index("  - sigle: CCVE"), SECOND.index("organismes:\n")
    text = (SECOND[:start] + SECOND[end:]).replace(f"sigle: {CAF}", f"sigle: {EPCI}")
    with pytest.raises(ConventionFileError, match="est le sigle"):
        load_text(text)
    assert body_by_agent() == before


def test_two_bodies_of_one_name_load_again(load_text):
    rows = "  - {sigle: A, nom: Mairie}\n  - {sigle: B, nom: Mairie}\n"
    text = FULL.replace("organismes:\n", "organismes:\n" + rows)
    load_text(text)
    assert not load_text(text).has_changes
