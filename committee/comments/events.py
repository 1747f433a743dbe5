"""Comments are written, and corrected in the open: on a version, and on whatever rooms above have
commented (``put_down``, ``put_right``)."""

from datetime import timedelta

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import User
from agreements.models import Version
from agreements.seats.voices import bench_of, capacity_of
from committee.comments import rights
from committee.comments.models import Remark
from committee.models import Comment
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.revisions import check_revision
from ctg_portal.rules import Refusal, enforce

NO_TEXT = Refusal("Écrivez votre commentaire avant de l’enregistrer.")
# Within which a second click comes.
ONE_CLICK = timedelta(minutes=1)
TOO_LONG = Refusal("Un commentaire a 5 000 caractères au plus : joignez le reste en document.")


@event(Subject.COMMITTEE)
def comment(version: Version, *, text: str, by: User) -> Comment:
    """Comment on a version, with one's name and capacity of today. The same sent twice in a day,
    with nothing said in between, is one comment."""
    bench = bench_of(version.convention, timezone.localdate())
    enforce(rights.may_comment(by, bench, version))
    Version.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    said = Comment(version=version, user=by, capacity=capacity_of(by, bench), text=text)
    return put_down(said, Comment.objects.filter(version=version))


@event(Subject.COMMITTEE)
def edit_comment(comment: Comment, *, text: str, by: User, revision: int | None = None) -> Comment:
    """Correct one's comment; it says so, and the earlier text stays readable. ``revision``: as of
    ``put_right``."""
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    enforce(rights.may_edit_comment(by, comment))
    return put_right(comment, text, revision=revision)


def put_down(said: Remark, before: QuerySet) -> Remark:
    """Add a comment to those on the same thing, which the caller has locked: the same sent twice,
    with nothing said in between, is one, but on another day. Raises Refused for a text that is
    none."""
    enforce(_unfit(said.text))
    last = before.order_by("-created_at", "-pk").first()
    if last and (last.user_id, last.text) == (said.user_id, said.text) and _is_recent(last):
        return last
    said.person_name = str(said.user)
    said.save()
    return said


def put_right(said: Remark, text: str, *, revision: int | None = None) -> Remark:
    """Have a comment, which the caller has locked, say something else, and say that it does.
    ``revision``: the one that a form showed; raises Refused, with Rewritten, where it was written
    since.
    """
    enforce(_unfit(text))
    if said.text != text:
        check_revision(said, revision)
        said.text, said.edited_at = text, timezone.now()
        said.save()
    return said


def _is_recent(last: Remark) -> bool:
    """Whether it is of today, or of just before midnight."""
    now, then = timezone.localtime(), timezone.localtime(last.created_at)
    return now.date() == then.date() or now - then < ONE_CLICK


def _unfit(text: str) -> Refusal | None:
    if not text.strip():
        return NO_TEXT
    return TOO_LONG if len(text) > Remark._meta.get_field("text").max_length else None


def commented(row: Model) -> str | None:
    """Why a row stays although the convention file no longer has it."""
    if Comment.objects.filter(version__in=Version.objects.about(row)).exists():
        return "des membres du comité l’ont commenté"
    return None
