"""What each published year has said of what the evaluation of the term tells of it. It is told so
(rule 8), whatever is written since, until its next version is published."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef

from conventions.access.viewer import cached_for_page
from conventions.models import Convention
from evaluation.cooperation.framework import framework
from evaluation.cooperation.lines import BROUGHT
from evaluation.cooperation.post_record import PostRecord
from evaluation.models import Edition
from evaluation.publication.frozen import plain_of

# A number, or the word for why there is none; with a number, of which communes it is a total, where
# of some.
Figure = tuple[Decimal | None, str]
PARTIAL = re.compile(r"partiel \([^)]*\)")
# Planned, granted and spent; None where no line tells it.
Money = tuple[Decimal | None, Decimal | None, Decimal | None]


@dataclass(frozen=True)
class PublishedYear:
    """``verdicts``, and ``reasons`` for them, by primary key of the objective; ``posts``: of each
    post of which something was told, by its primary key. ``themes``: what was written of each, by
    its anchor; ``parts``: the texts of the whole, by their name. ``figures``: of the year itself,
    of the indicators that bear a title, for the whole territory and for the places that it names.
    ``money``: what was planned, granted and spent in the year."""

    verdicts: dict[int, str]
    reasons: dict[int, str]
    posts: dict[int, PostRecord]
    themes: dict[str, str]
    parts: dict[str, str]
    figures: dict[tuple[str, str], list[Figure]]  # by title and place, "": the territory
    money: Money


def as_published(convention: Convention) -> dict[int, PublishedYear]:
    """The years that are published, as the last version of each has them. One query."""
    return _read([convention])


@cached_for_page
def _read(conventions: list[Convention]) -> dict[int, PublishedYear]:
    [convention] = conventions
    editions = Edition.objects.of(convention).published().filter(evaluation__year__isnull=False)
    later = Edition.objects.published().filter(
        evaluation=OuterRef("evaluation"), number__gt=OuterRef("number")
    )
    last = editions.exclude(Exists(later)).select_related("evaluation", "snapshot")
    return {edition.year: year_of(plain_of(edition.snapshot)) for edition in last}


def year_of(content: dict) -> PublishedYear:
    """What a plain content of any release says of it."""
    themes = [theme for axis in content["axes"] for theme in axis["themes"]]
    objectives = [one for theme in themes for one in theme["signed"] + theme["committee"]]
    told = {one["key"]: told_of(one) for one in content.get("posts", [])}
    return PublishedYear(
        verdicts={one["key"]: one["verdict"] for one in objectives if one.get("verdict")},
        reasons={one["key"]: one["justification"] for one in objectives if one.get("verdict")},
        posts={key: one for key, one in told.items() if one != PostRecord()},
        themes={one["anchor"]: one["narrative"] for one in themes if one["narrative"]},
        parts={one["anchor"]: one["text"] for one in content["opening"] + content["closing"]},
        figures=figures_in(content, content["year"]),
        money=money_in(content.get("means", {}).get("data", []), content["year"]),
    )


def figures_in(content: Mapping, year: int) -> dict[tuple[str, str], list[Figure]]:
    """What a plain content of any release tells of a year, its own or one before it."""
    found: dict[tuple[str, str], list[Figure]] = {}
    for line in content.get("data", []):
        if line["year"] == year:
            number = Decimal(line["value"]) if line["value"] else None
            told = line["indicator"], line.get("place", "")
            found.setdefault(told, []).append(
                (number, sign_of(line["sign"], line.get("notes", "")))
            )
    return found


def sign_of(sign: str, notes: str) -> str:
    """Of a line of figures (``FigureLine``), what stands beside its number, or instead of it."""
    partial = PARTIAL.search(notes)
    return sign or (partial[0] if partial else "")


def money_in(lines: Iterable[Mapping], year: int) -> Money:
    """The sums of a year's lines of funding, as a plain content has them."""
    of_year = [line for line in lines if line["year"] == year]

    def total(name: str) -> Decimal | None:
        told = [Decimal(line[name]) for line in of_year if line[name]]
        return sum(told) if told else None

    return total("planned"), total("granted"), total("spent")


def told_of(post: Mapping) -> PostRecord:
    """What was told of a year of a post, out of the line that was published of it (``PostLine``);
    its figures out of those that it has for files."""
    done = {(mission["title"], title) for mission in post["missions"] for title in mission["done"]}
    figures = {
        counted: [
            (one["detail"], Decimal(one["actual"]) if one["actual"] else None)
            for one in post["data"]
            if one["counted"] == counted
        ]
        for counted in ("ETP", "Coût", "Financement")
    }
    return PostRecord(
        activities=[
            own.key
            for mission in framework()
            for own in mission.activities
            if (mission.title, own.title) in done
        ],
        cost=dict(figures["Coût"]).get(""),
        shares=[(domain, fte) for domain, fte in figures["ETP"] if fte is not None],
        fundings=figures["Financement"],
        **{name: post[name] for name in ("text", *BROUGHT)},
    )
