"""Place the lines of a pasted block in the rows of a grid, and assess them.

Nothing is saved before ``Block.save``: a row is filled in as if one had typed it, and says what it
makes of that.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import QueryDict

from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import feminine
from indicators.collection.rights import Contributor
from indicators.figures.values import Value
from indicators.values.entry import save_rows
from indicators.values.entry_row import SAVED, EntryRow, raw_text
from indicators.values.figure import Figure, is_taken_over, normalize
from indicators.values.files import headings as named
from indicators.values.files.figures import (
    TWO_NUMBERS,
    find_unit,
    parse_provisional,
    source_if_other,
)
from indicators.values.files.lookup import Lookup
from indicators.values.forms import match_absence
from indicators.values.grid.columns import Columns, Question, columns_of, terms_of
from indicators.values.grid.page import GridPage
from indicators.values.links.visitor import Enterer
from indicators.values.plausibility import OF_ANOTHER_FIGURE, doubts
from indicators.values.rights import may_enter, may_write

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
    """A line of a block, the first is ``number`` 1, and the row where it lands, None for nowhere.

    ``name``: how the block names it; ``written``: the figure as it was pasted; ``becomes``: one of
    TAKEN, WRONG and so on; ``figure``: what would be saved, if it is valid; ``unread``: what beside
    it was not understood, and is not saved; ``remarks``: what the person reads about the line.
    """

    number: int
    name: str
    written: str
    row: EntryRow | None = None
    becomes: str = EMPTY
    remarks: list[str] = field(default_factory=list)
    figure: Figure | None = None
    unread: list[str] = field(default_factory=list)

    @property
    def read(self) -> str:
        """The figure that would be saved, as text with its state and source; empty for none."""
        if self.figure is None:
            return ""
        figure = self.figure
        number = raw_text(Value(number=figure.number, absence=figure.absence), self.row.definition)
        source = f"source : {figure.source}" if figure.source else ""
        parts = (number, "provisoire" if figure.provisional else "", source)
        return ", ".join(filter(None, parts))

    @property
    def is_named_differently(self) -> bool:
        return bool(self.name) and self.name != self.row.label

    @property
    def is_open(self) -> bool:
        """Whether it has a row, in which something is still to be saved, explained or corrected."""
        return bool(self.becomes in OPEN and self.row)

    def was_in(self, posted: QueryDict) -> bool:
        """Return whether its row was in the preview that was sent."""
        return self.row is not None and f"v{self.row.key}-was" in posted

    @property
    def is_typed(self) -> bool:
        """Whether its number is wrong, and to be typed anew."""
        return self.becomes == WRONG and not self.asks_text

    @property
    def asks_text(self) -> bool:
        """Whether a text beside the number is missing, an explanation or a reason."""
        return self.becomes == EXPLAINED_LATER or "beside" in self.row.form.errors


@dataclass
class Block:
    """A block pasted in a grid, its cells line by line. Lines without names land in the order of
    the rows, from the row of the key ``since``; ``heading`` and ``column`` answer its question."""

    page: GridPage
    lines: list[list[str]]
    since: str = ""
    heading: str = ""
    column: int | None = None

    # What a line is about, in words of the remarks.
    this, things, which = "cet indicateur", "indicateurs", "quel indicateur"
    unnamed = "sans indicateur"
    opposite, called = "du bon indicateur", "son code ou son libellé"
    line_of = "Ligne et indicateur"
    known = "aucun indicateur de ce recueil"

    @cached_property
    def rows(self) -> list[EntryRow]:
        """The rows where lines may land, in the order of the grid."""
        return self.page.shown

    @property
    def contributor(self) -> Contributor:
        return self.page.contributor

    @cached_property
    def lookup(self) -> Lookup:
        """The lookup of all indicators of the year: a line may name what somebody else enters."""
        entries = self.page.campaign.campaign_indicators.with_relations()
        return Lookup(entries.in_reading_order())

    @cached_property
    def columns(self) -> Columns:
        """The meaning of the block's columns, with the question that is open about them, if any."""
        return columns_of(
            self.lines, self.page.campaign.year, self.lookup,
            heading=self.heading, column=self.column, title=self.figures_title,
        )  # fmt: skip

    @property
    def figures_title(self) -> str:
        """The heading by which the column of figures is known among others; empty here, as each
        line is of an indicator of its own."""
        return ""

    @property
    def question(self) -> Question | None:
        """The question to answer before any line is placed, or None."""
        return self.columns.question

    @cached_property
    def first(self) -> int:
        """The index of the row ``since``, else 0."""
        keys = [row.key for row in self.rows]
        return keys.index(self.since) if self.since in keys else 0

    @cached_property
    def remarks(self) -> list[str]:
        """The remarks on the block as a whole, to read before anything is saved."""
        return [*self._placement_remarks, *self.columns.remarks, *shift_remarks(self)]

    # Line by line --------------------------------------------------------------------------------

    @cached_property
    def landings(self) -> list[Landing]:
        """All lines below the heading, placed and assessed; two lines of one row are both wrong."""
        landings = self._placed()
        twice = Counter(
            landing.row.key for landing in landings if landing.row is not None and landing.written
        )
        for landing in landings:
            if landing.row is None or landing.becomes == WRONG:
                continue
            if landing.written and twice[landing.row.key] > 1:
                landing.becomes = WRONG
                landing.remarks.append(
                    f"Deux lignes portent sur {self.this} : aucune n’est retenue."
                )
                landing.row = None
                continue
            if landing.becomes == LEFT_OUT:
                continue
            _fill(landing, self.columns, self.lines[landing.number - 1])
            assess(landing, self.contributor)
        self.review(landings)
        return landings

    def review(self, landings: list[Landing]) -> None:
        """Change what becomes of lines, by what the others hold. Nothing to do here."""

    @cached_property
    def is_named(self) -> bool:
        """Whether a line names something known: then all are placed by their names, not by their
        order."""
        return any(self.lookup.named(text) for text in self._names)

    @cached_property
    def _names(self) -> list[str]:
        """All that stands in the columns of codes and of labels."""
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
        """Return the lines with their rows, not assessed; WRONG or LEFT_OUT, with the reason, where
        they have none."""
        columns, start = self.columns, 1 + self.columns.has_heading
        landings = []
        for place, line in enumerate(self._rest):
            code, label = columns.cell(line, named.CODE), columns.cell(line, named.LABEL)
            name = " – ".join(filter(None, (code, label)))
            landing = Landing(place + start, name, _written(columns, line))
            landings.append(landing)
            if not self.is_named:
                at = self.first + place
                if at < len(self.rows):
                    landing.row = self.rows[at]
                elif landing.written:
                    landing.becomes = WRONG
                    landing.remarks.append(
                        "Il n’y a plus de ligne dans la grille : elle n’est pas lue."
                    )
                continue
            if not name and not landing.written:
                continue
            if explanation := self.explain_left_out(name):
                landing.becomes = LEFT_OUT
                landing.remarks.append(explanation)
                continue
            entries, why = self._match_line(code, label)
            if why:
                landing.becomes = WRONG if landing.written else EMPTY
                landing.remarks.append(why)
                continue
            [thing] = entries
            landing.row = self.row_of(thing)
            if landing.row is None:
                landing.becomes = WRONG if landing.written else EMPTY
                landing.remarks.append(self.explain_missing_row(thing))
        return landings

    def explain_left_out(self, name: str) -> str:
        """Return why a line of this name is not read, though it is no mistake; empty if it is read,
        as all are here."""
        return ""

    def row_of(self, thing) -> EntryRow | None:
        """Return the row of what a line names; None if the grid has none."""
        return next((row for row in self.rows if row.entry.pk == thing.pk), None)

    def explain_missing_row(self, thing) -> str:
        """Return why the grid has no row for what a line names."""
        if thing.is_by_commune:
            return "Cet indicateur est demandé par commune : son tableau a une page à lui."
        refusal = may_enter(self.contributor, thing)
        is_far = any(row.entry.pk == thing.pk for row in self.page.rows)
        why = "Cet indicateur est d’une autre partie que celle de la grille."
        return why if is_far or not refusal else refusal.reason

    def title_of(self, thing) -> str:
        """Return the title of what a line names: here an indicator, in the lookup's terms."""
        return thing.version.content["title"]

    def explain_unknown(self, name: str) -> str:
        """Return the remark on a name that is not known."""
        return f"« {name} » n’est pas un indicateur de ce recueil : vérifiez son libellé."

    def _match_line(self, code: str, label: str) -> tuple[list, str]:
        """Return a list of the one thing that a line's code and label both name, and an empty text;
        or an empty list and why none is."""
        by_code, by_label = self.lookup.named(code), self.lookup.named(label)
        if by_code and by_label:
            both = [entry for entry in by_label if entry in by_code]
            if not both:
                ours = self.title_of(by_code[0])
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
        name = label or code
        if not name:
            return [], f"Cette ligne ne dit pas de {self.which} est sa valeur."
        return [], self.explain_unknown(name[:80])

    @property
    def _placement_remarks(self) -> list[str]:
        """A remark if lines are placed by order though they seem to have names, or by names in
        another order than the grid's; else nothing."""
        if self._names and not self.is_named:
            return [
                f"Le texte collé à côté des valeurs (« {self._names[0][:60]} »…) ne nomme "
                f"{self.known} : les lignes sont placées dans l’ordre de la grille. "
                "Vérifiez-les une à une."
            ]
        landed = [
            (at, landing.row) for at, landing in enumerate(self.landings) if landing.row is not None
        ]
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
        """Return the lines of which one of these becomes."""
        return [landing for landing in self.landings if landing.becomes in becomes]

    @property
    def title(self) -> str:
        """The words « Neuf lignes collées : quatre acceptées, deux à expliquer », or that a
        question comes first."""
        if self.question:
            return "Une question avant de placer ces lignes"
        counts = [
            _format_count(len(self.of(becomes)), words)
            for becomes, words in (
                (KEPT, "enregistrée,enregistrées"), (TAKEN, "acceptée,acceptées"),
                (EXPLAINED_LATER, "à expliquer,à expliquer"), (WRONG, "refusée,refusées"),
                (SAME, "inchangée,inchangées"), (LEFT_OUT, "non lue,non lues"),
            )
            if self.of(becomes)
        ]  # fmt: skip
        head = _format_count(len(self.landings), "ligne collée,lignes collées")
        rest = ", ".join(counts) or "aucune ne porte de valeur"
        return f"{head[:1].upper()}{head[1:]} : {rest}"

    @property
    def button(self) -> str:
        """The words of the button that saves."""
        count = len(self.of(TAKEN))
        if not count:
            return "Enregistrer ce que j’ai corrigé"
        if count == 1:
            return "Enregistrer la valeur acceptée"
        return f"Enregistrer les {_format_count(count, 'valeur acceptée,valeurs acceptées')}"

    @property
    def is_begun(self) -> bool:
        """Whether a line was saved just now."""
        return bool(self.of(KEPT))

    @property
    def is_open(self) -> bool:
        return any(landing.is_open for landing in self.landings)

    @property
    def is_settled(self) -> bool:
        """Whether no line is left to be saved, explained or corrected."""
        return not self.of(TAKEN, EXPLAINED_LATER, WRONG)

    def save(self, by: Enterer, posted: QueryDict) -> None:
        """Save the accepted lines as they stand in the preview that was sent: they become KEPT, or
        WRONG with their errors. A line that was not in it, as rows have come or gone, is not
        saved."""
        for landing in self.landings:
            if landing.was_in(posted):
                retype(landing, posted, self.contributor)
        self.review(self.landings)
        taken = [landing for landing in self.of(TAKEN) if landing.was_in(posted)]
        save_rows([landing.row for landing in taken], by)
        for landing in taken:
            is_settled = landing.row.has_taken_other or landing.row.outcome == SAVED
            landing.becomes = KEPT if is_settled else WRONG
            landing.remarks = landing.row.errors


