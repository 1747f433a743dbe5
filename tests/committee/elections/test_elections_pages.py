"""The pages of the list of a party's élus: what they show, take, refuse and keep."""

import datetime
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agreements.models import Seat
from committee.elections.models import Renewal
from conventions.models import Membership
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.agreements.factories import SeatFactory, committee_of
from tests.committee.scene import PDF
from tests.stories import told_once

pytestmark = pytest.mark.django_db
DAYS = datetime.timedelta(days=1)


@told_once
def committee():
    committee = committee_of()
    committee.extra["referent"] = f.referent_of(committee.epci)
    return committee


@pytest.fixture
def referent(committee):
    return committee.extra["referent"]


@pytest.fixture
def seat(committee):
    return committee.epci_seat


@pytest.fixture
def ask(client, committee):
    """``ask(user, name)`` shows a page of the EPCI's list, with ``data`` sends its form."""

    def do(user, name="elections", /, **data):
        client.force_login(user)
        url = reverse(f"committee:{name}", args=[committee.convention.slug, committee.epci.pk])
        return client.post(url, data, follow=True) if data else client.get(url)

    return do


def typed(seat, **values) -> dict:
    """What somebody types of one seat: its holder leaves, Élise Moreau comes."""
    today = timezone.localdate()
    line = {
        "outcome": "leaves", "name": "Élise Moreau", "capacity": "Maire", "email": "e@example.fr"
    }  # fmt: skip
    days = {"installed_on": today - 8 * DAYS, "deliberated_on": today - 4 * DAYS, "revision": 0}
    lines = {f"s{seat.pk}-{name}": value for name, value in line.items()}
    return {name: str(value) for name, value in (days | lines | values).items()}


def read(response) -> str:
    assert response.status_code == 200
    return " ".join(unescape(text_of(response.content.decode())).split())


def test_the_coordination_prepares_and_a_referent_confirms(ask, committee, referent, seat, client):
    assert seat.name in read(ask(committee.coordinator))
    page = ask(committee.coordinator, **typed(seat))
    assert title(page) == "Après les élections : un élu part, un élu arrive"
    text = read(page)
    assert "invitation envoyée à e@example.fr" in text
    assert "son accès en lecture se ferme 7 jours après" in text
    assert "Confirmer la liste" not in text
    page = ask(referent, "review_elections")
    assert "Confirmer la liste" in read(page)
    seen = page.context["reading"].fingerprint
    sent = {"revision": page.context["form"]["revision"].value(), "vu": seen}
    page = ask(referent, "review_elections", **sent)
    assert "est confirmée" in read(page)
    assert Seat.objects.filter(name="Élise Moreau", state="confirmed").exists()
    assert "confirmée par" in read(ask(referent, "review_elections"))


def test_the_list_to_confirm_is_a_task_of_the_referent(ask, committee, referent, seat, client):
    ask(committee.coordinator, **typed(seat))
    client.force_login(referent)
    home = client.get(reverse("conventions:dashboard", args=[committee.convention.slug]))
    assert "Liste des élus" in read(home)


def test_who_confirms_a_list_that_has_changed_reads_it_again(ask, committee, referent, seat):
    ask(committee.coordinator, **typed(seat))
    sent = {"revision": "1", "vu": f"{seat.pk}:999"}
    assert "La composition a changé" in read(ask(referent, "review_elections", **sent))
    assert Renewal.objects.get().is_open


def test_the_second_to_save_sees_both_lists_and_what_is_sent_again_holds(ask, committee, seat):
    ask(committee.coordinator, **typed(seat))
    second = typed(seat) | {f"s{seat.pk}-name": "Karim Haddad"}
    page = ask(committee.coordinator, **second)
    assert "a enregistré autre chose" in read(page)
    assert "Karim Haddad" in page.content.decode()
    ask(committee.coordinator, **(second | {"revision": page.context["form"]["revision"].value()}))
    assert Renewal.objects.get().lines.get().name == "Karim Haddad"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"installed_on": "2019-01-01"}, "à plus d’un an"),
        ({"deliberated_on": "2020-01-01"}, "La délibération précède l’installation"),
        ({"installed_on": "31 février"}, "Ce jour n’existe pas"),
        ({"name": ""}, "Écrivez le nom de la personne à inviter"),
        ({"email": "pas une adresse"}, "adresse"),
    ],
)
def test_a_list_that_is_wrong_is_shown_again_with_what_was_typed(ask, committee, seat, wrong, says):
    fields = {
        name if name.endswith("_on") else f"s{seat.pk}-{name}": value
        for name, value in wrong.items()
    }
    page = ask(committee.coordinator, **(typed(seat) | fields))
    assert says in read(page)
    assert 'value="Maire"' in page.content.decode()
    assert not Renewal.objects.exists()


