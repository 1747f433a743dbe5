"""Where each party stands on a version: the lights."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from agreements.models import Agreement, Answer, Confirmed, State, Version
from agreements.seats.voices import Bench, Voice
from conventions.models import Convention, Organisation
from conventions.parties.reading import parties_among
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import long_date

AWAITED, AGAIN = "awaited", "again"

# The lights of the component, by the party's last word.
SIGNS: dict[str, str] = {
    Answer.AGREED: "ok",
    Answer.CHANGE_REQUESTED: "change",
    Answer.RETRACTED: "change",
    Answer.CONTESTED: "change",
    Answer.DELIBERATION: "deliberation",
    Answer.AGENDA: "deliberation",
}


OPINION = "opinion"


def sign_of(entry: Agreement) -> str:
    """Return the sign of an entry wherever it is shown, whatever was said since; ``Agreement.word``
    tells it in words. An avis has one of its own, for it is no agreement; an answer that was
    undone, undoes one, or does not count is awaited."""
    if entry.is_undone or entry.undoes_id:
        return AWAITED
    if entry.is_contested:
        return SIGNS[Answer.CONTESTED]
    return SIGNS.get(entry.answer, OPINION) if entry.is_binding else AWAITED


@dataclass(frozen=True)
class Light:
    """A party on a version: ``state`` (ok, change, awaited, deliberation, again), in words.
    ``recorded``: what was recorded for it beside, and waits to be confirmed."""

    organisation: Organisation
    state: str
    word: str
    entry: Agreement | None = None
    recorded: Agreement | None = None


@dataclass
class Point:
    """A version with where each party that must agree stands on it.

    ``said`` is all that parties have answered, that counts and was not undone, in order;
    ``recorded``, by organisation, what was recorded for it and stands beside its word until it says
    whether it is; ``earlier``, by organisation that agreed to earlier versions, the number of the
    last, and ``earlier_read`` its key, unless it was a delay that agreed to it; ``ranks`` the rank
    of each organisation's last entry, avis included; ``opinions`` the avis that were not undone, in
    order.
    """

    version: Version
    required: list[Organisation]
    said: list[Agreement] = field(default_factory=list)
    earlier: dict[int, int] = field(default_factory=dict)
    earlier_read: dict[int, int] = field(default_factory=dict)
    ranks: dict[int, int] = field(default_factory=dict)
    recorded: dict[int, Agreement] = field(default_factory=dict)
    opinions: list[Agreement] = field(default_factory=list)

    @property
    def entries(self) -> dict[int, Agreement]:
        """The last word of each organisation that has spoken, by its primary key."""
        return {entry.organisation_id: entry for entry in self.said}

    @property
    def heard(self) -> dict[int, Agreement]:
        """The last that each has said, or that was recorded for it since: who records has seen
        it."""
        return self.entries | self.recorded

    def next_rank(self, organisation: Organisation) -> int:
        """The rank of the next entry of an organisation."""
        return self.ranks.get(organisation.pk, 0) + 1

    @property
    def spoken(self) -> list[Agreement]:
        """Return by which somebody has spoken for a party; who contests says that nothing was said.
        Twin: ``AgreementQuerySet.speaking``."""
        denials = [entry for entry in self.said if entry.answer == Answer.CONTESTED]
        denied = {entry.contests_id for entry in denials}
        return [entry for entry in self.said if entry not in denials and entry.pk not in denied]

    def spoken_elsewhere(self, user_id: int | None, party: int) -> Agreement | None:
        """Return by what the account ``user_id`` has already spoken on this version for another
        party than ``party``, the primary key of an organisation. None for who has no account: what
        is recorded for them is the word of who confirms it."""
        if user_id is None:
            return None
        others = (entry for entry in self.spoken if entry.organisation_id != party)
        return next((entry for entry in others if entry.speaker_id == user_id), None)

    @property
    def lights(self) -> list[Light]:
        return [self._light(organisation) for organisation in self.required]

    def _light(self, organisation: Organisation) -> Light:
        entry, recorded = self.entries.get(organisation.pk), self.recorded.get(organisation.pk)
        if entry:
            state, word = SIGNS[entry.answer], _word(entry)
        elif organisation.pk in self.earlier:
            state, word = AGAIN, "à revalider"
        else:
            state, word = AWAITED, "attendu"
        if recorded:
            word = f"{word} ; {_word_of_recorded(recorded)}"
        return Light(organisation, state, word, entry, recorded)

    @property
    def is_agreed(self) -> bool:
        """Whether every party that must agree has."""
        return bool(self.required) and all(map(self.is_agreed_by, self.required))

    def is_agreed_by(self, organisation: Organisation) -> bool:
        """Whether a party's last word is an agreement that counts."""
        entry = self.entries.get(organisation.pk)
        return entry is not None and entry.answer == Answer.AGREED

    @property
    def is_returned(self) -> bool:
        """Whether a party wants something else: the point is with its author again."""
        return bool(self.requests)

    @property
    def requests(self) -> list[Agreement]:
        """By which it is with its author again."""
        return [entry for entry in self._standing_entries() if entry.answer in Answer.returning()]

    @property
    def may_return(self) -> bool:
        """Whether it would be with its author again, were an answer undone that was just given."""
        before: dict[int, Agreement] = {}
        for entry in self.said:
            asked, before[entry.organisation_id] = before.get(entry.organisation_id), entry
            if asked and asked.answer in Answer.returning() and entry.is_recent:
                return True
        return False

    @property
    def is_suspended(self) -> bool:
        """Whether what was recorded outside the portal is contested."""
        return self.denial is not None

    @property
    def denial(self) -> Agreement | None:
        """What contests it."""
        found = (one for one in self._standing_entries() if one.answer == Answer.CONTESTED)
        return next(found, None)

    @property
    def is_answered(self) -> bool:
        """Whether every party that must agree has said something: not by denying what was recorded
        for it."""
        return all(self._is_answered_by(organisation.pk) for organisation in self.required)

    def _is_answered_by(self, organisation: int) -> bool:
        entry = self.entries.get(organisation)
        return entry is not None and entry.answer != Answer.CONTESTED

    def _standing_entries(self) -> Iterable[Agreement]:
        needed = {organisation.pk for organisation in self.required}
        return (entry for pk, entry in self.entries.items() if pk in needed)

    def awaits(self, organisation: Organisation, today) -> bool:
        """Whether it is this party's turn: proposed, not returned, and no answer that stands.

        A délibération awaited is asked for again once its day has passed.
        """
        if not self.version.is_proposed or self.is_returned or organisation not in self.required:
            return False
        entry = self.entries.get(organisation.pk)
        if entry is None:
            return True
        return entry.answer == Answer.DELIBERATION and entry.body_date < today

    def is_put_off_by(self, organisation: Organisation, today) -> bool:
        """Whether the party has announced its answer: a délibération, or the next meeting."""
        if not self.version.is_proposed or self.is_returned:
            return False
        entry = self.entries.get(organisation.pk)
        if entry is None:
            return False
        if entry.answer == Answer.DELIBERATION:
            return entry.body_date >= today
        return entry.answer == Answer.AGENDA


