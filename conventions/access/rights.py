"""Who may do what with a convention's access. ``None`` as the asker is the system.

One question, one answer, for event, view and template alike.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import Invitation
from accounts.rights import may_accept_invitation, may_write_again, may_write_more
from conventions.access.viewer import (
    accesses_among,
    accesses_of,
    all_accesses,
    kept_for_page,
    once_a_page,
)
from conventions.models import (
    AccessState,
    AccessVerb,
    Convention,
    Membership,
    MembershipOffer,
    MembershipTransition,
    Organisation,
    Party,
    Role,
)
from ctg_portal.house import house
from ctg_portal.rules import Refusal
from ctg_portal.templatetags.french import long_date

COORDINATION_ONLY = Refusal("Seule la coordination de la convention peut le faire.")
ENDED = Refusal("Cet accès est déjà terminé.")
KEEPS_A_COORDINATOR = Refusal(
    "Une convention garde au moins une personne à la coordination : transmettez d’abord ce rôle."
)


def coordinates(user, convention: Convention) -> bool:
    """Whether ``user`` coordinates the convention today."""
    return convention.pk in coordinated_by(user, [convention])


def coordinated_by(user, conventions: list[Convention]) -> set[int]:
    """Which of these conventions ``user`` coordinates today, by primary key; in one query."""
    held = accesses_among(user, conventions)
    return {pk for pk in held if any(access.role == Role.COORDINATOR for access in held[pk])}


def coordinating(by) -> dict:
    """Who acts as the coordinator, and in which capacity, as the logs keep it."""
    return {"by": by, "capacity": "coordination" if by else ""}


def capacity_for(by, organisation: Organisation) -> str:
    """In whose name somebody acts on an access for an organisation, as the log keeps it."""
    if by is None:
        return ""
    own = [access.organisation for access in accesses_of(by, organisation.convention)]
    if organisation in own:
        return f"pour {organisation.the}"
    if coordinates(by, organisation.convention):
        return "coordination"
    return f"pour {own[0].the}" if own else ""


def may_manage_access(asker, convention: Convention) -> Refusal | None:
    """See who has access, invite, end an access, renew or revoke an invitation."""
    if asker is None or coordinates(asker, convention):
        return None
    return COORDINATION_ONLY


def _may_touch(asker, membership: Membership) -> Refusal | None:
    """One's own access while it lasts, or any of the convention for the coordinator."""
    if not membership.is_active:
        return ENDED
    if asker is None or asker == membership.user:
        return None
    return may_manage_access(asker, membership.convention)


def may_end_membership(asker, membership: Membership) -> Refusal | None:
    """One leaves, or the coordinator ends an access; a convention keeps a coordinator."""
    refusal = _may_touch(asker, membership)
    if refusal:
        return refusal
    return KEEPS_A_COORDINATOR if is_last_coordinator(membership) else None


def may_hand_over(asker, membership: Membership) -> Refusal | None:
    """One's own access, or any for the coordinator, once it counts; to one person at a time."""
    refusal = _may_touch(asker, membership) or counts_not(membership)
    if refusal:
        return refusal
    pending = membership.successors.pending().select_related("invitation").first()
    if pending is None:
        return None
    invitation = pending.invitation
    day = timezone.localtime(invitation.expires_at)
    validity = "expirée depuis le" if invitation.has_expired else "valable jusqu’au"
    return Refusal(
        f"Une transmission est déjà proposée à {invitation.email}, {validity} {long_date(day)} : "
        "annulez-la d’abord."
    )


def counts_not(membership: Membership) -> Refusal | None:
    """Why an access is not passed on: it opens nothing to its holder, who vouches for nobody."""
    if membership.is_effective:
        return None
    if membership.is_suspended:
        return Refusal(
            "Cet accès est suspendu par une opposition : il se transmet une fois confirmé."
        )
    return Refusal("Cet accès attend d’être confirmé : il se transmet ensuite.")


