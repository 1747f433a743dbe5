"""A search query: its words, its code, and how well a text answers it.

Words are found at their beginning, never inside another: « ormes » is in « Les Ormes », not in
« formes ». Whole words come before the beginnings of others, titles before texts; what bears a code
(« 2.1.3 », « 2-1-3 », « action 2.1.3 », « PE-02 ») comes before all that only cites it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, reduce
from operator import or_

from django.db.models import Q, QuerySet, Value

from ctg_portal.search.rows import SHORT, fold, has_phrase, has_word

# What says nothing by itself, unless it is all that is asked for.
SMALL = {
    "a", "au", "aux", "avec", "ce", "ces", "d", "dans", "de", "des", "du", "elle", "en", "et", "il",
    "ils", "l", "la", "le", "les", "leur", "leurs", "ne", "on", "ou", "par", "pas", "pour", "qu",
    "que", "qui", "s", "sa", "se", "ses", "son", "sur", "un", "une",
}  # fmt: skip
KINDS = r"fiche action|fiche|action|sous objectif|objectif|indicateur|axe|thematique|article|annexe"
# Two numbers at least, or letters and a number; after the name of a kind, a number alone too.
CODE = re.compile(r"(?:\d+[a-z]?(?: \d+[a-z]?)+|[a-z]{1,4} ?\d+(?: \d+)*)")
KIND_AND_CODE = re.compile(rf"(?P<kind>{KINDS}) (?P<code>{CODE.pattern}|\d+[a-z]?)")
LETTERS_AND_NUMBER = re.compile(r"([a-z]+) ?(\d+)(.*)")
MARKS = "[\u0300-\u036f]*"
# The letters that fold to one, and the ligatures to two.
LATIN = [chr(code) for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]]
ALIKE = {}
for _letter in LATIN:
    ALIKE.setdefault(fold(_letter), []).append(_letter)

# The rank of what answers in no way.
LAST_RANK = 99


class SearchQuery:
    """What somebody searches for; ``synonyms``: the folded phrases that stand for a folded
    word as well."""

    def __init__(self, query: str, synonyms: dict[str, tuple[str, ...]] | None = None):
        self.query = query
        self.phrase = fold(query)
        every = self.phrase.split()
        self.words = [word for word in every if word not in SMALL] or every
        self.synonyms = synonyms or {}
        named = KIND_AND_CODE.fullmatch(self.phrase)
        self.kind = named["kind"] if named else ""
        code = named["code"] if named else self.phrase
        self.code = code if named or CODE.fullmatch(code) else ""

    def __bool__(self):
        return bool(self.words)

    @cached_property
    def codes(self) -> list[str]:
        """The spellings of the code: « pe 02 », « pe02 », « pe 2 »."""
        parts = LETTERS_AND_NUMBER.fullmatch(self.code)
        if not parts:
            return [self.code] if self.code else []
        letters, number, rest = parts.groups()
        numbers = dict.fromkeys([number, number.lstrip("0") or "0", number.zfill(2)])
        return [f"{letters}{gap}{n}{rest}" for gap in (" ", "") for n in numbers]

    @property
    def written(self) -> list[str]:
        """The code with the signs that one may bear: « 2.1.3 », « PE-02 » as « pe-02 »."""
        return [code.replace(" ", sign) for code in self.codes for sign in (".", "-", " ")]

    @property
    def number(self) -> int | None:
        """The number of « article 5 » or « annexe 2 »; None without a kind."""
        return int(self.code) if self.kind and self.code.isdigit() else None

    @property
    def in_rows(self) -> Q:
        """The condition of Searchable rows that have every word, or the code."""
        if self.code:
            return reduce(or_, map(has_phrase, self.codes))
        condition = Q()
        for word in self.words:
            wanted = has_word(word)
            for phrase in self.synonyms.get(word, ()):
                wanted |= has_phrase(phrase)
            condition &= wanted
        return condition

    def is_in(self, *texts: str) -> bool:
        """Return whether ``texts`` together have every word, or the code."""
        text = " ".join(texts)
        return bool(self) and all(pattern.search(text) for pattern in self._starts)

    def rank(self, title: str, text: str = "", code: str = "") -> int:
        """Return how well a title, a text and a code answer: the lower, the better; ``LAST_RANK``
        where they answer in no way."""
        ways = enumerate(self._answers(title, text, code))
        return next((way for way, is_so in ways if is_so), LAST_RANK)

    def _answers(self, title: str, text: str, code: str):
        """Yield for each way of answering, the best first, whether title, text and code do."""
        folded, borne = fold(title), fold(code)
        # The code itself; what is beneath it; what is called so, whole or in part.
        yield self.code and borne in self.codes
        yield self.code and any(borne.startswith(f"{each} ") for each in self.codes)
        yield folded in (self.phrase, " ".join(self.words))
        yield f" {self.phrase} " in f" {folded} "
        # The title has the words, or words that begin so.
        yield set(self.words) <= set(folded.split())
        yield all(pattern.search(title) for pattern in self._starts)
        # The text has them one after the other; whole.
        yield len(self.words) > 1 and self._phrase.search(text)
        yield all(pattern.search(text) for pattern in self._wholes)

    @property
    def to_mark(self) -> str:
        """The words that excerpts mark, abbreviations that stand for them included."""
        others = [p for word in self.words for p in self.synonyms.get(word, ()) if " " not in p]
        return self.code or " ".join([*self.words, *others])

    @cached_property
    def _starts(self) -> list[re.Pattern]:
        """A pattern for each word, which finds its beginning, or the whole word when it is short,
        and its synonym; one for the code."""
        if self.code:
            return [_pattern(self.codes, whole=True)]
        return [
            _pattern(
                [word],
                whole=len(word) <= SHORT and word.isalpha(),
                phrases=self.synonyms.get(word, ()),
            )
            for word in self.words
        ]

    @cached_property
    def _wholes(self) -> list[re.Pattern]:
        """A pattern for each word, which finds it whole only, or its synonym; one for the code."""
        if self.code:
            return self._starts
        return [
            _pattern([word], whole=True, phrases=self.synonyms.get(word, ())) for word in self.words
        ]

    @cached_property
    def _phrase(self) -> re.Pattern:
        return _pattern([" ".join(self.words)], whole=True)


def narrowed(query: SearchQuery, *looks: tuple[QuerySet, Sequence[str]]) -> list[QuerySet]:
    """Return each of several querysets narrowed to the rows that answer ``query`` in the named text
    columns together.

    All are read in one query. A queryset without such a row becomes empty and asks no query.
    """
    widest = max(len(names) for _, names in looks)
    texts = [
        rows.order_by().values_list(
            Value(place), "pk", *names, *(Value("") for _ in range(widest - len(names)))
        )
        for place, (rows, names) in enumerate(looks)
    ]
    keys: list[list[int]] = [[] for _ in looks]
    for place, key, *row in texts[0].union(*texts[1:], all=True):
        if query.is_in(*row):
            keys[place].append(key)
    return [
        rows.filter(pk__in=those) if those else rows.none()
        for (rows, _), those in zip(looks, keys, strict=True)
    ]


def _pattern(words: list[str], *, whole: bool, phrases: Iterable[str] = ()) -> re.Pattern:
    """Return a pattern of folded words, or of phrases that stand for them, whatever a text's
    accents, case and ligatures."""
    end = r"(?![^\W_])" if whole else ""
    patterns = [_spelled(each) + end for each in words]
    # An abbreviation is a whole word; a phrase may go on in the plural.
    patterns += [_spelled(each) + ("" if " " in each else r"(?![^\W_])") for each in phrases]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(patterns)})", re.IGNORECASE)


def _spelled(folded: str) -> str:
    """Return a pattern of a folded phrase, with anything but words between its words."""
    spelled = []
    position = 0
    while position < len(folded):
        two, letter = folded[position : position + 2], folded[position]
        if letter == " ":
            spelled.append(r"[\W_]+")
        elif len(two) == 2 and two in ALIKE:
            pair = "".join(map(_letter_class, two))
            spelled.append(f"(?:{pair}|[{''.join(ALIKE[two])}])")
            position += 1
        else:
            spelled.append(_letter_class(letter))
        position += 1
    return "".join(spelled)


def _letter_class(letter: str) -> str:
    """Return a pattern of a letter with or without its accents."""
    alike = ALIKE.get(letter)
    return (f"[{letter}{''.join(alike)}]" if alike else re.escape(letter)) + MARKS
