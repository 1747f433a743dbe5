"""Headings of an action plan: those of the portal, and their synonyms in the files of offices."""

from collections.abc import Mapping, Sequence

from actions.follow_up.words import LATE, UNFINISHED
from actions.plan.commitments import ActionCommitment
from agreements.commitments.fields import Flag, Text
from conventions.legal.words import Words
from spreadsheets.columns.headings import Heading, Vocabulary, bare

NUMBER, TITLE, AXIS, THEME, OBJECTIVES = "number", "title", "axis", "theme", "objectives"
LEADS, LEAD_NAME, PARTNERS, OTHER_PARTNERS = "leads", "lead_name", "partners", "other_partners"
STARTS, ENDS, PERIOD, DUE, DONE = "starts_on", "ends_on", "period", "due_on", "done_on"
COMMUNES, MEANS, FTE, PLANS = "communes", "means", "fte", "plans"
PLANNED, GRANTED, SPENT = "planned", "granted", "spent"
FUNDER, YEAR, NATURE, SCHEME = "funder", "year", "nature", "scheme"
STATE, STATE_ON, REASON, PROGRESS = "state", "state_on", "state_reason", "progress"
MILESTONE, WEIGHT = "milestone", "weight"
NOTE, BRAKES, LEVERS, PROSPECTS = "text", "brakes", "levers", "prospects"

AMOUNTS = (PLANNED, GRANTED, SPENT)
# What a form may say in several paragraphs.
PROSE = {"diagnosis", "description", "audience", "expected_results"}
NOTES = (NOTE, BRAKES, LEVERS, PROSPECTS)
FOLLOWED = {GRANTED, SPENT, STATE, STATE_ON, REASON, PROGRESS, *NOTES}
# What is true of an action on the day when a file comes in.
OF_TODAY = {STATE, PROGRESS, REASON}
# What only a table of whole actions has a column of.
OF_ACTIONS = {LEADS, AXIS, THEME, OBJECTIVES, STATE, "description", STARTS, PERIOD, PARTNERS}


def _heading(name: str, label: str, others: str = "", **options) -> Heading:
    """Return the heading of a column; ``others`` are its synonyms, between commas."""
    return Heading(name, label, others.split(", ") if others else (), **options)


def _each(heads: str, tails: str) -> str:
    """Return each head with each tail, between commas: the names of a column in two words."""
    return ", ".join(f"{head} {tail}" for head in heads.split(", ") for tail in tails.split(", "))


