"""Notices of what opens an organisation's figures and voice to somebody: an access, its official
address."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conventions.access.mail import notify_official_address
from conventions.access.models import AppointmentState, Membership, MembershipTransition
from conventions.access.rights import label_confirmers
from conventions.legal.convention import Convention
from conventions.notices import Capacity, ConventionLetter, ConventionNews
from conventions.parties.models import Organisation
from ctg_portal.templatetags.french import in_words
from notifications.news import Notification, notify


@dataclass(frozen=True, eq=False)
class Concerned(Notification):
    """Who is notified; ``is_holder``: it is about the person's own access or seat."""

    is_holder: bool = False


@dataclass(frozen=True)
class Reading:
    """What the notices of a convention are addressed from: who acts in it."""

    convention: Convention
    now: datetime.datetime

    @cached_property
    def effective_accesses(self) -> list[Membership]:
        return list(Membership.objects.effective().of(self.convention))

    def concerned_by(self, organisation_pk: int) -> set[int]:
        """Return who has an effective access for an organisation, or coordinates."""
        return {
            access.user_id
            for access in self.effective_accesses
            if access.organisation_id == organisation_pk or access.is_coordination
        }

    def notifications(
        self, news: ConventionNews, organisation_pk: int, *, since: datetime.datetime,
        holder: int | None, by: int | None,
    ) -> dict[int, Notification]:  # fmt: skip
        """Map each user to notify of a change of ``holder``'s rights in an organisation to their
        notification: the holder, the référents and the coordination hear of it at once, others with
        access for it the next morning. The notification of ``by`` is marked as their own act."""
        at_once = {holder} | {
            access.user_id
            for access in self.effective_accesses
            if access.is_coordination
            or (access.organisation_id == organisation_pk and access.is_referent)
        }
        later = next_morning(since)
        return {
            pk: Concerned(news, since, pk == by, None if pk in at_once else later, pk == holder)
            for pk in self.concerned_by(organisation_pk) | at_once
            if pk is not None
        }


def next_morning(moment: datetime.datetime) -> datetime.datetime:
    """Return eight o'clock of the next day, in the portal's time zone."""
    day = timezone.localdate(moment) + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(8)))


class AccessChanged(ConventionNews):
    """An access was proposed, given, confirmed or suspended. ``act``: the row of its log."""

    kind = "access_changed"
    may_wait = False

    def __init__(self, act: MembershipTransition):
        self.act, self.membership = act, act.membership
        self.convention = act.membership.organisation.convention

    @property
    def about(self) -> str:
        return str(self.act.pk)

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        """Map those of the keys that are log rows of the convention to their news."""
        rows = MembershipTransition.objects.filter(
            pk__in=keys, membership__organisation__convention=reading.convention
        ).select_related("membership__user", "membership__organisation__convention")
        return {str(row.pk): cls(row) for row in rows}

    def is_obsolete(self, reading: Reading) -> bool:
        """Return whether the access has ended, or changed again since."""
        return not self.membership.is_active or self.membership.state != self.act.to_state

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Map the holder, the organisation's people and the coordination to their notifications."""
        membership = self.membership
        return reading.notifications(
            self, membership.organisation_id, since=self.act.created_at,
            holder=membership.user_id, by=self.act.by_id,
        )  # fmt: skip

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return what the only news says, or how many accesses have changed."""
        if len(notifications) > 1:
            return f"{in_words(len(notifications), 'accès a,accès ont')} changé"
        return notifications[0].news.happened

    @property
    def happened(self) -> str:
        """« Anne Roy : accès « contribution » pour la Caf de la Vienne, à confirmer »."""
        access = self.membership
        return f"{access.user} : {label_access(access)}, {self.act.get_verb_display()}"

    def summary(self, notification) -> str:
        """Return who did it and, to others than the holder, what they may do about it."""
        return self.by_whom if notification.is_holder else f"{self.by_whom} {self.what_to_do}"

    @property
    def by_whom(self) -> str:
        """The sentences that name who did it, why, and the holder's address."""
        act, access = self.act, self.membership
        by = ", ".join(filter(None, [act.by_name or "l’hébergeur du portail", act.capacity]))
        by = "le portail" if act.reason and not act.by_name else by
        reason = f" {act.reason}" if act.reason else ""
        return f"Par {by}.{reason} Adresse de la personne : {access.user.email}."

    @property
    def what_to_do(self) -> str:
        """The sentence on who confirms a pending right, or on how to suspend it."""
        access = self.membership
        if self.act.to_state != AppointmentState.CONFIRMED:
            return (
                "D’ici là, cette personne lit la convention, rien de plus ; "
                f"{label_confirmers(access.organisation)} la confirme."
            )
        return (
            f"Si cette personne n’est pas désignée par {access.organisation.the}, suspendez-la sur "
            "cette page."
        )

    def link(self) -> str:
        return reverse("conventions:one_access", args=[self.convention.slug, self.membership.pk])


