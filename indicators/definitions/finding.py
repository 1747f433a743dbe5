"""What the search finds of the indicators: their definitions.

No figure, and nothing of what is written beside one: a comment, a reason, a source or a piece may
tell a protected figure, and is its provider's (``indicators/disclosure/figure.py``).
"""

from collections.abc import Iterator

from conventions.search.hits import MOST, Hit, SearchRequest, by_rank, ranked, shortened
from ctg_portal.search.query import SearchQuery
from indicators.definitions.models import Indicator


def indicator_hits(asked: SearchRequest):
    """Yield the ranked hits among a convention's indicators, by code, title, definition or scope;
    drafts are left out."""
    yield ranked(asked, "Indicateurs", _indicators(asked))


def indicators_across(conventions, query: SearchQuery):
    """Yield the ranked hits of a search among the agreed or proposed indicators of several
    conventions, by code, title, definition or scope."""
    rows = Indicator.objects.filter(convention__in=conventions).listed().matching_query(query)
    rows = rows.in_reading_order().select_related("convention")
    yield by_rank(query, "Indicateurs", (
        Hit(shortened(f"{row.code} {row.title}".strip()), row.get_absolute_url(),
            row.definition, row.convention.territory, row.is_proposed, row.code)
        for row in rows[:MOST]
    ))  # fmt: skip


def indicator_titles(asked: SearchRequest):
    return Indicator.objects.of(asked.convention).listed().values_list("title", flat=True)


def _indicators(asked: SearchRequest) -> Iterator[Hit]:
    """Yield the first matching indicators, agreed or proposed, each with its axis and theme."""
    rows = Indicator.objects.of(asked.convention).listed().matching_query(asked.query)
    words = asked.convention.words
    for row in rows.with_relations().in_reading_order()[:MOST]:
        title = shortened(f"{row.code} {row.title}".strip())
        within = f"{words.axis.title} {row.theme.axis.mark}, {row.theme}"
        yield Hit(title, row.get_absolute_url(), row.definition, within, row.is_proposed, row.code)
