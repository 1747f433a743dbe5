"""Find yearly campaigns by year and message, for the search. No figure is searched."""

from collections.abc import Iterator

from conventions.search.hits import Hit, HitGroup, SearchRequest, ranked
from indicators.collection.dashboard import campaigns_of


def campaign_hits(asked: SearchRequest) -> Iterator[HitGroup]:
    """Yield one group: the years whose collection has what is asked for in its name or message."""
    hits = []
    for campaign in campaigns_of([asked.convention]):
        title = f"Évaluation de l’année {campaign.year}"
        if asked.query.is_in(title, str(campaign), campaign.message):
            within = f"Recueil {campaign.get_state_display()}"
            hits.append(Hit(title, campaign.get_absolute_url(), campaign.message, within))
    yield ranked(asked, "Années et recueils", hits)
