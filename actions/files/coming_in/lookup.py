"""Which action a line is about: by its number, its title, or what was answered once."""

import hashlib
import re
from collections.abc import Iterable

from actions.files.coming_in.headings import NUMBER, TITLE
from actions.files.coming_in.where import Context
from actions.plan.models import Action
from conventions.models import Standing
from ctg_portal.search.rows import fold
from spreadsheets.columns.headings import bare
from spreadsheets.columns.likeness import likeness, matcher_of
from spreadsheets.columns.questions import LEFT, Asking, Choice
from spreadsheets.columns.tables import Row
from spreadsheets.importing.preview import Mistake
from spreadsheets.reading.cells import Cell, Kind

# From which likeness on two titles may be one action's; from which on a title is not another's.
ALIKE, NOT_UNLIKE = 0.84, 0.45
SUGGESTED, LIKENED, MAX_TITLE = 5, 300, 500
NEW = "nouvelle"
NUMBERED = re.compile(
    r"(?:(?:fiche[- ]?action|action|fiche|projet)\s*)?(?:n[°o]\s*)?"
    r"(?:(?P<number>[A-Z]{0,3}\d{1,3}(?:[.-]\d{1,3})*)\s*[-–—:.)/]+\s*|(?P<long>\d+(?:\.\d+)+)\s+)"
    r"(?P<title>[^\W\d].*)",
    re.IGNORECASE | re.DOTALL,
)


class Lookup:
    """The actions of a plan that somebody may know of, as lines of a file name them."""

    def __init__(self, actions: Iterable[Action], asking: Asking):
        self.asking, self.likened = asking, 0
        self.actions = sorted(actions, key=lambda one: one.standing == Standing.WITHDRAWN)
        self.by_key = {str(one.pk): one for one in self.actions}
        self.numbers = {fold(one.number): one for one in self.actions}
        self.titles: dict[str, list[Action]] = {}
        for one in self.actions:
            self.titles.setdefault(bare(one.title), []).append(one)
        self.matchers = {one.pk: matcher_of(bare(one.title)) for one in self.actions}

    def is_known(self, row: Row) -> bool:
        """Whether a line names an action outright, whatever else it looks like."""
        return bool(self._titled(row) if title_of(row) else self._numbered(row))

    def find(self, row: Row, context: Context) -> Action | Mistake | str:
        """The action of a line; what is wrong with how it is named; ``NEW`` for a new one, or
        ``LEFT`` for one that was left out."""
        title, numbered = title_of(row), self._numbered(row)
        if not title:
            return numbered or self._unnamed(row)
        titled = self._titled(row)
        if numbered in titled:
            return numbered
        if len(titled) > 1:
            titled = _within(titled, context)
        if titled:
            return titled[0] if len(titled) == 1 else self._which(row, title, titled)
        if numbered is not None:
            if likeness(bare(title), self.matchers[numbered.pk], 0) >= NOT_UNLIKE:
                return numbered
            return self._which(row, title, [numbered])
        close = self._close(title)
        return self._which(row, title, close) if close else NEW

    def _numbered(self, row: Row) -> Action | None:
        return self.numbers.get(fold(parted(row)[0]))

    def _titled(self, row: Row) -> list[Action]:
        whole = self.titles.get(bare(row.text(TITLE)[:MAX_TITLE]))
        return whole or self.titles.get(bare(title_of(row)), [])

    def _unnamed(self, row: Row) -> Mistake:
        said = number_in(row.cell(NUMBER))
        if said:
            told = f"« {said[:40]} » n’est pas le numéro d’une action du plan, et la ligne n’a pas"
            return Mistake(row.place_of(NUMBER), f"{told} de titre : donnez-le.")
        return Mistake(
            row.first.address,
            "Cette ligne ne dit pas de quelle action elle est : répétez-y le titre de l’action, ou "
            "réunissez ses lignes en une.",
        )

    def _which(self, row: Row, title: str, close: list[Action]) -> Action | Mistake | str:
        answer = self.asking.ask(
            f"action:{fold(number_in(row.cell(NUMBER)))}:{fold(title)}",
            f"« {title[:100]} » est-elle une action du plan ?",
            row.place_of(TITLE),
            [
                *(Choice(str(one.pk), f"oui : {one}"[:150]) for one in close),
                Choice(NEW, "non, c’est une action nouvelle"),
                Choice(LEFT, "laisser cette ligne de côté"),
            ],
        )
        if answer in (NEW, LEFT):
            return answer
        told = f"Est-ce l’action « {close[0]} », ou une nouvelle ? Répondez, ou donnez son numéro."
        return self.by_key.get(answer) or Mistake(row.place_of(TITLE), told, title)

    def _close(self, title: str) -> list[Action]:
        """The actions of nearly that title, the likest first; of so many titles of a file."""
        self.likened += 1
        if self.likened > LIKENED:
            return []
        said = bare(title)
        scored = [(likeness(said, self.matchers[one.pk], ALIKE), one) for one in self.actions]
        close = sorted((one for one in scored if one[0] >= ALIKE), key=lambda one: -one[0])
        return [one for _, one in close[:SUGGESTED]]


def title_of(row: Row) -> str:
    """The title of a line, without the number that an office may write before it."""
    return parted(row)[1]


def parted(row: Row) -> tuple[str, str]:
    """The number and the title of a line: « Action 1.2 : Ouvrir un relais »."""
    number, title = number_in(row.cell(NUMBER)), " ".join(row.text(TITLE)[:MAX_TITLE].split())
    found = NUMBERED.fullmatch(title)
    if found is None:
        return number, title
    return number or found["number"] or found["long"], found["title"]


def number_in(cell: Cell | None) -> str:
    """A number as people write it: « 1.1 » may be stored as one and a tenth."""
    if cell is None or cell.kind == Kind.DATE:
        return ""
    return cell.text.strip().replace(",", ".") if cell.kind == Kind.NUMBER else cell.text.strip()


def new_key(title: str, context: Context) -> str:
    """What tells a new action from the others of a file."""
    place = context.theme or context.axis
    told = f"{bare(title)}|{type(place).__name__ if place else context.said}|{place and place.pk}"
    return f"{NEW}:{hashlib.sha256(told.encode()).hexdigest()[:20]}"


def _within(actions: list[Action], context: Context) -> list[Action]:
    """Of actions of one title those that stand where the line does."""
    own = [one for one in actions if context.theme in (None, one.theme)]
    own = [one for one in own if context.axis in (None, one.theme.axis)]
    kept = own or actions
    standing = [one for one in kept if one.standing != Standing.WITHDRAWN]
    return standing or kept