def _format_count(count: int, forms: str) -> str:
    """Return « neuf lignes collées », by ``forms`` « ligne collée,lignes collées »."""
    singular, many = forms.split(",")
    return f"{feminine(count).lower()} {many if count > 1 else singular}"


def _written(columns: Columns, line: list[str]) -> str:
    """Return the figure as a line has it, « 12 / 50 » for two columns of terms; empty for none."""
    terms = [columns.cell(line, name) for name in (named.NUMERATOR, named.DENOMINATOR)]
    return columns.cell(line, named.VALUE) or " / ".join(filter(None, terms))


def _fill(landing: Landing, columns: Columns, line: list[str]) -> None:
    """Set the data of the line's row as if one had typed the line there; None without a figure."""
    row, text = landing.row, columns.cell(line, named.REASON) or columns.cell(line, named.COMMENT)
    row.data, row.also = None, {}
    if not landing.written:
        if text:
            landing.remarks.append("Ce qui est écrit sans valeur à côté n’est pas enregistré.")
        return
    form = row.form
    data = {
        form.add_prefix(name): "" if initial is None or initial is False else initial
        for name in form.fields
        for initial in [form.initial.get(name)]
    }
    if not row.definition.is_ratio:
        typed = {"figure": _with_unit(landing, columns, line)}
    elif columns.cell(line, named.VALUE):
        terms = terms_of(landing.written)
        typed = dict(zip(("numerator", "denominator"), terms or [landing.written, ""], strict=True))
        if not terms and not match_absence(landing.written):
            landing.remarks.append(TWO_NUMBERS)
    else:
        typed = {name: columns.cell(line, name) for name in (named.NUMERATOR, named.DENOMINATOR)}
    if text:
        typed["beside"] = text
    row.also = _other_fields(landing, columns, line)
    row.data = data | {form.add_prefix(name): text for name, text in typed.items()}
    del row.form