def label_access(access: Membership) -> str:
    """Return how a sentence calls an access: « accès « contribution » pour la Caf »."""
    return f"accès « {access.get_role_display()} » pour {access.organisation.the}"


class AddressGiven(ConventionNews):
    """An organisation's official address was changed: who has access for it and who coordinates are
    notified at once. ``giving``: its row of history."""

    kind = "address_given"
    may_wait = False

    def __init__(self, organisation: Organisation, giving):
        self.organisation, self.giving = organisation, giving
        self.convention = organisation.convention

    @property
    def about(self) -> str:
        return f"{self.organisation.pk}:{self.giving.pk}"

    @classmethod
    def load(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        """Map those of the keys that are of the convention's organisations to their news."""
        givings = Organisation.history.filter(pk__in=[key.partition(":")[2] for key in keys])
        known = {row.pk: row for row in reading.convention.organisations.all()}
        news = [cls(known[row.id], row) for row in givings if row.id in known]
        return {item.about: item for item in news}

    def is_obsolete(self, reading: Reading) -> bool:
        """Return whether the address was changed again since."""
        return self.organisation.email != self.giving.email

    def recipients(self, reading: Reading) -> dict[int, Notification]:
        """Map who has an effective access there, or coordinates, to their notification."""
        giving = self.giving
        return {
            pk: Notification(self, giving.history_date, is_own=pk == giving.history_user_id)
            for pk in reading.concerned_by(self.organisation.pk)
        }

    @classmethod
    def subject(cls, notifications, *, alone: bool) -> str:
        """Return what the only news says, or how many addresses have changed."""
        if len(notifications) > 1:
            return f"{len(notifications)} adresses officielles ont changé"
        return notifications[0].news.happened

    @property
    def happened(self) -> str:
        return f"L’adresse officielle {self.organisation.genitive} a changé"

    def summary(self, notification) -> str:
        return self.details

    @property
    def details(self) -> str:
        """The sentences on the new address, or its removal: who gave it and what it is for."""
        giver = self.giving.history_user or "l’hébergeur du portail"
        if not self.giving.email:
            return f"Retirée par {giver}."
        return (
            f"{self.giving.email}, donnée par {giver}. Elle est avertie de qui agit pour cet "
            "organisme, et ne donne aucun droit ; un référent des accès la corrige."
        )

    def link(self) -> str:
        return reverse("conventions:parties", args=[self.convention.slug])


class AccessLetter(ConventionLetter):
    kinds = (AccessChanged, AddressGiven)
    reason_capacities = [
        Capacity.REFERENT,
        Capacity.COORDINATION,
        Capacity.CONTRIBUTOR,
        Capacity.SEAT,
    ]

    @cached_property
    def reading(self) -> Reading | None:
        """The data that addresses its news; None where the convention is gone."""
        convention = self.convention()
        return Reading(convention, self.now) if convention else None


def notify_access_changed(act: MembershipTransition) -> None:
    """Notify an act on an access, and write it to the official address."""
    news = AccessChanged(act)
    notify(news)
    details = f"{news.by_whom} {news.what_to_do}"
    notify_official_address(news.happened, details, act.membership.organisation, news.link())


def notify_official_address_of_end(
    membership: Membership, *, by: User | None, capacity: str
) -> None:
    """Write to the official address that an access has ended, and who ended it."""
    organisation = membership.organisation
    access = f"{membership.user} : {label_access(membership)}"
    who = ", ".join(filter(None, [str(by or "l’hébergeur du portail"), capacity]))
    details = f"Par {'la personne elle-même' if by == membership.user else who}."
    page = reverse("conventions:my_access", args=[membership.convention.slug])
    notify_official_address(f"{access}, terminé", details, organisation, page)