def may_accept(asker, invitation: Invitation) -> Refusal | None:
    """The addressee, while what the invitation passes on still exists, and counts."""
    if hands_over_nothing(invitation):
        return Refusal("Cette invitation ne vaut plus : l’accès qu’elle transmettait a pris fin.")
    if refusal := may_accept_invitation(asker, invitation):
        return refusal
    if refusal := was_offered_meanwhile(asker, invitation):
        return refusal
    offers = list(invitation.offers.select_related("organisation", "replaces"))
    if any(offer.replaces and counts_not(offer.replaces) for offer in offers):
        return Refusal(
            "L’accès que cette invitation transmet ne compte pas aujourd’hui : une opposition l’a "
            "suspendu, ou il attend d’être confirmé. Acceptez-la une fois qu’il est confirmé."
        )
    return may_hold(asker.email, [(offer.organisation, offer.role) for offer in offers])


def may_offer_again(
    asker, email: str, organisation: Organisation, roles, replaces: Membership | None = None
) -> Refusal | None:
    """Write to an address of an access, or of one that passes on: not again and again of the same,
    nor of many at once, whoever did. What was accepted was welcome."""
    offers = MembershipOffer.objects.filter(
        organisation=organisation, replaces=replaces, invitation__email=email.lower()
    )
    offers = offers.filter(invitation__accepted_at__isnull=True).select_related("invitation")
    sent = {offer.role: offer.invitation for offer in offers.order_by("invitation__expires_at")}
    told = [may_write_again(asker, sent[role]) if role in sent else None for role in roles]
    return told[0] if all(told) else may_write_to(asker, email, organisation.convention)


def may_write_to(asker, email: str, convention: Convention) -> Refusal | None:
    """Send an address an invitation to the convention: few at once, whatever they offer, and
    whoever sends them."""
    offered = MembershipOffer.objects.of(convention).values("invitation")
    return may_write_more(asker, Invitation.objects.filter(email=email.lower(), pk__in=offered))


def hands_over_nothing(invitation: Invitation) -> bool:
    """Whether the access has ended that this invitation, unanswered, would have passed on."""
    return not invitation.accepted_at and invitation.offers.in_vain().exists()


def may_revoke_offer(asker, offer: MembershipOffer) -> Refusal | None:
    """Withdraw or send again: the coordinator, or whoever hands their own access over."""
    if offer.replaces and offer.replaces.user == asker:
        return None
    return may_manage_access(asker, offer.organisation.convention)


def is_last_coordinator(membership: Membership) -> bool:
    """Whether nobody would coordinate the convention without this access."""
    if membership.role != Role.COORDINATOR or not membership.is_effective:
        return False
    coordinators = Membership.objects.effective().of(membership.convention).coordinators()
    return not coordinators.exclude(pk=membership.pk).exists()


def keeps_last_coordinator(user) -> Refusal | None:
    """An account that alone coordinates a convention is not erased before it hands over."""
    for membership in (
        user.memberships.effective().coordinators().select_related("organisation__convention")
    ):
        others = Membership.objects.effective().of(membership.convention).coordinators()
        if not others.exclude(user=user).exists():
            return Refusal(
                f"Personne d’autre que vous ne coordonne « {membership.convention.territory} » : "
                "transmettez d’abord ce rôle."
            )
    return None


# Whose eyes and voice an access gives ------------------------------------------------------------


def vouched_by(user, convention: Convention) -> set[int]:
    """For which organisations, by primary key, somebody's word counts (``whose_word``)."""
    held = accesses_of(user, convention)
    if held and not any(access.is_coordination for access in held):
        held = [one for one in all_accesses([convention]) if one.user_id == user.pk]
    return whose_word(held)


def whose_word(accesses: Iterable[Membership]) -> set[int]:
    """For which organisations the word counts of a person who has, and had, these accesses in one
    convention: those where they have access; for who coordinates, their own alone, which they
    coordinate for. A reading access elsewhere would otherwise open to an address of theirs what
    they may not read themselves.

    Nor does an access given while they coordinated for another one, once they have laid down: they
    may be back tomorrow. Given anew, it counts.
    """
    accesses = list(accesses)
    acting = [access for access in accesses if access.is_effective]
    if coordinated := {one.organisation_id for one in acting if one.is_coordination}:
        return coordinated
    return {one.organisation_id for one in acting if not was_given_meanwhile(one, accesses)}


