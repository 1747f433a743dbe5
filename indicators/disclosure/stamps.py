"""Which rows a table is made of, without reading them: so that what was decided of them is found,
or seen to be of others, by a question to the database."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Sum

from conventions.models import Coverage
from conventions.territory.models import CoverageQuerySet
from indicators.collection.models import CampaignIndicator
from indicators.definitions.definition import Definition
from indicators.disclosure.tables import digest_of
from indicators.values.models import Value


class Stamp(NamedTuple):
    """``told``: of an indicator's figures, its perimeter, its rule, and whether its year is closed;
    ``is_published``: all its figures are those of a public statistic."""

    told: str
    is_published: bool


def stamps_of(entries: Iterable[CampaignIndicator]) -> dict[int, Stamp]:
    """By the entry's primary key, in one query, and some for the perimeter of their years. The
    entries come with their campaign, version and provider.

    Each act counts up the ``revision`` of a value, and a row that comes has a higher key than any
    that went: where as many rows have keys and revisions that come to the same, they are the same.
    Asked before the figures are read, a stamp is at worst older than they are, and then found by
    nobody; who looks for what was decided of figures asks before and after reading them.
    """
    entries = list(entries)
    rows = Value.objects.filter(campaign_indicator__in=entries).order_by()
    rows = rows.values_list("campaign_indicator").annotate(
        Count("release"), Count("pk"), Sum("pk"), Sum("revision")
    )
    # Of the one database sums are whole numbers, of the other decimals.
    counted = {pk: [*map(int, counts)] for pk, *counts in rows}
    places = Coverage.objects.order_by("commune").values_list("commune", "sector")
    perimeters = perimeters_of(entries, places)
    stamps = {}
    for entry in entries:
        definition, rule = Definition.of(entry.version), entry.rule
        published, *counts = counted.get(entry.pk, (0, 0))
        told = [
            [rule.masking_threshold, rule.rounding_base, entry.campaign.is_closed],
            [definition.is_confidential, definition.is_aggregated],
            perimeters[entry.campaign_id] if entry.is_by_commune else [],
            [published, *counts],
        ]
        stamps[entry.pk] = Stamp(digest_of(told), 0 < published == counts[0])
    return stamps


def perimeters_of(
    entries: Iterable[CampaignIndicator], places: CoverageQuerySet
) -> dict[int, list]:
    """By the campaign's primary key, the communes that figures of its year are of; those of
    campaigns of which an indicator is asked by commune."""
    campaigns = {entry.campaign_id: entry.campaign for entry in entries if entry.is_by_commune}
    years = defaultdict(set)
    for campaign in campaigns.values():
        years[campaign.convention].add(campaign.year)
    found = {one: places.of_years(one, asked) for one, asked in years.items()}
    return {pk: found[one.convention][one.year] for pk, one in campaigns.items()}
