"""What the indicators bring to the page of the axes and to the search."""

from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse

from accounts.models import User
from conventions.models import Convention, Objective
from ctg_portal.house import ActionLink
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from indicators.definitions.models import Indicator


def indicator_links(
    user: User, convention: Convention, objectives: Iterable[Objective]
) -> dict[int, list[ActionLink]]:
    """Return, by the objective's primary key, one link to the agreed or proposed indicators that
    measure it: to the only one, or to their list. An objective without any is not in it."""
    measuring, shown = defaultdict(list), {objective.pk for objective in objectives}
    for objective, pk in _measured_by(convention):
        if objective in shown:
            measuring[objective].append(pk)
    url = reverse("indicators:indicators", args=[convention.slug])
    links = {}
    for objective, pks in measuring.items():
        link = ActionLink(f"{len(pks)} indicateurs", f"{url}?objectif={objective}")
        if len(pks) == 1:
            only = reverse("indicators:indicator", args=[convention.slug, pks[0]])
            link = ActionLink("1 indicateur", only)
        links[objective] = [link]
    return links


def count_measuring(convention: Convention, objectives: Iterable[int]) -> list[tuple[int, str]]:
    """Return how many indicators, agreed or proposed, measure any of these objectives."""
    keys = set(objectives)
    measuring = {pk for objective, pk in _measured_by(convention) if objective in keys}
    return [(len(measuring), "indicateur,indicateurs")]


@cached(Subject.FIGURES)
def _measured_by(convention: Convention) -> list[tuple[int, int]]:
    """Return pairs of primary keys: an objective, and an agreed or proposed indicator that measures
    it; cached."""
    pairs = Indicator.objects.of(convention).readable().filter(objectives__isnull=False)
    return list(pairs.order_by().values_list("objectives", "pk"))
