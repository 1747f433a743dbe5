"""Which part of the convention a file names: an axis, a theme, an objective, a commune."""

import datetime
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from conventions.loading.numerals import ROMAN, roman
from conventions.models import Axis, Commune, Convention, Coverage, Objective, Theme
from conventions.territory.naming import key_of, names_in_body, narrow_to_aside
from ctg_portal.search.rows import fold
from spreadsheets.columns.headings import bare
from spreadsheets.columns.likeness import ALIKE, likeness, matcher_of
from spreadsheets.columns.questions import LEFT, Asking, Choice

NUMBERED = re.compile(
    r"\s*(?:(?P<word>[^\W\d_]{3,14}(?:\s[^\W\d_]{3,14})?)\s*(?:n[°o]\s*)?)?"
    r"(?P<number>\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4}|[A-H])\.?\s*(?:[-–—:.)/]+\s*|\s+|$)(?P<title>.*)",
    re.DOTALL,
)
OF_AXES = {"axe", "volet", "ambition", "enjeu", "pilier", "axe strategique", "chapitre"}
OF_THEMES = {"thematique", "theme", "champ", "domaine", "sous axe"}
OF_OBJECTIVES = {"objectif", "orientation", "sous objectif", "objectif operationnel",
                 "objectif strategique", "objectif general"}  # fmt: skip
NOT_UNLIKE = 0.45
# For how many wordings of a file their like are looked for: the file is about something else.
LIKENED = 300
EACH = "chaque"
WHOLE = {"tout le territoire", "territoire", "toutes les communes", "ensemble du territoire",
         "toutes", "tout", "ctg", "territoire de la ctg", "agglomeration", "tout territoire",
         "l ensemble du territoire", "epci", "intercommunal", "communaute de communes"}  # fmt: skip


def brief(label: str, width: int = 120) -> str:
    """A label that stays whole, or ends after a word."""
    return textwrap.shorten(label, width, placeholder="…")


@dataclass
class Context:
    """What stands above a line, in rows that are titles or in cells that are not repeated:
    ``said``: the last of them that names nothing that is known."""

    axis: Axis | None = None
    theme: Theme | None = None
    objective: Objective | None = None
    said: str = ""

    def follow(self, place) -> None:
        """Go on beneath an axis, a theme or an objective."""
        self.said = ""
        if isinstance(place, Axis):
            self.axis, self.theme, self.objective = place, None, None
        elif isinstance(place, Theme):
            self.axis, self.theme, self.objective = place.axis, place, None
        else:
            self.axis, self.theme = place.theme.axis, place.theme
            self.objective = place


@dataclass
class _Named:
    """Rows of one kind by their titles and numbers."""

    rows: Sequence
    titles: dict[str, list] = field(default_factory=dict)
    numbers: dict[str, list] = field(default_factory=dict)

    def add(self, row, title: str, numbers: Iterable[str]) -> None:
        if bare(title):
            self.titles.setdefault(bare(title), []).append(row)
        for number in {fold(one) for one in numbers} - {""}:
            self.numbers.setdefault(number, []).append(row)


