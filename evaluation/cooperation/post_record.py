"""The record of a post in a year: what a form, the database or a published line says of it; and its
domains as the convention plans them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from conventions.models import CooperationPost
from evaluation.cooperation.framework import framework
from evaluation.cooperation.lines import BROUGHT
from evaluation.cooperation.models import PostYear

TEXTS = ("text", *BROUGHT)
WHOLE = "Ensemble du poste"


@dataclass(frozen=True)
class PostRecord:
    """A post in a year or the term. ``shares``: (domain, ETP); ``fundings``: (funder, euros)."""

    activities: list[str] = field(default_factory=list)
    text: str = ""
    services: str = ""
    partnerships: str = ""
    transfers: str = ""
    cost: Decimal | None = None
    shares: list[tuple[str, Decimal]] = field(default_factory=list)
    fundings: list[tuple[str, Decimal | None]] = field(default_factory=list)

    @classmethod
    def of(cls, row: PostYear | None) -> "PostRecord":
        """Return what a row and its lines hold; an empty record without a row."""
        if row is None or row.pk is None:
            return cls()
        return cls(
            activities=list(row.activities),
            cost=row.cost,
            shares=[(share.domain, share.fte) for share in row.shares.all()],
            fundings=[(line.funder, line.amount) for line in row.fundings.all()],
            **{name: getattr(row, name) for name in TEXTS},
        )

    @property
    def texts_alone(self) -> "PostRecord":
        return PostRecord(**{name: getattr(self, name) for name in TEXTS})


def planned_in(post: CooperationPost) -> list[tuple[str, Decimal]]:
    """Return the domains of a post with their planned ETP; ``WHOLE`` with all of it where the
    convention does not divide the post."""
    shares = [(one.domain, one.fte) for one in post.shares.all()]
    return shares or [(WHOLE, post.fte)]


def post_year_from_line(post: Mapping) -> PostRecord:
    """Rebuild the record of a post in a year from its published line, a ``PostLine`` as a plain
    dictionary, and from the figures for files in it."""
    done = {(mission["title"], title) for mission in post["missions"] for title in mission["done"]}
    figures = {
        counted: [
            (row["detail"], Decimal(row["actual"]) if row["actual"] else None)
            for row in post["data"]
            if row["counted"] == counted
        ]
        for counted in ("ETP", "Coût", "Financement")
    }
    return PostRecord(
        activities=[
            own.key
            for mission in framework()
            for own in mission.activities
            if (mission.title, own.title) in done
        ],
        cost=dict(figures["Coût"]).get(""),
        shares=[(domain, fte) for domain, fte in figures["ETP"] if fte is not None],
        fundings=figures["Financement"],
        **{name: post[name] for name in ("text", *BROUGHT)},
    )
