"""Find the figures in pages and files, as somebody does who knows what the convention measures,
where and when: its indicators, communes, sectors and years.

A figure is identified by what its cell or sentence stands under: the header cells of its row and
column, the caption, the headings, the nearest first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from math import inf
from statistics import median

from tests.indicators.disclosure.answers import Drawing, Piece, Sentence, Table

TERRITORY = ""
# Half of the last decimal of a ratio, and what computing loses.
HALF = 0.051
# Longer sentences are texts, which people write.
LONGEST = 400
MASKED, MISSING = "masked", "missing"
PER_HUNDRED = "pour 100 habitants"

FIGURE = r"(?:≈ )?(?:environ )?([−-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?|[−-]?\d+(?:[.,]\d+)?)"
LEADING = re.compile(rf"^{FIGURE}(?![\d/])(?! (?:sur|communes?)\b)")
ONE_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
# « 165 en 2021 », « 234 (partiel : 8 communes sur 9) en 2021 », « 3 (2022) ».
IN_YEAR = re.compile(
    rf"(?<!\d)(?<!\d )(?<!initiale )(?<!cible )(?<!\d[.,]){FIGURE}(?: %| [a-zé]+)?(?: \([^)]*\))?"
    r" (?:en |\()(20\d\d)"
)
FROM_TO = re.compile(rf"de {FIGURE}(?: %)? en (20\d\d) à {FIGURE}")
RANGE = re.compile(rf"de {FIGURE} à {FIGURE}")
# What a figure is compared with: « +7 depuis 2021 », « 52 % du chemin ».
COMPARED = re.compile(rf"depuis 20\d\d|{FIGURE} % du chemin|^Part du chemin .*")
OWN_RATIO = re.compile(rf"soit {FIGURE} {PER_HUNDRED}")
MIDDLE = re.compile(rf"[Mm]édiane (?:des communes )?(?:: )?\(?{FIGURE}")
MASKED_WITH = re.compile(r"masqué comme « [^»]* »(?:, « [^»]* »)*")
# A row of a year, or of an indicator in one: « 2022, toute l’année », « Foyers (2022) ».
YEAR_IN_ROW = re.compile(r"^20\d\d(?!\d)|\(20\d\d\)$")
# A line of a map’s legend: « de 10,0 à 14,9 % (4) ».
CLASS_LINE = re.compile(r"(.+?) \((\d+)\)")
WAY = re.compile(r"(?<![\d ])[+−]\d|^0 (?:%|point)|% du chemin|^\d+ %$")
# What columns hold that are no figures of an indicator.
OTHER = re.compile(
    r"évolution|cible|chemin|initiale|code|population|échéance|jours|disponible|"
    r"commentaire|motif|état|écart|recul|progrès|sans |suivis|vérifi|comparé|stables|"
    r"habitants|source|précisions|définition|décimales|rang|alerte|fichier|coefficient",
    re.IGNORECASE,
)
PLAIN = re.compile(r"valeur|chiffre|nombre|figure|donnée, telle", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """What was read of the figure of an indicator, a year and a place: its bounds, or that it is
    masked, or missing. A ratio to the inhabitants bounds the count. ``where``: by what it was
    read."""

    title: str
    year: int
    place: str
    kind: str
    low: float = -inf
    high: float = inf
    where: str = field(default="", compare=False)

    @property
    def figure(self) -> tuple:
        return self.title, self.year, self.place


@dataclass
class Harvest:
    """Everything read. ``inhabitants`` of each place, the territory's under ""; ``divided``: the
    indicators whose communes are compared by their figures for 100 inhabitants. ``readings``:
    figures; ``ranges``: statements on all communes of a year, (title, year, kind, numbers);
    ``ways``: figures of which a change or the way to a target is stated."""

    titles: Iterable[str]
    communes: Iterable[str]
    sectors: Iterable[str]
    years: Iterable[int]
    inhabitants: dict[str, int]
    divided: Iterable[str]
    readings: list[Reading] = field(default_factory=list)
    ranges: list[tuple] = field(default_factory=list)
    ways: list[tuple] = field(default_factory=list)
    where: str = ""

    def __post_init__(self):
        self.title_pattern, self.place_pattern = (
            _words(self.titles),
            _words([*self.communes, *self.sectors]),
        )

    def read(self, pieces: Iterable[Piece], where: str, about: str = "") -> int:
        """Read pieces and return how many figures were found. ``about``: the subject of the link
        that led there."""
        self.where, before = where, len(self.readings)
        for piece in pieces:
            piece.above[:0] = [about] if about else []
            if isinstance(piece, Table):
                self._table(piece)
            elif isinstance(piece, Drawing):
                self._drawing(piece)
            else:
                self._sentence(piece)
        return len(self.readings) - before

    def _add(self, title, year, place, text, *, is_ratio: bool = False) -> None:
        if title and year in self.years and (figure := figure_in(text)):
            figure = self._count_of(place, *figure) if is_ratio else figure
            self.readings.append(Reading(title, year, place, *figure, self.where))

    def _count_of(self, place: str, kind: str, low: float, high: float) -> tuple:
        """Return the kind and bounds of the count of which this is the rounded ratio."""
        each = self.inhabitants[place] / 100
        kind = "ratio" if kind == "number" else kind
        return kind, (low - HALF) * each, (high + HALF) * each

    # Tables

    def _table(self, table: Table) -> None:
        heads = [text for text, _ in table.rows[0]] if table.rows else []
        for row in table.rows[1:]:
            if len(row) == len(heads) and not all(is_head for _, is_head in row):
                self._row(table, heads, [text for text, _ in row])

    def _row(self, table: Table, heads: list[str], row: list[str]) -> None:
        place = self._place([text for text in row if not LEADING.match(text)])
        where = place if place is not None else self._above(table.above)
        by_head = dict(zip(heads, row, strict=True))
        row_title = self._title(row)
        own_year = _year([by_head.get("Année", ""), *YEAR_IN_ROW.findall(row[0])])
        for at, (head, text) in enumerate(zip(heads, row, strict=True)):
            title = row_title or self._title([head, *reversed(table.above)])
            year = own_year or _year([head, *reversed(table.above)])
            if not title or not year or ONE_YEAR.fullmatch(text) or (at == 0 and place is None):
                continue
            if head.endswith(f"({PER_HUNDRED})"):  # « 25 (8,2) »
                count, _, ratio = text.partition(" (")
                self._add(title, year, where, count)
                self._add(title, year, where, ratio, is_ratio=True)
            elif PER_HUNDRED in head.lower():
                self._add(title, year, where, text, is_ratio=True)
            elif OTHER.search(head) and not PLAIN.search(head):
                if WAY.search(text):
                    self._way(title, heads, where)
            elif pairs := IN_YEAR.findall(text):
                for number, year_text in pairs:
                    self._add(title, int(year_text), where, number)
            elif _is_of_figures(head, title):
                self._add(title, year, where, text)

    def _way(self, title: str, heads: list[str], where: str) -> None:
        """Add a change that is stated, or the way to a target: of the last year that the table
        has."""
        years = [int(head) for head in heads if ONE_YEAR.fullmatch(head)]
        if years:
            self.ways.append((title, max(years), where, self.where))

    # Sentences

    def _sentence(self, sentence: Sentence) -> None:
        near = [sentence.text, *reversed(sentence.above)]
        if title := self._title(near) if len(sentence.text) <= LONGEST else "":
            text = self._read_of_all_communes(title, sentence.text, _year(near))
            for ratio in OWN_RATIO.findall(text):
                self._add(title, _year(near), self._above(sentence.above), ratio, is_ratio=True)
            self._read_of_one_place(title, text.replace(PER_HUNDRED, ""), sentence.above)

    def _read_of_all_communes(self, title: str, text: str, year: int | None) -> str:
        """Add what is said of all communes (range, median, size of a class), and return the
        remaining text."""
        if RANGE.fullmatch(text.removesuffix(" %")):
            return ""  # a shade, which its outlines tell
        if match := CLASS_LINE.fullmatch(text):
            if bounds := _class(match[1]):
                self.ranges.append((title, year, bounds, int(match[2]), self.where))
            return ""
        if (match := RANGE.search(text)) and not FROM_TO.search(text):
            self._range(title, year, "range", match.groups())
            text = RANGE.sub("", text, count=1)
        if match := MIDDLE.search(text):
            self._range(title, year, "median", match.groups())
            text = MIDDLE.sub("", text)
        return text

    def _read_of_one_place(self, title: str, text: str, above: list[str]) -> None:
        """Add what is said of one commune or of the whole territory, in one year or in several."""
        text = COMPARED.sub("", text)
        named_place, over = self._place([text]), [*reversed(above)]
        place = named_place if named_place is not None else self._above(above)
        if match := FROM_TO.search(text):
            first, year, last = match.groups()
            self._add(title, int(year), place, first)
            self._add(title, _year(over), place, last)
            return
        for number, year in IN_YEAR.findall(text):
            self._add(title, int(year), place, number)
        statement = text.partition(f"{title} : ")[2] or (
            text.partition(named_place)[2].strip(" :") if named_place else text
        )
        is_own = title in text or above[-1:] == [title] or named_place is not None
        # The page of one figure: « Ateliers, 2023 : donnée transmise », and below it « 20 places ».
        is_own |= len(above) == 1 and above[0].startswith(f"{title}, ")
        if is_own and not IN_YEAR.match(statement):
            year = _year([IN_YEAR.sub("", text), *over])
            is_ratio = bool(above) and above[-1].endswith(PER_HUNDRED)
            self._add(title, year, place, statement, is_ratio=is_ratio)

    def _range(self, title, year, kind, numbers) -> None:
        if year:
            self.ranges.append((title, year, kind, tuple(map(number_of, numbers)), self.where))

    # Maps

    def _drawing(self, drawing: Drawing) -> None:
        title, year = self._title([drawing.label]), _year([drawing.label])
        if not title or not year:
            return
        is_ratio = PER_HUNDRED in drawing.label
        largest = max((circle[2] for circle in drawing.circles), default=0)
        boxes, largest_number = {}, None
        for text, group, box in drawing.areas:
            place = self._place([text])
            if place is None:
                continue
            self._add(title, year, place, text.partition(":")[2].strip(), is_ratio=is_ratio)
            if bounds := _class(group):
                bounds = self._count_of(place, "class", *bounds) if is_ratio else ("class", *bounds)
                self.readings.append(Reading(title, year, place, *bounds, self.where))
            boxes[place] = box
        for x, y, radius, _ in drawing.circles:
            inside = _around(boxes, x, y)
            if radius == largest and len(inside) == 1:
                largest_number = self._number_of(title, year, inside[0])
        for x, y, radius, is_empty in drawing.circles:
            inside = _around(boxes, x, y)
            if len(inside) == 1 and is_empty:
                self._add(title, year, inside[0], "0")
            elif len(inside) == 1 and largest_number and radius > 1.6:
                low = ((radius - 0.051) / (largest + 0.051)) ** 2 * largest_number
                high = ((radius + 0.051) / (largest - 0.051)) ** 2 * largest_number
                self.readings.append(
                    Reading(title, year, inside[0], "circle", low, high, self.where)
                )

    def _number_of(self, title, year, place):
        numbers = [
            reading.low
            for reading in self.readings
            if reading.figure == (title, year, place) and reading.kind == "number"
        ]
        return numbers[-1] if numbers else None

    # Names

    def _title(self, texts: Iterable[str]) -> str:
        """Return the first title that is named, except those that a figure is masked with."""
        own = (MASKED_WITH.sub("", text) for text in texts)
        return next((match[0] for text in own if (match := self.title_pattern.search(text))), "")

    def _place(self, texts: Iterable[str]) -> str | None:
        for text in texts:
            if match := self.place_pattern.search(text):
                return match[0]
            if text.startswith("Tout le territoire"):
                return TERRITORY
        return None

    def _above(self, above: list[str]) -> str:
        """Return the commune of a page, else the territory."""
        matches = [self.place_pattern.search(text) for text in above]
        return next((one[0] for one in matches if one), TERRITORY)


def _is_of_figures(head: str, title: str) -> bool:
    """Return whether a column holds figures: « 2022 », « Valeur », a unit, the indicator itself."""
    is_unit = head.lower() in {"foyers", "places", "%"}
    return bool(ONE_YEAR.search(head) or PLAIN.search(head)) or is_unit or title in head


def _around(boxes: dict, x: float, y: float) -> list[str]:
    """Return the places within whose box a point lies."""
    return [p for p, (x1, y1, x2, y2) in boxes.items() if x1 <= x <= x2 and y1 <= y <= y2]


def _words(names: Iterable[str]) -> re.Pattern:
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")


def _year(texts: Iterable[str]) -> int | None:
    """Return the year that the nearest text names, if it names only one."""
    for text in texts:
        if years := {int(one) for one in ONE_YEAR.findall(text)}:
            return years.pop() if len(years) == 1 else None
    return None


def number_of(text: str) -> Decimal:
    return Decimal(text.replace(" ", "").replace(",", ".").replace("−", "-"))


def figure_in(text: str) -> tuple | None:
    """Return what a cell says first: kind and bounds, or None."""
    text = re.sub(r"^(?:≈|\*|~) ?", "", text)
    if text.startswith("secret"):
        return MASKED, -inf, inf
    if text.startswith(("manquant", "manque")):
        return MISSING, -inf, inf
    if match := LEADING.match(text):
        number = float(number_of(match[1]))
        return "number", number, number
    return None


def _class(words: str) -> tuple[float, float] | None:
    """Return the bounds of a shade's figures, or None."""
    words = words.replace(" %", "")
    if match := re.fullmatch(rf"moins de {FIGURE}", words):
        return -inf, float(number_of(match[1]))
    if match := re.fullmatch(rf"de {FIGURE} à {FIGURE}", words):
        return tuple(float(number_of(one)) for one in match.groups())
    if match := re.fullmatch(rf"{FIGURE} et plus", words):
        return float(number_of(match[1])), inf
    return None


