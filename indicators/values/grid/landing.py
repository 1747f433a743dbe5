"""Where each line of a pasted block lands, what is read there, and what becomes of it.

Nothing is kept here: a row is filled in as if one had typed it, and says what it makes of that.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import feminine
from indicators.collection.rights import Contributor
from indicators.figures.values import Value
from indicators.values.entry import save_rows
from indicators.values.entry_row import SAVED, EntryRow, raw_text
from indicators.values.figure import Figure, is_taken_over, settled
from indicators.values.files import headings as named
from indicators.values.files.figures import (
    TWO_NUMBERS,
    provisional_said,
    source_said,
    unit_beside,
)
from indicators.values.files.lookup import Lookup
from indicators.values.forms import absence_typed
from indicators.values.grid.columns import Columns, columns_of, terms_of
from indicators.values.grid.page import GridPage
from indicators.values.links.visitor import Enterer
from indicators.values.plausibility import OF_ANOTHER_FIGURE, doubts
from indicators.values.rights import may_enter, may_write
from spreadsheets.matching.questions import Asking

# What becomes of a line.
TAKEN, EXPLAINED_LATER, WRONG, EMPTY, SAME, KEPT, LEFT_OUT = (
    "taken", "to_explain", "wrong", "empty", "same", "kept", "left_out"
)  # fmt: skip
OPEN = (TAKEN, EXPLAINED_LATER, WRONG)
GIVEN = "Elle remplace la valeur transmise, {} : elle sera de nouveau à transmettre."
VERIFIED = (
    "Elle remplace la valeur vérifiée, {} : elle sera de nouveau à transmettre, puis à vérifier."
)
# From how many figures that surprise, of how many, a column looks as if it had slipped.
FEWEST, MOST_SURPRISE, SOME_SURPRISE = 5, 0.6, 0.4


@dataclass
class Landing:
    """A line of a block, and the row where it lands; None where it lands nowhere. ``said``: how the
    block names it; ``written``: the figure as it was pasted; ``unread``: what beside it was not
    understood, and is not kept."""

    number: int
    said: str
    written: str
    row: EntryRow | None = None
    becomes: str = EMPTY
    told: list[str] = field(default_factory=list)
    figure: Figure | None = None
    unread: list[str] = field(default_factory=list)

    @property
    def read(self) -> str:
        """What would be kept."""
        if self.figure is None:
            return ""
        figure = self.figure
        number = raw_text(Value(number=figure.number, absence=figure.absence), self.row.definition)
        source = f"source : {figure.source}" if figure.source else ""
        told = (number, "provisoire" if figure.provisional else "", source)
        return ", ".join(filter(None, told))

    @property
    def is_said_otherwise(self) -> bool:
        return bool(self.said) and self.said != self.row.label

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done in its row."""
        return bool(self.becomes in OPEN and self.row)

    def was_in(self, posted) -> bool:
        """Whether its row was in the preview that was sent."""
        return self.row is not None and f"v{self.row.key}-was" in posted

    @property
    def is_typed(self) -> bool:
        """Whether its number is to be typed anew."""
        return self.becomes == WRONG and not self.asks_beside

    @property
    def asks_beside(self) -> bool:
        """Whether it is what stands beside the number that is missing."""
        return self.becomes == EXPLAINED_LATER or "beside" in self.row.form.errors


