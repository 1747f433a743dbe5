"""What changed between two contents of an evaluation, told in the words of its reader."""

import hashlib
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ctg_portal.differences import Change, words_changed
from evaluation.report.parts import BREAK, PROVISIONAL, UNVERIFIED
from evaluation.report.sections import BY_KEY
from indicators.disclosure import MASKED, PENDING, SIGNS

# What names a thing within the content, and is told of whatever changes below it.
NAMES = ("title", "name", "organisation", "who", "domain", "funder")
# What finds a row of a list again in the other content.
KEYS = ("anchor", "key", "code", "year", *NAMES)
WORDS = {
    "title": "intitulé",
    "name": "nom",
    "narrative": "texte",
    "appreciation": "appréciation",
    "justification": "justification",
    "text": "texte",
    "figures": "chiffres",
    "figure": "chiffre",
    "baseline": "situation initiale",
    "target": "cible",
    "unit": "unité",
    "sources": "sources",
    "source": "source",
    "status": "état",
    "state": "état",
    "logo": "logo",
    "images": "image",
    "alternative": "texte de remplacement",
    "caption": "légende",
    "method": "méthode",
    "term": "durée",
    "collection": "recueil des données",
    "mark": "appréciation",
    "question": "question",
    "word": "appréciation d’une année",
    "territory": "territoire",
    "sections": "rubriques, dans cet ordre",
    "successes": "réussites",
    "difficulties": "difficultés",
    "concerns": "ce qu’il concerne",
    "employer": "employeur",
    "domain": "domaine",
    "planned_fte": "ETP prévus",
    "filled_fte": "ETP pourvus",
    "fte": "ETP pourvus",
    "planned": "prévu",
    "years": "années",
    "money": "coût et financements",
    "brought": "ce qui a été apporté",
    "missions": "activités du référentiel",
    "services": "nouveaux services",
    "partnerships": "partenariats",
    "transfers": "transferts de compétence",
    "planned_cost": "coût indicatif",
    "cost": "coût",
    "amount": "montant",
    "funded": "financements",
    "words": "mots du territoire",
    "convention": "convention",
    "span": "années",
    "year": "année",
    "actions_caption": "jour où sont dites les actions",
    "confidentiality": "confidentialité",
    "brakes": "freins",
    "levers": "leviers",
    "prospects": "perspectives",
    "is_fictional": "mention de données fictives",
    "chairs": "co-anime le comité",
    "agrees": "son accord est requis",
    "is_innovative": "action innovante",
    "is_late": "en retard",
}
# What is told by yes or no: said where it is so. The others are worked out.
YES_OR_NO = {"is_fictional", "chairs", "agrees", "is_innovative", "is_late"}
# Of no meaning by themselves, or worked out from what is compared anyway.
SILENT = {
    "anchor", "key", "colour", "width", "mark_kind", "is_sign", "is_reached", "movement",
    "movement_kind", "attainment", "verdict", "lead", "drawings",
    "provisional", "unwritten", "signs", "sentence", "share", "bar", "glossary",
    "sha256", "height", "step",
    "filled_note", "funded_note", "over", "total_fte", "untold",
    "map", "ground", "is_number",
}  # fmt: skip
# Told apart (``_beside``).
BESIDE = {"missing", "data"}
# Of how many lines a sum is: a text of that name, where the note of an action is a row.
NOTE = "note"
# What of the page of the year is chosen: the rest is worked out from what is told elsewhere.
CHOSEN = ("successes", "difficulties")
# What the figure of a year has, of whatever release (``FigureCell``).
FIGURE = {"text", "mark", "is_sign"}
# What everybody with access reads elsewhere before it is published; all texts are read by few.
READ_BY_ALL = {
    "title", "name", "logo", "figures", "figure", "baseline", "target", "unit", "sources", "source",
    "method", "term", "collection", "territory", "sections",
}  # fmt: skip
# What few read all of, its titles too: they tell what was done.
READ_BY_FEW = {"posts", "posts_over_years"}
LONGEST_NAME = 120
# What a table tells by a sign beside a figure.
MARKS = {PROVISIONAL: "provisoire", UNVERIFIED: "pas encore vérifié"}
BROKEN = f"{BREAK}\u00a0"
PRESENTATION = "Présentation du document"


@dataclass(frozen=True)
class Step:
    """One step down into the content: found again by ``key``, told by the ``name`` of a row or the
    ``word`` for what it is. ``is_protected``: a rule of secrecy holds for the figures below."""

    key: str
    name: str = field(default="", compare=False)
    word: str = field(default="", compare=False)
    is_protected: bool = field(default=False, compare=False)


Place = tuple[Step, ...]
Years = Sequence[int]


@dataclass(frozen=True)
class ContentChange(Change):
    """A change of a content. ``is_draft``: of a text that few read before it is published."""

    is_draft: bool = False


def changes_between(before: dict, after: dict) -> list[ContentChange]:
    """What the second plain content says otherwise than the first, in the order of the document;
    where nothing that is told changed, that its presentation did."""
    if before == after:
        return []
    old, new = (dict([*_walk(one, ()), *_beside(one)]) for one in (before, after))
    covered = {step.name for place in new for step in place if step.is_protected}
    changed = [
        _change(place, old.get(place, ""), new.get(place, ""), covered)
        for place in {**new, **old}
        if old.get(place, "") != new.get(place, "")
    ]
    return changed or [ContentChange(PRESENTATION, [])]


