"""Tell which masked figures a proposed total would reveal by differencing.

Figures disclosed before indicators are declared to add up stay disclosed. So whoever proposes such
a total, or is asked to agree to it, learns which masked figures follow from it. It is computed
place by place, from what everybody reads only.
"""

from collections import defaultdict
from collections.abc import Iterable

from agreements.models import Version
from ctg_portal.templatetags.french import enumerate_words
from indicators.definitions.definition import Definition
from indicators.definitions.models import Indicator
from indicators.disclosure.figure import DisclosedFigure, disclose
from indicators.disclosure.reading import disclosed_by_commune
from indicators.disclosure.sheet import read_sheets
from indicators.figures.campaigns import CampaignIndicator, CampaignState
from indicators.figures.values import Absence

ASKED = [CampaignState.OPEN, CampaignState.REOPENED, CampaignState.CLOSED]
Place = tuple[str, int]


def describe_revealed(row: Indicator, content: dict) -> str:
    """Return, as French sentences, the masked figures that would follow if ``row`` became the total
    of the content's parts; empty if none would, or if the same parts were ever agreed to."""
    named = {int(link["id"]) for link in content["parts"]}
    if not named:
        return ""
    agreed = Version.objects.about(row).ever_in_force()
    if named in [{int(link["id"]) for link in Definition.of(v).parts} for v in agreed]:
        return ""
    years_by_key = _revealed_years(row, named)
    if not years_by_key:
        return ""
    titles = dict(Indicator.objects.filter(pk__in=years_by_key).values_list("pk", "title"))
    titles[row.pk] = content["title"]
    revealed = [
        f"« {titles[pk]} » en {enumerate_words([str(year) for year in sorted(years)])}"
        for pk, years in sorted(years_by_key.items())
    ]
    return (
        "Des chiffres déjà diffusés donneraient, avec ce total, des chiffres que le secret "
        f"statistique masque : {enumerate_words(revealed)}. Ce qui est diffusé ne se reprend pas : "
        "les parties le savent avant de donner leur accord."
    )


def _revealed_years(row: Indicator, named: set[int]) -> dict[int, set[int]]:
    """Return, by key of an indicator, the years in which it alone is masked at a place where the
    total and all other parts are known exactly; only years that ask for all of them count."""
    entries = CampaignIndicator.objects.with_relations().filter(
        indicator__in=named | {row.pk}, campaign__state__in=ASKED
    )
    by_year: dict[int, list[CampaignIndicator]] = defaultdict(list)
    for entry in entries:
        by_year[entry.campaign.year].append(entry)
    complete = {year: asked for year, asked in by_year.items() if len(asked) == len(named) + 1}
    figures = _figures_of([entry for year_entries in complete.values() for entry in year_entries])
    revealed: dict[int, set[int]] = defaultdict(set)
    for year, year_entries in complete.items():
        for place in set.intersection(*(set(figures[entry.pk]) for entry in year_entries)):
            read = [(entry, figures[entry.pk][place]) for entry in year_entries]
            masked = [entry for entry, figure in read if figure.is_masked and not figure.is_pending]
            if len(masked) == 1 and sum(map(_is_known, (figure for _, figure in read))) == len(
                named
            ):
                revealed[masked[0].indicator_id].add(year)
    return revealed


def _is_known(figure: DisclosedFigure) -> bool:
    """Return whether everybody knows the exact count behind a figure: a number neither rounded nor
    partial, or « sans objet », which is zero."""
    return figure.kind == Absence.NOT_APPLICABLE or (
        figure.is_number and not (figure.is_rounded or figure.partial)
    )


def _figures_of(entries: Iterable[CampaignIndicator]) -> dict[int, dict[Place, DisclosedFigure]]:
    """Return what everybody reads of indicators, by the entry's key, then by place: kind and
    primary key, ``("territory", 0)``."""
    entries = list(entries)
    tables = disclosed_by_commune(entry for entry in entries if entry.is_by_commune)
    by_key = {
        pk: {("commune", key): figure for key, figure in read.communes.items()}
        | {("sector", key): figure for key, figure in read.sectors.items()}
        | {("territory", 0): read.territory}
        for pk, read in tables.items()
    }
    for sheet in read_sheets(entry for entry in entries if not entry.is_by_commune):
        figure = disclose(sheet.values.get(None), sheet.definition, sheet.entry.rule)
        by_key[sheet.entry.pk] = {("territory", 0): figure}
    return by_key
