"""Find what of a year, or of the term, is written otherwise than it was last published: shown to
who reads drafts, as all others read what is published."""

from collections.abc import Hashable, Iterator
from dataclasses import asdict, dataclass

from django.urls import reverse
from django.utils import timezone

from ctg_portal.templatetags.french import long_date
from evaluation.cooperation.post_record import post_year_from_line
from evaluation.editions.models import Edition
from evaluation.year.for_reader import published_texts
from evaluation.year.reading import YearReading
from evaluation.year.texts import YearTexts

THEME, PART, OBJECTIVE, STAKE, POST, CRITERION = (
    "theme", "part", "objective", "stake", "post", "criterion",
)  # fmt: skip
Place = tuple[str, Hashable]


@dataclass(frozen=True)
class WrittenSince:
    """What is written otherwise than the last published ``edition``; ``url``: where that is read;
    ``places``: kind and key of each text."""

    edition: Edition
    url: str
    places: frozenset[Place]

    def of(self, kind: str, key: Hashable) -> "WrittenSince | None":
        """Return itself where this text is written otherwise, or None."""
        return self if (kind, key) in self.places else None

    @property
    def sentence(self) -> str:
        day = long_date(timezone.localdate(self.edition.published_at))
        return f"Écrit ou modifié depuis la publication du {day}"


def written_since(reading: YearReading, edition: Edition) -> WrittenSince:
    """Return what of a reading is written otherwise than ``edition``, the last published. Two
    queries."""
    published = dict(_published(published_texts(reading.convention, reading.period.year)))
    written = dict(_written(reading))
    places = {
        place
        for place in {**published, **written}
        if written.get(place, "") != published.get(place, "")
    }
    url = reverse("evaluation:publication", args=[reading.convention.slug, reading.period])
    return WrittenSince(edition, url, frozenset(places))


def _published(texts: YearTexts) -> Iterator[tuple[Place, object]]:
    yield from (((THEME, key), text) for key, text in texts.themes.items())
    yield from (((PART, key), text) for key, text in texts.parts.items())
    yield from _appreciations(OBJECTIVE, texts.objectives.items())
    yield from _appreciations(STAKE, texts.stakes.items())
    yield from (
        ((POST, post.key), post_year_from_line(asdict(post)))
        for post in texts.posts
        if post.is_told
    )
    yield from (
        ((CRITERION, code), (row.mark, row.text)) for code, row in texts.criteria.items()
        if row.mark or row.text
    )  # fmt: skip


def _written(reading: YearReading) -> Iterator[tuple[Place, object]]:
    yield from (((THEME, block.theme.pk), block.text) for block in reading.themes if block.text)
    yield from (((PART, key), text) for key, text in reading.texts.items())
    objectives = [row for row in reading.objectives if row.is_in_force]
    yield from _appreciations(
        OBJECTIVE, ((row.objective.pk, row.appreciation) for row in objectives)
    )
    yield from _appreciations(STAKE, ((stake.key, stake.appreciation) for stake in reading.stakes))
    yield from (
        ((POST, post.key), post_year_from_line(asdict(post)))
        for post in reading.posts
        if post.is_told
    )
    yield from (
        ((CRITERION, row.criterion.code), (row.mark, row.text)) for row in reading.criteria
        if row.mark or row.text
    )  # fmt: skip


def _appreciations(kind: str, rows) -> Iterator[tuple[Place, object]]:
    for key, row in rows:
        if row is not None and row.verdict:
            yield (kind, key), (row.verdict, row.text.strip())
