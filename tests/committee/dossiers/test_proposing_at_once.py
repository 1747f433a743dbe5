"""The form that proposes drafts, sent twice at the same moment, on PostgreSQL."""

from committee.dossiers.events import propose_dossier
from committee.models import Dossier
from tests.actions.factories import draft_action
from tests.agreements.factories import committee_of
from tests.at_once import ON_POSTGRESQL, at_once

pytestmark = ON_POSTGRESQL


def test_the_same_drafts_proposed_twice_at_once_are_one_dossier():
    committee = committee_of()
    chosen = [draft_action(committee, title=title) for title in ("Un", "Deux")]

    def send():
        return propose_dossier(committee.convention, chosen, title="Plan", by=committee.coordinator)

    first, second = at_once(send, send)
    assert first == second == Dossier.objects.get()
