"""What the indicators bring to the page of the axes and to the search."""

from collections import defaultdict

from django.urls import reverse

from accounts.models import User
from ctg_portal.house import ActionLink
from indicators.definitions.models import Indicator


def indicator_links(user: User, convention, objectives):
    """Under each objective, the indicators that measure it: agreed or proposed."""
    names = defaultdict(list)
    pairs = Indicator.objects.of(convention).readable().filter(objectives__in=objectives)
    for objective, pk in pairs.order_by().values_list("objectives", "pk"):
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
