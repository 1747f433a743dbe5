"""What of a year, or of the term, is written otherwise than it was last published: said beside it
to who reads drafts, for all others read what is published."""

from collections.abc import Hashable, Iterator
from dataclasses import asdict, dataclass

from django.urls import reverse
from django.utils import timezone

from ctg_portal.templatetags.french import long_date
from evaluation.models import Edition
from evaluation.publication.published import published_texts
from evaluation.publication.years import told_of
from evaluation.year.reading import YearReading
from evaluation.year.texts import YearTexts

THEME, PART, OBJECTIVE, STAKE, POST, CRITERION = (
    "theme", "part", "objective", "stake", "post", "criterion",
)  # fmt: skip
Place = tuple[str, Hashable]


@dataclass(frozen=True)
class WrittenSince:
    """``url``: where what is published is read; ``places``: what is written otherwise."""

    edition: Edition
    url: str
    places: frozenset[Place]

    def of(self, kind: str, key: Hashable) -> "WrittenSince | None":
        """Itself, where that is written otherwise."""
        return self if (kind, key) in self.places else None

    @property
    def told(self) -> str:
        day = long_date(timezone.localdate(self.edition.published_at))
        return f"Écrit ou modifié depuis la publication du {day}"


def written_since(reading: YearReading, edition: Edition) -> WrittenSince:
    """``edition``: the last that was published. Two queries."""
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
    yield from _said(OBJECTIVE, texts.objectives.items())
    yield from _said(STAKE, texts.stakes.items())
    yield from (((POST, one.key), told_of(asdict(one))) for one in texts.posts if one.is_told)
    yield from (
        ((CRITERION, code), (row.mark, row.text)) for code, row in texts.criteria.items()
        if row.mark or row.text
    )  # fmt: skip


def _written(reading: YearReading) -> Iterator[tuple[Place, object]]:
    yield from (((THEME, one.theme.pk), one.text) for one in reading.themes if one.text)
    yield from (((PART, key), text) for key, text in reading.texts.items())
    objectives = [one for one in reading.objectives if one.is_in_force]
    yield from _said(OBJECTIVE, ((one.objective.pk, one.appreciation) for one in objectives))
    yield from _said(STAKE, ((one.key, one.appreciation) for one in reading.stakes))
    yield from (((POST, one.key), told_of(asdict(one))) for one in reading.posts if one.is_told)
    yield from (
        ((CRITERION, one.criterion.code), (one.mark, one.text)) for one in reading.criteria
        if one.mark or one.text
    )  # fmt: skip


def _said(kind: str, rows) -> Iterator[tuple[Place, object]]:
    for key, row in rows:
        if row is not None and row.verdict:
            yield (kind, key), (row.verdict, row.text.strip())
