"""The communes as a table."""

from conventions.legal.words import Words
from documents.tables import Column


def columns_of_communes(words: Words) -> tuple[Column, ...]:
    """Return the columns of a table of coverages, in the territory's words."""
    return (
        Column("Code Insee", lambda row: row.commune.insee_code),
        Column("Commune", lambda row: row.commune.name),
        Column(words.sector.title, lambda row: row.sector and row.sector.name),
        Column("Nom dans le texte", lambda row: row.commune.name_in_text),
        Column("Habitants", lambda row: row.commune.population, "number"),
        Column("Membre de l’intercommunalité", lambda row: row.is_epci_member),
        Column("Entrée", lambda row: row.joined_on, "date"),
        Column("Sortie", lambda row: row.left_on, "date"),
        Column("Fin du contrat enfance jeunesse", lambda row: row.cej_end, "date"),
    )
