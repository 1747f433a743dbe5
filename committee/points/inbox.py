"""Points to agree: what is discussed in a convention, in the groups that its reader needs.

Each point is sorted into a group by little (where each party stands, under which axis); a page then
reads its own points whole.
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
    asked_of,
    discussed_in,
    required_of,
    unreturned_versions,
    versions_awaiting,
)
from agreements.answers.rights import may_answer
from agreements.commitments.commitment import axes_of_rows, commitments
from agreements.models import Agreement, Version
from committee.dossiers.models import Dossier
from committee.pages import CommitteeReader
from committee.points.around import context_of_versions
from committee.points.filters import PointFilter
from committee.points.noted import Noted, noted_by
from committee.points.reading import Card, cards_of, last_rank_of
from committee.words import capitalized, format_answer_count
from conventions.models import Axis, Convention, Organisation
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import enumerate_words, in_words

PAGE_SIZE = 20
# The last page takes so many more, rather than a page of their own.
ORPHANS = 2
FEW = 5
AWAITING, ADVICE, PUT_OFF, RETURNED, OTHERS, DRAFTS = (
    "a-repondre", "avis", "reportes", "retournes", "autres", "brouillons",
)  # fmt: skip


@dataclass(eq=False)
class Group:
    """Points in the same situation for the reader. ``key`` is its name in an address."""

    key: str
    title: str
    points: list[Point] = field(default_factory=list)

    def __len__(self):
        return len(self.points)


@dataclass
class AxisCards:
    """The cards of one axis within a group; None is the convention as a whole."""

    axis: Axis | None
    cards: list[Card]


class Inbox:
    """Everything under discussion in the convention of ``here``.

    What awaits the reader is known by keys alone, for a page of one point; the rest is read where a
    page lists it. The points come without their texts and rows: enough to know whose turn it is,
    and their place in the list.
    """

    def __init__(self, here: CommitteeReader):
        self.here = here
        self.required = required_of(here.convention)
        self.asked = asked_of(here.convention)

    @property
    def party(self) -> Organisation | None:
        """The party in whose name the reader answers; None for who answers for none."""
        organisation = self.here.organisation
        return organisation if organisation in self.asked else None

    @cached_property
    def points(self) -> list[Point]:
        return sorted(self._discussed, key=lambda point: _place(point.version, self.axes))

    @cached_property
    def drafts(self) -> list[Point]:
        return sorted(self._drafts, key=lambda point: _place(point.version, self.axes))

    @cached_property
    def axes(self) -> dict[int, Axis | None]:
        """The axis under which each point and draft is listed, by version."""
        return self._axes_of([point.version for point in (*self._discussed, *self._drafts)])

    @cached_property
    def _discussed(self) -> list[Point]:
        """The proposed versions of the convention, as points; drafts are none."""
        convention = self.here.convention
        return discussed_in([convention])[convention.pk]

    @cached_property
    def _drafts(self) -> list[Point]:
        """The drafts that the reader may read (all of them for who coordinates), without texts."""
        drafts = Version.objects.of(self.here.convention).drafts()
        readable = drafts.readable_by(self.here.user, drafts=self.here.manages)
        return [Point(draft, self.required) for draft in readable.defer("text", "search_text")]

    def _axes_of(self, versions: list) -> dict[int, Axis | None]:
        """Map each version, or named row with its keys, by primary key, to its axis."""
        rows = {version.pk: (version.kind, version.object_id) for version in versions}
        axes = axes_of(self.here.convention, tuple(sorted(set(rows.values()))))
        return {pk: axes[row] for pk, row in rows.items()}

    def _pks_in_order(self, versions: list) -> list[int]:
        """Return the primary keys of versions in the order of the list."""
        axes = self._axes_of(versions)
        return [version.pk for version in sorted(versions, key=lambda one: _place(one, axes))]

    @cached_property
    def awaiting_pks(self) -> list[int]:
        """The versions that the reader is to answer, in the list's order; none without a party.
        Twin: ``awaiting``."""
        here, party = self.here, self.party
        if party is None:
            return []
        kinds = [commitment.kind for commitment in commitments()]
        voices = {
            kind: voice for kind in kinds
            if (voice := here.bench.voice(here.user, party, kind)) and voice.commits
        }  # fmt: skip
        return self._pks_in_order(versions_awaiting(here.bench, party, voices, self.required))

    @cached_property
    def awaiting(self) -> list[Point]:
        """The points that the reader is to answer, in the order of the list."""
        party, bench, user = self.party, self.here.bench, self.here.user
        return [
            point
            for point in self.points
            if party and point.awaits(party, self.here.today)
            if may_answer(bench.voice(user, party, point.version.kind), point) is None
        ]

    @cached_property
    def advisable_pks(self) -> list[int]:
        """The versions on which the reader's avis is asked, given or not, in the order of the list.
        Twin: ``Advising.is_asked_on``."""
        if self.here.advising is None:
            return []
        rows = unreturned_versions(self.here.convention, self.required).exclude(
            author=self.here.user
        )
        return self._pks_in_order(list(rows.values_list("pk", "kind", "object_id", named=True)))

    @cached_property
    def _noted(self) -> list[Noted]:
        return noted_by(self.here, self.required)

    @cached_property
    def noted(self) -> list[Noted]:
        """The answers that the reader has noted in the name of the party."""
        return [noted for noted in self._noted if noted.note.organisation == self.party]

    @cached_property
    def lost(self) -> list[Noted]:
        """The answers that the reader had noted for organisations for which they no longer answer:
        a mandate has ended, or a party is no longer asked."""
        voices = (voice.organisation for voice in self.here.voices)
        own = [organisation for organisation in voices if organisation in self.asked]
        return [noted for noted in self._noted if noted.note.organisation not in own]

    @cached_property
    def standing(self) -> dict[int, Noted]:
        """The noted answers of the party that may still be given, by the key of the version."""
        return {noted.version.pk: noted for noted in self.noted if noted.refusal is None}

    @property
    def unanswered(self) -> list[Point]:
        """The points that await the reader and have no noted answer."""
        return [point for point in self.awaiting if point.version.pk not in self.standing]

    @property
    def recent(self) -> int:
        """The number of answers that the reader gave for the party in person and may still undo."""
        fresh = Agreement.objects.of(self.here.convention).undoable().filter(
            entered_by=self.here.user, user=self.here.user, organisation=self.here.organisation
        )  # fmt: skip
        return fresh.count() if self.here.organisation else 0

    @cached_property
    def groups(self) -> list[Group]:
        """The groups that have points, what the reader has to do first."""
        groups = {key: Group(key, title) for key, title in self._titles().items()}
        for point in self.points:
            groups[self._group_of(point)].points.append(point)
        groups[DRAFTS].points.extend(self.drafts)
        return [group for group in groups.values() if group.points]

    def _titles(self) -> dict[str, str]:
        """Return the title of each group that this reader can have, in the order of the page."""
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
        """The keys of the groups that are shown open: a member's own turn; what the coordination
        has to take up again, as long as there is any; all groups for who only reads."""
        if self.party:
            return {AWAITING}
        own = {RETURNED, DRAFTS} & {group.key for group in self.groups}
        return own if self.here.manages and own else {group.key for group in self.groups}

    def _group_of(self, point: Point) -> str:
        """Return the key of the one group in which the reader sees a discussed point."""
        today = self.here.today
        asked = [self.party] if self.party else self.asked
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
        """The heading of the page: what awaits the reader, or what is discussed."""
        awaiting, returned = self.count(AWAITING), self.count(RETURNED)
        advice = self.count(ADVICE)
        if advice and not (self.party and awaiting) and not (self.here.manages and returned):
            return capitalized(f"{in_words(advice, 'point attend,points attendent')} votre avis")
        if self.party:
            return capitalized(self._title_of_party(awaiting))
        if self.here.manages and returned:
            coming_back = in_words(returned, "point est revenu,points sont revenus")
            others = len(self.points) - returned
            rest = f", {in_words(others, 'autre est,autres sont')} en discussion" if others else ""
            return capitalized(f"{coming_back} à la coordination{rest}")
        if not self.points:
            return "Aucun point n’est en discussion"
        return capitalized(in_words(len(self.points), "point est,points sont") + " en discussion")

    def _title_of_party(self, awaiting: int) -> str:
        """Return what a party's reader has left: to confirm, to read, to answer, or nothing."""
        if self.standing:
            noted, left = len(self.standing), len(self.unanswered)
            count = f"{format_answer_count(noted)} {'est notée' if noted == 1 else 'sont notées'}"
            if not left:
                return f"{count} : il reste à confirmer"
            return f"{count} ; {in_words(left, 'point reste,points restent')} à lire"
        if not awaiting:
            return f"Rien n’attend la réponse {self.party.genitive}"
        count = in_words(awaiting, "point attend,points attendent")
        return f"{count} la réponse {self.party.genitive}"

    def open_dossiers(self) -> list[Dossier]:
        """Return the open dossiers in which a point awaits the party's answer, the latest first."""
        if not (self.party and self.count(AWAITING)):
            return []
        awaiting = [p.version.pk for g in self.groups if g.key == AWAITING for p in g.points]
        dossiers = Dossier.objects.of(self.here.convention).open()
        return list(dossiers.filter(versions__in=awaiting).distinct())

    def last_ranks_of(self, points: Iterable[Point]) -> dict[int, int]:
        """Return the rank of the party's last entry on these points, by version."""
        return {point.version.pk: last_rank_of(self.party, point) for point in points}


