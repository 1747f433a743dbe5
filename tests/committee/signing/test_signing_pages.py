"""The pages of the signature: what they show, take, refuse and keep."""

import hashlib
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from committee.signing.models import Signing
from conventions.models import Convention, Party
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.committee.scene import PDF
from tests.committee.signing.scene import DAYS, SigningScene, a_scan, content, load, signed_on
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def scene():
    return SigningScene()


@pytest.fixture
def ask(client, scene):
    """``ask(user, name, *args)`` shows a page, with ``data`` sends its form."""

    def do(user, name="signing", *args, **data):
        client.force_login(user)
        url = reverse(f"committee:{name}", args=[scene.convention.slug, *args])
        return client.post(url, data, follow=True) if data else client.get(url)

    return do


def typed(scene, **values) -> dict:
    """What somebody types of the signature."""
    parties = Party.objects.filter(organisation__convention=scene.convention)
    people = {"CAF 99": "Jeanne MARTIN, Directrice", "CCVE": "Paul DURAND, Président"}
    names = {f"p{party.pk}": people[party.organisation.acronym] for party in parties}
    days = {"signed_on": signed_on().isoformat(), "signed_at": "Poitiers", "revision": "0"}
    return days | names | {"scan": a_scan()} | values


def read(response) -> str:
    assert response.status_code == 200
    return " ".join(unescape(text_of(response.content.decode())).split())


def test_the_coordination_records_two_people_confirm_and_all_read_the_signature(scene, ask):
    page = ask(scene.coordinator, "record_signing", **typed(scene))
    assert title(page) == (
        "La signature est enregistrée, à confirmer pour la Caf d’Exemple et Vallée-Exemple"
    )
    for organisation, person in (
        (scene.caf, scene.caf_member), (scene.epci, scene.epci_referent)
    ):  # fmt: skip
        page = ask(person, "confirm_signing", organisation.pk)
        assert "ne s’annule pas" in read(page)
        assert not Convention.objects.get().is_signed
        revision = page.context["form"]["revision"].value()
        page = ask(person, "confirm_signing", organisation.pk, revision=revision)
    assert "la convention est signée" in read(page)
    text = read(ask(scene.reader))
    assert "Jeanne MARTIN, Directrice" in text
    assert "Poitiers" in text
    assert hashlib.sha256(PDF).hexdigest() in text
    assert ask(scene.reader, "signing_scan").content == PDF


def test_what_awaits_a_confirmation_is_the_first_task(scene, client):
    scene.record()
    client.force_login(scene.caf_member)
    page = client.get(scene.convention.get_absolute_url())
    assert title(page) == "La signature est à confirmer pour la Caf d’Exemple"
    assert reverse("committee:confirm_signing", args=["vallee", scene.caf.pk]) in page.text


def test_the_dashboard_of_the_coordination_leads_to_the_signature(scene, client):
    client.force_login(scene.coordinator)
    url = reverse("committee:signing", args=["vallee"])
    assert url in client.get(scene.convention.get_absolute_url()).text
    assert url in client.get(reverse("conventions:settings", args=["vallee"])).text


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("scan", "", "Ce champ est obligatoire"),
        ("scan", SimpleUploadedFile("a.png", b"\x89PNG", "image/png"), "ne sont pas acceptés"),
        ("scan", SimpleUploadedFile("a.pdf", b"Bonjour", "application/pdf"), "n’est pas un PDF"),
        ("signed_on", (signed_on() + 4 * DAYS).isoformat(), "Ce jour est à venir"),
        ("signed_on", "", "Ce champ est obligatoire"),
        ("signed_at", "", "Ce champ est obligatoire"),
        ("party", "", "Ce champ est obligatoire"),
        ("party", "Jeanne MARTIN", "écrivez le nom, une virgule, puis la qualité"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(scene, ask, name, value, message):
    name = f"p{Party.objects.first().pk}" if name == "party" else name
    page = ask(scene.coordinator, "record_signing", **typed(scene, **{name: value}))
    errors = [str(error) for errors in page.context["form"].errors.values() for error in errors]
    assert message in " ".join(errors).replace("\u00a0", " ")
    assert not Signing.objects.exists()


def test_what_the_event_refuses_is_said_above_the_form_with_all_that_was_typed(scene, ask):
    written = content()
    written["parties"][1]["deliberation"] = (signed_on() + DAYS).isoformat()
    load(written)
    page = ask(scene.coordinator, "record_signing", **typed(scene))
    assert "ne précède pas la délibération" in read(page)
    assert page.context["form"]["signed_at"].value() == "Poitiers"


def test_the_second_to_record_is_shown_both(scene, ask):
    scene.record(signed_at="Tours")
    page = ask(scene.coordinator, "record_signing", **typed(scene))
    assert "comparez les deux" in read(page)
    assert "Tours" in read(page)
    again = typed(scene, revision=page.context["form"]["revision"].value())
    ask(scene.coordinator, "record_signing", **again)
    assert Signing.objects.get().signed_at == "Poitiers"


def test_the_scan_stays_where_no_other_is_sent(scene, ask):
    first = scene.record()
    values = typed(scene, revision=first.revision, signed_at="Tours")
    values.pop("scan")
    ask(scene.coordinator, "record_signing", **values)
    signing = Signing.objects.get()
    assert (signing.signed_at, signing.scan) == ("Tours", first.scan)


def test_who_confirms_what_was_recorded_again_reads_it_again(scene, ask):
    signing = scene.record()
    scene.record(signed_at="Tours")
    page = ask(scene.caf_member, "confirm_signing", scene.caf.pk, revision=signing.revision)
    assert "relisez-le, puis confirmez-le" in read(page)
    assert "à Tours" in read(page)
    assert not signing.confirmations.exists()


def test_what_is_recorded_is_withdrawn_after_a_question(scene, ask):
    signing = scene.record()
    assert "Retirer la signature enregistrée" in read(ask(scene.coordinator, "withdraw_signing"))
    page = ask(scene.coordinator, "withdraw_signing", revision=signing.revision)
    assert title(page) == "La signature n’est pas encore enregistrée"


def test_the_host_confirms_on_the_scan_from_its_page(scene, client):
    signing = scene.record()
    host = f.UserFactory(is_superuser=True)
    Authenticator.objects.create(user=host, type="totp", data={"secret": "A"})
    client.force_login(host)
    url = reverse("committee:host_signing", args=["vallee"])
    assert url in client.get(reverse("conventions:referents")).text
    assert client.get(reverse("committee:host_signing_scan", args=["vallee"])).content == PDF
    assert "Jeanne MARTIN, Directrice" in read(client.get(url))
    stale = client.post(url, {"revision": signing.revision + 1})
    assert "relisez-le" in read(stale)
    client.post(url, {"revision": signing.revision})
    assert Convention.objects.get().is_signed


def test_a_host_without_two_factors_confirms_nothing(scene, client):
    scene.record()
    client.force_login(f.UserFactory(is_superuser=True))
    url = reverse("committee:host_signing", args=["vallee"])
    assert client.post(url, {"revision": 0}).status_code == 404


def test_a_stranger_downloads_no_scan(scene, ask):
    scene.record()
    assert ask(f.UserFactory(), "signing_scan").status_code == 404
