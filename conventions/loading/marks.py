"""Numbers and codes that a file gives: who has them on the portal, and who makes way."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from django.db.models import F, Model, Value
from django.db.models.functions import Concat

from conventions.loading.matching import FilePart, unmatched
from conventions.loading.mistakes import Mistake
from conventions.loading.reader import ConventionFile
from conventions.loading.rows import Rows, is_editable

# Numbers that no file gives: rows take them while others take theirs.
WAITING = 10_000


def taken(file: ConventionFile, key: str, items: Iterable[FilePart], rows: Iterable[Model],
          mark_of: Callable[[Model], Hashable]) -> Iterator[Mistake]:  # fmt: skip
    """A number or a code that an amendment or the committee has given cannot be taken."""
    others = [row for row in rows if row.until_id is None and not is_editable(row)]
    marks = {mark_of(row) for row in others if mark_of(row)}
    for item in items:
        keeps_its_own = item.row and (not is_editable(item.row) or mark_of(item.row) == item.mark)
        if item.mark in marks and not keeps_its_own:
            message = f"« {item.mark} » est déjà pris, par un avenant ou par le comité de pilotage"
            yield file.mistake((*item.place, key), message)


def let_go(rows: Sequence[Model], field: str) -> None:
    """What no file gives stands in this text of theirs until each is written: it may pass from one
    to another."""
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(**{field: Concat(Value("~"), F("pk"))})


def free_numbers(rows: Rows, items: Sequence[FilePart], parts: Sequence[Model]) -> None:
    """Make way for the file’s numbers: those who change wait, those who are gone move behind."""
    for row in [i.row for i in items if i.row and is_editable(i.row) and i.row.number != i.mark]:
        type(row).objects.filter(pk=row.pk).update(number=F("number") + WAITING)
    numbers = {item.mark for item in items}
    free = max(numbers | {part.number for part in parts}, default=0)
    for part in unmatched(items, parts):
        if part.number in numbers and is_editable(part):
            free += 1
            rows.write(part, number=free)
