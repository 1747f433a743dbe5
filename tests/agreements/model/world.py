"""The committee in the database, and the same people in the model."""

import datetime
from dataclasses import dataclass, field

from django.utils import timezone

from agreements.models import SeatKind
from conventions.models import Party
from tests import factories as f
from tests.agreements.factories import LONG_AGO, Committee, SeatFactory, committee_of
from tests.agreements.model.people import Held, People, Seat
from tests.committee.scene import a_document

# Who works where; somebody without a home has no access to the convention.
HOMES = {
    "claire": "caf", "colette": "caf", "simon": "caf", "denis": "caf", "aline": "caf",
    "carl": "caf", "eva": "epci", "ernest": "epci", "paul": "epci", "nora": "epci",
    "cora": "epci", "mathieu": "msa", "perle": "pmi", "otto": None, "remi": "caf", "rita": "epci",
}  # fmt: skip
# Who may come to sit for another party has access for both.
ELSEWHERE = {"paul": "msa"}
COORDINATORS = {"cora": "epci", "carl": "caf"}
REFERENTS = {"remi": "caf", "rita": "epci"}
WITHOUT_ACCOUNT = "Marie Sans-Compte"
# Without account, under the name of a member who has one.
HOMONYM = "CLAIRE DURAND"

# Seat: party, kind, person, the seat that a substitute stands in for.
SEATS = {
    "claire": ("caf", "member", "claire", None), "colette": ("caf", "member", "colette", None),
    "simon": ("caf", "substitute", "simon", None), "aline": ("caf", "adviser", "aline", None),
    "eva": ("epci", "member", "eva", None), "ernest": ("epci", "substitute", "ernest", "eva"),
    "paul": ("epci", "member", "paul", None), "mathieu": ("msa", "member", "mathieu", None),
    "marie": ("msa", "member", WITHOUT_ACCOUNT, None),
    "marie, epci": ("epci", "member", WITHOUT_ACCOUNT, None),
    "homonym": ("epci", "member", HOMONYM, None), "perle": ("pmi", "advisory", "perle", None),
}  # fmt: skip


@dataclass
class World:
    """Rows by the names that the model gives them."""

    committee: Committee
    organisations: dict
    users: dict
    seats: dict
    act: object
    absences: dict = field(default_factory=dict)
    delegations: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    dossiers: dict = field(default_factory=dict)
    # As they were when they were first read: a page may be old.
    versions: dict = field(default_factory=dict)

    @property
    def convention(self):
        return self.committee.convention

    def person_of(self, user_id: int | None, name: str) -> str:
        return next((key for key, user in self.users.items() if user.pk == user_id), name)

    def party_of(self, organisation_id: int) -> str:
        return next(key for key, o in self.organisations.items() if o.pk == organisation_id)

    def copy(self) -> "World":
        """The same rows, before anything was done to them."""
        return World(
            self.committee, self.organisations, dict(self.users), dict(self.seats), self.act
        )


def build() -> World:
    committee = committee_of()
    convention = committee.convention
    for seat in (committee.caf_seat, committee.epci_seat):
        seat.delete()
    msa = f.PartyFactory(organisation__convention=convention, organisation__name="MSA d’Exemple")
    Party.objects.filter(pk=msa.pk).update(agreement_required=False)
    organisations = {
        "caf": committee.caf,
        "epci": committee.epci,
        "msa": msa.organisation,
        "pmi": f.OrganisationFactory(convention=convention, name="PMI"),
    }
    users = {
        name: f.UserFactory(first_name=name.title(), last_name="Durand", email=f"{name}@a.example")
        for name in HOMES
    }
    for name, home in HOMES.items():
        if home:
            role = "coordinator" if name in COORDINATORS else "reader"
            role = "referent" if name in REFERENTS else role
            f.MembershipFactory(user=users[name], organisation=organisations[home], role=role)
    for name, other in ELSEWHERE.items():
        f.MembershipFactory(user=users[name], organisation=organisations[other], reader=True)
    act, seats = a_document(users["cora"]), {}
    for key, (party, kind, person, stands_for) in SEATS.items():
        seats[key] = SeatFactory(
            organisation=organisations[party], kind=SeatKind(kind), user=users.get(person),
            name=str(users.get(person, person)), substitute_for=seats.get(stands_for),
        )  # fmt: skip
    return World(committee, organisations, users, seats, act)


def people_of(day: datetime.date | None = None) -> People:
    """The same committee, as the model knows it."""
    return People(
        day=day or timezone.localdate(),
        seats={key: Seat(LONG_AGO, None, *seat) for key, seat in SEATS.items()},
        with_account=set(HOMES),
        accesses={pair: Held() for pair in [*HOMES.items(), *ELSEWHERE.items()] if pair[1]},
        coordinating=dict(COORDINATORS),
        referents=dict(REFERENTS),
    )
