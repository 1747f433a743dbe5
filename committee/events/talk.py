"""What is said around the points: comments, and what a later amendment should change."""

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from committee import rights
from committee.commitments import commitment_of
from committee.events.settlement import lock_row
from committee.models import AmendmentProposal, Comment, Version
from committee.voices import Bench, bench_of
from conventions.rights import coordinates
from ctg_portal.rules import Refusal, Refused, enforce

NO_TEXT = Refusal("Écrivez votre commentaire avant de l’enregistrer.")
UNSIGNED = Refusal("Seul un texte signé, et encore en vigueur, demande un avenant.")
NO_WORDING = Refusal("Écrivez la rédaction que vous proposez, et pourquoi.")


@transaction.atomic
def comment(version: Version, *, text: str, by) -> Comment:
    """Comment on a version, with one's name and capacity of today."""
    bench = bench_of(version.convention, timezone.localdate())
    enforce(rights.may_comment(by, bench, version))
    if not text.strip():
        raise Refused(NO_TEXT)
    return Comment.objects.create(
        version=version, user=by, person_name=str(by), capacity=capacity_of(by, bench), text=text
    )


@transaction.atomic
def edit_comment(comment: Comment, *, text: str, by) -> Comment:
    """Correct one's comment; it says so, and the earlier text stays readable."""
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    enforce(rights.may_edit_comment(by, comment))
    if not text.strip():
        raise Refused(NO_TEXT)
    if comment.text != text:
        comment.text, comment.edited_at = text, timezone.now()
        comment.save()
    return comment


def unsigned(row: Model) -> Refusal | None:
    """Why a row is not changed by an amendment: nobody signed it, or it is in force no more."""
    commitment = commitment_of(row)
    signed = commitment.signed_rows(commitment.convention_of(row))
    if signed is not None and signed.filter(pk=row.pk).exists():
        return None
    return UNSIGNED


@transaction.atomic
def propose_amendment(row: Model, *, wording: str, reason: str, by) -> AmendmentProposal:
    """Keep, for a later amendment, what somebody would have the signed text say."""
    commitment = commitment_of(row)
    convention = commitment.convention_of(row)
    bench = bench_of(convention, timezone.localdate())
    enforce(rights.may_propose_amendment(by, bench) or unsigned(row))
    if not (wording.strip() and reason.strip()):
        raise Refused(NO_WORDING)
    same = AmendmentProposal.objects.about(lock_row(row)).kept().filter(user=by, wording=wording)
    if found := same.filter(reason=reason).first():
        return found  # the same form, sent twice
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


@transaction.atomic
def withdraw_amendment(proposal: AmendmentProposal, *, by) -> None:
    proposal = AmendmentProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    enforce(rights.may_withdraw_amendment(by, proposal))
    proposal.withdrawn_at, proposal.withdrawn_by_name = timezone.now(), str(by)
    proposal.save()


def capacity_of(user, bench: Bench) -> str:
    """« Directrice, Caf de la Vienne »: a seat first, else the coordination."""
    seats = [seat for seat in bench.seats if seat.user_id == user.pk and bench.sits(seat)]
    if seats:
        return f"{seats[0].capacity}, {seats[0].organisation}"
    voices = bench.voices_of(user)
    if voices:
        return f"{voices[0].capacity}, {voices[0].organisation}"
    return "coordination" if coordinates(user, bench.convention) else ""
