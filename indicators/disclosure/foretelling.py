"""What would be known of masked figures if parties agreed that some indicators add up to another.

What was told before they do is told: nothing takes it back. So whoever proposes such a total, or is
asked to agree to it, is told of which figures that would be the end of secrecy, with nothing that
not everybody reads: it is reckoned from what is disclosed alone, place by place.
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


def foretold(row: Indicator, content: dict) -> str:
    """What a definition that names what an indicator is the total of would have everybody know, as
    French sentences; empty where it is nothing, or was agreed to already."""
    named = {int(link["id"]) for link in content["parts"]}
    if not named or named in _agreed(row):
        return ""
    found = _told_by_sums(row, named)
    if not found:
        return ""
    titles = dict(Indicator.objects.filter(pk__in=found).values_list("pk", "title"))
    titles[row.pk] = content["title"]
    told = [
        f"« {titles[pk]} » en {enumerate_words([str(year) for year in sorted(years)])}"
        for pk, years in sorted(found.items())
    ]
    return (
        "Des chiffres déjà diffusés donneraient, avec ce total, des chiffres que le secret "
        f"statistique masque : {enumerate_words(told)}. Ce qui est diffusé ne se reprend pas : "
        "les parties le savent avant de donner leur accord."
    )


def _agreed(row: Indicator) -> list[set[int]]:
    """What it was agreed to be the total of, in force or no more: that is known already."""
    versions = Version.objects.about(row).ever_in_force()
    return [{int(link["id"]) for link in Definition.of(one).parts} for one in versions]


def _told_by_sums(row: Indicator, named: set[int]) -> dict[int, set[int]]:
    """The years in which one that adds up is masked at a place and all others are shown there, by
    the key of its indicator."""
    entries = CampaignIndicator.objects.with_relations().filter(
        indicator__in=named | {row.pk}, campaign__state__in=ASKED
    )
    of_years: dict[int, list[CampaignIndicator]] = defaultdict(list)
    for entry in entries:
        of_years[entry.campaign.year].append(entry)
    whole = {year: of for year, of in of_years.items() if len(of) == len(named) + 1}
    figures = _figures_of([entry for of in whole.values() for entry in of])
    found: dict[int, set[int]] = defaultdict(set)
    for year, of in whole.items():
        for place in set.intersection(*(set(figures[entry.pk]) for entry in of)):
            told = [(entry, figures[entry.pk][place]) for entry in of]
            masked = [entry for entry, one in told if one.is_masked and not one.is_pending]
            if len(masked) == 1 and sum(map(_is_known, (one for _, one in told))) == len(named):
                found[masked[0].indicator_id].add(year)
    return found


def _is_known(figure: DisclosedFigure) -> bool:
    """Whether everybody knows what it counts; what does not apply counts none."""
    return figure.kind == Absence.NOT_APPLICABLE or (
        figure.is_number and not (figure.is_rounded or figure.partial)
    )


def _figures_of(entries: Iterable[CampaignIndicator]) -> dict[int, dict[Place, DisclosedFigure]]:
    """What everybody reads of these, by place: communes and sectors by key, the territory."""
    entries = list(entries)
    tables = disclosed_by_commune(entry for entry in entries if entry.is_by_commune)
    found = {
        pk: {("commune", key): one for key, one in read.communes.items()}
        | {("sector", key): one for key, one in read.sectors.items()}
        | {("territory", 0): read.territory}
        for pk, read in tables.items()
    }
    for sheet in read_sheets(entry for entry in entries if not entry.is_by_commune):
        figure = disclose(sheet.values.get(None), sheet.definition, sheet.entry.rule)
        found[sheet.entry.pk] = {("territory", 0): figure}
    return found
