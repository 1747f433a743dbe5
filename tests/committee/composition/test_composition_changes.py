"""The journal of the committee: who changed what, in plain French."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.events import anonymise
from agreements.models import Seat, SeatKind
from agreements.seats import events as seats
from committee.composition.journal import changes_of
from ctg_portal.templatetags.french import long_date
from tests import factories as f
from tests.agreements.factories import SeatFactory, committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db
DAYS = datetime.timedelta(days=1)


@told_once
def committee():
    committee = committee_of()
    Seat.history.all().delete()
    return committee


@pytest.fixture
def today():
    return timezone.localdate()


def journal(committee) -> list[str]:
    """What the journal says, the latest first."""
    return [change.what for change in changes_of(committee.convention)]


def name(committee, **values):
    given = {"kind": SeatKind.SUBSTITUTE, "capacity": "Adjoint", "name": "Luc Roy"} | values
    return seats.name_to_seat(committee.caf, by=committee.coordinator, **given)


def test_a_nomination_says_who_for_whom_since_when(committee, today):
    name(committee, starts_on=today - 9 * DAYS)
    assert journal(committee) == [
        "nomination de Luc Roy (Adjoint), siège de suppléant pour la Caf d’Exemple, "
        f"depuis le {long_date(today - 9 * DAYS)}",
        "siège de Luc Roy à confirmer",
    ]
    change, _ = changes_of(committee.convention)
    assert change.who == str(committee.coordinator)
    assert timezone.localdate(change.at) == today


def test_an_end_says_its_last_day_and_reason(committee, today):
    seat = name(committee, starts_on=today - 9 * DAYS)
    seats.end_seat(seat, on=today, reason="Départ", by=committee.coordinator)
    assert journal(committee)[0] == (
        f"fin du mandat de Luc Roy, dernier jour le {long_date(today)} ; motif : Départ"
    )


def test_a_correction_says_before_and_after(committee):
    seat = name(committee)
    given = {"capacity": "Directeur", "by": committee.coordinator}
    seat = seats.edit_seat(seat, is_elected=True, revision=seat.revision, **given)
    assert set(journal(committee)[:2]) == {
        "qualité de Luc Roy : « Adjoint » devient « Directeur »",
        "Luc Roy a un mandat électif",
    }
    seats.edit_seat(seat, is_elected=False, revision=seat.revision, **given)
    assert journal(committee)[0] == "Luc Roy n’a pas de mandat électif"


def test_a_cancelled_nomination_is_listed_with_what_fell_with_it(committee, today):
    seat = name(committee, kind=SeatKind.MEMBER, starts_on=today + 9 * DAYS)
    name(committee, name="Anne", substitute_for=seat, starts_on=today + 9 * DAYS)
    seats.end_seat(seat, by=committee.coordinator)
    assert set(journal(committee)[:2]) == {
        "nomination de Luc Roy annulée avant son début",
        "Anne remplace désormais tout membre de son organisme",
    }


def test_absences_are_listed_from_declared_to_ended(committee, today):
    def declare(first, last):
        return seats.declare_absence(
            committee.caf_seat, starts_on=today + first * DAYS, ends_on=today + last * DAYS,
            by=committee.coordinator,
        )  # fmt: skip

    who = f"de {committee.caf_member}"
    running, announced = declare(-5, 5), declare(7, 9)
    dates = f"du {long_date(today + 7 * DAYS)} au {long_date(today + 9 * DAYS)}"
    assert journal(committee)[0] == f"absence {who} déclarée, {dates}"
    seats.end_absence(running, by=committee.caf_member)
    last_day = long_date(today - DAYS)
    assert journal(committee)[0] == f"fin de l’absence {who}, dernier jour le {last_day}"
    seats.end_absence(announced, by=committee.coordinator)
    assert journal(committee)[0] == f"absence {who} annulée ({dates})"
    assert [change.who for change in changes_of(committee.convention)] == [
        str(committee.coordinator), str(committee.caf_member),
        str(committee.coordinator), str(committee.coordinator),
    ]  # fmt: skip


def test_delegations_are_listed_from_given_to_ended(committee, today):
    user = f.MembershipFactory(organisation=committee.caf).user

    def delegate(starts_on):
        return seats.delegate(
            committee.caf_seat, user=user, capacity="Adjoint", starts_on=starts_on,
            by=committee.caf_member,
        )  # fmt: skip

    given = f"délégation de {committee.caf_member} à {user} (Adjoint)"
    delegation = delegate(today)
    assert journal(committee)[0] == f"{given} enregistrée, depuis le {long_date(today)}"
    seats.end_delegation(delegation, by=committee.caf_member)
    assert journal(committee)[0] == f"fin de la {given}, dernier jour le {long_date(today - DAYS)}"
    seats.end_delegation(delegate(today + 9 * DAYS), by=committee.caf_member)
    assert journal(committee)[0] == f"{given} annulée avant son début"


def test_the_portal_itself_and_erased_accounts_are_named_so(committee):
    SeatFactory(organisation=committee.caf, user=None)
    name(committee)
    f.MembershipFactory(organisation=committee.epci, coordinator=True)
    anonymise(committee.coordinator, by=None)
    whos = {change.who for change in changes_of(committee.convention)}
    assert whos == {"Le portail", "Compte supprimé"}


def test_changes_of_another_convention_are_left_out(committee):
    seats.name_to_seat(
        committee_of().caf, kind=SeatKind.MEMBER, name="Étrangère", capacity="Maire", by=None
    )
    assert journal(committee) == []


def test_many_changes_ask_as_many_queries_as_few(committee, today):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            changes_of(committee.convention)
        return len(captured)

    def change_something(n: int):
        seat = name(committee, kind=SeatKind.MEMBER, name=f"Personne {n}")
        seats.declare_absence(seat, starts_on=today, ends_on=None, by=committee.coordinator)
        user = f.MembershipFactory(organisation=committee.caf).user
        SeatFactory(organisation=committee.caf, user=user)

    change_something(0)
    each = queries()
    for n in range(1, 10):
        change_something(n)
    assert queries() == each == 3
