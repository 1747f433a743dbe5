"""Where each party stands on a version: the lights."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agreements.models import Agreement, Answer, Confirmed, State, Version
from agreements.seats.voices import Bench, Voice, bench_of
from conventions.models import Organisation, Party
from ctg_portal.search import fold
from ctg_portal.templatetags.french import long_date

AWAITED = "awaited"

# The lights of the component, by the party's last word.
SIGNS = {
    Answer.AGREED: "ok",
    Answer.CHANGE_REQUESTED: "change",
    Answer.RETRACTED: "change",
    Answer.CONTESTED: "change",
    Answer.DELIBERATION: "deliberation",
    Answer.AGENDA: "deliberation",
}


OPINION = "opinion"


def sign_of(entry: Agreement) -> str:
    """The sign of an entry wherever it is shown, whatever was said since; ``Agreement.word`` tells
    it in words. An avis has one of its own, for it is no agreement; an answer that was undone, or
    undoes one, is awaited again."""
    if entry.is_undone or entry.undoes_id:
        return AWAITED
    if entry.is_contested:
        return SIGNS[Answer.CONTESTED]
    return "deliberation" if entry.is_pending else SIGNS.get(entry.answer, OPINION)


@dataclass(frozen=True)
class Light:
    """A party on a version: ``state`` (ok, change, awaited, deliberation, again), in words."""

    organisation: Organisation
    state: str
    word: str
    entry: Agreement | None = None


@dataclass
class Point:
    """A version with where each party that must agree stands on it.

    ``said`` is all that parties have answered and not undone, in order; ``earlier``, by
    organisation that agreed to earlier versions, the number of the last; ``ranks`` the rank of
    each organisation's last entry, avis included; ``unheld`` the pending entries whose seats bind
    nobody today: a substitute whose member is back, a mandate that is over.
    """

    version: Version
    required: list[Organisation]
    said: list[Agreement] = field(default_factory=list)
    earlier: dict[int, int] = field(default_factory=dict)
    ranks: dict[int, int] = field(default_factory=dict)
    unheld: set[int] = field(default_factory=set)

    @property
    def entries(self) -> dict[int, Agreement]:
        """The last word of each organisation that has spoken, by its primary key."""
        return {entry.organisation_id: entry for entry in self.said}

    def next_rank(self, organisation: Organisation) -> int:
        """The rank of the next entry of an organisation."""
        return self.ranks.get(organisation.pk, 0) + 1

    @property
    def spoken(self) -> list[Agreement]:
        """By which somebody has spoken for a party: said in person or confirmed; who contests says
        that nothing was said. Twin: ``AgreementQuerySet.speaking``."""
        denials = [entry for entry in self.said if entry.answer == Answer.CONTESTED]
        denied = {entry.contests_id for entry in denials}
        return [
            entry
            for entry in self.said
            if not (entry.is_pending or entry in denials or entry.pk in denied)
        ]

    def spoken_elsewhere(self, user_id: int | None, name: str, party: int) -> Agreement | None:
        """By what a person has already spoken on this version for another party than ``party``,
        the primary key of an organisation."""
        return next(
            (
                entry
                for entry in self.spoken
                if entry.organisation_id != party and _is_spoken_by(entry, user_id, name)
            ),
            None,
        )

    def has_given_way(self, entry: Agreement) -> bool:
        """Whether it was recorded for somebody who has spoken for another party before it was
        confirmed: it counts no more. Twin: ``AgreementQuerySet.given_way``."""
        return self._overruled_by(entry) is not None

    def _overruled_by(self, entry: Agreement) -> Agreement | None:
        if not entry.is_pending or entry.user_id is None:
            return None
        return self.spoken_elsewhere(entry.user_id, entry.person_name, entry.organisation_id)

    def awaits_beside(self, entry: Agreement) -> bool:
        """Whether the party is asked although something was recorded in its name: it has given way,
        or the seat for whose holder it was recorded does not bind the party today."""
        return self.has_given_way(entry) or self._is_unheld(entry)

    def _is_unheld(self, entry: Agreement) -> bool:
        return entry.is_pending and entry.pk in self.unheld

    @property
    def lights(self) -> list[Light]:
        return [self._light(organisation) for organisation in self.required]

    def _light(self, organisation: Organisation) -> Light:
        entry = self.entries.get(organisation.pk)
        if entry is None:
            if organisation.pk in self.earlier:
                return Light(organisation, "again", "à revalider")
            return Light(organisation, AWAITED, "attendu")
        if other := self._overruled_by(entry):
            return Light(organisation, AWAITED, _without_effect(entry, other), entry)
        if self._is_unheld(entry):
            return Light(organisation, AWAITED, f"attendu ; {_word(entry)}", entry)
        sign = "deliberation" if entry.is_pending else SIGNS[entry.answer]
        return Light(organisation, sign, _word(entry), entry)

    @property
    def is_agreed(self) -> bool:
        """Whether every party that must agree has."""
        return bool(self.required) and all(map(self.is_agreed_by, self.required))

    def is_agreed_by(self, organisation: Organisation) -> bool:
        """Whether a party's last word is an agreement that counts."""
        entry = self.entries.get(organisation.pk)
        return entry is not None and entry.answer == Answer.AGREED and not entry.is_pending

    @property
    def is_returned(self) -> bool:
        """Whether a party wants something else: the point is with its author again. What is
        recorded for a member returns nothing before it is confirmed."""
        return bool(self.requests)

    @property
    def requests(self) -> list[Agreement]:
        """By which it is with its author again."""
        return [
            entry
            for entry in self._standing_entries()
            if entry.answer in Answer.returning() and not entry.is_pending
        ]

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
        """Whether every party that must agree has said something: not by what waits to be
        confirmed, nor by denying it."""
        return all(self._is_answered_by(organisation.pk) for organisation in self.required)

    def _is_answered_by(self, organisation: int) -> bool:
        entry = self.entries.get(organisation)
        return entry is not None and not entry.is_pending and entry.answer != Answer.CONTESTED

    def _standing_entries(self) -> Iterable[Agreement]:
        needed = {organisation.pk for organisation in self.required}
        return (entry for pk, entry in self.entries.items() if pk in needed)

    def awaits(self, organisation: Organisation, today) -> bool:
        """Whether it is this party's turn: proposed, not returned, and no answer that stands.

        A délibération awaited is asked for again once its day has passed; so is the party of whom
        what was recorded has given way, or was so for who does not bind it today.
        """
        if not self.version.is_proposed or self.is_returned or organisation not in self.required:
            return False
        entry = self.entries.get(organisation.pk)
        if entry is None or self.awaits_beside(entry):
            return True
        return entry.answer == Answer.DELIBERATION and entry.body_date < today

    def is_put_off_by(self, organisation: Organisation, today) -> bool:
        """Whether the party has announced its answer: a délibération, or the next meeting."""
        entry = self._discussed_by(organisation)
        if entry is None or entry.is_pending:
            return False
        if entry.answer == Answer.DELIBERATION:
            return entry.body_date >= today
        return entry.answer == Answer.AGENDA

    def is_to_confirm_by(self, organisation: Organisation) -> bool:
        """Whether what was recorded for a member of the party waits to be confirmed: nobody has
        said it yet."""
        entry = self._discussed_by(organisation)
        return entry is not None and entry.is_pending and not self.awaits_beside(entry)

    def _discussed_by(self, organisation: Organisation) -> Agreement | None:
        """The party's last word, while the point is with the parties."""
        if not self.version.is_proposed or self.is_returned:
            return None
        return self.entries.get(organisation.pk)


