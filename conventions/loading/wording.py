"""Sentences for the mistakes of a convention file."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

MISSING = "cette clé est obligatoire et manque"
EMPTY_ITEM = "cet élément de liste est vide ; le compléter ou retirer son tiret"
QUOTES = "un texte qui contient « : » se met entre guillemets"
QUOTES_OR_COMMA = f"{QUOTES}, de même qu’un texte qui contient une virgule entre accolades"

ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
FRENCH_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
SPACED_NUMBER = re.compile(r"[+-]?[0-9]{1,3}([\s'’.][0-9]{3})+")
GLUED_KEY = re.compile(r"\w+:\S")

LONGEST_QUOTE = 60
# A year beyond these is a slip of the finger; pages show years in four digits, and look for the
# days before and after.
FIRST_YEAR, LAST_YEAR = 1900, 2100


def quoted(value: Any) -> str:
    """Return a value in guillemets, on one line, cut when it is long."""
    text = str(value).replace("\n", " ")
    return f"« {text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + '…'} »"


def number(value: int | Decimal) -> str:
    """Return a number as French writes it: ``1,5``."""
    return f"{Decimal(value).normalize():f}".replace(".", ",")


def unknown_key(key: str, hint: str | None, known: Iterable[str]) -> str:
    """Return the sentence on an unknown key: which is meant, or which are ``known``."""
    if hint:
        return f"cette clé est inconnue ; vouliez-vous dire « {hint} » ?"
    if " " in key.strip() or key != key.lower():
        return f"{quoted(key)} n’est pas une clé ; {QUOTES_OR_COMMA}"
    return f"cette clé est inconnue ; les clés admises ici sont {', '.join(known)}"


def misspelt_key(known: str) -> str:
    return f"cette clé est inconnue ; elle s’écrit « {known} »"


def one_of(names: list[str], present: list[str]) -> str:
    """Return the sentence on keys of which one must stand: several are ``present``, or none."""
    both = "« " + " » et « ".join(names) + " »"
    if present:
        return f"{both} s’excluent ; garder l’une des deux clés"
    return f"il manque {both.replace(' et ', ' ou ')}"


def not_in(value: Any, allowed: Iterable[str], hint: str | None) -> str:
    """Return the sentence on a value that is not ``allowed``, with the hint if there is one."""
    choice = f"sans doute « {hint} » ; " if hint else ""
    return (
        f"{quoted(value)} n’est pas admis ; {choice}les valeurs admises sont {', '.join(allowed)}"
    )


def too_long(text: str, limit: int) -> str:
    return f"ce texte est trop long : {len(text)} caractères, {limit} au plus"


def too_precise(value: Decimal, limit: int) -> str:
    return f"{number(value)} a trop de décimales ; {limit} au plus"


def date_fault(text: str) -> str | None:
    """Return why a text is no date of the format; None where it is one."""
    if iso := ISO_DATE.fullmatch(text):
        try:
            known = datetime.date(*map(int, iso.groups()))
        except ValueError:
            return f"{quoted(text)} : ce jour n’existe pas"
        if not FIRST_YEAR <= known.year <= LAST_YEAR:
            return f"{quoted(text)} : l’année d’une date va de {FIRST_YEAR} à {LAST_YEAR}"
        return None
    example = "2021-06-30"
    if french := FRENCH_DATE.fullmatch(text):
        day, month, year = french.groups()
        example = f"{year}-{month:0>2}-{day:0>2}"
    return f"{quoted(text)} n’est pas une date ; une date s’écrit {example}"


def wrong_type(value: Any, schema: dict) -> str:
    """Return the sentence on what the schema expects and what stands there instead."""
    if value is None:
        return EMPTY_ITEM
    expected = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    match expected[0]:
        case "array":
            kind = _kind_of_value(value)
            return f"une liste est attendue (un tiret devant chaque élément), pas {kind}"
        case "object":
            glued = isinstance(value, str) and GLUED_KEY.match(value)
            hint = " ; une espace suit les deux-points d’une clé" if glued else ""
            keys = ", ".join(schema["properties"])
            return f"des clés sont attendues ({keys}), pas {_kind_of_value(value)}{hint}"
        case "string":
            hint = f" ; {QUOTES}" if isinstance(value, dict) else ""
            return f"un texte est attendu, pas {_kind_of_value(value)}{hint}"
        case "boolean":
            return (
                f"« oui » ou « non » est attendu, pas {_kind_of_value(value)}"
                if isinstance(value, dict | list)
                else f"{quoted(value)} n’est ni « oui » ni « non »"
            )
        case kind:
            return _not_number(value, whole=kind == "integer")


def _kind_of_value(value: Any) -> str:
    return {dict: "des clés", list: "une liste"}.get(type(value), "un texte")


def _not_number(value: Any, *, whole: bool) -> str:
    """Return the sentence on a value that is no number, with how to write the one meant."""
    kind = "un nombre entier" if whole else "un nombre"
    if isinstance(value, dict | list):
        return f"{kind} est attendu, pas {_kind_of_value(value)}"
    message = f"{quoted(value)} n’est pas {kind}"
    if SPACED_NUMBER.fullmatch(value):
        return f"{message} ; l’écrire sans séparateur : {re.sub('[^0-9+-]', '', value)}"
    if DECIMAL_COMMA.fullmatch(value) and not whole:
        return f"{message} ; l’écrire avec un point : {value.replace(',', '.')}"
    return message
