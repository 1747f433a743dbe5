"""Read what the parties agree to about an action from a file, as the content of a version."""

import datetime
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from django.utils import timezone

from actions.files.coming_in import headings as named
from actions.files.coming_in.current import CurrentCells
from actions.files.coming_in.funding import FundingReader
from actions.files.coming_in.lines import ActionOfFile
from actions.files.coming_in.lookup import number_in
from actions.files.coming_in.organisations import Organisations
from actions.files.coming_in.periods import PERIODS, Period, is_lasting, parse_day, parse_period
from actions.files.coming_in.places import Places
from actions.files.coming_in.words import (
    CROSSES,
    EMPTY_MARKS,
    NO,
    UNKNOWN_YET,
    YES,
    parse_priority,
)
from actions.plan.commitments import ActionCommitment
from actions.plan.faults import TITLE, Fault, incoherent
from actions.plan.models import Priority
from agreements.commitments.fields import Flag
from conventions.models import Commune, Convention
from conventions.territory.naming import ask_which_commune, distinct_names
from ctg_portal.search.rows import fold
from ctg_portal.templatetags.french import in_words
from ctg_portal.text.numbers import Asked, NotANumber, parse_number
from spreadsheets.columns.headings import Meaning, bare
from spreadsheets.columns.questions import LEFT, Asking, Choice
from spreadsheets.columns.typed import ERASE, Wrong, typed_in
from spreadsheets.reading.cells import Cell, Kind

FIELDS = {one.name: one for one in ActionCommitment.fields}
FLAGS = [one.name for one in named.PLAIN if isinstance(one, Flag)]
# The other partners are read with the partners.
TEXTS = [one.name for one in named.PLAIN if one.name not in (*FLAGS, named.OTHER_PARTNERS)]
KEEPING = ("description", "diagnosis", "expected_results")
MEANS = re.compile(
    r"(?P<who>.+?)\s*:\s*(?P<fte>[\d.,]+)\s*(?:ETP|équivalents? temps plein)?\s*"
    r"(?:\((?P<note>[^)]*)\))?",
    re.IGNORECASE,
)
SERIALS = range(36_526, 73_051)  # days of this century, as spreadsheets store them
DAY_ZERO = datetime.date(1899, 12, 30)
ERASED, LASTING = "erased", "lasting"  # in place of a day
# How a cell enumerates, and how many pieces it may have: each is looked up.
LINES, COMMUNES, MOST_PIECES = re.compile(r"\n|;"), re.compile(r"[\n;,/+&]"), 300
PROPOSED = re.compile(r"\s*\(proposée?\)\s*$")


