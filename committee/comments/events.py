"""Write and correct comments: on a version, and on what packages above have commented
(``add_remark``, ``rewrite_remark``)."""

from datetime import timedelta

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import User
from agreements.models import Version
from agreements.seats.voices import bench_of, capacity_of
from committee.comments import rights
from committee.comments.models import Comment, Remark
from ctg_portal.forms.revisions import check_revision
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, enforce

NO_TEXT = Refusal("Écrivez votre commentaire avant de l’enregistrer.")
# A second click comes within this time.
ONE_CLICK = timedelta(minutes=1)
TOO_LONG = Refusal("Un commentaire a 5 000 caractères au plus : joignez le reste en document.")


@event(Subject.COMMITTEE)
def comment(version: Version, *, text: str, by: User) -> Comment:
    """Comment on a version under one's name and capacity of today. The same text sent twice in a
    day, with nothing between, is one comment. Raises Refused."""
    bench = bench_of(version.convention, timezone.localdate())
    enforce(rights.may_comment(by, bench, version))
    Version.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    remark = Comment(version=version, user=by, capacity=capacity_of(by, bench), text=text)
    return add_remark(remark, Comment.objects.filter(version=version))


@event(Subject.COMMITTEE)
def edit_comment(comment: Comment, *, text: str, by: User, revision: int | None = None) -> Comment:
    """Correct one's comment. It is marked as edited, and the earlier text stays readable.
    ``revision`` and what is raised: as in ``rewrite_remark``; Refused also for who may not."""
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    enforce(rights.may_edit_comment(by, comment))
    return rewrite_remark(comment, text, revision=revision)


def add_remark(remark: Remark, before: QuerySet) -> Remark:
    """Add a remark to those on the same thing, which the caller has locked. The same text sent
    twice in a day, with nothing between, is one remark. Raises Refused for an empty text or one
    that is too long."""
    enforce(_refuse_text(remark.text))
    last = before.order_by("-created_at", "-pk").first()
    if last and (last.user_id, last.text) == (remark.user_id, remark.text):
        now, then = timezone.localtime(), timezone.localtime(last.created_at)
        if now.date() == then.date() or now - then < ONE_CLICK:
            return last
    remark.person_name = str(remark.user)
    remark.save()
    return remark


def rewrite_remark(remark: Remark, text: str, *, revision: int | None = None) -> Remark:
    """Change the text of a remark, which the caller has locked, and mark it as edited; the same
    text changes nothing. ``revision`` is the one that a form showed. Raises Refused, with Rewritten
    when the remark was changed since."""
    enforce(_refuse_text(text))
    if remark.text != text:
        check_revision(remark, revision)
        remark.text, remark.edited_at = text, timezone.now()
        remark.save()
    return remark


def _refuse_text(text: str) -> Refusal | None:
    """Return why a text may not be a comment, or None: blank, or longer than the column."""
    if not text.strip():
        return NO_TEXT
    return TOO_LONG if len(text) > Remark._meta.get_field("text").max_length else None


def comment_reason_to_keep(row: Model) -> str | None:
    """Return why a row stays although the convention file no longer contains it, or None."""
    if Comment.objects.filter(version__in=Version.objects.about(row)).exists():
        return "des membres du comité l’ont commenté"
    return None
