"""Read a year, or the term, for a reader: as it is published, or with drafts."""

import cattrs

from conventions.models import Convention, Theme
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from evaluation.cooperation.lines import PostLine, PostOverYears
from evaluation.editions.frozen import plain_of
from evaluation.editions.models import Edition
from evaluation.images.image import TextImage
from evaluation.period import Period
from evaluation.stakes.models import StakeAppreciation
from evaluation.texts.models import CriterionText, Part
from evaluation.verdicts.models import Appreciation
from evaluation.year.reading import YearReading, read_year
from evaluation.year.texts import YearTexts, written_texts
from indicators.models import Campaign

# The subjects that the reading of a year depends on.
OF_YEARS = (
    *(Subject.EVALUATION, Subject.TEXT, Subject.FIGURES),
    *(Subject.PLAN, Subject.COMMITTEE),
)


def year_for_reader(convention: Convention, period: Period, *, is_public: bool) -> YearReading:
    """Return a year, or the term, with its texts as last published (``is_public``), or as written
    now. Raises ``Campaign.DoesNotExist`` without a collection."""
    campaign = period.campaign(convention)
    if campaign is None:
        raise Campaign.DoesNotExist
    campaign.convention = convention
    texts = published_texts if is_public else written_texts
    return read_year(convention, campaign, texts(convention, period.year), period)


@cached(Subject.EVALUATION, Subject.TEXT)
def published_texts(convention: Convention, year: int | None) -> YearTexts:
    """Return the texts of a year as its last published version has them; empty before the first."""
    editions = Edition.objects.of(convention).for_year(year).select_related("snapshot")
    edition = editions.last_published()
    if edition is None:
        return YearTexts()
    content = plain_of(edition.snapshot)
    by_anchor = {
        theme["anchor"]: theme["narrative"] for axis in content["axes"] for theme in axis["themes"]
    }
    objectives = [
        row
        for axis in content["axes"]
        for theme in axis["themes"]
        for row in theme["signed"] + theme["committee"]
    ]
    appreciations = {
        row["key"]: Appreciation(
            objective_id=row["key"], year=year, verdict=row["verdict"], text=row["justification"]
        )
        for row in objectives
        if row.get("verdict")
    }
    stakes = {
        row["key"]: StakeAppreciation(
            stake_id=row["key"], year=year, verdict=row["verdict"], text=row["justification"]
        )
        for row in content.get("stakes", [])
        if row["verdict"]
    }
    themes = Theme.objects.filter(axis__convention=convention)
    parts = {row["anchor"]: row["text"] for row in content["opening"] + content["closing"]}
    return YearTexts(
        {theme.pk: by_anchor[theme.anchor] for theme in themes if by_anchor.get(theme.anchor)},
        {part: parts[part] for part in Part if parts.get(part)},
        appreciations,
        verdicts={
            row["key"]: {past["year"]: past["verdict"] for past in row["years"]}
            for row in objectives
            if row.get("years")
        },
        criteria={
            row["code"]: CriterionText(criterion=row["code"], mark=row["mark"], text=row["text"])
            for row in content.get("criteria", [])
        },
        images=cattrs.structure(content.get("images", []), list[TextImage]),
        stakes=stakes,
        posts=cattrs.structure(content.get("posts", []), list[PostLine]),
        posts_over_years=cattrs.structure(content.get("posts_over_years", []), list[PostOverYears]),
    )
