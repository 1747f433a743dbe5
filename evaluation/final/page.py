"""What the page of the final evaluation shows beside what that of a year does."""

from dataclasses import dataclass

from django.urls import reverse

from evaluation.cooperation.lines import PostOverYears
from evaluation.final.criteria import CriterionReading
from evaluation.publication.corrected import describe_corrected_years
from evaluation.publication.written_since import CRITERION, WrittenSince
from evaluation.publication.years import as_published
from evaluation.year.page import YearPage


@dataclass(frozen=True)
class CriterionRow:
    """A criterion, folded to its mark."""

    reading: CriterionReading
    write_url: str
    since: WrittenSince | None = None

    @property
    def anchor(self) -> str:
        return f"critere-{self.reading.criterion.code}"


class FinalPage(YearPage):
    """The page of the term that ``reading`` has read."""

    @property
    def criteria(self) -> list[CriterionRow]:
        slug, period = self.reading.convention.slug, self.reading.period
        return [
            CriterionRow(
                one,
                reverse("evaluation:criterion", args=[slug, period, one.criterion.code]),
                self.since and self.since.of(CRITERION, one.criterion.code),
            )
            for one in self.reading.criteria
            if self.shows_all or one.mark or one.text
        ]

    @property
    def corrected(self) -> str:
        """Which figures of published years are known otherwise since."""
        return describe_corrected_years(self.reading, as_published(self.reading.convention))

    @property
    def posts_over_years(self) -> list[PostOverYears]:
        """Those of which something is told; all, for who tells it."""
        told = self.reading.posts_over_years
        return [one for one in told if self.shows_all or one.is_told]
