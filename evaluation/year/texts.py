"""What is written of a year: of its themes, and of the whole."""

from dataclasses import dataclass, field

from conventions.models import Convention
from evaluation.models import Narrative, Part, YearText


@dataclass(frozen=True)
class YearTexts:
    """Those with words. ``themes``: by the theme's primary key; ``parts``: in their order."""

    themes: dict[int, str] = field(default_factory=dict)
    parts: dict[Part, str] = field(default_factory=dict)


def written_texts(convention: Convention, year: int) -> YearTexts:
    """As they are written now, be they published or not. Two queries."""
    narratives = Narrative.objects.of(convention).filter(year=year)
    themes = {row.theme_id: row.text.strip() for row in narratives if row.text.strip()}
    rows = YearText.objects.of(convention).of_year(year).written()
    written = {row.part: row.text.strip() for row in rows}
    return YearTexts(themes, {part: written[part] for part in Part if written.get(part)})
