"""What pages show of accesses: what may be done about each, which await confirmation, and whom the
portal cannot reach."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import prefetch_related_objects

from accounts.models import User
from conventions.access.models import Membership, MembershipOffer
from conventions.access.rights import (
    appointments_in,
    label_confirmers,
    may_confirm,
    may_end_membership,
    may_suspend,
)
from conventions.access.viewer import accesses_of, active_accesses_of, all_accesses
from conventions.legal.convention import Convention
from conventions.parties.models import Organisation
from ctg_portal.templatetags.french import long_date, plural, que
from notifications.reading import undelivered

FEW = 15  # accesses that are shown without a fold to open


@dataclass(frozen=True)
class AccessLine:
    """An access in a list, with what the reader may do about it."""

    membership: Membership
    can_confirm: bool = False
    can_suspend: bool = False
    can_end: bool = False
    # The address to which its invitation went, where it is known.
    invited_address: str = ""
    # The names of the organisation's référents, for the holder to know whom to ask.
    referents: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The person's address, with that to which the invitation went where it was another."""
        email = self.membership.user.email
        if not self.invited_address or self.invited_address == email:
            return email
        return f"{email}, invitation envoyée à {self.invited_address}"

    @property
    def by_whom(self) -> str:
        """The words for who confirms it: « un référent des accès de la Caf de la Vienne »."""
        return label_confirmers(self.membership.organisation)

    @property
    def note(self) -> str:
        """The reason why it does not count in full (pending, suspended, or a coordination that the
        host is to confirm), in words; empty where it does."""
        access = self.membership
        if access.is_pending:
            return f"à confirmer par {self.by_whom}"
        if access.is_suspended:
            day = f" depuis le {long_date(access.suspended_at)}" if access.suspended_at else ""
            return f"suspendu{day}, jusqu’à ce {que(self.by_whom)} le confirme"
        if access.awaits_host:
            return "coordonne, sans saisir ni répondre, jusqu’à ce que l’hébergeur le confirme"
        return ""

    @property
    def why(self) -> str:
        """The words for who confirmed it and when: « confirmé par Anne Roy le 3 mai 2026 »; empty
        where it is pending or suspended."""
        access = self.membership
        if access.is_taken_over:
            return "repris d’une version précédente du portail, confirmé par personne de connu"
        if not access.is_effective:
            return ""
        by = access.confirmed_by or "l’hébergeur du portail"
        return f"confirmé par {by} le {long_date(access.confirmed_at)}"

    @property
    def holder_sentence(self) -> str:
        """The sentence to its holder: it does not count in full yet, and who confirms it."""
        access = self.membership
        called = f"Votre accès « {access.get_role_display()} » pour {access.organisation.the}"
        by_whom = self.by_whom
        if self.referents:
            by_whom += f" ({', '.join(self.referents)})"
        meanwhile = "D’ici là, vous lisez la convention, sans saisir ni répondre."
        if access.is_suspended:
            return f"{called} est suspendu, jusqu’à ce {que(by_whom)} le confirme. {meanwhile}"
        if access.awaits_host:
            return f"{called} {self.note}."
        return f"{called} est proposé, à confirmer par {by_whom}. {meanwhile}"


def lines_for(user: User, memberships: Iterable[Membership]) -> list[AccessLine]:
    """Return these accesses as lines, in their order, with what ``user`` may do about each."""
    memberships = list(memberships)
    addresses = invitation_addresses([access for access in memberships if not access.is_effective])
    lines = []
    for access in memberships:
        appointments = appointments_in(access.user, access.organisation)
        lines.append(
            AccessLine(
                access,
                can_confirm=may_confirm(user, access) is None,
                can_suspend=may_suspend(user, access.organisation, appointments) is None,
                can_end=may_end_membership(user, access) is None,
                invited_address=addresses.get(access.pk, ""),
            )
        )
    return lines


def invitation_addresses(memberships: Iterable[Membership]) -> dict[int, str]:
    """Map the primary key of each access that came from an invitation to the address that was
    invited; one query. Who opens an account chooses its name, but not this address."""
    keys = {(m.user_id, m.organisation_id, m.role): m.pk for m in memberships}
    if not keys:
        return {}
    offers = MembershipOffer.objects.filter(
        organisation__in={organisation for _, organisation, _ in keys},
        invitation__accepted_by__in={user for user, _, _ in keys},
    )
    rows = offers.order_by("invitation__accepted_at").values_list(
        "invitation__accepted_by", "organisation", "role", "invitation__email"
    )
    return {keys[tuple(key)]: email for *key, email in rows if tuple(key) in keys}


