"""What pages show of points, in as many queries for many as for one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.utils.text import Truncator

from agreements.answers.lights import AGAIN, AWAITED, SIGNS, Light, Point
from agreements.answers.rights import may_answer
from agreements.models import Agreement, Version
from agreements.versions.differences import compare_contents
from committee.pages import CommitteeReader
from committee.points.around import PointContext, sibling_versions
from committee.points.earlier import asked_again, request_answered, requested_earlier
from committee.points.gist import gist_of
from committee.points.noted import Noted
from committee.points.words import describe_suspension
from committee.words import capitalized, heading_of
from conventions.models import Axis, Organisation
from ctg_portal.rules import Refusal
from ctg_portal.text.differences import Changes

# A list shows so many words of a request for change.
REASON_WORDS = 20


def axis_of(version: Version) -> Axis | None:
    """Return the axis under which a version is listed; None for the convention as a whole."""
    return version.commitment.axis_of(version.subject) if version.subject else None


def content_changes(version: Version, before: Version | None) -> Changes:
    """Return every field with its difference from ``before``; for None, as it is."""
    return compare_contents(version.commitment, (before or version).content, version.content)


def other_in_force(version: Version) -> Version | None:
    """Return the other version of the same row that is in force, or None."""
    return Version.objects.with_same_subject([version]).in_force().exclude(pk=version.pk).first()


@dataclass
class Card:
    """A point as a list shows it.

    ``in_force``: another version of the same row, which is in force; ``newest``: the last of them
    that is proposed or in force. ``agreed_earlier``: the version that this party agreed to last,
    where it is asked again; ``requested``: the change it asked for since; ``asked_earlier``: the
    changes that any party asked for. ``party``: for whom the reader answers; ``is_asked``: it has
    to answer the point; ``refusal``: why the reader may not. ``last_rank`` is the rank of that
    party's last entry. ``awaits_advice``: the reader's avis is awaited. ``noted``: the answer that
    the reader has noted; ``rank``: the number among what awaits them.
    """

    point: Point
    in_force: Version | None = None
    newest: Version | None = None
    agreed_earlier: Version | None = None
    requested: Agreement | None = None
    asked_earlier: list[Agreement] = field(default_factory=list)
    comment_count: int = 0
    party: Organisation | None = None
    is_asked: bool = False
    refusal: Refusal | None = None
    last_rank: int = 0
    awaits_advice: bool = False
    rank: int | None = None
    noted: Noted | None = None

    @property
    def version(self) -> Version:
        return self.point.version

    @property
    def opinion_count(self) -> int:
        """The number of people who have given an avis."""
        return len({(entry.organisation_id, entry.user_id) for entry in self.point.opinions})

    @property
    def heading(self) -> str:
        return heading_of(self.version)

    @property
    def axis(self) -> Axis | None:
        return axis_of(self.version)

    @property
    def answered(self) -> Version | None:
        """The earlier version to which the reader's party gave its last answer, or None."""
        return self.requested.version if self.requested else self.agreed_earlier

    @property
    def before(self) -> Version | None:
        """The version from which the changes are shown to the reader, or None."""
        return self.answered or self.in_force

    @property
    def accepted(self) -> Version | None:
        """The version the party accepts, where changes are shown from one it asked to change."""
        return (self.agreed_earlier or self.in_force) if self.requested else None

    @property
    def changes(self) -> Changes:
        return content_changes(self.version, self.before)

    @property
    def invitation(self) -> str:
        """The label of the link to the point: what the reader does there."""
        if self.noted:
            return "Changer"
        if self.rank:
            return "Répondre"
        return "Lire et donner un avis" if self.awaits_advice else "Lire"

    @property
    def gist(self) -> str:
        return gist_of(self.version, self.before)

    @property
    def suspension(self) -> str:
        """The sentence that the point is suspended and why; empty if it is not."""
        reason = describe_suspension(self.point)
        return capitalized(f"{reason} : le point est suspendu.") if reason else ""

    @property
    def requests(self) -> list[str]:
        """The reasons that returned the point to its author, cut to some words: « Caf 86 : « Trop
        tard » »; without requests that have no reason."""
        acronyms = {party.pk: party.acronym for party in self.point.required}
        return [
            f"{acronyms[entry.organisation_id]} : « {Truncator(entry.reason).words(REASON_WORDS)} »"
            for entry in self.point.returning_answers
            if entry.reason
        ]

    @property
    def lights(self) -> list[Light]:
        """The light of each party; the noted answer is shown in place of its party's light."""
        note = self.noted.note if self.noted else None
        if note is None:
            return self.point.lights
        own = Light(note.organisation, SIGNS[note.answer],
                    f"{note.get_answer_display().lower()}, à confirmer")  # fmt: skip
        return [own if own.organisation == light.organisation else light
                for light in self.point.lights]  # fmt: skip

    @property
    def short_lights(self) -> list[Light]:
        """The lights for a list: without the day of an agreement and the assembly that is to vote.
        The reader's own comes last; it is left out where it only says what the card asks."""
        others = [_short(light) for light in self.lights if light.organisation != self.party]
        own = [light for light in self.lights if light.organisation == self.party]
        return others + [
            _short(light) for light in own if light.recorded or light.state not in (AWAITED, AGAIN)
        ]


