"""Show the grid of one indicator by commune: a row a commune, and that of the territory."""

from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse

from conventions.models import Commune
from conventions.territory.naming import Gazetteer, ask_which_commune
from ctg_portal.rules import Refusal
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import enumerate_words, plural
from indicators.definitions.definition import Definition
from indicators.disclosure.reading import FiguresByCommune, disclosed_by_commune
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Value
from indicators.series.whole import Whole, wholes_of
from indicators.values import rights
from indicators.values.entry_row import EntryRow
from indicators.values.files.headings import COMMUNE
from indicators.values.files.knowledge import OF_THE_WHOLE
from indicators.values.grid.landing import EXPLAINED_LATER, TAKEN, Block, Landing
from indicators.values.grid.page import GridPage, GridRow, Onward
from indicators.values.table_row import TableRow, table_rows, values_of
from indicators.values.tables import communes_of, communes_outside
from indicators.values.totals import Earlier, Total, all_before
from spreadsheets.columns.totals import TOTAL

FEW = 12  # up to so many communes none is looked for
NONE = Refusal("Rien de ce tableau n’est transmis.")


class TerritoryRow(GridRow):
    """The figure of the whole territory, beneath those of its communes."""

    label = "Tout le territoire"

    @property
    def empty_words(self) -> str:
        """The words where nothing is typed: communes add up without it, if their figures do."""
        return "Facultatif : calculé" if self.definition.is_aggregated else super().empty_words