class AgreedReader:
    """Reads the sheets of actions from a file, one action at a time."""

    def __init__(
        self, convention: Convention, organisations: Organisations, places: Places, asking: Asking,
        remark: Callable[[Cell, str], None],
    ):  # fmt: skip
        self.convention, self.organisations, self.places = convention, organisations, places
        self.asking, self.remark = asking, remark
        years = convention.years(timezone.localdate())
        self.funding = FundingReader(
            organisations, asking, [years[0] - 1, *years, years[-1] + 1], remark
        )

    def content_of(
        self, file_action: ActionOfFile, base: dict, current: CurrentCells
    ) -> tuple[dict, list[Fault]]:
        """Return the content of a version, ``base`` with the changes of the file, and the cells
        that no field can take, each with why. Raises Wrong where the title or the theme is
        missing."""
        self.file_action, self.current = file_action, current
        self.unread: list[Fault] = []
        self.organisations.as_text = []
        content = dict(base)
        unknown: list[Fault] = []
        readers: list[Callable[[dict], dict]] = [
            *(partial(self._text, name) for name in TEXTS),
            *(partial(self._flag, name) for name in FLAGS),
            self._title, self._priority, self._objectives, self._theme,
            self._other_themes, self._leads, self._partners, self._calendar, self._communes,
            self._means, self._plans, self._fundings,
        ]  # fmt: skip
        for read in readers:
            try:
                values = read(content)
            except Wrong as error:
                if read in (self._title, self._theme):
                    unknown += error.told
                self.unread += error.told
                continue
            for name, value in values.items():
                content[name] = FIELDS[name].ordered_like(base[name], FIELDS[name].plain(value))
        self.unread += self.organisations.as_text
        if unknown:
            raise Wrong(*((place, reason) for place, reason in self.unread if reason))
        if content != base:
            self._leave_incoherent(content, base)
        return content, self.unread

    def _leave_incoherent(self, content: dict, base: dict) -> None:
        """Restore, field by field, what contradicts the rest or does not fit, and note why; cut a
        title."""
        for _ in FIELDS:
            faults = list(incoherent(content))
            if not faults:
                return
            name, reason = faults[0]
            self.unread.append((self._place(name), reason))
            if name == "title":
                content["title"] = content["title"][:TITLE].rstrip()
            else:
                content[name] = base[name]

    # Cells ----------------------------------------------------------------------------------------

    def _value_of(self, name: str, year: int | None = None) -> tuple[str, Cell] | None:
        """Return the new text of a cell, as somebody would type it, with the cell; None without a
        change."""
        cell = self.file_action.cell(name, year)
        return None if cell is None else self._typed(cell, Meaning(name, year))

    def _typed(self, cell: Cell, meaning: Meaning) -> tuple[str, Cell] | None:
        if self.current.matches(cell, meaning):
            return None
        text = typed_in(cell, self.file_action.label, self.asking)
        return None if text is None or text in EMPTY_MARKS else (text, cell)

    def _values_of(self, name: str) -> list[tuple[str, Cell]]:
        cells = self.file_action.cells.get(Meaning(name), [])
        return [given for cell in cells if (given := self._typed(cell, Meaning(name)))]

    def _is_unknown(self, text: str, cell: Cell) -> bool:
        """Return whether a cell says that its content will be known later; remark on it then."""
        if fold(text) not in UNKNOWN_YET:
            return False
        self.remark(cell, f"« {text[:40]} » : rien n’est enregistré de cette cellule.")
        return True

    def _place(self, name: str) -> str:
        """Return the address of the cell from which a field was read; else that of the action."""
        names = {"ends_on": (named.ENDS, named.PERIOD), "starts_on": (named.STARTS, named.PERIOD),
                 "fundings": (named.PLANNED,)}.get(name, (name,))  # fmt: skip
        cells = [
            cell
            for name in names for meaning, cells in self.file_action.cells.items()
            if meaning.name == name for cell in cells
        ]  # fmt: skip
        return cells[0].address if cells else self.file_action.place

    # Field by field -------------------------------------------------------------------------------

    def _text(self, name: str, content: dict) -> dict:
        given = self._value_of(name)
        return {name: "" if fold(given[0]) in ERASE else given[0]} if given else {}

    def _flag(self, name: str, content: dict) -> dict:
        given = self._value_of(name)
        if not given:
            return {}
        text, cell = given
        if fold(text) not in YES | NO:
            raise Wrong((cell.address, f"« {text[:40]} » : écrivez « oui » ou « non »."))
        return {name: fold(text) in YES}

    def _title(self, content: dict) -> dict:
        if not self.file_action.action:
            return {"title": self.file_action.title}
        given = self._value_of(named.TITLE)
        if given and fold(given[0]) in ERASE:
            raise Wrong((given[1].address, "Une fiche action a un titre : il ne s’efface pas."))
        # Written otherwise, it is the same title: in capitals, without its hyphens.
        if not given or bare(content["title"]) in {bare(given[0]), bare(self.file_action.title)}:
            return {}
        return {"title": self.file_action.title}

    def _priority(self, content: dict) -> dict:
        given = self._value_of("priority")
        if not given or self._is_unknown(*given):
            return {}
        text, cell = given
        priority = parse_priority(text)
        if priority is None:
            priority = self.asking.ask(
                f"priorite:{fold(text)}",
                f"Priorité « {text[:40]} » : est-ce",
                cell.address,
                [*(Choice(k, str(label)) for k, label in Priority.choices),
                 Choice(LEFT, "la laisser de côté")],
            )  # fmt: skip
        if priority == LEFT:
            self.remark(cell, "cette priorité est laissée de côté.")
            return {}
        if not priority:
            problem = f"« {text[:40]} » : une priorité est « haute », « moyenne » ou « basse »."
            raise Wrong((cell.address, problem))
        return {"priority": priority}

    # Where it stands ------------------------------------------------------------------------------

    def _objectives(self, content: dict) -> dict:
        given = self._values_of(named.OBJECTIVES)
        if not given:
            own = self.file_action.context.objective
            return {"objectives": [own]} if own and not self.file_action.action else {}
        if any(fold(text) in ERASE for text, _ in given):
            return {"objectives": []}
        by_name = {fold(link["name"]): link["id"] for link in content["objectives"]}
        by_key = {objective.pk: objective for objective in self.places.objectives}
        objectives, left = [], {}
        for text, cell in given:
            whole = [text] if self.places.objective(text) else pieces_of(text, cell)
            for piece in (PROPOSED.sub("", part).strip(" -–•") for part in whole):
                objective = self.places.objective(piece, self.file_action.context.theme)
                objective = objective or by_key.get(by_name.get(fold(piece)))
                objective = objective or by_key.get(self._ask_objective(piece, cell))
                if objective is not None:
                    objectives.append(objective)
                elif piece:
                    whose = f"des {self.convention.words.objective.plural} de la convention"
                    left |= self._keep_elsewhere(piece, cell, content | left, whose)
        objectives.sort(key=lambda o: (o.theme.axis.number, o.theme.rank, o.rank, o.pk))
        return left | ({"objectives": list(dict.fromkeys(objectives))} if objectives else {})

    def _ask_objective(self, piece: str, cell: Cell) -> int | None:
        close = self.places.similar_objectives(piece) if piece else []
        if not close:
            return None
        answer = self.asking.ask(
            f"objectif:{fold(piece)}",
            f"« {piece[:100]} » correspond à quoi dans la convention ?",
            cell.address,
            [*close, Choice(LEFT, "aucun de ceux-ci")],
        )
        if not answer:
            problem = f"« {piece[:80]} » : dites si c’est « {close[0].label} »."
            raise Wrong((cell.address, problem))
        return int(answer) if answer.isdecimal() else None

    def _keep_elsewhere(self, text: str, cell: Cell, content: dict, wanted: str) -> dict:
        """Return the field, with its text, in which a text that is not what its column should hold
        is kept, as was answered; nothing where it is left out. Raises Wrong until it is
        answered."""
        column = self._heading_of(cell)
        answer = self.asking.ask(
            f"garder:{fold(column)}",
            f"La colonne « {column} » contient autre chose que {wanted} : où garder ces textes ?",
            cell.address,
            [*(Choice(name, f"dans « {FIELDS[name].label} »") for name in KEEPING),
             Choice(LEFT, "les laisser de côté")],
        )  # fmt: skip
        if answer == LEFT:
            self.remark(cell, f"« {text[:80]} » : laissé de côté.")
            return {}
        if not answer:
            problem = f"« {text[:60]} » : ce ne sont pas {wanted} ; dites où garder ce texte."
            raise Wrong((cell.address, problem))
        current_text = content[answer]
        if fold(text) in fold(current_text):
            return {}
        return {answer: f"{current_text}\n\n{text}".strip()}

    def _heading_of(self, cell: Cell) -> str:
        columns = {
            column.number: column.heading
            for row in self.file_action.rows if row.sheet == cell.sheet
            for column in row.table.columns
        }  # fmt: skip
        heading = columns.get(cell.column)
        return heading.text.strip()[:60] if heading else ""

    def _theme(self, content: dict) -> dict:
        context = self.file_action.context
        if self.file_action.action is None:
            theme = context.theme or self._theme_of_number() or self._theme_of_objectives(content)
            theme = theme or self.places.ask_theme(
                context, self.file_action.title, self.file_action.place
            )
            if isinstance(theme, str):
                raise Wrong((self.file_action.place, f"{theme[0].upper()}{theme[1:]}"))
            return {"theme": theme}
        now = self.file_action.action.theme
        if given := self._value_of(named.THEME):
            text, cell = given
            axis = self.places.axis(number_in(self.file_action.cell(named.AXIS))) or None
            theme = self.places.theme(number_in(cell) or text, axis)
            if theme is None and (same := self.places.axis(text)) and same == now.axis:
                return {}
            if theme is None:
                problem = f"« {text[:60]} » n’est pas une partie de la convention : par exemple "
                raise Wrong((cell.address, f"{problem}« {self.places.example} »."))
            return {} if theme == now else {"theme": theme}
        if given := self._value_of(named.AXIS):
            text, cell = given
            if self.places.axis(number_in(cell) or text) != now.axis:
                problem = f"Cette action relève de « {now.axis} » : pour la déplacer, donnez "
                raise Wrong((cell.address, f"{problem}{self.convention.words.theme.the}."))
        return {}

    def _theme_of_number(self):
        """Return the theme that the action's number begins with: « 1.2.3 » is in theme 1.2. None
        where the file numbers otherwise."""
        prefix = self.file_action.number.rstrip(". ").rpartition(".")[0]
        return self.places.theme(prefix, self.file_action.context.axis) if "." in prefix else None

    def _theme_of_objectives(self, content: dict):
        ids = {link["id"] for link in content["objectives"]}
        themes = {one.theme for one in self.places.objectives if one.pk in ids}
        return themes.pop() if len(themes) == 1 else None

    def _other_themes(self, content: dict) -> dict:
        given = self._value_of("other_themes")
        if not given:
            return {}
        text, cell = given
        if fold(text) in ERASE:
            return {"other_themes": []}
        themes = []
        for piece in filter(str.strip, pieces_of(text, cell)):
            theme = self.places.theme(piece)
            if theme is None:
                problem = f"« {piece.strip()[:60]} » n’est pas une partie de la convention : par "
                raise Wrong((cell.address, f"{problem}exemple « {self.places.example} »."))
            themes.append(theme)
        order = self.places.themes
        return {"other_themes": sorted(dict.fromkeys(themes), key=order.index)}

    # Who ------------------------------------------------------------------------------------------

    def _leads(self, content: dict) -> dict:
        leads: list[dict] = []
        for text, cell in self._values_of(named.LEADS):
            if fold(text) in ERASE:
                return {"leads": []}
            if self._is_unknown(text, cell):
                continue
            try:
                leads += self.organisations.leads(text, cell)
            except Wrong as error:
                self.unread += error.told
        if not leads:
            return {}
        merged: list[dict] = []
        for lead in self._with_name(leads):
            plain = FIELDS["leads"].plain([lead])[0]
            same = [known for known in content["leads"] if _same_lead(known, plain)]
            merged += [row for row in same or [plain] if row not in merged]
        return {"leads": merged}

    def _with_name(self, leads: list[dict]) -> list[dict]:
        """Return the lead with the name and the capacity that a column of its own gives. Several
        leads stay as they are, with a remark."""
        given = self._value_of(named.LEAD_NAME)
        if not given:
            return leads
        if len(leads) != 1 or leads[0]["name"]:
            text = (
                f"« {given[0][:60]} » : ce nom n’est pas enregistré, plusieurs pilotes sont dits."
            )
            self.remark(given[1], text)
            return leads
        name, _, capacity = given[0].partition(",")
        user = self.organisations.people.get(fold(name))
        return [leads[0] | {"name": str(user or " ".join(name.split())), "user": user,
                            "capacity": " ".join(capacity.split())}]  # fmt: skip

    def _partners(self, content: dict) -> dict:
        given, others = self._values_of(named.PARTNERS), content["other_partners"]
        if named_apart := self._value_of(named.OTHER_PARTNERS):
            others = "" if fold(named_apart[0]) in ERASE else named_apart[0]
        if not given:
            return {"other_partners": others} if named_apart else {}
        if any(fold(text) in ERASE for text, _ in given):
            return {"partners": [], "other_partners": others}
        matches, unknown = [], []
        for text, cell in given:
            for piece in self.organisations.pieces(text, is_list=True):
                if self.organisations.known(piece) or self.organisations.is_ambiguous(piece):
                    matches.append(self.organisations.find(piece, cell, "quel organisme"))
                elif fold(piece) not in fold(others):
                    unknown.append(piece)
        order = self.organisations.rows
        partners = sorted({match for match in matches if match}, key=order.index)
        names = ", ".join(filter(None, [others.strip(), *dict.fromkeys(unknown)]))
        return {"partners": partners, "other_partners": names if unknown else others}

    # When and where -------------------------------------------------------------------------------

    def _calendar(self, content: dict) -> dict:
        below_end = self._period_below_end()
        try:
            period = self._period() or self._crossed_years() or below_end or Period()
        except Wrong as error:
            self.unread += error.told
            period = below_end or Period()
        days: dict = {named.STARTS: None, named.ENDS: None}
        for name, day in ((named.STARTS, period.starts_on), (named.ENDS, period.ends_on)):
            try:
                is_read = name == named.ENDS and below_end
                days[name] = day if is_read else self._first_or_last_day(name, day)
            except Wrong as error:
                self.unread += error.told
        starts_on, ends_on = days[named.STARTS], days[named.ENDS]
        is_continuous = content["is_continuous"] or period.is_continuous or ends_on == LASTING
        values = {}
        if starts_on:
            values["starts_on"] = None if starts_on == ERASED else starts_on
        if ends_on == ERASED:
            values["ends_on"] = None
        elif ends_on not in (None, LASTING):
            # A last day in the file ends what was continuous.
            is_continuous = is_continuous and self._value_of("is_continuous") is not None
            values["ends_on"] = ends_on
        if is_continuous and not content["is_continuous"]:
            values.setdefault("ends_on", None)
        if is_continuous != content["is_continuous"]:
            values["is_continuous"] = is_continuous
        return values

    def _first_or_last_day(self, name: str, otherwise):
        """Return the first or the last day of an action, from a column of its own, else
        ``otherwise``: ``ERASED`` where it is to be erased, ``LASTING`` where there is no last
        day."""
        given = self._value_of(name)
        if not given or self._is_unknown(*given):
            return otherwise
        if fold(given[0]) in ERASE:
            return ERASED
        if name == named.ENDS and is_lasting(given[0]):
            return LASTING
        return self._parse_day(*given, last=name == named.ENDS)

    def _period_below_end(self) -> Period | None:
        """Return the period that stands below « Échéance », as « 2021-2023 », where no other column
        says when the action begins; else None."""
        try:
            given = self._value_of(named.ENDS)
            if not given or not given[1].is_text or self._value_of(named.STARTS):
                return None
        except Wrong:  # the day itself is refused
            return None
        with suppress(ValueError):
            parse_day(given[0], last=True)
            return None
        with suppress(ValueError):
            period = parse_period(given[0], Period())
            return period if period.starts_on and period.ends_on else None
        return None

    def _period(self) -> Period | None:
        given = self._value_of(named.PERIOD) or self._calendar_of_a_year()
        if not given or self._is_unknown(*given):
            return None
        text, cell = given
        if cell.kind == Kind.DATE:
            problem = "un jour ne dit pas une période ; nommez sa colonne « Début » ou « Fin », ou "
            raise Wrong((cell.address, f"{text} : {problem}{PERIODS}"))
        try:
            return parse_period(text, Period(self.convention.start, self.convention.end))
        except ValueError as problem:
            raise Wrong((cell.address, f"« {text[:60]} » : {problem}")) from problem

    def _calendar_of_a_year(self) -> tuple[str, Cell] | None:
        """Return what stands below « Calendrier 2023 » unless it is a cross. Raises Wrong where
        several years have such a cell."""
        cells = [
            cell
            for meaning, cells in self.file_action.cells.items() for cell in cells
            if meaning.name == named.PERIOD and meaning.year
            and cell.text.strip().casefold() not in CROSSES
        ]  # fmt: skip
        if len(cells) > 1:
            problem = (
                "Plusieurs années ont leur calendrier : donnez le début et la fin de l’action."
            )
            raise Wrong((cells[0].address, problem))
        return self._typed(cells[0], Meaning(named.PERIOD)) if cells else None

    def _crossed_years(self) -> Period | None:
        """Return the period of the years that are ticked; None without any. Raises Wrong for a
        gap."""
        crossed = {
            meaning.year: cell
            for meaning, cells in self.file_action.cells.items() for cell in cells
            if meaning.name in (named.PLANNED, named.PERIOD) and meaning.year
            and cell.text.strip().casefold() in CROSSES
        }  # fmt: skip
        if not crossed:
            return None
        years = sorted(crossed)
        if years != list(range(years[0], years[-1] + 1)):
            problem = (
                "Les années cochées ne se suivent pas : donnez le début et la fin de l’action."
            )
            raise Wrong((crossed[years[0]].address, problem))
        return Period(datetime.date(years[0], 1, 1), datetime.date(years[-1], 12, 31))

    def _parse_day(self, text: str, cell: Cell, *, last: bool) -> datetime.date:
        if cell.day:
            return cell.day
        if cell.kind == Kind.NUMBER and cell.number in SERIALS:
            return self._ask_serial_day(cell)
        try:
            return parse_day(text, last=last)
        except ValueError as problem:
            raise Wrong((cell.address, f"« {text[:60]} » : {problem}")) from problem

    def _ask_serial_day(self, cell: Cell) -> datetime.date:
        """Return the day that a cell stores and shows as a number, once it is confirmed to be one.
        Raises Wrong until it is."""
        day = DAY_ZERO + datetime.timedelta(days=int(cell.number))
        answer = self.asking.ask(
            "jours:nombres",
            f"« {cell.text} » est-il un jour, le {day:%d/%m/%Y}, écrit comme un nombre ?",
            cell.address,
            [Choice("oui", "oui"), Choice("non", "non")],
        )
        if answer != "oui":
            problem = f"« {cell.text} » : écrivez une date, comme « {day:%d/%m/%Y} »."
            raise Wrong((cell.address, problem))
        return day

    def _communes(self, content: dict) -> dict:
        communes, is_whole = [], None
        for text, cell in self._values_of(named.COMMUNES):
            if fold(text) in ERASE:
                return {"communes": [], "is_whole_territory": True}
            pieces_of(text, cell, COMMUNES)  # which are not too many
            matches, unclear, is_all = self.places.communes_of(text)
            for piece, namesakes in unclear.items():
                if namesakes:
                    communes += self._ask_which_commune(piece, namesakes, cell)
                else:
                    is_all = self._ask_territory(piece, cell) or is_all
            is_whole = is_whole or is_all
            communes += matches
        if communes:
            order = self.places.communes
            ordered = sorted(dict.fromkeys(communes), key=order.index)
            return {"communes": ordered, "is_whole_territory": False}
        return {"communes": [], "is_whole_territory": True} if is_whole else {}

    def _ask_which_commune(self, piece: str, namesakes: list[Commune], cell: Cell) -> list[Commune]:
        """Return which communes of the same name are meant, as was answered. Raises Wrong until it
        is."""
        named_apart = distinct_names((commune.insee_code, commune.name) for commune in namesakes)
        choices = [Choice(code, name) for code, name in named_apart.items()]
        several = "les deux" if len(namesakes) == 2 else "toutes"
        count = in_words(len(namesakes), "commune,communes")
        answer = self.asking.ask(
            f"homonymes:{fold(piece)}",
            f"« {piece[:60]} » est le nom de {count} de la convention : laquelle ?",
            cell.address,
            [*choices, Choice("toutes", several), Choice(LEFT, "le laisser de côté")],
        )
        if answer == LEFT:
            self.remark(cell, f"« {piece[:60]} » : laissé de côté.")
        if not answer:
            raise Wrong((cell.address, f"{ask_which_commune(piece[:60], namesakes)}."))
        return [commune for commune in namesakes if answer in (commune.insee_code, "toutes")]

    def _ask_territory(self, piece: str, cell: Cell) -> bool:
        """Return whether a text that is no commune means the whole territory, as was answered.
        Raises Wrong until it is."""
        answer = self.asking.ask(
            f"territoire:{fold(piece)}",
            f"« {piece[:60]} » n’est pas une commune de la convention : qu’est-ce ?",
            cell.address,
            [Choice("tout", "tout le territoire"), Choice(LEFT, "le laisser de côté")],
        )
        if answer == LEFT:
            self.remark(cell, f"« {piece[:60]} » : laissé de côté.")
        if not answer:
            problem = (
                f"« {piece[:60]} » n’est pas une commune de la convention : donnez leurs noms, ou"
            )
            raise Wrong((cell.address, f"{problem} « tout le territoire »."))
        return answer == "tout"

    # With what ------------------------------------------------------------------------------------

    def _means(self, content: dict) -> dict:
        rows, left = [], {}
        for text, cell in self._values_of(named.MEANS):
            if fold(text) in ERASE:
                return {"means": []}
            for piece in filter(str.strip, pieces_of(text, cell)):
                match = MEANS.fullmatch(piece.strip())
                if match is None:
                    left |= self._keep_elsewhere(piece.strip(), cell, content | left, "des ETP par "
                                                 "organisme (« CCAS : 0,5 ETP »)")  # fmt: skip
                    continue
                organisation = self.organisations.find(match["who"], cell, "de quel organisme")
                if organisation is not None:
                    fte = self._parse_fte(match["fte"], cell)
                    rows.append(
                        {"organisation": organisation, "fte": fte, "note": match["note"] or ""}
                    )
        if rows:
            return left | {"means": rows}
        return left | self._fte_alone(content)

    def _fte_alone(self, content: dict) -> dict:
        """Return the means from a number of ETP without an organisation: they are the only lead's.
        Raises Wrong without one."""
        given = self._value_of(named.FTE)
        if not given or (content["means"] and self._has_fte(given[1], content)):
            return {}
        text, cell = given
        if len(content["leads"]) != 1 or len(content["means"]) > 1:
            problem = (
                "Dites de quel organisme sont ces ETP, sous « Moyens humains » : « CCAS : 0,5 »."
            )
            raise Wrong((cell.address, problem))
        organisation = content["leads"][0]["organisation"]
        note = content["means"][0]["note"] if content["means"] else ""
        return {
            "means": [
                {"organisation": organisation, "fte": self._parse_fte(text, cell), "note": note}
            ]
        }

    def _has_fte(self, cell: Cell, content: dict) -> bool:
        return cell.number == sum(
            parse_number(row["fte"].replace(".", ",")) for row in content["means"]
        )

    def _parse_fte(self, text: str, cell: Cell):
        try:
            return parse_number(text, Asked("ETP"))
        except NotANumber as problem:
            raise Wrong((cell.address, str(problem))) from problem

    def _plans(self, content: dict) -> dict:
        given = self._value_of(named.PLANS)
        if not given:
            return {}
        lines = (" ".join(line.split()) for line in pieces_of(*given))
        return {
            "plans": [] if fold(given[0]) in ERASE else [one for one in dict.fromkeys(lines) if one]
        }

    def _fundings(self, content: dict) -> dict:
        lines, wrong = self.funding.read(
            named.PLANNED, self.file_action, content["fundings"], self.current, content
        )
        self.unread += wrong
        return {"fundings": lines}


def pieces_of(text: str, cell: Cell, mark: re.Pattern = LINES) -> list[str]:
    """Return the pieces that a cell enumerates. Raises Wrong for more than anybody enumerates."""
    pieces = mark.split(text)
    if len(pieces) > MOST_PIECES:
        problem = f"Cette cellule a plus de {MOST_PIECES} lignes : gardez celles qui servent."
        raise Wrong((cell.address, problem))
    return pieces


def _same_lead(known: dict, given: dict) -> bool:
    """Return whether a lead of the plan is the one that the file gives, perhaps without the
    person's name."""
    if (known["organisation"] or {}).get("id") != (given["organisation"] or {}).get("id"):
        return False
    return not given["name"] or fold(known["name"]) == fold(given["name"])
