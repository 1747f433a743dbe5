"""Numbers and codes that a file gives, and rows of the portal that have them already."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from django.db.models import F, Model, Value
from django.db.models.functions import Concat

from conventions.loading.matching import FilePart, unmatched
from conventions.loading.mistakes import Mistake
from conventions.loading.reader import ConventionFile
from conventions.loading.rows import Rows, is_editable

# Numbers that no file gives: rows take them while others take theirs.
WAITING = 10_000


def mistakes_of_taken(
    file: ConventionFile, key: str, items: Iterable[FilePart], rows: Iterable[Model],
    mark_of: Callable[[Model], Hashable],
) -> Iterator[Mistake]:  # fmt: skip
    """Yield a mistake for each number or code of the file that belongs to a row in force which an
    amendment or the committee decided on, unless it is the item's own row."""
    others = [row for row in rows if row.until_id is None and not is_editable(row)]
    marks = {mark_of(row) for row in others if mark_of(row)}
    for item in items:
        keeps_its_own = item.row and (not is_editable(item.row) or mark_of(item.row) == item.mark)
        if item.mark in marks and not keeps_its_own:
            message = f"« {item.mark} » est déjà pris, par un avenant ou par le comité de pilotage"
            yield file.mistake((*item.place, key), message)


def release_marks(rows: Sequence[Model], field: str) -> None:
    """Give each row a placeholder in a text field until it is written, so that a value may pass
    from one row to another."""
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(**{field: Concat(Value("~"), F("pk"))})


def free_numbers(rows: Rows, items: Sequence[FilePart], parts: Sequence[Model]) -> None:
    """Free the numbers that the file gives: rows that change theirs get a placeholder, rows that it
    has no more a number behind all others."""
    for row in [i.row for i in items if i.row and is_editable(i.row) and i.row.number != i.mark]:
        type(row).objects.filter(pk=row.pk).update(number=F("number") + WAITING)
    numbers = {item.mark for item in items}
    free = max(numbers | {part.number for part in parts}, default=0)
    for part in unmatched(items, parts):
        if part.number in numbers and is_editable(part):
            free += 1
            rows.write(part, number=free)
