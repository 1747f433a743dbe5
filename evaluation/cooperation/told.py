"""What is told of a year of a post, whatever the way it comes in; its domains as the convention
plans them."""

from dataclasses import dataclass, field
from decimal import Decimal

from conventions.models import CooperationPost
from evaluation.cooperation.lines import BROUGHT
from evaluation.cooperation.models import PostYear

TEXTS = ("text", *BROUGHT)
WHOLE = "Ensemble du poste"


@dataclass(frozen=True)
class Told:
    """A year of a post. ``shares``: (domain, ETP filled); ``fundings``: (funder, euros or None)."""

    activities: list[str] = field(default_factory=list)
    text: str = ""
    services: str = ""
    partnerships: str = ""
    transfers: str = ""
    cost: Decimal | None = None
    shares: list[tuple[str, Decimal]] = field(default_factory=list)
    fundings: list[tuple[str, Decimal | None]] = field(default_factory=list)

    @classmethod
    def of(cls, kept: PostYear | None) -> "Told":
        """What is kept; nothing, where nothing is."""
        if kept is None or kept.pk is None:
            return cls()
        return cls(
            activities=list(kept.activities),
            cost=kept.cost,
            shares=[(one.domain, one.fte) for one in kept.shares.all()],
            fundings=[(one.funder, one.amount) for one in kept.fundings.all()],
            **{name: getattr(kept, name) for name in TEXTS},
        )

    @property
    def texts_alone(self) -> "Told":
        """What of it may be said of a whole term."""
        return Told(**{name: getattr(self, name) for name in TEXTS})


def planned_in(post: CooperationPost) -> list[tuple[str, Decimal]]:
    """The domains of a post with their ETP; the whole of it, where the convention tells none."""
    shares = [(one.domain, one.fte) for one in post.shares.all()]
    return shares or [(WHOLE, post.fte)]
