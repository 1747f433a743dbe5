"""The record of a post in a year: what a form, the database or a published line says of it; and its
domains as the convention plans them."""

from dataclasses import dataclass, field
from decimal import Decimal

from conventions.models import CooperationPost
from evaluation.cooperation.lines import BROUGHT
from evaluation.cooperation.models import PostYear

TEXTS = ("text", *BROUGHT)
WHOLE = "Ensemble du poste"


@dataclass(frozen=True)
class PostRecord:
    """A post in a year, or in the term. ``shares``: (domain, ETP filled); ``fundings``:
    (funder, euros or None)."""

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
            shares=[(one.domain, one.fte) for one in row.shares.all()],
            fundings=[(one.funder, one.amount) for one in row.fundings.all()],
            **{name: getattr(row, name) for name in TEXTS},
        )

    @property
    def texts_alone(self) -> "PostRecord":
        """The texts of it, which are all that the record of a whole term has."""
        return PostRecord(**{name: getattr(self, name) for name in TEXTS})


def planned_in(post: CooperationPost) -> list[tuple[str, Decimal]]:
    """Return the domains of a post with their planned ETP; ``WHOLE`` alone where the convention
    parts it into none."""
    shares = [(one.domain, one.fte) for one in post.shares.all()]
    return shares or [(WHOLE, post.fte)]
