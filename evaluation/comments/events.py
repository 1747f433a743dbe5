"""Comments on a text that is being written: made, corrected, withdrawn, resolved."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from agreements.seats.voices import bench_of, capacity_of
from committee.comments.events import add_remark, rewrite_remark
from conventions.legal.convention import lock_convention
from conventions.models import Convention
from ctg_portal.forms.revisions import check_revision
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, enforce
from evaluation.comments import rights
from evaluation.comments.models import TextComment
from evaluation.comments.notices import TextCommented
from notifications.news import notify

REWRITTEN = Refusal(
    "Ce commentaire a été modifié depuis que la page est ouverte : relisez-le, puis dites s’il est "
    "traité."
)


@event()
def comment_text(text: str, *, by: User, convention: Convention, **which: Any) -> TextComment:
    """Add a comment to a text, notify its writers, and return it; sent twice, it is one comment.
    ``which``: year, and theme, part or criterion of the text. Raises Refused."""
    changed(convention, Subject.EVALUATION)
    about = {"convention": convention, **which}
    enforce(rights.may_comment(by, **about))
    lock_convention(convention.pk)
    capacity = capacity_of(by, bench_of(convention, timezone.localdate()))
    comment = TextComment(user=by, capacity=capacity, text=text, **about)
    stored = add_remark(comment, TextComment.objects.for_text(**about).standing())
    if stored is comment:
        notify(TextCommented(stored))
    return stored


@event(Subject.EVALUATION)
def edit_comment(
    comment: TextComment, *, text: str, by: User, revision: int | None = None
) -> TextComment:  # fmt: skip
    """Correct one's comment and return it; the earlier text stays readable, and a comment with
    another text is no longer resolved. ``revision``: see ``rewrite_remark``. Raises Refused."""
    comment = _locked(comment)
    enforce(rights.may_edit(by, comment))
    if text != comment.text:
        comment.resolved_at, comment.resolved_by, comment.resolved_by_name = None, None, ""
    return rewrite_remark(comment, text, revision=revision)


@event(Subject.EVALUATION)
def withdraw_comment(comment: TextComment, *, by: User) -> None:
    """Withdraw one's unresolved comment, which is then shown no more. Raises Refused."""
    comment = _locked(comment)
    enforce(rights.may_withdraw(by, comment))
    comment.withdrawn_at = timezone.now()
    comment.save()


@event(Subject.EVALUATION)
def resolve_comment(
    comment: TextComment, *, is_resolved: bool = True, revision: int | None = None, by: User | None
) -> None:
    """Mark a comment as resolved by ``by``, or as open again; does nothing where it is so already.
    Raises Refused, also where a comment to resolve has another ``revision`` than the one shown."""
    comment = _locked(comment)
    enforce(rights.may_resolve(by, comment))
    if bool(comment.resolved_at) == is_resolved:
        return
    if is_resolved:
        check_revision(comment, revision, REWRITTEN)
    comment.resolved_at = timezone.now() if is_resolved else None
    comment.resolved_by = by if is_resolved else None
    comment.resolved_by_name = str(by or "") if is_resolved else ""
    comment.save()


def _locked(comment: TextComment) -> TextComment:
    """Return the comment as it is now, locked, with what its rights are read from."""
    rows = TextComment.objects.select_related("convention", "theme__axis__convention")
    return rows.select_for_update(of=("self",)).get(pk=comment.pk)