class Where:
    """The parts of a convention that an action may be of, as a file names them."""

    def __init__(self, convention: Convention, day: datetime.date, asking: Asking):
        self.convention, self.asking = convention, asking
        themes = Theme.objects.filter(axis__convention=convention).selectable(day, [])
        self.themes = list(themes.select_related("axis").order_by("axis__number", "rank", "pk"))
        axes = {theme.axis.pk: theme.axis for theme in self.themes}
        objectives = Objective.objects.of(convention).readable().selectable(day, [])
        self.objectives = list(objectives.select_related("theme__axis").in_reading_order())
        here = Coverage.objects.of(convention).perimeter(day).values("commune")
        self.communes = list(Commune.objects.filter(pk__in=here))
        self.axes_named = _Named(list(axes.values()))
        for axis in axes.values():
            self.axes_named.add(axis, axis.title, (axis.mark, str(axis.number)))
        self.themes_named = _Named(self.themes)
        for theme in self.themes:
            self.themes_named.add(theme, theme.title, (theme.number,))
        self.objectives_named = _Named(self.objectives)
        for one in self.objectives:
            self.objectives_named.add(one, one.title, (one.code,))
            self.objectives_named.add(one, f"{one.code} {one.title}", ())
        words = convention.words
        own = {fold(word.singular) for word in (words.axis, words.theme, words.objective)}
        self.of_axes = (OF_AXES - own) | {fold(words.axis.singular)}
        self.of_objectives = (OF_OBJECTIVES - own) | {fold(words.objective.singular)}
        self.words = self.of_axes | self.of_objectives | OF_THEMES | own
        self.fitting: dict[tuple[str, str], bool] = {}
        self.close: dict[str, list[Choice]] = {}
        self.likest: dict[str, list[Choice]] = {}

    @property
    def axes(self) -> Sequence[Axis]:
        return self.axes_named.rows

    # Named outright -------------------------------------------------------------------------------

    def axis(self, text: str) -> Axis | None:
        return self._one(self.axes_named, text)

    def theme(self, text: str, axis: Axis | None = None) -> Theme | None:
        return self._one(self.themes_named, text, lambda theme: axis in (None, theme.axis))

    def objective(self, text: str, theme: Theme | None = None) -> Objective | None:
        return self._one(
            self.objectives_named, text, lambda one: theme in (None, one.theme)
        ) or self._one(self.objectives_named, text)

    def place(self, text: str):
        """The axis, theme or objective that a title names, as what it calls itself, if it does."""
        if self.begins(text, self.of_axes):
            return self.axis(text) or self.theme(text)
        if self.begins(text, self.of_objectives):
            return self.objective(text)
        return self.theme(text) or self.axis(text) or self.objective(text)

    def is_title(self, text: str) -> bool:
        """Whether a text begins as the title of a part does: « Axe 2 »."""
        return self.begins(text, self.words)

    def begins(self, text: str, words: set[str]) -> bool:
        """Whether a text begins with one of these words and a number."""
        found = NUMBERED.fullmatch(text)
        return bool(found and found["word"] and fold(found["word"]) in words)

    def _one(self, named: _Named, text: str, keeps=lambda row: True):
        if not bare(text):
            return None
        number, title = self._parted(text)
        for spelled in (bare(text), bare(title)):
            found = [row for row in named.titles.get(spelled, []) if keeps(row)]
            if len(found) == 1:
                return found[0]
        for spelled in (fold(text), *self._numbers(number)):
            found = [row for row in named.numbers.get(spelled, []) if keeps(row)]
            if len(found) == 1 and (spelled == fold(text) or self._fits(found[0], title)):
                return found[0]
        return None

    def _parted(self, text: str) -> tuple[str, str]:
        """The number and the title of « Axe 2 – Parentalité »."""
        found = NUMBERED.fullmatch(text)
        if found is None or (found["word"] and fold(found["word"]) not in self.words):
            return "", text
        return found["number"], found["title"].strip()

    def _numbers(self, number: str) -> Iterable[str]:
        if not number:
            return
        yield fold(number)
        if set(number) <= ROMAN.keys():
            yield str(roman(number))

    def _fits(self, row, title: str) -> bool:
        """Whether what stands behind a number may be the title of its row."""
        said, known = bare(title), bare(str(row))
        if not said:
            return True
        if (said, known) not in self.fitting:
            if len(self.fitting) >= LIKENED:
                return False
            self.fitting[said, known] = likeness(said, matcher_of(known), 0) >= NOT_UNLIKE
        return self.fitting[said, known]

    # Asked ----------------------------------------------------------------------------------------

    def asked_theme(self, context: Context, label: str, place: str) -> Theme | str:
        """The theme of a new action from what stands around it; else what would be read."""
        axis, said = context.axis, context.said
        if said:
            answered = self._asked_place(said, place)
            if isinstance(answered, Theme):
                return answered
            axis = answered or axis
        if axis is not None:
            own = [theme for theme in self.themes if theme.axis == axis]
            return own[0] if len(own) == 1 else self._asked_in(axis, own, label, place)
        choices = [self._choice(theme) for theme in self.themes]
        sheet = place.rpartition("!")[0]
        answer = self.asking.ask(
            f"rattachement:{fold(sheet)}@",
            f"Feuille « {sheet[:60]} » : de quelle partie de la convention relèvent les "
            "actions qui n’en disent rien ?",
            place,
            [*choices, Choice(EACH, "le dire action par action")],
        )
        if answer == EACH:
            answer = self.asking.ask(
                f"rattachement:{fold(label)}",
                f"« {label[:80]} » relève de quelle partie de la convention ?",
                place,
                choices,
            )
        return self._theme_of(answer)

    def _asked_place(self, said: str, place: str) -> Theme | Axis | None:
        choices = [Choice(f"a{axis.pk}", f"{axis.mark}. {axis.title}") for axis in self.axes]
        choices += [self._choice(theme) for theme in self.themes if theme.title]
        answer = self.asking.ask(
            f"partie:{fold(said)}",
            f"« {said[:80]} » est quelle partie de la convention ?",
            place,
            [*self._likest(said, choices), Choice(LEFT, "aucune de celles-ci")],
        )
        if answer.startswith("a"):
            return next((axis for axis in self.axes if f"a{axis.pk}" == answer), None)
        return next((theme for theme in self.themes if str(theme.pk) == answer), None)

    def _asked_in(self, axis: Axis, own: list[Theme], label: str, place: str) -> Theme | str:
        """The theme of an action of which the axis is known: one for all, or each its own."""
        choices = [self._choice(theme) for theme in own]
        without = f"sans {self.convention.words.theme.singular}"
        answer = self.asking.ask(
            f"thematique:{axis.pk}",
            f"Actions de « {axis.title[:80]} » {without} : sous quel titre les ranger ?",
            place,
            [*choices, Choice(EACH, "le dire action par action")],
        )
        if answer == EACH:
            answer = self.asking.ask(
                f"thematique:{axis.pk}:{fold(label)}",
                f"« {label[:80]} » : sous quel titre la ranger ?",
                place,
                choices,
            )
        return self._theme_of(answer)

    def _theme_of(self, answer: str) -> Theme | str:
        words = self.convention.words
        wanted = (
            f"dites {words.axis.the} et {words.theme.the} de cette action, par exemple "
            f"« {self.example} »."
        )
        return next((theme for theme in self.themes if str(theme.pk) == answer), wanted)

    @property
    def example(self) -> str:
        theme = self.themes[0] if self.themes else None
        return brief(f"{theme.number} {theme}", 80) if theme else ""

    def _choice(self, theme: Theme) -> Choice:
        return Choice(str(theme.pk), brief(f"{theme.number} {theme}"))

    def _likest(self, said: str, choices: list[Choice]) -> list[Choice]:
        if said not in self.likest:
            if len(self.likest) >= LIKENED:
                return choices
            matcher = matcher_of(bare(said))
            self.likest[said] = sorted(
                choices, key=lambda one: -likeness(bare(one.label), matcher, NOT_UNLIKE)
            )
        return self.likest[said]

    def close_objectives(self, text: str) -> list[Choice]:
        """The objectives that are nearly worded so, the likest first; of so many texts a file."""
        if text not in self.close:
            if len(self.close) >= LIKENED:
                return []
            self.close[text] = self._close_to(bare(self._parted(text)[1] or text))
        return self.close[text]

    def _close_to(self, said: str) -> list[Choice]:
        matcher = matcher_of(said)
        scored = [(likeness(bare(one.title), matcher, ALIKE), one) for one in self.objectives]
        close = sorted((found for found in scored if found[0] >= ALIKE), key=lambda f: -f[0])
        return [Choice(str(one.pk), brief(f"{one.code} {one.title}")) for _, one in close[:5]]

    # Communes -------------------------------------------------------------------------------------

    def communes_of(self, text: str) -> tuple[list[Commune], dict[str, list[Commune]], bool]:
        """The communes that a text names, what of it is none, or the name of several, with these,
        and whether it says « all »."""
        if fold(text) in WHOLE or fold(text) == fold(self.convention.territory):
            return [], {}, True
        by_name = defaultdict(set)
        for one in self.communes:
            by_name[key_of(one.name)].add(one)
        found, unclear = [], {}
        for piece in re.split(r"[\n;,/+&]|\s+et\s+", text):
            bearers = set().union(*(by_name[name] for name in names_in_body(piece)))
            said = narrow_to_aside(bearers, piece)
            if len(said) == 1:
                found += said
            elif fold(piece):
                unclear[piece.strip()] = sorted(said, key=self.communes.index)
        return list(dict.fromkeys(found)), unclear, False
