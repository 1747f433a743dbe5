"""The decisions of a convention as a table to save."""

from documents.tables import Column

DECISIONS = (
    Column("Numéro", lambda decision: decision.mark),
    Column("Réunion", lambda decision: decision.meeting.body.name),
    Column("Jour", lambda decision: decision.meeting.day, "date"),
    Column("Point de l’ordre du jour", lambda decision: decision.item),
    Column("Décision", lambda decision: decision.text),
    Column("Organisme chargé", lambda decision: decision.owner),
    Column("Pour le", lambda decision: decision.due_on, "date"),
    Column("État", lambda decision: decision.get_state_display()),
)
