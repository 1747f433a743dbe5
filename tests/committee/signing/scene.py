"""An unsigned convention of two parties, from a file, with people: what is recorded of its
signature."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from committee.signing import events
from committee.signing.events import Recorded
from committee.signing.models import Signing
from conventions.loading.apply import apply
from conventions.loading.reader import file_of
from conventions.models import Convention, Organisation
from tests import factories as f
from tests.agreements.factories import SeatFactory
from tests.committee.scene import PDF

DAYS = datetime.timedelta(days=1)
PEOPLE = {"CAF 99": [("Jeanne MARTIN", "Directrice")], "CCVE": [("Paul DURAND", "Président")]}
SIGNATORIES = {
    "CAF 99": [{"nom": "Jeanne MARTIN", "qualite": "Directrice"}],
    "CCVE": [{"nom": "Paul DURAND", "qualite": "Président"}],
}


def signed_on() -> datetime.date:
    return timezone.localdate() - 3 * DAYS


def content(**convention) -> dict:
    """Return the content of the file of a convention that nobody has signed."""
    end = timezone.localdate() + 900 * DAYS
    return {
        "format": 1,
        "convention": {
            "identifiant": "vallee", "titre": "Convention territoriale globale",
            "territoire": "Vallée-Exemple", "fin": end.isoformat(),
        } | convention,
        "parties": [
            {"sigle": "CAF 99", "nom": "Caf d’Exemple", "type": "caf", "co_valide": True},
            {"sigle": "CCVE", "nom": "Vallée-Exemple", "type": "epci", "co_valide": True},
        ],
        "articles": [{"numero": 1, "titre": "Objet", "texte": "Le texte."}],
        "annexes": [{"numero": 1, "titre": "Postes"}],
        "axes": [
            {"numero": 1, "titre": "Familles", "thematiques": [
                {"numero": "1.1", "titre": "Petite enfance", "objectifs": [
                    {"titre": "Accueillir", "sous_objectifs": [{"titre": "Ouvrir trente places"}]}
                ]}
            ]},
        ],
    }  # fmt: skip


def load(written: dict) -> Convention:
    return apply(file_of(written, {})).convention


class SigningScene:
    """The convention, its parties, who commits them, its coordinator."""

    def __init__(self):
        self.convention = load(content())
        rows = Organisation.objects.filter(convention=self.convention)
        by_acronym = {row.acronym: row for row in rows.select_related("convention")}
        self.caf, self.epci = by_acronym["CAF 99"], by_acronym["CCVE"]
        self.coordinator = f.MembershipFactory(organisation=self.epci, coordinator=True).user
        self.caf_member = SeatFactory(organisation=self.caf).user
        self.epci_referent = f.referent_of(self.epci)
        self.reader = f.MembershipFactory(organisation=self.caf, reader=True).user

    def record(self, *, by=None, revision=None, scan=True, **changes) -> Signing:
        values = {"signed_on": signed_on(), "signed_at": "Poitiers", "signatories": PEOPLE}
        recorded = Recorded(**(values | changes), scan=a_scan() if scan else None)
        return events.record(
            self.convention, recorded, revision=revision, by=by or self.coordinator
        )

    def confirm(self, organisation, by, revision=None) -> Signing:
        return events.confirm(self.convention, organisation, revision=revision, by=by)

    def sign(self) -> Convention:
        """Record the signature and confirm it for both parties; return the convention, signed."""
        self.record()
        self.confirm(self.caf, self.caf_member)
        self.confirm(self.epci, self.epci_referent)
        return Convention.objects.get(pk=self.convention.pk)


def a_scan(name: str = "convention-signee.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")
