"""A seat that counts for nothing is told so beside its page: by the search, in the file, in the
archive."""

import pytest
from committee.composition.silence import silence_of
from django.urls import reverse
from django.utils import timezone

from agreements.models import Seat, SeatKind
from agreements.seats.events import name_to_seat
from agreements.seats.voices import bench_of
from committee.archive import committee_parts
from committee.composition.files import seat_columns
from conventions.models import Membership
from conventions.search.reading import search
from tests.agreements.factories import SeatFactory, committee_of, yesterday
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@told_once
def named(committee):
    """By who coordinates; nobody of the Caf has confirmed it."""
    seat = name_to_seat(
        committee.caf, kind=SeatKind.MEMBER, name="Zoé Inconnue", capacity="Directrice",
        by=committee.coordinator,
    )  # fmt: skip
    assert seat.awaits_confirmation
    return seat


def silence(committee, seat) -> str:
    return silence_of(bench_of(committee.convention, timezone.localdate()), seat)


def told_of(committee, name) -> str:
    convention = committee.convention
    groups = search(convention, convention.start, name)
    [told] = [hit.within for group in groups for hit in group.hits if group.heading == "Personnes"]
    return told


def test_the_search_says_it(committee, named):
    assert told_of(committee, "inconnue") == "Comité : membre, CAF 99, à confirmer"


def test_the_file_says_it(committee, named, client):
    client.force_login(committee.coordinator)
    url = reverse("committee:seats_file", args=[committee.convention.slug, "csv"])
    page = client.get(url)
    body = b"".join(page.streaming_content) if page.streaming else page.content
    lines = body.decode().splitlines()
    assert "Ne compte pas" in lines[0]
    [line] = [line for line in lines if "Inconnue" in line]
    assert line.endswith("à confirmer")
    assert not any("confirmer" in one for one in lines if one != line)


def test_so_does_the_archive(committee, named):
    today = timezone.localdate()
    parts = committee_parts(committee.convention, committee.coordinator, today)
    tables = [table for part in parts for table in getattr(part, "tables", ())]
    [table] = [one for one in tables if one.title == "Composition"]
    assert "à confirmer" in str(table.rows)


def test_each_silence_has_its_word(committee):
    seat = committee.caf_seat
    assert silence(committee, seat) == ""
    assert silence(committee, SeatFactory(organisation=committee.caf, ends_on=yesterday())) == ""
    Seat.objects.filter(pk=seat.pk).update(suspended_at=timezone.now())
    seat.refresh_from_db()
    assert silence(committee, seat) == "suspendu"
    other = SeatFactory(organisation=committee.caf)
    Membership.objects.filter(user=other.user).update(ended_at=timezone.now())
    assert silence(committee, other) == "n’a plus d’accès"


def test_a_column_names_it(committee):
    bench = bench_of(committee.convention, timezone.localdate())
    assert [column.label for column in seat_columns(bench)][-1] == "Ne compte pas"
