"""Stored texts damaged in each field in turn, by a missing or an unknown key: no release wrote
them so."""

import copy
import json
from collections.abc import Iterator

from agreements.commitments import canonical
from agreements.commitments.commitment import Commitment
from agreements.commitments.fields import Children, Link, Links, links_of
from agreements.models import Version
from conventions.legal.reading import rows_of
from tests.agreements import sampling

MORE = "added_later"
EACH_LINK = "each link"


def paths(commitment: Commitment) -> Iterator[tuple[str, ...]]:
    """Yield the path of each field, of each field of its children, and of each key of links."""
    for field in commitment.fields:
        yield (field.name,)
        if isinstance(field, Children) and not isinstance(field, Links):
            yield from ((field.name, part.name) for part in field.fields)
    if any(links_of(commitment.fields)):
        yield from ((EACH_LINK, part) for part in ("id", "name"))


def each_way(commitment: Commitment) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from (("drop", path) for path in paths(commitment))
    yield "add", (MORE,)


def damaged(content: dict, way: str, path: tuple[str, ...]) -> dict:
    """Return a copy of the content without the key at ``path`` (``drop``), or with an unknown one
    at every level (``add``)."""
    content = copy.deepcopy(content)
    if way == "add":
        dictionaries = list(_levels(content))
    elif path[0] == EACH_LINK:
        dictionaries = list(_links(content))
    else:
        dictionaries = [content] if len(path) == 1 else content.get(path[0]) or []
    for dictionary in dictionaries:
        if way == "drop":
            dictionary.pop(path[-1], None)
        else:
            dictionary[path[-1]] = ["Ceci", {"vient": "plus tard"}]
    return content


def _levels(value) -> Iterator[dict]:
    """Yield the content, its children and its links."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for inside in value.values() if isinstance(value, dict) else value:
            yield from _levels(inside)


def _links(value) -> Iterator[dict]:
    if isinstance(value, dict) and value.keys() == {"id", "name"}:
        yield value
    elif isinstance(value, dict | list):
        for inside in value.values() if isinstance(value, dict) else value:
            yield from _links(inside)


def damage(versions, way: str, path: tuple[str, ...]) -> None:
    """Store the texts of these versions damaged, with their digests."""
    for version in versions:
        store(version, damaged(json.loads(version.text), way, path))


def store(version: Version, content: dict) -> None:
    text = canonical.canonical(content)
    Version.objects.filter(pk=version.pk).update(text=text, digest=canonical.digest(text))


def placed(commitment: Commitment, schema: int, convention) -> dict:
    """Return the sample of a schema, with its links to rows of a convention of the tests."""
    content = json.loads(sampling.text_of(commitment.kind, schema))
    return _placed(commitment.fields, content, convention)


def _placed(fields, content: dict, convention) -> dict:
    for field in fields:
        value = content.get(field.name)
        if isinstance(field, Links) and value:
            content[field.name] = [_link(_rows(field, convention).last())]
        elif isinstance(field, Link) and value:
            content[field.name] = _link(_rows(field, convention).first())
        elif isinstance(field, Children) and value:
            content[field.name] = [_placed(field.fields, one, convention) for one in value]
    return content


def _rows(field: Link | Links, convention):
    return rows_of(field.model, convention).order_by("pk")


def _link(row) -> dict:
    return {"id": row.pk, "name": str(row)}