def _with_unit(landing: Landing, columns: Columns, line: list[str]) -> str:
    """Return the figure with the unit that its line or its column names, as if one had typed
    both."""
    unit = find_unit(
        columns.cell(line, named.LABEL), columns.figure_heading, landing.row.definition
    )
    is_plain = landing.written[-1:].isdecimal()
    return f"{landing.written}\u00a0{unit}" if unit and is_plain else landing.written


def _other_fields(landing: Landing, columns: Columns, line: list[str]) -> dict[str, Any]:
    """Return what a line has for fields of ``Figure`` without a cell in the grid: ``source``, if it
    is not the provider's usual one, and ``provisional``, if it states that. What is not understood
    goes to ``unread``."""
    state = columns.cell(line, named.STATE)
    source = source_if_other(columns.cell(line, named.SOURCE), landing.row.entry.provider)
    fields = {"source": source} if source else {}
    try:
        is_provisional = parse_provisional(state)
    except ValueError as wrong:
        landing.unread = [f"{wrong} L’état n’est pas enregistré."]
        return fields
    return fields if is_provisional is None else fields | {"provisional": is_provisional}


def retype(landing: Landing, posted: QueryDict, contributor: Contributor) -> None:
    """Assess a line anew by what was typed in its row of the preview."""
    landing.row.data, landing.remarks = posted, []
    landing.row.__dict__.pop("form", None)  # none was read yet of an empty line
    assess(landing, contributor)