def _word_of_recorded(entry: Agreement) -> str:
    what = "demande de modification recueillie" if entry.is_request else "accord recueilli"
    return f"{what} le {long_date(entry.received_on)}, à confirmer"


def _word(entry: Agreement) -> str:
    if entry.answer == Answer.AGREED and not entry.is_recorded:
        return f"d’accord le {long_date(entry.created_at)}"
    if entry.answer == Answer.AGREED:
        by_silence = ", sans contestation" if entry.confirmation.way == Confirmed.DELAY else ""
        return f"accord recueilli le {long_date(entry.received_on)}{by_silence}"
    if entry.answer == Answer.DELIBERATION:
        return f"délibération attendue ({entry.body}, {long_date(entry.body_date)})"
    return entry.get_answer_display().lower()


def required_of(convention) -> list[Organisation]:
    """The organisations whose agreement the convention names, in its order (art. 4 and 7)."""
    return required_in([convention])[convention.pk]


def required_in(conventions: Iterable[Convention]) -> dict[int, list[Organisation]]:
    """The same for several conventions, by their primary key."""
    conventions = list(conventions)
    parties = parties_among(conventions)
    return {
        convention.pk: [
            party.organisation for party in parties[convention.pk] if party.agreement_required
        ]
        for convention in conventions
    }


@cached_each(Subject.COMMITTEE, Subject.TEXT)
def discussed_in(conventions: list[Convention]) -> dict[int, list[Point]]:
    """Return what is proposed in these conventions, by their primary key, in two queries.

    Enough to tell whose turn it is; not whether a party agreed to an earlier version.
    """
    required = required_in(conventions)
    points: dict[int, list[Point]] = {pk: [] for pk in required}
    versions = Version.objects.proposed().filter(convention__in=required)
    entries = _entries_on(versions.order_by().values("pk"))
    for version in versions.defer("text", "search_text").order_by("pk"):
        pk = version.convention_id
        points[pk].append(_point(version, required[pk], entries[version.pk]))
    return points


