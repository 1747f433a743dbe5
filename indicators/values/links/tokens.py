"""Sign and read the tokens of entry links; they are not stored.

The signature covers the address to which the link was sent: once a row has another address, former
letters open nothing.
"""

import re

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from indicators.collection.links import EntryLink

KEY = re.compile(r"[1-9]\d{0,17}")


def address_of(link: EntryLink) -> str:
    """Return the address that the message has as its link."""
    token = _signer(link).sign(str(link.pk))
    return settings.SITE_URL + reverse("indicators:entry_link", args=[token])


def link_of_token(token: str) -> EntryLink | None:
    """Return the link of a token that we signed; None for anything else."""
    key = token.partition(":")[0]
    rows = EntryLink.objects.with_relations().filter(pk=key) if KEY.fullmatch(key) else None
    link = rows.first() if rows is not None else None
    if link is None:
        return None
    try:
        _signer(link).unsign(token)
    except BadSignature:
        return None
    return link


def _signer(link: EntryLink) -> Signer:
    """Return the signer of one link's tokens: they fail once its address or date is another."""
    sent = f"{link.address.lower()}:{link.created_at.timestamp()}"
    return Signer(salt=f"indicators.entry_link:{sent}")
