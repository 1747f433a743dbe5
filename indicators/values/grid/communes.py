"""The grid of one indicator by commune: a row a commune, and that of the territory."""

from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse

from conventions.models import Commune
from conventions.territory.naming import Gazetteer, ask_which
from ctg_portal.rules import Refusal
from ctg_portal.search import fold
from ctg_portal.templatetags.french import enumerate_words, plural
from indicators.definitions.definition import Definition
from indicators.disclosure.reading import ByCommune, disclosed_by_commune
from indicators.figures.campaigns import CampaignIndicator
from indicators.figures.values import Value
from indicators.series.whole import Whole, wholes_of
from indicators.values import rights
from indicators.values.entry_row import EntryRow
from indicators.values.files.headings import COMMUNE
from indicators.values.files.lines import WHOLE
from indicators.values.grid.landing import EXPLAINED_LATER, TAKEN, Block, Landing
from indicators.values.grid.page import GridPage, GridRow, Onward
from indicators.values.table_row import TableRow, table_rows, values_of
from indicators.values.tables import communes_of, left_behind
from indicators.values.totals import Earlier, Total, all_before
from spreadsheets.matching.tables import TOTAL

FEW = 12  # up to so many communes none is looked for
NONE = Refusal("Rien de ce tableau n’est transmis.")


class TerritoryRow(GridRow):
    """The figure of the whole territory, beneath those of its communes."""

    label = "Tout le territoire"

    @property
    def unsaid(self) -> str:
        """That of communes adds up without it, where their figures do."""
        return "Facultatif : calculé" if self.definition.is_aggregated else super().unsaid


