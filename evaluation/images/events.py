"""Images come into the texts of the evaluation, are corrected, are removed."""

from django.core.files import File
from django.utils import timezone
from PIL import Image

from accounts.models import User
from actions.plan.faults import overlong
from conventions.models import Convention
from ctg_portal.forms.revisions import check_revision
from ctg_portal.hosting.integrity import digest_of
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from documents.stored_files import store
from documents.uploads import PICTURES, check_upload
from evaluation.editions.following import follow_text, hold
from evaluation.images.models import Illustration
from evaluation.images.rights import may_correct, may_illustrate, may_remove
from evaluation.images.usage import submitted_with

UNDESCRIBED = Refusal(
    "Dites ce que montre l’image à qui ne la voit pas, ou indiquez qu’elle est décorative."
)


@event(Subject.EVALUATION)
def add_illustration(
    convention: Convention, upload: File, *, alternative: str, is_decorative: bool = False,
    caption: str = "", by: User,
) -> Illustration:  # fmt: skip
    """Store an image for the texts of a convention; return it, or the same one of the same person
    with the same words. Raises Refused, and ValidationError as ``documents.stored_files.store``
    does."""
    enforce(may_illustrate(by, convention))
    words = _words_of(alternative, is_decorative, caption)
    content = check_upload(upload, PICTURES).replacement
    hold(convention)
    same = Illustration.objects.of(convention).not_removed().filter(**words)
    same = same.filter(stored__sha256=digest_of(content), stored__uploaded_by=by)
    if twin := same.first():
        return twin
    with Image.open(content) as image:
        width, height = image.size
    stored = store(upload, by=by, within=convention, accepted=PICTURES)
    return Illustration.objects.create(
        convention=convention, stored=stored, width=width, height=height, **words
    )


@event(Subject.EVALUATION)
def correct_illustration(
    illustration: Illustration, *, alternative: str, is_decorative: bool = False,
    caption: str = "", by: User, revision: int | None = None,
) -> Illustration:  # fmt: skip
    """Change the words about an image; return it. Published evaluations keep the former words,
    submitted ones that show it go back to their writers. ``revision`` is the one that a form
    showed. Raises Refused, with Rewritten if the words changed since; the same words change
    nothing."""
    hold(illustration.convention)
    illustration = _locked(illustration)
    enforce(may_correct(by, illustration))
    words = _words_of(alternative, is_decorative, caption)
    if all(getattr(illustration, name) == value for name, value in words.items()):
        return illustration
    check_revision(illustration, revision)
    for name, value in words.items():
        setattr(illustration, name, value)
    illustration._history_user = by
    illustration.save()
    for edition in submitted_with(illustration):
        follow_text(illustration.convention, edition.year, by=by)
    return illustration


@event(Subject.EVALUATION)
def remove_illustration(illustration: Illustration, *, by: User) -> None:
    """Mark an image that no text shows as removed: no text may show it from now on; its file stays.
    Raises Refused."""
    illustration = _locked(illustration)
    enforce(may_remove(by, illustration))
    illustration.removed_at = timezone.now()
    illustration.save()


def _words_of(alternative: str, is_decorative: bool, caption: str) -> dict[str, str | bool]:
    """Return the columns of the words about an image, each on one line, a decorative one without
    text. Raises Refused where the text is missing or too long."""
    alternative = "" if is_decorative else " ".join(alternative.split())
    if not (alternative or is_decorative):
        raise Refused(UNDESCRIBED)
    words = {"alternative": alternative, "caption": " ".join(caption.split())}
    for _, reason in overlong(Illustration, words):
        raise Refused(Refusal(reason))
    return words | {"is_decorative": is_decorative}


def _locked(illustration: Illustration) -> Illustration:
    """Return the row as stored now, locked."""
    rows = Illustration.objects.select_related("convention", "stored")
    # A frozen content that refers to it at this moment need not wait.
    return rows.select_for_update(of=("self",), no_key=True).get(pk=illustration.pk)