def was_given_meanwhile(access: Membership, accesses: Iterable[Membership]) -> bool:
    """Whether an access was given while its holder, who has, and had, these ``accesses`` in the
    convention, coordinated for another organisation: it lets them read, and speaks for nothing.
    Who lays down and coordinates again has coordinated all the while. Twin:
    ``MembershipQuerySet.vouching``."""
    elsewhere = [
        other
        for other in accesses
        if other.is_coordination
        and other.state != AccessState.PENDING
        and other.organisation_id != access.organisation_id
    ]
    return (
        not access.is_coordination
        and any(other.granted_at <= access.granted_at for other in elsewhere)
        and any(other.ended_at is None or other.ended_at > access.granted_at for other in elsewhere)
    )


def was_offered_meanwhile(asker, invitation: Invitation) -> Refusal | None:
    """Why somebody who has laid down does not take what they were offered while they coordinated
    for another organisation: it was to let the coordinator read."""
    for offer in invitation.offers.select_related("organisation__convention"):
        convention = offer.organisation.convention
        coordinated = Membership.objects.of(convention).coordinators().filter(user=asker)
        coordinated = coordinated.exclude(organisation=offer.organisation)
        if not coordinated.active().exists() and coordinated.held_at(invitation.created_at):
            return Refusal(
                "Cette invitation vous a été envoyée quand vous coordonniez la convention pour un "
                f"autre organisme que {offer.organisation.the} : demandez-en une nouvelle à une "
                "personne de cet organisme."
            )
    return None


@once_a_page
def acts_for(user, convention: Convention) -> set[int]:
    """For which organisations somebody's word lets others enter figures or speak: where it counts,
    and they do so themselves. Nobody gives what they do not hold: who only reads vouches for who
    only reads."""
    vouched = vouched_by(user, convention)
    entering = {one.organisation_id for one in accesses_of(user, convention) if one.is_entering}
    if vouched <= entering:
        return vouched
    speakers = _speakers_in([convention])
    return {pk for pk in vouched if pk in entering or (pk, user.pk) in speakers}


@kept_for_page
def _speakers_in(conventions: Iterable[Convention]) -> dict[tuple[int, int], datetime.datetime]:
    """Who speaks for an organisation, as other rooms tell: (organisation, person) pairs, with the
    moment since when they have."""
    pks = [convention.pk for convention in conventions]
    return {pair: since for told in house().speakers for pair, since in told(pks).items()}


def there_since(user, convention: Convention, *, acting: bool) -> dict[int, datetime.datetime]:
    """Since when somebody's word counts for organisations, by primary key; ``acting``: since when
    they act there, by the access or from the seat with which they do, not by an older one that
    lets them read."""
    found: dict[int, datetime.datetime] = {}
    counted = acts_for(user, convention) if acting else vouched_by(user, convention)
    told = [
        (access.organisation_id, access.since)
        for access in all_accesses([convention])
        if access.user_id == user.pk and access.is_effective and (access.is_entering or not acting)
    ]
    if acting:
        speakers = _speakers_in([convention]).items()
        told += [(pk, since) for (pk, person), since in speakers if person == user.pk]
    for pk, since in told:
        if pk in counted:
            found[pk] = min(since, found.get(pk, since))
    return found


def counts_at_once(offer: MembershipOffer) -> bool:
    """Whether an access offered needs nobody else's word once accepted: whoever hosts the portal
    offers it, or somebody whose word counts for that organisation already, or it is accepted at
    the organisation's own address. Where somebody has objected to who receives it, only who might
    confirm what was objected to.
    """
    giver, organisation = offer.invitation.invited_by, offer.organisation
    if giver is None:
        return True
    words = acts_for if offer.role in Role.entering() else vouched_by
    is_theirs = organisation.pk in words(giver, organisation.convention)
    if objected_to := objections_to(offer.invitation.email, organisation):
        answering = confirmers_of(objected_to).values()
        return is_theirs and all(giver.pk in confirmers.people for confirmers in answering)
    return is_theirs or bool(
        organisation.email and organisation.email.lower() == offer.invitation.email
    )


