"""Points à valider: what is discussed in a convention, in the groups that its reader needs.

All of it is told apart by little (where each party stands, under which axis); a page then reads
its own points whole.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from django.core.paginator import Page, Paginator

from agreements.answers.lights import (
    Point,
    points_without_earlier,
    required_of,
    unreturned_versions,
    versions_awaiting,
)
from agreements.commitments.commitment import axes_of_rows, commitments
from agreements.models import Agreement, Version
from committee.answers.counts import answers_in_words, sentence
from committee.answers.noted import Noted, noted_by
from committee.models import Dossier
from committee.points.around import around_of
from committee.points.filters import PointFilter
from committee.points.reading import Card, cards_of, last_rank_of
from conventions.models import Axis, Convention, Organisation
from ctg_portal.marks.keeping import kept
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import enumerate_words, in_words

PAGE_SIZE = 20
# So many more stand on the last page, rather than on one of their own.
ORPHANS = 2
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
    """Everything under discussion in the convention of ``here``.

    What awaits the reader is told by keys alone, for a page of one point; the rest is read where a
    page lists it. Its points know neither their texts nor their rows: enough to tell whose turn it
    is, and where in the list they stand.
    """

    def __init__(self, here):
        self.here = here
        self.required = required_of(here.convention)

    @property
    def party(self) -> Organisation | None:
        """The party in whose name the reader answers; None for who answers for none."""
        organisation = self.here.organisation
        return organisation if organisation in self.required else None

    @cached_property
    def points(self) -> list[Point]:
        return self._placed(discussed_in(self.here.convention), key=lambda point: point.version)

    @cached_property
    def drafts(self) -> list[Point]:
        versions = Version.objects.of(self.here.convention).drafts()
        readable = versions.readable_by(self.here.user, drafts=self.here.manages)
        found = [Point(one, self.required) for one in readable.defer("text", "search_text")]
        return self._placed(found, key=lambda point: point.version)

    @cached_property
    def axes(self) -> dict[int, Axis | None]:
        return axes_in(self.here.convention)

    def _placed(self, found: Iterable, key) -> list:
        """In the order of the axes, what belongs to none at the end, then as written; ``key`` is
        the version of one of them."""

        def place(one) -> tuple:
            version = key(one)
            axis = self.axes.get(version.pk)
            return axis is None, axis.number if axis else 0, version.object_id, version.pk

        return sorted(found, key=place)

    @cached_property
    def awaiting_pks(self) -> list[int]:
        """The versions that the reader is to answer, in the order of the list."""
        here, party = self.here, self.party
        if party is None:
            return []
        kinds = [commitment.kind for commitment in commitments()]
        voices = {kind: here.bench.voice(here.user, party, kind) for kind in kinds}
        voices = {kind: voice for kind, voice in voices.items() if voice and voice.commits}
        rows = versions_awaiting(here.bench, party, voices, self.required)
        return [row.pk for row in self._placed(rows, key=lambda row: row)]

    @cached_property
    def awaiting(self) -> list[Point]:
        """The same as points."""
        awaiting = set(self.awaiting_pks)
        return [point for point in self.points if point.version.pk in awaiting]

    @cached_property
    def advisable_pks(self) -> list[int]:
        """The versions on which the reader's avis is asked, given or not, in the same order.
        Twin: ``Advising.is_asked_on``."""
        if self.here.advising is None:
            return []
        rows = unreturned_versions(self.here.convention, self.required).exclude(
            author=self.here.user
        )
        rows = rows.values_list("pk", "kind", "object_id", named=True)
        return [row.pk for row in self._placed(rows, key=lambda row: row)]

    @cached_property
    def _noted(self) -> list[Noted]:
        return noted_by(self.here, self.required)

    @cached_property
    def noted(self) -> list[Noted]:
        """What the reader has noted in the name of the party."""
        return [one for one in self._noted if one.note.organisation == self.party]

    @cached_property
    def lost(self) -> list[Noted]:
        """What the reader had noted in names in which they answer no more: a mandate has ended, or
        a party is no longer asked."""
        voices = (voice.organisation for voice in self.here.voices)
        own = [organisation for organisation in voices if organisation in self.required]
        return [one for one in self._noted if one.note.organisation not in own]

    @cached_property
    def standing(self) -> dict[int, Noted]:
        """What of it may still be said, by the key of the version."""
        return {one.version.pk: one for one in self.noted if one.refusal is None}

    @property
    def unanswered(self) -> list[Point]:
        """What awaits the reader, and of which they have noted nothing."""
        return [point for point in self.awaiting if point.version.pk not in self.standing]

    @property
    def recent(self) -> int:
        """How many answers the reader has just given in the name of the party, and may undo."""
        fresh = Agreement.objects.of(self.here.convention).undoable().filter(
            entered_by=self.here.user, user=self.here.user, organisation=self.here.organisation
        )  # fmt: skip
        return fresh.count() if self.here.organisation else 0

    @cached_property
    def groups(self) -> list[Group]:
        """The groups that have points, what the reader has to do first."""
        found = {key: Group(key, title) for key, title in self._titles().items()}
        for point in self.points:
            found[self._group_of(point)].points.append(point)
        found[DRAFTS].points.extend(self.drafts)
        return [group for group in found.values() if group.points]

    def _titles(self) -> dict[str, str]:
        if self.party:
            return {
                AWAITING: "À répondre",
                ADVICE: "Votre avis est attendu",
                PUT_OFF: "Reportés par vous",
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

    @cached_property
    def open_keys(self) -> set[str]:
        """The groups that are shown open: a member's own turn; what is the coordination's to take
        up again, as long as something is; all of them to who only reads."""
        if self.party:
            return {AWAITING}
        own = {RETURNED, DRAFTS} & {group.key for group in self.groups}
        return own if self.here.manages and own else {group.key for group in self.groups}

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
        return self._group_of_answered(point, asked)

    def _group_of_answered(self, point: Point, asked: list[Organisation]) -> str:
        """The group of a point that awaits none of those who are ``asked``."""
        if any(point.is_put_off_by(organisation, self.here.today) for organisation in asked):
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
            return sentence(f"{in_words(advice, 'point attend,points attendent')} votre avis")
        if self.party:
            return sentence(self._title_of_party(awaiting))
        if self.here.manages and returned:
            told = in_words(returned, "point est revenu,points sont revenus")
            others = len(self.points) - returned
            rest = f", {in_words(others, 'autre est,autres sont')} en discussion" if others else ""
            return sentence(f"{told} à la coordination{rest}")
        if not self.points:
            return "Aucun point n’est en discussion"
        return sentence(in_words(len(self.points), "point est,points sont") + " en discussion")

    def _title_of_party(self, awaiting: int) -> str:
        if self.standing:
            noted, left = len(self.standing), len(self.unanswered)
            told = f"{answers_in_words(noted)} {'est notée' if noted == 1 else 'sont notées'}"
            if not left:
                return f"{told} : il reste à confirmer"
            return f"{told} ; {in_words(left, 'point reste,points restent')} à lire"
        if not awaiting:
            return f"Rien n’attend la réponse {self.party.of_the}"
        told = in_words(awaiting, "point attend,points attendent")
        return f"{told} la réponse {self.party.of_the}"

    def open_dossiers(self) -> list[Dossier]:
        """Those in which a point awaits the party's answer, the latest first."""
        if not (self.party and self.count(AWAITING)):
            return []
        awaiting = [p.version.pk for g in self.groups if g.key == AWAITING for p in g.points]
        dossiers = Dossier.objects.of(self.here.convention).open()
        return list(dossiers.filter(versions__in=awaiting).distinct())

    def last_ranks_of(self, points: Iterable[Point]) -> dict[int, int]:
        """The rank of the party's last word on these points, by version."""
        return {point.version.pk: last_rank_of(self.party, point) for point in points}


