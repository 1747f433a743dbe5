"""Match axes, themes, objectives and communes that a file names with those of the convention."""

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
    """Return a label, cut after a word if it is long."""
    return textwrap.shorten(label, width, placeholder="…")


@dataclass
class Context:
    """The part of the convention that titles or cells above a line name. ``unknown_heading`` is the
    last of them that matches no part."""

    axis: Axis | None = None
    theme: Theme | None = None
    objective: Objective | None = None
    unknown_heading: str = ""

    def follow(self, place) -> None:
        """Note an axis, a theme or an objective for the lines below."""
        self.unknown_heading = ""
        if isinstance(place, Axis):
            self.axis, self.theme, self.objective = place, None, None
        elif isinstance(place, Theme):
            self.axis, self.theme, self.objective = place.axis, place, None
        else:
            self.axis, self.theme = place.theme.axis, place.theme
            self.objective = place


@dataclass
class _NameIndex:
    """Rows of one kind by their titles and numbers."""

    rows: Sequence
    titles: dict[str, list] = field(default_factory=dict)
    numbers: dict[str, list] = field(default_factory=dict)

    def add(self, row, title: str, numbers: Iterable[str]) -> None:
        if bare(title):
            self.titles.setdefault(bare(title), []).append(row)
        for number in {fold(one) for one in numbers} - {""}:
            self.numbers.setdefault(number, []).append(row)