def _change(place: Place, before: str, after: str, covered: set[str]) -> ContentChange:
    """Of figures that secrecy covers now, only that they changed: what they were before is told no
    more, be it masked or rounded since, and wherever they stood then (``covered``: the names of
    what is protected now); of why one is missing, and of those of other years, too."""
    is_covered = any(step.is_protected or step.name in covered for step in place)
    is_covered = is_covered or _is_masked(after)
    is_figure = place[-1].key in ("figures", "figure", "baseline")
    is_told = not (is_figure and is_covered) and place[0].key not in BESIDE
    pieces = words_changed(before, after) if is_told else []
    is_by_few = any(step.key in READ_BY_FEW for step in place)
    is_draft = is_by_few or place[-1].key not in READ_BY_ALL
    return ContentChange(_label(place), pieces, is_prose=True, is_draft=is_draft)


def _is_masked(text: str) -> bool:
    return SIGNS[MASKED] in text.split() or SIGNS[PENDING] in text


def _walk(value, place: Place, years: Years = ()) -> Iterator[tuple[Place, str]]:
    """Each text of a plain content by its place; ``years``: of the columns of the table in which it
    stands."""
    if place and place[-1].key == "summary":
        yield from _chosen(value, place)
    elif isinstance(value, Mapping):
        years = value.get("columns", {}).get("years", years)
        for key, one in value.items():
            if not _is_silent(key, one):
                yield from _walk(one, (*place, Step(key, word=WORDS.get(key, ""))), years)
    elif isinstance(value, list) and any(_is_row(one) for one in value):
        yield from _rows(value, place, years)
    elif isinstance(value, bool):
        if value and place[-1].key in YES_OR_NO:
            yield place, "oui"
    elif value not in (None, "", []):
        yield place, _leaf(value, place[-1].key, years)


def _rows(rows: list, place: Place, years: Years) -> Iterator[tuple[Place, str]]:
    # Tables by commune are numbered as they come.
    keys = NAMES if place[-1].key == "communes" else KEYS
    seen = Counter()
    for row in rows:
        key = _first(row, keys)
        seen[key] += 1
        step = Step(f"{key} {seen[key]}", _name(row), is_protected=bool(row.get("is_protected")))
        yield from _walk(row, (*place, step), years)


def _leaf(value, key: str, years: Years) -> str:
    if key == "figures" and len(value) == len(years):
        told = zip(years, value, strict=True)
        return "\n".join(f"{year} : {_in_words(one)}" for year, one in told)
    if isinstance(value, list):
        return "\n".join(map(_section_title if key == "sections" else _in_words, value))
    return _picture(value) if key == "logo" else str(value)


def _is_silent(key: str, value) -> bool:
    return key in SILENT or key in BESIDE or (key == NOTE and isinstance(value, str))


def _beside(content: Mapping) -> Iterator[tuple[Place, str]]:
    """What stands in no table of the document, or in a list of its own: why a figure is missing,
    figures of years before those that it shows, and by commune of all but its own."""
    for row in content.get("missing", []):
        for gap in row["gaps"]:
            place = Step(row["organisation"]), Step(gap["title"], gap["title"])
            yield (Step("missing"), *place, Step("text", word="motif d’un manque")), gap["text"]
    shown = _years_shown(content)
    for row in content.get("data", []):
        of = [row.get(key) or "" for key in ("indicator", "place", "year")]
        if of[2] < min(shown, default=0) or (of[1] and of[2] != max(shown, default=of[2])):
            name = " – ".join(str(part) for part in of if part)
            place = Step("data"), Step(f"{row.get('axis')} {row.get('theme')} {of}", name)
            yield (*place, Step("value", word="chiffre")), row.get("value") or row.get("sign") or ""


def _years_shown(content: Mapping) -> set[int]:
    themes = (theme for axis in content.get("axes", []) for theme in axis.get("themes", []))
    return {year for theme in themes for year in theme.get("columns", {}).get("years", [])}


def _chosen(summary: Mapping, place: Place) -> Iterator[tuple[Place, str]]:
    """What was chosen for the page of the year, by its titles alone: figures are told where they
    stand, and no more once they are masked."""
    for key in CHOSEN:
        if told := [line["title"] for line in summary.get(key, [])]:
            yield (*place, Step(key, word=WORDS[key])), "\n".join(told)


def _section_title(key: str) -> str:
    return BY_KEY[key].title if key in BY_KEY else key


def _is_row(one) -> bool:
    """Whether it is told by itself; texts, and the figures of the years, are read in one line."""
    return isinstance(one, Mapping) and not set(one) >= FIGURE


def _in_words(one) -> str:
    if not isinstance(one, Mapping):
        return str(one)
    text = one["text"]
    beside = ["rupture de série"] if text.startswith(BROKEN) else []
    beside += [words for mark, words in MARKS.items() if mark in one["mark"]]
    beside += [f"partiel : {one['partial']}"] if one.get("partial") else []
    told = f"({', '.join(beside)})" if beside else ""
    return " ".join(filter(None, (text.removeprefix(BROKEN), told)))


def _picture(address: str) -> str:
    """What tells a picture from another, for who reads."""
    return f"image {hashlib.sha256(address.encode()).hexdigest()[:8]}"


def _first(row: Mapping, keys) -> str:
    return next((str(row[key]) for key in keys if row.get(key)), "")


def _name(row: Mapping) -> str:
    return textwrap.shorten(_first(row, NAMES), LONGEST_NAME, placeholder=" …")


def _label(place: Place) -> str:
    """« Petite enfance – Places agréées : chiffres »: the last names above, and what it is."""
    names = [step.name for step in place if step.name][-2:]
    words = [step.word for step in place if step.word][-1:]
    return " : ".join(filter(None, [" – ".join(names), *words])) or PRESENTATION
