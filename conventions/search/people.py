"""People whom a search finds: signatories, and who has access, as far as one may see them."""

from collections.abc import Iterator
from operator import attrgetter

from django.urls import reverse

from conventions.access.models import Membership
from conventions.access.viewer import accesses_of
from conventions.parties.models import Party
from conventions.search.hits import Hit, SearchRequest


def people_hits(search: SearchRequest, parties: list[Party]) -> Iterator[Hit]:
    """Yield the signatories and people with access whose names contain the query. Who coordinates
    finds all; others find coordinators and who has access for their own organisations; without a
    user, only signatories."""
    page = reverse("conventions:parties", args=[search.convention.slug])
    for party in sorted(parties, key=attrgetter("pk")):
        for signatory in party.signatories.all():
            if search.query.is_in(signatory.name, signatory.capacity):
                within = f"Signataire, {signatory.capacity}, {party.organisation.acronym}"
                yield Hit(signatory.name, f"{page}#partie-{party.pk}", within=within)
    if search.user is not None:
        yield from _with_access(search)


def _with_access(search: SearchRequest) -> Iterator[Hit]:
    """Yield a hit for each access of people whom the user may find, with its page."""
    slug = search.convention.slug
    accesses = accesses_of(search.user, search.convention)
    coordinates = any(access.is_coordination for access in accesses)
    own = {access.organisation_id for access in accesses}
    for access in Membership.objects.active().of(search.convention).by_organisation():
        user = access.user
        if not search.query.is_in(user.full_name):
            continue
        if coordinates:
            url = reverse("conventions:access", args=[slug])
        elif access.is_coordination:
            url = reverse("conventions:cooperation", args=[slug])
        elif access.organisation_id in own:
            url = reverse("conventions:my_access", args=[slug])
        else:
            continue
        within = f"Accès au portail : {access.get_role_display()}, {access.organisation.acronym}"
        if not access.is_effective:
            within = f"{within}, {access.get_state_display()}"
        yield Hit(user.full_name, url, within=within)