@dataclass(frozen=True)
class OrganisationAccesses:
    """The accesses of an organisation, in a fold under its name."""

    organisation: Organisation
    lines: list[AccessLine]
    is_open: bool

    @property
    def has_no_referent(self) -> bool:
        """Whether it is guarded, and none of these is an effective référent's."""
        accesses = [line.membership for line in self.lines]
        has = any(access.is_referent and access.is_effective for access in accesses)
        return self.organisation.is_guarded and not has

    @property
    def people_label(self) -> str:
        """The number of different people: « 5 personnes »."""
        people = {line.membership.user_id for line in self.lines}
        return plural(len(people), "personne,personnes")


def group_by_organisation(lines: list[AccessLine]) -> list[OrganisationAccesses]:
    """Group lines that are sorted by organisation, each group open where there are ``FEW`` lines in
    all, or something waits in it."""
    groups = []
    for organisation, own in groupby(lines, key=lambda line: line.membership.organisation):
        own_lines = list(own)
        is_open = len(lines) <= FEW or any(line.note for line in own_lines)
        groups.append(OrganisationAccesses(organisation, own_lines, is_open))
    return groups


def accesses_not_in_full(user: User, convention: Convention) -> list[AccessLine]:
    """Return a line for each active access of somebody to the convention that is pending,
    suspended, or a coordination that the host is to confirm, with the référents' names."""
    accesses = [
        a for a in active_accesses_of(user, convention) if not a.is_effective or a.awaits_host
    ]
    referents = referents_of({access.organisation_id for access in accesses}) if accesses else {}
    return [AccessLine(a, referents=tuple(referents[a.organisation_id])) for a in accesses]


def referents_of(organisations: Iterable[int]) -> dict[int, list[str]]:
    """Map organisations, by primary key, to the names of their référents today."""
    accesses = Membership.objects.effective().referents().filter(organisation__in=organisations)
    names = defaultdict(list)
    for access in accesses.select_related("user").order_by("user__last_name", "pk"):
        names[access.organisation_id].append(str(access.user))
    return names


def accesses_to_confirm(user: User, conventions: Iterable[Convention]) -> list[Membership]:
    """Return the pending and suspended accesses that ``user`` may confirm, by primary key."""
    accesses = sorted(all_accesses(list(conventions)), key=lambda access: access.pk)
    pending = [access for access in accesses if access.is_active and not access.is_confirmed]
    prefetch_related_objects(pending, "user")
    return [access for access in pending if may_confirm(user, access) is None]


def colleagues_of(user: User, convention: Convention) -> list[AccessLine]:
    """Return a line for each active access of others to organisations of one's effective ones."""
    own = {access.organisation_id for access in accesses_of(user, convention)}
    rows = Membership.objects.active().filter(organisation__in=own).exclude(user=user)
    rows = list(rows.by_organisation())
    for access in rows:
        access.organisation.convention = convention
    return lines_for(user, rows)


@dataclass(frozen=True)
class Undelivered:
    """The last message to an address, given up. ``who``: the person, or the address invited."""

    who: str
    email: str
    on: datetime.datetime


def undelivered_by_convention(conventions: Iterable[int]) -> dict[int, list[Undelivered]]:
    """Map each convention, by primary key, to those with access, or invited, whose last mail could
    not be delivered, if any. One query where there is none at all."""
    failed, unreached = undelivered(), defaultdict(dict)
    if not failed:
        return {}
    in_scope = {"organisation__convention__in": conventions}
    members = Membership.objects.active().filter(user__email__in=failed, **in_scope)
    for access in members.select_related("user", "organisation"):
        email, pk = access.user.email, access.organisation.convention_id
        unreached[pk].setdefault(email, Undelivered(str(access.user), email, failed[email]))
    offers = MembershipOffer.objects.pending().filter(invitation__email__in=failed, **in_scope)
    for offer in offers.select_related("invitation", "organisation"):
        email, pk = offer.invitation.email, offer.organisation.convention_id
        unreached[pk].setdefault(email, Undelivered(email, email, failed[email]))
    return {pk: list(rows.values()) for pk, rows in unreached.items()}


def coordinators_of(convention: Convention) -> list[Membership]:
    """Return the effective accesses of coordinators, with users and organisations."""
    return list(Membership.objects.effective().of(convention).coordinators().by_organisation())
