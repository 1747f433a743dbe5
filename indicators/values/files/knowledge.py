"""What the portal knows of a file of figures: its indicators, its communes, its years."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from agreements.models import Version
from conventions.models import Convention, Organisation
from conventions.territory.naming import INSEE, Gazetteer
from ctg_portal.search.rows import fold
from indicators.definitions.models import Indicator
from indicators.figures.campaigns import CampaignIndicator
from indicators.values.files import headings as named
from indicators.values.files.lookup import Lookup
from spreadsheets.columns.habits import read_absence
from spreadsheets.columns.proposal import KnowledgeOfRecords, is_total
from spreadsheets.columns.roles import YEAR, Choice, Known
from spreadsheets.reading.cells import Cell, Kind

WHOLE = "whole"
# What is said of the whole territory, besides its own name.
OF_THE_WHOLE = {
    "territoire", "ensemble", "total", "tout", "tout le territoire", "ensemble du territoire",
    "total territoire", "total general", "total du territoire", "epci", "agglomeration",
    "communaute",
}  # fmt: skip
FACETS = {
    named.CODE: named.LABEL, named.LABEL: named.LABEL, named.INSEE: named.COMMUNE,
    named.COMMUNE: named.COMMUNE, named.YEAR: YEAR, named.UNIT: named.UNIT,
    named.ORGANISATION: named.ORGANISATION,
}  # fmt: skip
FEWEST_LETTERS = 3


class KnowledgeOfValues(KnowledgeOfRecords):
    """The indicators that a file may name, the communes of the territory, and the years."""

    values = named.NUMBERS
    texts = named.TEXTS
    spread_texts = (named.SOURCE, named.STATE)
    facets = FACETS
    crossed = (YEAR, named.COMMUNE, named.LABEL)

    def __init__(
        self,
        convention: Convention,
        entries: Iterable[CampaignIndicator],
        years: Sequence[int],
        year: int | None,
        offers: Callable[[CampaignIndicator], bool] = lambda entry: True,
    ):
        self.convention, self.year, self.years = convention, year, years
        self.vocabulary = named.vocabulary(years, str(year or ""))
        self.lookup = Lookup(entries, offers)
        self._recognised: dict[str, Known | None] = {}

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer(self.convention.communes.all())

    @cached_property
    def discussed(self) -> set[str]:
        """The titles of the indicators that the parties have not agreed to yet, folded."""
        rows = Indicator.objects.of(self.convention).exclude(pk__in=map(int, self.lookup.by_key))
        versions = Version.objects.about_rows(rows).live()
        return {fold(version.content.get("title", "")) for version in versions}

    @cached_property
    def organisations(self) -> list[Organisation]:
        return list(Organisation.objects.filter(convention=self.convention))

    def named_organisations(self, text: str) -> set[int]:
        """Return the keys of the organisations that a text names; none for an unknown one."""
        words = fold(text)
        return {o.pk for o in self.organisations if words in (fold(o.acronym), fold(o.name))}

    def recognise(self, text: str) -> Known | None:
        text = text.strip()
        if text not in self._recognised:
            self._recognised[text] = self._recognise(text)
        return self._recognised[text]

    def _recognise(self, text: str) -> Known | None:
        if not text:
            return None
        if len(entries := self.lookup.named(text)) == 1:
            role = named.CODE if self.lookup.is_code(text) else named.LABEL
            return Known(role, str(entries[0].indicator_id))
        if (commune := self.gazetteer.find(text)) is not None:
            role = named.INSEE if INSEE.fullmatch(text) else named.COMMUNE
            return Known(role, str(commune.commune.pk))
        return None

    def is_value(self, cell: Cell) -> bool:
        if cell.kind in (Kind.NUMBER, Kind.PERCENT, Kind.UNCALCULATED, Kind.DOUBTFUL):
            return True
        text = cell.text.strip()
        if cell.kind == Kind.DATE or not text:
            return False
        is_short = len(text) < 30 and sum(map(str.isalpha, text)) <= sum(map(str.isdigit, text)) + 6
        return ((text[0].isdigit() or text[0] in "-+−") and is_short) or read_absence(
            text
        ) is not None

    def is_whole(self, text: str) -> bool:
        """Return whether a text names the whole territory."""
        words = fold(text)
        return words in OF_THE_WHOLE or words == fold(self.convention.territory) or is_total(text)

    def choices(self, facet: str) -> Sequence[Choice]:
        if facet == named.LABEL:
            return [
                Choice(str(entry.indicator_id), self.title(entry)) for entry in self.lookup.offered
            ]
        if facet == named.COMMUNE:
            communes = self.gazetteer.communes
            rows = sorted(communes, key=lambda commune: fold(commune.name))
            return [Choice(WHOLE, "Tout le territoire"),
                    *(Choice(str(row.pk), row.name) for row in rows)]  # fmt: skip
        return super().choices(facet)

    def label_facet(self, facet: str) -> str:
        return "indicateur" if facet == named.LABEL else super().label_facet(facet)

    @staticmethod
    def title(entry: CampaignIndicator) -> str:
        content = entry.version.content
        return " – ".join(filter(None, (content["code"], content["title"])))
