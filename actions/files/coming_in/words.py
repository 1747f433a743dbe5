"""Parse what offices write for a state, an amount, a priority, yes and no."""

import re
from dataclasses import dataclass
from decimal import Decimal

from actions.plan.models import ActionState, Priority
from ctg_portal.search.rows import fold
from ctg_portal.text.numbers import AMOUNT, NotANumber, parse_number, quoted
from spreadsheets.columns.scales import BEFORE, MILLIONS, THOUSANDS

UNKNOWN_YET = {"a definir", "a chiffrer", "a preciser", "a determiner", "non chiffre", "nc", "n c",
               "nd", "n d", "nr", "en attente", "a completer", "inconnu", "a fixer"}  # fmt: skip
EMPTY_MARKS = {"-", "–", "—", "/", "//", "--", "…", "..."}
YES = {"oui", "o", "x", "vrai", "true", "1", "yes"}
NO = {"non", "n", "faux", "false", "0", "no"}
CROSSES = {"x", "✓", "✔", "●", "■", "oui", "x x", "•", "▪", "√"}

STATES = {
    ActionState.TO_COME: "a venir, a lancer, non demarre, non commence, prevu, a faire, programme, "
    "planifie, a demarrer, a engager, pas commence, pas demarre, futur, non lance, non engage",
    ActionState.IN_PROGRESS: "en cours, demarre, engage, commence, lance, en cours realisation, "
    "en cours mise en oeuvre, en realisation, actif, initie, debute, en cours de realisation, "
    "en cours de mise en oeuvre, partiellement realise, poursuite, reconduit",
    ActionState.DONE: "termine, fait, realise, acheve, cloture, clos, fini, finalise, effectue, "
    "action terminee, action realisee, atteint",
    ActionState.PAUSED: "en pause, suspendu, en suspens, reporte, ajourne, differe, en sommeil",
    ActionState.BLOCKED: "bloque, en difficulte, empeche",
    ActionState.ABANDONED: "abandonne, annule, supprime, arrete, non realise, caduc, abandon",
}  # fmt: skip


def _stem(words: str) -> str:
    """Return words without their endings of gender and number: « terminées » is « termine »."""
    return " ".join(re.sub("e*s?$", "", w) if len(w) > 4 else w for w in fold(words).split())