def _short(light: Light) -> Light:
    """Return a light with the answer's name alone; unchanged if awaited or to be confirmed."""
    entry = light.entry
    if entry is None or light.recorded:
        return light
    return replace(light, word=entry.get_answer_display().lower())


def cards_of(
    points: Iterable[Point],
    here: CommitteeReader,
    context: PointContext | None = None,
    *,
    versions: Iterable[Version] | None = None,
) -> list[Card]:
    """Return the points as cards for the person of ``here``. ``context`` is what they were read
    with; or ``versions`` are all numbered versions of their rows, where these were read."""
    cards = [Card(point) for point in points]
    asked = asked_again(card.point for card in cards) if here.organisation else {}
    own = [card.version for card in cards]
    if context:
        versions, requested = context.siblings, context.requested
        for card in cards:
            card.comment_count = context.comments.get(card.version.pk, 0)
    else:
        versions = versions or [*own, *sibling_versions(own, asked.values())]
        requested = requested_earlier([card.point for card in cards])
    by_pk = {version.pk: version for version in versions}
    earlier = {key: by_pk[pk] for key, pk in asked.items()}
    live = _live(versions)
    for card in cards:
        version = card.version
        standing = live[_row(version)]
        card.in_force = next((v for v in standing if v.is_in_force and v != version), None)
        card.newest = standing[-1] if standing else None
        card.awaits_advice = bool(here.advising and here.advising.is_awaited_on(card.point))
        card.asked_earlier = [
            requested[version.pk, party.pk]
            for party in card.point.required
            if (version.pk, party.pk) in requested
        ]
        _for_reader(card, here, earlier, requested)
    return cards


def _for_reader(card: Card, here: CommitteeReader, earlier: dict, requested: dict) -> None:
    """Write on the card what concerns the reader's party; nothing for who answers for none."""
    point, party = card.point, here.organisation
    if party is None:
        return
    card.party = party
    card.agreed_earlier = earlier.get((point.version.pk, party.pk))
    card.requested = request_answered(party, point, requested)
    card.is_asked = point.awaits(party, here.today) or point.is_put_off_by(party, here.today)
    card.refusal = may_answer(here.bench.voice(here.user, party, card.version.kind), point)
    card.last_rank = last_rank_of(party, point)


def last_rank_of(organisation, point: Point) -> int:
    """Return the rank of the organisation's last entry on a point; 0 for none."""
    entry = point.last_answers.get(organisation.pk) if organisation else None
    return entry.rank if entry else 0


def _live(versions: Iterable[Version]) -> dict[tuple, list[Version]]:
    """Return, by row, the versions that are proposed or in force, the latest last."""
    live = defaultdict(list)
    for version in sorted((v for v in versions if v.is_live), key=lambda v: v.number or 0):
        live[_row(version)].append(version)
    return live


def _row(version: Version) -> tuple[int, int]:
    return version.content_type_id, version.object_id
