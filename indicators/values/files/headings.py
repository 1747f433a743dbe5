"""What the columns of figures are called, by us and by others."""

from collections.abc import Sequence

from spreadsheets.columns.headings import YEAR as YEAR_SAID
from spreadsheets.columns.headings import Heading, Vocabulary, bare

CODE, LABEL, VALUE, YEAR = "code", "label", "value", "year"
NUMERATOR, DENOMINATOR = "numerator", "denominator"
COMMENT, REASON, STATE, SOURCE = "comment", "reason", "state", "source"
UNIT, ORGANISATION, COMMUNE, INSEE = "unit", "organisation", "commune", "insee"
TARGET = "target"
NUMBERS = (VALUE, NUMERATOR, DENOMINATOR)
TEXTS = (COMMENT, REASON, STATE, SOURCE)


def _heading(name: str, label: str, others: str, **options) -> Heading:
    """Return a column; ``others``: how else it is called, between commas."""
    return Heading(name, label, others.split(", "), **options)


HEADINGS = [
    _heading(
        CODE, "Code",
        "code indicateur, no, numero, numero indicateur, ref, reference, id, identifiant, code "
        "interne, no indicateur, cle",
        is_key=True,
    ),
    _heading(
        LABEL, "Indicateur",
        "libelle, intitule, libelle indicateur, intitule indicateur, nom indicateur, nom, "
        "designation, donnee, donnees, indicateurs ctg, indicateur ctg, objet, rubrique, "
        "indicateur suivi, indicateur resultat, indicateur evaluation",
        is_key=True,
    ),
    _heading(
        VALUE, "Valeur",
        "valeurs, nb, nbre, val, total, realise, realisation, resultat, chiffre, donnee "
        "chiffree, nombre, effectif, valeur realisee, valeur observee, valeur constatee, valeur "
        "annuelle, reel, constate, montant, quantite, valeur transmise, votre valeur, reponse, "
        "total annuel, valeur saisie, valeur a saisir",
        is_yearly=True,
    ),
    _heading(
        YEAR, "Année",
        "an, exercice, annee observee, annee donnee, annee reference, periode, millesime",
        spreads=True,
    ),
    _heading(
        NUMERATOR, "Numérateur",
        "valeur numerateur"
    ),
    _heading(
        DENOMINATOR, "Dénominateur",
        "denom, valeur denominateur, base"
    ),
    _heading(
        COMMENT, "Commentaire",
        "observation, observations, remarque, remarques, precision, precisions, note, "
        "explication"
    ),
    _heading(
        REASON, "Motif",
        "motif absence, motif absence donnee, raison, pourquoi, motif s il n y a pas nombre, "
        "justification"
    ),
    _heading(
        STATE, "État",
        "statut, etat donnee, provisoire, provisoire definitif, definitif, fiabilite",
        spreads=True,
    ),
    _heading(
        SOURCE, "Source",
        "origine, origine donnee, source donnee, provenance",
        spreads=True,
    ),
    _heading(
        UNIT, "Unité",
        "unite mesure, u, unites",
        spreads=True,
    ),
    _heading(
        ORGANISATION, "Organisme",
        "fournisseur, producteur, organisme fournisseur, partenaire, structure, saisi par, "
        "service, responsable donnee, producteur donnee",
        spreads=True,
    ),
    _heading(
        COMMUNE, "Commune",
        "communes, ville, nom commune, territoire, lieu",
        spreads=True,
    ),
    _heading(
        INSEE, "Code Insee",
        "insee, code insee commune, code commune, code geo, code geographique, codgeo, depcom, "
        "insee commune, insee com, code com",
        spreads=True,
    ),
    # What is recognised so that nobody takes it for a figure, and is not read.
    _heading(
        TARGET, "Cible",
        "objectif, valeur cible, cible fin, attendu, attendue, prevu, prevue, prevision, "
        "previsionnel, previsionnelle, projection, budget previsionnel, objectif chiffre, cible a "
        "terme",
        is_apart=True,
    ),
    _heading(
        "before", "Dernière valeur",
        "valeur precedente, derniere valeur connue, rappel, valeur n 1, annee precedente",
        is_apart=True,
    ),
    _heading(
        "definition", "Définition",
        "mode calcul, definition calcul, description, champ, methode"
    ),
    _heading(
        "theme", "Thématique",
        "theme, axe, domaine, orientation, axe thematique"
    ),
    _heading(
        "baseline", "Situation initiale",
        "valeur initiale, valeur depart, reference initiale, etat initial",
        is_apart=True,
    ),
    _heading(
        "change", "Évolution",
        "variation, ecart, taux evolution, progression, tendance, taux realisation, "
        "pourcentage realisation",
        is_apart=True,
    ),
]  # fmt: skip


APART = {
    bare(text): heading.name for heading in HEADINGS if heading.is_apart
    for text in (heading.label, *heading.synonyms)
}  # fmt: skip


def is_apart(text: str) -> bool:
    """Return whether a text calls figures by what are none of the year: targets, reminders."""
    return bare(text) in APART


def is_of_targets(text: str) -> bool:
    """Return whether what is called so, of whatever year, holds what is to be reached."""
    return APART.get(bare(YEAR_SAID.sub(" ", text))) == TARGET


def vocabulary(years: Sequence[int], of: str = "") -> Vocabulary:
    """Return the headings of a table of figures; ``years``: those of the convention; ``of``: for
    what « N-1 » is asked once."""
    # Said once of a line, whatever year stands beside.
    once_a_line = {YEAR, ORGANISATION, COMMUNE, INSEE}
    return Vocabulary(
        HEADINGS, required=[{CODE, LABEL}, {VALUE, NUMERATOR}], key=LABEL, years=list(years), of=of,
        with_years={heading.name for heading in HEADINGS} - once_a_line,
    )  # fmt: skip
