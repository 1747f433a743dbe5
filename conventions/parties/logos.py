"""The stored logo of a party."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify

from conventions.parties.models import Party


def stored_logo(party: Party) -> bytes | None:
    """Return the stored logo; None where the party has none, or its file is lost."""
    if not party.logo:
        return None
    try:
        with party.logo.open("rb") as stored:
            return stored.read()
    except FileNotFoundError:  # a database restored without its files
        return None


def store_logo(party: Party, image: bytes, slug: str) -> str:
    """Store a logo and return the name of its file, which begins with the ``slug`` of the
    convention. Delete the former file once the transaction commits."""
    field = Party._meta.get_field("logo")
    name = f"{slug}-{slugify(party.organisation.acronym)}.png"
    stored = field.storage.save(field.generate_filename(party, name), ContentFile(image))
    delete_logo_file(party)
    return stored


def delete_logo_file(party: Party) -> None:
    """Delete the file of a party's logo, if there is one, once the transaction commits."""
    storage, former = Party._meta.get_field("logo").storage, party.logo.name
    if former:
        transaction.on_commit(lambda: storage.delete(former))


def digest_of(image: bytes | None) -> str:
    """Return the SHA-256 of a logo; "" without one."""
    return hashlib.sha256(image).hexdigest() if image else ""