@dataclass
class Block:
    """A pasted block in the grid of a person. ``posted``: what was typed in its preview."""

    page: GridPage
    contributor: Contributor
    lines: list[list[str]]
    since: str = ""
    heading: str = ""
    column: int | None = None

    # What a line is about, in words.
    this, things, which = "cet indicateur", "indicateurs", "quel indicateur"
    unnamed = "sans indicateur"
    opposite, called = "du bon indicateur", "son code ou son libellé"
    line_of = "Ligne et indicateur"
    known = "aucun indicateur de ce recueil"

    @cached_property
    def rows(self) -> list[EntryRow]:
        return self.page.shown

    @cached_property
    def lookup(self) -> Lookup:
        """All that is collected of the year: a line may name what somebody else enters."""
        entries = self.page.campaign.campaign_indicators.with_relations()
        return Lookup(entries.in_reading_order(), Asking())

    @cached_property
    def columns(self) -> Columns:
        return columns_of(
            self.lines, self.page.campaign.year, self.lookup,
            heading=self.heading, column=self.column, title=self.figures_called,
        )  # fmt: skip

    @property
    def figures_called(self) -> str:
        """What the column of figures may be called; empty where each line has an indicator."""
        return ""

    @property
    def question(self):
        return self.columns.question

    @cached_property
    def first(self) -> int:
        """On which row of the grid the first line stands."""
        keys = [row.key for row in self.rows]
        return keys.index(self.since) if self.since in keys else 0

    @cached_property
    def told(self) -> list[str]:
        """What is to be known before anything is kept."""
        return [*self._told_of_places, *self.columns.told, *told_of_shift(self)]

    # Line by line --------------------------------------------------------------------------------

    @cached_property
    def landings(self) -> list[Landing]:
        found = self._placed()
        twice = Counter(one.row.key for one in found if one.row is not None and one.written)
        for one in found:
            if one.row is None or one.becomes == WRONG:
                continue
            if one.written and twice[one.row.key] > 1:
                one.becomes = WRONG
                one.told.append(f"Deux lignes portent sur {self.this} : aucune n’est retenue.")
                one.row = None
                continue
            if one.becomes == LEFT_OUT:
                continue
            _fill(one, self.columns, self.lines[one.number - 1])
            judge(one, self.contributor)
        self.look_again(found)
        return found

    def look_again(self, landings: list[Landing]) -> None:
        """Judge some of the lines by the others."""

    @cached_property
    def is_named(self) -> bool:
        """Whether lines are placed by what they are called, not by their order."""
        return any(self.lookup.named(text) for text in self._names)

    @cached_property
    def _names(self) -> list[str]:
        places = [self.columns.places.get(name) for name in (named.CODE, named.LABEL)]
        return [
            line[place]
            for line in self._rest
            for place in places
            if place is not None and place < len(line) and line[place]
        ]

    @property
    def _rest(self) -> list[list[str]]:
        return self.lines[self.columns.has_heading :]

    def _placed(self) -> list[Landing]:
        columns, start = self.columns, 1 + self.columns.has_heading
        found = []
        for place, line in enumerate(self._rest):
            code, label = columns.cell(line, named.CODE), columns.cell(line, named.LABEL)
            said = " – ".join(filter(None, (code, label)))
            one = Landing(place + start, said, _written(columns, line))
            found.append(one)
            if not self.is_named:
                at = self.first + place
                if at < len(self.rows):
                    one.row = self.rows[at]
                elif one.written:
                    one.becomes = WRONG
                    one.told.append("Il n’y a plus de ligne dans la grille : elle n’est pas lue.")
                continue
            if not said and not one.written:
                continue
            if left_out := self.left_out(said):
                one.becomes = LEFT_OUT
                one.told.append(left_out)
                continue
            entries, why = self._called(code, label)
            if why:
                one.becomes = WRONG if one.written else EMPTY
                one.told.append(why)
                continue
            [thing] = entries
            one.row = self.row_of(thing)
            if one.row is None:
                one.becomes = WRONG if one.written else EMPTY
                one.told.append(self.why_not(thing))
        return found

    def left_out(self, said: str) -> str:
        """Why a line that is called so gives nothing; empty for others."""
        return ""

    def row_of(self, found) -> EntryRow | None:
        """The row of what a line names; None where the grid has none."""
        return next((row for row in self.rows if row.entry.pk == found.pk), None)

    def why_not(self, found) -> str:
        """Why the grid has no row of what a line names."""
        if found.is_by_commune:
            return "Cet indicateur est demandé par commune : son tableau a une page à lui."
        refusal = may_enter(self.contributor, found)
        is_far = any(row.entry.pk == found.pk for row in self.page.rows)
        why = "Cet indicateur est d’une autre partie que celle de la grille."
        return why if is_far or not refusal else refusal.reason

    def titled(self, found) -> str:
        return found.version.content["title"]

    def unknown(self, said: str) -> str:
        return f"« {said} » n’est pas un indicateur de ce recueil : vérifiez son libellé."

    def _called(self, code: str, label: str) -> tuple[list, str]:
        """The indicator of a line by its code and its label, or why there is none."""
        by_code, by_label = self.lookup.named(code), self.lookup.named(label)
        if by_code and by_label:
            both = [entry for entry in by_label if entry in by_code]
            if not both:
                ours = self.titled(by_code[0])
                return [], (
                    f"Le code « {code} » est celui de « {ours} », et le libellé dit « {label} » : "
                    "une colonne a peut-être glissé."
                )
            return both[:1], ""
        entries = by_code or by_label
        if len(entries) > 1:
            return [], f"Plusieurs {self.things} s’intitulent « {label} » : collez aussi leur code."
        if entries:
            return entries, ""
        said = label or code
        if not said:
            return [], f"Cette ligne ne dit pas de {self.which} est sa valeur."
        return [], self.unknown(said[:80])

    @property
    def _told_of_places(self) -> list[str]:
        if self._names and not self.is_named:
            return [
                f"Le texte collé à côté des valeurs (« {self._names[0][:60]} »…) ne nomme "
                f"{self.known} : les lignes sont placées dans l’ordre de la grille. "
                "Vérifiez-les une à une."
            ]
        landed = [(at, one.row) for at, one in enumerate(self.landings) if one.row is not None]
        places = [self.rows.index(row) for _, row in landed]
        if not self.is_named or not landed:
            return []
        # Lines that are not of the grid may stand above the first that is.
        is_where_pasted = self.first <= places[0] <= self.first + landed[0][0]
        if places == sorted(places) and (is_where_pasted or not self.since):
            return []
        return [
            "Les lignes ne sont pas dans l’ordre de la grille, ou n’y commencent pas où vous avez "
            f"collé : chacune est placée par {self.called}."
        ]

    # What comes of it ----------------------------------------------------------------------------

    def of(self, *becomes: str) -> list[Landing]:
        return [one for one in self.landings if one.becomes in becomes]

    @property
    def title(self) -> str:
        """« Neuf lignes collées : quatre acceptées, deux à expliquer, deux refusées »."""
        if self.question:
            return "Une question avant de placer ces lignes"
        told = [
            _counted(len(self.of(becomes)), words)
            for becomes, words in (
                (KEPT, "enregistrée,enregistrées"), (TAKEN, "acceptée,acceptées"),
                (EXPLAINED_LATER, "à expliquer,à expliquer"), (WRONG, "refusée,refusées"),
                (SAME, "inchangée,inchangées"), (LEFT_OUT, "non lue,non lues"),
            )
            if self.of(becomes)
        ]  # fmt: skip
        head = _counted(len(self.landings), "ligne collée,lignes collées")
        rest = ", ".join(told) or "aucune ne porte de valeur"
        return f"{head[:1].upper()}{head[1:]} : {rest}"

    @property
    def button(self) -> str:
        count = len(self.of(TAKEN))
        if not count:
            return "Enregistrer ce que j’ai corrigé"
        if count == 1:
            return "Enregistrer la valeur acceptée"
        return f"Enregistrer les {_counted(count, 'valeur acceptée,valeurs acceptées')}"

    @property
    def is_begun(self) -> bool:
        """Whether some of it is kept."""
        return bool(self.of(KEPT))

    @property
    def is_open(self) -> bool:
        return any(one.is_open for one in self.landings)

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it is left to be typed or kept."""
        return not self.of(TAKEN, EXPLAINED_LATER, WRONG)

    def save(self, by: Enterer, posted) -> None:
        """Keep the lines that can be, as they stand in the preview that was sent; one that lands
        where it did not, since rows have come or gone, is shown there first."""
        for one in self.landings:
            if one.was_in(posted):
                retype(one, posted, self.contributor)
        self.look_again(self.landings)
        taken = [one for one in self.of(TAKEN) if one.was_in(posted)]
        save_rows([one.row for one in taken], by)
        for one in taken:
            is_settled = one.row.has_taken_other or one.row.outcome == SAVED
            one.becomes = KEPT if is_settled else WRONG
            one.told = one.row.errors


def _counted(count: int, forms: str) -> str:
    one, many = forms.split(",")
    return f"{feminine(count).lower()} {many if count > 1 else one}"


def _written(columns: Columns, line: list[str]) -> str:
    terms = [columns.cell(line, name) for name in (named.NUMERATOR, named.DENOMINATOR)]
    return columns.cell(line, named.VALUE) or " / ".join(filter(None, terms))


def _fill(one: Landing, columns: Columns, line: list[str]) -> None:
    """Fill in the row of a line as one would type it."""
    row, said = one.row, columns.cell(line, named.REASON) or columns.cell(line, named.COMMENT)
    row.data, row.also = None, {}
    if not one.written:
        if said:
            one.told.append("Ce qui est écrit sans valeur à côté n’est pas enregistré.")
        return
    form = row.form
    data = {
        form.add_prefix(name): "" if held is None or held is False else held
        for name in form.fields
        for held in [form.initial.get(name)]
    }
    if not row.definition.is_ratio:
        typed = {"figure": _with_unit(one, columns, line)}
    elif columns.cell(line, named.VALUE):
        terms = terms_of(one.written)
        is_absent = absence_typed(one.written)
        typed = dict(zip(("numerator", "denominator"), terms or [one.written, ""], strict=True))
        if not terms and not is_absent:
            one.told.append(TWO_NUMBERS)
    else:
        typed = {name: columns.cell(line, name) for name in (named.NUMERATOR, named.DENOMINATOR)}
    if said:
        typed["beside"] = said
    row.also = _also(one, columns, line)
    row.data = data | {form.add_prefix(name): text for name, text in typed.items()}
    del row.form


def _with_unit(one: Landing, columns: Columns, line: list[str]) -> str:
    """The figure with the unit that its line or its column names, as if one had typed both."""
    said = unit_beside(columns.cell(line, named.LABEL), columns.called, one.row.definition)
    is_plain = one.written[-1:].isdecimal()
    return f"{one.written}\u00a0{said}" if said and is_plain else one.written


def _also(one: Landing, columns: Columns, line: list[str]) -> dict:
    """What a line says that has no cell in the grid: its source, whether it is provisional."""
    state = columns.cell(line, named.STATE)
    source = source_said(columns.cell(line, named.SOURCE), one.row.entry.provider)
    found = {"source": source} if source else {}
    try:
        is_provisional = provisional_said(state)
    except ValueError as wrong:
        one.unread = [f"{wrong} L’état n’est pas enregistré."]
        return found
    return found if is_provisional is None else found | {"provisional": is_provisional}


def retype(one: Landing, posted, contributor: Contributor) -> None:
    """Read a line again as it stands in the preview."""
    one.row.data, one.told = posted, []
    one.row.__dict__.pop("form", None)  # none was read yet of an empty line
    judge(one, contributor)


def judge(one: Landing, contributor: Contributor) -> None:
    """What becomes of a line whose row is filled in."""
    row = one.row
    if row.data is None:
        one.becomes = EMPTY
        return
    value, form = row.value, row.form
    earlier = Figure.of(value) if value else Figure()
    if refusal := may_write(contributor, row.entry, value, row.commune):
        one.becomes, one.told = WRONG, [refusal.reason]
        return
    try:
        if not form.is_valid():
            one.becomes = WRONG
            wrong = [text for told in form.errors.values() for text in told]
            one.told = one.told or wrong
            return
        figure = row.figure
        if figure.is_empty:
            one.becomes = EMPTY
            return
        one.figure = settled(figure, row.definition, row.entry.campaign.observed)
    except Refused as refused:
        one.becomes, one.told = WRONG, one.told or [refused.refusal.reason]
        return
    if value is not None and one.figure == earlier:
        one.becomes = SAME
    else:
        asked = doubts(one.figure.number, row.definition, row.before)
        is_old = bool(value and one.figure.comment == value.comment)
        is_said = one.figure.comment and not is_old and not is_taken_over(one.figure.comment)
        one.becomes = EXPLAINED_LATER if asked and not is_said else TAKEN
        is_anothers = asked and is_old and one.figure.comment
        again = (VERIFIED if row.is_verified else GIVEN).format(row.text) if row.is_given else ""
        replaced = [again] if again else []
        one.told = [
            *replaced, *asked, *([OF_ANOTHER_FIGURE] if is_anothers else []), *one.unread
        ]  # fmt: skip


def told_of_shift(block: Block) -> list[str]:
    """Whether the figures look as if their column had slipped: beside the row before or after each
    would surprise less, or most surprise where they are."""
    rows, figures = block.rows, []
    for one in block.landings:
        if one.row is not None and one.figure is not None and one.figure.number is not None:
            figures.append((rows.index(one.row), one.figure.number))
    surprising, _ = _surprises(rows, figures, 0)
    if len(figures) < FEWEST or surprising < SOME_SURPRISE * len(figures):
        return []
    told = f"{surprising} chiffres sur {len(figures)} surprennent"
    for step, where in ((1, "bas"), (-1, "haut")):
        left, compared = _surprises(rows, figures, step)
        if compared >= MOST_SURPRISE * len(figures) and 2 * left <= surprising:
            return [
                f"{told} : la colonne semble avoir glissé. Placés une ligne plus {where}, "
                f"{left or 'aucun'} ne surprendrai{'en' if left > 1 else ''}t. Vérifiez avant "
                "d’enregistrer."
            ]
    if surprising < MOST_SURPRISE * len(figures):
        return []
    return [
        f"{told} : la colonne a peut-être glissé, ou est d’une autre année. Vérifiez avant "
        "d’enregistrer."
    ]


def _surprises(rows: list[EntryRow], figures, step: int) -> tuple[int, int]:
    """How many of the figures would surprise so many rows further down, and how many meet a figure
    there that they can be compared with."""
    count = compared = 0
    for place, number in figures:
        at = place + step
        if 0 <= at < len(rows):
            row = rows[at]
            count += bool(doubts(number, row.definition, row.before))
            compared += bool(row.before and row.before.number is not None)
    return count, compared
