"""Texts typed by their key: a code stays a text, a number becomes one, as the schema says."""

import copy
import datetime
import re
from decimal import Decimal
from typing import Any

from conventions.loading import schema, wording
from conventions.loading.mistakes import Mistake, Place, place_text
from conventions.loading.nodes import Mapping, Node, Scalar, Sequence
from conventions.loading.schema import Schema

BOOLEANS = {"oui": True, "true": True, "non": False, "false": False}
# Longer numbers are no quantities of this domain; they stay texts, which the schema refuses.
INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,10})?")
NOTHING = {"", "~", "null"}


def typed(root: Node) -> tuple[Any, list[Mistake]]:
    """Return the file's content as texts, numbers, booleans, lists and dicts, and its misspelt
    keys, which are read on under their right name. Dates stay texts, and so does a value of another
    type, for the schema to refuse; empty values are left out."""
    reading = _Reading()
    return reading.value(root, schema.load(), ()), reading.mistakes


def completed(value: Any, part: Schema) -> Any:
    """Return a correct content with dates as dates, and the schema's defaults for absent keys."""
    if isinstance(value, dict):
        properties = part["properties"]
        full = {key: completed(item, properties[key]) for key, item in value.items()}
        for key, known in properties.items():
            if key not in full and "default" in known:
                full[key] = copy.copy(known["default"])
        return full
    if isinstance(value, list):
        return [completed(item, part["items"]) for item in value]
    return datetime.date.fromisoformat(value) if part.get("format") == "date" else value


class _Reading:
    def __init__(self):
        self.mistakes: list[Mistake] = []

    def value(self, node: Node, part: Schema, place: Place) -> Any:
        """Return what a node holds, typed by its part of the schema."""
        if isinstance(node, Mapping):
            return self._mapping(node, part.get("properties"), place)
        if isinstance(node, Sequence):
            items = part.get("items", {})
            return [self.value(item, items, (*place, i)) for i, item in enumerate(node.items)]
        return _scalar(node, part.get("type"))

    def _mapping(self, node: Mapping, properties: Schema | None, place: Place) -> dict[str, Any]:
        """Return a mapping without empty values of known keys; only keys where none is expected.
        Misspelt keys are put right first."""
        if properties is None:
            return dict.fromkeys(node.entries)
        self._respell(node, properties, place)
        values = {}
        for key, entry in node.entries.items():
            part = properties.get(key, {})
            value = self.value(entry.value, part, (*place, key))
            is_empty = value is None or (value == {} and "string" in part.get("type", ()))
            if key not in properties or not is_empty:
                values[key] = value
        return values

    def _respell(self, node: Mapping, properties: Schema, place: Place) -> None:
        """Rename misspelt keys of the node to the known key that they mean, and note them."""
        unknown = [key for key in node.entries if key not in properties]
        if not unknown:
            return
        known = {schema.simplified_key(key): key for key in properties if key not in node.entries}
        for key in unknown:
            if meant := known.pop(schema.simplified_key(key), None):
                entry = node.entries[meant] = node.entries.pop(key)
                message = wording.misspelt_key(meant)
                self.mistakes.append(Mistake(entry.line, place_text((*place, key)), message))


def _scalar(node: Scalar, kind: str | list[str] | None) -> Any:
    """Return a text as the boolean, integer or Decimal that its key asks for (one kind, not a
    list), or as it is where it cannot be read so; None where it is empty or an unquoted word for
    nothing."""
    text = node.text.strip()
    if not text or (node.plain and text in NOTHING):
        return None
    if kind == "boolean":
        return BOOLEANS.get(text.lower(), text)
    if kind == "integer" and INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and NUMBER.fullmatch(text):
        return Decimal(text)
    return text
