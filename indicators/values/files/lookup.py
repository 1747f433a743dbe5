"""Which indicator a line is about: by its code, its title, or what was answered once."""

import re
from collections.abc import Callable, Iterable

from ctg_portal.search.rows import fold
from indicators.figures.campaigns import CampaignIndicator
from indicators.values.files.headings import CODE, LABEL, is_apart
from spreadsheets.importing.preview import Mistake
from spreadsheets.matching.headings import (
    ASIDE,
    RAISED,
    bare,
    is_part_of_year,
    years_in,
)
from spreadsheets.matching.likeness import ALIKE, likeness, matcher_of
from spreadsheets.matching.questions import LEFT, Asking, Choice
from spreadsheets.matching.tables import Row
from spreadsheets.reading.cells import Cell

# From which likeness on a title is not another one's.
NOT_UNLIKE = 0.45
SUGGESTED = 5
# Of how many indicators one chooses where none is alike; words that say nothing are shorter.
FEW, MEANINGLESS = 60, 3
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
    """The indicators of a collection, as lines of a file name them; ``whole``: of what they are,
    in words; ``offers``: which of them one may choose, where a name is none of theirs."""

    heading = LABEL

    def __init__(
        self,
        entries: Iterable[CampaignIndicator],
        asking: Asking,
        whole: str = "de ce recueil",
        offers: Callable[[CampaignIndicator], bool] = lambda entry: True,
    ):
        self.offers = offers
        self.entries, self.asking, self.whole = list(entries), asking, whole
        self.by_key = {str(entry.indicator_id): entry for entry in self.entries}
        self.codes: dict[str, list[CampaignIndicator]] = {}
        self.titles: dict[str, list[CampaignIndicator]] = {}
        self.spellings: list[tuple[str, CampaignIndicator]] = []
        self.likened: dict[str, list[CampaignIndicator]] = {}
        self.known: dict[tuple[str, int], bool] = {}
        self.years = {entry.campaign.year for entry in self.entries}
        for entry in self.entries:
            content = entry.version.content
            if content["code"]:
                self.codes.setdefault(fold(content["code"]), []).append(entry)
            spellings = {bare(content["title"]), bare(ASIDE.sub(" ", content["title"]))} - {""}
            for spelling in spellings:
                self.titles.setdefault(spelling, []).append(entry)
                self.spellings.append((spelling, entry))

    def find(self, row: Row) -> CampaignIndicator | Mistake | None:
        """The indicator of a line; what is wrong with how it is named; None for a line that names
        none, or was left out."""
        code, title = self._named(row)
        if not code and not title:
            return None
        coded, titled = self._coded(code), self._titled(title)
        if coded is not None and titled and coded not in titled:
            return Mistake(
                row.place_of(CODE),
                f"Le code « {code} » est celui de « {_title(coded)} », et le libellé dit "
                f"« {title} » : une colonne a peut-être glissé. Corrigez l’un des deux.",
                title,
            )
        if coded is not None:
            return coded if titled or not title else self._confirmed(row, coded, code, title)
        if len(titled) == 1:
            return titled[0]
        if titled:
            return Mistake(
                row.place_of(LABEL),
                f"Plusieurs indicateurs s’intitulent « {title} » : indiquez son code.",
                title,
            )
        return self._asked(row, title or code)

    def of_heading(self, cell: Cell, title: str) -> CampaignIndicator | None:
        """The indicator of a column of figures whose heading names none: asked, as a line is."""
        alike = self._close(title)
        close = list(filter(self.offers, alike))
        entries = self._offered
        if (alike and not close) or (not close and len(entries) > FEW):
            return None
        answer = self.asking.ask(
            f"indicateur:{fold(title)}",
            f"La colonne « {title[:80]} » n’est pas reconnue : est-elle l’un de ces indicateurs ?",
            cell.address,
            [
                *(Choice(str(entry.indicator_id), _title(entry)) for entry in close or entries),
                Choice(LEFT, "aucun de ceux-ci : laisser cette colonne de côté"),
            ],
            is_required=False,
        )
        return self.by_key.get(answer)

    def is_known(self, row: Row) -> bool:
        """Whether a line names an indicator outright, whatever else it looks like; it is asked of
        each line for each year of a file."""
        place = (row.sheet, row.number)
        if place not in self.known:
            code, title = self._named(row)
            self.known[place] = bool(self._coded(code) or self._titled(title))
        return self.known[place]

    def named(self, text: str) -> list[CampaignIndicator]:
        """The indicators that a text names outright, by code, by title, or by both."""
        text = text.strip()[:MAX_NAME]
        found = [coded] if (coded := self._coded(text)) is not None else self._titled(text)
        parts = None if found or not text else NUMBERED.fullmatch(text)
        return self._titled(parts["title"]) if parts else found

    def is_code(self, text: str) -> bool:
        """Whether a text is the code of an indicator."""
        return any(entry.version.content["code"] == text for entry in self.named(text))

    def _named(self, row: Row) -> tuple[str, str]:
        """The code and the title of a line, also where they stand in one cell, and without the
        number that an office gives its own lines."""
        code, title = row.text(CODE)[:MAX_NAME], row.text(LABEL)[:MAX_NAME]
        if not code and self._coded(title):
            return title, ""
        found = NUMBERED.fullmatch(title)
        if found is None or self._titled(title):
            return code, title
        if not code and self._coded(found["number"]):
            return found["number"], found["title"]
        return (code, found["title"]) if self._titled(found["title"]) else (code, title)

    def _coded(self, code: str) -> CampaignIndicator | None:
        found = self.codes.get(fold(NUMBER_SIGN.sub("", code)), []) if code else []
        return found[0] if len(found) == 1 else None

    def _titled(self, title: str) -> list[CampaignIndicator]:
        if not title:
            return []
        spellings = (title, RAISED.sub("", title.strip()))
        found = next(filter(None, (self.titles.get(bare(one)) for one in spellings)), [])
        if found or self._says_more(title):
            return found
        alike = self.titles.get(bare(ASIDE.sub(" ", title)), [])
        return [entry for entry in alike if _has_no_other_aside(_title(entry), title)]

    def _says_more(self, title: str) -> bool:
        """Whether what stands in brackets makes of a figure another one: « (2022) » of another
        year, « (1er semestre) », « (objectif) », « (moyenne) »."""
        return any(
            is_part_of_year(aside)
            or is_apart(aside)
            or OF_SEVERAL.search(aside)
            or not self.years.issuperset(years_in(aside))
            for aside in ASIDE.findall(title)
        )

    def _confirmed(
        self, row: Row, entry: CampaignIndicator, code: str, title: str
    ) -> CampaignIndicator | Mistake | None:
        """The indicator of a code whose title is another: asked where it is unlike."""
        matcher = matcher_of(bare(title))
        scores = [likeness(s, matcher, NOT_UNLIKE) for s, e in self.spellings if e == entry]
        if max(scores) >= NOT_UNLIKE and not self._says_more(title):
            return entry
        answer = self.asking.ask(
            f"indicateur:{fold(code)}:{fold(title)}",
            f"Le code « {code} » est celui de « {_title(entry)} ». La ligne « {title[:80]} » "
            "est-elle cet indicateur ?",
            row.place_of(LABEL),
            [Choice(str(entry.indicator_id), "oui"), Choice(LEFT, "non, la laisser de côté")],
        )
        return self._answered(answer, row, f"« {title} » : dites si c’est cet indicateur.")

    def _asked(self, row: Row, said: str) -> CampaignIndicator | Mistake | None:
        close = self._close(said)
        unknown = f"« {said[:80]} » n’est pas un indicateur {self.whole}"
        if not close:
            return self._chosen(row, said, f"{unknown} : vérifiez son code ou son libellé.")
        likely = f" Vouliez-vous dire « {_title(close[0])} » ?"
        close = list(filter(self.offers, close))
        if not close:
            return Mistake(row.first.address, f"{unknown}.{likely}", said)
        answer = self.asking.ask(
            f"indicateur:{fold(said)}",
            f"« {said[:80]} » est quel indicateur ?",
            row.first.address,
            [
                *(Choice(str(entry.indicator_id), _title(entry)) for entry in close),
                Choice(LEFT, "aucun de ceux-ci : laisser cette ligne de côté"),
            ],
        )
        return self._answered(answer, row, f"{unknown}.{likely}")

    def _chosen(self, row: Row, said: str, otherwise: str) -> CampaignIndicator | Mistake | None:
        """Whoever knows what an office means by a name chooses among the few that there are, those
        first that have a word of it; who does not leaves it: it is refused."""
        entries = self._offered
        if not entries or len(entries) > FEW or len(self.likened) >= LIKENED:
            return Mistake(row.first.address, otherwise, said)
        words = {word for word in bare(said).split() if len(word) > MEANINGLESS}
        answer = self.asking.ask(
            f"indicateur:{fold(said)}",
            f"« {said[:80]} » est-il l’un de ces indicateurs ?",
            row.first.address,
            [
                *(
                    Choice(str(entry.indicator_id), _title(entry))
                    for entry in sorted(
                        entries, key=lambda entry: not words & {*bare(_title(entry)).split()}
                    )
                ),
                Choice(LEFT, "aucun de ceux-ci : laisser cette ligne de côté"),
            ],
            is_required=False,
        )
        return self._answered(answer, row, otherwise)

    @property
    def _offered(self) -> list[CampaignIndicator]:
        """Those that one may choose, each once."""
        return list({one.indicator_id: one for one in self.entries if self.offers(one)}.values())

    def _answered(self, answer: str, row: Row, otherwise: str):
        if answer == LEFT:
            return None
        return self.by_key.get(answer) or Mistake(row.first.address, otherwise, row.text(LABEL))

    def _close(self, said: str) -> list[CampaignIndicator]:
        """The indicators whose titles are like what was written, the likest first; none for the
        names that come when enough were looked for: the file is about something else."""
        if said not in self.likened:
            if len(self.likened) >= LIKENED:
                return []
            self.likened[said] = self._likest(said)
        return self.likened[said]

    def _likest(self, said: str) -> list[CampaignIndicator]:
        # What is compared with many is read once.
        matchers = [matcher_of(text) for text in {bare(said), bare(ASIDE.sub(" ", said))}]
        scored = sorted(
            (
                (max(likeness(one, matcher, ALIKE) for matcher in matchers), -place, entry)
                for place, (one, entry) in enumerate(self.spellings)
            ),
            key=lambda found: found[:2],
            reverse=True,
        )
        # An entry of a year that was never collected is not a row yet: its indicator is.
        close = {entry.indicator_id: entry for score, _, entry in scored if score >= ALIKE}
        return list(close.values())[:SUGGESTED]


def _has_no_other_aside(title: str, said: str) -> bool:
    """Whether what a title has in brackets, « (11-17 ans) », stands in a label too, if it has any:
    « (11-25 ans) » is another."""
    of_label = set(map(fold, ASIDE.findall(said)))
    return not of_label or of_label.issuperset(map(fold, ASIDE.findall(title)))


def _title(entry: CampaignIndicator) -> str:
    return entry.version.content["title"]
