"""Declare the tables of the actions that one follows, and of what was changed of one."""

from actions.follow_up.journal import EntryReading
from actions.follow_up.parts import NotePart
from ctg_portal.templatetags.french import enumerate_words
from ctg_portal.text.differences import Change
from documents.tables import Column

FICTIONAL = "Données fictives."

# Of a line of « Mes actions ».
MINE = (
    Column("Numéro", lambda line: line.action.number),
    Column("Titre", lambda line: line.action.title),
    Column("À mettre à jour", lambda line: line.awaits),
    Column("État", lambda line: line.action.get_state_display()),
    Column("Avancement (%)", lambda line: line.action.progress, "number"),
    Column("Début", lambda line: line.action.starts_on, "date"),
    Column("Fin", lambda line: line.action.ends_on, "date"),
    Column("Retard", lambda line: enumerate_words(line.reasons)),
    Column("Bilans attendus", lambda line: ", ".join(map(str, line.notes))),
)


def _note_column(name: str, label: str) -> Column:
    return Column(label, lambda row: row.note.part.read(row.action)[name])


# Of an action in the review of a year.
REVIEW = (
    Column("Numéro", lambda row: row.action.number),
    Column("Titre", lambda row: row.action.title),
    Column(
        "Pilotes", lambda row: " ; ".join(str(lead.organisation) for lead in row.action.leads.all())
    ),
    Column("État", lambda row: row.action.get_state_display()),
    Column("Avancement (%)", lambda row: row.action.progress, "number"),
    Column("Retard", lambda row: enumerate_words(row.reasons)),
    *(_note_column(field.name, field.label) for field in NotePart.fields),
    Column("Bilan à écrire", lambda row: "oui" if row.is_awaited else ""),
)


def journal_lines(readings: list[EntryReading]) -> list[tuple[EntryReading, Change]]:
    """Return a row for each field that an entry changed."""
    return [(reading, change) for reading in readings for change in reading.changes.changed]


# Of an entry and a field that it changed.
JOURNAL = (
    Column("Le", lambda row: row[0].entry.created_at, "date"),
    Column("Par", lambda row: row[0].who),
    Column("Partie", lambda row: row[0].title),
    Column("Ce qui a changé", lambda row: row[1].label),
    Column("Avant", lambda row: row[1].before),
    Column("Après", lambda row: row[1].text),
    Column("Vaut depuis le", lambda row: row[0].entry.day, "date"),
)
