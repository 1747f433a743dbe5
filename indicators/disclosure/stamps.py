"""Which rows a table is made of, without reading them: so that what was decided of them is found,
or seen to be of others, by a question to the database."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Sum

from conventions.models import Coverage
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
    """By the entry's primary key, in one query, and one for the perimeter of each convention and
    year. The entries come with their campaign, version and provider.

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
    perimeters: dict[tuple, list] = {}
    stamps = {}
    for entry in entries:
        convention, year = entry.campaign.convention, entry.campaign.year
        if entry.is_by_commune and (convention.pk, year) not in perimeters:
            covered = Coverage.objects.of_year(convention, year).order_by("commune")
            perimeters[convention.pk, year] = list(covered.values_list("commune", "sector"))
        definition, rule = Definition.of(entry.version), entry.rule
        published, *counts = counted.get(entry.pk, (0, 0))
        told = [
            [rule.masking_threshold, rule.rounding_base, entry.campaign.is_closed],
            [definition.is_confidential, definition.is_aggregated],
            perimeters[convention.pk, year] if entry.is_by_commune else [],
            [published, *counts],
        ]
        stamps[entry.pk] = Stamp(digest_of(told), 0 < published == counts[0])
    return stamps
