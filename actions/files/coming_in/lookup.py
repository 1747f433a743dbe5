"""Match lines of a file with actions of the plan: by number, by title, or by an earlier answer."""

import hashlib
import re
from collections.abc import Iterable

from actions.files.coming_in.headings import NUMBER, TITLE
from actions.files.coming_in.places import Context
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


class ActionLookup:
    """The actions of a plan that somebody may know of, as lines of a file name them."""

    def __init__(self, actions: Iterable[Action], asking: Asking):
        self.asking, self.likened = asking, 0
        self.actions = sorted(actions, key=lambda action: action.standing == Standing.WITHDRAWN)
        self.by_key = {str(action.pk): action for action in self.actions}
        self.numbers = {fold(action.number): action for action in self.actions}
        self.titles: dict[str, list[Action]] = {}
        for action in self.actions:
            self.titles.setdefault(bare(action.title), []).append(action)
        self.matchers = {action.pk: matcher_of(bare(action.title)) for action in self.actions}

    def is_known(self, row: Row) -> bool:
        """Return whether a line names an action outright, whatever else it looks like."""
        return bool(self._with_title_of(row) if title_of(row) else self._with_number_of(row))

    def find(self, row: Row, context: Context) -> Action | Mistake | str:
        """Return the action of a line, or the mistake in how it is named; ``NEW`` for a new action,
        ``LEFT`` for a line that somebody has left out."""
        title, numbered = title_of(row), self._with_number_of(row)
        if not title:
            return numbered or self._unnamed(row)
        titled = self._with_title_of(row)
        if numbered in titled:
            return numbered
        if len(titled) > 1:
            titled = _within(titled, context)
        if titled:
            return titled[0] if len(titled) == 1 else self._ask_which(row, title, titled)
        if numbered is not None:
            if likeness(bare(title), self.matchers[numbered.pk], 0) >= NOT_UNLIKE:
                return numbered
            return self._ask_which(row, title, [numbered])
        close = self._similar_actions(title)
        return self._ask_which(row, title, close) if close else NEW

    def _with_number_of(self, row: Row) -> Action | None:
        return self.numbers.get(fold(number_and_title(row)[0]))

    def _with_title_of(self, row: Row) -> list[Action]:
        whole = self.titles.get(bare(row.text(TITLE)[:MAX_TITLE]))
        return whole or self.titles.get(bare(title_of(row)), [])

    def _unnamed(self, row: Row) -> Mistake:
        number = number_in(row.cell(NUMBER))
        if number:
            text = (
                f"« {number[:40]} » n’est pas le numéro d’une action du plan, et la ligne n’a pas"
            )
            return Mistake(row.place_of(NUMBER), f"{text} de titre : donnez-le.")
        return Mistake(
            row.first.address,
            "Cette ligne ne dit pas de quelle action elle est : répétez-y le titre de l’action, ou "
            "réunissez ses lignes en une.",
        )

    def _ask_which(self, row: Row, title: str, close: list[Action]) -> Action | Mistake | str:
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
        text = f"Est-ce l’action « {close[0]} », ou une nouvelle ? Répondez, ou donnez son numéro."
        return self.by_key.get(answer) or Mistake(row.place_of(TITLE), text, title)

    def _similar_actions(self, title: str) -> list[Action]:
        """Return the actions with nearly that title, the most similar first; none after so many
        titles of a file."""
        self.likened += 1
        if self.likened > LIKENED:
            return []
        words = bare(title)
        scored = [(likeness(words, self.matchers[a.pk], ALIKE), a) for a in self.actions]
        close = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: -pair[0])
        return [action for _, action in close[:SUGGESTED]]


def title_of(row: Row) -> str:
    """Return the title of a line, without the number that an office may write before it."""
    return number_and_title(row)[1]


def number_and_title(row: Row) -> tuple[str, str]:
    """Return the number and the title of a line, also from « Action 1.2 : Ouvrir un relais »."""
    number, title = number_in(row.cell(NUMBER)), " ".join(row.text(TITLE)[:MAX_TITLE].split())
    match = NUMBERED.fullmatch(title)
    if match is None:
        return number, title
    return number or match["number"] or match["long"], match["title"]


def number_in(cell: Cell | None) -> str:
    """Return a number as people write it: « 1.1 » may be stored as one and a tenth. Empty for a
    date or without a cell."""
    if cell is None or cell.kind == Kind.DATE:
        return ""
    return cell.text.strip().replace(",", ".") if cell.kind == Kind.NUMBER else cell.text.strip()


def new_key(title: str, context: Context) -> str:
    """Return the key of a new action, from its title and its place in the file."""
    place = context.theme or context.axis
    part = type(place).__name__ if place else context.unknown_heading
    identity = f"{bare(title)}|{part}|{place and place.pk}"
    return f"{NEW}:{hashlib.sha256(identity.encode()).hexdigest()[:20]}"


def _within(actions: list[Action], context: Context) -> list[Action]:
    """Return, of actions with the same title, those in the part of the plan that the line is in."""
    own = [one for one in actions if context.theme in (None, one.theme)]
    own = [one for one in own if context.axis in (None, one.theme.axis)]
    candidates = own or actions
    standing = [one for one in candidates if one.standing != Standing.WITHDRAWN]
    return standing or candidates
