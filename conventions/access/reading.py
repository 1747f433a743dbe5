"""Which accesses await somebody's word, whom the portal cannot reach: what pages show of them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import prefetch_related_objects

from accounts.models import User
from conventions.access.rights import (
    held_there,
    may_confirm,
    may_end_membership,
    may_suspend,
    named_confirmers,
)
from conventions.access.viewer import accesses_of, all_accesses, held_by
from conventions.models import (
    Convention,
    Membership,
    MembershipOffer,
    Organisation,
)
from ctg_portal.templatetags.french import long_date, plural, que
from notifications.reading import undelivered

FEW = 15  # accesses that are shown without a fold to open


@dataclass(frozen=True)
class AccessLine:
    """An access in a list, and what whoever reads it may do about it."""

    membership: Membership
    may_confirm: bool = False
    may_suspend: bool = False
    may_end: bool = False
    # The address to which its invitation went, where it is known.
    invited_at: str = ""
    # The names of the organisation's référents, for the holder to know whom to ask.
    referents: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Return whose it is, beyond the name that the person gave: their address, and that of the
        invitation where it was another one."""
        email = self.membership.user.email
        if not self.invited_at or self.invited_at == email:
            return email
        return f"{email}, invitation envoyée à {self.invited_at}"

    @property
    def by_whom(self) -> str:
        """Return who confirms it: « un référent des accès de la Caf de la Vienne »."""
        return named_confirmers(self.membership.organisation)

    @property
    def note(self) -> str:
        """Return why it does not count in full; empty where it does."""
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
        """Return by what it counts: « confirmé par Anne Roy le 3 mai 2026 »."""
        access = self.membership
        if access.is_taken_over:
            return "repris d’une version précédente du portail, confirmé par personne de connu"
        if not access.is_effective:
            return ""
        by = access.confirmed_by or "l’hébergeur du portail"
        return f"confirmé par {by} le {long_date(access.confirmed_at)}"

    @property
    def told_to_holder(self) -> str:
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
    """Return these accesses as ``user`` is shown them."""
    memberships = list(memberships)
    invited = invited_at([access for access in memberships if not access.is_effective])
    return [
        AccessLine(
            access,
            may_confirm(user, access) is None,
            may_suspend(user, access.organisation, held_there(access.user, access.organisation))
            is None,
            may_end_membership(user, access) is None,
            invited.get(access.pk, ""),
        )
        for access in memberships
    ]


def invited_at(memberships: Iterable[Membership]) -> dict[int, str]:
    """To which address the invitation went by which each of these accesses was accepted; in one
    query. Who opens an account types any name; the address was chosen by who invited."""
    held = {(m.user_id, m.organisation_id, m.role): m.pk for m in memberships}
    if not held:
        return {}
    offers = MembershipOffer.objects.filter(
        organisation__in={organisation for _, organisation, _ in held},
        invitation__accepted_by__in={user for user, _, _ in held},
    )
    rows = offers.order_by("invitation__accepted_at").values_list(
        "invitation__accepted_by", "organisation", "role", "invitation__email"
    )
    return {held[tuple(key)]: email for *key, email in rows if tuple(key) in held}


@dataclass(frozen=True)
class OrganisationAccesses:
    """The accesses of an organisation, a fold by its name."""

    organisation: Organisation
    lines: list[AccessLine]
    is_open: bool

    @property
    def has_no_referent(self) -> bool:
        """Whether nobody says who acts for it, though only its référents may."""
        held = [line.membership for line in self.lines]
        has = any(access.is_referent and access.is_effective for access in held)
        return self.organisation.is_guarded and not has

    @property
    def told(self) -> str:
        """« 5 personnes »: who has two accesses is one."""
        people = {line.membership.user_id for line in self.lines}
        return plural(len(people), "personne,personnes")


def by_organisation(lines: list[AccessLine]) -> list[OrganisationAccesses]:
    """``lines``, in the order of organisations. A few are all shown; of many, those organisations
    where something waits."""
    found = groupby(lines, key=lambda line: line.membership.organisation)
    groups = [(organisation, list(own)) for organisation, own in found]
    return [
        OrganisationAccesses(organisation, own, len(lines) <= FEW or any(one.note for one in own))
        for organisation, own in groups
    ]


def waiting_of(user: User, convention: Convention) -> list[AccessLine]:
    """Return what somebody holds there that does not count in full yet, or any more."""
    held = [a for a in held_by(user, convention) if not a.is_effective or a.awaits_host]
    referents = referents_of({access.organisation_id for access in held}) if held else {}
    return [AccessLine(a, referents=tuple(referents[a.organisation_id])) for a in held]


def referents_of(organisations: Iterable[int]) -> dict[int, list[str]]:
    """Return the names of the référents des accès of each organisation, by its primary key."""
    held = Membership.objects.effective().referents().filter(organisation__in=organisations)
    found = defaultdict(list)
    for access in held.select_related("user").order_by("user__last_name", "pk"):
        found[access.organisation_id].append(str(access.user))
    return found


def to_confirm(user: User, conventions: Iterable[Convention]) -> list[Membership]:
    """Return the accesses that await a confirmation which ``user`` may give."""
    held = sorted(all_accesses(list(conventions)), key=lambda access: access.pk)
    pending = [access for access in held if access.is_active and not access.is_confirmed]
    prefetch_related_objects(pending, "user")
    return [access for access in pending if may_confirm(user, access) is None]


def colleagues_of(user: User, convention: Convention) -> list[AccessLine]:
    """Who else has access for the organisations in whose name somebody acts."""
    own = {access.organisation_id for access in accesses_of(user, convention)}
    rows = Membership.objects.active().filter(organisation__in=own).exclude(user=user)
    rows = list(rows.by_organisation())
    for access in rows:
        access.organisation.convention = convention
    return lines_for(user, rows)


@dataclass(frozen=True)
class Undelivered:
    """The last message to an address was given up. ``who``: the person, or the address invited."""

    who: str
    email: str
    on: datetime.datetime


def undelivered_in(conventions: Iterable[int]) -> dict[int, list[Undelivered]]:
    """By convention (primary keys), who of its people and of those invited could not be reached;
    one question where all could."""
    failed, found = undelivered(), defaultdict(dict)
    if not failed:
        return {}
    there = {"organisation__convention__in": conventions}
    members = Membership.objects.active().filter(user__email__in=failed, **there)
    for access in members.select_related("user", "organisation"):
        email, pk = access.user.email, access.organisation.convention_id
        found[pk].setdefault(email, Undelivered(str(access.user), email, failed[email]))
    offers = MembershipOffer.objects.pending().filter(invitation__email__in=failed, **there)
    for offer in offers.select_related("invitation", "organisation"):
        email, pk = offer.invitation.email, offer.organisation.convention_id
        found[pk].setdefault(email, Undelivered(email, email, failed[email]))
    return {pk: list(rows.values()) for pk, rows in found.items()}
