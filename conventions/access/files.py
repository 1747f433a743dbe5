"""Columns of the list of accesses as a table, for the coordinator."""

from documents.tables import Column

COLUMNS = (
    Column("Organisme", lambda line: line.membership.organisation.name),
    Column("Sigle", lambda line: line.membership.organisation.acronym),
    Column("Nom", lambda line: str(line.membership.user)),
    Column("Adresse électronique", lambda line: line.address),
    Column("Rôle", lambda line: line.membership.get_role_display()),
    Column("Accordé le", lambda line: line.membership.granted_at, "datetime"),
    Column("État", lambda line: line.membership.get_state_display()),
    Column("Confirmé", lambda line: line.why),
    Column("Ce qui est attendu", lambda line: line.note),
)
