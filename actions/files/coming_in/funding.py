"""Read amounts of a file into lines of funding: from lines, from columns of years, from totals."""

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal

from actions.files.coming_in import headings as named
from actions.files.coming_in.current import CurrentCells
from actions.files.coming_in.lines import ActionOfFile
from actions.files.coming_in.organisations import Organisations
from actions.files.coming_in.words import (
    CROSSES,
    EMPTY_MARKS,
    LARGE,
    NAMED_SHARES,
    UNKNOWN_YET,
    YearSpan,
    is_amount,
    parse_amount,
    parse_shares,
    scale_of,
    split_years,
)
from actions.plan.faults import CENT
from actions.plan.models import Nature
from conventions.models import Organisation
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import euros
from ctg_portal.text.numbers import NotANumber
from spreadsheets.columns.headings import Meaning
from spreadsheets.columns.questions import LEFT, Asking, Choice
from spreadsheets.columns.tables import Row
from spreadsheets.columns.typed import ERASE, Wrong, typed_in
from spreadsheets.reading.cells import Cell

START, LEAD, EQUALLY = "debut", "pilote", "parts"
MOST_YEARS = 30
ONE_BY_ONE = (
    "donnez-les un par un, dans une feuille « Financements » (Titre, Financeur, Année, Prévu)."
)


