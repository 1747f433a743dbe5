"""List what is asked of whom in a campaign, and its log, as tables without a figure."""

from documents.tables import Column

# Of an organisation and an indicator that it is asked for.
OWED = (
    Column("Organisme", lambda row: row[0].organisation.name),
    Column("Code", lambda row: row[1].definition.code),
    Column("Indicateur", lambda row: row[1].definition.title),
    Column("Unité", lambda row: row[1].definition.unit),
    Column("Où en est la donnée", lambda row: row[1].words),
    Column("Disponible à partir du", lambda row: row[1].available_on, "date"),
    Column("Échéance", lambda row: row[1].entry.due_on, "date"),
    Column("Jours de retard", lambda row: row[1].late or None, "number"),
    Column("Une personne y a accès", lambda row: row[0].has_account),
)

# Of what was done with a collection, or whom it reminded.
HAPPENINGS = (
    Column("Le", lambda item: item.created_at, "date"),
    Column("Ce qui s’est passé", lambda item: item.title),
    Column("Par", lambda item: item.by_name),
    Column("Motif ou message", lambda item: item.message),
)
