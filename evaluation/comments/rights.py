"""Who reads a text while it is written and comments on it; what may become of a comment."""

from accounts.models import User
from conventions.models import Convention
from ctg_portal.rules import Refusal
from evaluation.comments.models import TextComment
from evaluation.editions.rights import may_read_drafts
from evaluation.texts.rights import may_write_narrative, may_write_theme

AUTHOR_ONLY = Refusal("Un commentaire n’est modifié ou retiré que par son auteur.")
WITHDRAWN = Refusal("Ce commentaire a été retiré.")
ANSWERED = Refusal(
    "Ce commentaire a reçu une suite : il ne se retire plus. Modifiez-le, le texte précédent reste "
    "lisible."
)


def may_write_text(
    asker: User | None, convention: Convention, year: int | None, theme=None, part="", criterion=""
) -> Refusal | None:
    """Write the text of a theme, a part of the whole, or a criterion."""
    if theme is not None:
        return may_write_theme(asker, theme, year)
    return may_write_narrative(asker, convention)


def may_comment(
    asker: User, convention: Convention, year: int | None, theme=None, **which
) -> Refusal | None:
    """Comment on a text that is being written, and read what others said: who writes it, and who
    reads drafts."""
    refusal = may_read_drafts(asker, convention)
    if refusal is None or may_write_text(asker, convention, year, theme, **which) is None:
        return None
    return refusal


def may_edit(asker: User | None, comment: TextComment) -> Refusal | None:
    """Correct one's comment."""
    if comment.is_withdrawn:
        return WITHDRAWN
    if asker is None or comment.user_id != asker.pk:
        return AUTHOR_ONLY
    return may_comment(asker, **comment.about)


def may_withdraw(asker: User, comment: TextComment) -> Refusal | None:
    """Withdraw one's comment, while nobody has built on it."""
    if refusal := may_edit(asker, comment):
        return refusal
    others = TextComment.objects.for_text(**comment.about).filter(pk__gt=comment.pk)
    # Dealt with once, it was: that it says something else since takes nothing of that back.
    was_resolved = comment.history.filter(resolved_at__isnull=False).exists()
    is_answered = was_resolved or others.exclude(user=comment.user_id).exists()
    return ANSWERED if is_answered else None


def may_resolve(asker: User | None, comment: TextComment) -> Refusal | None:
    """Say that something was made of a comment, or that it was not: who writes the text."""
    if comment.is_withdrawn:
        return WITHDRAWN
    return may_write_text(asker, **comment.about)
