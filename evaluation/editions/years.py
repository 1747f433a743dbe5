"""Read what each published year said of what the evaluation of the term shows of it. It is shown so
(rule 8), whatever is written since, until its next version is published."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef

from conventions.access.viewer import cached_for_page
from conventions.models import Convention
from evaluation.editions.frozen import plain_of
from evaluation.editions.models import Edition

# A number, with the communes of a partial total; or the word for why there is none.
Figure = tuple[Decimal | None, str]
PARTIAL = re.compile(r"partiel \([^)]*\)")
# Planned, granted and spent; None where no line has it.
Money = tuple[Decimal | None, Decimal | None, Decimal | None]


@dataclass(frozen=True)
class PublishedYear:
    """What a published year says.

    ``verdicts``, and ``reasons`` for them, by key of the objective; ``posts``: their lines
    (``PostLine``) as plain data, by key. ``themes``: the texts by anchor; ``parts``: those of the
    whole by name. ``figures``: of the year itself, by title of the indicator and place (empty: the
    territory). ``money``: what was planned, granted and spent in the year.
    """

    verdicts: dict[int, str]
    reasons: dict[int, str]
    posts: dict[int, Mapping[str, Any]]
    themes: dict[str, str]
    parts: dict[str, str]
    figures: dict[tuple[str, str], list[Figure]]
    money: Money


def as_published(convention: Convention) -> dict[int, PublishedYear]:
    """Return the published years, the term left out, each as its last published version says it.
    One query, once a page."""
    return _published_years_of([convention])


@cached_for_page
def _published_years_of(conventions: list[Convention]) -> dict[int, PublishedYear]:
    """Return the published years of the only convention of the list (the shape that
    ``cached_for_page`` takes)."""
    [convention] = conventions
    editions = Edition.objects.of(convention).published().filter(evaluation__year__isnull=False)
    later = Edition.objects.published().filter(
        evaluation=OuterRef("evaluation"), number__gt=OuterRef("number")
    )
    last = editions.exclude(Exists(later)).select_related("evaluation", "snapshot")
    return {edition.year: year_of(plain_of(edition.snapshot)) for edition in last}


def year_of(content: Mapping[str, Any]) -> PublishedYear:
    """Return what a plain content (``plain_of``), of any release, says of its own year."""
    themes = [theme for axis in content["axes"] for theme in axis["themes"]]
    objectives = [one for theme in themes for one in theme["signed"] + theme["committee"]]
    return PublishedYear(
        verdicts={one["key"]: one["verdict"] for one in objectives if one.get("verdict")},
        reasons={one["key"]: one["justification"] for one in objectives if one.get("verdict")},
        posts={line["key"]: line for line in content.get("posts", [])},
        themes={one["anchor"]: one["narrative"] for one in themes if one["narrative"]},
        parts={one["anchor"]: one["text"] for one in content["opening"] + content["closing"]},
        figures=figures_in(content, content["year"]),
        money=money_in(content.get("means", {}).get("data", []), content["year"]),
    )


def figures_in(content: Mapping[str, Any], year: int) -> dict[tuple[str, str], list[Figure]]:
    """Return the figures that a plain content, of any release, has of ``year``: by title of the
    indicator and place (empty: the territory), one for each line."""
    figures: dict[tuple[str, str], list[Figure]] = {}
    for line in content.get("data", []):
        if line["year"] == year:
            number = Decimal(line["value"]) if line["value"] else None
            key = line["indicator"], line.get("place", "")
            figures.setdefault(key, []).append(
                (number, sign_of(line["sign"], line.get("notes", "")))
            )
    return figures


def sign_of(sign: str, notes: str) -> str:
    """Return the sign that stands for a number in a line of figures (``FigureLine``); else the
    words on a partial total that its notes hold; else an empty text."""
    partial = PARTIAL.search(notes)
    return sign or (partial[0] if partial else "")


def money_in(lines: Iterable[Mapping[str, Any]], year: int) -> Money:
    """Return what the lines of funding of ``year``, in the shape of a plain content, add up to;
    None for a sum of which no line has an amount."""
    year_lines = [line for line in lines if line["year"] == year]

    def total(name: str) -> Decimal | None:
        amounts = [Decimal(line[name]) for line in year_lines if line[name]]
        return sum(amounts) if amounts else None

    return total("planned"), total("granted"), total("spent")
