"""Public statistics in the demonstration: two files in their publishers' layout, with invented
figures, which fill the communes of twelve indicators without anybody typing them."""

from decimal import Decimal
from pathlib import Path

from committee.demo import account
from indicators.demo_figures import CAF, INSEE, IndicatorStory
from indicators.models import Aggregation, Campaign, Grain, Release, Value
from indicators.statistics.events import load_release
from indicators.statistics.source import filling, sources
from indicators.values import from_publishers
from indicators.values.figure import Figure

FILES = Path(__file__).parent / "statistics" / "demo"
# By source: its file, the years that it holds.
PUBLISHED = {
    "cnaf_allocataires": ("s_ben_com_f.csv", range(2020, 2025)),
    "insee_filosofi": ("DS_FILOSOFI_CC_data.csv", range(2020, 2023)),
}
CONTESTED = "86066"
WHY = "Deux résidences sont rattachées à la commune voisine dans le fichier publié."


def _story(code: str, theme: str, definition: str, provider: str = CAF) -> IndicatorStory:
    return IndicatorStory(code, theme, provider, definition, None, is_by_commune=True)


# Followed for their setting, and by nobody's typing.
STORIES = [
    _story("DR-05", "1.1", "Foyers ayant un droit versable à une prestation en décembre."),
    _story("SP-01", "1.1", "Allocataires, conjoints, enfants et autres personnes à charge des "
           "foyers allocataires en décembre."),
    _story("SP-02", "1.1", "Foyers ayant un droit versable à la prime d’activité en décembre."),
    _story("LO-07", "2.1", "Niveau de vie au-dessous duquel se trouve la moitié des habitants.",
           INSEE),
    _story("SP-06", "4.1", "Foyers ayant un droit versable à l’allocation de base de la prestation "
           "d’accueil du jeune enfant en décembre."),
    _story("SP-07", "4.1", "Foyers ayant un droit versable au complément de libre choix du mode de "
           "garde en décembre."),
    _story("SP-03", "4.4", "Foyers ayant un droit versable aux allocations familiales en "
           "décembre."),
    _story("SP-04", "4.4", "Foyers ayant un droit versable au complément familial en décembre."),
    _story("SP-05", "4.4", "Foyers ayant un droit versable à l’allocation de soutien familial en "
           "décembre."),
]  # fmt: skip


def grain_content(story: IndicatorStory) -> dict:
    """Return what the definition of an indicator says of communes; nothing where it has none."""
    if not story.is_by_commune:
        return {}
    _, measure = filling()[story.code]
    aggregation = Aggregation.SUM if measure.adds_up else Aggregation.NONE
    return {"grain": Grain.COMMUNE, "aggregation": aggregation}


def publish(year: int) -> None:
    """Load the fictional releases of a year, for the whole portal, before its collection is
    opened."""
    for key, (name, years) in PUBLISHED.items():
        if year in years:
            content = (FILES / name).read_bytes()
            file = {"name": name, "content": content, "is_fictional": True}
            load_release(sources()[key], year, **file, by=None)


def confirm(campaign: Campaign, *, is_over: bool) -> None:
    """Confirm for the Caf what is published of it; of the year that is open, half, and contest the
    figure of a commune."""
    release = Release.objects.counting_for(campaign.convention).for_year(campaign.year)
    release = release.from_sources(["cnaf_allocataires"]).get()
    filled = Value.objects.from_release(release).values("campaign_indicator")
    entries = list(campaign.campaign_indicators.filter(pk__in=filled).in_reading_order())
    if not is_over:
        first, *_ = entries
        value = Value.objects.get(campaign_indicator=first, commune__insee_code=CONTESTED)
        figure = Figure(number=value.number - Decimal(12))
        from_publishers.contest_value(value, figure, reason=WHY, by=account("agent-caf"))
    for entry in entries if is_over else entries[1 : len(entries) // 2]:
        from_publishers.confirm_published(entry, release, by=account("agent-caf-2"))
