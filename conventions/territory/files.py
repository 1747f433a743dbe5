"""The communes as a table."""

from conventions.legal.words import Words
from documents.tables import Column


def columns_of_communes(words: Words) -> tuple[Column, ...]:
    """Return the columns of a table of coverages, in the territory's words."""
    return (
        Column("Code Insee", lambda one: one.commune.insee_code),
        Column("Commune", lambda one: one.commune.name),
        Column(words.sector.title, lambda one: one.sector and one.sector.name),
        Column("Nom dans le texte", lambda one: one.commune.name_in_text),
        Column("Habitants", lambda one: one.commune.population, "number"),
        Column("Membre de l’intercommunalité", lambda one: one.is_epci_member),
        Column("Entrée", lambda one: one.joined_on, "date"),
        Column("Sortie", lambda one: one.left_on, "date"),
        Column("Fin du contrat enfance jeunesse", lambda one: one.cej_end, "date"),
    )
