"""Rights on the images of texts: to add, correct, remove and see one."""

from django.utils import timezone

from accounts.models import User
from conventions.access.rights import coordinates
from conventions.access.viewer import accesses_of
from conventions.models import Convention
from ctg_portal.rules import Refusal
from evaluation.editions.rights import DRAFTS_ONLY, may_read_drafts
from evaluation.images.models import Illustration, IllustrationQuerySet
from evaluation.images.usage import drafts_with, submitted_with, texts_with
from evaluation.texts.models import CriterionText, Narrative, Writer, YearText
from evaluation.texts.rights import NOT_GIVEN

NOT_YOURS = Refusal(
    "Une image est corrigée ou retirée par la coordination, ou par la personne qui l’a ajoutée."
)
REMOVED = Refusal("Cette image a été retirée.")
SUBMITTED = Refusal("Une évaluation soumise montre cette image : rendez-la d’abord à la rédaction.")


def may_illustrate(asker: User | None, convention: Convention) -> Refusal | None:
    """Return why ``asker`` may not add an image, or None: coordinators may, and who is given a text
    to write today. ``asker=None`` is the system."""
    if asker is None or coordinates(asker, convention):
        return None
    given = Writer.objects.of(convention).standing(timezone.localdate()).filter(user=asker)
    return None if accesses_of(asker, convention) and given.exists() else NOT_GIVEN


def may_correct(asker: User | None, illustration: Illustration) -> Refusal | None:
    """Return why ``asker`` may not change the words about an image, or None: its author while they
    may add images, and coordinators; nobody once it is removed."""
    if illustration.removed_at:
        return REMOVED
    if refusal := may_illustrate(asker, illustration.convention):
        return refusal
    is_own = asker is not None and illustration.stored.uploaded_by_id == asker.pk
    if asker is None or is_own or coordinates(asker, illustration.convention):
        return None
    return NOT_YOURS


def correctable(asker: User, convention: Convention) -> IllustrationQuerySet:
    """Return the images, not removed, that a writer may insert and correct: all for coordinators,
    else their own."""
    images = Illustration.objects.of(convention).not_removed()
    return images if coordinates(asker, convention) else images.filter(stored__uploaded_by=asker)


def may_remove(asker: User, illustration: Illustration) -> Refusal | None:
    """Return why ``asker`` may not remove an image, or None: who may correct it, unless a text, a
    draft or a submitted evaluation shows it."""
    if refusal := may_correct(asker, illustration):
        return refusal
    if texts := texts_with(illustration):
        return Refusal(f"« {texts[0]} » montre cette image : retirez-la d’abord de ce texte.")
    if drafts_with(illustration):
        return Refusal("Un brouillon qui n’est pas enregistré montre cette image.")
    return SUBMITTED if submitted_with(illustration) else None


def may_see(asker: User, illustration: Illustration) -> Refusal | None:
    """Return why ``asker``, who sees the convention, may not see an image, or None: its author and
    coordinators, everybody where a published evaluation shows it, who reads drafts where a text or
    a frozen content does, and the writer of the text of a theme that does."""
    convention = illustration.convention
    if coordinates(asker, convention) or illustration.stored.uploaded_by_id == asker.pk:
        return None
    if Illustration.objects.published().filter(pk=illustration.pk).exists():
        return None
    texts = texts_with(illustration)
    if may_read_drafts(asker, convention) is None:
        is_read = bool(texts) or illustration.snapshots.exists()
    else:
        is_read = any(_is_given(asker, text) for text in texts)
    return None if is_read else DRAFTS_ONLY


def _is_given(asker: User, text: Narrative | YearText | CriterionText) -> bool:
    """Return whether the text is that of a theme which is given to ``asker`` today."""
    if not isinstance(text, Narrative):
        return False
    given = Writer.objects.for_theme(text.theme, text.year).standing(timezone.localdate())
    return given.filter(user=asker).exists()
