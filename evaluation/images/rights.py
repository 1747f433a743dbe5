"""Who adds an image to the texts of the evaluation, corrects it, is shown it."""

from django.utils import timezone

from accounts.models import User
from conventions.access.rights import coordinates
from conventions.access.viewer import accesses_of
from conventions.models import Convention
from ctg_portal.rules import Refusal
from evaluation.images.usage import drafts_with, submitted_with, texts_with
from evaluation.models import Illustration, Narrative, Writer
from evaluation.publication.rights import DRAFTS_ONLY, may_read_drafts
from evaluation.writing.rights import NOT_GIVEN

NOT_YOURS = Refusal(
    "Une image est corrigée ou retirée par la coordination, ou par la personne qui l’a ajoutée."
)
REMOVED = Refusal("Cette image a été retirée.")
SUBMITTED = Refusal("Une évaluation soumise montre cette image : rendez-la d’abord à la rédaction.")


def may_illustrate(asker: User | None, convention: Convention) -> Refusal | None:
    """Add an image: whoever writes one of the texts."""
    if asker is None or coordinates(asker, convention):
        return None
    given = Writer.objects.of(convention).standing(timezone.localdate()).filter(user=asker)
    return None if accesses_of(asker, convention) and given.exists() else NOT_GIVEN


def may_correct(asker: User | None, illustration: Illustration) -> Refusal | None:
    """Change what is said of an image."""
    if illustration.removed_at:
        return REMOVED
    if refusal := may_illustrate(asker, illustration.convention):
        return refusal
    is_own = asker is not None and illustration.stored.uploaded_by_id == asker.pk
    if asker is None or is_own or coordinates(asker, illustration.convention):
        return None
    return NOT_YOURS


def correctable(asker: User, convention: Convention):
    """The images of which somebody who writes may change what is said."""
    kept = Illustration.objects.of(convention).kept()
    return kept if coordinates(asker, convention) else kept.filter(stored__uploaded_by=asker)


def may_remove(asker: User, illustration: Illustration) -> Refusal | None:
    """Remove an image that no text shows."""
    if refusal := may_correct(asker, illustration):
        return refusal
    if found := texts_with(illustration):
        return Refusal(f"« {found[0]} » montre cette image : retirez-la d’abord de ce texte.")
    if drafts_with(illustration):
        return Refusal("Un brouillon qui n’est pas enregistré montre cette image.")
    return SUBMITTED if submitted_with(illustration) else None


def may_see(asker: User, illustration: Illustration) -> Refusal | None:
    """Be shown an image, as the texts that show it; who sees the convention is the caller's to
    check."""
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


def _is_given(asker: User, text) -> bool:
    if not isinstance(text, Narrative):
        return False
    given = Writer.objects.for_theme(text.theme, text.year).standing(timezone.localdate())
    return given.filter(user=asker).exists()
