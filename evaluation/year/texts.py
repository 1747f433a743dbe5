"""What is written of a year, or of the whole term: of its themes, objectives, stakes and posts, and
of the whole."""

from dataclasses import dataclass, field, replace

from conventions.models import Convention
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from evaluation.cooperation.lines import PostLine, PostOverYears
from evaluation.cooperation.over_years import posts_over_years
from evaluation.cooperation.reading import posts_of
from evaluation.images.image import TextImage
from evaluation.images.usage import shown_in
from evaluation.stakes.models import StakeAppreciation
from evaluation.texts.models import CriterionText, Narrative, Part, YearText
from evaluation.verdicts.models import Appreciation
from evaluation.verdicts.yearly import verdicts_of_years


@dataclass(frozen=True)
class YearTexts:
    """Texts that are not empty. ``themes``, ``objectives``, ``stakes``: by primary key; ``parts``:
    in their order; ``images``: those that the texts show. ``posts``: of a year, with what the
    convention plans for each.

    For the term alone: ``verdicts`` of each year on the objectives, by primary key and year;
    ``criteria`` by code; ``posts_over_years``, the records of all years. Of a published year they
    have what was published.
    """

    themes: dict[int, str] = field(default_factory=dict)
    parts: dict[Part, str] = field(default_factory=dict)
    objectives: dict[int, Appreciation] = field(default_factory=dict)
    verdicts: dict[int, dict[int, str]] = field(default_factory=dict)
    criteria: dict[str, CriterionText] = field(default_factory=dict)
    images: list[TextImage] = field(default_factory=list)
    stakes: dict[int, StakeAppreciation] = field(default_factory=dict)
    posts: list[PostLine] = field(default_factory=list)
    posts_over_years: list[PostOverYears] = field(default_factory=list)


def written_texts(convention: Convention, year: int | None) -> YearTexts:
    """Read the texts of a year, or of the term (None), as they are written now, published or not.
    Nine queries, fifteen for the term; one more if a text shows images."""
    texts = _texts_alone(convention, year)
    if year is not None:
        return replace(texts, posts=posts_of(convention, year))
    verdicts, posts = _over_the_term(convention)
    return replace(texts, verdicts=verdicts, posts_over_years=posts)


@cached(Subject.EVALUATION)
def _texts_alone(convention: Convention, year: int | None) -> YearTexts:
    """Read what is written of a year, or of the term, without the posts and what years say."""
    narratives = Narrative.objects.of(convention).filter(year=year)
    themes = {row.theme_id: row.text.strip() for row in narratives if row.text.strip()}
    rows = YearText.objects.of(convention).for_year(year).written()
    written = {row.part: row.text.strip() for row in rows}
    parts = {part: written[part] for part in Part if written.get(part)}
    appreciations = Appreciation.objects.of(convention).for_year(year)
    criteria = {}
    if year is None:
        rows_of_criteria = CriterionText.objects.of(convention).written()
        criteria = {row.criterion: row for row in rows_of_criteria}
    prose = [*themes.values(), *parts.values(), *(row.text for row in criteria.values())]
    stakes = StakeAppreciation.objects.of(convention).for_year(year)
    return YearTexts(
        themes,
        parts,
        {row.objective_id: row for row in appreciations},
        criteria=criteria,
        images=shown_in(convention, prose),
        stakes={row.stake_id: row for row in stakes},
    )


@cached(Subject.EVALUATION, Subject.TEXT)
def _over_the_term(
    convention: Convention,
) -> tuple[dict[int, dict[int, str]], list[PostOverYears]]:
    """Return the verdicts of each year on the objectives, and the posts over the whole term."""
    return verdicts_of_years(convention), posts_over_years(convention)
