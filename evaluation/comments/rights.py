"""Who reads a text while it is written and comments on it; what may become of a comment."""

from accounts.models import User
from conventions.models import Convention, Theme
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
    asker: User | None, convention: Convention, year: int | None, theme: Theme | None = None,
    part: str = "", criterion: str = "",
) -> Refusal | None:  # fmt: skip
    """Return why ``asker`` may not write the text of a theme, a part or a criterion, or None."""
    if theme is not None:
        return may_write_theme(asker, theme, year)
    return may_write_narrative(asker, convention)


def may_comment(
    asker: User, convention: Convention, year: int | None, theme: Theme | None = None, **which: str
) -> Refusal | None:
    """Return why ``asker`` may not read and make comments on a text, or None: who writes that text,
    and who reads drafts. ``which``: its part or criterion."""
    refusal = may_read_drafts(asker, convention)
    if refusal is None or may_write_text(asker, convention, year, theme, **which) is None:
        return None
    return refusal


def may_edit(asker: User | None, comment: TextComment) -> Refusal | None:
    """Return why ``asker`` may not correct a comment, or None: its author, while it is not
    withdrawn and they may still comment on the text."""
    if comment.is_withdrawn:
        return WITHDRAWN
    if asker is None or comment.user_id != asker.pk:
        return AUTHOR_ONLY
    return may_comment(asker, **comment.about)


def may_withdraw(asker: User, comment: TextComment) -> Refusal | None:
    """Return why ``asker`` may not withdraw a comment, or None: who may correct it, while it was
    never resolved and nobody else has commented on the text since."""
    if refusal := may_edit(asker, comment):
        return refusal
    later = TextComment.objects.for_text(**comment.about).filter(pk__gt=comment.pk)
    was_resolved = comment.history.filter(resolved_at__isnull=False).exists()
    is_answered = was_resolved or later.exclude(user=comment.user_id).exists()
    return ANSWERED if is_answered else None


def may_resolve(asker: User | None, comment: TextComment) -> Refusal | None:
    """Return why ``asker`` may not resolve a comment or open it again, or None: who writes its
    text, while the comment is not withdrawn."""
    if comment.is_withdrawn:
        return WITHDRAWN
    return may_write_text(asker, **comment.about)
