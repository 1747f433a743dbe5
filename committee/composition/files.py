"""The seats of a committee as a table."""

from committee.composition.reading import describe_unconfirmed
from documents.tables import Column


def seat_columns() -> tuple[Column, ...]:
    """Return the columns of a table of seats, the last with why one does not count."""
    return (
        Column("Organisme", lambda seat: seat.organisation.name),
        Column("Nom", lambda seat: seat.name),
        Column("Qualité", lambda seat: seat.capacity),
        Column("Siège", lambda seat: seat.get_kind_display()),
        Column("Mandat électif", lambda seat: seat.is_elected),
        Column("Du", lambda seat: seat.starts_on, "date"),
        Column("Au", lambda seat: seat.ends_on, "date"),
        Column("Attendu à partir du", lambda seat: seat.awaited_from, "date"),
        Column("Attendu jusqu’au", lambda seat: seat.awaited_until, "date"),
        Column("Suspendu le", lambda seat: seat.suspended_at, "datetime"),
        Column("Ne compte pas", describe_unconfirmed),
    )
