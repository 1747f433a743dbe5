"""Upcasters: a stored text of an earlier schema is upgraded, step by step, to the fields of today.

A commitment whose fields change takes the next ``schema`` number, and declares in ``steps`` what
leads from the number before: a pure function from one plain dictionary to the next, which imports
nothing of ours and, once released, never changes. Texts stay as they were written; so do digests.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from agreements.commitments import canonical
from agreements.commitments.fields import Children, Field, Link, Links

if TYPE_CHECKING:
    from agreements.commitments.commitment import Commitment

Step = Callable[[dict], dict]

# The key of a link whose text has none: no row has it.
NO_KEY = 0


class UnreadableError(Exception):
    """A text was written by a later release than this one: guessing would lose what it says."""


def upgrade(commitment: "Commitment", schema: int, text: str) -> dict:
    """Return the content of a stored text after the steps from its schema to that of today; fields
    may still be missing. Raises UnreadableError for a text of a later release."""
    if schema > commitment.schema:
        known = f"this release knows schema {commitment.schema}"
        raise UnreadableError(f"{commitment.kind}: the text is of schema {schema}, {known}")
    content = canonical.read(text)
    for number in range(schema, commitment.schema):
        content = commitment.steps[number](content)
    return content


def complete(commitment: "Commitment", content: dict) -> dict:
    """Return a content with every field of today and no other, in children too; a missing value is
    that of a new row. ``commitment``: whatever has ``fields`` and their ``model``."""
    return _complete(commitment.fields, commitment.model, content)


def _complete(fields: Iterable[Field], model: type[Model], content: dict) -> dict:
    """Return ``content`` with these ``fields`` and no other, as ``complete`` does."""
    blank = None if all(field.name in content for field in fields) else model()
    return {
        field.name: _complete_value(field, model, content[field.name])
        if field.name in content
        else field.read(blank)
        for field in fields
    }


def _complete_value(field: Field, model: type[Model], value: Any) -> Any:
    """Complete the children or links within the value of a field; any other value stays as it
    is."""
    if isinstance(field, Links):
        return [_complete_link(link) for link in value or []]
    if isinstance(field, Link):
        return value and _complete_link(value)
    if isinstance(field, Children):
        column: Any = model._meta.get_field(field.name)
        return [_complete(field.fields, column.related_model, child) for child in value or []]
    return value


def _complete_link(link: dict) -> dict:
    return {"id": link.get("id", NO_KEY), "name": link.get("name", "")}


def check(commitment: "Commitment") -> None:
    """Raise ValueError for a commitment that has not exactly the steps that its schema needs."""
    if set(commitment.steps) != set(range(1, commitment.schema)):
        needed = f"schema {commitment.schema} needs a step from each number below"
        raise ValueError(f"{commitment.kind}: {needed}, and no other")
