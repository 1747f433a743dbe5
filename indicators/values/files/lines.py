"""Which lines of a file are about which indicators, for one year; what else it holds is told."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import ValidationError

from conventions.models import Commune, Convention, Coverage, Organisation
from conventions.territory.naming import Gazetteer, Named, ask_which_commune, key_of
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import enumerate_words, plural
from indicators.definitions.adding_up import is_summable
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import CampaignIndicator
from indicators.values.files import headings as named
from indicators.values.files.figures import Given
from indicators.values.files.lookup import Lookup
from indicators.values.forms import FigureField
from spreadsheets.importing.preview import Mistake, Preview
from spreadsheets.matching.headings import is_part_of_year, years_in
from spreadsheets.matching.questions import LEFT, Asking, Choice
from spreadsheets.matching.tables import Row, Table, Told
from spreadsheets.matching.typed import Wrong, typed_in
from spreadsheets.reading.cells import Cell, Kind, spelled

WHOLE = {"territoire", "ensemble", "total", "tout", "tout le territoire", "ensemble du territoire",
         "total territoire", "epci", "agglomeration", "communaute"}  # fmt: skip
# A mean of all may be told by those of its parts, and is not their sum.
MEAN = re.compile(r"\bmoyen")
NOT_ADDED = "des taux, des moyennes ou des médianes ne s’additionnent pas"
TORN = (
    "Cette ligne a plus de cellules qu’il n’y a de titres : une virgule y sépare peut-être des "
    "décimales, et non des colonnes. Enregistrez ce fichier au format .xlsx, ou avec des "
    "points-virgules."
)
UNKNOWN_YEAR = 0
TOLD_SECTIONS = 8
TOLD_TWINS = 5


def commune_said(row: Row) -> str:
    """How a line names its commune: by its name, or else by its code Insee."""
    return row.text(named.COMMUNE) or row.text(named.INSEE)


def _place_of_commune(row: Row) -> str:
    return row.place_of(named.COMMUNE if row.text(named.COMMUNE) else named.INSEE)


class Lines:
    """The lines of a file that give figures of one year; what is wrong with the others, and what
    they are, goes into ``result``.

    ``entries``: what may be given, of that year. ``beside``: the years of which the same file is
    read as well, one after the other; where it is read for one year alone, others are told.
    """

    def __init__(
        self,
        convention: Convention,
        year: int,
        entries: Iterable[CampaignIndicator],
        lookup: Lookup,
        asking: Asking,
        result: Preview,
        beside: Collection[int] = (),
    ):
        self.convention, self.year, self.beside = convention, year, beside
        self.entries = {entry.indicator_id: entry for entry in entries}
        self.lookup, self.asking, self.result = lookup, asking, result
        self.organisations = list(Organisation.objects.filter(convention=convention))
        self.other_years: dict[int, int] = {}
        self.sections: list[str] = []

    def read(self, tables: Iterable[Table]) -> list[Given]:
        """One for each indicator that the tables give."""
        read = filter(self._is_of_results, tables)
        given = [one for table in read for one in self._given_in(table)]
        kept = self._without_twins(self._summed(given))
        self._tell_rest()
        return kept

    def _wrong(self, place: str, text: str, about: str = "") -> None:
        """What is wrong with a cell is told once, of how many indicators it may be."""
        told = Mistake(place, text, about)
        for at, known in enumerate(self.result.mistakes):
            if (known.place, known.text) == (place, text):
                self.result.mistakes[at] = told if known.about == about else replace(told, about="")
                return
        self.result.mistakes.append(told)

    def _told(self, place: str, text: str) -> None:
        if (told := Told(place, text)) not in self.result.told:
            self.result.told.append(told)

    def _is_of_results(self, table: Table) -> bool:
        """Whether a table gives what was counted; asked where its sheet or its title says
        « Objectifs », « Prévisionnel 2024 »."""
        name = table.sheet.name
        above = table.title.removeprefix(name)
        called = next(filter(named.is_of_targets, (above, name)), "").strip()[:60]
        if not called:
            return True
        place = f"{name}!A{table.top}"
        answer = self.asking.ask(
            f"feuille:{fold(name)}:visee",
            f"« {called} » : ces chiffres sont-ils ce qui a été réalisé, ou ce qui est visé ?",
            place,
            [
                Choice("realise", "ce qui a été réalisé"),
                Choice(LEFT, "ce qui est visé : les laisser de côté"),
            ],
        )
        if answer == LEFT:
            self._told(place, f"« {called} » : chiffres visés, laissés de côté.")
        elif not answer:
            self._wrong(place, f"« {called} » : dites si ces chiffres sont réalisés.")
        return answer == "realise"

    # Line by line -------------------------------------------------------------------------------

    def _given_in(self, table: Table) -> Iterable[Given]:
        by_commune = any(commune_said(row) for row in table.rows)
        has_years = any(row.text(named.YEAR) for row in table.rows)
        years = {place.year for place in table.places if place.name in named.NUMBERS and place.year}
        for row in table.rows:
            cells = self._cells_of(row, sorted(years))
            if not self._is_line(row, cells):
                continue
            if row.is_torn:
                self._wrong(row.first.address, TORN, row.text(named.LABEL))
                continue
            year = self._year_of(table, row, has_years)
            if year not in (None, self.year):
                self._count_other(year, cells)
                continue
            self._count_other_columns(row)
            if self.beside and self._says_other(row) and not self._has_figure(cells):
                continue  # it is read of the other year
            if by_commune and self._has_figure(cells) and not commune_said(row):
                text = "Cette ligne ne dit pas sa commune : écrivez-la, ou « Territoire »."
                self._wrong(row.place_of(named.COMMUNE), text, row.text(named.LABEL))
                continue
            entry = self._entry_of(row, cells)
            if entry is not None and self._is_of_organisation(row, entry):
                yield Given(entry, row, cells)

    def _cells_of(self, row: Row, years: list[int]) -> dict[str, Cell]:
        """What a line says of the year: in columns of it, or in those that name no year. Beside
        columns of ``years``, what is said once is said of the last that has a figure."""
        filled = [y for y in years if any(row.cell(name, y) for name in named.NUMBERS)]
        if years and (filled or years)[-1] != self.year:
            said_once = {named.REASON, named.SOURCE, named.UNIT}
        elif len(years) > 1:
            said_once = {*named.TEXTS, named.UNIT}
        else:
            said_once = {*named.NUMBERS, *named.TEXTS, named.UNIT}
        cells = {}
        for name in (*named.NUMBERS, *named.TEXTS, named.UNIT):
            cell = row.cell(name, self.year)
            if cell is None and name in said_once:
                cell = row.cell(name)
            if cell is not None:
                cells[name] = cell
        return cells

    def _has_figure(self, cells: dict[str, Cell]) -> bool:
        return any(name in cells for name in named.NUMBERS)

    def _is_line(self, row: Row, cells: dict) -> bool:
        """Whether a row is a line of figures; else it is told what it is."""
        has_figure = self._has_figure(cells)
        if self.lookup.is_known(row):
            return True
        if row.is_total:
            self._told(row.first.address, f"« {row.first.text[:80]} » : ligne de total, non lue.")
            return False
        if has_figure and not row.text(named.CODE) and not row.text(named.LABEL):
            text = "Cette valeur n’est celle d’aucun indicateur : sa ligne n’a ni code ni libellé."
            self._wrong(row.place_of(named.VALUE), text)
            return False
        if row.is_alone or not (has_figure or row.text(named.CODE) or self._says_other(row)):
            self.sections.append(row.first.address)
            return False
        return True

    def _says_other(self, row: Row) -> bool:
        """Whether it holds a figure of another year."""
        return any(meaning.name in named.NUMBERS for meaning in row.meanings)

    def _entry_of(self, row: Row, cells: dict) -> CampaignIndicator | None:
        found = self.lookup.find(row)
        if found is None:
            self._told(row.first.address, f"« {row.first.text[:80]} » : ligne laissée de côté.")
        elif isinstance(found, Mistake):
            if self._has_figure(cells):
                self.result.mistakes.append(found)
            else:
                text = f"« {row.first.text[:80]} » : ligne sans donnée, non reconnue."
                self._told(found.place, text)
            return None
        return found and self.entries[found.indicator_id]

    def _year_of(self, table: Table, row: Row, has_years: bool) -> int | None:
        """The year of a line, where it, its sheet or its title says one; None where its columns do,
        or nothing does; UNKNOWN_YEAR for what is no year."""
        if not has_years:
            has_own = not table.names_of_years.isdisjoint(named.NUMBERS)
            return None if has_own else table.year or self._which_year(table)
        cell = row.cell(named.YEAR)
        if cell is None:
            if row.cell(named.VALUE) or row.cell(named.NUMERATOR):
                text = "Cette ligne ne dit pas son année : écrivez-la en quatre chiffres."
                self._wrong(row.place_of(named.YEAR), text, row.text(named.LABEL))
            return UNKNOWN_YEAR
        if cell.kind == Kind.DATE:
            return cell.day.year
        if is_part_of_year(cell.text):
            text = (
                f"« {cell.text.strip()[:40]} » est une partie d’année : donnez le chiffre de "
                "l’année entière."
            )
            self._wrong(cell.address, text, row.text(named.LABEL))
            return UNKNOWN_YEAR
        years = years_in(cell.text)
        if len(years) == 1:
            return years[0]
        if row.cell(named.VALUE):
            text = f"« {cell.text[:40]} » n’est pas une année : écrivez-la en quatre chiffres."
            self._wrong(cell.address, text, row.text(named.LABEL))
        return UNKNOWN_YEAR

    def _which_year(self, table: Table) -> int | None:
        """Of a table that says no year in a file of several, as was answered for its sheet."""
        if not self.beside:
            return None
        name = table.sheet.name
        answer = self.asking.ask(
            f"feuille:{fold(name)}",
            f"Les chiffres de la feuille « {name[:60]} » sont de quelle année ?",
            f"{name}!A{table.top}",
            [
                *(Choice(str(year), str(year)) for year in sorted(self.beside)),
                Choice(LEFT, "aucune : laisser cette feuille de côté"),
            ],
        )
        return int(answer) if answer.isdecimal() else UNKNOWN_YEAR

    def _count_other(self, year: int, cells: dict) -> None:
        if any(name in cells for name in named.NUMBERS):
            self.other_years[year] = self.other_years.get(year, 0) + 1

    def _count_other_columns(self, row: Row) -> None:
        for meaning in row.meanings:
            year = meaning.year
            if meaning.name == named.VALUE and year not in (None, self.year):
                self.other_years[year] = self.other_years.get(year, 0) + 1

    def _is_of_organisation(self, row: Row, entry: CampaignIndicator) -> bool:
        """Whether the line is of who provides or enters the figure; else why not is told."""
        said, place = row.text(named.ORGANISATION)[:60], row.place_of(named.ORGANISATION)
        theirs = {entry.provider_id, entry.enterer_id}
        if not said:
            return True
        found = {o.pk for o in self.organisations if fold(said) in (fold(o.acronym), fold(o.name))}
        if not found:
            answer = self._which_organisation(said, place)
            if answer == LEFT:
                self._told(row.first.address, f"« {said} » : ligne laissée de côté.")
                return False
            if not answer:
                text = f"« {said} » n’est pas un organisme de la convention : dites lequel."
                self._wrong(place, text, row.text(named.LABEL))
                return False
            found = {int(answer)}
        if not found & theirs:
            text = f"Cette donnée est fournie par {entry.provider.the} : vérifiez la ligne."
            self._wrong(place, text, row.text(named.LABEL))
        return bool(found & theirs)

    def _which_organisation(self, said: str, place: str) -> str:
        choices = [Choice(str(one.pk), one.acronym) for one in self.organisations]
        return self.asking.ask(
            f"organisme:{fold(said)}",
            f"« {said} » est quel organisme ?",
            place,
            [*choices, Choice(LEFT, "aucun : laisser ses lignes de côté")],
        )

    # Lines by commune, and lines that say the same ----------------------------------------------

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The communes of the year, by what people call them."""
        rows = Coverage.objects.in_year(self.convention, self.year).select_related("commune")
        return Gazetteer(row.commune for row in rows)

    def _of_communes(self, lines: list[Given]) -> list[Given]:
        """The lines of an indicator by commune, each of one of today: the figures of communes that
        were merged since are added up, which is told."""
        by_commune: dict[int, list[tuple[Given, Named]]] = {}
        for one in lines:
            found, said = self._commune_of(one.row)
            if found is None:
                text = (
                    f"« {said} » n’est pas une commune du territoire en {self.year}, ni ne l’a été "
                    f"avant une fusion{self._meant(said)}"
                )
                if namesakes := self.gazetteer.namesakes(said):
                    text = f"{ask_which_commune(said, namesakes)}."
                self._wrong(_place_of_commune(one.row), text, one.label)
                continue
            of_today = replace(one, commune=found.commune)
            by_commune.setdefault(found.commune.pk, []).append((of_today, found))
        kept = []
        for found in by_commune.values():
            if any(named_.former for _, named_ in found):
                kept += filter(None, [self._merged(found)])
            else:
                kept += [one for one, _ in found]
        return kept

    def _commune_of(self, row: Row) -> tuple[Named | None, str]:
        """The commune of a line, and how it is said: by its name, or its code Insee; none where
        these are of two."""
        name, code = row.text(named.COMMUNE), row.text(named.INSEE)
        by_name, by_code = self.gazetteer.find(name), self.gazetteer.find(code)
        if by_name and by_code and by_name.commune != by_code.commune:
            return None, f"{code} {name}"[:60]
        return by_name or by_code, (name or code)[:60]

    def _meant(self, said: str) -> str:
        """What was meant by the name of no commune, or what to do where none is like it."""
        alike = self.gazetteer.closest(said)
        if alike is None:
            return " : vérifiez son code Insee ou son nom."
        return f". Vouliez-vous dire « {alike} » ?"

    def _merged(self, found: list[tuple[Given, Named]]) -> Given | None:
        """The lines of former communes as one of the commune of today; None where their figures do
        not add up, which is told."""
        lines = [one for one, _ in found]
        names = [named_.former.name if named_.former else str(one.commune)
                 for one, named_ in found]  # fmt: skip
        first = lines[0]
        if len(lines) == 1:
            text = f"{names[0]} : chiffre porté à {first.commune}, commune d’aujourd’hui."
            self._told(first.row.first.address, text)
            return first
        definition = Definition.of(first.entry.version)
        if not _adds_up(definition):
            text = (
                f"{enumerate_words(names)} sont {first.commune} aujourd’hui, et {NOT_ADDED} : "
                "donnez celui de la commune d’aujourd’hui."
            )
            self._wrong(first.place, text, first.label)
            return None
        cells = self._added_up(lines, definition)
        if cells is None:
            return None
        self._told(
            first.row.first.address,
            f"{enumerate_words(names)} : chiffres portés à {first.commune}, commune "
            "d’aujourd’hui, et additionnés.",
        )
        return replace(first, cells=cells, note=f"Somme de {enumerate_words(names)}.")

    def _added_up(self, lines: list[Given], definition: Definition) -> dict[str, Cell] | None:
        """The cells of the first of these lines, with the sums of all; None where one has none."""
        cells = dict(lines[0].cells)
        for name in named.NUMBERS:
            if name not in cells:
                continue
            numbers = self._numbers(lines, name, definition)
            if numbers is None:
                return None
            total = sum(numbers)
            cells[name] = replace(cells[name], kind=Kind.NUMBER, number=total, text=spelled(total))
        return cells

    def _summed(self, given: list[Given]) -> list[Given]:
        """The lines of the whole territory; those by commune added up, where that was wanted; those
        of communes that are asked for."""
        whole: list[Given] = []
        parts: dict[int, list[Given]] = {}
        of_communes: dict[int, list[Given]] = {}
        for one in given:
            said = fold(commune_said(one.row))
            if not said or said in WHOLE or said == fold(self.convention.territory):
                whole.append(one)
            elif one.entry.is_by_commune:
                of_communes.setdefault(one.entry.indicator_id, []).append(one)
            elif self._has_figure(one.cells):
                parts.setdefault(one.entry.indicator_id, []).append(one)
        told_whole = {one.entry.indicator_id for one in whole}
        for pk, lines in parts.items():
            if pk in told_whole:
                text = "le chiffre du territoire y est aussi : ceux des communes ne sont pas lus."
                self._told(lines[0].row.first.address, f"{lines[0].label} : {text}")
            elif summed := self._sum(lines):
                whole.append(summed)
        for lines in of_communes.values():
            whole += self._of_communes(lines)
        return whole

    def _sum(self, lines: list[Given]) -> Given | None:
        """These lines by commune as one of the territory; None where that is not possible, or not
        wanted."""
        first, count = lines[0], plural(len(lines), "commune,communes")
        definition = Definition.of(first.entry.version)
        if not _adds_up(definition):
            text = f"Chiffres par commune : {NOT_ADDED}. Donnez celui du territoire."
            self._wrong(first.place, text, first.label)
            return None
        answer = self.asking.ask(
            "communes:additionner",
            "Ce fichier donne des chiffres par commune, et ils sont attendus pour tout le "
            "territoire : les additionner ?",
            _place_of_commune(first.row),
            [
                Choice("oui", "oui, les additionner"),
                Choice(LEFT, "non, laisser ces lignes de côté"),
            ],
        )
        if answer == LEFT:
            self._told(first.row.first.address, f"{first.label} : {count}, laissées de côté.")
            return None
        if not answer:
            self._wrong(
                first.place, f"{count} : dites si ces chiffres s’additionnent.", first.label
            )
            return None
        cells = self._added_up(lines, definition)
        if cells is None:
            return None
        unknown = self._unknown_communes(lines)
        note = f"Somme de {count}{f', dont {unknown}' if unknown else ''}."
        self._told(first.row.first.address, f"{first.label} : somme de {count}.")
        return replace(first, cells=cells, note=note)

    def _numbers(
        self, lines: list[Given], name: str, definition: Definition
    ) -> list[Decimal] | None:
        """The number of each of these lines; None where one of them has none, which is told."""
        field, numbers = FigureField(), []
        field.asked = definition.asked("figure" if name == named.VALUE else name)
        for one in lines:
            cell = one.cells.get(name)
            place = cell.address if cell else one.row.first.address
            try:
                number = field.clean(typed_in(cell, one.label, self.asking))
            except ValidationError as error:
                self._wrong(place, error.messages[0], one.label)
            except Wrong as wrong:
                for where, text in wrong.told:
                    self._wrong(where, text, one.label)
            else:
                if isinstance(number, Decimal):
                    numbers.append(number)
                else:
                    text = "Il manque le chiffre de cette commune : la somme serait fausse."
                    self._wrong(place, text, one.label)
        return numbers if len(numbers) == len(lines) else None

    def _unknown_communes(self, lines: list[Given]) -> str:
        """Of these communes, those that the convention does not know, where it knows any."""
        names = Commune.objects.filter(convention=self.convention).values_list("name", flat=True)
        known = {key_of(name) for name in names}
        find = self.gazetteer.find
        said = [commune_said(one.row) for one in lines if not find(one.row.text(named.INSEE))]
        return ", ".join(name for name in said if known and key_of(name) not in known)

    def _without_twins(self, given: list[Given]) -> list[Given]:
        """One line an indicator, or a commune; two that do not say the same are both wrong."""
        by_entry: dict[tuple, list[Given]] = {}
        for one in given:
            key = one.entry.indicator_id, one.commune and one.commune.pk
            by_entry.setdefault(key, []).append(one)
        kept = []
        for lines in by_entry.values():
            filled = [one for one in lines if one.cells]
            said = {tuple((n, c.text) for n, c in sorted(one.cells.items())) for one in filled}
            if len(said) < 2:
                kept.append((filled or lines)[0])
                continue
            first = [one.place for one in filled[: TOLD_TWINS + 1]]
            for one in filled:
                others = [place for place in first if place != one.place][:TOLD_TWINS]
                more = "…" if len(filled) - 1 > TOLD_TWINS else ""
                text = (
                    "Deux lignes donnent cet indicateur autrement : voyez "
                    f"{', '.join(others)}{more or '.'}"
                )
                self._wrong(one.place, text, one.label)
        return kept

    def _tell_rest(self) -> None:
        for year, count in sorted(self.other_years.items()):
            if year != UNKNOWN_YEAR and not self.beside:
                told = plural(count, "valeur n’est pas lue,valeurs ne sont pas lues")
                text = f"année {year} : {told}, ce fichier étant déposé dans le recueil {self.year}"
                self._told("", f"{text}. Pour {year}, déposez-le dans le recueil {year}.")
        if self.sections:
            count = plural(len(self.sections), "ligne,lignes")
            places = ", ".join(self.sections[:TOLD_SECTIONS])
            more = "…" if len(self.sections) > TOLD_SECTIONS else ""
            self._told("", f"titres et textes sans donnée : {count} ({places}{more}).")


def _adds_up(definition: Definition) -> bool:
    """Whether the figures of some communes make that of all: counts and amounts do, and the terms
    of a ratio."""
    content = definition.content
    is_sum = is_summable(definition.title, definition.unit, content["calculation"])
    return definition.is_ratio or (is_sum and not MEAN.search(fold(definition.title)))