def _entries_on(versions) -> dict[int, list[Agreement]]:
    """Return all entries on these versions, avis and undone ones too, by version, in order."""
    found = defaultdict(list)
    rows = Agreement.objects.filter(version__in=versions).with_confirmation()
    for entry in rows.order_by("rank"):
        found[entry.version_id].append(entry)
    return found


def _point(version: Version, required: list[Organisation], entries: list[Agreement]) -> Point:
    """Return a version as a point, from all ``entries`` on it in their order."""
    undone = {entry.undoes_id for entry in entries}
    point = Point(version, required)
    for entry in entries:
        party = entry.organisation_id
        point.ranks[party] = entry.rank
        if entry.pk in undone or entry.is_refused:
            continue
        if entry.answer not in Answer.of_party():
            if entry.is_opinion:
                point.opinions.append(entry)
            continue
        if entry.is_pending:
            point.recorded[party] = entry
        else:
            point.said.append(entry)
            point.recorded.pop(party, None)
    return point


def awaiting_of(bench: Bench, party, voices: Mapping[str, Voice], required) -> list:
    """What awaits a party's answer on the day of ``bench`` by ``voices`` of one person (by kind of
    version), as rows of key, ``kind`` and ``object_id``, in one query that reads no text.

    Twin: ``Point.awaits``, with ``may_answer``.
    """
    if not voices:
        return []
    person = next(iter(voices.values())).user_id
    last = Agreement.objects.current().filter(version=OuterRef("pk"))
    put_off = Q(answer=Answer.DELIBERATION, body_date__lt=bench.day)
    answered = last.filter(organisation=party).exclude(put_off)
    elsewhere = Agreement.objects.spoken_by(person).filter(version=OuterRef("pk"))
    elsewhere = elsewhere.exclude(organisation=party)
    rows = unreturned_of(bench.convention, required).filter(
        ~Exists(answered), ~Exists(elsewhere), kind__in=voices
    )
    return list(rows.values_list("pk", "kind", "object_id", named=True))


def unreturned_of(convention, required):
    """What is proposed and not with its author again, in no order. Twin: ``Point.is_returned``."""
    last = Agreement.objects.current().filter(version=OuterRef("pk"))
    returned = last.filter(answer__in=Answer.returning(), organisation__in=required)
    return Version.objects.of(convention).proposed().filter(~Exists(returned)).order_by()


def points_of(versions: Iterable[Version], required: list[Organisation]) -> list[Point]:
    """Return the versions of one convention as points, in two more queries whatever their
    number."""
    points = spoken_on(versions, required)
    tell_earlier(points)
    return points


def spoken_on(versions: Iterable[Version], required: list[Organisation]) -> list[Point]:
    """Return the same in one more query: enough to tell whose turn it is, and what may be said; not
    whether a party agreed to an earlier version."""
    versions = list(versions)
    entries = _entries_on(versions)
    return [_point(version, required, entries[version.pk]) for version in versions]


def tell_earlier(points: list[Point]) -> None:
    """Tell of each point which parties agreed to an earlier version, in one query."""
    agreed = _agreed_earlier([one.version for one in points if one.version.number != 1])
    for point in points:
        version = point.version
        last = {
            one.organisation: one
            for one in sorted(agreed[version.content_type_id, version.object_id])
            if version.number is None or one.number < version.number
        }
        point.earlier = {pk: one.number for pk, one in last.items()}
        point.earlier_read = {pk: one.version for pk, one in last.items() if one.is_by_people}


class _Agreed(NamedTuple):
    """An agreement of an organisation to a version, by keys; ``is_by_people``: somebody said or
    confirmed it. Twin: ``by_people``."""

    number: int
    organisation: int
    version: int
    is_by_people: bool


def _agreed_earlier(versions: list[Version]) -> dict[tuple[int, int], list[_Agreed]]:
    """By row, what organisations agreed to."""
    agreed = defaultdict(list)
    beside = Version.objects.beside(versions).numbered().exclude(state=State.WITHDRAWN)
    found = Agreement.objects.current().agreeing().filter(version__in=beside.order_by())
    for content_type, object_id, number, party, version, is_recorded, way in found.values_list(
        "version__content_type", "version__object_id", "version__number", "organisation",
        "version", "is_recorded", "confirmation__way",
    ):  # fmt: skip
        is_by_people = not is_recorded or way in Confirmed.by_people()
        one = _Agreed(number, party, version, is_by_people)
        agreed[content_type, object_id].append(one)
    return agreed


def point_of(version: Version) -> Point:
    return points_of([version], required_of(version.convention))[0]
