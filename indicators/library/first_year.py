"""The first step of a convention's first year: its indicators, chosen from the library."""

from collections.abc import Iterator

from django.urls import reverse

from conventions.dashboard.first_year import step_of_drafts
from conventions.models import Convention
from ctg_portal.house import FirstStep
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from indicators.definitions.models import Indicator


def choose_indicators(convention: Convention) -> Iterator[FirstStep]:
    """Yield the step of choosing indicators, which is done once one is proposed."""
    url = reverse("indicators:library", args=[convention.slug])
    words = "proposé ou en vigueur,proposés ou en vigueur"
    title = "Choisir les indicateurs dans la bibliothèque"
    yield step_of_drafts(10, title, url, _counts_of(convention), words)


@cached(Subject.FIGURES)
def _counts_of(convention: Convention) -> tuple[int, int]:
    """Return how many indicators are drafted, and how many are proposed or in force."""
    return Indicator.objects.of(convention).count_drafted_and_readable()
