"""Six hundred points: found by axis, situation or words, page by page, at the price of twelve."""

import uuid

import pytest
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement, Answer, State, Version
from committee.models import Comment
from committee.points.inbox import PAGE_SIZE
from conventions.models import Objective, Origin, Standing
from tests import factories as f
from tests.accounts.reading import text_of
from tests.agreements.factories import SeatFactory, committee_of
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@told_once
def committee():
    committee = committee_of()
    axis = committee.orientation.theme.axis
    axis.number = 9  # none of those of the many
    axis.save()
    return committee


@pytest.fixture
def read(client, committee):
    def get(user, query=""):
        client.force_login(user)
        return client.get(reverse("committee:points", args=[committee.convention.slug]) + query)

    return get


def titles(response) -> list[str]:
    return [
        card.version.title
        for section in response.context["listing"].sections
        for part in section.parts
        for card in part.cards
    ]


def make_many(committee, count: int) -> None:
    """Write proposed points on three axes in bulk.

    Each changes a version in force, is commented, has an avis; every fourth is agreed by the other
    party, every fifth of the rest comes back.
    """
    objectives = _objectives(committee, count)
    versions = []
    for number, state in [(1, State.IN_FORCE), (2, State.PROPOSED)]:
        made = [_version(committee, row, n, number, state) for n, row in enumerate(objectives)]
        versions = Version.objects.bulk_create(made)
    for version in versions:
        version.convention = committee.convention
    Agreement.objects.bulk_create(
        entry for n, version in enumerate(versions) for entry in _entries(committee, version, n)
    )
    Comment.objects.bulk_create(
        Comment(version=v, user=committee.caf_member, person_name="Anne", text="Bien")
        for v in versions
    )


def _objectives(committee, count: int) -> list[Objective]:
    convention = committee.convention
    for number in {3, 4, 5} - set(convention.axes.values_list("number", flat=True)):
        f.ObjectiveFactory(theme__axis__convention=convention, theme__axis__number=number)
    signed = Objective.objects.of(convention).filter(origin=Origin.SIGNATURE)
    parents = list(signed.filter(theme__axis__number__in=[3, 4, 5]).in_reading_order())
    return Objective.objects.bulk_create(
        Objective(
            theme=parents[n % 3].theme, parent=parents[n % 3], since=parents[n % 3].since,
            rank=6000 + n, origin=Origin.COMMITTEE, standing=Standing.IN_FORCE,
            title=f"Objectif {n}",
        )
        for n in range(count)
    )  # fmt: skip


def _version(committee, row, n: int, number: int, state: str) -> Version:
    version = Version(
        convention=committee.convention, subject=row, kind="objective", schema=1,
        number=number, state=State.DRAFT, origin=Origin.COMMITTEE, author_name="Claire",
        title=f"Objectif {n}", proposed_at=timezone.now(),
        in_force_at=timezone.now() if state == State.IN_FORCE else None,
    )  # fmt: skip
    version.write(committee.content(f"Objectif {n} de {uuid.uuid4()}"))
    version.state = state
    version.index()
    return version


def _entries(committee, version, n: int):
    caf, epci = committee.caf_seat, committee.epci_seat
    yield _entry(version, caf, Answer.FAVOURABLE, seat_kind="adviser")
    if n % 4 == 0:
        yield _entry(version, epci, Answer.AGREED)
    elif n % 5 == 0:
        yield _entry(version, epci, Answer.CHANGE_REQUESTED, reason="Plus tôt")


def _entry(version, seat, answer, **values):
    return Agreement(
        version=version, organisation=seat.organisation, rank=1, answer=answer, seat=seat,
        user=seat.user, entered_by=seat.user, person_name=seat.name, capacity=seat.capacity,
        **{"seat_kind": seat.kind} | values,
    )  # fmt: skip


def count_queries(read, user, query="") -> int:
    with CaptureQueriesContext(connection) as queries:
        assert read(user, query).status_code == 200
    return len(queries)


def test_twelve_and_six_hundred_points_cost_the_same_queries(committee, read):
    people = {"member": committee.caf_member, "coordinator": committee.coordinator}
    pages = ["", "?mots=objectif", "?axe=3", "?etat=retournes", "?page=2"]

    def counts():
        for user in people.values():
            read(user)  # content types and the like are cached by the first request
        return {
            (who, page): count_queries(read, user, page)
            for who, user in people.items()
            for page in pages
        }

    make_many(committee, 12)
    few = counts()
    make_many(committee, 588)
    assert Version.objects.proposed().count() == 600
    assert counts() == few
    assert max(few.values()) < 36


