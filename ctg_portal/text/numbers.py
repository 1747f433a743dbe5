"""Numbers as people type or paste them in French: « 1 234,5 », « 12,5 % », « −3 »; what is typed
instead of one is answered with a question, never read as another."""

import re
from dataclasses import dataclass
from decimal import Decimal

BLANK = " \u00a0\u202f\u205f\u2060\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200C)))
# What stands between two cells that were copied: tabs, ends of lines, what CSV has instead.
BETWEEN_CELLS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029;|"
CELLS = re.compile(f"[{BETWEEN_CELLS}]+")
# Marks of direction and of hyphenation, which come along with what is copied; not the one that
# shows digits from right to left: « 21 » behind it is read as 12.
UNSEEN = "\u00ad\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069"
MINUS = str.maketrans(dict.fromkeys("−–—‐‑‒﹣－", "-"))
PARTS = re.compile(
    rf"(?P<sign>[-+]?)[{BLANK}]?(?P<body>[\d.,](?:[\d.,{BLANK}'’]*[\d.,])?)[{BLANK}]?(?P<unit>.*)"
)
SPACED = re.compile(rf"[-+]?[1-9]\d{{0,2}}(?:[{BLANK}'’]\d{{3}})+(?:[.,]\d*)?")
PLAIN = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)")
GROUPED_BY_DOTS = re.compile(r"[-+]?\d{1,3}((\.\d{3}){2,}|(\.\d{3})+,\d+)")
GROUPED_BY_COMMAS = re.compile(r"[-+]?\d{1,3}((,\d{3}){2,}|(,\d{3})+\.\d+)")
THOUSANDS_OR_DECIMALS = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
UNIT = re.compile(rf"[^\W\d_]*[%€.]?|[^\W\d_]+(?:[{BLANK}'’][^\W\d_]+)+")
NEVER_BELOW_ZERO = (
    "est négatif. Seul peut l’être un chiffre dont la définition le dit : un solde, une évolution."
)
LONGEST = 60
MANY = 3  # decimals, which no group of thousands is taken for
SHORTEST = 3  # letters of a unit that a point cuts

# What people write where only about a number is known; a form that can keep that says how.
ABOUT = re.compile(
    r"^(env\b|environ|[~≈±]|ca\b|autour|presque|près de|à peu près|estim).*\d"
    r"|\d.*(env\.?|environ|estim\w*|à peu près)\)?$"
)
BELOW = re.compile(r"^([<≤] ?\d|(moins de|au plus|inf).*\d)")
INSTEAD = [
    (re.compile(r"^\d{1,2}[/.-]\d{1,2}[/.-](\d{2}|\d{4})$|^\d{4}-\d\d-\d\d$"),
     "une date semble avoir été collée ; un nombre est attendu ici."),
    (ABOUT, "écrivez le nombre seul."),
    (BELOW, "écrivez le nombre exact."),
    (re.compile(r"^([>≥] ?\d|(plus de|au moins|sup).*\d)|\d ?\+$"), "écrivez le nombre exact."),
    (re.compile(r"^entre\b|\d ?(à|et|ou|-|…|\.{2,}) ?\d"),
     "un seul nombre est attendu : écrivez celui que vous retenez."),
    (re.compile(r"\d ?/ ?\d|[¼-¾⅐-⅞]"), "écrivez la fraction en décimales, par exemple 0,5."),
    (re.compile(r"\d ?(k|mds?|m|mille|milliers?|millions?|milliards?)( ?d?[’']?(€|eur|euros?))?$"),
     "écrivez le nombre en entier, avec tous ses zéros."),
    (re.compile(r"^[-+]?\d+([.,]\d+)?e[-+]?\d+$"), "écrivez le nombre avec tous ses chiffres."),
    (re.compile(r"^\([\d., ]+\)$"),
     "écrivez le nombre sans parenthèses, avec le signe « − » s’il est négatif."),
    (re.compile(r"^(-+|/|néant|aucune?|rien|zéro)$"), "écrivez 0 si le nombre est nul."),
]  # fmt: skip


# Of any row; longer ones fit no column.
LONGEST_KEY = 18


def key_in(text: str) -> int:
    """Return the primary key that ``text`` is, in ASCII digits; 0, which no row has, for others."""
    is_key = text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
    return int(text) if is_key else 0


class NotANumber(ValueError):  # noqa: N818  (reads as what is wrong)
    """What was typed is not a number; the text of the exception says why, in French."""


@dataclass(frozen=True)
class Asked:
    """The kind of number asked for. ``unit`` may be written behind it; None accepts % and €.
    ``is_whole``: it counts people or things. ``decimals``: how many it has, None if not known.
    ``allows_negative``: it may be below zero."""

    unit: str | None = None
    is_whole: bool = False
    decimals: int | None = None
    allows_negative: bool = True

    @property
    def has_few_decimals(self) -> bool:
        """Whether three digits behind a comma may be thousands as well."""
        return self.is_whole or (self.decimals is not None and self.decimals < MANY)


ANY_NUMBER, AMOUNT = Asked(), Asked("€", decimals=2)


