"""What an amendment makes of the text: parts reworded, moved, opened, closed, split, merged.

Amendments may be written in any order, for days past and to come. Nothing moves by itself: who
writes one reassigns what it displaces. Who may write it, and whether it is signed, is the business
of the caller.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.utils import timezone

from conventions.legal.reading import rows_of
from conventions.legal.time import legal_order
from conventions.models import (
    Amendment,
    Annex,
    Article,
    Axis,
    Convention,
    Objective,
    Theme,
    Worded,
    Wording,
)
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changing, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused

WORDED = (Article, Annex, Axis, Theme, Objective)

TEXT_OF_ANOTHER = Refusal("Ce texte n’est pas celui de la convention que l’avenant modifie.")
AS_SIGNED = Refusal("La convention telle que signée ne se modifie que par un avenant numéroté.")


class Pen:
    """Writes what one amendment says of the parts of the text; ``writing`` gives it."""

    def __init__(self, amendment: Amendment):
        self.amendment = amendment

    def reword(self, part: Worded, **words) -> None:
        """Give a part other words, another number, another place; what is not told stays."""
        self._say(part, ends=False, **words)

    def close(self, part: Worded, *, into: tuple[Worded, ...] = ()) -> None:
        """End a part, to which the parts ``into`` succeed: one, several for a split; the same one
        may succeed to several, which is a merge."""
        self._say(part, ends=True)
        for new in into:
            self._hold(new)
            part.successions.get_or_create(new=new, defaults={"amendment": self.amendment})

    def open(self, part: Worded) -> Worded:
        """Bring in a new part, not saved yet."""
        # Until the rows are brought to the day, it takes no number from one that gives it up.
        part.since = part.until = self.amendment
        part.save()
        self._hold(part)
        return part

    def _hold(self, part: Worded) -> None:
        found = rows_of(type(part), self.amendment.convention).filter(pk=part.pk)
        if not found.exists():
            raise Refused(TEXT_OF_ANOTHER)

    def _say(self, part: Worded, *, ends: bool, **words) -> None:
        self._hold(part)
        said = list(part.wordings.select_related("since"))
        own = next((w for w in said if w.since_id == self.amendment.pk), None)
        order = legal_order(self.amendment)
        if own is None:
            # What is not told stays as it was when the amendment takes effect.
            said.sort(key=lambda w: legal_order(w.since))
            before = [w for w in said if legal_order(w.since) < order and not w.ends]
            own = part.new_wording(self.amendment, **_words_of([*said[:1], *before][-1]))
        own.ends = ends
        for name, value in words.items():
            setattr(own, name, value)
        own.save()
        type(part).objects.filter(pk=part.pk).update(until=self.amendment)


def _words_of(wording: Wording, names=None) -> dict:
    """Its words, by column."""
    columns = [wording._meta.get_field(name).attname for name in names or wording.part.WORDS]
    return {column: getattr(wording, column) for column in columns}


@contextmanager
def writing(amendment: Amendment) -> Iterator[Pen]:
    """Write what an amendment says, in one transaction; then bring the rows to the day.

    Raises Refused, and writes nothing, when the text could not be read on some day.
    """
    if amendment.number == 0:
        raise Refused(AS_SIGNED)
    with changing():
        convention = amendment.convention
        Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=convention.pk)
        yield Pen(amendment)
        _refuse_unreadable(convention, amendment)
        bring_forward(convention)


# The rows, brought to the day ---------------------------------------------------------------------


@event(Subject.TEXT)
def bring_forward(convention: Convention, today: date | None = None) -> None:
    """Have the rows of the text hold the wordings of the day that is read.

    Tells who must know (``after_text``) when that changed something.
    """
    today = today or timezone.localdate()
    day = convention.reading_day(today)
    changed = [_bring(model, convention, day) for model in WORDED]
    Convention.objects.filter(pk=convention.pk).update(worded_on=today)
    if any(changed):
        let_follow(house().after_text, convention)


def _bring(model: type[Worded], convention: Convention, day: date | None) -> bool:
    wanted, rows = {}, {}
    for part in rows_of(model, convention).prefetch_related("wordings__since"):
        rows[part.pk], wanted[part.pk] = part, _held_on(part, day)
    if model is Objective:
        for values in wanted.values():
            if values["parent_id"]:
                values["theme_id"] = wanted[values["parent_id"]]["theme_id"]
    differing = {
        pk: values
        for pk, values in wanted.items()
        if any(getattr(rows[pk], column) != value for column, value in values.items())
    }
    # A number may pass from one to another: while they change, none has one for good.
    model.objects.filter(pk__in=differing).update(until=convention.amendments.order_by("pk")[0])
    for pk, values in differing.items():
        for column, value in values.items():
            setattr(rows[pk], column, value)
        rows[pk].index()
        model.objects.filter(pk=pk).update(**values, search_text=rows[pk].search_text)
    return bool(differing)


def _held_on(part: Worded, day: date | None) -> dict:
    """What the row of a part holds on a day, by column: its words then, or its last ones, or those
    that it will have first."""
    said = sorted(part.wordings.all(), key=lambda w: legal_order(w.since))
    begun = [w for w in said if not w.ends and (day is None or legal_order(w.since)[0] <= day)]
    held = begun[-1] if begun else said[0]
    following = said[said.index(held) + 1 :]
    return _words_of(held, part.amended_words) | {
        "since_id": held.since_id,
        "until_id": following[0].since_id if following else None,
    }


def bring_due() -> None:
    """Bring forward each convention of which an amendment has taken effect; nothing due costs one
    query."""
    due = Amendment.objects.to_bring_forward(timezone.localdate())
    for convention in Convention.objects.filter(pk__in=due.order_by().values("convention")):
        bring_forward(convention)


# What no text can be ------------------------------------------------------------------------------


def _refuse_unreadable(convention: Convention, amendment: Amendment) -> None:
    """Two parts of one number, a place that is not there: from this amendment on, on any day."""
    said = {model: [] for model in WORDED}
    for model in WORDED:
        for part in rows_of(model, convention).prefetch_related("wordings__since"):
            said[model] += sorted(part.wordings.all(), key=lambda w: legal_order(w.since))
    for other in sorted(convention.amendments.all(), key=legal_order):
        if legal_order(other) >= legal_order(amendment):
            text = {model: _text_after(other, wordings) for model, wordings in said.items()}
            _refuse_twins(text)
            _refuse_places(text)


# The wordings read after an amendment, by model and by the primary key of their part.
Text = dict[type[Worded], dict[int, Wording]]


def _text_after(amendment: Amendment, wordings: list[Wording]) -> dict[int, Wording]:
    """The last wording of each part begun by then, ended or not; ``wordings`` are in legal order
    for each part. What was ended for a day before it began has not begun."""
    text = {}
    for wording in wordings:
        is_said = legal_order(wording.since) <= legal_order(amendment)
        if is_said and (not wording.ends or wording.part_id in text):
            text[wording.part_id] = wording
    return text


MARKS = {
    Article: lambda w: w.number,
    Annex: lambda w: w.number,
    Axis: lambda w: w.number,
    Theme: lambda w: (w.axis_id, w.number) if w.number or not w.title else None,
    Objective: lambda w: (w.theme_id, w.code) if w.code else None,
}


def _refuse_twins(text: Text) -> None:
    for model, mark_of in MARKS.items():
        seen = set()
        for wording in text[model].values():
            mark = None if wording.ends else mark_of(wording)
            if mark is not None and mark in seen:
                raise _refused(wording, "aurait le numéro ou le code d’un autre, le même jour")
            seen.add(mark)


def _refuse_places(text: Text) -> None:
    """What is in force lies in something that has begun; a sub-objective in an orientation."""
    objectives = text[Objective]
    for model, place in ((Theme, "axis"), (Objective, "theme"), (Objective, "parent")):
        holders = text[model._meta.get_field(place).related_model]
        for wording in text[model].values():
            key = getattr(wording, f"{place}_id")
            is_deep = place == "parent" and key in objectives and objectives[key].parent_id
            if key and not wording.ends and (key not in holders or is_deep):
                raise _refused(wording, "n’aurait pas sa place dans le texte")


def _refused(wording: Wording, what: str) -> Refused:
    return Refused(Refusal(f"« {wording.title or wording.part} » {what}."))