def test_two_lines_with_one_address_are_refused(ask, committee, seat):
    other = SeatFactory(organisation=committee.epci, is_elected=True)
    page = ask(committee.coordinator, **(typed(seat) | typed(other)))
    assert "Cette adresse est déjà celle de" in read(page)


def test_an_address_that_nobody_is_invited_by_is_not_asked_again(ask, committee, seat):
    sent = typed(seat) | {f"s{seat.pk}-outcome": "stays", f"s{seat.pk}-email": "x"}
    assert title(ask(committee.coordinator, **sent)) == "Après les élections : un élu reste"


def test_the_deliberation_is_read_by_who_prepares_the_list(ask, committee, seat, referent):
    act = SimpleUploadedFile("délibération.pdf", PDF, "application/pdf")
    ask(committee.coordinator, **typed(seat), act=act)
    assert ask(referent, "elections_act").status_code == 200
    assert ask(committee.caf_member, "elections_act").status_code == 403


def test_a_list_is_abandoned(ask, committee, seat):
    ask(committee.coordinator, **typed(seat))
    assert "Abandonner la liste" in read(ask(committee.coordinator, "abandon_elections"))
    ask(committee.coordinator, "abandon_elections", revision="1")
    assert not Renewal.objects.exists()


def test_the_page_says_who_commits_another_party(ask, committee, seat):
    sent = typed(seat) | {f"s{seat.pk}-email": committee.caf_member.email}
    text = read(ask(committee.coordinator, **sent))
    assert "une personne n’engage qu’une partie" in text
    assert "ne peut pas encore être confirmée" in text


@pytest.mark.parametrize(
    ("role", "says"),
    [
        ("contributor", "garde son accès « contribution »"),
        ("referent", "reste référent des accès"),
    ],
)
def test_the_page_says_which_access_stays(ask, committee, seat, role, says):
    f.MembershipFactory(organisation=committee.epci, user=seat.user, role=role)
    assert says in read(ask(committee.coordinator, **typed(seat))).replace("\u00a0", " ")


def test_the_page_says_that_who_leaves_is_the_only_referent(ask, committee, referent, seat):
    Membership.objects.filter(user=referent).update(ended_at=timezone.now())
    f.MembershipFactory(organisation=committee.epci, user=seat.user, role="referent")
    assert "la seule personne à ce rôle" in read(ask(committee.coordinator, **typed(seat)))


def test_the_host_confirms_from_its_page_the_list_of_who_has_no_referent(
    ask, committee, referent, seat, client
):
    ask(committee.coordinator, **typed(seat))
    Membership.objects.filter(user=referent).update(ended_at=timezone.now())
    assert "n’a pas de référent" in read(ask(committee.coordinator, "review_elections"))
    host = f.UserFactory(is_superuser=True)
    Authenticator.objects.create(user=host, type="totp", data={"secret": "A"})
    client.force_login(host)
    url = reverse("committee:host_elections", args=[committee.convention.slug, committee.epci.pk])
    assert url in client.get(reverse("conventions:referents")).content.decode()
    page = client.get(url)
    assert "pour l’hébergeur" in read(page)
    sent = {"revision": "1", "vu": page.context["reading"].fingerprint}
    client.post(url, sent, follow=True)
    assert Renewal.objects.get().is_by_host


@pytest.mark.parametrize("name", ["elections", "review_elections"])
def test_sixty_seats_ask_as_many_queries_as_five(ask, committee, name, client):
    def fill(count):
        for _ in range(count):
            SeatFactory(organisation=committee.epci, is_elected=True)
        sent = {}
        for seat in Seat.objects.filter(organisation=committee.epci):
            sent |= typed(seat) | {f"s{seat.pk}-email": f"e{seat.pk}@example.fr"}
        revision = Renewal.objects.first().revision if Renewal.objects.exists() else 0
        ask(committee.coordinator, **(sent | {"revision": str(revision)}))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            ask(committee.coordinator, name)
        return len(captured) - 4  # logging in

    fill(4)
    queries()
    few = queries()
    fill(55)
    queries()
    assert queries() == few
    assert few <= 15