_STATES = {_stem(word): state for state, words in STATES.items() for word in words.split(",")}
PERCENT = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*%")
# « > 50 % », « ~80 % », « -5 % », « 25 % / 50 % »: no one share.
NO_ONE_SHARE = re.compile(r"[<>≤≥~≈±+=?]|^\s*[-−–]\s?\d|%.*%", re.DOTALL)
PRIORITIES = {
    Priority.HIGH: {"haute", "forte", "elevee", "prioritaire", "urgent", "urgente", "p1", "fort",
                    "haut", "eleve", "tres haute"},
    Priority.NORMAL: {"moyenne", "normale", "moyen", "p2", "normal"},
    Priority.LOW: {"basse", "faible", "p3", "bas", "secondaire"},
}  # fmt: skip
A_YEAR = re.compile(r"\s*(?:/\s*|par\s+)(?:ans?|années?)\s*$|\s+annuels?\s*$", re.IGNORECASE)
# « 120 000 € sur 3 ans », « 90 k€ (2023-2025) », « 60 000 € sur la période ».
_COUNTS = {"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6}
YEAR_SPAN = re.compile(
    r"\s*(?:(?:sur|pour|de)\s+)?\(?(?P<first>20\d\d)\s*(?:[-–/]|à|au)\s*(?P<last>20\d\d)\)?\s*$"
    rf"|\s*\(?(?:sur|pour)\s+(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)})\s+ans\)?\s*$"
    r"|\s*\(?(?:sur|pour)\s+(?:toute\s+)?la\s+(?:période|durée)(?:\s.*)?$",
    re.IGNORECASE,
)
TAX = re.compile(r"\s*\(?\b(?:TTC|HT)\b\)?\s*$", re.IGNORECASE)
LARGE = re.compile(
    r"(?P<number>[\d.,\s\u00a0\u202f]*\d)\s*(?P<scale>k|m|millions?|milliers?)\s*"
    r"(?:d[’'])?(?:€|euros?|eur)?",
    re.IGNORECASE,
)
# In what a column, or a table, counts, and how many euros that is.
SCALES = [
    (re.compile(rf"{BEFORE}(?:{pattern})(?!\w)", re.IGNORECASE), words, euros)
    for pattern, words, euros in [
        (THOUSANDS, "milliers", 1000),
        (MILLIONS, "millions", 1_000_000),
    ]
]
NAMED_SHARES = re.compile(rf"{BEFORE}(?:%|pour ?cent)", re.IGNORECASE)

# « Caf 12 000 €, Région : 8 k€ »: a comma before a digit is that of decimals.
BETWEEN_SHARES = re.compile(r"[;\n+/]|,(?!\d)|\set\s")
SHARE = re.compile(
    r"(?P<who>[^\W\d][^\d:=(]*?)\s*[:=(–-]?\s*(?P<amount>\d[\d.,\s\u00a0\u202f]*(?:k|m)?\s*(?:€|euros?)?)\s*\)?",
    re.IGNORECASE,
)
NOBODY = {"total", "environ", "env", "soit", "dont", "budget", "cout", "montant", "prevu", "reste",
          "k", "m", "euro", "euros", "annee", "an", "investissement", "fonctionnement", "personnel",
          "materiel", "travaux", "achat", "achats", "charges", "salaire", "salaires", "poste",
          "forfait", "recettes", "depenses", "subvention", "subventions", "part"}  # fmt: skip


def parse_shares(text: str) -> list[tuple[str, str]]:
    """Return who brings how much, from a text with several amounts; nothing unless all of it is
    plain."""
    matches = [SHARE.fullmatch(piece.strip()) for piece in BETWEEN_SHARES.split(text)]
    if not all(matches) or any(NOBODY & set(fold(match["who"]).split()) for match in matches):
        return []
    return [(match["who"].strip(), match["amount"].strip()) for match in matches]


def parse_state(text: str) -> tuple[str | None, int | None]:
    """Return the state and the progress in percent that a text gives, each None where it gives
    none: « réalisé à 80 % » is in progress. Raises ValueError for what is not clear."""
    percent = PERCENT.search(text)
    progress = int(percent[1]) if percent else None
    words = fold(PERCENT.sub(" ", text)).split()
    rest = " ".join(word for word in words if word not in ("action", "est", "actuellement"))
    is_so_far, rest = rest.endswith(" a"), rest.removesuffix(" a")
    if "?" in text or (progress is not None and (progress > 100 or NO_ONE_SHARE.search(text))):
        raise ValueError(text)
    if not rest and progress is not None:
        return None, progress
    state = _STATES.get(_stem(rest))
    if state == ActionState.DONE and progress not in (None, 100):
        state = ActionState.IN_PROGRESS if is_so_far and progress else None
    if state is None:
        raise ValueError(text)
    return state, progress


def parse_priority(text: str) -> str | None:
    priority = fold(text).removeprefix("priorite ")
    return next((key for key, words in PRIORITIES.items() if priority in words), None)


def is_amount(text: str) -> bool:
    """Return whether a text is an amount."""
    try:
        return parse_amount(text) is not None
    except NotANumber:
        return False


def scale_of(text: str) -> tuple[str, int]:
    """Return the scale that a heading or a title names, in words and in euros: « milliers », 1000;
    an empty word and 1 without one."""
    return next(
        ((words, euros) for pattern, words, euros in SCALES if pattern.search(text)), ("", 1)
    )


@dataclass(frozen=True)
class YearSpan:
    """Several years that an amount is for: from ``first`` on, ``count`` of them; None for what the
    text leaves to the period of the action."""

    first: int | None = None
    count: int | None = None


def split_years(text: str) -> tuple[str, YearSpan | None]:
    """Return the text of an amount without the years that it is for, and these years; None where it
    names none."""
    match = YEAR_SPAN.search(text)
    if match is None or not match.start():
        return text, None
    bare = text[: match.start()]
    if match["first"]:
        return bare, YearSpan(int(match["first"]), int(match["last"]) - int(match["first"]) + 1)
    if count := match["count"]:
        return bare, YearSpan(count=_COUNTS.get(count.lower()) or int(count))
    return bare, YearSpan()


def parse_amount(text: str) -> tuple[Decimal, bool]:
    """Return an amount in euros, and whether it is one a year: « 12 k€ », « 12 000 € / an ». Raises
    NotANumber, which says what would be read."""
    bare = TAX.sub("", text.strip())
    is_yearly = bool(A_YEAR.search(bare))
    bare = TAX.sub("", A_YEAR.sub("", bare)).strip()
    if match := LARGE.fullmatch(bare):
        scale = 1000 if match["scale"].lower().startswith(("k", "millier")) else 1_000_000
        return parse_number(match["number"], AMOUNT) * scale, is_yearly
    try:
        return parse_number(bare, AMOUNT), is_yearly
    except NotANumber as wrong:
        if fold(bare) in ("gratuit", "sans cout", "neant", "aucun"):
            raise NotANumber(f"{quoted(text)} : écrivez 0 si rien n’est prévu.") from wrong
        raise
