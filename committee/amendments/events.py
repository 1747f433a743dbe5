"""Propose a change of the signed text for a later amendment, and withdraw a proposal."""

from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from agreements.commitments.commitment import commitment_of
from agreements.seats.voices import bench_of, capacity_of
from agreements.versions.rows import lock_row
from committee.amendments import rights
from committee.amendments.models import AmendmentProposal
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce

UNSIGNED = Refusal("Seul un texte signé, et encore en vigueur, demande un avenant.")


NO_WORDING = Refusal("Écrivez la rédaction que vous proposez, et pourquoi.")


def refuse_unsigned(row: Model) -> Refusal | None:
    """Return why no amendment can change a row, or None: unsigned, or no longer in force."""
    commitment = commitment_of(row)
    signed = commitment.signed_rows(commitment.convention_of(row))
    if signed is not None and signed.filter(pk=row.pk).exists():
        return None
    return UNSIGNED


@event(Subject.COMMITTEE)
def propose_amendment(row: Model, *, wording: str, reason: str, by: User) -> AmendmentProposal:
    """Record, for a later amendment, another wording that somebody proposes for a signed text. The
    same form sent twice is one proposal. Raises Refused."""
    commitment = commitment_of(row)
    convention = commitment.convention_of(row)
    bench = bench_of(convention, timezone.localdate())
    enforce(rights.may_propose_amendment(by, bench) or refuse_unsigned(row))
    if not (wording.strip() and reason.strip()):
        raise Refused(NO_WORDING)
    same = (
        AmendmentProposal.objects.about(lock_row(row))
        .not_withdrawn()
        .filter(user=by, wording=wording)
    )
    if twin := same.filter(reason=reason).first():
        return twin  # the same form, sent twice
    return AmendmentProposal.objects.create(
        convention=convention,
        subject=row,
        title=f"{commitment.heading(row)} – {row}"[:500],
        wording=wording,
        reason=reason,
        user=by,
        person_name=str(by),
        capacity=capacity_of(by, bench),
    )


def amendment_reason_to_keep(row: Model) -> str | None:
    """Return why a row stays although the convention file no longer contains it, or None."""
    if AmendmentProposal.objects.about(row).exists():
        return "un avenant est proposé à son sujet"
    return None


@event(Subject.COMMITTEE)
def withdraw_amendment(proposal: AmendmentProposal, *, by: User) -> None:
    """Withdraw a proposal, which stays readable. Raises Refused."""
    proposal = AmendmentProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    enforce(rights.may_withdraw_amendment(by, proposal))
    proposal.withdrawn_at, proposal.withdrawn_by_name = timezone.now(), str(by)
    proposal.save()
