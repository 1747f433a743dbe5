"""The comments on the texts of a year: the thread of one text, and counts of open ones."""

from collections import Counter
from collections.abc import Hashable

from django.http import QueryDict
from django.urls import reverse

from committee.comments.thread import CommentLine, Thread
from conventions.models import Convention
from ctg_portal.house import ActionLink
from ctg_portal.templatetags.french import long_date
from evaluation.comments.models import TextComment
from evaluation.writing.editor import TextEditor

RESOLVE = ("Marquer comme traité", "resolve_text_comment")
REOPEN = ("Marquer à traiter", "reopen_text_comment")


def thread_of(
    editor: TextEditor, asked: QueryDict | None = None, *, has_acts: bool = True
) -> Thread:
    """Return the comments on a text that were not withdrawn, each with what its reader may do; no
    buttons without ``has_acts``. ``asked``: the query of the page, for its paging."""
    rows = TextComment.objects.for_text(**editor.about).standing()
    can_resolve = has_acts and editor.may_write() is None

    def url(name: str, comment: TextComment) -> str:
        return reverse(f"evaluation:{name}", args=[editor.convention.slug, comment.pk])

    def with_acts(comment: TextComment) -> CommentLine:
        """Return a comment with links for its author and a button for who writes the text."""
        links, buttons = [], []
        if has_acts and comment.user_id == editor.user.pk:
            links.append(ActionLink("Modifier ou retirer", url("edit_text_comment", comment)))
        if can_resolve:
            label, name = REOPEN if comment.resolved_at else RESOLVE
            buttons.append(ActionLink(label, f"{url(name, comment)}?lu={comment.revision}"))
        return CommentLine(comment, url("text_comment", comment), links, buttons, _state(comment))

    return Thread(rows, asked or QueryDict(), with_acts, editor.url("comments"))


def _state(comment: TextComment) -> str:
    """Return « ✓ traité le … par … »; empty for an open comment."""
    if not comment.resolved_at:
        return ""
    return f"✓ traité le {long_date(comment.resolved_at)} par {comment.resolved_by_name}"


def open_counts(convention: Convention, year: int | None) -> Counter[Hashable]:
    """Count the comments of a year, or of the term (None), that are neither withdrawn nor resolved,
    by key of their theme, part, or code of their criterion."""
    rows = TextComment.objects.of(convention).for_year(year).open().order_by()
    texts = rows.values_list("theme", "part", "criterion")
    return Counter(theme or part or criterion for theme, part, criterion in texts)
