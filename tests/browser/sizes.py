"""On the smallest screen, and with text twice as large, nothing is cut."""

from tests.browser.conftest import NARROW

# By name of the page (``test_pages.py``): those that people open most.
MAIN = {
    "tableau-de-bord", "points-coordination", "registre-coordination", "composition",
    "plan-coordination", "plan-budget-coordination", "recueil", "acces", "tableau-de-bord-caf",
    "point", "dossier", "action", "indicateurs", "indicateur", "annee", "texte", "axes", "commune",
    "saisie", "saisie-grille", "connexion",
}  # fmt: skip

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


def cut(visitor) -> list[str]:
    """What is cut of the page that is open, which is left with large text."""
    found = []
    for told, size, root in (("320 px", (320, 640), "100%"), ("text × 2", NARROW, "200%")):
        visitor.resize(size)
        visitor.page.evaluate("size => document.documentElement.style.fontSize = size", root)
        found += [f"{told}: {fault}" for fault in visitor.page.evaluate(CUT)]
    return found
