"""Which rules would hold on a page, were the sheet they stand in loaded there."""

from pathlib import Path

from django.conf import settings

STATIC = Path(settings.BASE_DIR, "static")
# The rooms' sheets, by their addresses below /static/: each is called like its room.
SHEETS = {
    f"{path.parent.name}/{path.name}": path.read_text(encoding="utf-8")
    for path in STATIC.glob("*/*.css")
    if path.stem == path.parent.name and path.stem != "portal"
}
MISSED = """(sheets) => {
  const loaded = [...document.styleSheets].map((sheet) => sheet.href || "");
  const missed = [];
  const look = (rules, name) => {
    for (const rule of rules) {
      if (rule.selectorText) {
        const bare = rule.selectorText.replace(/::[a-z-]+|:(hover|focus|target)/g, "");
        try { if (document.querySelector(bare)) missed.push(`${name}: ${rule.selectorText}`); }
        catch { }
      }
      if (rule.cssRules) look(rule.cssRules, name);
    }
  };
  for (const [name, text] of Object.entries(sheets)) {
    if (loaded.some((address) => address.includes(name.replace(/[.]css$/, "")))) continue;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    look(sheet.cssRules, name);
  }
  return missed;
}"""


def missed_rules(page) -> list[str]:
    """The rules of sheets that the page does not load, and that would hold on it."""
    return page.evaluate(MISSED, SHEETS)
