"""Comments on a text that is being written: made, corrected, withdrawn, resolved."""

from django.utils import timezone

from accounts.models import User
from agreements.seats.voices import bench_of, capacity_of
from committee.comments.events import put_down, put_right
from conventions.models import Convention
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.revisions import check_revision
from ctg_portal.rules import Refusal, enforce
from evaluation.comments import rights
from evaluation.comments.notices import TextCommented
from evaluation.models import TextComment
from notifications.news import notify

REWRITTEN = Refusal(
    "Ce commentaire a été modifié depuis que la page est ouverte : relisez-le, puis dites s’il est "
    "traité."
)


@event()
def comment_text(text: str, *, by: User, convention: Convention, **which) -> TextComment:
    """Comment on a text, told as drafts ask for it (``Desk.about``); those who write it are told.
    The same sent twice is one comment."""
    changed(convention, Subject.EVALUATION)
    about = {"convention": convention, **which}
    enforce(rights.may_comment(by, **about))
    Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=convention.pk)
    capacity = capacity_of(by, bench_of(convention, timezone.localdate()))
    said = TextComment(user=by, capacity=capacity, text=text, **about)
    kept = put_down(said, TextComment.objects.of_text(**about).standing())
    if kept is said:
        notify(TextCommented(kept))
    return kept


@event(Subject.EVALUATION)
def edit_comment(
    comment: TextComment, *, text: str, by: User, revision: int | None = None
) -> TextComment:  # fmt: skip
    """Correct one's comment; it says so, and the earlier text stays readable. Nobody has made
    anything yet of what it says now. ``revision``: as of ``put_right``."""
    comment = _locked(comment)
    enforce(rights.may_edit(by, comment))
    if text != comment.text:
        comment.resolved_at, comment.resolved_by, comment.resolved_by_name = None, None, ""
    return put_right(comment, text, revision=revision)


@event(Subject.EVALUATION)
def withdraw_comment(comment: TextComment, *, by: User) -> None:
    """Take one's comment back, of which nobody has made anything: it is shown no more."""
    comment = _locked(comment)
    enforce(rights.may_withdraw(by, comment))
    comment.withdrawn_at = timezone.now()
    comment.save()


@event(Subject.EVALUATION)
def resolve_comment(
    comment: TextComment, *, is_resolved: bool = True, revision: int | None = None, by: User | None
) -> None:
    """Say that something was made of a comment, or that something still is to be. ``revision``:
    the one that was shown; nothing is made of what nobody has read."""
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
    rows = TextComment.objects.select_related("convention", "theme__axis__convention")
    return rows.select_for_update(of=("self",)).get(pk=comment.pk)