def parse_number(text: str, asked: Asked = ANY_NUMBER) -> Decimal:
    """Return the number that a person typed: thousands grouped by spaces, apostrophes, or as in
    English; a comma or a point; its unit behind it.

    A percent sign is dropped, the figure kept: « 12,5 % » is 12.5. Raises NotANumber, also for a
    text that two people would read differently (« 1.234 », « 10 20 », two cells in one).
    """
    typed = text.strip(BLANK + BETWEEN_CELLS + UNSEEN)
    if CELLS.search(typed):
        cells = " | ".join(cell.strip(BLANK) for cell in CELLS.split(typed))
        raise NotANumber(
            f"{quoted(cells)} : plusieurs cellules semblent avoir été collées dans une seule case. "
            "Écrivez un nombre par case."
        )
    if len(typed) > LONGEST:
        raise NotANumber(f"{quoted(typed)} est trop long pour un nombre.")
    parts = PARTS.fullmatch(typed.translate(MINUS))
    if parts is None or not _is_unit(parts["unit"], asked.unit):
        raise NotANumber(_instead_of(typed, parts, asked))
    number = _read(parts["sign"] + parts["body"], typed, asked)
    if number < 0 and not asked.allows_negative:
        raise NotANumber(f"{quoted(typed)} {NEVER_BELOW_ZERO}")
    if asked.is_whole and number != number.to_integral_value():
        raise NotANumber(
            f"{quoted(typed)} a des décimales, et l’on compte ici en nombres entiers"
            f"{f' ({asked.unit})' if asked.unit else ''} : écrivez un nombre entier."
        )
    return number


def quoted(typed: str) -> str:
    """Return what was typed in guillemets, cut after forty characters."""
    return f"« {typed[:40]}{'…' if typed[40:] else ''} »"


def plain_words(typed: str) -> str:
    """Return what was typed in lower case, with plain spaces and minus signs, to look for words."""
    return re.sub(rf"[\s{BLANK}]+", " ", typed.translate(MINUS)).strip().casefold()


def _read(body: str, typed: str, asked: Asked) -> Decimal:
    """Return the number ``body``. Raises NotANumber, citing ``typed``, for two readings or none."""
    if SPACED.fullmatch(body):
        body = re.sub(rf"[{BLANK}'’]", "", body)
    elif re.search(rf"[{BLANK}'’]", body):
        raise NotANumber(
            f"{quoted(typed)} : est-ce un seul nombre ? Une espace ou une apostrophe n’y sépare "
            "que les milliers, comme dans « 1 234 »."
        )
    elif GROUPED_BY_DOTS.fullmatch(body):
        body = body.replace(".", "")
    elif GROUPED_BY_COMMAS.fullmatch(body):
        body = body.replace(",", "")
    elif THOUSANDS_OR_DECIMALS.fullmatch(body) and (asked.has_few_decimals or "." in body):
        whole, decimals = re.split("[.,]", body)
        other = "un nombre sans décimales" if asked.is_whole else f"{whole},{decimals}"
        if asked.decimals is not None and not asked.is_whole:
            shortest = decimals.rstrip("0") or "0"
            few = f"{whole},{shortest}"
            other = few if len(shortest) < MANY else "un nombre à deux décimales au plus"
        raise NotANumber(
            f"{quoted(typed)} se lit de deux façons, milliers ou décimales : écrivez "
            f"{whole}{decimals} ou {other}."
        )
    if not PLAIN.fullmatch(body):
        raise NotANumber(_instead_of(typed, None, asked))
    return Decimal(body.replace(",", "."))


def _is_unit(written: str, unit: str | None) -> bool:
    """Return whether the words behind a number are its unit, abbreviated (« enf. ») or not, or the
    beginning of it (« € » of « € par enfant »)."""
    words = _words(written)
    if not words or unit is None:
        return words in ([], ["%"], ["€"])
    theirs = _words(unit)[: len(words)]
    return len(words) == len(theirs) and all(map(_is_word_of, words, theirs))


def _is_word_of(written: str, word: str) -> bool:
    """Return whether ``written`` is ``word`` or abbreviates it: « enf. » is « enfant »."""
    begun = written.removesuffix(".")
    is_short = begun != written and len(begun) >= SHORTEST
    return written == word or (is_short and word.startswith(begun))


def _words(unit: str) -> list[str]:
    """Return the words of a unit in the singular, with « € » for its other spellings."""
    words = [word.rstrip("s") for word in plain_words(unit).split()]
    return ["€" if word in ("eur", "euro") else word for word in words]


def _instead_of(typed: str, parts: re.Match | None, asked: Asked) -> str:
    """Return a message: what to type instead of no number, or of one with another unit."""
    plain = plain_words(typed)
    for spelled, answer in INSTEAD:
        if spelled.search(plain):
            return f"{quoted(typed)} : {answer}"
    unit = parts["unit"] if parts else ""
    if asked.unit is None or not UNIT.fullmatch(unit) or not unit:
        example = "1 234" if asked.is_whole else "1 234,5"
        return f"{quoted(typed)} n’est pas un nombre : écrivez-le en chiffres, comme « {example} »."
    return (
        f"{quoted(typed)} : ce nombre est attendu en « {asked.unit} », non en « {unit} ». "
        "Vérifiez-le, puis écrivez-le sans unité."
    )
