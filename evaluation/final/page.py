"""The page of the final evaluation: the page of a year, with criteria and posts over years."""

from dataclasses import dataclass

from django.urls import reverse

from evaluation.cooperation.lines import PostOverYears
from evaluation.editions.years import as_published
from evaluation.overview.page import YearPage
from evaluation.overview.written_since import CRITERION, WrittenSince
from evaluation.report.corrected import describe_corrected_years
from evaluation.texts.criteria import CriterionReading


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
        """All criteria for who writes; for others those with a mark or a text."""
        slug, period = self.reading.convention.slug, self.reading.period
        return [
            CriterionRow(
                reading,
                reverse("evaluation:criterion", args=[slug, period, reading.criterion.code]),
                self.since and self.since.of(CRITERION, reading.criterion.code),
            )
            for reading in self.reading.criteria
            if self.shows_all or reading.mark or reading.text
        ]

    @property
    def corrected(self) -> str:
        """The sentence that names figures of published years that are known otherwise today; empty
        without any."""
        return describe_corrected_years(self.reading, as_published(self.reading.convention))

    @property
    def posts_over_years(self) -> list[PostOverYears]:
        """The posts that have a text or a record of a year; all posts, for who writes."""
        posts = self.reading.posts_over_years
        return [one for one in posts if self.shows_all or one.is_told]
