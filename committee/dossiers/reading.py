"""Where a dossier stands: its frozen points, and what each party has still to answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from django.db.models import Prefetch, prefetch_related_objects

from agreements.answers.lights import Point, points_of, required_of
from agreements.models import Answer, Version
from committee.dossiers.models import Dossier, DossierPoint
from committee.pages import CommitteeReader
from committee.points.around import PointContext, context_of_points, with_comment_counts
from committee.points.gist import gist_of
from committee.points.reading import Card, axis_of, cards_of
from committee.points.series import Series
from committee.points.words import describe_state, describe_suspension
from committee.words import capitalized, format_answer_count
from conventions.models import Axis, Convention, Organisation
from ctg_portal.forms.fields import NumbersByKeyField
from ctg_portal.marks.cache import cached
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import enumerate_words, in_words, long_date


@dataclass
class PartyProgress:
    """On how many points of a dossier a party has answered what, and on how many it is its turn."""

    organisation: Organisation
    agreed: int = 0
    change: int = 0
    otherwise: int = 0
    awaited: int = 0
    to_confirm: int = 0  # of what is awaited, recorded and not confirmed

    @property
    def answered(self) -> int:
        return self.agreed + self.change + self.otherwise


def progress_of(points: Iterable[Point], organisation: Organisation, today) -> PartyProgress:
    """Return how many of these points ``organisation`` has answered, by kind of answer, on how many
    it is its turn, and on how many of these a recorded answer is to be confirmed."""
    progress = PartyProgress(organisation)
    for point in points:
        entry = point.last_answers.get(organisation.pk)
        if point.awaits(organisation, today):
            progress.awaited += 1
            progress.to_confirm += organisation.pk in point.recorded
            continue
        if entry is None:
            continue
        if entry.answer == Answer.AGREED:
            progress.agreed += 1
        elif entry.answer in Answer.returning():
            progress.change += 1
        else:
            progress.otherwise += 1
    return progress


@dataclass
class Row:
    """A dossier in the list. While it is open, ``awaited`` are the parties whose turn it is on one
    of its points, and ``returned`` is how many points are with the coordination again."""

    dossier: Dossier
    point_count: int
    awaited: list[Organisation] = field(default_factory=list)
    returned: int = 0

    @property
    def is_complete(self) -> bool:
        return not (self.awaited or self.returned)


def dossier_rows(here: CommitteeReader) -> list[Row]:
    """Return every dossier of the convention as a row of the list, the latest first, in a few
    queries whatever their number."""
    bare = Version.objects.defer("text", "note", "search_text")
    sent = Dossier.objects.of(here.convention).prefetch_related(Prefetch("versions", bare))
    required = required_of(here.convention)
    dossiers = list(sent)
    open_versions = {v.pk: v for d in dossiers if d.is_open for v in d.versions.all()}
    points = {point.version.pk: point for point in points_of(open_versions.values(), required)}
    rows = []
    for dossier in dossiers:
        row = Row(dossier, len(dossier.versions.all()))
        if dossier.is_open:
            its_points = [points[version.pk] for version in dossier.versions.all()]
            row.awaited = [o for o in required if any(p.awaits(o, here.today) for p in its_points)]
            row.returned = sum(map(is_with_coordination, its_points))
        rows.append(row)
    return rows


def is_with_coordination(point: Point) -> bool:
    """Return whether a point is with the coordination again before all parties have answered it."""
    return point.version.is_proposed and point.is_returned and not point.is_answered


@dataclass
class Item:
    """A point of a dossier, as its page lists it."""

    card: Card

    @property
    def version(self) -> Version:
        return self.card.version

    @property
    def newer(self) -> Version | None:
        """The later version of the same row that is discussed or in force, or None."""
        newest = self.card.newest
        return newest if newest and (newest.number or 0) > (self.version.number or 0) else None

    @property
    def gist(self) -> str:
        """The change in one line: from what is in force, or from what this version replaced."""
        version = self.version
        return gist_of(version, self.card.before if version.is_proposed else version.succeeds)

    @property
    def state(self) -> str:
        return describe_state(self.card.point)


@dataclass(frozen=True)
class Candidate:
    """A point that may be sent. ``remark`` says why it need not be; empty for one that is ready."""

    point: Point
    remark: str = ""

    @property
    def version(self) -> Version:
        return self.point.version


def sendable_points(here: CommitteeReader) -> list[Candidate]:
    """Return the proposed points as candidates for a dossier, in the order of the axes."""
    proposed = Version.objects.of(here.convention).proposed().with_subjects()
    points = points_of(proposed, required_of(here.convention))
    rows = DossierPoint.objects.filter(dossier__in=Dossier.objects.of(here.convention).open())
    dossiers = {
        row.version_id: row.dossier for row in rows.select_related("dossier").order_by("pk")
    }
    sendable = [
        Candidate(point, _remark_on(point, dossiers.get(point.version.pk))) for point in points
    ]
    return sorted(sendable, key=lambda candidate: place_of(candidate.version))


def _remark_on(point: Point, dossier: Dossier | None) -> str:
    """Return why a point is not ready: suspended, returned, in another dossier; else empty."""
    if suspension := describe_suspension(point):
        return f"{capitalized(suspension)} : le point est suspendu."
    if point.is_returned:
        return "Une partie demande autre chose : le point attend une autre version."
    if dossier is None:
        return ""
    day = long_date(dossier.sent_at)
    return f"Déjà dans le dossier « {dossier.title} », envoyé le {day}, qui attend encore."


def place_of(version: Version) -> tuple:
    """Return the sort key of a version: by axis, those without at the end, then by row."""
    axis = axis_of(version)
    return axis is None, axis.number if axis else 0, version.object_id


def grouped_by_axis(points: Iterable[Candidate]) -> list[tuple[Axis | None, list[Candidate]]]:
    """Group candidates that follow each other by their axis; None is the convention itself."""
    groups = groupby(points, lambda point: axis_of(point.version))
    return [(axis, list(grouped)) for axis, grouped in groups]


@cached(*Subject)
def points_with_context(convention: Convention, dossier: int) -> tuple[list[Point], PointContext]:
    """Return the points of a dossier in its order, with what their cards are drawn from."""
    versions = Version.objects.filter(dossier_points__dossier=dossier).defer("search_text")
    versions = versions.with_subjects().with_restored().select_related("succeeds")
    ranked = with_comment_counts(versions.order_by("dossier_points__rank"))
    points = points_of(ranked, required_of(convention))
    for point in points:
        point.version.convention = convention
    return points, context_of_points(points)


class Reading:
    """A dossier as the person of ``here`` reads it. ``series`` is what awaits them in it."""

    def __init__(self, dossier: Dossier, here: CommitteeReader, series: Series):
        """Read the points as cards; in a recalled dossier none of them awaits the reader."""
        self.dossier, self.here, self.series = dossier, here, series
        self.inbox = series.inbox
        self.required = self.inbox.required
        prefetch_related_objects([dossier], "points")
        points, read = points_with_context(here.convention, dossier.pk)
        cards = cards_of(points, here, read)
        self.items = [Item(card) for card in cards]
        ranks = {pk: rank for rank, pk in enumerate(series.pks, start=1)}
        for item in self.items:
            item.card.rank = None if dossier.is_recalled else ranks.get(item.version.pk)
            item.card.noted = self.inbox.standing.get(item.version.pk)
            item.card.awaits_advice &= not dossier.is_recalled

    @property
    def points(self) -> list[Point]:
        return [item.card.point for item in self.items]

    @property
    def party(self) -> Organisation | None:
        """The party in whose name the reader answers; None for who answers for none."""
        return self.inbox.party

    @cached_property
    def progress(self) -> list[PartyProgress]:
        return [progress_of(self.points, o, self.here.today) for o in self.required]

    @cached_property
    def awaited(self) -> list[Item]:
        """The points on which the reader is to answer, in the order of their numbers."""
        mine = [item for item in self.items if item.card.rank]
        return sorted(mine, key=lambda item: item.card.rank)

    @property
    def others(self) -> list[Item]:
        return [item for item in self.items if not item.card.rank]

    @property
    def noted(self) -> list[Item]:
        return [item for item in self.awaited if item.card.noted]

    @property
    def unanswered(self) -> list[Item]:
        return [item for item in self.awaited if not item.card.noted]

    @property
    def last_ranks(self) -> str:
        """The hidden value: the points shown, each with the rank of the party's last entry."""
        last_ranks = {item.version.pk: item.card.last_rank for item in self.awaited}
        return NumbersByKeyField().prepare_value(last_ranks)

    @property
    def groups(self) -> list[tuple[Axis | None, list[Item]]]:
        """The points that await the reader, by axis."""
        groups = groupby(self.awaited, lambda item: item.card.axis)
        return [(axis, list(items)) for axis, items in groups]

    @property
    def title(self) -> str:
        """The heading: what the dossier awaits of the reader, or how far the parties are."""
        if self.dossier.is_recalled:
            return "Ce dossier est rappelé : il n’attend plus de réponse"
        if self.noted:
            return self._noted()
        if self.awaited:
            waiting = in_words(len(self.awaited), "point attend,points attendent")
            return capitalized(f"{waiting} la réponse {self.party.genitive}")
        if advice := sum(item.card.awaits_advice for item in self.items):
            return capitalized(f"{in_words(advice, 'point attend,points attendent')} votre avis")
        return self._answered_by_party() if self.party else self._answered_by_all()

    def _answered_by_all(self) -> str:
        """Return a sentence: who has not answered all; else how many points came back to the
        coordination; else that all is answered, or that nothing is awaited any more."""
        waiting = [progress.organisation.the for progress in self.progress if progress.awaited]
        if waiting and not any(progress.answered for progress in self.progress):
            whose = enumerate_words(p.organisation.genitive for p in self.progress if p.awaited)
            return f"On attend la réponse {whose}"
        if waiting:
            verb = "n’ont" if len(waiting) > 1 else "n’a"
            return capitalized(f"{enumerate_words(waiting)} {verb} pas fini de répondre")
        if back := sum(map(is_with_coordination, self.points)):
            returned = in_words(back, "point est revenu,points sont revenus")
            return capitalized(f"{returned} à la coordination")
        if all(point.is_answered for point in self.points):
            return f"Toutes les parties ont répondu {self._label_points()}"
        return "Ce dossier n’attend plus de réponse"

    def _noted(self) -> str:
        """Return how many answers the reader has noted and how many points are left to read."""
        noted, left = len(self.noted), len(self.unanswered)
        summary = f"{format_answer_count(noted)} {'est notée' if noted == 1 else 'sont notées'}"
        rest = in_words(left, "point reste,points restent")
        return capitalized(
            f"{summary} ; {rest} à lire" if left else f"{summary} : il reste à confirmer"
        )

    def _answered_by_party(self) -> str:
        """Return how many points the reader's party has answered, by whom."""
        entries = [point.last_answers.get(self.party.pk) for point in self.points]
        given = [entry for entry in entries if entry]
        mine = all(entry.entered_by_id == self.here.user.pk for entry in given)
        who = "Vous avez" if mine else capitalized(f"{self.party.the} a")
        if not given:
            return f"Ce dossier n’attend plus de réponse {self.party.genitive}"
        if len(given) == len(entries):
            return f"{who} répondu {self._label_points()}"
        return f"{who} répondu à {in_words(len(given), 'point,points')} sur {len(entries)}"

    def _label_points(self) -> str:
        """Return « au point du dossier », or « aux trois points » with the number of them."""
        count = len(self.items)
        return "au point du dossier" if count == 1 else f"aux {in_words(count, 'point,points')}"
