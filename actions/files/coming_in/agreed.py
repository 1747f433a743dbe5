"""What a file says of what the parties agree to about an action, as a version would hold it."""

import datetime
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from django.utils import timezone

from actions.files.coming_in import headings as named
from actions.files.coming_in.lines import Said
from actions.files.coming_in.lookup import number_in
from actions.files.coming_in.money import Money
from actions.files.coming_in.periods import PERIODS, Period, is_lasting, read_day, read_period
from actions.files.coming_in.shown import Shown
from actions.files.coming_in.where import Where
from actions.files.coming_in.who import Who
from actions.files.coming_in.words import (
    CROSSES,
    EMPTY_MARKS,
    NO,
    UNKNOWN_YET,
    YES,
    read_priority,
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
# Others, beside whom partners are told who are no organisation here, are read with these.
TEXTS = [one.name for one in named.PLAIN if one.name not in (*FLAGS, named.OTHER_PARTNERS)]
KEEPING = ("description", "diagnosis", "expected_results")
MEANS = re.compile(
    r"(?P<who>.+?)\s*:\s*(?P<fte>[\d.,]+)\s*(?:ETP|équivalents? temps plein)?\s*"
    r"(?:\((?P<note>[^)]*)\))?",
    re.IGNORECASE,
)
SERIALS = range(36_526, 73_051)  # days of this century, as spreadsheets store them
DAY_ZERO = datetime.date(1899, 12, 30)
ERASED, LASTING = "erased", "lasting"  # said of a day
# How a cell enumerates, and how many pieces it may have: each is looked up.
LINES, COMMUNES, MOST_PIECES = re.compile(r"\n|;"), re.compile(r"[\n;,/+&]"), 300
PROPOSED = re.compile(r"\s*\(proposée?\)\s*$")


class Agreed:
    """Reads sheets of actions from a file, one at a time: ``content_of``."""

    def __init__(
        self, convention: Convention, who: Who, where: Where, asking: Asking,
        tell: Callable[[Cell, str], None],
    ):  # fmt: skip
        self.convention, self.who, self.where = convention, who, where
        self.asking, self.tell = asking, tell
        years = convention.years(timezone.localdate())
        self.money = Money(who, asking, [years[0] - 1, *years, years[-1] + 1], tell)

    def content_of(self, said: Said, base: dict, shown: Shown) -> tuple[dict, list[Fault]]:
        """Return what a version would say, what the file leaves empty as in ``base``, and which
        cells no field can take, each with why. Raises Wrong where it cannot be said which action
        this is, or where it stands."""
        self.said, self.shown = said, shown
        self.unread: list[Fault] = []
        self.who.as_text = []
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
            except Wrong as one:
                if read in (self._title, self._theme):
                    unknown += one.told
                self.unread += one.told
                continue
            for name, value in values.items():
                content[name] = FIELDS[name].ordered_like(base[name], FIELDS[name].plain(value))
        self.unread += self.who.as_text
        if unknown:
            raise Wrong(*(told for told in self.unread if told[1]))
        if content != base:
            self._leave_incoherent(content, base)
        return content, self.unread

    def _leave_incoherent(self, content: dict, base: dict) -> None:
        """Leave out, field by field, what contradicts the rest or does not fit; a title is cut."""
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

    def _given(self, name: str, year: int | None = None) -> tuple[str, Cell] | None:
        """What a cell newly says, as one would type it."""
        cell = self.said.cell(name, year)
        return None if cell is None else self._typed(cell, Meaning(name, year))

    def _typed(self, cell: Cell, meaning: Meaning) -> tuple[str, Cell] | None:
        if self.shown.has(cell, meaning):
            return None
        text = typed_in(cell, self.said.label, self.asking)
        return None if text is None or text in EMPTY_MARKS else (text, cell)

    def _all_given(self, name: str) -> list[tuple[str, Cell]]:
        cells = self.said.cells.get(Meaning(name), [])
        return [given for cell in cells if (given := self._typed(cell, Meaning(name)))]

    def _is_unknown(self, text: str, cell: Cell) -> bool:
        """Whether a cell says that it is to be said later, which is told."""
        if fold(text) not in UNKNOWN_YET:
            return False
        self.tell(cell, f"« {text[:40]} » : rien n’est enregistré de cette cellule.")
        return True

    def _place(self, name: str) -> str:
        """Where what a field holds was written."""
        names = {"ends_on": (named.ENDS, named.PERIOD), "starts_on": (named.STARTS, named.PERIOD),
                 "fundings": (named.PLANNED,)}.get(name, (name,))  # fmt: skip
        cells = [
            cell for one in names for said, cells in self.said.cells.items() if said.name == one
            for cell in cells
        ]  # fmt: skip
        return cells[0].address if cells else self.said.place

    # Field by field -------------------------------------------------------------------------------

    def _text(self, name: str, content: dict) -> dict:
        given = self._given(name)
        return {name: "" if fold(given[0]) in ERASE else given[0]} if given else {}

    def _flag(self, name: str, content: dict) -> dict:
        given = self._given(name)
        if not given:
            return {}
        text, cell = given
        if fold(text) not in YES | NO:
            raise Wrong((cell.address, f"« {text[:40]} » : écrivez « oui » ou « non »."))
        return {name: fold(text) in YES}

    def _title(self, content: dict) -> dict:
        if not self.said.action:
            return {"title": self.said.title}
        given = self._given(named.TITLE)
        if given and fold(given[0]) in ERASE:
            raise Wrong((given[1].address, "Une fiche action a un titre : il ne s’efface pas."))
        # Written otherwise, it is the same title: in capitals, without its hyphens.
        if not given or bare(content["title"]) in {bare(given[0]), bare(self.said.title)}:
            return {}
        return {"title": self.said.title}

    def _priority(self, content: dict) -> dict:
        given = self._given("priority")
        if not given or self._is_unknown(*given):
            return {}
        text, cell = given
        found = read_priority(text)
        if found is None:
            found = self.asking.ask(
                f"priorite:{fold(text)}",
                f"Priorité « {text[:40]} » : est-ce",
                cell.address,
                [*(Choice(k, str(label)) for k, label in Priority.choices),
                 Choice(LEFT, "la laisser de côté")],
            )  # fmt: skip
        if found == LEFT:
            self.tell(cell, "cette priorité est laissée de côté.")
            return {}
        if not found:
            told = f"« {text[:40]} » : une priorité est « haute », « moyenne » ou « basse »."
            raise Wrong((cell.address, told))
        return {"priority": found}

    # Where it stands ------------------------------------------------------------------------------

    def _objectives(self, content: dict) -> dict:
        given = self._all_given(named.OBJECTIVES)
        if not given:
            own = self.said.context.objective
            return {"objectives": [own]} if own and not self.said.action else {}
        if any(fold(text) in ERASE for text, _ in given):
            return {"objectives": []}
        by_name = {fold(link["name"]): link["id"] for link in content["objectives"]}
        by_key = {one.pk: one for one in self.where.objectives}
        found, left = [], {}
        for text, cell in given:
            whole = [text] if self.where.objective(text) else pieces_of(text, cell)
            for piece in (PROPOSED.sub("", one).strip(" -–•") for one in whole):
                one = self.where.objective(piece, self.said.context.theme)
                one = one or by_key.get(by_name.get(fold(piece)))
                one = one or by_key.get(self._asked_objective(piece, cell))
                if one is not None:
                    found.append(one)
                elif piece:
                    whose = f"des {self.convention.words.objective.plural} de la convention"
                    left |= self._kept_elsewhere(piece, cell, content | left, whose)
        found.sort(key=lambda one: (one.theme.axis.number, one.theme.rank, one.rank, one.pk))
        return left | ({"objectives": list(dict.fromkeys(found))} if found else {})

    def _asked_objective(self, piece: str, cell: Cell) -> int | None:
        close = self.where.close_objectives(piece) if piece else []
        if not close:
            return None
        answer = self.asking.ask(
            f"objectif:{fold(piece)}",
            f"« {piece[:100]} » correspond à quoi dans la convention ?",
            cell.address,
            [*close, Choice(LEFT, "aucun de ceux-ci")],
        )
        if not answer:
            told = f"« {piece[:80]} » : dites si c’est « {close[0].label} »."
            raise Wrong((cell.address, told))
        return int(answer) if answer.isdecimal() else None

    def _kept_elsewhere(self, text: str, cell: Cell, content: dict, wanted: str) -> dict:
        """Where the texts of a column go that hold something else than is wanted there."""
        column = self._heading_of(cell)
        answer = self.asking.ask(
            f"garder:{fold(column)}",
            f"La colonne « {column} » contient autre chose que {wanted} : où garder ces textes ?",
            cell.address,
            [*(Choice(name, f"dans « {FIELDS[name].label} »") for name in KEEPING),
             Choice(LEFT, "les laisser de côté")],
        )  # fmt: skip
        if answer == LEFT:
            self.tell(cell, f"« {text[:80]} » : laissé de côté.")
            return {}
        if not answer:
            told = f"« {text[:60]} » : ce ne sont pas {wanted} ; dites où garder ce texte."
            raise Wrong((cell.address, told))
        held = content[answer]
        if fold(text) in fold(held):
            return {}
        return {answer: f"{held}\n\n{text}".strip()}

    def _heading_of(self, cell: Cell) -> str:
        columns = {
            column.number: column.heading
            for row in self.said.rows if row.sheet == cell.sheet for column in row.table.columns
        }  # fmt: skip
        heading = columns.get(cell.column)
        return heading.text.strip()[:60] if heading else ""

    def _theme(self, content: dict) -> dict:
        context = self.said.context
        if self.said.action is None:
            theme = context.theme or self._theme_of_number() or self._theme_of_objectives(content)
            theme = theme or self.where.asked_theme(context, self.said.title, self.said.place)
            if isinstance(theme, str):
                raise Wrong((self.said.place, f"{theme[0].upper()}{theme[1:]}"))
            return {"theme": theme}
        now = self.said.action.theme
        if given := self._given(named.THEME):
            text, cell = given
            axis = self.where.axis(number_in(self.said.cell(named.AXIS))) or None
            theme = self.where.theme(number_in(cell) or text, axis)
            if theme is None and (same := self.where.axis(text)) and same == now.axis:
                return {}
            if theme is None:
                told = f"« {text[:60]} » n’est pas une partie de la convention : par exemple "
                raise Wrong((cell.address, f"{told}« {self.where.example} »."))
            return {} if theme == now else {"theme": theme}
        if given := self._given(named.AXIS):
            text, cell = given
            if self.where.axis(number_in(cell) or text) != now.axis:
                told = f"Cette action relève de « {now.axis} » : pour la déplacer, donnez "
                raise Wrong((cell.address, f"{told}{self.convention.words.theme.the}."))
        return {}

    def _theme_of_number(self):
        """« 1.2.3 » is the third of theme 1.2, where the file numbers as the convention does."""
        prefix = self.said.number.rstrip(". ").rpartition(".")[0]
        return self.where.theme(prefix, self.said.context.axis) if "." in prefix else None

    def _theme_of_objectives(self, content: dict):
        ids = {link["id"] for link in content["objectives"]}
        themes = {one.theme for one in self.where.objectives if one.pk in ids}
        return themes.pop() if len(themes) == 1 else None

    def _other_themes(self, content: dict) -> dict:
        given = self._given("other_themes")
        if not given:
            return {}
        text, cell = given
        if fold(text) in ERASE:
            return {"other_themes": []}
        found = []
        for piece in filter(str.strip, pieces_of(text, cell)):
            theme = self.where.theme(piece)
            if theme is None:
                told = f"« {piece.strip()[:60]} » n’est pas une partie de la convention : par "
                raise Wrong((cell.address, f"{told}exemple « {self.where.example} »."))
            found.append(theme)
        order = self.where.themes
        return {"other_themes": sorted(dict.fromkeys(found), key=order.index)}

    # Who ------------------------------------------------------------------------------------------

    def _leads(self, content: dict) -> dict:
        leads: list[dict] = []
        for text, cell in self._all_given(named.LEADS):
            if fold(text) in ERASE:
                return {"leads": []}
            if self._is_unknown(text, cell):
                continue
            try:
                leads += self.who.leads(text, cell)
            except Wrong as one:
                self.unread += one.told
        if not leads:
            return {}
        kept: list[dict] = []
        for lead in self._with_name(leads):
            plain = FIELDS["leads"].plain([lead])[0]
            own = [one for one in content["leads"] if _same_lead(one, plain)]
            kept += [one for one in own or [plain] if one not in kept]
        return {"leads": kept}

    def _with_name(self, leads: list[dict]) -> list[dict]:
        """Who leads, where a column of its own says the name."""
        given = self._given(named.LEAD_NAME)
        if not given:
            return leads
        if len(leads) != 1 or leads[0]["name"]:
            told = (
                f"« {given[0][:60]} » : ce nom n’est pas enregistré, plusieurs pilotes sont dits."
            )
            self.tell(given[1], told)
            return leads
        name, _, capacity = given[0].partition(",")
        user = self.who.people.get(fold(name))
        return [leads[0] | {"name": str(user or " ".join(name.split())), "user": user,
                            "capacity": " ".join(capacity.split())}]  # fmt: skip

    def _partners(self, content: dict) -> dict:
        given, others = self._all_given(named.PARTNERS), content["other_partners"]
        if named_apart := self._given(named.OTHER_PARTNERS):
            others = "" if fold(named_apart[0]) in ERASE else named_apart[0]
        if not given:
            return {"other_partners": others} if named_apart else {}
        if any(fold(text) in ERASE for text, _ in given):
            return {"partners": [], "other_partners": others}
        found, unknown = [], []
        for text, cell in given:
            for piece in self.who.pieces(text, is_list=True):
                if self.who.known(piece) or self.who.is_ambiguous(piece):
                    found.append(self.who.find(piece, cell, "quel organisme"))
                elif fold(piece) not in fold(others):
                    unknown.append(piece)
        order = self.who.organisations
        partners = sorted({one for one in found if one}, key=order.index)
        told = ", ".join(filter(None, [others.strip(), *dict.fromkeys(unknown)]))
        return {"partners": partners, "other_partners": told if unknown else others}

    # When and where -------------------------------------------------------------------------------

    def _calendar(self, content: dict) -> dict:
        in_one = self._in_one()
        try:
            period = self._period() or self._crossed() or in_one or Period()
        except Wrong as one:
            self.unread += one.told
            period = in_one or Period()
        edges: dict = {named.STARTS: None, named.ENDS: None}
        for name, told in ((named.STARTS, period.starts_on), (named.ENDS, period.ends_on)):
            try:
                is_told = name == named.ENDS and in_one
                edges[name] = told if is_told else self._edge(name, told)
            except Wrong as one:
                self.unread += one.told
        starts_on, ends_on = edges[named.STARTS], edges[named.ENDS]
        is_continuous = content["is_continuous"] or period.is_continuous or ends_on == LASTING
        found = {}
        if starts_on:
            found["starts_on"] = None if starts_on == ERASED else starts_on
        if ends_on == ERASED:
            found["ends_on"] = None
        elif ends_on not in (None, LASTING):
            # A last day that is told tells that there is one.
            is_continuous = is_continuous and self._given("is_continuous") is not None
            found["ends_on"] = ends_on
        if is_continuous and not content["is_continuous"]:
            found.setdefault("ends_on", None)
        if is_continuous != content["is_continuous"]:
            found["is_continuous"] = is_continuous
        return found

    def _edge(self, name: str, otherwise):
        """The first, or the last, day of an action, where a column of its own says it: also that
        it goes, or that there is none."""
        given = self._given(name)
        if not given or self._is_unknown(*given):
            return otherwise
        if fold(given[0]) in ERASE:
            return ERASED
        if name == named.ENDS and is_lasting(given[0]):
            return LASTING
        return self._day(*given, last=name == named.ENDS)

    def _in_one(self) -> Period | None:
        """« 2021-2023 » below « Échéance », where no other column says when it begins."""
        try:
            given = self._given(named.ENDS)
            if not given or not given[1].is_text or self._given(named.STARTS):
                return None
        except Wrong:  # said of the day itself
            return None
        with suppress(ValueError):
            read_day(given[0], last=True)
            return None
        with suppress(ValueError):
            period = read_period(given[0], Period())
            return period if period.starts_on and period.ends_on else None
        return None

    def _period(self) -> Period | None:
        given = self._given(named.PERIOD) or self._given_of_a_year()
        if not given or self._is_unknown(*given):
            return None
        text, cell = given
        if cell.kind == Kind.DATE:
            told = "un jour ne dit pas une période ; nommez sa colonne « Début » ou « Fin », ou "
            raise Wrong((cell.address, f"{text} : {told}{PERIODS}"))
        try:
            return read_period(text, Period(self.convention.start, self.convention.end))
        except ValueError as told:
            raise Wrong((cell.address, f"« {text[:60]} » : {told}")) from told

    def _given_of_a_year(self) -> tuple[str, Cell] | None:
        """What stands below « Calendrier 2023 » and is no cross; of one year, or it is refused."""
        cells = [
            cell
            for meaning, cells in self.said.cells.items() for cell in cells
            if meaning.name == named.PERIOD and meaning.year
            and cell.text.strip().casefold() not in CROSSES
        ]  # fmt: skip
        if len(cells) > 1:
            told = "Plusieurs années ont leur calendrier : donnez le début et la fin de l’action."
            raise Wrong((cells[0].address, told))
        return self._typed(cells[0], Meaning(named.PERIOD)) if cells else None

    def _crossed(self) -> Period | None:
        """A calendar of crosses: the years that are ticked, one after the other."""
        crossed = {
            meaning.year: cell
            for meaning, cells in self.said.cells.items() for cell in cells
            if meaning.name in (named.PLANNED, named.PERIOD) and meaning.year
            and cell.text.strip().casefold() in CROSSES
        }  # fmt: skip
        if not crossed:
            return None
        years = sorted(crossed)
        if years != list(range(years[0], years[-1] + 1)):
            told = "Les années cochées ne se suivent pas : donnez le début et la fin de l’action."
            raise Wrong((crossed[years[0]].address, told))
        return Period(datetime.date(years[0], 1, 1), datetime.date(years[-1], 12, 31))

    def _day(self, text: str, cell: Cell, *, last: bool) -> datetime.date:
        if cell.day:
            return cell.day
        if cell.kind == Kind.NUMBER and cell.number in SERIALS:
            return self._serial(cell)
        try:
            return read_day(text, last=last)
        except ValueError as told:
            raise Wrong((cell.address, f"« {text[:60]} » : {told}")) from told

    def _serial(self, cell: Cell) -> datetime.date:
        """A day that is stored as a number, and shown as one."""
        day = DAY_ZERO + datetime.timedelta(days=int(cell.number))
        answer = self.asking.ask(
            "jours:nombres",
            f"« {cell.text} » est-il un jour, le {day:%d/%m/%Y}, écrit comme un nombre ?",
            cell.address,
            [Choice("oui", "oui"), Choice("non", "non")],
        )
        if answer != "oui":
            told = f"« {cell.text} » : écrivez une date, comme « {day:%d/%m/%Y} »."
            raise Wrong((cell.address, told))
        return day

    def _communes(self, content: dict) -> dict:
        found, is_whole = [], None
        for text, cell in self._all_given(named.COMMUNES):
            if fold(text) in ERASE:
                return {"communes": [], "is_whole_territory": True}
            pieces_of(text, cell, COMMUNES)  # which are not too many
            communes, unclear, is_all = self.where.communes_of(text)
            for piece, namesakes in unclear.items():
                if namesakes:
                    found += self._asked_which(piece, namesakes, cell)
                else:
                    is_all = self._asked_territory(piece, cell) or is_all
            is_whole = is_whole or is_all
            found += communes
        if found:
            order = self.where.communes
            kept = sorted(dict.fromkeys(found), key=order.index)
            return {"communes": kept, "is_whole_territory": False}
        return {"communes": [], "is_whole_territory": True} if is_whole else {}

    def _asked_which(self, piece: str, namesakes: list[Commune], cell: Cell) -> list[Commune]:
        """Which of the communes of one name is meant."""
        named_apart = distinct_names((one.insee_code, one.name) for one in namesakes)
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
            self.tell(cell, f"« {piece[:60]} » : laissé de côté.")
        if not answer:
            raise Wrong((cell.address, f"{ask_which_commune(piece[:60], namesakes)}."))
        return [one for one in namesakes if answer in (one.insee_code, "toutes")]

    def _asked_territory(self, piece: str, cell: Cell) -> bool:
        """Whether what is no commune means the whole territory."""
        answer = self.asking.ask(
            f"territoire:{fold(piece)}",
            f"« {piece[:60]} » n’est pas une commune de la convention : qu’est-ce ?",
            cell.address,
            [Choice("tout", "tout le territoire"), Choice(LEFT, "le laisser de côté")],
        )
        if answer == LEFT:
            self.tell(cell, f"« {piece[:60]} » : laissé de côté.")
        if not answer:
            told = (
                f"« {piece[:60]} » n’est pas une commune de la convention : donnez leurs noms, ou"
            )
            raise Wrong((cell.address, f"{told} « tout le territoire »."))
        return answer == "tout"

    # With what ------------------------------------------------------------------------------------

    def _means(self, content: dict) -> dict:
        rows, left = [], {}
        for text, cell in self._all_given(named.MEANS):
            if fold(text) in ERASE:
                return {"means": []}
            for piece in filter(str.strip, pieces_of(text, cell)):
                found = MEANS.fullmatch(piece.strip())
                if found is None:
                    left |= self._kept_elsewhere(piece.strip(), cell, content | left, "des ETP par "
                                                 "organisme (« CCAS : 0,5 ETP »)")  # fmt: skip
                    continue
                organisation = self.who.find(found["who"], cell, "de quel organisme")
                if organisation is not None:
                    fte = self._fte(found["fte"], cell)
                    rows.append(
                        {"organisation": organisation, "fte": fte, "note": found["note"] or ""}
                    )
        if rows:
            return left | {"means": rows}
        return left | self._fte_alone(content)

    def _fte_alone(self, content: dict) -> dict:
        """A number of ETP without an organisation is that of the one who leads."""
        given = self._given(named.FTE)
        if not given or (content["means"] and self._has_fte(given[1], content)):
            return {}
        text, cell = given
        if len(content["leads"]) != 1 or len(content["means"]) > 1:
            told = "Dites de quel organisme sont ces ETP, sous « Moyens humains » : « CCAS : 0,5 »."
            raise Wrong((cell.address, told))
        organisation = content["leads"][0]["organisation"]
        note = content["means"][0]["note"] if content["means"] else ""
        return {
            "means": [{"organisation": organisation, "fte": self._fte(text, cell), "note": note}]
        }

    def _has_fte(self, cell: Cell, content: dict) -> bool:
        return cell.number == sum(
            parse_number(one["fte"].replace(".", ",")) for one in content["means"]
        )

    def _fte(self, text: str, cell: Cell):
        try:
            return parse_number(text, Asked("ETP"))
        except NotANumber as told:
            raise Wrong((cell.address, str(told))) from told

    def _plans(self, content: dict) -> dict:
        given = self._given(named.PLANS)
        if not given:
            return {}
        lines = (" ".join(line.split()) for line in pieces_of(*given))
        return {
            "plans": [] if fold(given[0]) in ERASE else [one for one in dict.fromkeys(lines) if one]
        }

    def _fundings(self, content: dict) -> dict:
        lines, wrong = self.money.read(
            named.PLANNED, self.said, content["fundings"], self.shown, content
        )
        self.unread += wrong
        return {"fundings": lines}


def pieces_of(text: str, cell: Cell, mark: re.Pattern = LINES) -> list[str]:
    """What a cell enumerates. Raises Wrong for one that has more than anybody enumerates."""
    pieces = mark.split(text)
    if len(pieces) > MOST_PIECES:
        told = f"Cette cellule a plus de {MOST_PIECES} lignes : gardez celles qui servent."
        raise Wrong((cell.address, told))
    return pieces


def _same_lead(one: dict, other: dict) -> bool:
    """Whether a lead that is there is the one that was written, perhaps without its name."""
    if (one["organisation"] or {}).get("id") != (other["organisation"] or {}).get("id"):
        return False
    return not other["name"] or fold(one["name"]) == fold(other["name"])
