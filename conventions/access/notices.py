"""Who is told of what opens an organisation's eyes and voice to somebody: an access, its official
address."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from conventions.access.rights import confirmers_of
from conventions.models import Convention, Membership, Organisation
from conventions.notices import ConventionLetter, ConventionNews
from notifications.news import Hearing


@dataclass(frozen=True)
class Reading:
    convention: Convention
    now: datetime.datetime

    @cached_property
    def acting(self) -> list[Membership]:
        return list(Membership.objects.effective().of(self.convention))

    def concerned_by(self, organisation_pk: int) -> set[int]:
        """Who has access for an organisation, and who coordinates."""
        return {
            access.user_id
            for access in self.acting
            if access.organisation_id == organisation_pk or access.is_coordination
        }


class AccessGiven(ConventionNews):
    """An access was given: who has access for the organisation, who may confirm it and who
    coordinates are told at once, and may object."""

    kind = "access_given"
    may_wait = False

    def __init__(self, membership: Membership, *, was_objected_to: bool = False):
        self.membership, self.convention = membership, membership.organisation.convention
        self.was_objected_to = was_objected_to

    @property
    def about(self) -> str:
        return str(self.membership.pk)

    @classmethod
    def found(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        rows = Membership.objects.of(reading.convention).filter(pk__in=keys).with_objection_before()
        return {
            str(row.pk): cls(row, was_objected_to=row.was_objected_to)
            for row in rows.select_related("user", "given_by", "organisation__convention")
        }

    def is_obsolete(self, reading: Reading) -> bool:
        membership = self.membership
        return not membership.is_active or (membership.is_suspended and not self.was_objected_to)

    def told_to(self, reading: Reading) -> dict[int, Hearing]:
        membership = self.membership
        people = reading.concerned_by(membership.organisation_id)
        if not membership.is_effective:
            people |= confirmers_of([membership])[membership.pk].people
        return {
            pk: Hearing(self, membership.granted_at, is_own=pk == membership.given_by_id)
            for pk in people - {membership.user_id}
        }

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{len(hearings)} personnes ont reçu un accès"
        membership = hearings[0].news.membership
        return f"{membership.user} a un accès pour {membership.organisation.the}"

    def title(self, hearing: Hearing) -> str:
        membership = self.membership
        told = f"{membership.user} a un accès pour {membership.organisation.the}"
        return told if membership.is_effective else f"{told}, à confirmer"

    def summary(self, hearing) -> str:
        membership = self.membership
        giver = membership.given_by or "l’hébergeur du portail"
        told = (
            f"Accès « {membership.get_role_display()} » donné par {giver} ; adresse de la "
            f"personne : {membership.user.email}."
        )
        if membership.is_suspended:
            return (
                f"{told} Quelqu’un s’était opposé à un accès précédent de cette personne : "
                "celui-ci est suspendu, tant que personne ne le confirme."
            )
        if membership.is_pending:
            return f"{told} Il reste à confirmer ; vous pouvez aussi vous y opposer."
        return f"{told} Si cette personne n’agit pas pour cet organisme, opposez-vous-y."

    def link(self) -> str:
        return reverse("conventions:one_access", args=[self.convention.slug, self.membership.pk])


class AddressGiven(ConventionNews):
    """An organisation's official address was changed: who has access for it and who coordinates are
    told at once. ``giving``: its row of history."""

    kind = "address_given"
    may_wait = False

    def __init__(self, organisation: Organisation, giving):
        self.organisation, self.giving = organisation, giving
        self.convention = organisation.convention

    @property
    def about(self) -> str:
        return f"{self.organisation.pk}:{self.giving.pk}"

    @classmethod
    def found(cls, keys: Iterable[str], reading: Reading) -> dict[str, ConventionNews]:
        givings = Organisation.history.filter(pk__in=[key.partition(":")[2] for key in keys])
        known = {row.pk: row for row in reading.convention.organisations.all()}
        news = [cls(known[row.id], row) for row in givings if row.id in known]
        return {one.about: one for one in news}

    def is_obsolete(self, reading: Reading) -> bool:
        return self.organisation.email != self.giving.email

    def told_to(self, reading: Reading) -> dict[int, Hearing]:
        giving = self.giving
        return {
            pk: Hearing(self, giving.history_date, is_own=pk == giving.history_user_id)
            for pk in reading.concerned_by(self.organisation.pk)
        }

    @classmethod
    def subject(cls, hearings, *, alone: bool) -> str:
        if len(hearings) > 1:
            return f"{len(hearings)} adresses officielles ont changé"
        organisation = hearings[0].news.organisation
        return f"L’adresse officielle {organisation.of_the} a changé"

    def summary(self, hearing) -> str:
        giver = self.giving.history_user or "l’hébergeur du portail"
        if not self.giving.email:
            return f"Retirée par {giver}."
        return (
            f"{self.giving.email}, donnée par {giver}. Une invitation acceptée à cette adresse "
            "donne un accès sans autre confirmation : corrigez-la si elle n’est pas la vôtre."
        )

    def link(self) -> str:
        return reverse("conventions:parties", args=[self.convention.slug])


class AccessLetter(ConventionLetter):
    kinds = (AccessGiven, AddressGiven)

    @cached_property
    def reading(self) -> Reading | None:
        convention = self.convention()
        return Reading(convention, self.now) if convention else None
