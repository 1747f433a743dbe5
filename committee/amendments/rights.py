"""Who may propose a change to the signed text, and take that back."""

from accounts.models import User
from agreements.seats.rights import may_manage_committee
from agreements.seats.voices import Bench
from committee.amendments.models import AmendmentProposal
from conventions.access.rights import coordinates
from ctg_portal.rules import Refusal


def may_propose_amendment(asker: User, bench: Bench) -> Refusal | None:
    """Return a refusal unless ``asker`` sits on the committee or coordinates."""
    speaks = bench.sits_for(asker) or bench.voices_of(asker)
    if asker is not None and (speaks or coordinates(asker, bench.convention)):
        return None
    return Refusal(
        "Une proposition pour un avenant vient d’un membre du comité ou de la coordination."
    )


def may_withdraw_amendment(asker: User | None, proposal: AmendmentProposal) -> Refusal | None:
    """Return a refusal unless the proposal stands and ``asker`` wrote it or coordinates."""
    if proposal.withdrawn_at:
        return Refusal("Cette proposition est déjà retirée.")
    if asker is not None and proposal.user_id == asker.pk:
        return None
    return may_manage_committee(asker, proposal.convention)
