"""Factories of the committee: ``SeatFactory(organisation=…)``, a whole ``committee_of`` two."""

import datetime
from dataclasses import dataclass, field

import factory
from django.db.models import Max
from django.utils import timezone
from factory.django import DjangoModelFactory

from agreements import models
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.commitments import canonical
from agreements.seats.mandates import announce_turns
from agreements.versions import events as drafts
from committee.objectives import events as objectives
from conventions.models import (
    AppointmentState,
    Convention,
    Membership,
    Objective,
    Organisation,
    Origin,
    Standing,
)
from tests import factories as f
from tests.agreements.writing import write_version

LONG_AGO = datetime.date(2020, 1, 1)
# Asked only of what is proposed after the term, or begins then.
WHY = "La convention suivante se prépare."


class MandateFactory(DjangoModelFactory):
    """Whose turn it is may change with the row, as its event would have noted."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        row = super()._create(model_class, *args, **kwargs)
        announce_turns(row)
        return row


class SeatFactory(MandateFactory):
    """A full member with an account, in mandate since long ago."""

    class Meta:
        model = models.Seat

    class Params:
        adviser = factory.Trait(kind=models.SeatKind.ADVISER, capacity="Conseillère")
        advisory = factory.Trait(kind=models.SeatKind.ADVISORY, capacity="PMI")
        substitute = factory.Trait(kind=models.SeatKind.SUBSTITUTE, capacity="Sous-directeur")
        pending = factory.Trait(state=AppointmentState.PENDING)
        suspended = factory.Trait(
            state=AppointmentState.SUSPENDED, suspended_at=factory.LazyFunction(timezone.now)
        )

    kind = models.SeatKind.MEMBER
    organisation = factory.SubFactory(f.OrganisationFactory)
    user = factory.LazyAttribute(
        lambda seat: f.MembershipFactory(organisation=seat.organisation, reader=True).user
    )
    name = factory.LazyAttribute(lambda seat: str(seat.user) if seat.user else "Jeanne Sans-Compte")
    capacity = "Directrice"
    starts_on = LONG_AGO
    state = AppointmentState.CONFIRMED
    confirmed_at = factory.LazyAttribute(f.confirmed_now)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        """Create the seat, with an access for its holder if there was never one."""
        seat = super()._create(model_class, *args, **kwargs)
        holder = {"user": seat.user, "organisation": seat.organisation}
        if seat.user and not Membership.objects.filter(**holder).exists():
            f.MembershipFactory(**holder, reader=True)
        return seat


class DelegationFactory(MandateFactory):
    class Meta:
        model = models.Delegation

    seat = factory.SubFactory(SeatFactory)
    user = factory.LazyAttribute(
        lambda d: f.MembershipFactory(organisation=d.seat.organisation, reader=True).user
    )
    name = factory.LazyAttribute(lambda d: str(d.user))
    capacity = "Directeur adjoint"
    starts_on = LONG_AGO


def since_long(access: Membership) -> Membership:
    """Date an access a year back, before anybody was named to a seat."""
    moment = timezone.now() - datetime.timedelta(days=365)
    Membership.objects.filter(pk=access.pk).update(granted_at=moment)
    return access


def agreed_since(version: models.Version, day: datetime.date) -> models.Version:
    """Date all transitions and answers of a version to that day."""
    moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
    version.transitions.update(created_at=moment)
    version.agreements.update(created_at=moment)
    return version


@dataclass
class Committee:
    """A running convention with two parties that must agree, their members, a coordinator."""

    convention: Convention
    caf: Organisation
    epci: Organisation
    caf_seat: models.Seat
    epci_seat: models.Seat
    coordinator: object
    orientation: Objective
    extra: dict = field(default_factory=dict)

    @property
    def caf_member(self):
        return self.caf_seat.user

    @property
    def epci_member(self):
        return self.epci_seat.user

    def content(self, title: str = "Ouvrir deux espaces France Services", **others) -> dict:
        return {
            "title": title,
            "due_on": self.convention.end,
            "measure": "Nombre d’espaces ouverts",
            "is_priority": False,
        } | others

    def draft(self, title: str = "Ouvrir deux espaces France Services", **others):
        """Create a new objective of the committee, and return its first draft."""
        return objectives.add_objective(
            self.orientation, self.content(title, **others), by=self.coordinator
        )

    def proposed(self, title: str = "Ouvrir deux espaces France Services", **others):
        content = canonical.plain(self.content(title, **others))
        version = self.write_proposed(self._new_objective(content), content)
        if version:
            return version
        return drafts.propose(self.draft(title, **others), by=self.coordinator, after_term=WHY)

    def in_force(self, title: str = "Ouvrir deux espaces France Services", **others):
        content = canonical.plain(self.content(title, **others))
        version = self.write_in_force(self._new_objective(content), content)
        if not version:
            version = self.proposed(title, **others)
            self.agree(version)
        version.refresh_from_db()
        return version

    def _new_objective(self, content: dict) -> Objective:
        """Return an unsaved objective as ``add_objective`` first creates it."""
        beneath = self.orientation.sub_objectives.aggregate(highest=Max("rank"))["highest"] or 0
        return Objective(
            theme=self.orientation.theme, parent=self.orientation, since=self.orientation.since,
            rank=max(beneath, objectives.FIRST_RANK) + 1, origin=Origin.COMMITTEE,
            standing=Standing.DRAFT, title=content["title"],
        )  # fmt: skip

    def write_proposed(self, row, content: dict) -> models.Version | None:
        """Write a new row and its proposed version, where nothing refuses it."""
        return write_version(row, content, by=self.coordinator, after_term=WHY)

    def write_in_force(self, row, content: dict) -> models.Version | None:
        """Write a new row and its version, agreed to by both members, where nothing refuses it."""
        members = self.caf_member, self.epci_member
        return write_version(row, content, by=self.coordinator, members=members, after_term=WHY)

    def in_force_since(self, day: datetime.date, title: str = "Ouvrir deux espaces"):
        """Return a version of an objective that both parties agreed to on that day."""
        return agreed_since(self.in_force(title), day)

    def agree(self, version, *members) -> None:
        """Let these members (by default both) agree to a version."""
        for member in members or (self.caf_member, self.epci_member):
            answers.answer(Reply(version), by=member)

    def edited(self, version, **changes):
        """Propose a next version of the same objective."""
        draft = drafts.save_draft(version.subject, version.content | changes, by=self.coordinator)
        return drafts.propose(draft, by=self.coordinator, after_term=WHY)


def committee_of(**convention_fields) -> Committee:
    convention = f.ConventionFactory(**convention_fields)
    caf, epci = (
        f.PartyFactory(
            organisation__convention=convention,
            organisation__acronym=acronym,
            organisation__name=name,
            organisation__kind=kind,
            rank=rank,
            co_chairs=True,
        ).organisation
        for rank, (acronym, name, kind) in enumerate(
            [("CAF 99", "Caf d’Exemple", "caf"), ("Exemple", "Exemple agglomération", "epci")]
        )
    )
    orientation = f.ObjectiveFactory(theme__axis__convention=convention)
    return Committee(
        convention=convention, caf=caf, epci=epci, caf_seat=SeatFactory(organisation=caf),
        epci_seat=SeatFactory(organisation=epci, capacity="Vice-présidente", is_elected=True),
        coordinator=f.MembershipFactory(organisation=epci, coordinator=True).user,
        orientation=orientation,
    )  # fmt: skip


def yesterday() -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=1)
