"""Find what of a year, or of the term, is written otherwise than it was last published: shown to
who reads drafts, as all others read what is published."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import asdict, dataclass

from django.urls import reverse
from django.utils import timezone

from ctg_portal.templatetags.french import long_date
from evaluation.cooperation.lines import PostLine
from evaluation.cooperation.post_record import post_year_from_line
from evaluation.editions.models import Edition
from evaluation.stakes.models import StakeAppreciation
from evaluation.texts.criteria import CriterionReading
from evaluation.texts.models import CriterionText, Part
from evaluation.verdicts.models import Appreciation
from evaluation.year.for_reader import published_texts
from evaluation.year.reading import YearReading

THEME, PART, OBJECTIVE, STAKE, POST, CRITERION = (
    "theme", "part", "objective", "stake", "post", "criterion",
)  # fmt: skip
Place = tuple[str, Hashable]


@dataclass(frozen=True)
class WrittenSince:
    """What differs from the last published ``edition``, at ``url``; ``places``: of each text."""

    edition: Edition
    url: str
    places: frozenset[Place]

    def of(self, kind: str, key: Hashable) -> "WrittenSince | None":
        """Return itself where this text is written otherwise, or None."""
        return self if (kind, key) in self.places else None

    @property
    def sentence(self) -> str:
        """« Écrit ou modifié depuis la publication du 3 mars 2026 »."""
        day = long_date(timezone.localdate(self.edition.published_at))
        return f"Écrit ou modifié depuis la publication du {day}"


def written_since(reading: YearReading, edition: Edition) -> WrittenSince:
    """Return which texts differ from the last published ``edition``. Two queries."""
    texts = published_texts(reading.convention, reading.period.year)
    published = dict(
        _texts(
            texts.themes.items(),
            texts.parts.items(),
            texts.objectives.items(),
            texts.stakes.items(),
            texts.posts,
            texts.criteria.items(),
        )
    )
    written = dict(
        _texts(
            ((theme.theme.pk, theme.text) for theme in reading.themes),
            reading.texts.items(),
            ((row.objective.pk, row.appreciation) for row in reading.objectives),
            ((stake.key, stake.appreciation) for stake in reading.stakes),
            reading.posts,
            ((row.criterion.code, row) for row in reading.criteria),
        )
    )
    places = {
        place for place in published.keys() | written.keys()
        if written.get(place, "") != published.get(place, "")
    }  # fmt: skip
    url = reverse("evaluation:publication", args=[reading.convention.slug, reading.period])
    return WrittenSince(edition, url, frozenset(places))


def _texts(
    themes: Iterable[tuple[int, str]],
    parts: Iterable[tuple[Part, str]],
    objectives: Iterable[tuple[int, Appreciation | None]],
    stakes: Iterable[tuple[int, StakeAppreciation | None]],
    posts: Iterable[PostLine],
    criteria: Iterable[tuple[str, CriterionText | CriterionReading]],
) -> Iterator[tuple[Place, object]]:
    """Yield the place of each text that is not empty, with what is compared of it."""
    yield from (((THEME, key), text) for key, text in themes if text)
    yield from (((PART, part), text) for part, text in parts)
    appreciations = [((OBJECTIVE, key), row) for key, row in objectives]
    for place, given in [*appreciations, *(((STAKE, key), row) for key, row in stakes)]:
        if given is not None and given.verdict:
            yield place, (given.verdict, given.text.strip())
    for post in posts:
        if post.is_told:
            yield (POST, post.key), post_year_from_line(asdict(post))
    for code, row in criteria:
        if row.mark or row.text:
            yield (CRITERION, code), (row.mark, row.text)
