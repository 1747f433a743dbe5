"""How much of a year is missing, as each page that says so counts it."""

import re

from django.urls import reverse
from django.utils.text import slugify

from tests.committee.pages import page_of

WORDS = re.compile(r"(\d+) (élément|chiffre)s? manque(?:nt)?\b(?:, dont (\d+) chiffres?\b)?", re.I)
# A table counts as one figure.
IN_PART = re.compile(r"(\d+) tableaux? (?:n’est transmis|ne sont transmis) qu’en partie")
PAGES = {
    "complete": ("evaluation:complete", ()),
    "publication": ("evaluation:publication", ()),
    "submission": ("evaluation:submit", ()),
    "report": ("evaluation:report", ()),
    "collection": ("indicators:campaign", ()),
    "introduction": ("evaluation:year_text", ("introduction",)),
    "conclusion": ("evaluation:year_text", ("conclusion",)),
}


def missing_on_pages(client, convention, year: int) -> dict[str, set[str]]:
    """Return, by page, the counts that it shows of what the year lacks, in words; « éléments » also
    of a page that tells only how many there are. Of the dashboard, what its gauges leave."""
    counts = {}
    for name, (route, args) in PAGES.items():
        response = client.get(reverse(route, args=[convention.slug, year, *args]))
        counts[name] = _counts_in(page_of(response))
    final = page_of(client.get(reverse("evaluation:final", args=[convention.slug])))
    years = re.split(r"(?<!\S)(20\d\d)(?=\s+(?:rien ne manque|\d+\s(?:élément|chiffre)))", final)
    own = dict(zip(years[1::2], years[2::2], strict=True))
    counts["final evaluation"] = _counts_in(own[str(year)][:80])
    dashboard = page_of(client.get(reverse("conventions:dashboard", args=[convention.slug])))
    shown = re.search(rf"Recueil {year}(?: clos)? : (\d+) données? sur (\d+)", _plain(dashboard))
    counts["dashboard"] = {f"{int(shown[2]) - int(shown[1])} chiffres"}
    return counts


def _plain(text: str) -> str:
    return " ".join(text.split())


def _counts_in(text: str) -> set[str]:
    counts = {f"{number} chiffres" for number in IN_PART.findall(_plain(text))}
    for number, kind, figures in WORDS.findall(_plain(text)):
        counts.add(f"{number} {slugify(kind)}s")
        if figures:
            counts.add(f"{figures} chiffres")
    return counts