class Places:
    """The parts of a convention that an action may be in, as a file names them."""

    def __init__(self, convention: Convention, day: datetime.date, asking: Asking):
        self.convention, self.asking = convention, asking
        themes = Theme.objects.filter(axis__convention=convention).selectable(day, [])
        self.themes = list(themes.select_related("axis").order_by("axis__number", "rank", "pk"))
        axes = {theme.axis.pk: theme.axis for theme in self.themes}
        objectives = Objective.objects.of(convention).readable().selectable(day, [])
        self.objectives = list(objectives.select_related("theme__axis").in_reading_order())
        here = Coverage.objects.of(convention).perimeter(day).values("commune")
        self.communes = list(Commune.objects.filter(pk__in=here))
        self.axis_index = _NameIndex(list(axes.values()))
        for axis in axes.values():
            self.axis_index.add(axis, axis.title, (axis.mark, str(axis.number)))
        self.theme_index = _NameIndex(self.themes)
        for theme in self.themes:
            self.theme_index.add(theme, theme.title, (theme.number,))
        self.objective_index = _NameIndex(self.objectives)
        for objective in self.objectives:
            self.objective_index.add(objective, objective.title, (objective.code,))
            self.objective_index.add(objective, f"{objective.code} {objective.title}", ())
        words = convention.words
        own = {fold(word.singular) for word in (words.axis, words.theme, words.objective)}
        self.axis_words = (OF_AXES - own) | {fold(words.axis.singular)}
        self.objective_words = (OF_OBJECTIVES - own) | {fold(words.objective.singular)}
        self.words = self.axis_words | self.objective_words | OF_THEMES | own
        self.fitting: dict[tuple[str, str], bool] = {}
        self.similar: dict[str, list[Choice]] = {}
        self.sorted_choices: dict[str, list[Choice]] = {}

    @property
    def axes(self) -> Sequence[Axis]:
        return self.axis_index.rows

    # Named outright -------------------------------------------------------------------------------

    def axis(self, text: str) -> Axis | None:
        return self._match(self.axis_index, text)

    def theme(self, text: str, axis: Axis | None = None) -> Theme | None:
        return self._match(self.theme_index, text, lambda theme: axis in (None, theme.axis))

    def objective(self, text: str, theme: Theme | None = None) -> Objective | None:
        return self._match(
            self.objective_index, text, lambda one: theme in (None, one.theme)
        ) or self._match(self.objective_index, text)

    def place(self, text: str):
        """Return the axis, theme or objective that a title names, of the kind that it states; None
        if it names none."""
        if self.begins(text, self.axis_words):
            return self.axis(text) or self.theme(text)
        if self.begins(text, self.objective_words):
            return self.objective(text)
        return self.theme(text) or self.axis(text) or self.objective(text)

    def is_title(self, text: str) -> bool:
        """Return whether a text begins as the title of a part does: « Axe 2 »."""
        return self.begins(text, self.words)

    def begins(self, text: str, words: set[str]) -> bool:
        """Return whether a text begins with one of these words and a number."""
        match = NUMBERED.fullmatch(text)
        return bool(match and match["word"] and fold(match["word"]) in words)

    def _match(self, index: _NameIndex, text: str, is_wanted=lambda row: True):
        """Return the only row that a text names by its title, else by its number; None for none or
        several."""
        if not bare(text):
            return None
        number, title = self._number_and_title(text)
        for spelled in (bare(text), bare(title)):
            matches = [row for row in index.titles.get(spelled, []) if is_wanted(row)]
            if len(matches) == 1:
                return matches[0]
        for spelled in (fold(text), *self._numbers(number)):
            matches = [row for row in index.numbers.get(spelled, []) if is_wanted(row)]
            if len(matches) == 1 and (spelled == fold(text) or self._fits(matches[0], title)):
                return matches[0]
        return None

    def _number_and_title(self, text: str) -> tuple[str, str]:
        """Return the number and the title in « Axe 2 – Parentalité »; an empty number without
        one."""
        match = NUMBERED.fullmatch(text)
        if match is None or (match["word"] and fold(match["word"]) not in self.words):
            return "", text
        return match["number"], match["title"].strip()

    def _numbers(self, number: str) -> Iterable[str]:
        if not number:
            return
        yield fold(number)
        if set(number) <= ROMAN.keys():
            yield str(roman(number))

    def _fits(self, row, title: str) -> bool:
        """Return whether the title behind a number may be that of its row."""
        words, known = bare(title), bare(str(row))
        if not words:
            return True
        if (words, known) not in self.fitting:
            if len(self.fitting) >= LIKENED:
                return False
            self.fitting[words, known] = likeness(words, matcher_of(known), 0) >= NOT_UNLIKE
        return self.fitting[words, known]

    # Asked ----------------------------------------------------------------------------------------

    def ask_theme(self, context: Context, label: str, place: str) -> Theme | str:
        """Return the theme of a new action, from what stands above it or from an answer; else the
        sentence that says what is missing."""
        axis, heading = context.axis, context.unknown_heading
        if heading:
            named = self._ask_place(heading, place)
            if isinstance(named, Theme):
                return named
            axis = named or axis
        if axis is not None:
            own = [theme for theme in self.themes if theme.axis == axis]
            return own[0] if len(own) == 1 else self._ask_in_axis(axis, own, label, place)
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
        return self._theme_answered(answer)

    def _ask_place(self, heading: str, place: str) -> Theme | Axis | None:
        choices = [Choice(f"a{axis.pk}", f"{axis.mark}. {axis.title}") for axis in self.axes]
        choices += [self._choice(theme) for theme in self.themes if theme.title]
        answer = self.asking.ask(
            f"partie:{fold(heading)}",
            f"« {heading[:80]} » est quelle partie de la convention ?",
            place,
            [*self._sorted_by_likeness(heading, choices), Choice(LEFT, "aucune de celles-ci")],
        )
        if answer.startswith("a"):
            return next((axis for axis in self.axes if f"a{axis.pk}" == answer), None)
        return next((theme for theme in self.themes if str(theme.pk) == answer), None)

    def _ask_in_axis(self, axis: Axis, own: list[Theme], label: str, place: str) -> Theme | str:
        """Return the theme of an action whose axis is known, from one answer for all such actions
        or one for each; else what is missing."""
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
        return self._theme_answered(answer)

    def _theme_answered(self, answer: str) -> Theme | str:
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

    def _sorted_by_likeness(self, text: str, choices: list[Choice]) -> list[Choice]:
        if text not in self.sorted_choices:
            if len(self.sorted_choices) >= LIKENED:
                return choices
            matcher = matcher_of(bare(text))
            self.sorted_choices[text] = sorted(
                choices, key=lambda choice: -likeness(bare(choice.label), matcher, NOT_UNLIKE)
            )
        return self.sorted_choices[text]

    def similar_objectives(self, text: str) -> list[Choice]:
        """Return the objectives that are worded nearly so, the most similar first; none after so
        many texts of a file."""
        if text not in self.similar:
            if len(self.similar) >= LIKENED:
                return []
            self.similar[text] = self._similar_objectives(
                bare(self._number_and_title(text)[1] or text)
            )
        return self.similar[text]

    def _similar_objectives(self, words: str) -> list[Choice]:
        matcher = matcher_of(words)
        scored = [(likeness(bare(o.title), matcher, ALIKE), o) for o in self.objectives]
        close = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: -pair[0])
        return [Choice(str(o.pk), brief(f"{o.code} {o.title}")) for _, o in close[:5]]

    # Communes -------------------------------------------------------------------------------------

    def communes_of(self, text: str) -> tuple[list[Commune], dict[str, list[Commune]], bool]:
        """Return the communes that a text names; the pieces of it that name none, or several
        communes, with these; and whether it means the whole territory."""
        if fold(text) in WHOLE or fold(text) == fold(self.convention.territory):
            return [], {}, True
        by_name = defaultdict(set)
        for commune in self.communes:
            by_name[key_of(commune.name)].add(commune)
        communes, unclear = [], {}
        for piece in re.split(r"[\n;,/+&]|\s+et\s+", text):
            bearers = set().union(*(by_name[name] for name in names_in_body(piece)))
            matches = narrow_to_aside(bearers, piece)
            if len(matches) == 1:
                communes += matches
            elif fold(piece):
                unclear[piece.strip()] = sorted(matches, key=self.communes.index)
        return list(dict.fromkeys(communes)), unclear, False
