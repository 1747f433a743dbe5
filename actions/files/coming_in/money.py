"""The amounts of a file: on lines of funding, by year in columns, or as one total."""

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal

from actions.files.coming_in import headings as named
from actions.files.coming_in.lines import Said
from actions.files.coming_in.shown import Shown
from actions.files.coming_in.who import Who
from actions.files.coming_in.words import (
    CROSSES,
    EMPTY_MARKS,
    LARGE,
    SHARES_SAID,
    UNKNOWN_YET,
    Over,
    is_amount,
    read_amount,
    read_over,
    read_shares,
    scale_of,
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


class Money:
    """Reads what a file says of one kind of amount (``planned``, ``granted``, ``spent``) into the
    lines of funding of an action."""

    def __init__(
        self, who: Who, asking: Asking, years: list[int], tell: Callable[[Cell, str], None]
    ):
        self.who, self.asking, self.years, self.tell = who, asking, years, tell

    def read(
        self, name: str, said: Said, lines: list[dict], shown: Shown, content: dict
    ) -> tuple[list, list]:
        """Return the lines with these amounts, and the cells that say none, each with why.
        ``content``: who leads the action, and when it is."""
        lines, wrong, touched = [dict(line) for line in lines], [], set()
        given = [(row, Meaning(name), True) for row in said.fundings]
        for row in said.rows:
            told = [meaning for meaning in row.meanings if meaning.name == name]
            parts = [meaning for meaning in told if meaning.part]
            try:
                totals = [m for m in told if not m.part and self._is_total(row, m, parts, said)]
            except Wrong as one:
                totals, wrong = told, [*wrong, *one.told]
            given += [(row, meaning, False) for meaning in told if meaning not in totals]
        for row, meaning, is_line in given:
            try:
                self._read_one(row, meaning, is_line, said, lines, shown, content, touched)
            except Wrong as one:
                wrong += one.told
        if name == named.PLANNED:
            for row in said.rows:
                try:
                    self._read_funders(row, said, lines, shown, content, touched)
                except Wrong as one:
                    wrong += one.told
        return lines, wrong

    def _is_total(self, row: Row, meaning: Meaning, parts: list[Meaning], said: Said) -> bool:
        """Whether an amount is that of all who have a column of their own. Raises Wrong where it is
        not their sum, and nobody has said what it is then."""
        cell = row.cell_of(meaning)
        shares = [one for one in parts if meaning.year in (None, one.year)]
        told = [self._plain(row, one, said) for one in shares]
        told = [amount for amount in told if amount is not None]
        total = self._plain(row, meaning, said) if told else None
        if total is None:
            return False
        whole = sum(told)
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
            self.tell(cell, f"ce total n’est pas gardé ; ses financeurs font {euros(whole)}.")
            return True
        sentence = f"Les financeurs de cette ligne font {euros(whole)}, et son total {euros(total)}"
        raise Wrong((cell.address, f"{sentence} : corrigez l’un ou l’autre, ou dites que garder."))

    def _plain(self, row: Row, meaning: Meaning, said: Said) -> Decimal | None:
        """The amount of a cell that holds one."""
        cell = row.cell_of(meaning)
        text = typed_in(cell, said.label, self.asking)
        if text is None or text in EMPTY_MARKS or not is_amount(text):
            return None
        return self._amount(text, cell, row, meaning)[0]

    def _amount(self, text: str, cell: Cell, row: Row, meaning: Meaning):
        """An amount in euros, also where its heading says that its column is in thousands; asked
        where only the title above the table does, or where its cell says euros below thousands."""
        amount, is_yearly = _amount(text, cell)
        if not amount or LARGE.search(text):
            return amount, is_yearly
        heading = row.table.by_number[row.table.places[meaning]].heading
        above = heading.text if heading is not None else ""
        if SHARES_SAID.search(above):
            told = f"« {text[:40]} » : le titre de la colonne parle de parts, non d’euros."
            raise Wrong((cell.address, f"{told} Écrivez le montant."))
        words, scale = scale_of(above)
        is_of_column, is_in_euros = bool(words), "€" in text
        if is_of_column and not is_in_euros:
            return amount * scale, is_yearly
        if not is_of_column:
            words, scale = scale_of(row.table.title)
        if not words or (is_in_euros and not is_of_column):
            return amount, is_yearly
        return amount * self._scale(words, scale, is_of_column, text, cell), is_yearly

    def _scale(self, words: str, scale: int, is_of_column: bool, text: str, cell: Cell) -> int:
        """By what amounts are multiplied, as was answered."""
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
            told = f"« {text[:40]} » : dites si ces montants sont en {words} d’euros."
            raise Wrong((cell.address, told))
        return scale if answer == "oui" else 1

    def _read_funders(self, row, said, lines, shown, content, touched) -> None:
        """Funders on a line that has no amount beside: theirs stand with their names, or nothing is
        kept of them, which is told."""
        cell, meaning = row.cell(named.FUNDER), Meaning(named.PLANNED)
        has_amount = any(one.name in named.AMOUNTS for one in row.meanings)
        if cell is None or has_amount or shown.has(cell, Meaning(named.FUNDER)):
            return
        text = typed_in(cell, said.label, self.asking)
        if text is None or text in EMPTY_MARKS:
            return
        if shares := read_shares(text):
            self._read_shares(shares, row, meaning, cell, lines, content, touched)
        else:
            self.tell(cell, f"« {text[:60]} » : sans montant à côté, rien n’en est enregistré.")

    def _read_shares(self, shares, row, meaning, cell, lines, content, touched) -> None:
        """What a cell says of each funder."""
        for funder, told in shares:
            amount, is_yearly = _amount(told, cell)
            about = _About(row, meaning, self.who, cell, is_line=False, funder=funder)
            self._keep(about, amount, is_yearly, lines, content, touched)

    def _read_one(self, row, meaning, is_line, said, lines, shown, content, touched) -> None:
        cell = row.cell_of(meaning)
        if cell is None or (not is_line and shown.has(cell, meaning)):
            return
        text = typed_in(cell, said.label, self.asking)
        if text is None or text in EMPTY_MARKS:
            return
        if text.casefold() in CROSSES and not meaning.part:
            return
        if fold(text) in UNKNOWN_YET:
            self.tell(cell, f"« {text} » : aucun montant n’est enregistré.")
            return
        is_of_one = is_line or meaning.part or row.text(named.FUNDER)
        shares = [] if is_of_one else read_shares(text)
        # Below a heading of money, a word may also be what is paid for: « Formateur 800 € ».
        if any(self.who.known(who) or self.who.is_ambiguous(who) for who, _ in shares):
            self._read_shares(shares, row, meaning, cell, lines, content, touched)
            return
        text, over = read_over(text)
        amount, is_yearly = self._amount(text, cell, row, meaning)
        about = _About(row, meaning, self.who, cell, is_line=is_line, funder=meaning.part)
        if over is not None and amount is not None:
            for year, part in self._spread(about, amount, over, content).items():
                self._keep_one(about, year, part, lines, content, touched)
            return
        self._keep(about, amount, is_yearly, lines, content, touched)
        if amount is None and meaning.name == named.PLANNED:
            lines[:] = [line for line in lines if line[meaning.name] is not None]

    def _keep(self, about, amount, is_yearly, lines, content, touched) -> None:
        """Write an amount into the lines of funding that it is of."""
        for year in self._years(about, amount, content, lines, is_yearly=is_yearly):
            self._keep_one(about, year, amount, lines, content, touched)

    def _keep_one(self, about, year, amount, lines, content, touched) -> None:
        """Write an amount into the line of funding of a year."""
        line = self._line(about, year, amount, lines, content)
        if line is None:
            return
        if id(line) in touched:
            told = "Ce financement est donné deux fois dans le fichier : réunissez ses lignes."
            raise Wrong((about.cell.address, told))
        touched.add(id(line))
        line[about.name] = amount

    def _spread(self, about, amount: Decimal, over: Over, content) -> dict[int, Decimal]:
        """Return what an amount over several years is in each, as was answered; nothing of one that
        was left out. Raises Wrong for years that nobody knows, or that its column contradicts."""
        starts, ends = content["starts_on"], content["ends_on"]
        first = over.first or (int(starts[:4]) if starts else None)
        count = over.count
        if count is None and starts and ends:
            count = int(ends[:4]) - int(starts[:4]) + 1
        said = about.cell.text.strip()[:40]
        if about.year or first is None or count is None or not 1 <= count <= MOST_YEARS:
            told = f"« {said} » : donnez un montant par année, une colonne chacune."
            raise Wrong((about.cell.address, told))
        answer = self.asking.ask(
            "montants:periode",
            f"« {said} » : comment répartir un montant donné pour plusieurs années ?",
            about.cell.address,
            [
                Choice(EQUALLY, "à parts égales, une par année"),
                Choice(START, "tout sur la première année"),
                Choice(LEFT, "le laisser de côté"),
            ],
        )
        if answer == LEFT:
            self.tell(about.cell, "ce montant est laissé de côté.")
            return {}
        if not answer:
            told = f"« {said} » : dites comment le répartir entre les années."
            raise Wrong((about.cell.address, told))
        if answer == START:
            return {first: amount}
        part = (amount / count).quantize(CENT, ROUND_DOWN)
        parts = {first + n: part for n in range(count)}
        parts[first + count - 1] = amount - part * (count - 1)
        return parts

    def _years(self, about, amount, content, lines, *, is_yearly) -> list[int | None]:
        """The years that an amount is of; none where it was left out."""
        if about.year:
            return [about.year]
        if is_yearly:
            return self._each_year(about.cell, content)
        if about.funder_text == "" and any(line[about.name] is not None for line in lines):
            return [None]
        answer = self.asking.ask(
            "annee:montants",
            "Le fichier ne dit pas de quelle année sont ces montants : laquelle ?",
            about.cell.address,
            [
                Choice(START, "celle où chaque action commence"),
                *(Choice(str(year), str(year)) for year in self.years),
                Choice(LEFT, "les laisser de côté"),
            ],
        )
        if answer == LEFT:
            self.tell(about.cell, "ce montant est laissé de côté.")
            return []
        if answer == START and content["starts_on"]:
            return [int(content["starts_on"][:4])]
        if answer.isdecimal():
            return [int(answer)]
        missing = "Dites de quelle année est ce montant"
        if answer == START:
            missing = "L’action n’a pas de début : dites-le, choisissez une autre année ci-dessus"
        raise Wrong((about.cell.address, f"{missing}, ou ajoutez une colonne « Année »."))

    def _each_year(self, cell: Cell, content: dict) -> list[int]:
        starts, ends = content["starts_on"], content["ends_on"]
        if not (starts and ends):
            told = "Un montant par an demande le début et la fin de l’action ; ou donnez un montant"
            raise Wrong((cell.address, f"{told} par année, une colonne chacune."))
        answer = self.asking.ask(
            "montants:par an",
            f"« {cell.text.strip()[:40]} » : ce montant chaque année de l’action ?",
            cell.address,
            [Choice("oui", "oui, chaque année"), Choice(LEFT, "non, le laisser de côté")],
        )
        if answer == LEFT:
            self.tell(cell, "ce montant est laissé de côté.")
            return []
        if not answer:
            raise Wrong(
                (cell.address, "Dites si ce montant est celui de chaque année de l’action.")
            )
        return list(range(int(starts[:4]), int(ends[:4]) + 1))

    def _line(self, about, year, amount, lines, content) -> dict | None:
        """The line of funding that an amount is of, added where there is none."""
        close = [line for line in lines if year in (None, line["year"]) and about.fits(line)]
        if not about.is_exact:
            close = [line for line in close if line[about.name] is not None] or close
        total = sum((Decimal(line[about.name] or 0) for line in close), Decimal(0))
        if len(close) > 1:
            if amount == total:
                return None
            told = f"en {year}" if year else "en tout"
            raise Wrong((
                about.cell.address,
                f"Plusieurs financements font {euros(total)} {told} : {ONE_BY_ONE}",
            ))  # fmt: skip
        if close:
            return close[0]
        if amount is None:
            return None
        funder, funder_name = self._funder(about, content)
        if not (funder or funder_name):
            return None
        line = {
            "funder": funder and {"id": funder.pk, "name": str(funder)},
            "funder_name": funder_name,
            "year": year,
            "nature": about.nature or Nature.OPERATING.value,
            "scheme": about.scheme,
        } | dict.fromkeys(_amounts_of(about.name))
        lines.append(line)
        return line

    def _funder(self, about, content) -> tuple[Organisation | None, str]:
        text = about.funder_text
        if text:
            several = len(list(self.who.pieces(text, is_list=True))) > 1
            if (several or any(map(str.isdigit, text))) and not self.who.known(text):
                told = f"« {text[:60]} » : un montant a un seul financeur. S’il y en a plusieurs, "
                raise Wrong((about.funder_cell.address, f"{told}{ONE_BY_ONE}"))
            if self.who.known(text) or self.who.is_ambiguous(text):
                return self.who.find(text, about.funder_cell, "quel financeur"), ""
            return None, text
        answer = self.asking.ask(
            "financeur:montants",
            "Le fichier ne dit pas qui apporte ces montants : qui ?",
            about.cell.address,
            [
                Choice(LEAD, "le premier pilote de chaque action"),
                *(Choice(str(o.pk), f"{o.acronym} – {o.name}") for o in self.who.organisations),
                Choice(LEFT, "les laisser de côté"),
            ],
        )
        if answer == LEFT:
            self.tell(about.cell, "ce montant est laissé de côté.")
            return None, ""
        if answer == LEAD and content["leads"]:
            return self.who.linked(content["leads"][0]["organisation"]), ""
        if answer in self.who.by_key:
            return self.who.by_key[answer], ""
        raise Wrong((
            about.cell.address,
            "Dites qui finance : ajoutez une colonne « Financeur », ou répondez pour tout le "
            "fichier.",
        ))  # fmt: skip


def _amount(text: str, cell: Cell) -> tuple[Decimal | None, bool]:
    """An amount, None where it is to go, and whether it is one a year."""
    if fold(text) in ERASE:
        return None, False
    try:
        return read_amount(text)
    except NotANumber as refusal:
        raise Wrong((cell.address, str(refusal))) from refusal


class _About:
    """Which line of funding a row tells of, as far as it does."""

    def __init__(
        self, row: Row, meaning: Meaning, who: Who, cell: Cell, *, is_line: bool, funder: str = ""
    ):
        self.name, self.cell, self.who = meaning.name, cell, who
        self.funder_cell = cell if funder else row.cell(named.FUNDER)
        self.funder_text = funder or row.text(named.FUNDER)
        self.scheme = row.text(named.SCHEME)
        self.is_exact = is_line and row.table.has(named.SCHEME)
        self.nature = _nature(row)
        self.year = meaning.year
        if self.year is None and (is_line or row.table.has(named.FUNDER)):
            self.year = _year(row)
        if is_line and not (self.funder_text and self.year):
            told = "Une ligne de financement a un financeur et une année."
            raise Wrong((cell.address, told))

    def fits(self, line: dict) -> bool:
        who = (line["funder"] or {}).get("name") or line["funder_name"]
        if self.funder_text and fold(who) != fold(self.funder_text):
            known = self.who.known(self.funder_text)
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
    said = fold(cell.text) if cell else ""
    found = [key for key, label in Nature.choices if said and fold(label).startswith(said[:4])]
    if said and not found:
        told = f"« {cell.text.strip()[:40]} » : écrivez « fonctionnement » ou « investissement »."
        raise Wrong((cell.address, told))
    return found[0] if found else ""


def _amounts_of(name: str) -> tuple[str, ...]:
    return (named.PLANNED,) if name == named.PLANNED else (named.GRANTED, named.SPENT)
