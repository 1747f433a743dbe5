"""Describe what changed between two contents of an evaluation, in the words of its reader."""

import hashlib
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from actions.follow_up.words import LATE
from ctg_portal.templatetags.french import enumerate_words, plural
from ctg_portal.text.differences import Change, words_changed
from evaluation.report.content import ReportContent
from evaluation.report.parts import BREAK, PROVISIONAL, UNVERIFIED
from evaluation.report.sections import BY_KEY
from indicators.disclosure import MASKED, PENDING, SIGNS

# The fields that name a thing; the label of a change below it begins with this name.
NAMES = ("title", "name", "organisation", "who", "domain", "funder")
# The fields by which a row of a list is matched in the other content.
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
    "is_late": LATE.singular,
    "governance": "gouvernance",
    "seats": "sièges",
    "attendance": "présences",
    "present": "personnes présentes",
    "represented": "parties présentes",
    "owner": "organisme chargé",
    "deadline": "échéance",
    "per": "population à laquelle les communes se rapportent",
}
# Booleans that are shown as « oui » where they are true; the others are derived.
YES_OR_NO = {"is_fictional", "chairs", "agrees", "is_innovative", "is_late"}
# Without a meaning of their own, or derived from what is compared anyway.
SILENT = {
    "anchor", "key", "colour", "width", "mark_kind", "is_sign", "is_reached", "movement",
    "movement_kind", "attainment", "verdict", "lead", "drawings",
    "provisional", "unwritten", "signs", "sentence", "share", "bar", "basis", "glossary",
    "sha256", "height", "step",
    "filled_note", "funded_note", "over", "total_fte", "untold", "late_word",
    "map", "ground", "is_number", "ratio",
}  # fmt: skip
# Compared apart (``_unlisted_texts``).
BESIDE = {"missing", "data"}
# Of how many lines a sum is: a text of that name, where the note of an action is a row.
NOTE = "note"
# What of the page of the year is chosen: the rest is computed from other parts.
CHOSEN = ("successes", "difficulties")
# What the figure of a year has, of whatever release (``FigureCell``).
FIGURE = {"text", "mark", "is_sign"}
# What everybody with access reads elsewhere before it is published; texts are drafts.
READ_BY_ALL = {
    "title", "name", "logo", "figures", "figure", "baseline", "target", "unit", "sources", "source",
    "method", "term", "collection", "territory", "sections", "per",
}  # fmt: skip
# Drafts as a whole, even their titles, which say what was done.
READ_BY_FEW = {"posts", "posts_over_years"}
LONGEST_NAME = 120
# How many changes are described in words, and the longest text that is quoted.
MOST_LINES = 30
LONGEST = 160
# What a table says by a sign at a figure.
MARKS = {PROVISIONAL: "provisoire", UNVERIFIED: "pas encore vérifié"}
BROKEN = f"{BREAK}\u00a0"
PRESENTATION = "Présentation du document"


@dataclass(frozen=True)
class Step:
    """One step down into the content: matched by ``key``, labelled by the ``name`` of a row or the
    ``word`` for its kind. ``is_protected``: a rule of secrecy holds for the figures below."""

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
    """Return what differs between two plain contents (``plain_of``), in the order of the second,
    then what only the first has; one change that says « presentation » where no text differs, none
    where they are equal."""
    if before == after:
        return []
    old, new = (
        dict([*_texts_in(content, ()), *_unlisted_texts(content)]) for content in (before, after)
    )
    covered = {step.name for place in new for step in place if step.is_protected}
    changed = [
        _content_change(place, old.get(place, ""), new.get(place, ""), covered)
        for place in {**new, **old}
        if old.get(place, "") != new.get(place, "")
    ]
    return changed or [ContentChange(PRESENTATION, [])]


