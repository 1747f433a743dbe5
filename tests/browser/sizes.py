"""On the smallest screen, with text twice as large, and between a telephone and a wide screen,
nothing is cut."""

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
      const scrolls = one.closest(".scroll, .visually-hidden, .prose table, .cards thead");
      const isSeen = one.checkVisibility() && !scrolls;
      return isSeen && one.getBoundingClientRect().right > window.innerWidth + 1;
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

# Cells of tables whose words run over those beside them, or out of sight.
CROWDED = """() => [...document.querySelectorAll("main :is(td, th)")].filter(
  (cell) => cell.checkVisibility() && !cell.closest(".visually-hidden, .cards thead")
    && cell.scrollWidth > cell.clientWidth + 2
).slice(0, 3).map((cell) => "crowded: " + cell.outerHTML.slice(0, 120))"""

# Between a telephone and a wide screen: a laptop at 125 %, a tablet, what is just no telephone.
BETWEEN = (1024, 900, 810)


def crowded(visitor, widths=BETWEEN) -> list[str]:
    """What is amiss with the page that is open on these widths."""
    complaints = []
    for width in widths:
        visitor.resize((width, 900))
        faults = visitor.page.evaluate(CUT) + visitor.page.evaluate(CROWDED)
        complaints += [f"{width} px: {fault}" for fault in faults]
    return complaints


def cut(visitor) -> list[str]:
    """What is cut of the page that is open, which is left with large text."""
    complaints = []
    for label, size, root in (("320 px", (320, 640), "100%"), ("text × 2", NARROW, "200%")):
        visitor.resize(size)
        visitor.page.evaluate("size => document.documentElement.style.fontSize = size", root)
        complaints += [f"{label}: {fault}" for fault in visitor.page.evaluate(CUT)]
    return complaints