@dataclass
class TablePage(GridPage):
    """The grid of an indicator by commune, for who enters or provides it, or is of a commune.

    ``entry`` is set once the page is made. ``opened``: the key of a given row that is typed anew;
    ``search``: a part of the names of the communes that are shown, empty for all;
    ``shows_missing``: only those are shown where something is to be typed.
    """

    entry: CampaignIndicator = field(default=None)
    opened: str = ""
    search: str = ""
    shows_missing: bool = False

    whole_class = TerritoryRow

    @cached_property
    def definition(self) -> Definition:
        return Definition.of(self.entry.version)

    @cached_property
    def enters_all(self) -> bool:
        """Whether the person may type the figures of all communes."""
        return self.contributor.enters(self.entry)

    @cached_property
    def communes(self) -> list[Commune]:
        """The communes of the year whose figures the person reads here: all, or their own, for
        which they enter; by name."""
        communes = communes_of(self.campaign)
        if self.enters_all or self.contributor.reads_raw(self.entry):
            return communes
        enters = self.contributor.enters_for_commune
        return [commune for commune in communes if enters(self.entry, commune)]

    def commune(self, pk: int) -> Commune | None:
        """Return the commune of this key if the person reads its figure here, or None."""
        return next((commune for commune in self.communes if commune.pk == pk), None)

    @property
    def may_enter(self) -> Refusal | None:
        """The refusal to who reads the table raw without entering all of it; None for others and
        where they may enter."""
        reads_only = not self.enters_all and self.contributor.reads_raw(self.entry)
        return rights.may_enter(self.contributor, self.entry) if reads_only else None

    @cached_property
    def table(self) -> TableRow:
        return table_rows([self.entry], values_of([self.entry]))[0]

    @cached_property
    def rows(self) -> list[EntryRow]:
        """A row for each commune, by name, then that of the territory for who reads all; without
        what others have begun and the person enters for."""
        values = {value.commune_id: value for value in self.table.values}
        before = self.earlier_figures
        rows = [
            self.row_class(
                self.entry, values.get(commune.pk), before.get(commune.pk), self.today,
                commune=commune,
            )
            for commune in self.communes
            if not self._is_others(values.get(commune.pk))
        ]  # fmt: skip
        if self.reads_whole and not self._is_others(values.get(None)):
            commune_values = [row.value for row in rows if row.value]
            total = self.total_of_values(commune_values)
            whole_before = total.before if self.adds_up else before.get(None)
            rows.append(self.whole_class(self.entry, values.get(None), whole_before, self.today))
        for row in rows:
            row.is_opened = row.key == self.opened and self._changes_here(row)
            row.onward = self._onward(row)
            if row.is_given:
                row.secrecy = self.secrecy.get(row.commune, "")
        self._fill_in(rows)
        return rows

    @cached_property
    def earlier_figures(self) -> Earlier:
        """The last figure before, by commune; that of the territory under None."""
        return all_before([self.entry], reader=self.contributor)[self.entry.pk]

    @cached_property
    def secrecy(self) -> dict[Commune | None, str]:
        """Map a commune (None: the territory) to the reason why others are not shown its figure;
        empty for who does not read the table raw."""
        return self.disclosed.secrecy

    @cached_property
    def disclosed(self) -> FiguresByCommune:
        """The table as the person reads it, with what others do not."""
        return disclosed_by_commune([self.entry], self.contributor)[self.entry.pk]

    def _changes_here(self, row: GridRow) -> bool:
        """Return whether the person may type anew here a figure that is submitted and not
        verified."""
        if not row.is_given or row.is_verified:
            return False
        return rights.may_write(self.contributor, self.entry, row.value, row.commune) is None

    def _onward(self, row: GridRow) -> Onward | None:
        """Return where a row leads: to its own line, to be typed anew here; else to its figure's
        page, once it is given or the campaign is closed; None while it is typed in its line."""
        if self._changes_here(row):
            address = f"{self.address}{self.query_of(pour=self.pour, changer=row.key)}"
            return Onward(f"{address}#{row.anchor}", "Modifier")
        if not (row.is_given or self.campaign.is_closed):
            return None
        if row.commune is None:
            return Onward(self._url("table_whole"), self._label_onward(row))
        return Onward(self._url("table_figure", row.commune.pk), self._label_onward(row))

    def _label_onward(self, row: GridRow) -> str:
        """Return « Corriger », « Donner » or « Modifier », or « Histoire » for who may not change
        it."""
        if self.campaign.is_closed:
            label = "Corriger" if row.value else "Donner"
            refusal = rights.may_correct(self.contributor, self.entry, row.value)
        else:
            label = "Modifier"
            refusal = rights.may_write(self.contributor, self.entry, row.value, row.commune)
        return label if refusal is None else "Histoire"

    def _is_others(self, value: Value | None) -> bool:
        """Return whether the person enters for others who have begun a value: only they read it."""
        return self.enters_all and self._is_begun(self.entry, value)

    @property
    def reads_whole(self) -> bool:
        """Whether the person reads all of the table as it was typed."""
        return self.enters_all or self.contributor.reads_raw(self.entry)

    @property
    def communes_outside(self) -> str:
        """The sentence on figures of communes that have left the territory since they gave them;
        empty without any, or for who does not read the table."""
        outside = communes_outside(self.entry) if self.reads_whole else []
        gone = [commune.name for commune in outside]
        if not gone:
            return ""
        verb = "ne fait" if len(gone) == 1 else "ne font"
        rule = (
            "son chiffre est gardé, et n’est compté dans aucun total."
            if len(gone) == 1
            else "leurs chiffres sont gardés, et ne sont comptés dans aucun total."
        )
        return (
            f"{enumerate_words(gone)} {verb} plus partie du territoire au 31 décembre "
            f"{self.campaign.year} : {rule}"
        )

    @property
    def adds_up(self) -> bool:
        """Whether the person reads totals; through a link not those of what secrecy protects."""
        return self.reads_whole

    @property
    def owed(self) -> list[EntryRow]:
        """The rows of communes, without that of the territory."""
        return [row for row in self.rows if row.commune is not None]

    @property
    def shown(self) -> list[EntryRow]:
        """All rows, in the order in which a pasted column lands."""
        return self.rows

    @property
    def is_long(self) -> bool:
        """Whether the table is long enough to offer a search."""
        return len(self.owed) > FEW

    @property
    def lacking(self) -> list[EntryRow]:
        """The rows of communes where something is to be typed, or was just sent; none if an absence
        stands for all."""
        if self.is_answered:
            return []
        return [row for row in self.owed if row.is_missing or row.outcome]

    @property
    def is_nearly_full(self) -> bool:
        """Whether a long table is filled in part, so that what is missing can be shown alone."""
        return self.is_long and 0 < len(self.lacking) < len(self.owed)

    @property
    def matching_rows(self) -> list[EntryRow]:
        """The rows to show: those of ``lacking`` or of communes that match the search, if one was
        asked for; else all."""
        if self.shows_missing:
            return self.lacking
        words = fold(self.search)
        if not words:
            return self.rows
        return [row for row in self.owed if words in fold(row.label)]

    tables: list = field(default_factory=list, init=False)

    @property
    def address(self) -> str:
        return self._url("table")

    @property
    def lacking_address(self) -> str:
        return f"{self.address}{self.query_of(pour=self.pour, manque='oui')}"

    @property
    def paste_address(self) -> str:
        return self._url("paste_table")

    @property
    def file_address(self) -> str:
        """The address where a sheet of several indicators is imported."""
        args = [self.campaign.convention.slug, self.campaign.year]
        return reverse("indicators:import_values", args=args)

    @property
    def return_address(self) -> str:
        return self._url("return_value")

    @property
    def may_return(self) -> Refusal | None:
        """The refusal to return the table, also if nothing of it is given; or None."""
        return rights.may_return(self.contributor, self.table.shown) if self.table.shown else NONE

    @property
    def preview_address(self) -> str:
        return self._url("preview_disclosure")

    @property
    def is_to_be_disclosed(self) -> bool:
        """Whether something is given, not published, and the person may preview and disclose it."""
        shown = self.table.shown
        is_given = shown is not None and not shown.is_public
        return is_given and rights.may_preview_disclosure(self.contributor, self.entry) is None

    def _url(self, name: str, *keys: int) -> str:
        """Return the address of a page of the entry; ``keys``: what else the address has."""
        args = [self.campaign.convention.slug, self.campaign.year, self.entry.pk, *keys]
        return reverse(f"indicators:{name}", args=args)

    @property
    def takes_figures(self) -> bool:
        return any(row.takes_figures for row in self.rows)

    @property
    def title(self) -> str:
        """The words « Places agréées : 41 communes sur 47 renseignées », or the absence that stands
        for all; for the people of one commune its name."""
        if len(self.owed) == 1 and not self.reads_whole:
            return f"{self.definition.title} : {self.owed[0].label}, {self.campaign.year}"
        if self.is_answered:
            words = self._whole_typed.get_absence_display() or "réponse donnée"
            return f"{self.definition.title} : {words} pour tout le territoire"
        typed = sum(row.value is not None for row in self.owed)
        words = plural(typed, "commune,communes")
        filled = "renseignée" if typed < 2 else "renseignées"
        return f"{self.definition.title} : {words} sur {len(self.owed)} {filled}"

    @property
    def is_answered(self) -> bool:
        """Whether an absence stated for the territory stands for all communes, none of which has a
        value."""
        whole = next((row for row in self.rows if row.commune is None), None)
        if whole is None or whole.value is None or any(row.value for row in self.owed):
            return False
        return bool(self.entry.table_state if whole.is_hidden else whole.value.absence)

    @property
    def answer_words(self) -> str:
        """The sentence that says that an answer for the territory stands for all communes; empty
        without one."""
        if not self.is_answered:
            return ""
        return (
            "Une réponse pour tout le territoire vaut pour chaque commune : rien d’autre n’est à "
            "saisir."
        )

    @property
    def missing(self) -> int:
        return 0 if self.is_answered else super().missing

    # What the communes come to ------------------------------------------------------------------

    @cached_property
    def whole(self) -> Whole | None:
        """The territory's figure by what is given, as everybody reads it; None for who does not
        read totals."""
        if not self.adds_up:
            return None
        own = next((v for v in self.table.values if v.commune_id is None and v.is_shown), None)
        given = {self.entry.pk: own} if own else {}
        return wholes_of(self.campaign.convention, [self.entry], given).get(self.entry.pk)

    @property
    def typed_total(self) -> Total:
        """The total of the communes' values, drafts too."""
        return self.total_of_values([row.value for row in self.owed if row.value])

    @property
    def all_typed(self) -> Total:
        """The total of all values, drafts too, with that of the territory."""
        return self.total_of_values([row.value for row in self.rows if row.value])

    def total_of_values(self, values: list[Value]) -> Total:
        """Return the total that these values would make of the table."""
        asked, earlier = len(self.communes), self.earlier_figures
        return Total(self.definition, self.campaign.year, values, earlier, asked)

    @property
    def total_text(self) -> str:
        """The words « 412, partiel : 41 communes sur 47 »; empty for who does not read totals."""
        return self.typed_total.text if self.adds_up else ""

    @property
    def total_before(self) -> str:
        """The words « en 2023 : 328 ; +3 % »; empty until at least half of what can be compared is
        typed."""
        total = self.typed_total
        if not (self.total_text and total.before and total.is_of_most):
            return ""
        parts = [f"en {total.before.year}\u00a0: {total.before.text}", total.variation]
        return " ; ".join(filter(None, parts))

    @property
    def doubts_of_total(self) -> list[str]:
        """The questions about the communes' total, to be answered before the table may be given;
        none for who does not enter all, or beside a number of the territory."""
        whole = self._whole_typed
        is_asked = self.adds_up and self.enters_all and not (whole and whole.number is not None)
        return self.typed_total.open_questions() if is_asked else []

    @property
    def _whole_row(self) -> EntryRow | None:
        return next((row for row in self.rows if row.commune is None), None)

    @property
    def _whole_typed(self) -> Value | None:
        """The value of the territory that the person reads here, or None."""
        return self._whole_row.value if self._whole_row else None

    @property
    def difference(self) -> str:
        """The sentence on how the territory's number differs from the total of its communes: at
        once if it is less than they count, else when all have a value; empty if it does not. It
        asks for nothing where the row of that number asks for a comment already."""
        is_asked = self._whole_row is not None and bool(self._whole_row.doubts)
        whole, total = self._whole_typed, self.typed_total.number
        if self.adds_up and self.all_typed.is_less:
            less = self.all_typed.less_sentence
            return less if is_asked else f"{less} Vérifiez, ou dites pourquoi en commentaire."
        if whole is None or whole.number is None or total is None or not self.adds_up:
            return ""
        if any(row.value is None for row in self.owed):
            return ""
        definition = self.definition
        given, computed = definition.rounded(whole.number), definition.rounded(total)
        if given == computed:
            return ""
        ask = "." if is_asked else " : vérifiez, ou dites pourquoi en commentaire."
        return (
            f"Le chiffre du territoire, {definition.show(given)}, n’est pas celui que donnent les "
            f"communes, {definition.show(computed)}{ask}"
        )


