"""Texts that are read for ever: a stored one is brought, step by step, to the fields of today.

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

# Of a link whose text tells no key: no row has it.
NO_KEY = 0


class UnreadableError(Exception):
    """A text was written by a later release than this one: guessing would lose what it says."""


def told(commitment: "Commitment", schema: int, text: str) -> dict:
    """What a stored text says, after its steps; not always all that a content of today has."""
    if schema > commitment.schema:
        known = f"this release knows schema {commitment.schema}"
        raise UnreadableError(f"{commitment.kind}: the text is of schema {schema}, {known}")
    content = canonical.read(text)
    for number in range(schema, commitment.schema):
        content = commitment.steps[number](content)
    return content


def complete(commitment: "Commitment", content: dict) -> dict:
    """The content in every field of today and no other, children's too; what it does not tell is
    as for a new row. Of whatever has ``fields`` and their ``model``."""
    return _complete(commitment.fields, commitment.model, content)


def _complete(fields: Iterable[Field], model: type[Model], content: dict) -> dict:
    blank = None if all(field.name in content for field in fields) else model()
    return {
        field.name: _whole(field, model, content[field.name])
        if field.name in content
        else field.read(blank)
        for field in fields
    }


def _whole(field: Field, model: type[Model], value):
    if isinstance(field, Links):
        return [_link(link) for link in value or []]
    if isinstance(field, Link):
        return value and _link(value)
    if isinstance(field, Children):
        column: Any = model._meta.get_field(field.name)
        return [_complete(field.fields, column.related_model, one) for one in value or []]
    return value


def _link(link: dict) -> dict:
    return {"id": link.get("id", NO_KEY), "name": link.get("name", "")}


def check(commitment: "Commitment") -> None:
    """Refuse a commitment that cannot read what it once wrote."""
    if set(commitment.steps) != set(range(1, commitment.schema)):
        needed = f"schema {commitment.schema} needs a step from each number below"
        raise ValueError(f"{commitment.kind}: {needed}, and no other")
