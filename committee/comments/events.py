"""Comments on a version: written, and corrected in the open."""

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from agreements.models import Version
from agreements.seats.voices import bench_of, capacity_of
from committee.comments import rights
from committee.models import Comment
from ctg_portal.rules import Refusal, enforce

NO_TEXT = Refusal("Écrivez votre commentaire avant de l’enregistrer.")
TOO_LONG = Refusal("Un commentaire a 5 000 caractères au plus : joignez le reste en document.")


@transaction.atomic
def comment(version: Version, *, text: str, by) -> Comment:
    """Comment on a version, with one's name and capacity of today. The same sent twice, with
    nothing said in between, is one comment."""
    bench = bench_of(version.convention, timezone.localdate())
    enforce(rights.may_comment(by, bench, version))
    enforce(_unfit(text))
    Version.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    last = Comment.objects.filter(version=version).order_by("-created_at", "-pk").first()
    if last and (last.user_id, last.text) == (by.pk, text):
        return last
    return Comment.objects.create(
        version=version, user=by, person_name=str(by), capacity=capacity_of(by, bench), text=text
    )


@transaction.atomic
def edit_comment(comment: Comment, *, text: str, by) -> Comment:
    """Correct one's comment; it says so, and the earlier text stays readable."""
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    enforce(rights.may_edit_comment(by, comment))
    enforce(_unfit(text))
    if comment.text != text:
        comment.text, comment.edited_at = text, timezone.now()
        comment.save()
    return comment


def _unfit(text: str) -> Refusal | None:
    if not text.strip():
        return NO_TEXT
    return TOO_LONG if len(text) > Comment._meta.get_field("text").max_length else None


def commented(row: Model) -> str | None:
    """Why a row stays although the convention file no longer has it."""
    if Comment.objects.filter(version__in=Version.objects.of_subject(row)).exists():
        return "des membres du comité l’ont commenté"
    return None