def _content_change(place: Place, before: str, after: str, covered: set[str]) -> ContentChange:
    """Return one change. Of a figure that secrecy covers now, only that it changed: its former
    value is not disclosed again, whether masked or rounded since, wherever it stood then.

    ``covered``: the names of what is protected now. Reasons for missing figures, and figures of
    other years, are not shown either.
    """
    is_covered = any(step.is_protected or step.name in covered for step in place)
    is_covered = is_covered or SIGNS[MASKED] in after.split() or SIGNS[PENDING] in after
    is_figure = place[-1].key in ("figures", "figure", "baseline")
    is_shown = not (is_figure and is_covered) and place[0].key not in BESIDE
    pieces = words_changed(before, after) if is_shown else []
    is_by_few = any(step.key in READ_BY_FEW for step in place)
    is_draft = is_by_few or place[-1].key not in READ_BY_ALL
    return ContentChange(_label(place), pieces, is_prose=True, is_draft=is_draft)


def _texts_in(value, place: Place, years: Years = ()) -> Iterator[tuple[Place, str]]:
    """Yield each text of a plain content with its place, leaving out ``SILENT`` fields and what
    ``_unlisted_texts`` yields; ``years``: of the columns of the table that it is in."""
    if place and place[-1].key == "summary":
        yield from _chosen_titles(value, place)
    elif isinstance(value, Mapping):
        years = value.get("columns", {}).get("years", years)
        for key, part in value.items():
            is_silent = key in SILENT or key in BESIDE or (key == NOTE and isinstance(part, str))
            if not is_silent:
                yield from _texts_in(part, (*place, Step(key, word=WORDS.get(key, ""))), years)
    elif isinstance(value, list) and any(_is_row(part) for part in value):
        yield from _texts_in_rows(value, place, years)
    elif isinstance(value, bool):
        if value and place[-1].key in YES_OR_NO:
            yield place, "oui"
    elif value not in (None, "", []):
        yield place, _format_leaf(value, place[-1].key, years)


def _texts_in_rows(rows: list, place: Place, years: Years) -> Iterator[tuple[Place, str]]:
    """Yield the texts of rows that are matched in the other content by the first of their ``KEYS``;
    rows with an equal key are numbered."""
    # Tables by commune are numbered as they come.
    keys = NAMES if place[-1].key == "communes" else KEYS
    seen = Counter()
    for row in rows:
        key = _first(row, keys)
        seen[key] += 1
        step = Step(
            f"{key} {seen[key]}", _shortened_name(row), is_protected=bool(row.get("is_protected"))
        )
        yield from _texts_in(row, (*place, step), years)


def _format_leaf(value, key: str, years: Years) -> str:
    """Return a value as one text: figures with their years, a list line by line, sections by title,
    a logo by a short digest."""
    if key == "figures" and len(value) == len(years):
        pairs = zip(years, value, strict=True)
        return "\n".join(f"{year} : {_format_item(figure)}" for year, figure in pairs)
    if key == "sections":
        return "\n".join(BY_KEY[name].title if name in BY_KEY else name for name in value)
    if isinstance(value, list):
        return "\n".join(map(_format_item, value))
    if key == "logo":  # a short name that distinguishes one picture from another
        return f"image {hashlib.sha256(value.encode()).hexdigest()[:8]}"
    return str(value)


def _unlisted_texts(content: Mapping) -> Iterator[tuple[Place, str]]:
    """Yield what is in no table of the document, or in a list of its own: why a figure is missing,
    figures of years before those shown, and by commune of all years but the last."""
    for row in content.get("missing", []):
        for gap in row["gaps"]:
            place = Step(row["organisation"]), Step(gap["title"], gap["title"])
            yield (Step("missing"), *place, Step("text", word="motif d’un manque")), gap["text"]
    themes = (theme for axis in content.get("axes", []) for theme in axis.get("themes", []))
    shown = {year for theme in themes for year in theme.get("columns", {}).get("years", [])}
    for row in content.get("data", []):
        of = [row.get(key) or "" for key in ("indicator", "place", "year")]
        if of[2] < min(shown, default=0) or (of[1] and of[2] != max(shown, default=of[2])):
            name = " – ".join(str(part) for part in of if part)
            place = Step("data"), Step(f"{row.get('axis')} {row.get('theme')} {of}", name)
            yield (*place, Step("value", word="chiffre")), row.get("value") or row.get("sign") or ""


