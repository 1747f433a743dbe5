"""Who may comment on a point, and correct a comment."""

from accounts.models import User
from agreements.models import Version
from agreements.seats.voices import Bench
from committee.comments.models import Comment
from conventions.access.rights import coordinates
from ctg_portal.rules import Refusal


def may_comment(asker: User, bench: Bench, version: Version) -> Refusal | None:
    """Return why ``asker`` may not comment on a version, or None: members, substitutes, advisers,
    advisory seats and the coordinator may."""
    if version.is_draft:
        return Refusal("Un brouillon ne se commente pas encore.")
    speaks = bench.sits_for(asker) or bench.voices_of(asker)
    if asker is not None and (speaks or coordinates(asker, bench.convention)):
        return None
    return Refusal("Seuls les membres du comité et la coordination commentent les points.")


def may_edit_comment(asker: User | None, comment: Comment) -> Refusal | None:
    """Return why ``asker`` may not correct a comment, or None: only its author may."""
    if asker is not None and comment.user_id == asker.pk:
        return None
    return Refusal("Un commentaire n’est modifié que par son auteur.")
