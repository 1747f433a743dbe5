"""How high pages are on a telephone, in screens of 800 px, with the demonstration's data: the main
job of each role takes four, a list twelve at most. ``python -m tests.bench --heights`` prints those
of every page."""

import pytest

from tests.browser.test_pages import PAGES, places

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTH, SCREEN = 375, 800
JOB, LIST = 4, 12

# By name of the page; whose it is stands beside its address.
MAIN_JOBS = [
    "tableau-de-bord", "tableau-de-bord-lecture", "tableau-de-bord-caf", "tableau-de-bord-agent",
    "tableau-de-bord-instruction", "points-caf", "points-agglo", "points-coordination", "point",
    "point-repondre", "recapitulatif", "dossier", "reponse-confirmer", "point-avis",
    "point-recueilli", "recueil", "saisie", "saisie-verification", "valeur", "mes-actions",
    "annee", "annee-ouverte", "texte-de-thematique", "apprecier", "apprecier-enjeux", "postes",
    "postes-a-renseigner", "publication", "publication-accord", "soumettre", "valider", "finale",
    "finale-lecture", "finale-apprecier", "acces", "ouvert-annee", "saisie-coller",
    "liens-de-saisie", "annees-passees", "plan-importer", "import", "organismes", "bibliotheque",
    "composition",
]  # fmt: skip
LISTS = [
    "plan", "plan-coordination", "plan-calendrier", "plan-etats", "plan-communes", "registre",
    "indicateurs", "indicateurs-coordination", "territoire", "axes", "glossaire", "points-lecture",
    "saisie-grille", "suivi-annee", "suivi-annee-pilote",
]  # fmt: skip


@pytest.mark.parametrize(("names", "most"), [(MAIN_JOBS, JOB), (LISTS, LIST)], ids=["job", "list"])
def test_a_page_takes_few_screens_of_a_telephone(visit, names, most):
    visitors, too_high, found = {}, {}, None
    pages = {name: (address, account) for name, address, account in PAGES}
    for name in names:
        address, account = pages[name]
        if account not in visitors:
            visitors[account] = visit(account, (WIDTH, SCREEN))
            found = found or places()
        visitor = visitors[account]
        visitor.go(address.format(**found))
        screens = visitor.page.evaluate("document.body.scrollHeight") / SCREEN
        if screens > most:
            too_high[name] = round(screens, 2)
    assert too_high == {}