def objections_to(email: str, organisation: Organisation) -> list[Membership]:
    """The accesses of somebody for the organisation that were objected to, in each role the last,
    though it may have ended since: giving it again does not answer the objection."""
    held = Membership.objects.filter(user__email=email.lower(), organisation=organisation)
    held = held.select_related("organisation__convention")
    last = {access.role: access for access in held.order_by("granted_at", "pk")}
    return [access for access in last.values() if access.state == AccessState.SUSPENDED]


def may_hold(email: str, offered: Iterable[tuple[Organisation, str]]) -> Refusal | None:
    """Who coordinates for one organisation enters no figures of another that has a secrecy rule,
    whatever comes first, this access or that one."""
    offered = list(offered)
    convention = offered[0][0].convention_id if offered else None
    rows = Membership.objects.active().filter(
        user__email=email.lower(), organisation__convention=convention
    )
    rows = rows.select_related("organisation")
    held = [*offered, *((row.organisation, row.role) for row in rows)]
    coordinated = {organisation for organisation, role in held if role == Role.COORDINATOR}
    for organisation, role in held:
        if role in Role.entering() and organisation.has_secrecy and coordinated - {organisation}:
            return Refusal(
                f"Qui coordonne la convention pour un autre organisme ne saisit pas les données "
                f"{organisation.of_the} : elles relèvent du secret statistique, son personnel "
                "seul les lit."
            )
    return None


class Confirmers(NamedTuple):
    """Who may confirm an access, by primary key. ``are_colleagues``: they have access for the same
    organisation; otherwise nobody has had, and they have it for another party. Without anybody,
    whoever hosts the portal confirms. ``acting``: they enter its figures or speak for it;
    ``before``: they did when somebody objected."""

    people: frozenset[int]
    are_colleagues: bool
    acting: bool = False
    before: bool = False
    # The one person whose word it is, by name.
    only: str = ""

    def named(self, organisation: Organisation) -> str:
        """« une personne de la Caf de la Vienne qui a déjà accès »."""
        if self.only:
            return self.only
        which = "qui y saisit ou y siège" if self.acting else "qui a déjà accès"
        if self.are_colleagues:
            when = ", et le faisait avant l’opposition" if self.before else ""
            return f"une personne {organisation.of_the} {which}{when}"
        if self.people:
            return "une personne d’une autre partie"
        return (
            "l’hébergeur du portail ou une personne invitée à l’adresse officielle "
            f"{organisation.of_the}"
        )


class Given(NamedTuple):
    """By what somebody is to be an organisation's eyes or voice: an access, a seat, a delegation.
    People by primary key; no holder: somebody without account, no giver: who hosts the portal.
    ``acts``: it lets its holder enter figures or speak, and more than read. ``objected_at``: when
    somebody objected to it; who came later does not answer them."""

    organisation: Organisation
    holder: int | None
    giver: int | None
    acts: bool
    objected_at: datetime.datetime | None = None


def confirmers_of(memberships: Iterable[Membership]) -> dict[int, Confirmers]:
    """Who may confirm each of these accesses, by its primary key; in one query."""
    memberships = list(memberships)
    objected_at = _objections([m for m in memberships if m.state == AccessState.SUSPENDED])
    given = [
        Given(m.organisation, m.user_id, m.given_by_id, m.is_entering, objected_at.get(m.pk))
        for m in memberships
    ]
    found = confirmers_among(given)
    return {membership.pk: one for membership, one in zip(memberships, found, strict=True)}


def _objections(suspended: list[Membership]) -> dict[int, datetime.datetime]:
    """When somebody objected to the holder of each of these suspended accesses, by its primary key:
    to that access, or to an earlier one whose objection it has taken over."""
    if not suspended:
        return {}
    acts = MembershipTransition.objects.filter(
        verb=AccessVerb.SUSPENDED, reason="", membership__user__in={m.user_id for m in suspended},
        membership__organisation__in={m.organisation_id for m in suspended},
    )  # fmt: skip
    rows = acts.order_by("created_at").values_list(
        "membership__user", "membership__organisation", "created_at"
    )
    last = {(user, organisation): moment for user, organisation, moment in rows}
    found = {m.pk: last.get((m.user_id, m.organisation_id)) for m in suspended}
    return {pk: moment for pk, moment in found.items() if moment}


