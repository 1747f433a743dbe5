"""What is written of a year: of its themes, of its objectives, and of the whole."""

from dataclasses import dataclass, field

from conventions.models import Convention
from evaluation.images.image import TextImage
from evaluation.images.usage import shown_in
from evaluation.models import Appreciation, Narrative, Part, YearText


@dataclass(frozen=True)
class YearTexts:
    """Those with words. ``themes``, ``objectives``: by primary key; ``parts``: in their order;
    ``images``: those that they refer to."""

    themes: dict[int, str] = field(default_factory=dict)
    parts: dict[Part, str] = field(default_factory=dict)
    objectives: dict[int, Appreciation] = field(default_factory=dict)
    images: list[TextImage] = field(default_factory=list)


def written_texts(convention: Convention, year: int) -> YearTexts:
    """As they are written now, be they published or not. Three queries, and
    one for their images, where there are some."""
    narratives = Narrative.objects.of(convention).filter(year=year)
    themes = {row.theme_id: row.text.strip() for row in narratives if row.text.strip()}
    rows = YearText.objects.of(convention).of_year(year).written()
    written = {row.part: row.text.strip() for row in rows}
    parts = {part: written[part] for part in Part if written.get(part)}
    appreciations = Appreciation.objects.of(convention).of_year(year)
    return YearTexts(
        themes,
        parts,
        {row.objective_id: row for row in appreciations},
        shown_in(convention, [*themes.values(), *parts.values()]),
    )
