"""The personal link of a convocation: it shows one meeting, and takes « présent » or « absent ».

It is signed and not stored. The signature covers the address that it was sent to.
"""

import re

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from committee.meetings.models import Attendee

TOKEN = re.compile(r"([1-9]\d{0,17})")


def address_of(attendee: Attendee) -> str:
    """Return the address of the page on which somebody says whether they come."""
    token = _signer(attendee).sign(str(attendee.pk))
    return settings.SITE_URL + reverse("committee:convocation", args=[token])


def parse_token(token: str) -> Attendee | None:
    """Return the attendee of a token that we signed, with the meeting; None for anything else."""
    parts = TOKEN.fullmatch(token.partition(":")[0])
    if parts is None:
        return None
    related = ("meeting__convention", "meeting__body", "user", "organisation", "proxy")
    attendee = Attendee.objects.select_related(*related).filter(pk=parts[1]).first()
    if attendee is None:
        return None
    try:
        _signer(attendee).unsign(token)
    except BadSignature:
        return None
    return attendee


def _signer(attendee: Attendee) -> Signer:
    return Signer(salt=f"committee.meeting:{attendee.address.lower()}")
