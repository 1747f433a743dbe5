"""The comments on something as a page shows them: the latest, and the way to those before."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from committee.comments.models import Remark
from ctg_portal.house import ActionLink
from ctg_portal.numbers import key_in

PLACE = "commentaires"


@dataclass(frozen=True)
class Told:
    """A comment; ``history_url``: its earlier texts; ``actions``: what the reader may do about it,
    each on a page, and ``acts`` those that are done at once; ``state``: what became of it."""

    comment: Remark
    history_url: str
    actions: list[ActionLink]
    acts: list[ActionLink]
    state: str = ""


class Thread:
    """MOST of ``rows`` (the comments on one thing), the latest; those before are a link away
    (``avant``), on the page at ``url``, by default the same. ``tell`` says what of each."""

    MOST = 20

    def __init__(self, rows: QuerySet, asked, tell: Callable[[Remark], Told], url: str = ""):
        rows = rows.order_by("-pk")
        before = key_in(asked.get("avant", ""))
        self.is_asked = bool(before)
        found = list((rows.filter(pk__lt=before) if before else rows)[: self.MOST + 1])
        shown = found[: self.MOST]
        is_all = not before and len(found) == len(shown)
        self.count = len(shown) if is_all else rows.count()
        self.rows = [tell(comment) for comment in reversed(shown)]
        self.earlier = ""
        if len(found) > len(shown):
            query = asked.copy()
            query["avant"] = shown[-1].pk
            self.earlier = f"{url}?{query.urlencode()}#{PLACE}"
