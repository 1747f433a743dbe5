"""People of a convention: who signed, who coordinates, who has access with one, as one may see."""

from operator import attrgetter

from django.urls import reverse

from conventions.access.viewer import accesses_of
from conventions.models import Membership, Party
from conventions.search.hits import Asked, Hit


def people_hits(asked: Asked, parties: list[Party]):
    """Each with what they are here. Who coordinates finds everybody; another, the coordination and
    who acts for the same organisation."""
    yield from _signatories(asked, parties)
    if asked.user is not None:
        yield from _with_access(asked)


def _signatories(asked: Asked, parties: list[Party]):
    page = reverse("conventions:parties", args=[asked.convention.slug])
    for party in sorted(parties, key=attrgetter("pk")):
        for signatory in party.signatories.all():
            if asked.sought.is_in(signatory.name, signatory.capacity):
                told = f"Signataire, {signatory.capacity}, {party.organisation.acronym}"
                yield Hit(signatory.name, f"{page}#partie-{party.pk}", within=told)


def _with_access(asked: Asked):
    slug = asked.convention.slug
    held = accesses_of(asked.user, asked.convention)
    coordinates = any(access.is_coordination for access in held)
    own = {access.organisation_id for access in held}
    for access in Membership.objects.active().of(asked.convention).by_organisation():
        user = access.user
        if not asked.sought.is_in(user.full_name):
            continue
        if coordinates:
            url = reverse("conventions:access", args=[slug])
        elif access.is_coordination:
            url = reverse("conventions:cooperation", args=[slug])
        elif access.organisation_id in own:
            url = reverse("conventions:my_access", args=[slug])
        else:
            continue
        told = f"Accès au portail : {access.get_role_display()}, {access.organisation.acronym}"
        if not access.is_effective:
            told = f"{told}, {access.get_state_display()}"
        yield Hit(user.full_name, url, within=told)
