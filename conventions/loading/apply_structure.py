"""Applying the axes, themes and objectives of a file."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from conventions.legal.structure import Axis, Objective, Theme
from conventions.loading.marks import free_numbers, mistakes_of_taken, release_marks
from conventions.loading.matching import FilePart, swapped_identifiers, unmatched
from conventions.loading.mistakes import ConventionFileError, Mistake
from conventions.loading.reader import ConventionFile
from conventions.loading.rows import Rows, is_editable
from conventions.loading.structure import KnownStructure, match, structure_of


def apply_structure(rows: Rows, file: ConventionFile) -> None:
    """Write axes, themes and objectives of the file, from the top down; delete, or keep, what it
    has no more. Raises ConventionFileError where a number or code is taken, or codes are
    swapped."""
    wanted = structure_of(file.content["axes"], file.numerals)
    rows.report.natures.update(item.values["came_as_objective"] for item in wanted.objectives)
    known = KnownStructure.of(rows.convention)
    match(wanted, known)
    mistaken = [
        *mistakes_of_taken(file, "numero", wanted.axes, known.axes, lambda row: row.number),
        *mistakes_of_taken(file, "numero", wanted.themes, known.themes, lambda row: row.number),
        *mistakes_of_taken(file, "code", wanted.objectives, known.objectives, lambda row: row.code),
        *_swapped_codes(file, wanted.objectives, known.objectives),
    ]
    if mistaken:
        raise ConventionFileError(mistaken)
    free_numbers(rows, wanted.axes, known.axes)
    _free_theme_numbers(rows, wanted.themes, known.themes)

    for item in wanted.axes:
        _write(rows, item, Axis(convention=rows.convention), number=item.mark)
    for item in wanted.themes:
        _write(rows, item, Theme(), axis=item.above.row, number=item.mark, rank=item.rank)
    for item in wanted.orientations:
        before = item.row.theme_id if item.row and is_editable(item.row) else None
        theme = item.above.row
        place = {"parent": None, "theme": theme, "rank": item.rank}
        _write(rows, item, Objective(), code=item.mark, **place)
        if before and theme and before != theme.pk:
            # What lies beneath an orientation that has moved, and the file does not speak of.
            for part in item.row.sub_objectives.exclude(theme=theme.pk):
                part.save()
    for item in wanted.sub_objectives:
        parent = item.above.row
        place = {"parent": parent, "theme_id": parent and parent.theme_id, "rank": item.rank}
        _write(rows, item, Objective(), code=item.mark, **place)
    # An orientation that has become a part itself gives its parts to its own orientation.
    deep = Objective.objects.of(rows.convention).filter(parent__parent__isnull=False)
    for part in deep.select_related("parent__parent"):
        part.parent = part.parent.parent
        part.save()

    # From the bottom up: what contains nothing any more can go.
    gone = unmatched(wanted.objectives, known.objectives)
    rows.delete_or_keep_signed(sorted(gone, key=lambda row: row.parent_id is None))
    rows.delete_or_keep_signed(unmatched(wanted.themes, known.themes))
    rows.delete_or_keep_signed(unmatched(wanted.axes, known.axes))


def _write(rows: Rows, item: FilePart, new: Model, **values) -> None:
    """Write an item's row, or ``new`` as its row. A new row is not added to a part that an
    amendment or the committee decided on: the report warns. Whether a passage is an objective is
    not written again once it is signed: the parties agree to it."""
    if item.row is None:
        above = item.above
        if above and (above.row is None or not is_editable(above.row)):
            if item.title:
                rows.report.warnings.append(
                    f"« {item.title} » n’est pas ajouté à ce qu’un avenant ou le comité a décidé."
                )
            return
        item.row, new.since = new, rows.amendment
    elif rows.was_signed and "came_as_objective" in item.values:
        passage: Any = item.row
        is_objective = item.values.pop("came_as_objective")
        del item.values["is_objective"]
        if is_objective != passage.came_as_objective:
            rows.report.warnings.append(
                f"« {item.title} » : le fichier et le portail disent autre chose de ce passage, "
                "objectif ou texte ; la convention étant signée, c’est laissé tel quel, et les "
                "parties en conviennent sur le portail."
            )
    if item.above is None or item.above.row:
        rows.write_or_leave(item.row, title=item.title, **item.values, **values)


def _free_theme_numbers(rows: Rows, items: list[FilePart], themes: list[Theme]) -> None:
    """Free the numbers that the file gives to themes: those that change are released, and a theme
    that it has no more loses its number to the one that takes it."""
    changing = [
        i.row for i in items
        if i.row and is_editable(i.row) and (i.row.axis_id, i.row.number) != _theme_mark(i)
    ]  # fmt: skip
    release_marks(changing, "number")
    marks = {_theme_mark(item) for item in items}
    for theme in unmatched(items, themes):
        if theme.number and (theme.axis_id, theme.number) in marks and is_editable(theme):
            rows.write(theme, number="")


def _theme_mark(item: FilePart) -> tuple[int | None, str]:
    return item.above.row and item.above.row.pk, item.mark


def _swapped_codes(
    file: ConventionFile, items: list[FilePart], rows: list[Objective]
) -> Iterator[Mistake]:
    """Yield a mistake for each code swapped with another objective's, if rows depend on one."""
    coded = [item for item in items if item.row is None or is_editable(item.row)]
    own = filter(is_editable, rows)
    for item, bearer in swapped_identifiers(coded, own, lambda row: row.title, along=(Objective,)):
        message = (
            f"« {item.mark} » est le code de « {item.row.title} » sur le portail, et "
            f"« {bearer.title} » en a un autre ; ce qui dépend de l’un passerait à l’autre : "
            "retirer d’abord ces codes et recharger, puis les écrire"
        )
        yield file.mistake((*item.place, "code"), message)
