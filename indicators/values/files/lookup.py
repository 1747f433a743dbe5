"""Which indicator a line is about: by its code, its title, or what was answered once."""

import re
from collections.abc import Callable, Iterable

from ctg_portal.search.rows import fold
from indicators.figures.campaigns import CampaignIndicator
from indicators.values.files.headings import LABEL, is_apart
from spreadsheets.columns.headings import (
    ASIDE,
    RAISED,
    bare,
    is_part_of_year,
    years_in,
)
from spreadsheets.columns.likeness import ALIKE, likeness, matcher_of

# From which likeness on a title is not another one's.
NOT_UNLIKE = 0.45
SUGGESTED = 5
# For how many unknown names of a file its like are looked for; a longer name is none of a title.
LIKENED, MAX_NAME = 300, 500
# A figure of several ones, which is none of a year.
OF_SEVERAL = re.compile(r"\b(?:cumul|moyen)", re.IGNORECASE)
NUMBER_SIGN = re.compile(r"^\s*n\s*[°º]\s*", re.IGNORECASE)
# « 1.1 – Places agréées », « PE-01 : Places agréées », « a) Places agréées ».
NUMBERED = re.compile(
    r"\s*(?P<number>[^\W\d_]{0,4}[-.]?\d+(?:[.-]\d+)*|[^\W\d_](?=[.)]))\s*[-–—:.)]*\s+(?P<title>\S.*)",
    re.DOTALL,
)


class Lookup:
    """The indicators of a collection, as files name them. ``offers``: which of them one may choose,
    where a name is none of theirs."""

    heading = LABEL

    def __init__(
        self,
        entries: Iterable[CampaignIndicator],
        offers: Callable[[CampaignIndicator], bool] = lambda entry: True,
    ):
        self.offers, self.entries = offers, list(entries)
        self.by_key = {str(entry.indicator_id): entry for entry in self.entries}
        self.codes: dict[str, list[CampaignIndicator]] = {}
        self.titles: dict[str, list[CampaignIndicator]] = {}
        self.spellings: list[tuple[str, CampaignIndicator]] = []
        self.likened: dict[str, list[CampaignIndicator]] = {}
        self.years = {entry.campaign.year for entry in self.entries}
        for entry in self.entries:
            content = entry.version.content
            if content["code"]:
                self.codes.setdefault(fold(content["code"]), []).append(entry)
            spellings = {bare(content["title"]), bare(ASIDE.sub(" ", content["title"]))} - {""}
            for spelling in spellings:
                self.titles.setdefault(spelling, []).append(entry)
                self.spellings.append((spelling, entry))

    def named(self, text: str) -> list[CampaignIndicator]:
        """Return the indicators that a text names outright, by code, by title, or by both."""
        text = text.strip()[:MAX_NAME]
        coded = self._coded(text)
        entries = [coded] if coded is not None else self._titled(text)
        parts = None if entries or not text else NUMBERED.fullmatch(text)
        return self._titled(parts["title"]) if parts else entries

    def is_code(self, text: str) -> bool:
        """Return whether a text is the code of an indicator."""
        return self._coded(text.strip()[:MAX_NAME]) is not None

    def is_unlike(self, entry: CampaignIndicator, title: str) -> bool:
        """Return whether a title that stands beside the code of an indicator is another one's."""
        matcher = matcher_of(bare(title))
        scores = [likeness(s, matcher, NOT_UNLIKE) for s, e in self.spellings if e == entry]
        return max(scores, default=0) < NOT_UNLIKE or self._says_more(title)

    @property
    def offered(self) -> list[CampaignIndicator]:
        """The indicators that one may choose, each once."""
        return list({one.indicator_id: one for one in self.entries if self.offers(one)}.values())

    def _coded(self, code: str) -> CampaignIndicator | None:
        entries = self.codes.get(fold(NUMBER_SIGN.sub("", code)), []) if code else []
        return entries[0] if len(entries) == 1 else None

    def _titled(self, title: str) -> list[CampaignIndicator]:
        if not title:
            return []
        spellings = (title, RAISED.sub("", title.strip()))
        entries = next(filter(None, (self.titles.get(bare(one)) for one in spellings)), [])
        if entries or self._says_more(title):
            return entries
        alike = self.titles.get(bare(ASIDE.sub(" ", title)), [])
        return [entry for entry in alike if _has_no_other_aside(_title(entry), title)]

    def _says_more(self, title: str) -> bool:
        """Return whether what stands in brackets makes of a figure another one: « (2022) » of
        another year, « (1er semestre) », « (objectif) », « (moyenne) »."""
        return any(
            is_part_of_year(aside)
            or is_apart(aside)
            or OF_SEVERAL.search(aside)
            or not self.years.issuperset(years_in(aside))
            for aside in ASIDE.findall(title)
        )

    def close_to(self, text: str) -> list[CampaignIndicator]:
        """Return the indicators whose titles are like what was written, the likest first; none
        once enough names were looked for: the file is about something else."""
        if text not in self.likened:
            if len(self.likened) >= LIKENED:
                return []
            self.likened[text] = self._likest(text)
        return self.likened[text]

    def _likest(self, text: str) -> list[CampaignIndicator]:
        # What is compared with many is read once.
        matchers = [matcher_of(words) for words in {bare(text), bare(ASIDE.sub(" ", text))}]
        scored = sorted(
            (
                (max(likeness(spelling, matcher, ALIKE) for matcher in matchers), -place, entry)
                for place, (spelling, entry) in enumerate(self.spellings)
            ),
            key=lambda scored: scored[:2],
            reverse=True,
        )
        # An entry of a year that was never collected is not a row yet: its indicator is.
        close = {entry.indicator_id: entry for score, _, entry in scored if score >= ALIKE}
        return list(close.values())[:SUGGESTED]


def _has_no_other_aside(title: str, label: str) -> bool:
    """Return whether what a title has in brackets, « (11-17 ans) », stands in a label too, if that
    has any: « (11-25 ans) » is another."""
    asides = set(map(fold, ASIDE.findall(label)))
    return not asides or asides.issuperset(map(fold, ASIDE.findall(title)))


def _title(entry: CampaignIndicator) -> str:
    return entry.version.content["title"]
