"""Writing an amendment: parts of the text reworded, moved, opened, closed, split, merged.

Amendments may be written in any order, for days past and to come. Nothing moves by itself: who
writes one reassigns what it displaces. Who may write it, and whether it is signed, is the business
of the caller.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.utils import timezone

from conventions.legal.convention import Amendment, Convention, lock_convention
from conventions.legal.reading import rows_of
from conventions.legal.structure import Axis, Objective, Theme
from conventions.legal.text import Annex, Article
from conventions.legal.time import Worded, Wording, legal_order
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import changing, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused

WORDED = (Article, Annex, Axis, Theme, Objective)

TEXT_OF_ANOTHER = Refusal("Ce texte n’est pas celui de la convention que l’avenant modifie.")
AS_SIGNED = Refusal("La convention telle que signée ne se modifie que par un avenant numéroté.")


class AmendmentWriter:
    """Writes what one amendment makes of the parts of the text; ``amending`` gives it."""

    def __init__(self, amendment: Amendment):
        self.amendment = amendment

    def reword(self, part: Worded, **words) -> None:
        """Give a part other words, another number or place from this amendment on; words that are
        not given stay as they are by then. Raises Refused for a part of another convention."""
        self._word(part, ends=False, **words)

    def close(self, part: Worded, *, into: tuple[Worded, ...] = ()) -> None:
        """End a part from this amendment on, succeeded by the parts ``into``: several for a split;
        for a merge, close several into one. Raises Refused for a part of another convention."""
        self._word(part, ends=True)
        for new in into:
            self._require_in_convention(new)
            part.successions.get_or_create(new=new, defaults={"amendment": self.amendment})

    def open(self, part: Worded) -> Worded:
        """Save an unsaved part that the amendment brings in, and return it. Raises Refused for one
        of another convention."""
        # Until the rows are brought to the day, it takes no number from one that gives it up.
        part.since = part.until = self.amendment
        part.save()
        self._require_in_convention(part)
        return part

    def _require_in_convention(self, part: Worded) -> None:
        """Raise Refused where the part is not of the amendment's convention."""
        rows = rows_of(type(part), self.amendment.convention).filter(pk=part.pk)
        if not rows.exists():
            raise Refused(TEXT_OF_ANOTHER)

    def _word(self, part: Worded, *, ends: bool, **words) -> None:
        """Write this amendment's wording of a part, with these ``words``, by field; a new one
        copies the other words from the last wording before it in legal order. Set the row's
        ``until``, which frees its number until the rows are updated."""
        self._require_in_convention(part)
        wordings = list(part.wordings.select_related("since"))
        own = next((w for w in wordings if w.since_id == self.amendment.pk), None)
        order = legal_order(self.amendment)
        if own is None:
            # Words that are not given stay as they were when the amendment takes effect.
            wordings.sort(key=lambda w: legal_order(w.since))
            before = [w for w in wordings if legal_order(w.since) < order and not w.ends]
            own = part.new_wording(self.amendment, **_words_of([*wordings[:1], *before][-1]))
        own.ends = ends
        for name, value in words.items():
            setattr(own, name, value)
        own.save()
        type(part).objects.filter(pk=part.pk).update(until=self.amendment)


def _words_of(wording: Wording, names: Iterable[str] | None = None) -> dict[str, Any]:
    """Return a wording's values by the name of its column (``theme_id``): of the fields ``names``,
    or of all ``WORDS`` of its part without any."""
    columns = [wording._meta.get_field(name).attname for name in names or wording.part.WORDS]
    return {column: getattr(wording, column) for column in columns}


@contextmanager
def amending(amendment: Amendment) -> Iterator[AmendmentWriter]:
    """Give a writer of an amendment, with the convention locked, in one transaction; then update
    the rows of the text. Raises Refused, and write nothing, for amendment 0, or where the text
    would not hold together on some day."""
    if amendment.number == 0:
        raise Refused(AS_SIGNED)
    with changing():
        convention = amendment.convention
        lock_convention(convention.pk)
        yield AmendmentWriter(amendment)
        _refuse_unreadable(convention, amendment)
        bring_forward(convention)


# The rows, brought to the day ---------------------------------------------------------------------


@event(Subject.TEXT)
def bring_forward(convention: Convention, today: date | None = None) -> None:
    """Update the rows of the text to the wordings of the reading day of ``today`` (now, if None),
    and set ``worded_on``. Call ``after_text`` where a row has changed."""
    today = today or timezone.localdate()
    day = convention.reading_day(today)
    changed = [_update_rows(model, convention, day) for model in WORDED]
    Convention.objects.filter(pk=convention.pk).update(worded_on=today)
    if any(changed):
        let_follow(house().after_text, convention)