def is_total(name: str) -> bool:
    """Return whether a name is that of a total, « Total », « Ensemble »."""
    return bool(TOTAL.match(fold(name[:100])))


class Gazette:
    """The communes of a grid and its territory, as a block names them: the counterpart of
    ``Lookup`` for indicators."""

    heading = COMMUNE

    def __init__(self, rows: list[EntryRow]):
        self.rows = {row.commune.pk: row for row in rows if row.commune is not None}
        self.whole = [row for row in rows if row.commune is None]
        self.gazetteer = Gazetteer(row.commune for row in self.rows.values())

    def named(self, text: str) -> list[EntryRow]:
        """Return a list of the row that a text names, by name or code, also of before a merger;
        empty if none or several match."""
        if fold(text) in OF_THE_WHOLE and not is_total(text):
            return self.whole
        match = self.gazetteer.find(text) if text else None
        return [self.rows[match.commune.pk]] if match else []

    def is_code(self, text: str) -> bool:
        """Return whether a text names a commune by its code."""
        return bool(self.named(text)) and any(letter.isdigit() for letter in text)


@dataclass
class CommuneBlock(Block):
    """A block of figures by commune: its lines are named by communes, its things are rows."""

    this, things, which = "cette commune", "communes", "quelle commune"
    unnamed = "sans commune"
    opposite, called = "de la bonne commune", "son code Insee ou son nom"
    line_of = "Ligne et commune"
    known = "aucune commune du territoire"

    @cached_property
    def lookup(self) -> Gazette:
        return Gazette(self.rows)

    @property
    def figures_title(self) -> str:
        return self.page.definition.title

    def row_of(self, thing: EntryRow) -> EntryRow | None:
        return thing

    def explain_left_out(self, name: str) -> str:
        """Return that a line of a total is not read; empty for others."""
        if not is_total(name) or self.lookup.named(name):
            return ""
        return "Ligne de total, non lue : le portail additionne les communes."

    @cached_property
    def remarks(self) -> list[str]:
        """The remarks on the block; first a question if, by its place, a line falls on the
        territory."""
        on_whole = [landing for landing in self.landings if self._is_of_territory(landing)]
        if self.is_named or not on_whole:
            return super().remarks
        question = (
            f"La ligne {on_whole[0].number}, {on_whole[0].written}, tombe sur « Tout le "
            "territoire » : est-ce le total, ou la colonne a-t-elle une ligne de trop ?"
        )
        return [question, *super().remarks]

    def review(self, landings: list[Landing]) -> None:
        """Hold back, to be explained before it is saved, a territory's figure without a comment
        that is less than its communes count or, landed there by its place, differs from their
        total."""
        for landing in landings:
            is_taken = self._is_of_territory(landing) and landing.becomes == TAKEN
            if not is_taken or landing.figure.comment:
                continue
            total = self.page.total_of_values(self._values_once_saved(landings, landing))
            remarks = [total.less_sentence] if total.is_less else []
            if not remarks and not self.is_named and total.differs:
                remarks = [f"Les communes comptent ensemble {total.communes_total_text}."]
            if remarks:
                landing.becomes = EXPLAINED_LATER
                landing.remarks += [*remarks, "Sans explication, elle n’est pas enregistrée."]

    def _is_of_territory(self, landing: Landing) -> bool:
        return landing.row is not None and landing.row.commune is None and bool(landing.written)

    def _values_once_saved(self, landings: list[Landing], whole: Landing) -> list[Value]:
        """Return the values of the communes, and that of ``whole``, as they would be once the block
        is saved."""
        values = {row.commune: row.value for row in self.rows if row.value and row.commune}
        read = [landing for landing in landings if landing.row and landing.figure]
        for landing in [*(landing for landing in read if landing.row.commune), whole]:
            figure = landing.figure
            values[landing.row.commune] = Value(
                commune=landing.row.commune, number=figure.number, numerator=figure.numerator,
                denominator=figure.denominator, absence=figure.absence,
            )  # fmt: skip
        return list(values.values())

    def title_of(self, thing: EntryRow) -> str:
        return thing.label

    def explain_unknown(self, name: str) -> str:
        """Return the question which of several communes of that name is meant, or that there is
        none, with the closest name."""
        if namesakes := self.lookup.gazetteer.namesakes(name):
            return f"{ask_which_commune(name, namesakes)}."
        year, alike = self.page.campaign.year, self.lookup.gazetteer.closest(name)
        sentence = f"« {name} » n’est pas une commune du territoire en {year}, ni ne l’a été."
        return f"{sentence} Vouliez-vous dire « {alike} » ?" if alike else sentence