def _is_spoken_by(entry: Agreement, user_id: int | None, name: str) -> bool:
    """Whether an entry that counts came through a person, who said or confirmed it. Who has an
    account is known by it: a name alone silences nobody who answers in person. Who has none is
    known by name."""
    if user_id:
        by = entry.confirmation.by_id if entry.is_recorded else None
        return user_id in (entry.user_id, by)
    return fold(entry.person_name) == fold(name)


def _without_effect(entry: Agreement, other: Agreement) -> str:
    what = "demande recueillie" if entry.is_request else "accord recueilli"
    return (
        f"attendu ; {what} le {long_date(entry.received_on)} sans effet : {entry.person_name} a "
        f"répondu pour {other.organisation.the}"
    )


def _word(entry: Agreement) -> str:
    if entry.is_pending and entry.answer == Answer.CHANGE_REQUESTED:
        day = long_date(entry.received_on)
        return f"demande de modification recueillie le {day}, à confirmer"
    if entry.is_pending:
        return f"accord recueilli le {long_date(entry.received_on)}, à confirmer"
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
    parties = Party.objects.of(convention).agreement_required().select_related("organisation")
    required = [party.organisation for party in parties]
    for organisation in required:
        organisation.convention = convention
    return required


def required_in(conventions: Iterable[int]) -> dict[int, list[Organisation]]:
    """The same for several conventions, by their primary key."""
    required = {pk: [] for pk in conventions}
    parties = Party.objects.agreement_required().filter(organisation__convention__in=required)
    for party in parties.select_related("organisation"):
        required[party.organisation.convention_id].append(party.organisation)
    return required


