"""On the smallest screen, with text twice as large, and through « Menu »: nothing is cut."""

import pytest

from tests.browser.conftest import NARROW
from tests.browser.test_pages import COMMITTEE, EVALUATIONS, PLAN, REAL, places

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MAIN = [
    ("coordination", [
        REAL, COMMITTEE, f"{COMMITTEE}registre/", f"{COMMITTEE}composition/", PLAN,
        f"{PLAN}budget/", f"{EVALUATIONS}2024/recueil/", f"{REAL}acces/",
    ]),
    ("copil-caf", [
        REAL, f"{COMMITTEE}points/{{point}}/", f"{COMMITTEE}dossiers/{{dossier}}/",
        f"{PLAN}{{action}}/", f"{REAL}indicateurs/", f"{REAL}indicateurs/{{indicator}}/",
        f"{EVALUATIONS}2023/", f"{REAL}texte/", f"{REAL}axes/", f"{REAL}territoire/86066/",
    ]),
    ("agent-caf", [f"{EVALUATIONS}2024/saisie/"]),
    (None, ["/connexion/"]),
]  # fmt: skip

# Wider than the screen; or text that its own box hides.
CUT = """() => {
  const found = [];
  if (document.documentElement.scrollWidth > window.innerWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((one) => {
      const scrolls = one.closest(".scroll, .visually-hidden, .prose table, thead");
      return one.getBoundingClientRect().right > window.innerWidth + 1 && !scrolls;
    });
    found.push("wider: " + wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)));
  }
  const texts = "h1, h2, h3, p, li, td, th, dd, a, .btn, .light, label";
  for (const one of document.querySelectorAll(texts)) {
    const { overflow, position } = getComputedStyle(one);
    const hides = overflow === "hidden" && position !== "absolute";
    if (hides && one.scrollWidth > one.clientWidth + 1)
      found.push("cut: " + one.outerHTML.slice(0, 120));
  }
  return found;
}"""


@pytest.mark.parametrize(("account", "addresses"), MAIN, ids=[str(one) for one, _ in MAIN])
def test_nothing_is_cut(visit, account, addresses):
    visitor, found, complaints = visit(account, NARROW), places(), []
    for address in addresses:
        visitor.go(address.format(**found))
        for told, size, root in (("320 px", (320, 640), "100%"), ("text × 2", NARROW, "200%")):
            visitor.resize(size)
            visitor.page.evaluate("size => document.documentElement.style.fontSize = size", root)
            faults = visitor.page.evaluate(CUT)
            complaints += [f"{address}, {told}: {fault}" for fault in faults]
    assert not complaints, "\n".join(complaints)


def test_menu_opens_without_a_script(visit):
    """On a telephone, the chapters are called by a button of the header, and leave by Escape."""
    visitor = visit("copil-caf", NARROW, java_script_enabled=False)
    visitor.go(PLAN)
    menu = visitor.page.get_by_role("navigation", name="Chapitres de la convention")
    assert not menu.is_visible()
    visitor.page.get_by_role("button", name="Menu").click()
    current = menu.get_by_role("link", name="Plan d’actions", exact=True).first
    assert current.is_visible()
    assert current.get_attribute("aria-current") == "page"
    visitor.page.keyboard.press("Escape")
    assert not menu.is_visible()