@dataclass
class TablePage(GridPage):
    """The grid of an indicator by commune, before a person who enters it, or provides it and reads
    it. ``entry`` is given once the page is made. ``opened``: the key of a row that was given, and
    is typed anew; ``sought``: which communes are shown, by their names; empty for all; ``lacks``:
    those of which nothing is typed."""

    entry: CampaignIndicator = field(default=None)
    opened: str = ""
    sought: str = ""
    lacks: bool = False

    whole_class = TerritoryRow

    @cached_property
    def definition(self) -> Definition:
        return Definition.of(self.entry.version)

    @cached_property
    def enters_all(self) -> bool:
        return self.contributor.enters(self.entry)

    @cached_property
    def communes(self) -> list[Commune]:
        """Those whose figures the person reads here: all, or her own."""
        communes = communes_of(self.campaign)
        if self.enters_all or self.contributor.reads_raw(self.entry):
            return communes
        return [one for one in communes if self.contributor.enters_for_commune(self.entry, one)]

    def commune(self, pk: int) -> Commune | None:
        """The one of this key, where the person reads its figure here."""
        return next((one for one in self.communes if one.pk == pk), None)

    @property
    def not_entered(self) -> Refusal | None:
        """Why the person types nothing here: she reads what others entered."""
        reads_only = not self.enters_all and self.contributor.reads_raw(self.entry)
        return rights.may_enter(self.contributor, self.entry) if reads_only else None

    @cached_property
    def table(self) -> TableRow:
        return table_rows([self.entry], values_of([self.entry]))[0]

    @cached_property
    def rows(self) -> list[EntryRow]:
        values = {value.commune_id: value for value in self.table.values}
        before = self.earlier_figures
        rows = [
            self.row_class(
                self.entry, values.get(one.pk), before.get(one.pk), self.today, commune=one
            )
            for one in self.communes
            if not self._is_others(values.get(one.pk))
        ]  # fmt: skip
        if self.reads_whole and not self._is_others(values.get(None)):
            of_communes = [row.value for row in rows if row.value]
            whole = self.total_of_values(of_communes).before if self.adds_up else before.get(None)
            rows.append(self.whole_class(self.entry, values.get(None), whole, self.today))
        for row in rows:
            row.is_opened = row.key == self.opened and self._changes_here(row)
            row.onward = self._onward(row)
            if row.is_given:
                row.secrecy = self.secrecy.get(row.commune, "")
        self._fill_in(rows)
        return rows

    @cached_property
    def earlier_figures(self) -> Earlier:
        """By commune, the last one before; that of the territory under None."""
        return all_before([self.entry], reader=self.contributor)[self.entry.pk]

    @cached_property
    def secrecy(self) -> dict[Commune | None, str]:
        """Why others are not shown a figure, for who reads it; the territory's under None."""
        return self.disclosed.secrecy

    @cached_property
    def disclosed(self) -> ByCommune:
        """The table as the person reads it, with what others do not."""
        return disclosed_by_commune([self.entry], self.contributor)[self.entry.pk]

    def _changes_here(self, row: GridRow) -> bool:
        """Whether a figure that was given, and that nobody has verified, is typed anew here."""
        if not row.is_given or row.is_verified:
            return False
        return rights.may_write(self.contributor, self.entry, row.value, row.commune) is None

    def _onward(self, row: GridRow) -> Onward | None:
        if self._changes_here(row):
            address = f"{self.address}{self.query_of(pour=self.pour, changer=row.key)}"
            return Onward(f"{address}#{row.anchor}", "Modifier")
        if not (row.is_given or self.campaign.is_closed):
            return None
        return Onward(self._figure_url(row), self._what_is_done(row))

    def _what_is_done(self, row: GridRow) -> str:
        """« Corriger », « Donner », « Modifier », or « Histoire » for who changes nothing of it."""
        if self.campaign.is_closed:
            told = "Corriger" if row.value else "Donner"
            refusal = rights.may_correct(self.contributor, self.entry, row.value)
        else:
            told = "Modifier"
            refusal = rights.may_write(self.contributor, self.entry, row.value, row.commune)
        return told if refusal is None else "Histoire"

    def _figure_url(self, row: GridRow) -> str:
        args = [self.campaign.convention.slug, self.campaign.year, self.entry.pk]
        if row.commune is None:
            return reverse("indicators:table_whole", args=args)
        return reverse("indicators:table_figure", args=[*args, row.commune.pk])

    def _is_others(self, value: Value | None) -> bool:
        """Whether others have begun it, for whom the person enters: theirs alone to read."""
        return self.enters_all and self._is_begun(self.entry, value)

    @property
    def reads_whole(self) -> bool:
        return self.enters_all or self.contributor.reads_raw(self.entry)

    @property
    def left_behind(self) -> str:
        """What is kept of communes that have left the territory since they gave it; empty without
        any, or for who does not read the table."""
        gone = [one.name for one in left_behind(self.entry)] if self.reads_whole else []
        if not gone:
            return ""
        verb = "ne fait" if len(gone) == 1 else "ne font"
        kept = (
            "son chiffre est gardé, et n’est compté dans aucun total."
            if len(gone) == 1
            else "leurs chiffres sont gardés, et ne sont comptés dans aucun total."
        )
        return (
            f"{enumerate_words(gone)} {verb} plus partie du territoire au 31 décembre "
            f"{self.campaign.year} : {kept}"
        )

    @property
    def adds_up(self) -> bool:
        """Whether the person is told what the communes come to."""
        return self.reads_whole

    @property
    def owed(self) -> list[EntryRow]:
        """The figures of communes: that of the territory is made of them, or comes beside."""
        return [row for row in self.rows if row.commune is not None]

    @property
    def shown(self) -> list[EntryRow]:
        return self.rows

    @property
    def is_long(self) -> bool:
        """Whether one looks for a commune rather than scroll to it."""
        return len(self.owed) > FEW

    @property
    def lacking(self) -> list[EntryRow]:
        """Those of which something is to be typed, or was not taken as it was."""
        if self.is_answered:
            return []
        return [row for row in self.owed if row.is_missing or row.outcome]

    @property
    def is_nearly_full(self) -> bool:
        """Whether one looks for what is missing of a long table."""
        return self.is_long and 0 < len(self.lacking) < len(self.owed)

    @property
    def looked_for(self) -> list[EntryRow]:
        """The rows whose commune is called so, or of which something is missing; all of them where
        nothing is looked for."""
        if self.lacks:
            return self.lacking
        words = fold(self.sought)
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
        """Where a sheet of several indicators is brought at once; empty for who may not."""
        args = [self.campaign.convention.slug, self.campaign.year]
        return reverse("indicators:import_values", args=args)

    @property
    def return_address(self) -> str:
        return self._url("return_value")

    @property
    def may_return(self) -> Refusal | None:
        return rights.may_return(self.contributor, self.table.shown) if self.table.shown else NONE

    @property
    def preview_address(self) -> str:
        return self._url("preview_disclosure")

    @property
    def is_to_be_disclosed(self) -> bool:
        """Whether the person may look at what everybody will read of it, and disclose it."""
        shown = self.table.shown
        is_given = shown is not None and not shown.is_public
        return is_given and rights.may_preview_disclosure(self.contributor, self.entry) is None

    def _url(self, name: str) -> str:
        args = [self.campaign.convention.slug, self.campaign.year, self.entry.pk]
        return reverse(f"indicators:{name}", args=args)

    @property
    def takes_figures(self) -> bool:
        return any(row.takes_figures for row in self.rows)

    @property
    def title(self) -> str:
        if len(self.owed) == 1 and not self.reads_whole:
            return f"{self.definition.title} : {self.owed[0].label}, {self.campaign.year}"
        if self.is_answered:
            told = self._whole_typed.get_absence_display() or "réponse donnée"
            return f"{self.definition.title} : {told} pour tout le territoire"
        typed = sum(row.value is not None for row in self.owed)
        told = plural(typed, "commune,communes")
        filled = "renseignée" if typed < 2 else "renseignées"
        return f"{self.definition.title} : {told} sur {len(self.owed)} {filled}"

    @property
    def is_answered(self) -> bool:
        """Whether an absence that is stated for the whole territory stands for all communes."""
        whole = next((row for row in self.rows if row.commune is None), None)
        if whole is None or whole.value is None or any(row.value for row in self.owed):
            return False
        return bool(self.entry.table_state if whole.is_hidden else whole.value.absence)

    @property
    def answer_told(self) -> str:
        """What that asks of the communes, which have no figure; empty where none is stated."""
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
        """The territory's figure of what is given, for who reads all of it."""
        if not self.adds_up:
            return None
        own = next((v for v in self.table.values if v.commune_id is None and v.is_shown), None)
        given = {self.entry.pk: own} if own else {}
        return wholes_of(self.campaign.convention, [self.entry], given).get(self.entry.pk)

    @property
    def typed_total(self) -> Total:
        """What is typed comes to, drafts included."""
        return self.total_of_values([row.value for row in self.owed if row.value])

    @property
    def all_typed(self) -> Total:
        """The same, with the figure of the territory where there is one."""
        return self.total_of_values([row.value for row in self.rows if row.value])

    def total_of_values(self, values: list[Value]) -> Total:
        asked, earlier = len(self.communes), self.earlier_figures
        return Total(self.definition, self.campaign.year, values, earlier, asked)

    @property
    def total_told(self) -> str:
        """« 412, partiel : 41 communes sur 47 »."""
        return self.typed_total.text if self.adds_up else ""

    @property
    def total_before(self) -> str:
        """« en 2023 : 328 ; +3 % », once most of it is typed."""
        total = self.typed_total
        if not (self.total_told and total.before and total.is_of_most):
            return ""
        told = [f"en {total.before.year}\u00a0: {total.before.text}", total.variation]
        return " ; ".join(filter(None, told))

    @property
    def doubts_of_total(self) -> list[str]:
        """What it asks for before the table may be given."""
        whole = self._whole_typed
        is_asked = self.adds_up and self.enters_all and not (whole and whole.number is not None)
        return self.typed_total.asks() if is_asked else []

    @property
    def _whole_typed(self) -> Value | None:
        return next((row.value for row in self.rows if row.commune is None), None)

    @property
    def difference(self) -> str:
        """How the figure given for the territory differs from what its communes come to."""
        whole, total = self._whole_typed, self.typed_total.number
        if self.adds_up and self.all_typed.is_less:
            return f"{self.all_typed.told_less} Vérifiez, ou dites pourquoi en commentaire."
        if whole is None or whole.number is None or total is None or not self.adds_up:
            return ""
        if any(row.value is None for row in self.owed):
            return ""
        definition = self.definition
        given, computed = definition.rounded(whole.number), definition.rounded(total)
        if given == computed:
            return ""
        return (
            f"Le chiffre du territoire, {definition.show(given)}, n’est pas celui que donnent les "
            f"communes, {definition.show(computed)} : vérifiez, ou dites pourquoi en commentaire."
        )


