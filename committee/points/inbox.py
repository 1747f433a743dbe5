"""Points à valider: what is discussed in a convention, in the groups that its reader needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from django.core.paginator import Page, Paginator

from agreements.answers.lights import Point, points_of, required_of
from agreements.models import Version
from committee.models import Dossier
from committee.points.filters import PointFilter
from committee.points.reading import Card, axis_of, cards_of
from conventions.models import Axis, Organisation
from ctg_portal.templatetags.french import enumerate_words, in_words

PAGE_SIZE = 20
FEW = 5
AWAITING, ADVICE, PUT_OFF, RETURNED, OTHERS, DRAFTS = (
    "a-repondre", "avis", "reportes", "retournes", "autres", "brouillons",
)  # fmt: skip


@dataclass(eq=False)
class Group:
    """Points in the same situation for the reader; ``key`` is its name in an address."""

    key: str
    title: str
    points: list[Point] = field(default_factory=list)

    def __len__(self):
        return len(self.points)


@dataclass
class AxisCards:
    """The cards of one axis (None: the convention as a whole) within a group."""

    axis: Axis | None
    cards: list[Card]


class Inbox:
    """Everything under discussion in the convention of ``here``."""

    def __init__(self, here):
        self.here = here
        self.required = required_of(here.convention)
        versions = Version.objects.of(here.convention)
        self.points = points_of(versions.proposed().with_subjects(), self.required)
        drafts = versions.drafts().readable_by(here.user, drafts=here.manages)
        self.drafts = [Point(version, self.required) for version in drafts.with_subjects()]

    @property
    def party(self) -> Organisation | None:
        """The party in whose name the reader answers; None for who answers for none."""
        organisation = self.here.organisation
        return organisation if organisation in self.required else None

    @cached_property
    def groups(self) -> list[Group]:
        """The groups that have points, what the reader has to do first."""
        found = {key: Group(key, title) for key, title in self._titles().items()}
        for point in self.points:
            found[self._group_of(point)].points.append(point)
        found[DRAFTS].points.extend(self.drafts)
        for group in found.values():
            group.points.sort(key=_place)
        return [group for group in found.values() if group.points]

    def _titles(self) -> dict[str, str]:
        if self.party:
            return {
                AWAITING: "À répondre",
                ADVICE: "Votre avis est attendu",
                PUT_OFF: f"Reportés par {self.party.the}",
                RETURNED: "Retournés à leur auteur",
                OTHERS: "En attente des autres parties",
                DRAFTS: "Brouillons",
            }
        returned = "Revenus à la coordination" if self.here.manages else "Retournés à leur auteur"
        titles = {
            ADVICE: "Votre avis est attendu",
            AWAITING: "En attente de réponse",
            PUT_OFF: "Reportés",
        }
        if self.here.manages:
            return {RETURNED: returned, DRAFTS: "Brouillons", **titles}
        return {**titles, RETURNED: returned, DRAFTS: "Mes brouillons"}

    def _group_of(self, point: Point) -> str:
        today = self.here.today
        asked = [self.party] if self.party else self.required
        if point.is_returned:
            return RETURNED
        awaits = any(point.awaits(organisation, today) for organisation in asked)
        if awaits and self.party:
            return AWAITING
        if self.here.advising and self.here.advising.is_awaited_on(point):
            return ADVICE
        if awaits:
            return AWAITING
        if any(point.is_put_off_by(organisation, today) for organisation in asked):
            return PUT_OFF
        # Without a party of one's own, a point that nobody awaits is about to be settled.
        return OTHERS if self.party else AWAITING

    @property
    def required_names(self) -> str:
        return enumerate_words(organisation.the for organisation in self.required)

    @property
    def has_many(self) -> bool:
        """Whether a filter is worth its place."""
        return len(self.points) + len(self.drafts) > FEW

    def count(self, key: str) -> int:
        return sum(len(group) for group in self.groups if group.key == key)

    @property
    def title(self) -> str:
        """The answer to why one came."""
        awaiting, returned = self.count(AWAITING), self.count(RETURNED)
        advice = self.count(ADVICE)
        if advice and not (self.party and awaiting) and not (self.here.manages and returned):
            return _sentence(f"{in_words(advice, 'point attend,points attendent')} votre avis")
        if self.party:
            if not awaiting:
                return f"Rien n’attend la réponse {self.party.of_the}"
            told = in_words(awaiting, "point attend,points attendent")
            return _sentence(f"{told} la réponse {self.party.of_the}")
        if self.here.manages and returned:
            told = in_words(returned, "point est revenu,points sont revenus")
            others = len(self.points) - returned
            rest = f", {in_words(others, 'autre est,autres sont')} en discussion" if others else ""
            return _sentence(f"{told} à la coordination{rest}")
        if not self.points:
            return "Aucun point n’est en discussion"
        return _sentence(in_words(len(self.points), "point est,points sont") + " en discussion")

    def open_dossiers(self) -> list[Dossier]:
        """Those in which a point awaits the party's answer, the latest first."""
        if not (self.party and self.count(AWAITING)):
            return []
        awaiting = [p.version for g in self.groups if g.key == AWAITING for p in g.points]
        dossiers = Dossier.objects.of(self.here.convention).open()
        return list(dossiers.filter(versions__in=awaiting).distinct())


class PlacedPoint(NamedTuple):
    """A point at its place in the list."""

    group: Group
    axis: Axis | None
    point: Point


@dataclass
class Listing:
    """What a page of the list shows, after its filter."""

    inbox: Inbox
    filter: PointFilter
    page: Page
    sections: list[tuple[Group, list[AxisCards]]]


def listing_of(inbox: Inbox, query) -> Listing:
    """A page of the points that ``query`` (what the address asks) wants."""
    items = [PlacedPoint(g, axis_of(p.version), p) for g in inbox.groups for p in g.points]
    narrowed = PointFilter(
        query,
        queryset=Version.objects.of(inbox.here.convention),
        axes={item.axis.number: item.axis for item in items if item.axis},
        groups=inbox.groups,
        words=inbox.here.convention.words,
    )
    page = Paginator(narrowed.keep(items), PAGE_SIZE).get_page(query.get("page"))
    cards = cards_of([item.point for item in page], inbox.here)
    return Listing(inbox, narrowed, page, _sections(zip(page, cards, strict=True)))


def _sections(pairs: Iterable[tuple[PlacedPoint, Card]]) -> list[tuple[Group, list[AxisCards]]]:
    """The cards beneath their axis, beneath their group."""
    return [
        (
            group,
            [
                AxisCards(axis, [card for _item, card in of_axis])
                for axis, of_axis in groupby(of_group, lambda pair: pair[0].axis)
            ],
        )
        for group, of_group in groupby(pairs, lambda pair: pair[0].group)
    ]


def _place(point: Point) -> tuple:
    """In the order of the axes, what belongs to none at the end, then as written."""
    axis = axis_of(point.version)
    return axis is None, axis.number if axis else 0, point.version.object_id, point.version.pk


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