class ListedInbox(Inbox):
    """An inbox whose points a page lists anyway: these points say what awaits the reader."""

    @cached_property
    def awaiting_pks(self) -> list[int]:
        return [point.version.pk for point in self.awaiting]

    @cached_property
    def advisable_pks(self) -> list[int]:
        """The versions on which the reader's avis is asked, given or not, in the list's order."""
        advising = self.here.advising
        return [p.version.pk for p in self.points if advising and advising.is_asked_on(p)]


def _place(version, axes: Mapping[int, Axis | None]) -> tuple:
    """Return the sort key of a version, or a row with its keys, in the list: by axis, those without
    at the end, then as written."""
    axis = axes[version.pk]
    return axis is None, axis.number if axis else 0, version.object_id, version.pk


@cached(*Subject)
def axes_of(
    convention: Convention, rows: tuple[tuple[str, int], ...]
) -> dict[tuple[str, int], Axis | None]:
    """Return the axis under which each row, by kind and key, is listed, in two queries; None for
    the convention as a whole."""
    axes = {axis.pk: axis for axis in convention.axes.all()} if rows else {}
    for axis in axes.values():
        axis.convention = convention
    keys = axes_of_rows(rows)
    return {row: axes.get(keys.get(row)) for row in rows}


class PlacedPoint(NamedTuple):
    """A point at its place in the list."""

    group: Group
    axis: Axis | None
    point: Point


