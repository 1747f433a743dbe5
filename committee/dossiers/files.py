"""The dossiers, as a table."""

from committee.dossiers.reading import Row
from documents.tables import Column


def _standing(row: Row) -> str:
    """Return where a dossier stands: recalled, awaiting, with points that came back, complete."""
    if row.dossier.is_recalled:
        return "rappelé"
    if row.awaited:
        return "des réponses sont attendues"
    return "des points sont revenus à la coordination" if row.returned else "complet"


DOSSIERS = (
    Column("Dossier", lambda row: row.dossier.title),
    Column("Envoyé le", lambda row: row.dossier.sent_at, "datetime"),
    Column("Points", lambda row: row.point_count, "number"),
    Column("Réponse attendue le", lambda row: row.dossier.answer_by, "date"),
    Column("Où il en est", _standing),
    Column("Attendu de", lambda row: ", ".join(party.acronym for party in row.awaited)),
    Column("Points revenus", lambda row: row.returned or None, "number"),
)