OF = "action, fiche, fiche action, projet, operation"
KNOWN = [
    _heading(
        NUMBER, "Numéro",
        "no, n, code, ref, reference, id, no ordre, num, "
        + _each("no, numero, code, ref, reference, num, n", OF),
        is_key=True,
    ),
    _heading(
        TITLE, "Titre",
        "action, intitule, nom, libelle, fiche action, fiche, projet, operation, action proposee, "
        "action prevue, action envisagee, action retenue, action mener, designation, objet, action "
        "operationnelle, action concrete, action mettre oeuvre, action realiser, "
        + _each("titre, intitule, nom, libelle, designation", OF),
        is_key=True,
    ),
    _heading(
        AXIS, "Axe",
        "axe strategique, axe ctg, axe convention, ambition, volet, enjeu, domaine, champ, "
        "champ intervention, domaine intervention, pilier",
        spreads=True,
    ),
    _heading(
        THEME, "Thématique",
        "theme, sous theme, thematique ctg, secteur, sous axe, rattachement",
        spreads=True,
    ),
    _heading("other_themes", "Autres rattachements", "autres thematiques"),
    _heading(
        OBJECTIVES, "Objectifs",
        "objectif servi, objectif strategique, objectif operationnel, objectif general, "
        "orientation, sous objectif, finalite, but, objectif action, objectifs poursuivis",
        spreads=True,
    ),
    _heading("priority", "Priorité", "niveau priorite, degre priorite, ordre priorite, prio"),
    _heading(
        "is_innovative", "Initiative ou innovation",
        "innovation, innovant, action innovante, initiative innovation"
    ),
    _heading(
        "diagnosis", "Diagnostic",
        "constat, contexte, problematique, enjeux identifies, besoin, besoin identifie, "
        "constat besoin, elements diagnostic, pourquoi",
        spreads=True,
    ),
    _heading(
        "description", "Description",
        "contenu, descriptif, detail, modalite, description action, modalite mise oeuvre, "
        "mise oeuvre, deroulement, quoi, etape, contenu action, descriptif action, presentation"
    ),
    _heading(
        "audience", "Public",
        "public cible, public vise, beneficiaire, cible, public concerne, pour qui, destinataire"
    ),
    _heading(
        "expected_results", "Résultats attendus",
        "resultat, resultat attendu, effet attendu, impact attendu, resultat vise, livrable, "
        "indicateur evaluation, indicateur suivi evaluation"
    ),
    _heading(
        LEADS, "Pilotes",
        "pilotage, porteur, responsable, referent, chef file, structure porteuse, maitre ouvrage, "
        "maitrise ouvrage, qui, organisme pilote, copilote, structure pilote, porteur pilote, "
        "pilote referent, pilote co pilote, service pilote, service porteur, organisme porteur, "
        "structure responsable, pilote operationnel, qui pilote, "
        + _each("pilote, porteur, responsable, referent", OF),
        spreads=True,
        parts=LEADS,
    ),
    _heading(
        LEAD_NAME, "Nom du pilote",
        "referent technique, contact, personne referente, interlocuteur, nom referent, "
        "nom responsable, contact referent"
    ),
    _heading(
        "elected_referent", "Élu référent", "elu, referent elu, elue referente, elu e referent e"
    ),
    _heading(
        PARTNERS, "Partenaires",
        "partenaire associe, partenaire mobilise, acteur, acteur concerne, partenariat, avec qui, "
        "partenaire mobiliser, partenaire action",
        parts=PARTNERS,
    ),
    _heading(OTHER_PARTNERS, "Autres partenaires"),
    _heading(
        STARTS, "Début",
        "date debut, date demarrage, demarrage, lancement, commence, debut action, date lancement, "
        "debut prevu, debute"
    ),
    _heading(ENDS, "Fin", "date fin, fin prevue, terme, fin action, date fin prevue, fini"),
    _heading(
        PERIOD, "Calendrier",
        "periode, echeancier, calendrier previsionnel, planning, date, duree, temporalite, "
        "delai, quand, "
        + _each("calendrier, periode, date, echeancier, planning",
                "previsionnel, realisation, mise oeuvre, prevu, prevue, action, execution")
    ),
    _heading(
        DUE, "Échéance", "date echeance, date limite, prevu pour, echeance prevue, echeance jalon"
    ),
    _heading("is_continuous", "En continu", "action permanente, permanent, permanente, continu"),
    _heading("is_whole_territory", "Concerne tout le territoire", "tout territoire"),
    _heading(
        COMMUNES, "Communes",
        "territoire, territoire concerne, commune concernee, lieu, perimetre, ou, "
        "secteur geographique, territoire action, localisation"
    ),
    _heading(MEANS, "Moyens humains", "moyen, ressource humaine, ressource, rh, moyen mobilise"),
    _heading(FTE, "ETP", "nombre etp, nb etp, equivalent temps plein"),
    _heading(PLANS, "Autres plans", "articulation, articulation autres plans, lien autres plans"),
    _heading(
        PLANNED, "Prévu",
        "budget, cout, montant, enveloppe, financement, previsionnel, "
        + _each("budget, cout, montant, financement, enveloppe, depense",
                "previsionnel, previsionnelle, prev, prevu, prevue, estime, estimee, total, "
                "global, action, estimatif, annuel, prevu action, total previsionnel"),
        is_yearly=True,
        parts=PLANNED,
    ),
    _heading(
        GRANTED, "Accordé", "montant accorde, notifie, obtenu, financement accorde, attribue",
        parts=GRANTED,
    ),
    _heading(
        SPENT, "Dépensé",
        "depense, budget realise, consomme, execute, cout reel, realise, montant depense, "
        "depense realisee, budget consomme",
        parts=SPENT,
    ),
    _heading(
        FUNDER, "Financeur",
        "cofinanceur, source financement, finance par, partenaire financier, financement par, "
        "plan financement",
        parts=PLANNED,
    ),
    _heading(YEAR, "Année", "an, exercice, annee realisation, annee mise oeuvre"),
    _heading(NATURE, "Nature", "nature depense, type depense, section"),
    _heading(SCHEME, "Dispositif", "aide, ligne budgetaire, dispositif financier"),
    _heading(
        STATE, "État",
        "statut, situation, ou en est on, stade, realisation, suivi, point etape, "
        + _each("etat, statut, niveau, degre, stade",
                "avancement, realisation, action, actuel, avancement action, execution")
    ),
    _heading(STATE_ON, "Dans cet état depuis le", "depuis, depuis le, date etat"),
    _heading(REASON, "Motif de l’état", "motif, raison, motif abandon, motif report"),
    _heading(
        PROGRESS, "Avancement",
        "avancement estime, taux avancement, pourcentage avancement, taux realisation, "
        "pourcentage realisation, pourcentage"
    ),
    _heading(MILESTONE, "Jalon", "etape cle, jalon etape"),
    _heading(DONE, "Atteint le", "date realisation, fait le, date atteinte"),
    _heading(WEIGHT, "Poids", "poids jalon"),
    _heading(NOTE, "Bilan", "bilan annuel, bilan annee, bilan action"),
    _heading(BRAKES, "Freins", "frein, difficulte, difficultes rencontrees, point vigilance"),
    _heading(LEVERS, "Leviers", "levier, point fort, facteur reussite"),
    _heading(PROSPECTS, "Perspectives", "perspective, suite, suites donner"),
]  # fmt: skip
# What is agreed to in words as they stand, or by yes or no; who adds to these is read back by its
# label.
PLAIN = [one for one in ActionCommitment.fields if isinstance(one, Text | Flag) and one.column]
_NAMED = {one.name for one in KNOWN}
KNOWN += [_heading(one.name, one.label) for one in PLAIN if one.name not in _NAMED]
# What the portal writes into its own files and does not read back.
OURS = (
    "Accord", "En vigueur depuis le", "Version", "En discussion", "Après le terme",
    "Réponses des parties", "Total incomplet", LATE.title, UNFINISHED.title, "Retard",
    "D’où vient l’avancement", "Jalons atteints", "Documents", "Actions liées", "Données fictives",
    "Écrit le", "Par",
)  # fmt: skip


