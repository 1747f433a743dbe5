"""The signature of a convention: recorded, recorded again, withdrawn, confirmed."""

import copy
import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.files import File
from django.utils import timezone

from accounts.models import User
from agreements.answers.lights import required_of
from agreements.seats.voices import bench_of
from committee.signing import rights
from committee.signing.models import Signing, SigningConfirmation
from committee.signing.notices import SigningConfirmed, SigningRecorded
from committee.signing.reading import confirmations_of, councils_after, text_digest
from conventions.legal.convention import lock_convention
from conventions.loading.apply import apply
from conventions.loading.mistakes import ConventionFileError
from conventions.loading.reader import file_of
from conventions.models import Convention, Organisation
from conventions.parties.reading import parties_of
from conventions.setting_up.taking_up import read_content
from ctg_portal.forms.revisions import check_revision
from ctg_portal.marks.events import changing, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import enumerate_words, long_date
from documents.models import store
from notifications.news import notify


@dataclass(frozen=True)
class Recorded:
    """What is recorded of a signature. ``signatories``: by the acronym of each party, the names and
    capacities of who signed for it. ``scan``: None to leave the one that is stored."""

    signed_on: datetime.date
    signed_at: str
    signatories: Mapping[str, list[tuple[str, str]]]
    scan: File | None = None


@event(Subject.COMMITTEE)
def record(
    convention: Convention, recorded: Recorded, *, revision: int | None, by: User
) -> Signing:
    """Record the signature of a convention, or replace what is recorded; notify those who confirm
    it. What was confirmed before is to be confirmed anew.

    ``revision``: that of what was shown, 0 where nothing was recorded. Raises Refused.
    """
    convention = lock_convention(convention.pk)
    enforce(rights.may_record(by, convention))
    signing = _open(convention)
    check_revision(signing, revision)
    enforce(_refuse(convention, recorded, signing))
    signing = signing or Signing(convention=convention)
    if recorded.scan is not None:
        signing.scan = store(recorded.scan, by=by)
    signing.signed_on, signing.signed_at = recorded.signed_on, recorded.signed_at.strip()
    signing.signatories = {
        acronym: [{"nom": name, "qualite": capacity} for name, capacity in people]
        for acronym, people in recorded.signatories.items()
    }
    signing.text_digest = text_digest(convention)
    signing.edition += 1
    signing.recorded_by, signing.recorded_by_name = by, str(by)
    signing.recorded_at = timezone.now()
    signing.save()
    notify(SigningRecorded(signing))
    return signing


def _refuse(convention: Convention, recorded: Recorded, signing: Signing | None) -> Refusal | None:
    """Return what is wrong or missing in what is recorded, or None."""
    day = recorded.signed_on
    if day > timezone.localdate():
        return Refusal("La signature est à venir : enregistrez-la une fois la convention signée.")
    if day > convention.end:
        return Refusal(
            f"La convention prend fin le {long_date(convention.end)} : elle n’est pas signée après."
        )
    if later := councils_after(convention, day):
        return Refusal(
            "La signature ne précède pas la délibération qui l’autorise : "
            f"{enumerate_words(later)}."
        )
    names = [party.organisation for party in parties_of(convention)]
    missing = [row.the for row in names if not recorded.signatories.get(row.acronym)]
    if missing:
        return Refusal(f"Il manque qui a signé pour {enumerate_words(missing)}.")
    if recorded.scan is None and signing is None:
        return Refusal("Il manque le document signé.")
    return None


@event(Subject.COMMITTEE)
def withdraw(convention: Convention, *, revision: int | None, by: User) -> None:
    """Withdraw the signature that is recorded and not confirmed; it stays stored. Raises
    Refused."""
    convention = lock_convention(convention.pk)
    enforce(rights.may_record(by, convention))
    signing = _open(convention)
    check_revision(signing, revision)
    if signing is None:
        raise Refused(rights.GONE)
    signing.withdrawn_at = timezone.now()
    signing.save()


@event(Subject.COMMITTEE)
def confirm(
    convention: Convention, organisation: Organisation, *, revision: int | None, by: User
) -> Signing:
    """Confirm the recorded signature for a party; with the last party whose agreement is required,
    the convention is signed. Raises Refused."""
    convention, signing = _shown(convention, revision)
    required = required_of(convention)
    confirmations = confirmations_of(signing)
    if organisation not in required:
        raise Refused(Refusal(f"La convention ne requiert pas l’accord {organisation.genitive}."))
    bench = bench_of(convention, timezone.localdate())
    enforce(rights.may_confirm(by, organisation, signing, confirmations, bench))
    seats = [seat for seat in bench.speakers(organisation.pk) if seat.user_id == by.pk]
    capacity = f"référent des accès {organisation.genitive}"
    if seats:
        capacity = f"{seats[0].capacity}, {organisation}"
    confirmation = _confirm(signing, organisation, capacity, by=by)
    parties = {row.organisation_id for row in [*confirmations, confirmation]}
    if all(party.pk in parties for party in required):
        _sign(convention, signing)
    return signing


@event(Subject.COMMITTEE)
def confirm_on_scan(convention: Convention, *, revision: int | None, operator: User) -> Signing:
    """Confirm the recorded signature for the host, who has read the scan: the convention is signed.
    Raises Refused."""
    convention, signing = _shown(convention, revision)
    enforce(rights.may_confirm_on_scan(operator, signing))
    _confirm(signing, None, "hébergeur du portail, sur le document signé", by=operator)
    _sign(convention, signing)
    return signing


def _confirm(
    signing: Signing, organisation: Organisation | None, capacity: str, *, by: User
) -> SigningConfirmation:
    """Store a confirmation and return it; what was shown of the signature has changed."""
    signing.count_writing()
    return SigningConfirmation.objects.create(
        signing=signing, edition=signing.edition, organisation=organisation,
        by=by, by_name=str(by), capacity=capacity,
    )  # fmt: skip


def _sign(convention: Convention, signing: Signing) -> None:
    """Bring the convention to what its file would say once signed, by the event that loads one:
    its text is agreed to by all parties. Raises Refused where the format refuses that."""
    content = copy.deepcopy(read_content(convention))
    content["convention"] |= {
        "signee_le": signing.signed_on.isoformat(), "signee_a": signing.signed_at
    }  # fmt: skip
    for party in content["parties"]:
        party["signataires"] = signing.signatories[party["sigle"]]
    try:
        with changing():
            apply(file_of(content, {}), is_from_host=False)
    except ConventionFileError as error:
        raise Refused(Refusal(f"La convention ne peut pas être signée ainsi : {error}")) from None
    signing.confirmed_at = timezone.now()
    signing.save()
    notify(SigningConfirmed(signing))


def _shown(convention: Convention, revision: int | None) -> tuple[Convention, Signing]:
    """Lock the convention and its open signature; return both. Raises Refused where that is no
    longer what was shown, or the text has changed since it was recorded."""
    convention = lock_convention(convention.pk)
    signing = _open(convention)
    if signing is None:
        raise Refused(rights.GONE)
    check_revision(signing, revision, rights.STALE)
    if signing.text_digest != text_digest(convention):
        raise Refused(rights.TEXT_CHANGED)
    return convention, signing


def _open(convention: Convention) -> Signing | None:
    """Return the signature that awaits confirmation, locked, or None."""
    rows = Signing.objects.open().of(convention).select_for_update(of=("self",))
    return rows.first()