def _update_rows(model: type[Worded], convention: Convention, day: date | None) -> bool:
    """Write to the rows of a model their words on a day; return whether any has changed."""
    wanted, rows = {}, {}
    for part in rows_of(model, convention).prefetch_related("wordings__since"):
        rows[part.pk], wanted[part.pk] = part, _row_values_on(part, day)
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


def _row_values_on(part: Worded, day: date | None) -> dict[str, Any]:
    """Return the values of a part's row on a day, by column: its words then; its last words where
    it has ended; its first where it has not begun."""
    wordings = sorted(part.wordings.all(), key=lambda w: legal_order(w.since))
    begun = [w for w in wordings if not w.ends and (day is None or legal_order(w.since)[0] <= day)]
    current = begun[-1] if begun else wordings[0]
    following = wordings[wordings.index(current) + 1 :]
    return _words_of(current, part.amended_words) | {
        "since_id": current.since_id,
        "until_id": following[0].since_id if following else None,
    }


def bring_due() -> None:
    """Update the text of each convention of which an amendment has taken effect since its rows were
    written; one query where there is none."""
    due = Amendment.objects.to_bring_forward(timezone.localdate())
    for convention in Convention.objects.filter(pk__in=due.order_by().values("convention")):
        bring_forward(convention)


# What no text can be ------------------------------------------------------------------------------


def _refuse_unreadable(convention: Convention, amendment: Amendment) -> None:
    """Raise Refused where, after this amendment or a later one in legal order, two parts of one
    kind have the same number, or a part in force has no place."""
    wordings_by_model = {model: [] for model in WORDED}
    for model in WORDED:
        for part in rows_of(model, convention).prefetch_related("wordings__since"):
            wordings = sorted(part.wordings.all(), key=lambda w: legal_order(w.since))
            wordings_by_model[model] += wordings
    for other in sorted(convention.amendments.all(), key=legal_order):
        if legal_order(other) >= legal_order(amendment):
            text = {model: _text_after(other, ws) for model, ws in wordings_by_model.items()}
            _refuse_duplicate_numbers(text)
            _refuse_places(text)


# The wordings read after an amendment, by model and by the primary key of their part.
Text = dict[type[Worded], dict[int, Wording]]


def _text_after(amendment: Amendment, wordings: list[Wording]) -> dict[int, Wording]:
    """Map each part begun by an amendment, by primary key, to its last wording by then, which may
    end it. ``wordings`` of each part are in legal order; an end before the beginning does not
    count."""
    text = {}
    for wording in wordings:
        is_in_effect = legal_order(wording.since) <= legal_order(amendment)
        if is_in_effect and (not wording.ends or wording.part_id in text):
            text[wording.part_id] = wording
    return text


MARKS = {
    Article: lambda w: w.number,
    Annex: lambda w: w.number,
    Axis: lambda w: w.number,
    Theme: lambda w: (w.axis_id, w.number) if w.number or not w.title else None,
    Objective: lambda w: (w.theme_id, w.code) if w.code else None,
}


def _refuse_duplicate_numbers(text: Text) -> None:
    """Raise Refused where two parts of one kind in force have the same number or code, in one place
    for themes and objectives."""
    for model, mark_of in MARKS.items():
        seen = set()
        for wording in text[model].values():
            mark = None if wording.ends else mark_of(wording)
            if mark is not None and mark in seen:
                raise _refusal_about(
                    wording, "aurait le numéro ou le code d’un autre, le même jour"
                )
            seen.add(mark)


def _refuse_places(text: Text) -> None:
    """Raise Refused where a part lies in one not begun, or a sub-objective in another."""
    objectives = text[Objective]
    for model, place in ((Theme, "axis"), (Objective, "theme"), (Objective, "parent")):
        holders = text[model._meta.get_field(place).related_model]
        for wording in text[model].values():
            key = getattr(wording, f"{place}_id")
            is_deep = place == "parent" and key in objectives and objectives[key].parent_id
            if key and not wording.ends and (key not in holders or is_deep):
                raise _refusal_about(wording, "n’aurait pas sa place dans le texte")


def _refusal_about(wording: Wording, what: str) -> Refused:
    """Return the exception that says « title » of a wording, followed by ``what``."""
    return Refused(Refusal(f"« {wording.title or wording.part} » {what}."))