# Who pays without being an organisation of the convention; some of them only below a heading of
# money: elsewhere « État » is that of the action.
FUNDERS = {bare(name): name for name in (
    "Région", "Département", "Europe", "FSE", "FEADER", "FEDER", "ARS", "CNSA", "ANCT", "DRAC",
    "DREETS", "SDJES", "Fonds propres", "Autofinancement",
)}  # fmt: skip
FUNDERS_BELOW = {bare(name): name for name in (
    "État", "Commune", "Communes", "Usagers", "Familles", "Autres", "Autre", "Autres financeurs",
    "Porteur", "Public", "Privé",
)}  # fmt: skip


def vocabulary(words: Words, years: Sequence[int], called: Mapping[str, str]) -> Vocabulary:
    """Return the headings of an action plan. The ``words`` of the territory prevail over synonyms;
    ``called`` holds the names of organisations, which may have columns of their own."""
    own = {
        AXIS: {words.axis.singular, words.axis.plural},
        THEME: {words.theme.singular, words.theme.plural},
        OBJECTIVES: {words.objective.singular, words.objective.plural},
    }
    taken = {bare(word) for synonyms in own.values() for word in synonyms}
    headings = [
        Heading(
            heading.name,
            heading.label,
            [*(s for s in heading.synonyms if bare(s) not in taken), *own.get(heading.name, ())],
            is_key=heading.is_key,
            is_yearly=heading.is_yearly,
            spreads=heading.spreads,
            parts=heading.parts,
        )
        for heading in KNOWN
        if heading.name in own or bare(heading.label) not in taken
    ]
    ours = [Heading(f"ours:{label}", label, is_ours=True) for label in OURS]
    others = {heading.name for heading in headings} - {NUMBER, TITLE}
    return Vocabulary(
        [*ours, *headings],
        required=[{NUMBER, TITLE}, others],
        years=list(years),
        parts=FUNDERS | called,
        parts_below=FUNDERS_BELOW,
        with_years={*AMOUNTS, *NOTES, PERIOD},  # a calendar may be one of crosses
    )


# What is read of each kind of table; of actions, all but the columns of milestones.
OF_MILESTONES = {MILESTONE, DUE, DONE, WEIGHT}
READ = {
    "milestones": {NUMBER, TITLE, *OF_MILESTONES},
    "fundings": {NUMBER, TITLE, FUNDER, YEAR, NATURE, SCHEME, *AMOUNTS},
    "notes": {NUMBER, TITLE, YEAR, *NOTES},
    "": {one.name for one in KNOWN} - {MILESTONE, DONE, WEIGHT},
}
