"""The parties of conventions, as pages read them."""

from collections import defaultdict

from conventions.access.viewer import kept_for_page
from conventions.models import Convention, Party


@kept_for_page
def parties_among(conventions: list[Convention]) -> dict[int, list[Party]]:
    """Return the parties of each convention in its order, with their organisations; one query."""
    known = {convention.pk: convention for convention in conventions}
    rows = Party.objects.filter(organisation__convention__in=known).select_related("organisation")
    parties = defaultdict(list)
    for party in rows:
        party.organisation.convention = known[party.organisation.convention_id]
        parties[party.organisation.convention_id].append(party)
    return parties
