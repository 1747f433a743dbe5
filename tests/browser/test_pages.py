"""Every page at both widths: no accessibility violation, nothing wider than the screen, no error.

With ``--screenshots FOLDER`` each page is also kept as a picture (``make screenshots``).
"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import NARROW, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"
FICTIONAL = "/conventions/val-de-claise-fictif/"

# Name of the picture, address, account (None: logged out).
PAGES = [
    ("connexion", "/connexion/", None),
    ("connexion-code", "/connexion/code/", None),
    ("mot-de-passe-oublie", "/mot-de-passe-oublie/", None),
    ("inscription-fermee", "/inscription/", None),
    ("mentions-legales", "/mentions-legales/", None),
    ("donnees-personnelles", "/donnees-personnelles/", None),
    ("accessibilite", "/accessibilite/", None),
    ("introuvable", "/nulle-part/", "lecture"),
    ("mes-conventions", "/conventions/", "coordination"),
    ("compte", "/compte/", "coordination"),
    ("compte-supprimer", "/compte/supprimer/", "lecture"),
    ("compte-adresse", "/compte/adresse/", "lecture"),
    ("compte-mot-de-passe", "/compte/mot-de-passe/", "lecture"),
    ("double-verification", "/compte/double-verification/", "lecture"),
    ("tableau-de-bord", REAL, "coordination"),
    ("tableau-de-bord-lecture", REAL, "lecture"),
    ("texte", REAL + "texte/", "copil-caf"),
    ("axes", REAL + "axes/", "copil-caf"),
    ("signataires", REAL + "signataires/", "copil-caf"),
    ("cooperation", REAL + "cooperation/", "copil-caf"),
    ("territoire", REAL + "territoire/", "copil-agglo"),
    ("territoire-filtre", REAL + "territoire/?nom=saint&cej=2020-12-31", "copil-agglo"),
    ("territoire-vide", REAL + "territoire/?nom=zzz", "copil-agglo"),
    ("commune", REAL + "territoire/86066/", "copil-agglo"),
    ("recherche", REAL + "recherche/?q=ecole", "agent-caf"),
    ("recherche-resultats", REAL + "recherche/?q=acces+droits", "agent-caf"),
    ("acces", REAL + "acces/", "coordination"),
    ("mon-acces", REAL + "acces/moi/", "agent-caf"),
    ("acces-refuse", REAL + "acces/", "lecture"),
    ("autre-tableau-de-bord", FICTIONAL, "etranger"),
    ("autre-texte", FICTIONAL + "texte/", "etranger"),
    ("autre-axes", FICTIONAL + "axes/", "etranger"),
    ("autre-signataires", FICTIONAL + "signataires/", "etranger"),
    ("autre-territoire", FICTIONAL + "territoire/", "etranger"),
]  # fmt: skip


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "375"])
def test_pages(visit, request, size):
    """One browser and one set of data for all pages: each starts from its own log-in."""
    axe = Axe()
    folder = request.config.getoption("--screenshots")
    complaints = []
    visitors = {}
    for name, address, account in PAGES:
        if account not in visitors:
            visitors[account] = visit(account, size)
        visitor = visitors[account]
        visitor.go(address)
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            visitor.page.screenshot(path=f"{folder}/{name}-{size[0]}.png", full_page=True)
        results = axe.run(visitor.page)
        if results.violations_count:
            complaints.append(f"{address}: {results.generate_report()}")
        if visitor.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            complaints.append(f"{address}: wider than {size[0]} px")
    assert not complaints, "\n\n".join(complaints)
