"""Show the page on which the parties are asked to have their figures compared."""

from agreements.models import Version
from committee.drafts.asking import Asking
from indicators.comparison.alike import alike_in, profiles_of
from indicators.comparison.commitments import ComparisonCommitment
from indicators.comparison.events import propose_comparison
from indicators.comparison.models import Comparison
from indicators.comparison.reading import COMPARED


class ComparisonView(Asking):
    """Page that asks the parties to be compared, or no longer, with how many alike take part."""

    template_name = "indicators/comparison/comparison.html"
    commitment, flag = ComparisonCommitment(), "is_compared"

    def propose(self, *, is_yes: bool, note: str) -> Version:
        """Propose that the figures are compared with those of other territories, or no longer
        (``is_yes``)."""
        return propose_comparison(
            self.convention, is_compared=is_yes, note=note, by=self.request.user
        )

    def get_context_data(self, **kwargs):
        """Add the ``profile`` of the territory this year (None where it has none), how many similar
        ones there are (``alike``), and how many are ``compared``."""
        own = self.convention.pk
        others = Comparison.objects.taking_part().values_list("convention", flat=True)
        profiles = profiles_of({own, *others}, self.today.year)
        return super().get_context_data(
            profile=profiles.get(own),
            alike=len(alike_in(own, profiles)),
            compared=COMPARED,
            **kwargs,
        )