def revealing_statements(harvest: Harvest) -> list[tuple]:
    """Return what is said of all communes of a year, or of the change of a figure, that the shown
    figures do not give: it would reveal the masked ones. Only of what was read whole."""
    readings_by_year: dict[tuple, dict[str, Reading]] = {}
    for reading in harvest.readings:
        if reading.kind in ("number", MASKED, MISSING) and reading.place in harvest.communes:
            readings_by_year.setdefault((reading.title, reading.year), {})[reading.place] = reading
    others = []
    for title, year, kind, numbers, where in harvest.ranges:
        read = readings_by_year.get((title, year), {})
        shown = [reading for reading in read.values() if reading.kind == "number"]
        if title in harvest.divided:
            ratios = (100 * r.low / harvest.inhabitants[r.place] for r in shown)
            figures, near = [round(ratio + 1e-9, 1) for ratio in ratios], HALF
        else:
            figures, near = [reading.low for reading in shown], 0.5
        if len(read) == len(harvest.communes) and not _is_of(figures, kind, numbers, near):
            others.append((title, year, kind, numbers, where))
    masked = {reading.figure for reading in harvest.readings if reading.kind == MASKED}
    return others + [reading for reading in harvest.ways if reading[:3] in masked]


def _is_of(numbers: Iterable[float], kind, stated, near: float) -> bool:
    """Return whether numbers give what is stated, which is as near as it was rounded."""
    if kind == "range":
        ends = zip((min(numbers), max(numbers)), map(float, stated), strict=True)
        return all(abs(end - number) <= near for end, number in ends)
    if kind == "median":
        return abs(float(stated[0]) - median(numbers)) <= near
    low, high = kind
    is_open = low == -inf
    return stated == sum(low <= n < high if is_open else low <= n <= high for n in numbers)
