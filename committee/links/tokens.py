"""The personal link of a message: whom it was sent to, and the one page that it shows.

It is signed, and kept nowhere. The signature takes in the address that it was sent to: once the
person has another, what lies in the former letter box opens nothing.
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
TOLD = re.compile(r"([1-9]\d{0,17})\.([pdl])([1-9]\d{0,17})\.(0|[1-9]\d{0,17})\.(\d{1,12})")


@dataclass(frozen=True)
class Link:
    """``what`` (a point, a dossier, the list of a convention) with the key ``pk`` is shown as
    ``user`` may see it, who speaks or advises for ``organisation`` (its key; 0 for who does for
    none), since ``issued``."""

    user: User
    what: str
    pk: int
    organisation: int
    issued: datetime.datetime

    @property
    def token(self) -> str:
        seconds = int(self.issued.timestamp())
        return _signer(self.user).sign(
            f"{self.user.pk}.{self.what}{self.pk}.{self.organisation}.{seconds}"
        )

    @property
    def is_expired(self) -> bool:
        return not self.issued <= timezone.now() < self.issued + LIFETIME


def address_of(user: User, what: str, pk: int, organisation: int = 0) -> str:
    """What a message has as its link."""
    link = Link(user, what, pk, organisation, timezone.now().replace(microsecond=0))
    return settings.SITE_URL + reverse("committee:link", args=[link.token])


def read(token: str) -> Link | None:
    """The link that we signed; None for anything else."""
    told = TOLD.fullmatch(token.rpartition(":")[0])
    user = told and User.objects.filter(pk=told[1]).first()
    if not user:
        return None
    try:
        _signer(user).unsign(token)
    except BadSignature:
        return None
    issued = datetime.datetime.fromtimestamp(int(told[5]), tz=datetime.UTC)
    return Link(user, told[2], int(told[3]), int(told[4]), issued)


def _signer(user: User) -> Signer:
    return Signer(salt=f"committee.link:{user.email.lower()}")
