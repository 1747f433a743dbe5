"""Parse when an action takes place, as offices write it: « 2e semestre 2021 », « 2021-2023 »,
« oct. 2022 », « depuis 2020, en continu »."""

import calendar
import datetime
import re
from dataclasses import dataclass
from itertools import pairwise

from ctg_portal.search.rows import fold

PERIODS = (
    "écrivez une période, comme « 2021-2023 », « oct. 2022 », « 2e semestre 2021 », "
    "« 01/09/2021 au 31/12/2022 » ou « en continu »."
)
DAYS = "écrivez un jour ou une période, comme « 01/09/2021 », « oct. 2022 » ou « 2021 »."
MONTHS = ["janv", "fev", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec"]
FULL = ["janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
        "octobre", "novembre", "decembre"]  # fmt: skip
MONTH = "|".join(sorted({*MONTHS, *FULL, "jan", "fevr", "sep", "jui"}, key=len, reverse=True))
FIRST = {"1", "1er", "premier"}
YEAR = r"(?:19|20)\d\d"
ATOM = re.compile(
    rf"(?P<day>\d{{1,2}})(?:er)? (?P<dm>\d{{1,2}}|{MONTH}) (?P<dy>{YEAR})\b"
    rf"|(?P<iy>{YEAR}) (?P<im>\d\d) (?P<id>\d\d)\b(?! ?{YEAR})"
    rf"|(?P<sn>1er|1|2e|2eme|2nd|2|premier|second|deuxieme) ?s(?:em(?:estre)?)?(?: de)? "
    rf"(?P<sy>{YEAR})\b"
    rf"|s(?P<sn2>[12]) (?P<sy2>{YEAR})\b|(?P<sy3>{YEAR}) s(?P<sn3>[12])\b"
    rf"|(?P<tn>[1-4])(?:er|e|eme)? ?t(?:rim(?:estre)?)?(?: de)? (?P<ty>{YEAR})\b"
    rf"|t(?P<tn2>[1-4]) (?P<ty2>{YEAR})\b|(?P<ty3>{YEAR}) t(?P<tn3>[1-4])\b"
    rf"|\b(?P<ma>{MONTH}) (?:a |et )?(?P<mb>{MONTH}) (?P<mby>{YEAR})\b"
    rf"|\b(?P<m>{MONTH}) (?P<my>{YEAR})\b"
    rf"|\b(?P<nm>0[1-9]|1[0-2]) (?P<ny>{YEAR})\b"
    rf"|\b(?P<y>{YEAR})\b"
)
SCHOOL = re.compile(rf"annees? scolaires? ({YEAR}) ({YEAR})")
# « 31/8/24 », « déc.-23 » as spreadsheets show a month: years of this century, without it.
SHORT_DAY = re.compile(r"(?<![\d/.])(\d{1,2})([/.])(\d{1,2})\2(\d\d)(?![\d/.])")
SHORT_MONTH = re.compile(r"\b([^\W\d_]{3,9})\.?[-/ ’'](\d\d)(?![\d/.-])")
ARROW = re.compile(r"[→➔➜]|[-=]+>")
SHORT = re.compile(r"\b(20)(\d\d)\s*[/–-]\s*(\d\d)\b(?!\s*[/–-]?\s*\d)")
CONTINUOUS = re.compile(
    r"\b(en continu|continu|continue|permanente?|au fil de l eau|recurrente?|tous les ans|"
    r"chaque annee|annuel(?:le)?|tout au long de l annee|pluriannuelle?)\b"
)
WHOLE = re.compile(
    r"\b(?:sur |pendant )?(?:toute )?(?:la )?duree de la (?:ctg|convention)"
    r"(?: territoriale globale)?\b"
)
FROM = re.compile(r"\b(a partir|a compter|depuis|des)\b")
UNTIL = re.compile(r"\b(jusqu a|jusqu au|jusqu en|jusque|avant|d ici|fin)\b")
IDLE = {"de", "du", "d", "au", "a", "et", "en", "annee", "annees", "courant", "periode", "entre",
        "le", "la", "les", "sur", "debut", "l", "puis", "date", "mois", "fin"}  # fmt: skip


@dataclass(frozen=True)
class Period:
    """The first and the last day; None for one that is not given."""

    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    is_continuous: bool = False


def parse_period(text: str, whole: Period) -> Period:
    """Return the period that a text gives; ``whole`` is the period of the convention. Raises
    ValueError, with what would be understood."""
    folded = _normalize(text)
    if WHOLE.search(folded):
        folded, lasting = WHOLE.sub(" ", folded), whole
    else:
        lasting = None
    is_continuous = bool(CONTINUOUS.search(folded))
    folded = CONTINUOUS.sub(" ", folded)
    is_from, is_until = bool(FROM.search(folded)), bool(UNTIL.search(folded))
    spans, rest = _spans_in(UNTIL.sub(" ", FROM.sub(" ", folded)))
    if "?" in text or rest or not (spans or is_continuous or lasting):
        raise ValueError(PERIODS)
    if lasting and not spans:
        return lasting
    if not spans:
        return Period(is_continuous=True)
    starts_on, ends_on = spans[0][0], spans[-1][1]
    if starts_on > ends_on or _has_gap(text, spans) or _is_vague(folded, len(spans)):
        raise ValueError(PERIODS)
    if is_continuous or (is_from and len(spans) == 1):
        return Period(starts_on, None, is_continuous)
    return Period(None if is_until and len(spans) == 1 else starts_on, ends_on)


def parse_day(text: str, *, last: bool) -> datetime.date:
    """Return the first day, or the ``last``, of what a text gives. Raises ValueError."""
    folded = _normalize(text)
    is_vague = re.search(r"\bdebut\b" if last else r"\bfin\b", folded)
    spans, rest = _spans_in(UNTIL.sub(" ", FROM.sub(" ", folded)))
    if "?" in text or rest or is_vague or len(spans) != 1:
        raise ValueError(DAYS)
    return spans[0][1 if last else 0]


def is_lasting(text: str) -> bool:
    """Return whether a text says that there is no last day."""
    return bool(CONTINUOUS.fullmatch(fold(text)))


def _normalize(text: str) -> str:
    spelled = SHORT_DAY.sub(r"\1/\3/20\4", ARROW.sub(" – ", text))
    spelled = SHORT.sub(_two_years, SHORT_MONTH.sub(_whole_month, spelled))
    return fold(SCHOOL.sub(r"1 9 \1 31 8 \2", fold(spelled)))


def _whole_month(match: re.Match) -> str:
    """Return « sept 2022 » for « sept-22 »; behind another word, two digits are not a year."""
    word, year = match.groups()
    return f"{word} 20{year}" if re.fullmatch(MONTH, fold(word)) else match[0]


def _two_years(match: re.Match) -> str:
    """Return « 2021 2022 » for « 2021-22 »; « 2021-09 » is a month."""
    century, first, second = match.groups()
    if second > first:
        return f"{century}{first} {century}{second}"
    return f"{second} {century}{first}"


def _spans_in(folded: str) -> tuple[list[tuple[datetime.date, datetime.date]], list[str]]:
    """Return the days from and until which each named period lasts, and the words of the text that
    are none."""
    try:
        spans = [_span_of(match) for match in ATOM.finditer(folded)]
    except (ValueError, IndexError):
        return [], [folded]
    return spans, [word for word in ATOM.sub(" ", folded).split() if word not in IDLE]


def _span_of(match: re.Match) -> tuple[datetime.date, datetime.date]:
    # The number behind a group's name distinguishes spellings of the same period.
    groups = {name.rstrip("0123456789"): text for name, text in match.groupdict().items() if text}
    match groups:
        case {"day": day, "dm": month, "dy": year} | {"id": day, "im": month, "iy": year}:
            date = datetime.date(int(year), _month(month), int(day))
            span = date, date
        case {"ma": month, "mb": other, "mby": year}:
            span = _months(int(year), _month(month), _month(other))
        case {"m": month, "my": year} | {"nm": month, "ny": year}:
            span = _months(int(year), _month(month), _month(month))
        case {"sn": half, "sy": year}:
            span = _months(int(year), *((1, 6) if half in FIRST else (7, 12)))
        case {"tn": quarter, "ty": year}:
            span = _months(int(year), 3 * int(quarter) - 2, 3 * int(quarter))
        case _:
            span = _months(int(groups["y"]), 1, 12)
    return span


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text == "jui":
        raise ValueError(text)  # June or July
    place = next(n for n, name in enumerate(FULL, start=1) if name.startswith(text[:3]))
    return next((n for n, name in enumerate(FULL, start=1) if name.startswith(text)), place)


def _months(year: int, first: int, last: int) -> tuple[datetime.date, datetime.date]:
    end = calendar.monthrange(year, last)[1]
    return datetime.date(year, first, 1), datetime.date(year, last, end)


def _is_vague(folded: str, count: int) -> bool:
    """Return whether a text begins at the end of something or ends at its beginning:
    « fin 2021 à début 2023 » does not say which days."""
    if count == 1:
        return bool(re.search(r"\bdebut\b", folded))
    matches = list(ATOM.finditer(folded))
    return bool(
        re.search(r"\bfin\b", folded[: matches[0].start()])
        or re.search(r"\bdebut\b", folded[matches[0].end() :])
    )


def _has_gap(text: str, spans: list) -> bool:
    """Return whether years are listed one by one and some are left out: « 2021 et 2023 »."""
    if not re.search(r"\bet\b|[,;+]", text):
        return False
    years = [first.year for first, _ in spans]
    return any(later - earlier > 1 for earlier, later in pairwise(years))
