"""What a file does not say is asked in its preview; what was answered is kept for the next one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spreadsheets.columns.roles import Choice

LEFT = "-"  # the answer that leaves something out
# Of questions that nobody has answered, a page asks so many at a time, with so many choices; the
# next come after these. Of those that are answered, it shows no more choices either.
MOST_OPEN, MOST_CHOICES = 100, 6_000


@dataclass(frozen=True)
class Question:
    """A question about a place of a file. ``key`` is the same in the next file of that office.

    ``is_required``: what depends on it is refused until it is answered; else it is left out. One
    without ``choices`` is answered in words.
    """

    key: str
    text: str
    place: str
    choices: Sequence[Choice]
    is_required: bool = True
    answer: str = ""

    @property
    def is_open(self) -> bool:
        return self.is_required and not self.answer


class Asking:
    """The questions of a preview, with the answers that were given; each is asked once.
    ``columns``: what the columns of its sheets contain, as somebody has said (plain data);
    ``remembered``: what those of earlier files of the office did, by their shape."""

    def __init__(
        self,
        answers: Mapping[str, str] | None = None,
        columns: Mapping[str, Any] | None = None,
        remembered: Mapping[str, Mapping[str, Any]] | None = None,
    ):
        self.answers, self.columns = dict(answers or {}), dict(columns or {})
        self.remembered = dict(remembered or {})
        self.open: Counter[bool] = Counter()
        self.choices: Counter[bool] = Counter()
        self.asked: dict[str, Question] = {}
        # Where each was asked: all the places that its answer settles.
        self.places: dict[str, list[str]] = {}

    def ask(
        self, key: str, text: str, place: str, choices: Sequence[Choice], *, is_required=True
    ) -> str:
        """Ask a question once, and return its answer, one of its choices; empty while there is
        none."""
        key = key[:200]
        answer = self.answers.get(key, "")
        if all(choice.value != answer for choice in choices):
            answer = ""
        if key not in self.asked and self._has_room(answer, choices, is_required):
            self.open[is_required] += not answer
            self.choices[bool(answer)] += len(choices)
            self.asked[key] = Question(key, text, place, choices, is_required, answer)
        places = self.places.setdefault(key, [])
        if place not in places[-1:]:
            places.append(place)
        return answer

    def _has_room(self, answer: str, choices: Sequence[Choice], is_required: bool) -> bool:
        """Return whether a page may show one more, of those that are answered or of the others."""
        offered = self.choices[bool(answer)]
        if offered and offered + len(choices) > MOST_CHOICES:
            return False
        return bool(answer) or self.open[is_required] < MOST_OPEN

    def say(self, key: str, text: str, place: str) -> str:
        """Return what was said to a question that is answered in words; empty while nothing was."""
        self.asked.setdefault(key, Question(key, text, place, (), answer=self.answers.get(key, "")))
        return self.asked[key].answer

    @property
    def questions(self) -> list[Question]:
        """All of them, those first that are open."""
        return sorted(self.asked.values(), key=lambda one: (not one.is_open, not one.is_required))
