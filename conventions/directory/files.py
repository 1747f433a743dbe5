"""Organisations and their people without account, as the table that the import reads back."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from conventions.directory.headings import (
    ACRONYM,
    CAPACITY,
    EMAIL,
    HEADINGS,
    KIND,
    NAME,
    PERSON,
    PERSON_EMAIL,
    TOWN,
)
from conventions.directory.models import Contact
from conventions.parties.models import Organisation
from documents.tables import Column, Table

LABELS = {heading.name: heading.label for heading in HEADINGS}


class Line(NamedTuple):
    """An organisation, and one of its people if there are any."""

    organisation: Organisation
    contact: Contact | None


COLUMNS = (
    Column(LABELS[NAME], lambda line: line.organisation.name),
    Column(LABELS[ACRONYM], lambda line: line.organisation.acronym),
    Column(LABELS[KIND], lambda line: line.organisation.get_kind_display()),
    Column(LABELS[TOWN], lambda line: line.organisation.town),
    Column(LABELS[EMAIL], lambda line: line.organisation.contact_email),
    Column(LABELS[PERSON], lambda line: line.contact.name if line.contact else ""),
    Column(LABELS[CAPACITY], lambda line: line.contact.capacity if line.contact else ""),
    Column(LABELS[PERSON_EMAIL], lambda line: line.contact.email if line.contact else ""),
)


def directory_table(rows: Iterable[Organisation]) -> Table:
    """Return a table of organisations with their ``people``, a line for each person."""
    return Table.of("Organismes", COLUMNS, list(_lines(rows)))


def _lines(rows: Iterable[Organisation]) -> Iterator[Line]:
    """Yield a line for each person of each organisation, or one without a person. ``rows``: with
    ``people`` set, as the page lists them."""
    for row in rows:
        for contact in row.people or [None]:
            yield Line(row, contact)
