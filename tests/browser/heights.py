"""How high pages are on a telephone, in screens of 800 px, with the demonstration's data: the main
job of each role takes four, a list twelve at most; ``test_pages.py`` opens them.
``python -m tests.bench --heights`` prints those of every page."""

SCREEN = 800
JOB, LIST, YEAR = 4, 12, 3.05

# By name of the page; whose it is stands beside its address.
MAIN_JOBS = [
    "tableau-de-bord", "tableau-de-bord-lecture", "tableau-de-bord-caf", "tableau-de-bord-agent",
    "tableau-de-bord-instruction", "points-caf", "points-agglo", "points-coordination", "point",
    "point-repondre", "recapitulatif", "dossier", "reponse-confirmer", "point-avis",
    "point-recueilli", "recueil", "saisie", "saisie-grille",
    "saisie-verification", "valeur", "mes-actions",
    "texte-de-thematique", "apprecier", "apprecier-enjeux", "postes",
    "postes-a-renseigner", "soumettre", "valider", "finale",
    "finale-lecture", "finale-apprecier", "acces", "ouvert-annee", "saisie-coller",
    "liens-de-saisie", "annees-passees", "plan-importer", "import", "organismes", "bibliotheque",
    "composition",
]  # fmt: skip
LISTS = [
    "plan", "plan-coordination", "plan-calendrier", "plan-etats", "plan-communes", "registre",
    "indicateurs", "indicateurs-coordination", "territoire", "axes", "glossaire", "points-lecture",
    "suivi-annee", "suivi-annee-pilote",
]  # fmt: skip
# A year is read, completed and published in three screens of 812 px.
YEARS = [
    "annee", "annee-coordination", "annee-ouverte", "annee-completer", "publication",
    "publication-accord",
]  # fmt: skip
# Of dashboards, what their people came for, by what it is: what is to be done, or the state. It is
# there, and within the screens of a main job.
CAME_FOR = dict.fromkeys(
    ["tableau-de-bord-caf", "tableau-de-bord-agglo", "tableau-de-bord-agent",
     "tableau-de-bord-agent-agglo"], ".acts .btn-primary",
) | dict.fromkeys(["tableau-de-bord", "tableau-de-bord-nouveau"], ".todo") | dict.fromkeys(
    ["tableau-de-bord-instruction", "tableau-de-bord-ressource"], "main",
)  # fmt: skip


def too_high(page, name: str) -> list[str]:
    """What is amiss with the page of that name, as it is shown on a telephone."""
    screens = page.evaluate("document.body.scrollHeight") / SCREEN
    limits = dict.fromkeys(MAIN_JOBS, JOB) | dict.fromkeys(LISTS, LIST) | dict.fromkeys(YEARS, YEAR)
    most = limits.get(name)
    complaints = [f"{screens:.2f} screens high"] if most and screens > most else []
    if name in CAME_FOR:
        box = page.locator(CAME_FOR[name]).first.bounding_box(timeout=5_000)
        if box is None or box["y"] + box["height"] > JOB * SCREEN:
            complaints.append(f"what one came for is {box}")
    return complaints