def is_total(said: str) -> bool:
    """Whether a line that is called so adds up others."""
    return bool(TOTAL.match(fold(said[:100])))


class Gazette:
    """The communes of a grid and its territory, as a block names them: what ``Lookup`` is to
    indicators."""

    heading = COMMUNE

    def __init__(self, rows: list[EntryRow]):
        self.rows = {row.commune.pk: row for row in rows if row.commune is not None}
        self.whole = [row for row in rows if row.commune is None]
        self.gazetteer = Gazetteer(row.commune for row in self.rows.values())

    def named(self, text: str) -> list[EntryRow]:
        if fold(text) in WHOLE and not is_total(text):
            return self.whole
        found = self.gazetteer.find(text) if text else None
        return [self.rows[found.commune.pk]] if found else []

    def is_code(self, text: str) -> bool:
        return bool(self.named(text)) and any(letter.isdigit() for letter in text)


@dataclass
class CommuneBlock(Block):
    """A block of figures by commune: its lines are named by communes, of before a merger too."""

    this, things, which = "cette commune", "communes", "quelle commune"
    unnamed = "sans commune"
    opposite, called = "de la bonne commune", "son code Insee ou son nom"
    line_of = "Ligne et commune"
    known = "aucune commune du territoire"

    @cached_property
    def lookup(self) -> Gazette:
        return Gazette(self.rows)

    @property
    def figures_called(self) -> str:
        return self.page.definition.title

    def row_of(self, found: EntryRow) -> EntryRow | None:
        return found

    def left_out(self, said: str) -> str:
        if not is_total(said) or self.lookup.named(said):
            return ""
        return "Ligne de total, non lue : le portail additionne les communes."

    @cached_property
    def told(self) -> list[str]:
        on_whole = [one for one in self.landings if self._is_of_territory(one)]
        if self.is_named or not on_whole:
            return super().told
        told = (
            f"La ligne {on_whole[0].number}, {on_whole[0].written}, tombe sur « Tout le "
            "territoire » : est-ce le total, ou la colonne a-t-elle une ligne de trop ?"
        )
        return [told, *super().told]

    def look_again(self, landings: list[Landing]) -> None:
        """A total that is not what its communes come to is explained, where it landed there by its
        place, or is less than they count."""
        for one in landings:
            if not self._is_of_territory(one) or one.becomes != TAKEN or one.figure.comment:
                continue
            total = self.page.total_of_values(self._come_to(landings, one))
            told = [total.told_less] if total.is_less else []
            if not told and not self.is_named and total.differs:
                told = [f"Les communes comptent ensemble {total.communes_label}."]
            if told:
                one.becomes = EXPLAINED_LATER
                one.told = [*one.told, *told, "Sans explication, elle n’est pas enregistrée."]

    def _is_of_territory(self, one: Landing) -> bool:
        return one.row is not None and one.row.commune is None and bool(one.written)

    def _come_to(self, landings: list[Landing], whole: Landing) -> list[Value]:
        """The figures as they would be once the block is kept."""
        found = {row.commune: row.value for row in self.rows if row.value and row.commune}
        read = [one for one in landings if one.row is not None and one.figure is not None]
        for one in [*(one for one in read if one.row.commune), whole]:
            figure = one.figure
            found[one.row.commune] = Value(
                commune=one.row.commune, number=figure.number, numerator=figure.numerator,
                denominator=figure.denominator, absence=figure.absence,
            )  # fmt: skip
        return list(found.values())

    def titled(self, found: EntryRow) -> str:
        return found.label

    def unknown(self, said: str) -> str:
        if namesakes := self.lookup.gazetteer.namesakes(said):
            return f"{ask_which(said, namesakes)}."
        year, alike = self.page.campaign.year, self.lookup.gazetteer.alike(said)
        told = f"« {said} » n’est pas une commune du territoire en {year}, ni ne l’a été."
        return f"{told} Vouliez-vous dire « {alike} » ?" if alike else told