def _chosen_titles(summary: Mapping, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield the titles that were chosen for the page of the year: their figures are compared
    elsewhere, and not shown again once masked."""
    for key in CHOSEN:
        if titles := [line["title"] for line in summary.get(key, [])]:
            yield (*place, Step(key, word=WORDS[key])), "\n".join(titles)


def _is_row(item) -> bool:
    """Return whether an item of a list is compared field by field; texts, and the figures of years,
    are read in one line."""
    return isinstance(item, Mapping) and not set(item) >= FIGURE


def _format_item(item) -> str:
    """Return a text as it is, or a figure with what its signs mean in brackets."""
    if not isinstance(item, Mapping):
        return str(item)
    text = item["text"]
    remarks = ["rupture de série"] if text.startswith(BROKEN) else []
    remarks += [words for mark, words in MARKS.items() if mark in item["mark"]]
    remarks += [f"partiel : {item['partial']}"] if item.get("partial") else []
    remark_text = f"({', '.join(remarks)})" if remarks else ""
    return " ".join(filter(None, (text.removeprefix(BROKEN), remark_text)))


def _first(row: Mapping, keys: Sequence[str]) -> str:
    """Return the first value that a row has under one of these keys; empty without any."""
    return next((str(row[key]) for key in keys if row.get(key)), "")


def _shortened_name(row: Mapping) -> str:
    """Return what a row is called, shortened to ``LONGEST_NAME``."""
    return textwrap.shorten(_first(row, NAMES), LONGEST_NAME, placeholder=" …")


def _label(place: Place) -> str:
    """Return « Petite enfance – Places agréées : chiffres »: the last two names on the way, and the
    last word for a kind; « Présentation du document » without any."""
    names = [step.name for step in place if step.name][-2:]
    words = [step.word for step in place if step.word][-1:]
    return " : ".join(filter(None, [" – ".join(names), *words])) or PRESENTATION


def describe_first(content: ReportContent) -> str:
    """Return what a content has, for parties that know none before: « Évaluation annuelle 2023 : 58
    indicateurs, 34 actions et 9 textes. »"""
    themes = [theme for axis in content.axes for theme in axis.themes]
    texts = [*content.opening, *content.closing, *(theme for theme in themes if theme.narrative)]
    texts += [criterion for criterion in content.criteria if criterion.text]
    counted = [
        (sum(len(theme.rows) for theme in themes), "indicateur,indicateurs"),
        (sum(len(theme.actions) for theme in themes), "action,actions"),
        (len(texts), "texte,textes"),
    ]
    counts_text = enumerate_words(plural(count, forms) for count, forms in counted if count)
    return f"{content.title} : {counts_text or 'rien n’est encore écrit ni recueilli'}."


def describe_changes(changes: Iterable[ContentChange]) -> str:
    """Return a line of a Markdown list for each of the first ``MOST_LINES`` changes, then how many
    others there are; empty without changes. Former and new words stand in it only where both are
    short and no draft: the register is read by people who read no draft."""
    changes = list(changes)
    lines = [f"- {_describe_change(change)}" for change in changes[:MOST_LINES]]
    if rest := len(changes) - MOST_LINES:
        lines += [f"- et {plural(rest, 'autre changement,autres changements')}"] * (rest > 0)
    return "\n".join(lines)


def _describe_change(change: ContentChange) -> str:
    """Return « label : « before » devient « after » », « …, nouveau » or « …, retiré »; the label
    alone for a draft, and for what is long or not shown."""
    before, after = change.before.strip(), change.text.strip()
    is_long = max(len(before), len(after)) > LONGEST or "\n" in before + after
    if change.is_draft or is_long or not change.pieces:
        return change.label
    if not before:
        return f"{change.label} : « {after} », nouveau"
    if not after:
        return f"{change.label} : « {before} », retiré"
    return f"{change.label} : « {before} » devient « {after} »"