def discussed_in(
    required: dict[int, list[Organisation]], benches: Mapping[int, Bench]
) -> dict[int, list[Point]]:
    """What is proposed in these conventions, by their primary key, in two queries.

    Enough to tell whose turn it is; not whether a party agreed to an earlier version.
    """
    said, points = defaultdict(list), {pk: [] for pk in required}
    versions = Version.objects.proposed().filter(convention__in=required)
    entries = Agreement.objects.by_parties().filter(version__in=versions.order_by().values("pk"))
    for entry in entries.with_confirmation().order_by("rank"):
        said[entry.version_id].append(entry)
    for version in versions.defer("text", "search_text").order_by("pk"):
        pk, entries = version.convention_id, said[version.pk]
        unheld = _unheld(entries, benches[pk])
        points[pk].append(Point(version, required[pk], entries, unheld=unheld))
    return points


def _unheld(entries: Iterable[Agreement], bench: Bench) -> set[int]:
    """The primary keys of what was recorded for people whose seats bind nobody today."""
    pending = [entry for entry in entries if entry.is_pending]
    return {entry.pk for entry in pending if not bench.commits(bench.by_pk[entry.seat_id])}


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
    given_way = last.given_way().filter(organisation=party)
    held = [seat.pk for seat in bench.speakers(party.pk)]
    unheld = last.pending().filter(organisation=party).exclude(seat__in=held)
    elsewhere = Agreement.objects.spoken_by(person).filter(version=OuterRef("pk"))
    elsewhere = elsewhere.exclude(organisation=party)
    rows = unreturned_of(bench.convention, required).filter(
        ~Exists(answered) | Exists(given_way) | Exists(unheld),
        ~Exists(elsewhere),
        kind__in=voices,
    )
    return list(rows.values_list("pk", "kind", "object_id", named=True))


def unreturned_of(convention, required):
    """What is proposed and not with its author again, in no order. Twin: ``Point.is_returned``."""
    last = Agreement.objects.current().filter(version=OuterRef("pk"))
    returned = last.binding().filter(answer__in=Answer.returning(), organisation__in=required)
    return Version.objects.of(convention).proposed().filter(~Exists(returned)).order_by()


def points_of(versions: Iterable[Version], required: list[Organisation]) -> list[Point]:
    """The versions of one convention as points, in two more queries whatever their number; who
    sits in it is read where something waits to be confirmed, once a page."""
    versions = list(versions)
    said: dict[int, list[Agreement]] = defaultdict(list)
    ranks: dict[int, dict[int, int]] = defaultdict(dict)
    entries = Agreement.objects.filter(version__in=versions)
    entries = list(entries.with_confirmation().order_by("rank"))
    undone = {entry.undoes_id for entry in entries}
    for entry in entries:
        ranks[entry.version_id][entry.organisation_id] = entry.rank
        if entry.answer in Answer.of_party() and entry.pk not in undone:
            said[entry.version_id].append(entry)
    earlier, unheld = _agreed_earlier(versions), set()
    if required and any(entry.is_pending for entry in entries):
        unheld = _unheld(entries, bench_of(required[0].convention, timezone.localdate()))
    return [
        Point(
            version,
            required,
            said[version.pk],
            {
                pk: number
                for number, pk in sorted(earlier[version.content_type_id, version.object_id])
                if version.number is None or number < version.number
            },
            ranks[version.pk],
            unheld,
        )
        for version in versions
    ]


def _agreed_earlier(versions: list[Version]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """By row: (number of a version, organisation that agreed to it) pairs."""
    pairs = defaultdict(list)
    beside = Version.objects.beside(versions).numbered().exclude(state=State.WITHDRAWN)
    found = Agreement.objects.current().agreeing().binding().filter(version__in=beside.order_by())
    for content_type, object_id, number, organisation in found.values_list(
        "version__content_type", "version__object_id", "version__number", "organisation"
    ):
        pairs[content_type, object_id].append((number, organisation))
    return pairs


def point_of(version: Version) -> Point:
    return points_of([version], required_of(version.convention))[0]
