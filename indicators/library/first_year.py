"""The first step of a convention's first year: its indicators, chosen from the library."""

from collections.abc import Iterator

from django.urls import reverse

from conventions.models import Convention
from ctg_portal.house import FirstStep
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import plural
from indicators.definitions.models import Indicator


def choose_indicators(convention: Convention) -> Iterator[FirstStep]:
    """Yield the step of choosing indicators, which is done once one is proposed."""
    drafted, readable = _counts_of(convention)
    if readable:
        note = plural(readable, "proposé ou en vigueur,proposés ou en vigueur")
    else:
        note = plural(drafted, "brouillon à proposer,brouillons à proposer") if drafted else ""
    url = reverse("indicators:library", args=[convention.slug])
    yield FirstStep(10, "Choisir les indicateurs dans la bibliothèque", url, bool(readable), note)


@cached(Subject.FIGURES)
def _counts_of(convention: Convention) -> tuple[int, int]:
    """Return how many indicators are drafted, and how many are proposed or in force."""
    return Indicator.objects.of(convention).count_drafted_and_readable()
