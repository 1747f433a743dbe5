"""What a link opens with: signed, kept nowhere. The signature takes in the address that it was sent
to, so that a row which is written to another opens with no former letter."""

import re

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from indicators.collection.links import EntryLink

TOLD = re.compile(r"[1-9]\d{0,17}")


def address_of(link: EntryLink) -> str:
    """What the message has as its link."""
    token = _signer(link).sign(str(link.pk))
    return settings.SITE_URL + reverse("indicators:entry_link", args=[token])


def read(token: str) -> EntryLink | None:
    """The link that we signed; None for anything else."""
    key = token.partition(":")[0]
    found = EntryLink.objects.with_relations().filter(pk=key) if TOLD.fullmatch(key) else None
    link = found.first() if found is not None else None
    if link is None:
        return None
    try:
        _signer(link).unsign(token)
    except BadSignature:
        return None
    return link


def _signer(link: EntryLink) -> Signer:
    sent = f"{link.address.lower()}:{link.created_at.timestamp()}"
    return Signer(salt=f"indicators.entry_link:{sent}")
