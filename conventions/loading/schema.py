"""The format’s JSON schema, and its mistakes in French.

``docs/convention-format.schema.json`` says which keys exist, which are required and what each
holds; nothing here repeats it. It is read with its references already followed, which spares the
validator (and every walk along it) from following them at each value.
"""

import difflib
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeGuard

from django.conf import settings
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from conventions.loading import wording
from conventions.loading.mistakes import Place
from ctg_portal.search.rows import fold

SCHEMA_FILE = Path("docs") / "convention-format.schema.json"

# A misspelt word is worth a hint when it is this near to a known one.
NEAR = 0.7

Schema = dict[str, Any]


@lru_cache(maxsize=1)
def load() -> Schema:
    """Return the schema with exact numbers and its references resolved."""
    text = (settings.BASE_DIR / SCHEMA_FILE).read_text(encoding="utf-8")
    schema = json.loads(text, parse_float=Decimal)
    definitions = schema.pop("$defs")
    return _expanded(schema, definitions)


def _expanded(part: Any, definitions: Schema) -> Any:
    """Return a part of the schema with the definitions in place of references; what stands beside a
    reference overrides it."""
    if isinstance(part, list):
        return [_expanded(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    own = {key: _expanded(value, definitions) for key, value in part.items() if key != "$ref"}
    if "$ref" not in part:
        return own
    name = part["$ref"].removeprefix("#/$defs/")
    return {**_expanded(definitions[name], definitions), **own}


def simplified_key(text: str) -> str:
    """Return a key without accents, capitals, hyphens and plurals, which one easily gets wrong."""
    return "".join(word.removesuffix("s") for word in fold(text).split())


@lru_cache(maxsize=4096)
def nearest(text: str, known: tuple[str, ...]) -> str | None:
    """Return the known word that ``text`` most likely misspells, or None."""
    by_word = {simplified_key(word): word for word in known}
    near = difflib.get_close_matches(simplified_key(text)[:80], by_word, n=1, cutoff=NEAR)
    return by_word[near[0]] if near else None


def is_date(text: Any) -> TypeGuard[str]:
    """Return whether a text is a day that exists, of our times, written as ``2021-06-30``."""
    return isinstance(text, str) and wording.date_fault(text) is None


Faults = Iterator[tuple[Place, str]]


def mistakes_in(content: Any) -> Faults:
    """Yield all that the schema refuses, as places and French messages; of a value of the wrong
    type, nothing else."""
    errors = [(tuple(error.absolute_path), error) for error in _validator().iter_errors(content)]
    mistyped = {place for place, error in errors if error.validator == "type"}
    for place, error in errors:
        if place in mistyped and error.validator != "type":
            continue
        if describe_keys := ABOUT_KEYS.get(error.validator):
            yield from describe_keys(place, error)
        else:
            yield place, ABOUT_VALUES[error.validator](error)


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    """Return the validator, with dates of ours, exact numbers and « maxDecimals »."""
    formats = FormatChecker(formats=())
    formats.checks("date")(lambda value: not isinstance(value, str) or is_date(value))
    numbers = Draft202012Validator.TYPE_CHECKER.redefine(
        "number",
        lambda _, value: isinstance(value, int | Decimal) and not isinstance(value, bool),
    )
    french = extend(Draft202012Validator, {"maxDecimals": _max_decimals}, type_checker=numbers)
    return french(load(), format_checker=formats)


def _max_decimals(
    _validator: Any, limit: int, value: Any, _schema: Schema
) -> Iterator[ValidationError]:
    """Yield an error for a number with more decimals than ``limit``: our own keyword, since editors
    compute ``multipleOf`` with floating numbers."""
    if isinstance(value, Decimal) and -value.normalize().as_tuple().exponent > limit:
        yield ValidationError("too many decimals")


def _missing_keys(place: Place, error: ValidationError) -> Faults:
    """Yield the required keys that are missing; none for a mapping that is a text with « : »,
    another mistake already."""
    value, schema = error.instance, error.schema
    # A text without quotes was taken for a key and its value at its « : »: one mistake is enough.
    if "string" in schema["type"] and value and not schema["properties"].keys() & value.keys():
        return
    yield from (((*place, key), wording.MISSING) for key in schema["required"] if key not in value)


def _unknown_keys(place: Place, error: ValidationError) -> Faults:
    """Yield each key that the schema does not know, with the one meant."""
    known = tuple(error.schema["properties"])
    for key in error.instance:
        if key not in known:
            yield (*place, key), wording.unknown_key(key, nearest(key, known), known)


def _keys_that_go_together(place: Place, error: ValidationError) -> Faults:
    """Yield each missing key that another one asks for."""
    for key, others in error.validator_value.items():
        for other in others:
            if key in error.instance and other not in error.instance:
                yield (*place, other), f"cette clé manque, car « {key} » est présente"


def _keys_that_exclude_each_other(place: Place, error: ValidationError) -> Faults:
    """Yield a fault where not exactly one of the keys stands."""
    if isinstance(error.instance, dict):  # other types are mistakes of their own
        names = [name for choice in error.validator_value for name in choice.get("required", ())]
        yield place, wording.one_of(names, [name for name in names if name in error.instance])


ABOUT_KEYS: dict[str, Callable[[Place, ValidationError], Faults]] = {
    "required": _missing_keys,
    "additionalProperties": _unknown_keys,
    "dependentRequired": _keys_that_go_together,
    "oneOf": _keys_that_exclude_each_other,
}


def _not_in_enum(error: ValidationError) -> str:
    """Return the sentence on a value that is not allowed, with all that are and the likeliest
    one."""
    allowed = tuple(error.validator_value)
    return wording.not_in(error.instance, allowed, nearest(error.instance, allowed))


def _number_sentence(sentence: str) -> Callable[[ValidationError], str]:
    """Return a function that fills the sentence with the number found and the limit."""
    return lambda error: sentence.format(
        wording.number(error.instance), wording.number(error.validator_value)
    )


ABOUT_VALUES: dict[str, Callable[[ValidationError], str]] = {
    "type": lambda error: wording.wrong_type(error.instance, error.schema),
    "enum": _not_in_enum,
    "const": lambda error: f"seul le format {error.validator_value} est connu",
    "format": lambda error: wording.date_fault(error.instance),
    "pattern": lambda error: error.schema["patternErrorMessage"],
    "maxLength": lambda error: wording.too_long(error.instance, error.validator_value),
    "minItems": lambda error: "cette liste est vide ; il faut au moins un élément",
    "minimum": _number_sentence("{} est trop petit ; le minimum est {}"),
    "maximum": _number_sentence("{} est trop grand ; le maximum est {}"),
    "exclusiveMinimum": _number_sentence("{} est trop petit ; il faut plus que {}"),
    "maxDecimals": lambda error: wording.too_precise(error.instance, error.validator_value),
}
