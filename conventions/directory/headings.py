"""Headings of the columns of a file of organisations, ours and those that others use."""

from spreadsheets.columns.headings import Heading, Vocabulary

NAME, ACRONYM, KIND, TOWN, EMAIL = "name", "acronym", "kind", "town", "contact_email"
PERSON, CAPACITY, PERSON_EMAIL = "person", "capacity", "person_email"


def _heading(name: str, label: str, others: str, **options) -> Heading:
    """Return the heading of a column; ``others``: other words for it, between commas."""
    return Heading(name, label, others.split(", "), **options)


HEADINGS = [
    _heading(
        NAME, "Nom",
        "organisme, nom organisme, structure, nom structure, denomination, raison sociale, "
        "association, nom association, intitule, etablissement, partenaire, libelle, collectivite",
        is_key=True,
    ),
    _heading(ACRONYM, "Sigle", "acronyme, abreviation, nom court"),
    _heading(KIND, "Nature", "type, type organisme, type structure, categorie, statut, statut "
             "juridique, nature organisme"),
    _heading(TOWN, "Commune", "ville, localite, commune siege, commune implantation"),
    _heading(EMAIL, "Courriel", "mail, email, e-mail, adresse mail, adresse electronique, "
             "courriel organisme, mail structure, courriel contact, courriel structure"),
    _heading(PERSON, "Contact", "personne, nom contact, personne contact, referent, "
             "correspondant, interlocuteur, responsable, nom personne, nom referent, directeur"),
    _heading(CAPACITY, "Fonction", "fonction contact, qualite, poste, fonction personne, role"),
    _heading(PERSON_EMAIL, "Courriel de la personne", "mail contact, email contact, mail "
             "referent, courriel personnel, mail personne, courriel referent"),
]  # fmt: skip


def vocabulary() -> Vocabulary:
    """Return the headings of a table of organisations: a name, and at least one other column."""
    required = [{NAME}, {ACRONYM, KIND, TOWN, EMAIL, PERSON}]
    return Vocabulary(HEADINGS, required, with_years=())
