"""Rows that depend on a row: a corrected file never deletes a row that others refer to."""

from django.db.models import Model
from simple_history.models import HistoricalChanges

from conventions.legal.time import Wording
from ctg_portal.house import house


def reasons_to_keep(row: Model, along: tuple[type[Model], ...] = ()) -> list[str]:
    """Return French reasons not to delete a row, an empty list for none: how many rows of each
    model have a foreign key to it, and what the rooms add. Rows of the models ``along`` go with it,
    unless others depend on them."""
    reasons = []
    for relation in row._meta.get_fields(include_hidden=True):
        model = relation.related_model if relation.auto_created else None
        if model is None or relation.concrete or issubclass(model, HistoricalChanges):
            continue
        name = relation.field.name
        rows = model._base_manager.filter(**{name: row.pk})
        if issubclass(model, Wording):
            # Its own wordings go with it; those of others place them there on some other day.
            rows = rows.none() if name == "part" else rows.exclude(**{f"part__{name}": row.pk})
            model = model._meta.get_field("part").related_model
        if issubclass(model, along):
            for part in rows:
                reasons += reasons_to_keep(part, along)
        elif count := rows.count():
            # A row between two others speaks for the one that points.
            meta = (model._meta.auto_created or model)._meta
            reasons.append(
                f"1 {meta.verbose_name} en dépend"
                if count == 1
                else f"{count} {meta.verbose_name_plural} en dépendent"
            )
    return [*reasons, *filter(None, (reason(row) for reason in house().reasons_to_keep))]
