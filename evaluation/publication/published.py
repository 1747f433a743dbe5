"""What everybody may read of a year, or the term: what is published, and nothing that is being
written."""

import cattrs

from conventions.models import Convention, Theme
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import long_date
from evaluation.cooperation.lines import PostLine, PostOverYears
from evaluation.images.image import TextImage
from evaluation.models import Appreciation, CriterionText, Edition, Part, StakeAppreciation
from evaluation.period import Period
from evaluation.publication.frozen import plain_of
from evaluation.report.content import ReportContent
from evaluation.report.reading import content_of
from evaluation.year.reading import YearReading, read_year
from evaluation.year.texts import YearTexts, written_texts
from indicators.models import Campaign

# What a year tells: its texts, those of the convention, figures, actions, who agreed to what.
OF_YEARS = (
    *(Subject.EVALUATION, Subject.TEXT, Subject.FIGURES),
    *(Subject.PLAN, Subject.COMMITTEE),
)


def told_year(convention: Convention, period: Period, *, is_public: bool) -> YearReading:
    """A year, or the term, with its texts as they were last published (``is_public``), or as they
    are written now, for who may read drafts. Raises ``Campaign.DoesNotExist`` without a
    collection."""
    campaign = period.campaign(convention)
    if campaign is None:
        raise Campaign.DoesNotExist
    campaign.convention = convention
    texts = published_texts if is_public else written_texts
    return read_year(convention, campaign, texts(convention, period.year), period)


@cached(*OF_YEARS)
def told_content(convention: Convention, period: Period, *, is_public: bool) -> ReportContent:
    """What its document would say."""
    return content_of(told_year(convention, period, is_public=is_public))


@cached(*OF_YEARS)
def told_digest(convention: Convention, period: Period, *, is_public: bool) -> str:
    """What that is compared by."""
    return told_content(convention, period, is_public=is_public).digest


@cached(Subject.EVALUATION, Subject.TEXT)
def published_texts(convention: Convention, year: int | None) -> YearTexts:
    """As the last published version has them; none before the first."""
    editions = Edition.objects.of(convention).of_year(year).select_related("snapshot")
    edition = editions.last_published()
    if edition is None:
        return YearTexts()
    content = plain_of(edition.snapshot)
    by_anchor = {
        theme["anchor"]: theme["narrative"] for axis in content["axes"] for theme in axis["themes"]
    }
    told = [
        one
        for axis in content["axes"]
        for theme in axis["themes"]
        for one in theme["signed"] + theme["committee"]
    ]
    appreciations = {
        one["key"]: Appreciation(
            objective_id=one["key"], year=year, verdict=one["verdict"], text=one["justification"]
        )
        for one in told
        if one.get("verdict")
    }
    stakes = {
        one["key"]: StakeAppreciation(
            stake_id=one["key"], year=year, verdict=one["verdict"], text=one["justification"]
        )
        for one in content.get("stakes", [])
        if one["verdict"]
    }
    themes = Theme.objects.filter(axis__convention=convention)
    parts = {one["anchor"]: one["text"] for one in content["opening"] + content["closing"]}
    return YearTexts(
        {theme.pk: by_anchor[theme.anchor] for theme in themes if by_anchor.get(theme.anchor)},
        {part: parts[part] for part in Part if parts.get(part)},
        appreciations,
        verdicts={
            one["key"]: {said["year"]: said["verdict"] for said in one["years"]}
            for one in told
            if one.get("years")
        },
        criteria={
            one["code"]: CriterionText(criterion=one["code"], mark=one["mark"], text=one["text"])
            for one in content.get("criteria", [])
        },
        images=cattrs.structure(content.get("images", []), list[TextImage]),
        stakes=stakes,
        posts=cattrs.structure(content.get("posts", []), list[PostLine]),
        posts_over_years=cattrs.structure(content.get("posts_over_years", []), list[PostOverYears]),
    )


def published_years(convention: Convention) -> dict[int, list[str]]:
    """Since when each year is published that is, as the list of years tells it. One query."""
    editions = Edition.objects.of(convention).published().select_related("evaluation")
    told: dict[int, list[str]] = {}
    for edition in editions.order_by("number"):
        if edition.year is not None:
            version = f", version {edition.number}" if edition.number > 1 else ""
            told[edition.year] = [f"publiée le {long_date(edition.published_at)}{version}"]
    return told
