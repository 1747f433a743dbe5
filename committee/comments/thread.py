"""The comments on something as a page shows them: the latest, with a link to those before."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from committee.comments.models import Remark
from ctg_portal.house import ActionLink
from ctg_portal.text.numbers import key_in

PLACE = "commentaires"


@dataclass(frozen=True)
class CommentLine:
    """A comment in a thread. ``history_url`` shows its earlier texts; ``actions`` are what the
    reader may do on a page, ``acts`` what is done at once; ``state`` is what became of the comment.
    """

    comment: Remark
    history_url: str
    actions: list[ActionLink]
    acts: list[ActionLink]
    state: str = ""


class Thread:
    """The latest MOST of ``rows``, the comments on one thing. Those before are a link away
    (``avant``), on the page at ``url``, by default this one. ``line_of`` makes the line of a
    comment."""

    MOST = 20

    def __init__(
        self, rows: QuerySet, asked, line_of: Callable[[Remark], CommentLine], url: str = ""
    ):
        """Read the latest ``MOST`` of ``rows``; before the key ``avant`` if that is asked."""
        rows = rows.order_by("-pk")
        before = key_in(asked.get("avant", ""))
        self.is_asked = bool(before)
        latest = list((rows.filter(pk__lt=before) if before else rows)[: self.MOST + 1])
        shown = latest[: self.MOST]
        is_all = not before and len(latest) == len(shown)
        self.count = len(shown) if is_all else rows.count()
        self.rows = [line_of(comment) for comment in reversed(shown)]
        self.earlier = ""
        if len(latest) > len(shown):
            query = asked.copy()
            query["avant"] = shown[-1].pk
            self.earlier = f"{url}?{query.urlencode()}#{PLACE}"
