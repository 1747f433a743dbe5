"""Applying the convention of a file, the figures that it quotes, its articles and annexes."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from conventions.journal.models import Setting
from conventions.legal.convention import Amendment, Convention, KeyFigure
from conventions.legal.text import TextPart
from conventions.loading.dependencies import reasons_to_keep
from conventions.loading.marks import free_numbers, mistakes_of_taken
from conventions.loading.matching import FilePart, Key, every_wording, pair, unmatched
from conventions.loading.mistakes import ConventionFileError, Mistake
from conventions.loading.reader import ConventionFile
from conventions.loading.rows import Rows, is_editable
from ctg_portal.house import house
from ctg_portal.search.rows import fold

# What an amendment may have changed since, and is no part of the text: never set back by a file.
TERM = ("signed_on", "start", "end")
# What was confirmed on pages stays as it was confirmed.
SIGNATURE = ("signed_on", "signed_at", "start")


def apply_convention(rows: Rows, content: dict[str, Any]) -> None:
    """Write the convention and its amendment 0, and set ``amendment`` and ``was_signed`` of
    ``rows``. Dates of the term are left, with a warning if they differ, where there is a later
    amendment."""
    convention = rows.convention
    rows.was_signed = convention.is_signed
    values = {
        "title": content["titre"],
        "territory": content["territoire"],
        "signed_on": content.get("signee_le"),
        "signed_at": content.get("signee_a", ""),
        "start": content.get("debut"),
        "end": content["fin"],
        "notice_months": content["preavis_mois"],
        "labels": content.get("libelles", {}),
        "predecessor_slug": content.get("succede_a", ""),
        "communes_announced": content.get("communes_annoncees"),
        "population_source": content.get("source_habitants", ""),
        "preamble": content.get("preambule", ""),
        "points_to_check": content["points_a_verifier"],
    }
    for setting in (Setting.NOTICE, Setting.WORDS):
        now = getattr(convention, setting)
        values[setting] = rows.unless_settled(setting, values[setting], now)
    if not convention._state.adding and convention.amendments.filter(number__gt=0).exists():
        term = {name: values.pop(name) for name in TERM}
        if any(getattr(convention, name) != value for name, value in term.items()):
            rows.report.warnings.append(
                "la convention a un avenant ; ses dates de signature, de début et de fin sont "
                "laissées telles quelles."
            )
    if "delai_contestation_jours" in content:
        rows.report.warnings.append(
            "delai_contestation_jours n’est plus lu : ce qui est saisi au nom d’une partie compte "
            "une fois confirmé, et le silence ne vaut jamais accord."
        )
    _keep_signature(rows, values)
    rows.write(convention, **values)
    rows.amendment = convention.amendments.filter(number=0).first() or Amendment(
        convention=convention, number=0
    )
    rows.write(
        rows.amendment,
        signed_on=convention.signed_on,
        effective_on=convention.start if convention.is_signed else None,
    )


def _keep_signature(rows: Rows, values: dict[str, Any]) -> None:
    """Leave the signature out of the values to write, with a warning, where it was confirmed on
    pages and the file has another, or none."""
    convention = rows.convention
    differs = any(values.get(name, now) != now for name, now in _signature_of(convention).items())
    if not rows.was_signed or not differs:
        return
    reasons = (reason(convention) for reason in house().signed_on_pages)
    if reason := next(filter(None, reasons), None):
        for name in SIGNATURE:
            values.pop(name, None)
        rows.report.warnings.append(f"{reason} : elle reste, quoi que dise le fichier.")


def _signature_of(convention: Convention) -> dict[str, Any]:
    return {name: getattr(convention, name) for name in SIGNATURE}


def apply_key_figures(rows: Rows, content: list[dict[str, Any]]) -> None:
    """Write the figures that the text quotes, matched by rank, and delete the others."""
    known = {figure.rank: figure for figure in rows.convention.key_figures.all()}
    for rank, figure in enumerate(content, start=1):
        rows.write(
            known.pop(rank, None) or KeyFigure(convention=rows.convention, rank=rank),
            label=figure["libelle"],
            value=figure["valeur"],
            unit=figure.get("unite", ""),
            source=figure.get("source", ""),
        )
    for figure in known.values():
        rows.delete_or_keep(figure)


def apply_text_parts(rows: Rows, file: ConventionFile, model: type[TextPart], key: str) -> None:
    """Write the articles, or annexes, of the file's list ``key``; delete, or keep, those that it
    has no more. Raises ConventionFileError for a number that is taken, or an ambiguous part."""
    items = [
        FilePart(
            (key, at), part["titre"], at, part["numero"], values={"text": part.get("texte", "")}
        )
        for at, part in enumerate(file.content[key])
    ]
    known = sorted(
        every_wording(model.objects.filter(convention=rows.convention)),
        key=lambda part: (not is_editable(part), part.since.number, part.pk),
    )
    _match(items, known)
    if mistaken := [
        *mistakes_of_taken(file, "numero", items, known, lambda row: row.number),
        *_ambiguous_parts(file, items, known),
    ]:
        raise ConventionFileError(mistaken)
    free_numbers(rows, items, known)
    for item in items:
        part = item.row or model(convention=rows.convention, since=rows.amendment)
        rows.write_or_leave(part, number=item.mark, title=item.title, text=item.values["text"])
    rows.delete_or_keep_signed(unmatched(items, known))


def _match(items: list[FilePart], known: list[TextPart]) -> None:
    """Set the rows of the items, by two of number, title and text, then by one: where a part is
    inserted, the others keep their rows."""
    pair(items, known, lambda i: (_title(i), _text(i)), lambda row: (_title(row), _text(row)))
    pair(items, known, lambda i: (i.mark, _title(i)), lambda row: (row.number, _title(row)))
    pair(items, known, lambda i: (i.mark, _text(i)), lambda row: (row.number, _text(row)))
    pair(items, known, _title, _title, once=True)
    pair(items, known, lambda i: _text(i) or None, lambda row: _text(row) or None, once=True)
    pair(items, known, lambda i: i.mark, lambda row: row.number)


def _title(part: FilePart | TextPart) -> str:
    return fold(part.title)


def _text(part: FilePart | TextPart) -> str:
    return fold(part.values["text"] if isinstance(part, FilePart) else part.text)


def _ambiguous_parts(
    file: ConventionFile, items: list[FilePart], known: list[TextPart]
) -> Iterator[Mistake]:
    """Yield a mistake for each part matched by its number alone, while its title or text are
    another row's or no row's, where something depends on one of these rows."""
    for item in items:
        row = item.row
        is_same = row and (_title(row), _text(row)) == (_title(item), _text(item))
        if row is None or is_same or not is_editable(row):
            continue
        alike = [_evidence(key, item, items, known) for key in (_title, _text)]
        others = [other for evidence in alike for other in evidence.others]
        if any(evidence.is_confirmed for evidence in alike) and not others:
            continue
        if reasons := next(filter(None, map(reasons_to_keep, (row, *others))), None):
            message = (
                f"rien ne dit si c’est « {row.title} », n°\u00a0{row.number} sur le portail, ou un "
                f"autre texte, et {reasons[0]} : si c’est le même, ne corriger d’abord que l’un "
                "des deux, le titre ou le texte (sans texte, en écrire un sous l’ancien titre), et "
                "recharger ; sinon, lui donner d’abord un numéro libre et recharger"
            )
            yield file.mistake(item.place, message)


class _Evidence(NamedTuple):
    """Evidence of one key, title or text, for the row of a part: ``is_confirmed`` where no other
    row has it, else the ``others`` that have it."""

    is_confirmed: bool
    others: list[TextPart]


def _evidence(key: Key, item: FilePart, items: list[FilePart], known: list[TextPart]) -> _Evidence:
    """Return whether the key of an item confirms its row, and the other rows that have it."""
    bearers = [row for row in known if key(row) == key(item)] if key(item) else []
    is_same = key(item.row) == key(item) != ""
    is_alone = sum(key(other) == key(item) for other in items) == 1
    others = [row for row in bearers if row.pk != item.row.pk]
    return _Evidence(is_same and is_alone and not others, [] if is_same else others)
