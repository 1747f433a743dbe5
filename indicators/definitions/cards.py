"""What the indicators bring to the page of the axes and to the search."""

from collections import defaultdict

from django.urls import reverse

from accounts.models import User
from ctg_portal.house import ActionLink
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from indicators.definitions.models import Indicator


def indicator_links(user: User, convention, objectives):
    """Return, by objective, the links to the agreed or proposed indicators that measure it: to the
    only one, or to their list."""
    names, shown = defaultdict(list), {objective.pk for objective in objectives}
    for objective, pk in _measured_by(convention):
        if objective in shown:
            names[objective].append(pk)
    url = reverse("indicators:indicators", args=[convention.slug])
    links = {}
    for objective, pks in names.items():
        if len(pks) == 1:
            only = reverse("indicators:indicator", args=[convention.slug, pks[0]])
            links[objective] = [ActionLink("1 indicateur", only)]
        else:
            many = ActionLink(f"{len(pks)} indicateurs", f"{url}?objectif={objective}")
            links[objective] = [many]
    return links


@cached(Subject.FIGURES)
def _measured_by(convention) -> list[tuple[int, int]]:
    """Return pairs (objective, indicator) of primary keys, agreed or proposed."""
    pairs = Indicator.objects.of(convention).readable().filter(objectives__isnull=False)
    return list(pairs.order_by().values_list("objectives", "pk"))