def test_the_page_of_one_point_reads_no_other(committee, client):
    """Where one is among hundreds is told by their keys: no row of theirs is made."""
    version = committee.proposed("Ouvrir un espace")
    page = reverse("committee:point", args=[committee.convention.slug, version.pk])

    def read_by(user) -> tuple[int, int]:
        client.force_login(user)
        client.get(page)
        made = []
        post_init.connect(lambda sender, **_: made.append(sender), weak=False, dispatch_uid="made")
        try:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
        finally:
            post_init.disconnect(dispatch_uid="made")
        return len(queries), len([model for model in made if model in (Version, Agreement)])

    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    people = committee.caf_member, committee.epci_member, committee.coordinator, adviser
    make_many(committee, 12)
    few = [read_by(user) for user in people]
    make_many(committee, 60)
    assert [read_by(user) for user in people] == few


def test_a_page_of_six_hundred_points_stays_light(committee, read):
    make_many(committee, 600)
    response = read(committee.caf_member)
    assert len(titles(response)) == PAGE_SIZE
    assert len(response.content) < 150_000
    text = text_of(response.content.decode())
    assert "510 points attendent la réponse de la Caf d’Exemple" in text.replace("\u202f", " ")
    assert "Page 1 sur 30" in text
    assert "Page 30 sur 30" in text_of(read(committee.caf_member, "?page=30").content.decode())


def test_every_point_is_on_one_page_and_one_only(committee, read):
    make_many(committee, 3 * PAGE_SIZE + 3)
    listed = [
        t for page in range(1, 5) for t in titles(read(committee.caf_member, f"?page={page}"))
    ]
    assert len(listed) == len(set(listed)) == 3 * PAGE_SIZE + 3


def test_the_last_one_or_two_points_join_the_page_before(committee, read):
    make_many(committee, PAGE_SIZE + 2)
    response = read(committee.caf_member)
    assert len(titles(response)) == PAGE_SIZE + 2
    assert "Page 1 sur" not in text_of(response.content.decode())


def test_a_page_that_does_not_exist_is_the_nearest(committee, read):
    make_many(committee, 3)
    assert len(titles(read(committee.caf_member, "?page=99"))) == 3
    assert len(titles(read(committee.caf_member, "?page=abc"))) == 3


def test_points_are_narrowed_by_axis_situation_and_words(committee, read):
    make_many(committee, 24)
    user = committee.caf_member
    on_axis = titles(read(user, "?axe=4"))
    assert sorted(on_axis) == sorted(f"Objectif {n}" for n in range(24) if n % 3 == 1)
    assert titles(read(user, "?etat=retournes&axe=3")) == ["Objectif 15"]
    committee.proposed("Ouvrir une crèche à Naintré")
    assert titles(read(user, "?mots=CRECHE+naintre")) == ["Ouvrir une crèche à Naintré"]
    assert titles(read(user, "?mots=crèche&axe=4")) == []
    assert titles(read(user, "?axe=convention")) == []


def test_the_title_does_not_depend_on_what_is_searched(committee, read):
    make_many(committee, 8)
    response = read(committee.caf_member, "?mots=introuvable")
    text = text_of(response.content.decode())
    assert "Sept points attendent la réponse" in text
    assert "0 point répond à votre recherche" in text
    assert "Tout montrer" in text


@pytest.mark.parametrize("query", ["?axe=99", "?etat=inconnu", "?axe=3%00", "?mots=%21%21"])
def test_what_makes_no_sense_is_no_error(committee, read, query):
    make_many(committee, 8)
    assert read(committee.caf_member, query).status_code == 200


def test_what_was_asked_is_kept_from_page_to_page(committee, read):
    make_many(committee, 3 * (PAGE_SIZE + 3))
    html = read(committee.caf_member, "?axe=4&page=1").content.decode()
    assert 'href="?axe=4&amp;page=2"' in html


def test_the_search_is_offered_where_there_is_much_to_search(committee, read):
    make_many(committee, 5)
    assert "Chercher parmi les points" not in read(committee.caf_member).content.decode()
    make_many(committee, 1)
    assert "Chercher parmi les points" in read(committee.caf_member).content.decode()
