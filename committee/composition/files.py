"""Who sits, as a table."""

from documents.tables import Column

SEATS = (
    Column("Organisme", lambda seat: seat.organisation.name),
    Column("Nom", lambda seat: seat.name),
    Column("Qualité", lambda seat: seat.capacity),
    Column("Siège", lambda seat: seat.get_kind_display()),
    Column("Mandat électif", lambda seat: seat.is_elected),
    Column("Du", lambda seat: seat.starts_on, "date"),
    Column("Au", lambda seat: seat.ends_on, "date"),
    Column("Suspendu le", lambda seat: seat.suspended_at, "datetime"),
)