class FundingReader:
    """Reads one kind of amount of an action (``planned``, ``granted``, ``spent``) into its lines of
    funding."""

    def __init__(
        self,
        organisations: Organisations,
        asking: Asking,
        years: list[int],
        remark: Callable[[Cell, str], None],
    ):
        self.organisations, self.asking = organisations, asking
        self.years, self.remark = years, remark

    def read(
        self,
        name: str,
        file_action: ActionOfFile,
        lines: list[dict],
        current: CurrentCells,
        content: dict,
    ) -> tuple[list, list]:
        """Return the lines of funding with the amounts of this kind, and the cells that hold none,
        each with why. ``content`` says who leads the action and when it takes place."""
        lines, wrong, touched = [dict(line) for line in lines], [], set()
        given = [(row, Meaning(name), True) for row in file_action.fundings]
        for row in file_action.rows:
            meanings = [meaning for meaning in row.meanings if meaning.name == name]
            parts = [meaning for meaning in meanings if meaning.part]
            try:
                totals = [
                    m for m in meanings if not m.part and self._is_total(row, m, parts, file_action)
                ]
            except Wrong as error:
                totals, wrong = meanings, [*wrong, *error.told]
            given += [(row, meaning, False) for meaning in meanings if meaning not in totals]
        for row, meaning, is_line in given:
            try:
                self._read_cell(
                    row, meaning, is_line, file_action, lines, current, content, touched
                )
            except Wrong as error:
                wrong += error.told
        if name == named.PLANNED:
            for row in file_action.rows:
                try:
                    self._read_funders(row, file_action, lines, current, content, touched)
                except Wrong as error:
                    wrong += error.told
        return lines, wrong

    def _is_total(
        self, row: Row, meaning: Meaning, parts: list[Meaning], file_action: ActionOfFile
    ) -> bool:
        """Return whether an amount is the total of the funders with columns of their own. Raises
        Wrong where it is not their sum, until somebody has said which counts."""
        cell = row.cell_of(meaning)
        shares = [part for part in parts if meaning.year in (None, part.year)]
        amounts = [self._amount_if_any(row, share, file_action) for share in shares]
        amounts = [amount for amount in amounts if amount is not None]
        total = self._amount_if_any(row, meaning, file_action) if amounts else None
        if total is None:
            return False
        whole = sum(amounts)
        if total == whole:
            return True
        answer = self.asking.ask(
            "total:financeurs",
            "Des totaux ne sont pas la somme des financeurs qui ont leur colonne : que garder ?",
            cell.address,
            [Choice(named.FUNDER, "les montants des financeurs seuls"),
             Choice(LEFT, "rien avant que le fichier soit corrigé")],
        )  # fmt: skip
        if answer == named.FUNDER:
            self.remark(cell, f"ce total n’est pas gardé ; ses financeurs font {euros(whole)}.")
            return True
        sentence = f"Les financeurs de cette ligne font {euros(whole)}, et son total {euros(total)}"
        raise Wrong((cell.address, f"{sentence} : corrigez l’un ou l’autre, ou dites que garder."))

    def _amount_if_any(
        self, row: Row, meaning: Meaning, file_action: ActionOfFile
    ) -> Decimal | None:
        """Return the amount of a cell; None if it holds none."""
        cell = row.cell_of(meaning)
        text = typed_in(cell, file_action.label, self.asking)
        if text is None or text in EMPTY_MARKS or not is_amount(text):
            return None
        return self._amount_in_euros(text, cell, row, meaning)[0]

    def _amount_in_euros(self, text: str, cell: Cell, row: Row, meaning: Meaning):
        """Return an amount in euros, and whether it is one a year. A scale in the heading of the
        column counts; a scale in the title above the table, or beside a cell in euros, is asked
        about."""
        amount, is_yearly = _parse_amount(text, cell)
        if not amount or LARGE.search(text):
            return amount, is_yearly
        heading = row.table.by_number[row.table.places[meaning]].heading
        above = heading.text if heading is not None else ""
        if NAMED_SHARES.search(above):
            problem = f"« {text[:40]} » : le titre de la colonne parle de parts, non d’euros."
            raise Wrong((cell.address, f"{problem} Écrivez le montant."))
        words, scale = scale_of(above)
        is_of_column, is_in_euros = bool(words), "€" in text
        if is_of_column and not is_in_euros:
            return amount * scale, is_yearly
        if not is_of_column:
            words, scale = scale_of(row.table.title)
        if not words or (is_in_euros and not is_of_column):
            return amount, is_yearly
        return amount * self._ask_scale(words, scale, is_of_column, text, cell), is_yearly

    def _ask_scale(self, words: str, scale: int, is_of_column: bool, text: str, cell: Cell) -> int:
        """Return by what amounts are to be multiplied, as was answered. Raises Wrong until it
        is."""
        above = "de la colonne" if is_of_column else "du tableau"
        answer = self.asking.ask(
            f"montants:{words}{':colonne' if is_of_column else ''}",
            f"Le titre {above} parle de {words} d’euros : ses montants le sont-ils ?",
            cell.address,
            [
                Choice("oui", f"oui, 12 y vaut {euros(Decimal(12 * scale))}"),
                Choice("non", "non, ils sont en euros"),
            ],
        )
        if not answer:
            problem = f"« {text[:40]} » : dites si ces montants sont en {words} d’euros."
            raise Wrong((cell.address, problem))
        return scale if answer == "oui" else 1

    def _read_funders(self, row, file_action, lines, current, content, touched) -> None:
        """Write the amounts that stand with the names of funders, on a line without a column of
        amounts; else remark that nothing is saved of them."""
        cell, meaning = row.cell(named.FUNDER), Meaning(named.PLANNED)
        has_amount = any(one.name in named.AMOUNTS for one in row.meanings)
        if cell is None or has_amount or current.matches(cell, Meaning(named.FUNDER)):
            return
        text = typed_in(cell, file_action.label, self.asking)
        if text is None or text in EMPTY_MARKS:
            return
        if shares := parse_shares(text):
            self._write_shares(shares, row, meaning, cell, lines, content, touched)
        else:
            self.remark(cell, f"« {text[:60]} » : sans montant à côté, rien n’en est enregistré.")

    def _write_shares(self, shares, row, meaning, cell, lines, content, touched) -> None:
        for funder, text in shares:
            amount, is_yearly = _parse_amount(text, cell)
            key = _FundingKey(row, meaning, self.organisations, cell, is_line=False, funder=funder)
            self._write_years(key, amount, is_yearly, lines, content, touched)

    def _read_cell(
        self, row, meaning, is_line, file_action, lines, current, content, touched
    ) -> None:
        cell = row.cell_of(meaning)
        if cell is None or (not is_line and current.matches(cell, meaning)):
            return
        text = typed_in(cell, file_action.label, self.asking)
        if text is None or text in EMPTY_MARKS:
            return
        if text.casefold() in CROSSES and not meaning.part:
            return
        if fold(text) in UNKNOWN_YET:
            self.remark(cell, f"« {text} » : aucun montant n’est enregistré.")
            return
        is_of_one = is_line or meaning.part or row.text(named.FUNDER)
        shares = [] if is_of_one else parse_shares(text)
        # Below a heading of money, a word may also be what is paid for: « Formateur 800 € ».
        if any(
            self.organisations.known(funder) or self.organisations.is_ambiguous(funder)
            for funder, _ in shares
        ):
            self._write_shares(shares, row, meaning, cell, lines, content, touched)
            return
        text, span = split_years(text)
        amount, is_yearly = self._amount_in_euros(text, cell, row, meaning)
        key = _FundingKey(
            row, meaning, self.organisations, cell, is_line=is_line, funder=meaning.part
        )
        if span is not None and amount is not None:
            for year, part in self._ask_spread(key, amount, span, content).items():
                self._write(key, year, part, lines, content, touched)
            return
        self._write_years(key, amount, is_yearly, lines, content, touched)
        if amount is None and meaning.name == named.PLANNED:
            lines[:] = [line for line in lines if line[meaning.name] is not None]

    def _write_years(self, key, amount, is_yearly, lines, content, touched) -> None:
        """Write an amount into the lines of funding of its years."""
        for year in self._ask_years(key, amount, content, lines, is_yearly=is_yearly):
            self._write(key, year, amount, lines, content, touched)

    def _write(self, key, year, amount, lines, content, touched) -> None:
        """Write an amount into the line of funding of a year. Raises Wrong for a line that the file
        gives twice."""
        line = self._line_for(key, year, amount, lines, content)
        if line is None:
            return
        if id(line) in touched:
            problem = "Ce financement est donné deux fois dans le fichier : réunissez ses lignes."
            raise Wrong((key.cell.address, problem))
        touched.add(id(line))
        line[key.name] = amount

    def _ask_spread(self, key, amount: Decimal, span: YearSpan, content) -> dict[int, Decimal]:
        """Return the part of each year in an amount for several years, as was answered; nothing if
        it was left out. Raises Wrong for years that are unknown or that the column contradicts."""
        starts, ends = content["starts_on"], content["ends_on"]
        first = span.first or (int(starts[:4]) if starts else None)
        count = span.count
        if count is None and starts and ends:
            count = int(ends[:4]) - int(starts[:4]) + 1
        text = key.cell.text.strip()[:40]
        if key.year or first is None or count is None or not 1 <= count <= MOST_YEARS:
            problem = f"« {text} » : donnez un montant par année, une colonne chacune."
            raise Wrong((key.cell.address, problem))
        answer = self.asking.ask(
            "montants:periode",
            f"« {text} » : comment répartir un montant donné pour plusieurs années ?",
            key.cell.address,
            [
                Choice(EQUALLY, "à parts égales, une par année"),
                Choice(START, "tout sur la première année"),
                Choice(LEFT, "le laisser de côté"),
            ],
        )
        if answer == LEFT:
            self.remark(key.cell, "ce montant est laissé de côté.")
            return {}
        if not answer:
            problem = f"« {text} » : dites comment le répartir entre les années."
            raise Wrong((key.cell.address, problem))
        if answer == START:
            return {first: amount}
        part = (amount / count).quantize(CENT, ROUND_DOWN)
        parts = {first + n: part for n in range(count)}
        parts[first + count - 1] = amount - part * (count - 1)
        return parts

    def _ask_years(self, key, amount, content, lines, *, is_yearly) -> list[int | None]:
        """Return the years that an amount is for, as was answered where the file does not say; none
        if it was left out."""
        if key.year:
            return [key.year]
        if is_yearly:
            return self._ask_each_year(key.cell, content)
        if key.funder_text == "" and any(line[key.name] is not None for line in lines):
            return [None]
        answer = self.asking.ask(
            "annee:montants",
            "Le fichier ne dit pas de quelle année sont ces montants : laquelle ?",
            key.cell.address,
            [
                Choice(START, "celle où chaque action commence"),
                *(Choice(str(year), str(year)) for year in self.years),
                Choice(LEFT, "les laisser de côté"),
            ],
        )
        if answer == LEFT:
            self.remark(key.cell, "ce montant est laissé de côté.")
            return []
        if answer == START and content["starts_on"]:
            return [int(content["starts_on"][:4])]
        if answer.isdecimal():
            return [int(answer)]
        missing = "Dites de quelle année est ce montant"
        if answer == START:
            missing = "L’action n’a pas de début : dites-le, choisissez une autre année ci-dessus"
        raise Wrong((key.cell.address, f"{missing}, ou ajoutez une colonne « Année »."))

    def _ask_each_year(self, cell: Cell, content: dict) -> list[int]:
        starts, ends = content["starts_on"], content["ends_on"]
        if not (starts and ends):
            problem = (
                "Un montant par an demande le début et la fin de l’action ; ou donnez un montant"
            )
            raise Wrong((cell.address, f"{problem} par année, une colonne chacune."))
        answer = self.asking.ask(
            "montants:par an",
            f"« {cell.text.strip()[:40]} » : ce montant chaque année de l’action ?",
            cell.address,
            [Choice("oui", "oui, chaque année"), Choice(LEFT, "non, le laisser de côté")],
        )
        if answer == LEFT:
            self.remark(cell, "ce montant est laissé de côté.")
            return []
        if not answer:
            raise Wrong(
                (cell.address, "Dites si ce montant est celui de chaque année de l’action.")
            )
        return list(range(int(starts[:4]), int(ends[:4]) + 1))

    def _line_for(self, key, year, amount, lines, content) -> dict | None:
        """Return the line of funding that an amount belongs to, added where there is none; None
        where nothing is to be written."""
        close = [line for line in lines if year in (None, line["year"]) and key.fits(line)]
        if not key.is_exact:
            close = [line for line in close if line[key.name] is not None] or close
        total = sum((Decimal(line[key.name] or 0) for line in close), Decimal(0))
        if len(close) > 1:
            if amount == total:
                return None
            when = f"en {year}" if year else "en tout"
            raise Wrong((
                key.cell.address,
                f"Plusieurs financements font {euros(total)} {when} : {ONE_BY_ONE}",
            ))  # fmt: skip
        if close:
            return close[0]
        if amount is None:
            return None
        funder, funder_name = self._ask_funder(key, content)
        if not (funder or funder_name):
            return None
        line = {
            "funder": funder and {"id": funder.pk, "name": str(funder)},
            "funder_name": funder_name,
            "year": year,
            "nature": key.nature or Nature.OPERATING.value,
            "scheme": key.scheme,
        } | dict.fromkeys(_amounts_of(key.name))
        lines.append(line)
        return line

    def _ask_funder(self, key, content) -> tuple[Organisation | None, str]:
        text = key.funder_text
        if text:
            several = len(list(self.organisations.pieces(text, is_list=True))) > 1
            if (several or any(map(str.isdigit, text))) and not self.organisations.known(text):
                problem = (
                    f"« {text[:60]} » : un montant a un seul financeur. S’il y en a plusieurs, "
                )
                raise Wrong((key.funder_cell.address, f"{problem}{ONE_BY_ONE}"))
            if self.organisations.known(text) or self.organisations.is_ambiguous(text):
                return self.organisations.find(text, key.funder_cell, "quel financeur"), ""
            return None, text
        answer = self.asking.ask(
            "financeur:montants",
            "Le fichier ne dit pas qui apporte ces montants : qui ?",
            key.cell.address,
            [
                Choice(LEAD, "le premier pilote de chaque action"),
                *(Choice(str(o.pk), f"{o.acronym} – {o.name}") for o in self.organisations.rows),
                Choice(LEFT, "les laisser de côté"),
            ],
        )
        if answer == LEFT:
            self.remark(key.cell, "ce montant est laissé de côté.")
            return None, ""
        if answer == LEAD and content["leads"]:
            return self.organisations.linked(content["leads"][0]["organisation"]), ""
        if answer in self.organisations.by_key:
            return self.organisations.by_key[answer], ""
        raise Wrong((
            key.cell.address,
            "Dites qui finance : ajoutez une colonne « Financeur », ou répondez pour tout le "
            "fichier.",
        ))  # fmt: skip