def confirmers_among(given: list[Given]) -> list[Confirmers]:
    """Who may confirm each of these, in their order; in one query.

    Never who holds it or gave it; what lets somebody act, who acts in person (``acts_for``); what
    was objected to, who was there then. Who coordinates confirms for her own organisation alone.
    Where nobody but the holder has ever had access for the organisation, somebody of another party,
    with which nobody in the chain of givers has, or had, to do; where others have been, who have
    left, were suspended or only read, nobody on the portal: it would be enough to send away those
    who act to speak in their place. Nor where the organisation has an official address, which
    answers for itself.
    """
    if not given:
        return []
    conventions = {one.organisation.convention_id: one.organisation.convention for one in given}
    is_of_acting = any(one.acts for one in given)
    speakers = _speakers_in(conventions.values()) if is_of_acting else {}
    places = {pk: _Place(speakers) for pk in conventions}
    was_confirmed = MembershipTransition.objects.filter(
        membership=OuterRef("pk"), from_state=AccessState.CONFIRMED
    )
    rows = Membership.objects.filter(organisation__convention__in=places).with_since()
    for access in rows.annotate(
        convention_pk=F("organisation__convention"),
        is_of_party=Exists(Party.objects.filter(organisation=OuterRef("organisation"))),
        was_confirmed=Exists(was_confirmed),
    ):
        places[access.convention_pk].add(access)
    return [places[one.organisation.convention_id].confirmers_of(one) for one in given]


class _Place:
    """Who has, or had, access to a convention, for which organisation, given by whom."""

    def __init__(self, speakers: dict[tuple[int, int], datetime.datetime]):
        self.speakers, self.entering = speakers, defaultdict(set)
        self.since: dict[tuple, datetime.datetime] = {}
        self.held, self.coordinated = defaultdict(set), defaultdict(set)
        self.accesses = defaultdict(list)
        self.known, self.givers = defaultdict(set), defaultdict(set)
        self.parties, self.came = set(), defaultdict(set)

    def add(self, access: Membership) -> None:
        organisation, user = access.organisation_id, access.user_id
        self.accesses[user].append(access)
        self.known[user].add(organisation)
        self.givers[user].add(access.given_by_id)
        if access.is_of_party:
            self.parties.add(organisation)
        if access.is_effective:
            self.held[user].add(organisation)
            if access.is_coordination:
                self.coordinated[user].add(organisation)
            self._note(organisation, user, access.since, acts=False)
            if access.is_entering:
                self.entering[user].add(organisation)
                self._note(organisation, user, access.since, acts=True)
        if access.state == AccessState.CONFIRMED or access.was_confirmed:
            self.came[organisation].add(user)

    @cached_property
    def words(self) -> dict[int, set[int]]:
        """For which organisations the word of each person counts."""
        return {user: whose_word(accesses) for user, accesses in self.accesses.items()}

    def _note(self, organisation: int, user: int, since, *, acts: bool) -> None:
        where = organisation, user, acts
        self.since[where] = min(since, self.since.get(where, since))

    def was_there(self, organisation: int, user: int, moment, *, acts: bool) -> bool:
        """Whether somebody's word counted, or they acted, at a moment already."""
        held = [self.since.get((organisation, user, acts))]
        if acts:
            held.append(self.speakers.get((organisation, user)))
        return any(since <= moment for since in held if since)

    def vouching(self, organisation: int, *, acts: bool) -> set[int]:
        """Whose word counts for an organisation: for what lets somebody act, who acts for it."""
        people = {user for user, own in self.words.items() if organisation in own}
        if not acts:
            return people
        speaking = {user for own, user in self.speakers if own == organisation}
        return {user for user in people if user in speaking or organisation in self.entering[user]}

    def chain_of(self, given: Given) -> set[int]:
        """Who holds it, gave it, gave who gave it theirs, and so on, in any state."""
        chain, found = set(), {given.holder, given.giver} - {None}
        while found:
            chain |= found
            found = {giver for user in found for giver in self.givers[user]} - chain
        return chain

    def confirmers_of(self, given: Given) -> Confirmers:
        organisation, holder = given.organisation.pk, given.holder
        colleagues = self.vouching(organisation, acts=given.acts) - {holder, given.giver}
        if colleagues and given.objected_at:
            there = {"moment": given.objected_at, "acts": given.acts}
            before = {one for one in colleagues if self.was_there(organisation, one, **there)}
            return Confirmers(
                frozenset(before), are_colleagues=bool(before), acting=given.acts, before=True
            )
        if colleagues:
            return Confirmers(frozenset(colleagues), are_colleagues=True, acting=given.acts)
        if self.came[organisation] - {holder} or given.organisation.email:
            return Confirmers(frozenset(), are_colleagues=False)
        chain = self.chain_of(given)
        theirs = {organisation}.union(*(self.known[user] for user in chain))
        parties = self.parties - theirs
        others = {user for party in parties for user in self.vouching(party, acts=given.acts)}
        others = {user for user in others - chain if not self.coordinated[user]}
        return Confirmers(frozenset(others), are_colleagues=False)


