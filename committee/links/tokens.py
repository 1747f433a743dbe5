"""The personal link of a message: to whom it was sent, and the one page that it shows.

It is signed and not stored. The signature covers the address that it was sent to: once the person
has another, links in the former mailbox are invalid.
"""

import datetime
import re
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

from accounts.models import User

POINT, DOSSIER, POINTS = "p", "d", "l"
LIFETIME = datetime.timedelta(days=14)
TOKEN = re.compile(r"([1-9]\d{0,17})\.([pdl])([1-9]\d{0,17})\.(0|[1-9]\d{0,17})\.(\d{1,12})")


@dataclass(frozen=True)
class Link:
    """A link to ``what`` (a point, a dossier, the list of a convention) with the primary key
    ``pk``, as ``user`` sees it. ``organisation`` is the key of the one for which they answer or
    advise, 0 for none."""

    user: User
    what: str
    pk: int
    organisation: int
    issued: datetime.datetime

    @property
    def token(self) -> str:
        """The signed text of the address: keys of user, page and organisation, and the second of
        issue."""
        seconds = int(self.issued.timestamp())
        return _signer(self.user).sign(
            f"{self.user.pk}.{self.what}{self.pk}.{self.organisation}.{seconds}"
        )

    @property
    def is_expired(self) -> bool:
        return not self.issued <= timezone.now() < self.issued + LIFETIME


def address_of(user: User, what: str, pk: int, organisation: int = 0) -> str:
    """Return the address of a new link, for a message."""
    link = Link(user, what, pk, organisation, timezone.now().replace(microsecond=0))
    return settings.SITE_URL + reverse("committee:link", args=[link.token])


def parse_token(token: str) -> Link | None:
    """Return the link of a token that we signed; None for anything else."""
    parts = TOKEN.fullmatch(token.rpartition(":")[0])
    user = parts and User.objects.filter(pk=parts[1]).first()
    if not user:
        return None
    try:
        _signer(user).unsign(token)
    except BadSignature:
        return None
    issued = datetime.datetime.fromtimestamp(int(parts[5]), tz=datetime.UTC)
    return Link(user, parts[2], int(parts[3]), int(parts[4]), issued)


def _signer(user: User) -> Signer:
    return Signer(salt=f"committee.link:{user.email.lower()}")
