"""The signature of a convention as its page shows it: what was recorded, who confirmed it."""

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from agreements.answers.lights import required_of
from agreements.seats.voices import Bench
from committee.signing.models import Signing, SigningConfirmation
from committee.signing.rights import may_confirm
from conventions.access.models import Membership
from conventions.models import Convention, Organisation
from conventions.parties.reading import parties_of
from conventions.setting_up.taking_up import read_content
from ctg_portal.house import ActionLink
from ctg_portal.templatetags.french import enumerate_words, long_date

# What the parties sign; addresses and sources of parties are settings.
TEXT_KEYS = ("convention", "articles", "annexes", "axes", "communes")


@dataclass
class PartyRow:
    """A party: who signed for it; where its confirmation is required, who gave or may give it.
    ``may_confirm``: the reader may."""

    organisation: Organisation
    signatories: list[str]
    is_required: bool
    confirmation: SigningConfirmation | None = None
    confirmers: list[str] = field(default_factory=list)
    may_confirm: bool = False

    @property
    def label_confirmers(self) -> str:
        return enumerate_words(self.confirmers)


class SigningReading:
    """The signature of a convention for one reader (None: for the host)."""

    def __init__(self, convention: Convention, bench: Bench, user: User | None):
        self.convention, self.bench, self.user = convention, bench, user

    @cached_property
    def signing(self) -> Signing | None:
        rows = Signing.objects.of(self.convention).standing()
        return rows.select_related("scan", "recorded_by").first()

    @cached_property
    def confirmations(self) -> list[SigningConfirmation]:
        return confirmations_of(self.signing) if self.signing else []

    @property
    def by_host(self) -> SigningConfirmation | None:
        """The confirmation of the host, on the scan; None without one."""
        return next((row for row in self.confirmations if row.organisation_id is None), None)

    @property
    def is_of_other_text(self) -> bool:
        """Whether the text has changed since the signature, which is not confirmed, was
        recorded."""
        signing = self.signing
        if signing is None or not signing.is_open:
            return False
        return signing.text_digest != text_digest(self.convention)

    @cached_property
    def rows(self) -> list[PartyRow]:
        """The parties, in the order of the text."""
        required = {organisation.pk for organisation in required_of(self.convention)}
        by_party = {row.organisation_id: row for row in self.confirmations}
        referents = self._referents()
        rows = []
        for party in parties_of(self.convention):
            organisation = party.organisation
            organisation.convention = self.convention
            row = PartyRow(
                organisation, self._signatories(organisation), organisation.pk in required
            )
            rows.append(row)
            if not row.is_required or self.signing is None:
                continue
            row.confirmation = by_party.get(organisation.pk)
            seats = self.bench.speakers(organisation.pk)
            names = [*(seat.name for seat in seats if seat.user_id), *referents[organisation.pk]]
            row.confirmers = list(dict.fromkeys(names))
            row.may_confirm = self.user is not None and not may_confirm(
                self.user, organisation, self.signing, self.confirmations, self.bench
            )
        return rows

    @property
    def own_rows(self) -> list[PartyRow]:
        """The parties for which the reader may confirm now."""
        return [] if self.is_of_other_text else [row for row in self.rows if row.may_confirm]

    @property
    def awaited(self) -> list[Organisation]:
        """The parties whose confirmation is awaited."""
        return [
            row.organisation for row in self.rows if row.is_required and row.confirmation is None
        ]

    @property
    def heading(self) -> str:
        if self.convention.is_signed:
            return f"La convention est signée depuis le {long_date(self.convention.signed_on)}"
        if self.signing is None:
            return "La signature n’est pas encore enregistrée"
        names = enumerate_words(organisation.the for organisation in self.awaited)
        return f"La signature est enregistrée, à confirmer pour {names}"

    def _signatories(self, organisation: Organisation) -> list[str]:
        people = self.signing.signatories.get(organisation.acronym, []) if self.signing else []
        return [label_signatory(person) for person in people]

    def _referents(self) -> Mapping[int, list[str]]:
        """Return the names of the référents of each party, by the key of the organisation."""
        names: dict[int, list[str]] = {
            party.organisation_id: [] for party in parties_of(self.convention)
        }
        rows = Membership.objects.effective().of(self.convention).referents()
        for access in rows.select_related("user").order_by("pk"):
            if access.organisation_id in names:
                names[access.organisation_id].append(str(access.user))
        return names


def confirmations_of(signing: Signing) -> list[SigningConfirmation]:
    """Return the confirmations of a signature as it is recorded now, in order."""
    rows = signing.confirmations.filter(edition=signing.edition)
    return list(rows.select_related("by", "organisation").order_by("pk"))


def label_signatory(person: Mapping[str, str]) -> str:
    return f"{person['nom']}, {person['qualite']}"


def text_digest(convention: Convention) -> str:
    """Return the SHA-256 of what the parties of a convention sign, as the portal has it."""
    content = read_content(convention)
    text: dict[str, Any] = {key: content.get(key) for key in TEXT_KEYS}
    text["parties"] = [[party["sigle"], party["nom"]] for party in content.get("parties", [])]
    written = json.dumps(text, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def councils_after(convention: Convention, day: datetime.date) -> list[str]:
    """Return the parties whose assembly authorised the signature after a day, each with the day of
    its délibération."""
    return [
        f"{party.organisation.the}, le {long_date(party.council_approved_on)}"
        for party in parties_of(convention)
        if party.council_approved_on and party.council_approved_on > day
    ]


def scans_of(convention: Convention) -> list[QuerySet]:
    """Return, in a list, the queryset of the keys of the scans of a convention."""
    return [Signing.objects.of(convention).values("scan")]


def signed_on_pages(convention: Convention) -> str | None:
    """Return what a convention file may not change of a signature that was confirmed on pages, as
    a French clause; None where there is none."""
    signing = Signing.objects.of(convention).confirmed().first()
    if signing is None:
        return None
    return (
        f"la signature du {long_date(signing.signed_on)} a été confirmée sur le portail le "
        f"{long_date(signing.confirmed_at)}"
    )


def signings_awaiting_host(
    organisations: Mapping[int, Organisation],
) -> Mapping[int, list[ActionLink]]:
    """Return, by key of these organisations, the link to the signature of their convention that
    awaits confirmation."""
    by_convention: dict[int, list[int]] = defaultdict(list)
    for pk, organisation in organisations.items():
        by_convention[organisation.convention_id].append(pk)
    rows = Signing.objects.open().filter(convention__in=by_convention).select_related("convention")
    return {
        pk: [
            ActionLink(
                "Lire la signature enregistrée",
                reverse("committee:host_signing", args=[row.convention.slug]),
            )
        ]
        for row in rows
        for pk in by_convention[row.convention_id]
    }