@kept(*Subject)
def discussed_in(convention: Convention) -> list[Point]:
    """Return what is proposed, without texts and rows, with what has been said of it: enough to
    tell whose turn it is."""
    versions = Version.objects.of(convention).proposed().defer("text", "search_text")
    return points_without_earlier(versions, required_of(convention))


@kept(*Subject)
def axes_in(convention: Convention) -> dict[int, Axis | None]:
    """Return the axes under which what is proposed or drafted is listed, by version, in three
    queries."""
    versions = Version.objects.of(convention).proposed_or_drafts().order_by()
    rows = {pk: (kind, row) for pk, kind, row in versions.values_list("pk", "kind", "object_id")}
    axes = {axis.pk: axis for axis in convention.axes.all()} if rows else {}
    for axis in axes.values():
        axis.convention = convention
    of_rows = axes_of_rows(rows.values())
    return {pk: axes.get(of_rows.get(row)) for pk, row in rows.items()}


class PlacedPoint(NamedTuple):
    """A point at its place in the list."""

    group: Group
    axis: Axis | None
    point: Point


@dataclass
class Section:
    """A group as a page shows it; ``count``: how many of it are asked for, on all pages;
    ``is_folded``: the reader has nothing to do there."""

    group: Group
    parts: list[AxisCards]
    count: int
    is_folded: bool = False

    @property
    def told(self) -> str:
        """« 25 », or « 13 sur 25 » where the others are on another page."""
        shown = sum(len(part.cards) for part in self.parts)
        return f"{self.count}" if shown == self.count else f"{shown} sur {self.count}"


