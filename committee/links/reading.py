"""The page that a personal link shows, and whether it still does, checked each time it opens."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from agreements.answers.lights import Point, point_of
from agreements.models import Seat, SeatKind, Version
from agreements.seats.voices import bench_of
from committee.dossiers.models import Dossier
from committee.dossiers.recorded import points_of_dossier
from committee.links.models import LinksCut
from committee.links.tokens import DOSSIER, POINT, Link
from committee.pages import CommitteeReader
from committee.points.inbox import Inbox
from committee.points.reading import Card, cards_of
from committee.words import capitalized
from conventions.models import Convention
from ctg_portal.templatetags.french import in_words

MOST = 100
# More than these would be a long way down to the last.
FEW = 2
EXPIRED = "Ce lien était valable quatorze jours."
CUT = "La personne à qui ce lien a été adressé l’a rendu inutilisable."
ENDED = "La personne à qui ce lien a été adressé n’a plus accès à cette page."
SETTLED = "Ce que montrait ce lien n’est plus en discussion."


class Closed(Exception):  # noqa: N818  (reads as what happened)
    """A link that was valid and is no longer; its message is a French sentence."""


class Addressee(CommitteeReader):
    """The person to whom a link was sent, whoever holds it: the page is read in their place,
    nothing is done."""

    def __init__(self, request, link: Link, convention: Convention):
        self.request, self.user, self.convention = request, link.user, convention
        self.today = timezone.localdate()
        self.bench = bench_of(convention, self.today)
        own = [v.organisation for v in self.voices if v.organisation.pk == link.organisation]
        self.organisation = next(iter(own), None)


@dataclass
class OpenedLink:
    """A valid link, with the points that its page shows under a title."""

    link: Link
    here: Addressee
    title: str
    points: list[Point]
    name: str
    args: list

    @cached_property
    def cards(self) -> list[Card]:
        return cards_of(self.points[:MOST], self.here)

    @property
    def left(self) -> int:
        """The number of points beyond those that the page shows."""
        return max(len(self.points) - MOST, 0)

    @property
    def is_long(self) -> bool:
        """Whether the points are read one by one, each unfolded."""
        return len(self.cards) > FEW

    @property
    def is_point(self) -> bool:
        """Whether the title is that of the one point."""
        return self.link.what == POINT

    @property
    def advises(self) -> bool:
        """Whether the person gives an avis, and answers for no party."""
        return self.here.organisation is None and self.here.advising is not None

    @property
    def target(self) -> str:
        """The address of the page in the portal where one answers, once logged in."""
        page = reverse(f"committee:{self.name}", args=[self.here.convention.slug, *self.args])
        organisation = self.here.organisation
        several = organisation and len({v.organisation for v in self.here.voices}) > 1
        return f"{page}?pour={organisation.pk}" if several else page

    @cached_property
    def substitutes(self) -> list[Seat]:
        """The seats of substitutes with an account, to whom the member may forward the link."""
        seats = [seat for seat in self.here.bench.seats if self.here.bench.sits(seat)]
        own = {
            seat.pk
            for seat in seats
            if seat.user_id == self.link.user.pk
            and seat.kind == SeatKind.MEMBER
            and seat.organisation_id == self.link.organisation
        }
        return [
            seat
            for seat in seats
            if own
            and seat.kind == SeatKind.SUBSTITUTE
            and seat.organisation_id == self.link.organisation
            and seat.user_id not in (None, self.link.user.pk)
            and (seat.substitute_for_id is None or seat.substitute_for_id in own)
        ]


def open_link(link: Link, request) -> OpenedLink:
    """Return the link with what it shows. Raises Closed when it shows nothing any more."""
    if link.is_expired:
        raise Closed(EXPIRED)
    if not link.user.is_active:
        raise Closed(ENDED)
    if LinksCut.objects.filter(user=link.user, cut_at__gte=link.issued).exists():
        raise Closed(CUT)
    opened = {POINT: _point, DOSSIER: _dossier}.get(link.what, _points)(link, request)
    if not _still_sits(opened):
        raise Closed(ENDED)
    return opened


def _still_sits(opened: OpenedLink) -> bool:
    """Return whether the person still sits or speaks for the organisation the link names, if
    any."""
    organisation, bench = opened.link.organisation, opened.here.bench
    if not organisation:
        return True
    return any(
        voice.organisation.pk == organisation for voice in bench.voices_of(opened.link.user)
    ) or any(
        seat.user_id == opened.link.user.pk
        and seat.organisation_id == organisation
        and bench.sits(seat)
        for seat in bench.seats
    )


def _addressee(link: Link, request, convention_pk: int | None) -> Addressee:
    """Return the addressee in the convention. Raises Closed when they may not see it, or for
    None."""
    seen = Convention.objects.visible_to(link.user).filter(pk=convention_pk).first()
    if seen is None:
        raise Closed(ENDED)
    return Addressee(request, link, seen)


def _point(link: Link, request) -> OpenedLink:
    """Return the opened link to one point. Raises Closed once the version is no longer proposed."""
    version = Version.objects.numbered().with_subjects().filter(pk=link.pk).first()
    here = _addressee(link, request, version.convention_id if version else None)
    if not version.is_proposed:
        raise Closed(SETTLED)
    version.convention = here.convention
    return OpenedLink(link, here, version.title, [point_of(version)], "point", [version.pk])


def _dossier(link: Link, request) -> OpenedLink:
    """Return the opened link to a dossier. Raises Closed once it is no longer open."""
    dossier = Dossier.objects.filter(pk=link.pk).first()
    here = _addressee(link, request, dossier.convention_id if dossier else None)
    if not dossier.is_open:
        raise Closed(SETTLED)
    dossier.convention = here.convention
    return OpenedLink(
        link, here, dossier.title, points_of_dossier(dossier), "dossier", [dossier.pk]
    )


def _points(link: Link, request) -> OpenedLink:
    """Return the link to the points that await the person's answer or avis, or the party of a
    member whom they may replace. Raises Closed if there are none."""
    here = _addressee(link, request, link.pk)
    inbox = Inbox(here)
    points = [point for group in inbox.groups for point in group.points]
    party = next((one for one in inbox.asked if one.pk == link.organisation), None)
    if here.organisation is None and here.advising:
        awaiting, whose = here.advising.awaited(points), "votre avis"
    elif party:
        awaiting = [point for point in points if point.awaits(party, here.today)]
        whose = f"la réponse {party.genitive}"
    else:
        awaiting, whose = [], ""
    if not awaiting:
        raise Closed(SETTLED)
    waiting = in_words(len(awaiting), "point attend,points attendent")
    return OpenedLink(link, here, f"{capitalized(waiting)} {whose}", awaiting, "points", [])