def assess(landing: Landing, contributor: Contributor) -> None:
    """Set what becomes of a line by the data of its row, its ``figure`` if that is valid, and what
    the person reads about it: refusals, mistakes, doubts, what it replaces."""
    row = landing.row
    if row.data is None:
        landing.becomes = EMPTY
        return
    value, form = row.value, row.form
    earlier = Figure.of(value) if value else Figure()
    if refusal := may_write(contributor, row.entry, value, row.commune):
        landing.becomes, landing.remarks = WRONG, [refusal.reason]
        return
    try:
        if not form.is_valid():
            landing.becomes = WRONG
            wrong = [text for errors in form.errors.values() for text in errors]
            landing.remarks = landing.remarks or wrong
            return
        figure = row.figure
        if figure.is_empty:
            landing.becomes = EMPTY
            return
        landing.figure = normalize(figure, row.definition, row.entry.campaign.observed)
    except Refused as refused:
        landing.becomes, landing.remarks = WRONG, landing.remarks or [refused.refusal.reason]
        return
    if value is not None and landing.figure == earlier:
        landing.becomes = SAME
    else:
        asked, comment = (
            doubts(landing.figure.number, row.definition, row.before),
            landing.figure.comment,
        )
        is_old = bool(value and comment == value.comment)
        is_explained = comment and not is_old and not is_taken_over(comment)
        landing.becomes = EXPLAINED_LATER if asked and not is_explained else TAKEN
        is_anothers = asked and is_old and comment
        again = (VERIFIED if row.is_verified else GIVEN).format(row.text) if row.is_given else ""
        replaced = [again] if again else []
        asked = [f"{asked[0]} {OF_ANOTHER_FIGURE}"] if is_anothers else asked
        landing.remarks = [*replaced, *asked, *landing.unread]


def shift_remarks(block: Block) -> list[str]:
    """Return a remark, or nothing: the column seems to have slipped if many numbers surprise, and
    fewer would one row up or down, or if most surprise where they are."""
    rows = block.rows
    figures = [
        (rows.index(landing.row), landing.figure.number)
        for landing in block.landings
        if landing.row and landing.figure and landing.figure.number is not None
    ]
    surprising, _ = _surprises(rows, figures, 0)
    if len(figures) < FEWEST or surprising < SOME_SURPRISE * len(figures):
        return []
    words = f"{surprising} chiffres sur {len(figures)} surprennent"
    for step, where in ((1, "bas"), (-1, "haut")):
        left, compared = _surprises(rows, figures, step)
        if compared >= MOST_SURPRISE * len(figures) and 2 * left <= surprising:
            return [
                f"{words} : la colonne semble avoir glissé. Placés une ligne plus {where}, "
                f"{left or 'aucun'} ne surprendrai{'en' if left > 1 else ''}t. Vérifiez avant "
                "d’enregistrer."
            ]
    if surprising < MOST_SURPRISE * len(figures):
        return []
    return [
        f"{words} : la colonne a peut-être glissé, ou est d’une autre année. Vérifiez avant "
        "d’enregistrer."
    ]


def _surprises(
    rows: list[EntryRow], figures: list[tuple[int, Decimal]], step: int
) -> tuple[int, int]:
    """Return how many numbers, each with the index of its row, would surprise ``step`` rows further
    down, and how many meet an earlier number there to compare with."""
    count = compared = 0
    for place, number in figures:
        at = place + step
        if 0 <= at < len(rows):
            row = rows[at]
            count += bool(doubts(number, row.definition, row.before))
            compared += bool(row.before and row.before.number is not None)
    return count, compared
