"""The posts of cooperation in a year, as the page of the year and the report show them."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from agreements.commitments.canonical import plain
from conventions.models import Convention, CooperationPost
from conventions.parties import reading as parties_reading
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import euros, number, plural
from evaluation.cooperation.framework import framework
from evaluation.cooperation.lines import FunderLine, MissionLine, PostFigure, PostLine, ShareLine
from evaluation.cooperation.models import PostYear
from evaluation.cooperation.post_record import PostRecord, planned_in

Share = tuple[str, Decimal | None, Decimal | None]  # domain, planned, filled
Words = Callable[[Decimal], str]
FILLED_OF = "domaine,domaines"
FUNDED_OF = "financeur,financeurs"


def posts_of(convention: Convention, year: int) -> list[PostLine]:
    """Return the posts that are planned, or have a record of the year. Five queries."""
    records = _records_of(convention, year)
    return [
        line_of(post, year, records.get(post.pk, PostRecord()))
        for post in parties_reading.posts_of(convention)
        if post.is_in_text or post.pk in records
    ]


@cached(Subject.EVALUATION)
def _records_of(convention: Convention, year: int) -> dict[int, PostRecord]:
    """Return the records of a year by primary key of the post. Three queries."""
    rows = PostYear.objects.of(convention).for_year(year).with_lines()
    return {row.post_id: PostRecord.of(row) for row in rows}


def shares_of(post: CooperationPost, record: PostRecord) -> list[Share]:
    """Return the planned domains, then those that the record adds; None for ETP not known."""
    filled = dict(record.shares)
    planned = [(domain, fte, filled.pop(domain, None)) for domain, fte in planned_in(post)]
    return planned + [(domain, None, fte) for domain, fte in filled.items()]


def line_of(post: CooperationPost, year: int, record: PostRecord) -> PostLine:
    """Write out a record of a year beside what is planned. No query for a post ``with_parts``."""
    shares = shares_of(post, record)
    filled = [fte for _, _, fte in shares]
    amounts = [amount for _, amount in record.fundings]
    return PostLine(
        key=post.pk,
        title=post.title or "Poste de coopération",
        employer=post.employer.name if post.employer else "",
        planned_fte=number(post.fte),
        filled_fte=_total(filled, number),
        filled_note=_known_of(filled, FILLED_OF),
        shares=[ShareLine(domain, _or_empty(p, number), _or_empty(f, number))
                for domain, p, f in shares],
        missions=[
            MissionLine(mission.title, done, len(mission.activities))
            for mission in framework()
            if (done := [one.title for one in mission.activities if one.key in record.activities])
        ],
        text=record.text.strip(),
        services=record.services.strip(),
        partnerships=record.partnerships.strip(),
        transfers=record.transfers.strip(),
        planned_cost=_or_empty(post.cost, euros),
        cost=_or_empty(record.cost, euros),
        fundings=[FunderLine(who, _or_empty(amount, euros)) for who, amount in record.fundings],
        funded=_total(amounts, euros),
        funded_note=_known_of(amounts, FUNDED_OF),
        is_told=record != PostRecord(),
        data=figures_of(post, year, record, shares),
    )  # fmt: skip


def _or_empty(value: Decimal | None, words: Words) -> str:
    return "" if value is None else words(value)


def _total(values: Iterable[Decimal | None], words: Words) -> str:
    """Add up the values that are known; return an empty text where none is."""
    known = [value for value in values if value is not None]
    return words(sum(known, Decimal(0))) if known else ""


def _known_of(values: list[Decimal | None], forms: str) -> str:
    """Return « connu pour 1 domaine sur 2 »; empty where all values are known, or none."""
    known = sum(value is not None for value in values)
    if not known or known == len(values):
        return ""
    return f"connu pour {plural(known, forms)} sur {number(len(values))}"


def figures_of(
    post: CooperationPost, year: int, record: PostRecord, shares: list[Share]
) -> list[PostFigure]:
    """Return the ETP by domain, the cost and the fundings of a post in a year as rows for files,
    those that are not known with an empty text."""
    employer = post.employer.name if post.employer else ""

    def figure(counted: str, detail: str, planned, actual, unit: str) -> PostFigure:
        """Return a row for files; None is an empty text."""
        texts = ("" if value is None else plain(value) for value in (planned, actual))
        return PostFigure(str(post), employer, year, counted, detail, *texts, unit)

    return [
        *(figure("ETP", domain, planned, fte, "ETP") for domain, planned, fte in shares),
        figure("Coût", "", post.cost, record.cost, "€"),
        *(figure("Financement", who, None, amount, "€") for who, amount in record.fundings),
    ]
