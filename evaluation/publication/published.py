"""What everybody may read of a year, or the term: what is published, and nothing that is being
written."""

import cattrs

from accounts.models import User
from conventions.models import Convention, Theme
from ctg_portal.templatetags.french import long_date
from evaluation.cooperation.lines import PostLine, PostOverYears
from evaluation.images.image import TextImage
from evaluation.models import Appreciation, CriterionText, Edition, Part, StakeAppreciation
from evaluation.publication.frozen import plain_of
from evaluation.publication.rights import may_read_drafts
from evaluation.year.texts import YearTexts, written_texts


def texts_for(user: User, convention: Convention, year: int | None) -> YearTexts:
    """The texts of a year as ``user`` may read them: as they are written for who writes, validates
    or agrees, as they were last published for all others."""
    if may_read_drafts(user, convention) is None:
        return written_texts(convention, year)
    return published_texts(convention, year)


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
