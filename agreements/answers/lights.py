"""Where each party stands on a version: the lights."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from agreements.answers.models import Agreement, Answer, ConfirmationWay
from agreements.commitments.commitment import by_kind, commitments
from agreements.seats.voices import Bench, Voice
from agreements.versions.models import State, Version
from conventions.models import Convention, Organisation
from conventions.parties.reading import parties_among
from ctg_portal.marks.cache import cached_each
from ctg_portal.marks.models import Subject
from ctg_portal.templatetags.french import long_date

AWAITED, AGAIN, OPINION = "awaited", "again", "opinion"

# The lights of the component, by the party's last word.
SIGNS: dict[str, str] = {
    Answer.AGREED: "ok",
    Answer.CHANGE_REQUESTED: "change",
    Answer.RETRACTED: "change",
    Answer.CONTESTED: "change",
    Answer.DELIBERATION: "deliberation",
    Answer.AGENDA: "deliberation",
}


def sign_of(entry: Agreement) -> str:
    """Return the sign of an entry as lists show it, whatever was answered since.

    Its words are ``Agreement.label``. An avis has a sign of its own, for it is no agreement; an
    entry that was undone, undoes another or does not count has the sign of an awaited answer.
    """
    if entry.is_undone or entry.undoes_id:
        return AWAITED
    if entry.is_contested:
        return SIGNS[Answer.CONTESTED]
    return SIGNS.get(entry.answer, OPINION) if entry.is_binding else AWAITED


@dataclass(frozen=True)
class Light:
    """Where a party stands on a version: ``state`` (ok, change, awaited, deliberation, again), and
    ``word``, its French label. ``recorded``: an answer recorded for it that awaits confirmation."""

    organisation: Organisation
    state: str
    word: str
    entry: Agreement | None = None
    recorded: Agreement | None = None


@dataclass
class Point:
    """A version with where each party that must agree stands on it.

    ``answers``: the entries of parties that count and were not undone, in order. ``recorded``, by
    organisation: an answer recorded for it that it has neither confirmed nor refused. ``earlier``,
    by organisation that agreed to an earlier version: the number of the last one; ``earlier_read``
    has its key, unless it was agreed to by a delay. ``ranks``: the rank of each organisation's last
    entry, avis included. ``opinions``: the avis that were not undone, in order. ``others``: the
    parties that may agree beside those that must.
    """

    version: Version
    required: list[Organisation]
    answers: list[Agreement] = field(default_factory=list)
    earlier: dict[int, int] = field(default_factory=dict)
    earlier_read: dict[int, int] = field(default_factory=dict)
    ranks: dict[int, int] = field(default_factory=dict)
    recorded: dict[int, Agreement] = field(default_factory=dict)
    opinions: list[Agreement] = field(default_factory=list)
    others: list[Organisation] = field(default_factory=list)

    @property
    def last_answers(self) -> dict[int, Agreement]:
        """The last answer of each organisation that has given one, by its primary key."""
        return {entry.organisation_id: entry for entry in self.answers}

    @property
    def last_entered(self) -> dict[int, Agreement]:
        """The last answer of each organisation, or what was recorded for it since: whoever records
        another one has seen it."""
        return self.last_answers | self.recorded

    def next_rank(self, organisation: Organisation) -> int:
        return self.ranks.get(organisation.pk, 0) + 1

    @property
    def uncontested(self) -> list[Agreement]:
        """The answers by which somebody has spoken for a party: without those that were contested,
        and without the contestations. Twin: ``AgreementQuerySet.uncontested``."""
        denials = [entry for entry in self.answers if entry.answer == Answer.CONTESTED]
        denied = {entry.contests_id for entry in denials}
        return [entry for entry in self.answers if entry not in denials and entry.pk not in denied]

    def answer_for_another_party(self, user_id: int | None, party: int) -> Agreement | None:
        """Return the answer that the account ``user_id`` has given on this version for another
        party than ``party``, the primary key of an organisation; None if there is none.

        Without an account (None) there is none: what is recorded for a person counts as the answer
        of the account that confirms it.
        """
        if user_id is None:
            return None
        others = (entry for entry in self.uncontested if entry.organisation_id != party)
        return next((entry for entry in others if entry.speaker_id == user_id), None)

    @property
    def lights(self) -> list[Light]:
        """The light of each party that must agree, in the order of ``required``: its last answer,
        else « à revalider » if it agreed to an earlier version, else « attendu ». A recorded answer
        to confirm is added in words."""
        lights, last_answers = [], self.last_answers
        for organisation in self.required:
            entry, recorded = last_answers.get(organisation.pk), self.recorded.get(organisation.pk)
            if entry:
                state, word = SIGNS[entry.answer], _label_answer(entry)
            elif organisation.pk in self.earlier:
                state, word = AGAIN, "à revalider"
            else:
                state, word = AWAITED, "attendu"
            if recorded:
                what = "accord recueilli"
                if recorded.is_request:
                    what = "demande de modification recueillie"
                word = f"{word} ; {what} le {long_date(recorded.received_on)}, à confirmer"
            lights.append(Light(organisation, state, word, entry, recorded))
        return lights

    @property
    def is_agreed(self) -> bool:
        """Whether every party that must agree has."""
        return bool(self.required) and all(map(self.is_agreed_by, self.required))

    def is_agreed_by(self, organisation: Organisation) -> bool:
        """Return whether the last answer of a party is an agreement that counts."""
        entry = self.last_answers.get(organisation.pk)
        return entry is not None and entry.answer == Answer.AGREED

    @property
    def is_returned(self) -> bool:
        """Whether a party wants something else: the point is with its author again."""
        return bool(self.returning_answers)

    @property
    def returning_answers(self) -> list[Agreement]:
        """The last answers of required parties that send the point back to its author: changes
        requested, agreements taken back, contestations."""
        return [entry for entry in self._required_answers() if entry.answer in Answer.returning()]

    @property
    def is_returned_if_undone(self) -> bool:
        """Whether the point would be with its author again if a recent answer were undone."""
        before: dict[int, Agreement] = {}
        for entry in self.answers:
            asked, before[entry.organisation_id] = before.get(entry.organisation_id), entry
            if asked and asked.answer in Answer.returning() and entry.is_within_undo_delay:
                return True
        return False

    @property
    def is_suspended(self) -> bool:
        """Whether what was recorded outside the portal is contested."""
        return self.contestation is not None

    @property
    def contestation(self) -> Agreement | None:
        """The entry that contests what was recorded outside the portal, if any."""
        contestations = (e for e in self._required_answers() if e.answer == Answer.CONTESTED)
        return next(contestations, None)

    @property
    def is_answered(self) -> bool:
        """Whether every party that must agree has answered; a contestation is no answer."""
        last_answers = self.last_answers
        return all(
            (entry := last_answers.get(organisation.pk)) and entry.answer != Answer.CONTESTED
            for organisation in self.required
        )

    def _required_answers(self) -> Iterable[Agreement]:
        """Return the last answers of the parties that must agree; others may have answered while
        they had to."""
        needed = {organisation.pk for organisation in self.required}
        return (entry for pk, entry in self.last_answers.items() if pk in needed)

    def awaits(self, organisation: Organisation, today: datetime.date) -> bool:
        """Return whether the answer of this party is awaited: the version is proposed, not
        returned, and the party has no answer that stands.

        An announced délibération is awaited again once its day has passed.
        """
        if not self.version.is_proposed or self.is_returned or organisation not in self.required:
            return False
        entry = self.last_answers.get(organisation.pk)
        if entry is None:
            return True
        day = entry.body_date if entry.answer == Answer.DELIBERATION else None
        return day is not None and day < today

    def is_put_off_by(self, organisation: Organisation, today: datetime.date) -> bool:
        """Return whether the party has announced an answer to a point in discussion: a délibération
        today or later, or the next meeting."""
        if not self.version.is_proposed or self.is_returned:
            return False
        entry = self.last_answers.get(organisation.pk)
        if entry is None:
            return False
        if entry.answer == Answer.DELIBERATION and entry.body_date:
            return entry.body_date >= today
        return entry.answer == Answer.AGENDA


def _label_answer(entry: Agreement) -> str:
    """Label an answer for its light: an agreement with its day, a délibération with its instance
    and day, any other by its name."""
    if entry.answer == Answer.AGREED and not entry.is_recorded:
        return f"d’accord le {long_date(entry.created_at)}"
    if entry.answer == Answer.AGREED:
        by_silence = (
            ", sans contestation" if entry.confirmation.way == ConfirmationWay.DELAY else ""
        )
        return f"accord recueilli le {long_date(entry.received_on)}{by_silence}"
    if entry.answer == Answer.DELIBERATION:
        return f"délibération attendue ({entry.body}, {long_date(entry.body_date)})"
    return entry.get_answer_display().lower()


def required_of(convention: Convention) -> list[Organisation]:
    """Return the organisations that the convention requires to agree, in its order (art. 4, 7)."""
    return required_by_convention([convention])[convention.pk]


def asked_among(required: list[Organisation], kind: str) -> list[Organisation]:
    """Return the parties that must agree to versions of a kind, of the parties of one convention
    whose agreement is ``required``."""
    return by_kind(kind).parties(required[0].convention, required) if required else []


def asked_of(convention: Convention) -> list[Organisation]:
    """Return the parties that must agree to versions of some kind: those whose agreement the
    convention requires, then those that only some kinds ask, such as minutes their co-chairs."""
    required = required_of(convention)
    asked = dict.fromkeys(required)
    for commitment in commitments():
        asked |= dict.fromkeys(asked_among(required, commitment.kind))
    return list(asked)


def required_by_convention(conventions: Iterable[Convention]) -> dict[int, list[Organisation]]:
    """Return the organisations that each convention requires to agree, by its primary key."""
    conventions = list(conventions)
    parties = parties_among(conventions)
    return {
        convention.pk: [
            party.organisation for party in parties[convention.pk] if party.agreement_required
        ]
        for convention in conventions
    }


def discussed_in(conventions: Iterable[Convention]) -> dict[int, list[Point]]:
    """Return the proposed versions of these conventions as points, by the key of each convention,
    in two queries; a convention without any has an empty list.

    The points do not know whether a party agreed to an earlier version.
    """
    conventions = list(conventions)
    required = required_by_convention(conventions)
    return {
        pk: [_point(version, required[pk], entries) for version, entries in rows]
        for pk, rows in _proposed_in(conventions).items()
    }


@cached_each(Subject.COMMITTEE)
def _proposed_in(
    conventions: list[Convention],
) -> dict[int, list[tuple[Version, list[Agreement]]]]:
    """Return the proposed versions of these conventions, by convention, each with all entries."""
    rows: dict[int, list[tuple[Version, list[Agreement]]]] = {row.pk: [] for row in conventions}
    versions = Version.objects.proposed().filter(convention__in=rows)
    entries = _entries_on(versions.order_by().values("pk"))
    for version in versions.defer("text", "search_text").order_by("pk"):
        rows[version.convention_id].append((version, entries[version.pk]))
    return rows


def _entries_on(versions: Iterable[Version] | QuerySet) -> dict[int, list[Agreement]]:
    """Return all entries on these versions (or on those with the keys of a queryset), avis and
    undone ones too, by the key of the version, by rank."""
    entries = defaultdict(list)
    rows = Agreement.objects.filter(version__in=versions).with_confirmation()
    for entry in rows.order_by("rank"):
        entries[entry.version_id].append(entry)
    return entries


def _point(version: Version, required: list[Organisation], entries: list[Agreement]) -> Point:
    """Return a version as a point, from all ``entries`` on it, by rank; ``earlier`` is left empty.
    ``required``: the parties whose agreement the convention requires."""
    undone = {entry.undoes_id for entry in entries}
    point = Point(version, asked_among(required, version.kind))
    if by_kind(version.kind).others_may_agree:
        point.others = [party for party in required if party not in point.required]
    for entry in entries:
        party = entry.organisation_id
        point.ranks[party] = entry.rank
        if entry.pk in undone or entry.is_refused:
            continue
        if entry.answer not in Answer.party_answers():
            if entry.is_opinion:
                point.opinions.append(entry)
            continue
        if entry.is_pending:
            point.recorded[party] = entry
        else:
            point.answers.append(entry)
            point.recorded.pop(party, None)
    return point


def versions_awaiting(
    bench: Bench, party: Organisation, voices: Mapping[str, Voice], required: list[Organisation]
) -> list[Any]:
    """Return the versions that await the answer of ``party`` and that one person may answer, as
    named tuples of ``pk``, ``kind`` and ``object_id``, in one query that reads no text.

    ``voices``: those of the person for ``party``, by kind of version, empty for nobody's; then
    nothing is returned. ``required``: the parties that must agree. Twin: ``Point.awaits``, with
    ``may_answer``.
    """
    voices = {kind: voice for kind, voice in voices.items() if party in asked_among(required, kind)}
    if not voices:
        return []
    person = next(iter(voices.values())).user_id
    last = Agreement.objects.current().filter(version=OuterRef("pk"))
    put_off = Q(answer=Answer.DELIBERATION, body_date__lt=bench.day)
    answered = last.filter(organisation=party).exclude(put_off)
    elsewhere = Agreement.objects.spoken_by(person).filter(version=OuterRef("pk"))
    elsewhere = elsewhere.exclude(organisation=party)
    rows = unreturned_versions(bench.convention, required).filter(
        ~Exists(answered), ~Exists(elsewhere), kind__in=voices
    )
    return list(rows.values_list("pk", "kind", "object_id", named=True))


def unreturned_versions(convention: Convention, required: list[Organisation]) -> QuerySet[Version]:
    """Return the proposed versions of a convention that no party that must agree to them has sent
    back to their author, unordered. ``required``: the parties whose agreement the convention
    requires. Twin: ``Point.is_returned``."""
    kinds: dict[tuple[Organisation, ...], list[str]] = defaultdict(list)
    for commitment in commitments():
        kinds[tuple(asked_among(required, commitment.kind))].append(commitment.kind)
    last = Agreement.objects.current().filter(version=OuterRef("pk"))
    unreturned = Q()
    for parties, asking in kinds.items():
        returned = last.filter(answer__in=Answer.returning(), organisation__in=parties)
        unreturned |= Q(~Exists(returned), kind__in=asking)
    return Version.objects.of(convention).proposed().filter(unreturned).order_by()


def points_of(versions: Iterable[Version], required: list[Organisation]) -> list[Point]:
    """Return the versions of one convention as points, in two queries whatever their number."""
    points = points_without_earlier(versions, required)
    add_earlier_agreements(points)
    return points


def points_without_earlier(
    versions: Iterable[Version], required: list[Organisation]
) -> list[Point]:
    """Return the versions of one convention as points, in one query: enough to know whose answer is
    awaited, but not whether a party agreed to an earlier version."""
    versions = list(versions)
    entries = _entries_on(versions)
    return [_point(version, required, entries[version.pk]) for version in versions]


def add_earlier_agreements(points: list[Point]) -> None:
    """Set ``earlier`` and ``earlier_read`` of each point: the last earlier version to which each
    organisation agreed. One query."""
    by_row = _earlier_agreements([point.version for point in points if point.version.number != 1])
    for point in points:
        version = point.version
        last = {
            agreement.organisation: agreement
            for agreement in sorted(by_row[version.content_type_id, version.object_id])
            if version.number is None or agreement.number < version.number
        }
        point.earlier = {pk: agreement.number for pk, agreement in last.items()}
        point.earlier_read = {
            pk: agreement.version for pk, agreement in last.items() if agreement.is_by_people
        }


class _EarlierAgreement(NamedTuple):
    """The last answer of an organisation to a version, an agreement, by keys. ``is_by_people``:
    somebody gave or confirmed it. Twin: ``by_people``."""

    number: int
    organisation: int
    version: int
    is_by_people: bool


def _earlier_agreements(versions: list[Version]) -> dict[tuple[int, int], list[_EarlierAgreement]]:
    """Return the agreements to any numbered version, not withdrawn, of the rows of ``versions``, by
    row (content type, key); those to ``versions`` themselves too."""
    by_row = defaultdict(list)
    candidates = Version.objects.with_same_subject(versions).numbered()
    candidates = candidates.exclude(state=State.WITHDRAWN).order_by()
    agreements = Agreement.objects.current().agreeing().filter(version__in=candidates)
    for content_type, object_id, number, party, version, is_recorded, way in agreements.values_list(
        "version__content_type", "version__object_id", "version__number", "organisation",
        "version", "is_recorded", "confirmation__way",
    ):  # fmt: skip
        is_by_people = not is_recorded or way in ConfirmationWay.by_people()
        agreement = _EarlierAgreement(number, party, version, is_by_people)
        by_row[content_type, object_id].append(agreement)
    return by_row


def point_of(version: Version) -> Point:
    return points_of([version], required_of(version.convention))[0]