@dataclass
class Section:
    """A group as a page shows it. ``count``: how many of its points match the filter, on all pages;
    ``is_folded``: the reader has nothing to do there."""

    group: Group
    parts: list[AxisCards]
    count: int
    is_folded: bool = False

    @property
    def count_label(self) -> str:
        """The label of the count: « 25 », or « 13 sur 25 » where the others are on another page."""
        shown = sum(len(part.cards) for part in self.parts)
        return f"{self.count}" if shown == self.count else f"{shown} sur {self.count}"


@dataclass
class Listing:
    """A page of the list, after its filter."""

    inbox: Inbox
    filter: PointFilter
    page: Page
    sections: list[Section]

    @property
    def is_whole(self) -> bool:
        """Whether all that awaits the reader is on this page."""
        shown = {item.point.version.pk for item in self.page}
        return all(point.version.pk in shown for point in self.inbox.awaiting)


def filtered_points(inbox: Inbox, query) -> tuple[PointFilter, list[PlacedPoint]]:
    """Return the filter with the values of an address, and the points that match it."""
    items = [
        PlacedPoint(group, inbox.axes.get(point.version.pk), point)
        for group in inbox.groups
        for point in group.points
    ]
    point_filter = PointFilter(
        query,
        queryset=Version.objects.of(inbox.here.convention),
        axes={item.axis.number: item.axis for item in items if item.axis},
        groups=inbox.groups,
        words=inbox.here.convention.words,
    )
    return point_filter, point_filter.keep(items)


def listing_of(inbox: Inbox, query) -> Listing:
    """Return a page of the points that match the values of an address. Groups not open at first are
    folded, unless something is searched."""
    point_filter, items = filtered_points(inbox, query)
    page = Paginator(items, PAGE_SIZE, orphans=ORPHANS).get_page(query.get("page"))
    cards = _cards(page, inbox)
    counts = Counter(item.group.key for item in items)
    sections = _sections(zip(page, cards, strict=True), counts)
    for section in sections:
        section.is_folded = section.group.key not in inbox.open_keys and not point_filter.asked
    return Listing(inbox, point_filter, page, sections)


def _cards(page: Iterable[PlacedPoint], inbox: Inbox) -> list[Card]:
    """Return the cards of a page, its points read whole, with their rank among those that await the
    reader and the noted answer."""
    points = [item.point for item in page]
    context = context_of_versions(
        inbox.here.convention, tuple(point.version.pk for point in points)
    )
    cards = cards_of(context.whole(points), inbox.here, context)
    ranks = {point.version.pk: rank for rank, point in enumerate(inbox.awaiting, start=1)}
    for card in cards:
        card.rank = ranks.get(card.version.pk)
        card.noted = inbox.standing.get(card.version.pk)
    return cards


def _sections(
    pairs: Iterable[tuple[PlacedPoint, Card]], counts: Mapping[str, int]
) -> list[Section]:
    """Return the cards by group and axis."""
    return [
        Section(
            group,
            [
                AxisCards(axis, [card for _item, card in axis_pairs])
                for axis, axis_pairs in groupby(group_pairs, lambda pair: pair[0].axis)
            ],
            counts[group.key],
        )
        for group, group_pairs in groupby(pairs, lambda pair: pair[0].group)
    ]
