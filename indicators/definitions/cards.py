"""What the indicators bring to the page of the axes and to the search."""

from collections import defaultdict

from django.urls import reverse

from conventions.search.reading import ABBREVIATIONS, Hit, HitGroup, shortened
from ctg_portal.house import ActionLink
from ctg_portal.search import excerpt
from indicators.models import Indicator


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


def indicator_hits(convention, query: str):
    """Indicators by code, title, definition or scope; not drafts."""
    rows = Indicator.objects.of(convention).listed().matching(query, ABBREVIATIONS)
    hits = [
        Hit(
            shortened(f"{row.code} {row.title}".strip()),
            row.get_absolute_url(),
            excerpt(row.definition or row.title, query),
            within=str(row.theme),
            is_proposed=row.is_proposed,
        )
        for row in rows.with_relations().in_reading_order()
    ]
    yield HitGroup("Indicateurs", hits)
