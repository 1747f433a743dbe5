"""Places of figures: the whole territory and its communes, several lines for one place, and what a
column as a whole makes improbable.
"""

from collections import defaultdict
from decimal import Decimal
from itertools import pairwise

from ctg_portal.templatetags.french import enumerate_words, plural
from ctg_portal.templatetags.french import number as in_french
from indicators.values.files import headings as named
from indicators.values.files.reads import Read, Target, adds_up
from spreadsheets.columns.corrections import Corrections
from spreadsheets.columns.doubts import Doubt, doubtful_columns
from spreadsheets.columns.habits import Reading

TENFOLD, FEWEST, LEAST = 10, 4, 50
NOT_ADDED = "des taux, des moyennes ou des médianes ne s’additionnent pas"


class Places:
    """The places of all records of a file for one target."""

    def __init__(self, target: Target, corrections: Corrections):
        self.target, self.corrections = target, corrections
        self.knowledge = target.knowledge

    def settle(self, reads: list[Read]) -> None:
        """Leave one record for each slot: parts of a commune of today are added up, and so are the
        communes of what is counted for the whole, once somebody has confirmed it."""
        by_entry: dict[int, list[Read]] = defaultdict(list)
        for read in reads:
            if read.is_open and read.entry is not None:
                by_entry[id(read.entry)].append(read)
        for group in by_entry.values():
            is_by_commune = group[0].entry is not None and group[0].entry.is_by_commune
            if not is_by_commune:
                self._settle_whole(group)
            by_slot: dict[str, list[Read]] = defaultdict(list)
            for read in group:
                if read.is_open:
                    by_slot[self.target.key(read.slot)].append(read)
            for twins in by_slot.values():
                self._settle_twins(twins)
            if is_by_commune:
                self._doubt_whole([read for read in group if read.is_open])

    def _settle_whole(self, group: list[Read]) -> None:
        """Ask what lines are, of an indicator of the territory, that name a commune are."""
        parts = [read for read in group if read.commune is not None]
        if not parts:
            for read in group:
                self._doubt_unread_commune(read)
            return
        rule = f"sum-{parts[0].slot.entry.indicator_id}"
        whole = [read for read in group if read.commune is None and read.number is not None]
        if whole:
            for read in parts:
                read.leave("une commune : le chiffre du territoire est dans le fichier")
            return
        definition = parts[0].definition
        numbers = [read.number for read in parts]
        if not adds_up(definition) or None in numbers:
            why = NOT_ADDED if not adds_up(definition) else "il manque un chiffre"
            for read in parts:
                read.leave(f"une commune, là où le territoire entier est attendu ; {why}")
            return
        first, *rest = parts
        total = sum((n for n in numbers if n is not None), Decimal())
        count = plural(len(parts), "commune,communes")
        text = (
            f"le territoire entier est attendu : somme de {count}, {in_french(total)}"
            if rest
            else f"le territoire entier est attendu, et la ligne est de {first.commune}"
        )
        first.doubts.append((Doubt(rule, text), first.cell.address))
        first.note = f"Somme de {count}." if rest else f"{first.commune} seule."
        first.readings[named.VALUE] = Reading(total)
        first.commune = None
        for read in rest:
            read.leave(f"comptée dans la somme, ligne {first.row.place}")

    def _doubt_unread_commune(self, read: Read) -> None:
        """Doubt a figure of the territory whose line names a commune in a column that is not
        read."""
        for cell in read.record.unread:
            match = self.knowledge.gazetteer.find(cell.text) if cell.is_text else None
            if match is not None:
                text = f"la ligne nomme {match.commune}, dans une colonne qui n’est pas lue"
                read.doubts.append((Doubt("place", text), read.cell.address))

    def _settle_twins(self, twins: list[Read]) -> None:
        """Settle several lines for one place and indicator: those that say the same are one, parts
        of a commune of today are added up, and of others one is chosen."""
        first, *rest = twins
        if not rest:
            if first.former is not None:
                text = (
                    f"{first.former.name} n’est plus qu’une partie de {first.commune} : ce chiffre "
                    "est-il celui de toute la commune ?"
                )
                first.doubts.append((Doubt("part", text), first.cell.address))
            return
        numbers = [read.number for read in twins]
        is_parts = all(read.former or read.is_commune_chosen for read in twins)
        if is_parts and None not in numbers and adds_up(first.definition):
            total = sum((n for n in numbers if n is not None), Decimal())
            names = [read.record.text(named.COMMUNE) or str(read.commune) for read in twins]
            listed = enumerate_words(names)
            text = f"{listed} font {first.commune} aujourd’hui : somme, {in_french(total)}"
            first.doubts.append((Doubt("merged", text), first.cell.address))
            first.readings[named.VALUE] = Reading(total)
            first.note = f"Somme de {listed}."
            for read in rest:
                read.leave(f"comptée dans la somme, ligne {first.row.place}")
            return
        if len({tuple(sorted(_texts(read).items())) for read in twins}) == 1:
            for read in rest:
                read.leave(f"la même que la ligne {first.row.place}")
            return
        chosen = [read for read in twins
                  if self.corrections.confirms("twin", read.cell.address)]  # fmt: skip
        for read in twins:
            others = ", ".join(r.row.place for r in twins if r is not read)
            if len(chosen) == 1 and read is not chosen[0]:
                read.leave(f"la ligne {chosen[0].row.place} a été retenue")
                continue
            text = f"la ligne {others} donne un autre chiffre : est-ce celui-ci qui compte ?"
            text = text.replace("la ligne", "les lignes").replace("donne", "donnent") if (
                len(twins) > 2) else text  # fmt: skip
            read.doubts.append((Doubt("twin", text), read.cell.address))

    def _doubt_whole(self, group: list[Read]) -> None:
        """Doubt a commune's figure that is more than the whole, or ten times that of all others."""
        parts = [read for read in group if read.commune is not None and read.number is not None]
        whole = [read for read in group if read.commune is None]
        if not parts or not adds_up(parts[0].definition):
            return
        totals = [read.number for read in whole if read.number is not None]
        for read in whole:
            if read.commune is None and len(parts) > 1:
                read.leave("le total : le portail le calcule des communes")
        numbers = sorted((read.number or Decimal() for read in parts), reverse=True)
        for read in parts:
            if totals and read.number is not None and read.number > totals[0]:
                text = f"plus que le territoire entier, {in_french(totals[0])}"
                read.doubts.append((Doubt("whole", text), read.cell.address))
            elif (len(numbers) >= FEWEST and read.number == numbers[0] and numbers[0] >= LEAST
                    and numbers[0] >= TENFOLD * numbers[1]):  # fmt: skip
                text = f"dix fois le plus grand des autres, {in_french(numbers[1])}"
                read.doubts.append((Doubt("column", text), read.cell.address))

    def doubt_columns(self, reads: list[Read]) -> None:
        """Doubt what a column as a whole, or an earlier year of the file, makes improbable."""
        figures = [(read.record, read.cell, read.number, read) for read in reads
                   if read.is_open and read.number is not None]  # fmt: skip
        columns = doubtful_columns(
            [(record, cell, number) for record, cell, number, _ in figures if number is not None],
            [read.year for *_, read in figures],
        )
        series: dict[tuple[int, int], list[Read]] = defaultdict(list)
        for _, cell, _, read in figures:
            if doubt := columns.get(cell.address):
                read.doubts.append((doubt, cell.address))
            commune = read.commune.pk if read.commune else 0
            series[read.slot.entry.indicator_id, commune].append(read)
        for line_of_years in series.values():
            line_of_years.sort(key=lambda read: read.year or 0)
            for before, read in pairwise(line_of_years):
                numbers = (before.number or Decimal(), read.number or Decimal())
                low, high = sorted(map(abs, numbers))
                if before.year != read.year and high >= LEAST and high >= TENFOLD * low:
                    text = f"{in_french(before.number)} en {before.year} dans ce fichier"
                    read.doubts.append((Doubt("series", text), read.cell.address))


def _texts(read: Read) -> dict[str, str]:
    return {name: str(reading.number) + reading.absence for name, reading in read.readings.items()}
