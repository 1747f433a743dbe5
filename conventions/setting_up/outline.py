"""The axes and objectives of a convention, pasted as an outline.

One rule gives levels: lines that begin in the same way (indent, number, bullet) are of the same
level, and a way that is new goes one level down. What is put right on a line holds for those after
it that begin alike. Every line stays where it is; a doubt is shown on its line.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from conventions.loading.mistakes import Place
from conventions.loading.numerals import places_of, roman
from ctg_portal.search.rows import fold

AXIS, THEME, OBJECTIVE, SUB_OBJECTIVE = 1, 2, 3, 4
# What a line may be said to be: a level, « t » behind it for a text that is no objective; the rest
# of the line above; or left out.
JOINED, LEFT_OUT = "suite", "non"
CHOICES = ("1", "2", "3", "3t", "4", "4t", JOINED, LEFT_OUT)
MOST_LINES = 2000
TAB = 4

WORD = re.compile(
    r"(?P<word>axe|enjeu|orientation|volet|champ|th[ée]matique|th[èe]me|objectif|sous[- ]objectif"
    r"|priorit[ée]|action)s?"
    r"\s*(?:n[°o]\s*)?(?P<number>\d+(?:\.\d+)*|[IVXLC]+|[A-Z])(?=[\s.:)–—-]|$)\s*[.:)–—-]*\s*",
    re.IGNORECASE,
)
# « 1 », « 1.2 », « A.2 », « II.1 ».
DECIMAL = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d{1,3})*|(?:[IVXL]{1,6}|[A-Z])(?:\.\d{1,3})+)(?P<end>\s*[.)°:–—/-]|(?=\s))[.)]?\s*"
)
LETTER = re.compile(r"(?P<open>\(?)(?P<letter>[IVXLC]{1,7}|[ivxlc]{1,7}|[A-Za-z])"
                    r"(?P<end>[.)°]|\s[–—-](?=\s))\s*")  # fmt: skip
# Bullets of word processors, private characters of their symbol fonts included.
BULLET = re.compile(
    r"(?P<bullet>[-–—•·▪▫■□●○◦‣⁃►▶➢➤✓✔❖*\u00b7\u25aa\uf000-\uf0ff]|o(?=\s)|§(?=\s)|>(?=\s))\s*"
)


@dataclass(frozen=True)
class Mark:
    """How a line begins: ``way`` is equal for lines of the same level, ``number`` is what is
    counted there, None for a bullet or nothing; ``written``: as it stands."""

    way: tuple
    written: str = ""
    number: int | None = None


@dataclass
class Line:
    """A line of an outline. ``at`` counts from 1, empty lines too; ``choice`` is what somebody has
    said of it, else ""; ``level`` is 0 where it joins the line above or is left out."""

    at: int
    text: str
    mark: Mark
    title: str
    choice: str = ""
    level: int = 0
    is_objective: bool = True
    doubts: list[str] = field(default_factory=list)

    @property
    def value(self) -> str:
        """The choice (``CHOICES``) that says what the line is."""
        if self.choice in (JOINED, LEFT_OUT):
            return self.choice
        is_text = self.level >= OBJECTIVE and not self.is_objective
        return f"{self.level}{'t' * is_text}"


@dataclass
class Outline:
    """An outline as it is understood. ``axes``: what the convention file holds of it; ``places``
    give the line of each of its parts."""

    lines: list[Line]
    axes: list[dict[str, Any]]
    places: dict[Place, Line]

    @property
    def doubts(self) -> list[Line]:
        return [line for line in self.lines if line.doubts]

    @property
    def themes(self) -> int:
        return sum(line.level == THEME for line in self.lines)

    @property
    def objectives(self) -> int:
        return sum(line.level >= OBJECTIVE and line.is_objective for line in self.lines)

    def line_of(self, place: Place) -> Line | None:
        """Return the line of a place, or of the nearest part around it."""
        while place and place not in self.places:
            place = place[:-1]
        return self.places.get(place)


Choices = dict[str, str]


def key_of(text: str, nth: int) -> str:
    """Return the key under which what was said of a line is kept: its text, and which of the lines
    of that text it is; so that it stays with it where lines are added before."""
    return f"{nth}:{text.strip()}"


def read_outline(text: str, choices: Choices, *, has_themes: bool) -> Outline:
    """Return an outline as it is understood. ``choices``: what somebody has said of lines, by
    ``key_of``. Without themes, objectives come directly beneath axes."""
    lines = list(_lines(text, choices))
    _set_levels(lines, has_themes=has_themes)
    _note_gaps(lines)
    return _built(lines, has_themes=has_themes)


def _lines(text: str, choices: Choices) -> Iterator[Line]:
    """Yield the lines that are not empty."""
    met: Counter[str] = Counter()
    ways: dict[tuple, Mark] = {}
    for at, raw in enumerate(text.splitlines()[:MOST_LINES], start=1):
        written = raw.replace("\u00a0", " ").replace("\u202f", " ").rstrip()
        if not written.strip():
            continue
        columns = len(written.expandtabs(TAB)) - len(written.expandtabs(TAB).lstrip())
        mark, title = _begin(written.strip(), columns, ways)
        ways[mark.way] = mark
        choice = choices.get(key_of(written, met[written.strip()]), "")
        met[written.strip()] += 1
        yield Line(at, written.strip(), mark, title, choice if choice in CHOICES else "")


def _begin(text: str, columns: int, ways: dict[tuple, Mark]) -> tuple[Mark, str]:
    """Return how a line begins, and what follows. ``ways``: the last mark of each way before."""
    if match := WORD.match(text):
        way: tuple = ("word", fold(match["word"]))
        title = text[match.end() :].strip()
        return Mark(way, match["word"] + " " + match["number"], _count(match["number"])), title
    if match := DECIMAL.match(text):
        parts = match["number"].split(".")
        end = match["end"].strip()
        # « 1.1 » says its level itself; « 1. », « 1 - » and « 1 » count alike, « 1) » otherwise.
        if len(parts) > 1:
            way = ("decimal", len(parts))
        else:
            way = ("number", end if end in (")", "°") else "", columns)
        return Mark(way, match["number"], int(parts[-1])), text[match.end() :].strip()
    if match := LETTER.match(text):
        for kind, number in _letters(match["letter"]):
            way = (kind, match["open"], match["end"].strip() or "-", columns)
            before = ways.get(way)
            if number == 1 or (before is not None and number == (before.number or 0) + 1):
                return Mark(way, match["letter"], number), text[match.end() :].strip()
        kind, number = _letters(match["letter"])[-1]
        if before_any := next((w for w in ways if w[0] == kind), None):
            return Mark(before_any, match["letter"], number), text[match.end() :].strip()
    if match := BULLET.match(text):
        rest = text[match.end() :].strip()
        if rest:
            return Mark(("bullet", match["bullet"], columns)), rest
    return Mark(("plain", columns)), text


def _letters(letters: str) -> list[tuple[str, int]]:
    """Return what letters may count as: Roman numerals, or the letter in the alphabet; each with
    the kind of its case."""
    case = "upper" if letters.isupper() else "lower"
    readings = []
    if set(letters.upper()) <= set("IVXLC"):
        readings.append((f"roman {case}", roman(letters.upper())))
    if len(letters) == 1:
        readings.append((f"letter {case}", ord(letters.upper()) - ord("A") + 1))
    # « C » after « B » is a letter before it is a hundred.
    return sorted(readings, key=lambda r: (r[1] != 1, r[0]))


def _count(number: str) -> int:
    """Return what a number of any kind counts."""
    if number[0].isdigit():
        return int(number.rpartition(".")[2])
    return _letters(number.upper())[0][1]


def _set_levels(lines: list[Line], *, has_themes: bool) -> None:
    """Give each line its level: that of the way in which it begins, one below the line before for a
    way that is new, or what somebody said."""
    levels: dict[tuple, int] = {}  # of each way that was met
    above = 0
    for before, line in zip([None, *lines], lines, strict=False):
        if line.choice in (JOINED, LEFT_OUT):
            line.level = 0
            continue
        way = line.mark.way
        if line.choice:
            line.level = int(line.choice[0])
            line.is_objective = not line.choice.endswith("t")
        elif way in levels:
            line.level = levels[way]
        else:
            line.level = _below(above, has_themes=has_themes)
            if above == SUB_OBJECTIVE:
                line.doubts.append("plus bas qu’un sous-objectif : rangée avec les sous-objectifs")
        if not has_themes and line.level == THEME:
            line.level = OBJECTIVE
        levels[way] = above = line.level
        is_unmarked = line.mark.way[0] == "plain"
        if line is lines[0] and is_unmarked and not line.choice and _is_title(lines):
            line.doubts.append("ne commence comme aucune autre : est-ce le titre du plan ?")
        if not line.choice and is_unmarked and before and line.title[:1].islower():
            line.doubts.append("commence par une minuscule : est-ce la suite de la ligne d’avant ?")


def _is_title(lines: list[Line]) -> bool:
    """Return whether the first line, unmarked, may be the title of all: the next is marked, and no
    other begins like it."""
    first, *others = lines
    ways = [line.mark.way for line in others]
    return bool(ways) and ways[0][0] != "plain" and first.mark.way not in ways


def _below(level: int, *, has_themes: bool) -> int:
    """Return the level below one; objectives come below axes without themes."""
    return OBJECTIVE if level == AXIS and not has_themes else min(level + 1, SUB_OBJECTIVE)


def _note_gaps(lines: list[Line]) -> None:
    """Note on each line whose number does not follow the one before of its level, or begins by
    another number than the line above it."""
    last: dict[int, Line] = {}
    for line in lines:
        if not line.level:
            continue
        before = last.get(line.level)
        above = next((last[n] for n in range(line.level - 1, 0, -1) if n in last), None)
        if line.mark.number is not None and not line.choice:
            same = before is not None and before.mark.way == line.mark.way
            expected = (before.mark.number or 0) + 1 if same and before else 1
            if line.mark.number != expected and (same or not before):
                line.doubts.append(f"le numéro {line.mark.written} ne suit pas le précédent")
            head = line.mark.written.rpartition(".")[0]
            number_above = above.mark.written.rpartition(" ")[2] if above else ""
            if head and above and number_above and head != number_above:
                line.doubts.append(f"{line.mark.written} vient sous {number_above}")
        last = {level: known for level, known in last.items() if level < line.level}
        last[line.level] = line


def _built(lines: list[Line], *, has_themes: bool) -> Outline:
    """Return the outline with its axes as the convention file holds them."""
    axes: list[dict[str, Any]] = []
    places: dict[Place, Line] = {}
    open_parts: dict[int, tuple[Place, dict[str, Any]]] = {}
    last: dict[str, Any] | None = None
    for line in lines:
        if line.choice == LEFT_OUT:
            continue
        if line.choice == JOINED and last is not None:
            last["titre"] = f"{last['titre']} {line.text}".strip()
            continue
        above = {level: part for level, (_, part) in open_parts.items()}
        level = line.level = _level_beneath(above, line, has_themes=has_themes)
        open_parts = {known: part for known, part in open_parts.items() if known < level}
        last = _part(line, level)
        if level == AXIS:
            place: Place = ("axes", len(axes))
            axes.append(last)
        else:
            place_above, container = open_parts[max(open_parts)]
            key = {THEME: "thematiques", OBJECTIVE: "objectifs"}.get(level, "sous_objectifs")
            siblings = container.setdefault(key, [])
            place = (*place_above, key, len(siblings))
            siblings.append(last)
        open_parts[level] = (place, last)
        places[place] = line
    _number(axes, places)
    return Outline(lines, axes, places)


def _level_beneath(above: dict[int, dict[str, Any]], line: Line, *, has_themes: bool) -> int:
    """Return the level that a line can have beneath what is ``above`` it, by level; note on the
    line where that is another one than its own."""
    level = line.level
    if line.choice == JOINED or (level > AXIS and AXIS not in above):
        line.doubts.append("rien n’est au-dessus de cette ligne : c’est un axe")
        line.choice = ""
        return AXIS
    if level == THEME and not has_themes:
        level = OBJECTIVE
    if level == SUB_OBJECTIVE and OBJECTIVE not in above:
        line.doubts.append("aucun objectif n’est au-dessus : c’en est un")
        level = OBJECTIVE
    axis = above.get(AXIS, {})
    if level == THEME and "objectifs" in axis:
        line.doubts.append("cet axe a déjà des objectifs sans thématique : c’est un objectif")
        return OBJECTIVE
    if level == OBJECTIVE and "thematiques" in axis and THEME not in above:
        line.doubts.append("cet axe a des thématiques : c’en est une")
        return THEME
    return level


def _part(line: Line, level: int) -> dict[str, Any]:
    """Return what the file holds of a line."""
    values: dict[str, Any] = {"titre": line.title or line.text}
    if level >= OBJECTIVE and not line.is_objective:
        values["est_un_objectif"] = False
    return values


def _number(axes: list[dict[str, Any]], places: dict[Place, Line]) -> None:
    """Number axes and themes as they are written, or in order where not each has a number of its
    own."""
    marks = [places["axes", at].mark for at in range(len(axes))]
    numbers: list[Any] = [mark.number for mark in marks]
    letters = [mark.written.rpartition(" ")[2] for mark in marks]
    if places_of(letters):
        numbers = letters
    elif None in numbers or len(set(numbers)) < len(numbers) or 0 in numbers:
        numbers = [*range(1, len(axes) + 1)]
    themes = [place for place, line in places.items() if line.level == THEME]
    written = [places[place].mark.written.rpartition(" ")[2] for place in themes]
    is_numbered = all(written) and len({*written}) == len(written)
    number_by_theme = dict(zip(themes, written, strict=True))
    for index, axis in enumerate(axes):
        axes[index] = {"numero": numbers[index], **axis}
        for at, theme in enumerate(axis.get("thematiques", [])):
            place = ("axes", index, "thematiques", at)
            number = number_by_theme[place] if is_numbered else f"{numbers[index]}.{at + 1}"
            axis["thematiques"][at] = {"numero": number, **theme}


def outline_of(axes: Iterable[dict[str, Any]]) -> tuple[str, Choices]:
    """Return axes of a convention file as an outline, with the choices that say which passages are
    no objectives: read, it gives them back."""
    rows: list[str] = []
    choices: Choices = {}

    def add(depth: int, text: str, *, choice: str = "") -> None:
        rows.append("\t" * depth + text)
        if choice:
            nth = sum(row.strip() == text.strip() for row in rows) - 1
            choices[key_of(text, nth)] = choice

    for axis in axes:
        add(0, f"Axe {axis['numero']} : {axis['titre']}")
        groups = axis.get("thematiques") or [{"objectifs": axis.get("objectifs", [])}]
        for theme in groups:
            if "titre" in theme:
                dot = "" if "." in str(theme["numero"]) else "."
                add(1, f"{theme['numero']}{dot} {theme['titre']}")
            for objective in theme.get("objectifs", []):
                is_objective = objective.get("est_un_objectif", True)
                add(2, f"• {objective['titre']}", choice="" if is_objective else "3t")
                for part in objective.get("sous_objectifs", []):
                    values = {"titre": part} if isinstance(part, str) else part
                    is_part = values.get("est_un_objectif", is_objective)
                    add(3, f"- {values['titre']}", choice="" if is_part else "4t")
    return "\n".join(rows), choices


def carry_over(axes: list[dict[str, Any]], former: Iterable[dict[str, Any]]) -> None:
    """Give axes, and objectives, what those of the same title had besides: an introduction, a code,
    a priority."""
    known = {(key, fold(part["titre"])): part for key, part in _parts(former)}
    for key, part in _parts(axes):
        before = known.get((key, fold(part["titre"])), {})
        for name in ("texte", "prioritaire", "code"):
            if name in before:
                part.setdefault(name, before[name])


def _parts(axes: Iterable[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the axes and objectives that are not mere titles, each with its kind."""
    for axis in axes:
        yield "axe", axis
        for theme in axis.get("thematiques") or [axis]:
            for objective in theme.get("objectifs", []):
                yield "objectif", objective
                yield from (
                    ("objectif", part)
                    for part in objective.get("sous_objectifs", [])
                    if isinstance(part, dict)
                )