def may_confirm(
    asker, membership: Membership, confirmers: Confirmers | None = None
) -> Refusal | None:
    """Vouch for an access that awaits it, or that somebody objected to."""
    if not membership.is_active:
        return ENDED
    if membership.is_effective:
        return Refusal("Cet accès est déjà confirmé.")
    confirmers = confirmers or confirmers_of([membership])[membership.pk]
    if asker is None or asker.pk in confirmers.people:
        return None
    if asker.pk in (membership.user_id, membership.given_by_id):
        return Refusal("Une autre personne que celle qui a donné ou reçu cet accès le confirme.")
    return Refusal(f"Cet accès est confirmé par {confirmers.named(membership.organisation)}.")


def may_object(
    asker, membership: Membership, confirmers: Confirmers | None = None
) -> Refusal | None:
    """Suspend an access that somebody was given: who had access for the organisation before, and
    acts for it where the access lets its holder act; while it awaits a word, all who have access
    there, and who may confirm it; the coordinator."""
    if not membership.is_active:
        return ENDED
    if membership.is_suspended:
        return Refusal("Cet accès est déjà suspendu.")
    if asker is not None:
        if asker.pk == membership.user_id:
            return Refusal("Cet accès est le vôtre : vous pouvez le quitter.")
        if not _is_concerned(asker, membership, confirmers):
            return Refusal(
                f"Seules les personnes {membership.organisation.of_the} qui ont accès et la "
                "coordination peuvent s’opposer à cet accès."
            )
        if not coordinates(asker, membership.convention) and not membership.is_pending:
            refusal = _came_later(asker, membership)
            if refusal:
                return refusal
    return KEEPS_A_COORDINATOR if is_last_coordinator(membership) else None


def _came_later(asker, membership: Membership) -> Refusal | None:
    """Why it is not the asker's to object: who came after somebody, or only reads, would send away
    those who let them in. What dates it is what one acts with: who has read for years and enters
    since today came today."""
    organisation, convention = membership.organisation, membership.convention
    acts = membership.is_entering or (organisation.pk, membership.user_id) in _speakers_in(
        [convention]
    )
    if acts and organisation.pk not in acts_for(asker, convention):
        return Refusal(
            f"Une personne {organisation.of_the} qui saisit ou siège peut s’opposer à cet accès ; "
            "le vôtre permet de lire."
        )
    since = there_since(asker, convention, acting=acts).get(organisation.pk)
    if since is None or since > membership.granted_at:
        does = "agissait" if acts else "avait accès"
        return Refusal(
            f"{membership.user} {does} au titre {organisation.of_the} avant vous : demandez à "
            "la coordination de mettre fin à cet accès s’il n’a plus lieu d’être."
        )
    return None


def may_see_access(asker, membership: Membership) -> Refusal | None:
    """See who gave an access and what was said of it: the holder, and who may object."""
    if asker is None or asker.pk == membership.user_id or _is_concerned(asker, membership, None):
        return None
    return COORDINATION_ONLY


def _is_concerned(asker, membership: Membership, confirmers: Confirmers | None) -> bool:
    own = accesses_of(asker, membership.convention)
    if any(
        access.role == Role.COORDINATOR or access.organisation_id == membership.organisation_id
        for access in own
    ):
        return True
    confirmers = confirmers or confirmers_of([membership])[membership.pk]
    return not membership.is_effective and asker.pk in confirmers.people