@dataclass
class Listing:
    """What a page of the list shows, after its filter."""

    inbox: Inbox
    filter: PointFilter
    page: Page
    sections: list[Section]

    @property
    def is_whole(self) -> bool:
        """Whether all that awaits the reader has been shown on this page."""
        shown = {item.point.version.pk for item in self.page}
        return all(point.version.pk in shown for point in self.inbox.awaiting)


def found_in(inbox: Inbox, query) -> tuple[PointFilter, list[PlacedPoint]]:
    """The points that ``query`` (what the address asks) wants, and the filter that has chosen."""
    items = [
        PlacedPoint(group, inbox.axes.get(point.version.pk), point)
        for group in inbox.groups
        for point in group.points
    ]
    narrowed = PointFilter(
        query,
        queryset=Version.objects.of(inbox.here.convention),
        axes={item.axis.number: item.axis for item in items if item.axis},
        groups=inbox.groups,
        words=inbox.here.convention.words,
    )
    return narrowed, narrowed.keep(items)


def listing_of(inbox: Inbox, query) -> Listing:
    """A page of these points."""
    narrowed, items = found_in(inbox, query)
    page = Paginator(items, PAGE_SIZE, orphans=ORPHANS).get_page(query.get("page"))
    cards = _cards(page, inbox)
    counts = Counter(item.group.key for item in items)
    sections = _sections(zip(page, cards, strict=True), counts)
    for section in sections:
        section.is_folded = section.group.key not in inbox.open_keys and not narrowed.asked
    return Listing(inbox, narrowed, page, sections)


def _cards(page: Iterable[PlacedPoint], inbox: Inbox) -> list[Card]:
    """The points of a page, read whole."""
    points = [item.point for item in page]
    around = around_of(inbox.here.convention, tuple(point.version.pk for point in points))
    cards = cards_of(around.whole(points), inbox.here, around)
    ranks = {point.version.pk: rank for rank, point in enumerate(inbox.awaiting, start=1)}
    for card in cards:
        card.rank = ranks.get(card.version.pk)
        card.noted = inbox.standing.get(card.version.pk)
    return cards


def _sections(
    pairs: Iterable[tuple[PlacedPoint, Card]], counts: Mapping[str, int]
) -> list[Section]:
    """The cards beneath their axis, beneath their group."""
    return [
        Section(
            group,
            [
                AxisCards(axis, [card for _item, card in of_axis])
                for axis, of_axis in groupby(of_group, lambda pair: pair[0].axis)
            ],
            counts[group.key],
        )
        for group, of_group in groupby(pairs, lambda pair: pair[0].group)
    ]