def _parse_amount(text: str, cell: Cell) -> tuple[Decimal | None, bool]:
    """Return an amount, None where it is to be erased, and whether it is one a year. Raises
    Wrong."""
    if fold(text) in ERASE:
        return None, False
    try:
        return parse_amount(text)
    except NotANumber as refusal:
        raise Wrong((cell.address, str(refusal))) from refusal


class _FundingKey:
    """What a row says of the line of funding that an amount belongs to."""

    def __init__(
        self,
        row: Row,
        meaning: Meaning,
        organisations: Organisations,
        cell: Cell,
        *,
        is_line: bool,
        funder: str = "",
    ):
        self.name, self.cell, self.organisations = meaning.name, cell, organisations
        self.funder_cell = cell if funder else row.cell(named.FUNDER)
        self.funder_text = funder or row.text(named.FUNDER)
        self.scheme = row.text(named.SCHEME)
        self.is_exact = is_line and row.table.has(named.SCHEME)
        self.nature = _nature(row)
        self.year = meaning.year
        if self.year is None and (is_line or row.table.has(named.FUNDER)):
            self.year = _year(row)
        if is_line and not (self.funder_text and self.year):
            problem = "Une ligne de financement a un financeur et une année."
            raise Wrong((cell.address, problem))

    def fits(self, line: dict) -> bool:
        """Return whether a line of funding agrees with all that the row says."""
        funder = (line["funder"] or {}).get("name") or line["funder_name"]
        if self.funder_text and fold(funder) != fold(self.funder_text):
            known = self.organisations.known(self.funder_text)
            if known is None or (line["funder"] or {}).get("id") != known.pk:
                return False
        if self.nature and line["nature"] != self.nature:
            return False
        if self.scheme or self.is_exact:
            return fold(line["scheme"]) == fold(self.scheme)
        return True


def _year(row: Row) -> int | None:
    cell = row.cell(named.YEAR)
    if cell is None:
        return None
    text = cell.text.strip()
    if not (text.isdecimal() and len(text) == 4):
        raise Wrong((cell.address, f"« {text[:40]} » : une année s’écrit comme « 2022 »."))
    return int(text)


def _nature(row: Row) -> str:
    cell = row.cell(named.NATURE)
    word = fold(cell.text) if cell else ""
    keys = [name for name, label in Nature.choices if word and fold(label).startswith(word[:4])]
    if word and not keys:
        problem = (
            f"« {cell.text.strip()[:40]} » : écrivez « fonctionnement » ou « investissement »."
        )
        raise Wrong((cell.address, problem))
    return keys[0] if keys else ""


def _amounts_of(name: str) -> tuple[str, ...]:
    return (named.PLANNED,) if name == named.PLANNED else (named.GRANTED, named.SPENT)
