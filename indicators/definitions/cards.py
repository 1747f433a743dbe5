"""What the indicators bring to the menu, the dashboard and the page of the axes."""

from collections import defaultdict

from django.urls import reverse

from ctg_portal.house import ActionLink, DashboardCard
from indicators.models import Indicator


def indicator_cards(user, convention, today):
    """How many indicators all parties have agreed to."""
    count = Indicator.objects.of(convention).agreed().count()
    if count:
        told = "indicateurs suivis" if count >= 2 else "indicateur suivi"
        url = reverse("indicators:indicators", args=[convention.slug])
        yield DashboardCard(str(count), told, url)


def indicator_links(user, convention, objectives):
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
