"""From an EPCI and a pasted outline to a convention, page by page."""

import datetime
import io

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.events import anonymise
from conventions.access.rights import coordinates
from conventions.loading import load
from conventions.loading.content import content_of
from conventions.loading.dump import text_of as text_of_file
from conventions.models import (
    Axis,
    Convention,
    Membership,
    MembershipOffer,
    Objective,
    Project,
    Role,
)
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.conventions.setting_up.conftest import LUMBRES, PLAN, fields_of, send

NEW = "/conventions/nouvelle/"


def read(response) -> str:
    return text_of(response.content.decode()).replace("\u00a0", " ")


def jpeg() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(written, "JPEG")
    return written.getvalue()


def prepare(client) -> str:
    """Go through the steps; return the address of the project."""
    territory = client.post(f"{NEW}commencer/").url
    project = territory.removesuffix("territoire/")
    send(client, territory, ajouter=f"epci:{LUMBRES}")
    for key in ("caf:62", f"epci:{LUMBRES}", "msa:62"):
        party = client.post(f"{project}parties/", {"ajouter": key}).url
        send(client, party, email=f"{key[:3]}@lumbres.example", email_source="son site")
    send(client, f"{project}cadre/", start="2027-01-01", end="2031-12-31")
    send(client, f"{project}axes/", outline=PLAN)
    send(client, f"{project}personnes/", coordinates_for="CC Pays de Lumbres")
    return project


def test_a_newcomer_sets_up_the_convention_of_her_epci(as_newcomer, newcomer):
    project = prepare(as_newcomer)
    page = as_newcomer.get(f"{project}relire/")
    assert title(page) == "La convention est prête à être créée"
    created = as_newcomer.post(f"{project}relire/")
    convention = Convention.objects.get()
    assert created.url == convention.get_absolute_url()
    assert convention.slug == "cc-du-pays-de-lumbres-2027"
    assert (convention.start, convention.end) == (
        datetime.date(2027, 1, 1), datetime.date(2031, 12, 31)
    )  # fmt: skip
    assert not convention.is_signed
    assert convention.communes.count() == 36
    assert convention.communes.get(insee_code="62534").population == 3579
    assert "2023" in convention.population_source
    assert [axis.title for axis in Axis.objects.all()] == [
        "Accès aux droits", "Services aux familles"
    ]  # fmt: skip
    assert Objective.objects.of(convention).count() == 3
    assert coordinates(newcomer, convention)
    [membership] = Membership.objects.all()
    assert (membership.role, membership.organisation.acronym) == (
        Role.COORDINATOR, "CC Pays de Lumbres"
    )  # fmt: skip
    assert as_newcomer.get(created.url).status_code == 200


def test_an_unsigned_convention_is_edited_on_the_same_pages(as_newcomer):
    project = prepare(as_newcomer)
    as_newcomer.post(f"{project}relire/")
    axis = Axis.objects.get(title="Accès aux droits")
    send(as_newcomer, f"{project}axes/", outline=PLAN.replace("Accès aux droits", "Vivre ici"))
    send(as_newcomer, f"{project}cadre/", end="2030-12-31")
    as_newcomer.post(f"{project}relire/")
    axis.refresh_from_db()
    assert axis.title == "Vivre ici"
    assert Convention.objects.get().end == datetime.date(2030, 12, 31)
    assert content_of(Convention.objects.get(), {})["axes"][0]["titre"] == "Vivre ici"


def test_the_review_lists_what_is_missing_with_its_page(as_newcomer, project):
    page = as_newcomer.get(reverse("conventions:project_review", args=[project.pk]))
    assert title(page) == "Il reste 7 choses à régler avant de créer la convention"
    text = read(page)
    for expected in ("Fin : à donner", "aucune partie", "aucun axe", "vous coordonnez"):
        assert expected in text
    assert "Créer la convention" not in text
    refused = as_newcomer.post(page.request["PATH_INFO"], follow=True)
    assert "Il manque encore quelque chose" in read(refused)
    assert not Convention.objects.exists()


def test_an_identifier_that_is_taken_is_refused_at_its_field(as_newcomer, project, convention):
    address = reverse("conventions:project_frame", args=[project.pk])
    page = send(as_newcomer, address, slug=convention.slug)
    assert "a déjà cet identifiant" in read(page)
    page = send(as_newcomer, address, slug="nouvelle")
    assert "est une page du portail" in read(page)
    page = send(as_newcomer, address, start="2027-01-01", end="2026-01-01", slug="a")
    assert "précède le début" in read(page)


def test_who_is_not_allowed_learns_whom_to_ask(client, db):
    client.force_login(f.UserFactory())
    page = client.get(NEW)
    assert page.status_code == 403
    assert "hébergeur" in read(page)
    assert "hébergeur" in read(client.post(f"{NEW}commencer/", follow=True))
    assert not Project.objects.exists()


def test_a_project_does_not_exist_for_others(client, project):
    client.force_login(f.UserFactory(opens_conventions=True))
    assert (
        client.get(reverse("conventions:project_territory", args=[project.pk])).status_code == 404
    )


@pytest.mark.parametrize("step", ["territory", "frame", "outline", "articles", "people"])
def test_the_second_person_at_a_step_sees_both_texts(as_newcomer, project, step):
    address = reverse(f"conventions:project_{step}", args=[project.pk])
    project.content["parties"] = [{"sigle": "Caf", "nom": "Caf"}, {"sigle": "CC", "nom": "CC"}]
    project.save()
    colleague = f.UserFactory(first_name="Awa", last_name="Diop")
    project.shared_with.add(colleague)
    field, mine, theirs = {
        "territory": ("territory", "Le mien", "Le leur"),
        "frame": ("title", "Le mien", "Le leur"),
        "outline": ("outline", "1. Le mien\n- a\n", "1. Le leur\n- a\n"),
        "articles": ("text", "Le mien", "Le leur"),
        "people": ("coordinates_for", "Caf", "CC"),
    }[step]
    mine_sent = fields_of(as_newcomer, address) | {field: mine}
    as_newcomer.force_login(colleague)
    send(as_newcomer, address, **{field: theirs})
    as_newcomer.force_login(project.owner)
    page = as_newcomer.post(address, mine_sent)
    assert "Awa Diop a enregistré autre chose" in read(page)
    assert mine.split("\n")[0] in page.text
    again = page.context["form"].data["revision"]
    page = as_newcomer.post(address, mine_sent | {"revision": again})
    assert page.status_code == 302


def test_two_people_at_different_steps_do_not_disturb_each_other(as_newcomer, project):
    frame = reverse("conventions:project_frame", args=[project.pk])
    sent = fields_of(as_newcomer, frame) | {"title": "CTG"}
    territory = reverse("conventions:project_territory", args=[project.pk])
    send(as_newcomer, territory, territory="Pays")
    assert as_newcomer.post(frame, sent).status_code == 302
    project.refresh_from_db()
    assert project.heading["titre"] == "CTG"
    assert project.heading["territoire"] == "Pays"


def test_logo_source_and_invitations_come_with_the_convention(as_newcomer, newcomer):
    project = prepare(as_newcomer)
    image = SimpleUploadedFile("caf.jpg", jpeg(), "image/jpeg")
    page = send(as_newcomer, f"{project}parties/1/", logo=image)
    assert page.status_code == 302
    assert 'alt="Logo actuel"' in as_newcomer.get(f"{project}parties/1/").text
    people = {"email_1": "agent@caf.example", "party_1": "Caf 62", "role_1": "contributor"}
    send(as_newcomer, f"{project}personnes/", **people)
    as_newcomer.post(f"{project}relire/")
    party = Convention.objects.get().organisations.get(acronym="Caf 62")
    assert party.party.logo.name.endswith(".png")
    assert (party.email, party.email_source, party.email_confirmed_at) == (
        "caf@lumbres.example", "son site", None
    )  # fmt: skip
    [offer] = MembershipOffer.objects.all()
    assert (offer.invitation.email, offer.organisation) == ("agent@caf.example", party)
    assert [message.to for message in mail.outbox] == [["agent@caf.example"]]


def test_a_logo_that_is_no_image_is_refused_at_its_field(as_newcomer, project):
    address = reverse("conventions:add_project_party", args=[project.pk])
    for content, expected in ((b"<svg/>", "enregistrer en PNG"), (b"rien", "ni une image PNG")):
        page = send(as_newcomer, address, logo=SimpleUploadedFile("a.png", content), name="Caf")
        assert expected in read(page)
        assert 'value="Caf"' in page.text


def test_a_logo_of_forty_megapixels_is_refused_at_its_field(as_newcomer, project):
    written = io.BytesIO()
    Image.new("1", (8000, 5000)).save(written, "PNG")
    party = as_newcomer.post(f"{NEW}{project.pk}/parties/", {"ajouter": "caf:62"}).url
    logo = SimpleUploadedFile("logo.png", written.getvalue(), content_type="image/png")
    page = send(as_newcomer, party, logo=logo)
    assert page.context["form"].errors["logo"] == [
        "Cette image a plus de 30 millions de pixels ; la réduire."
    ]
    assert not project.logos.exists()


def test_the_plan_of_another_convention_is_taken_over(as_newcomer, newcomer, project):
    theme = f.ThemeFactory(title="Petite enfance", since__convention__slug="voisine")
    f.ObjectiveFactory(theme=theme, title="Créer trente places")
    f.MembershipFactory(user=newcomer, convention=theme.axis.convention)
    address = reverse("conventions:project_outline", args=[project.pk])
    assert "Reprendre le plan d’une autre convention" in read(as_newcomer.get(address))
    send(as_newcomer, address, reprendre="voisine")
    project.refresh_from_db()
    [axis] = project.content["axes"]
    [taken] = axis["thematiques"]
    assert (axis["titre"], taken["titre"]) == (theme.axis.title, "Petite enfance")
    assert [objective["titre"] for objective in taken["objectifs"]] == ["Créer trente places"]


def test_the_plan_of_a_convention_that_one_does_not_see_is_not_taken_over(as_newcomer, project):
    f.ThemeFactory(since__convention__slug="voisine")
    address = reverse("conventions:project_outline", args=[project.pk])
    assert send(as_newcomer, address, reprendre="voisine").status_code == 404


def test_an_address_that_the_host_has_confirmed_stays(as_newcomer):
    """Who prepares the convention proposes an official address, and has no say in it later."""
    project = prepare(as_newcomer)
    as_newcomer.post(f"{project}relire/")
    organisations = Convention.objects.get().organisations
    organisations.filter(acronym="Caf 62").update(email_confirmed_at=timezone.now())
    for number in (1, 2):
        send(as_newcomer, f"{project}parties/{number}/", email="autre@lumbres.example")
    as_newcomer.post(f"{project}relire/")
    assert organisations.get(acronym="Caf 62").email == "caf@lumbres.example"
    assert organisations.get(acronym="CC Pays de Lumbres").email == "autre@lumbres.example"


def test_only_the_coordination_brings_a_convention_up_to_date(as_newcomer, newcomer):
    project = prepare(as_newcomer)
    as_newcomer.post(f"{project}relire/")
    row = Project.objects.get()
    other = f.UserFactory(opens_conventions=True)
    row.shared_with.add(other)
    as_newcomer.force_login(other)
    send(as_newcomer, f"{project}axes/", outline="1. Autre\n- a")
    refused = as_newcomer.post(f"{project}relire/", follow=True)
    assert "Seule la coordination" in read(refused)
    assert not Axis.objects.filter(title="Autre").exists()


def test_a_signed_convention_is_no_longer_edited(as_newcomer):
    project = prepare(as_newcomer)
    as_newcomer.post(f"{project}relire/")
    Convention.objects.update(signed_on=datetime.date(2027, 1, 1))
    page = as_newcomer.get(f"{project}axes/")
    assert "par un avenant" in read(page)
    assert "<textarea" not in page.text
    refused = as_newcomer.post(f"{project}axes/", {"outline": "1. A", "has_themes": "oui"})
    assert "par un avenant" in read(refused)


# A file loaded over it ---------------------------------------------------------------------------


@pytest.fixture
def loaded_over(as_newcomer, tmp_path):
    """A convention whose file was edited by hand and loaded; the address of its project."""
    project = prepare(as_newcomer)
    as_newcomer.post(f"{project}relire/")
    file = tmp_path / "ctg.yaml"
    text = text_of_file(content_of(Convention.objects.get(), {}))
    file.write_text(text.replace("Accès aux droits", "Vivre ici"))
    load(file)
    return project


def test_a_file_loaded_over_a_project_is_not_written_over(as_newcomer, loaded_over):
    page = as_newcomer.get(f"{loaded_over}relire/")
    assert "modifiée autrement que par ces pages" in read(page)
    assert "diffère : Axes." in read(page)
    as_newcomer.post(f"{loaded_over}relire/")
    assert Axis.objects.filter(title="Vivre ici").exists()


def test_who_prepares_takes_the_file_or_stays_with_the_project(as_newcomer, loaded_over):
    as_newcomer.post(f"{loaded_over}relire/", {"garder": "convention"})
    assert "Vivre ici" in as_newcomer.get(f"{loaded_over}axes/").text
    assert "modifiée autrement" not in read(as_newcomer.get(f"{loaded_over}relire/"))
    as_newcomer.post(f"{loaded_over}relire/")
    assert Axis.objects.filter(title="Vivre ici").exists()


def test_who_prepares_may_write_over_a_file(as_newcomer, loaded_over):
    as_newcomer.post(f"{loaded_over}relire/", {"garder": "projet"})
    as_newcomer.post(f"{loaded_over}relire/")
    assert not Axis.objects.filter(title="Vivre ici").exists()


# Sharing -----------------------------------------------------------------------------------------


def test_a_project_is_shared_handed_on_and_deleted(as_newcomer, newcomer, project):
    colleague = f.UserFactory(email="awa@lumbres.example")
    manage = reverse("conventions:project_manage", args=[project.pk])
    assert "Aucun compte" in read(send_first(as_newcomer, manage, email="rien@lumbres.example"))
    send_first(as_newcomer, manage, email="awa@lumbres.example")
    assert list(project.shared_with.all()) == [colleague]
    args = [project.pk, colleague.pk]
    as_newcomer.post(reverse("conventions:hand_on_project", args=args))
    project.refresh_from_db()
    assert project.owner == colleague
    assert list(project.shared_with.all()) == [newcomer]
    as_newcomer.post(reverse("conventions:delete_project", args=[project.pk]))
    assert Project.objects.exists()
    as_newcomer.force_login(colleague)
    as_newcomer.post(reverse("conventions:delete_project", args=[project.pk]))
    assert not Project.objects.exists()


def send_first(client, address, **values):
    return client.post(address, values, follow=True)


def test_the_projects_of_an_account_that_ends_go_to_who_shares_them(project, newcomer):
    alone = Project.objects.create(owner=newcomer)
    heir = f.UserFactory()
    project.shared_with.add(heir)
    anonymise(newcomer, by=None)
    project.refresh_from_db()
    assert project.owner == heir
    assert not Project.objects.filter(pk=alone.pk).exists()


def test_what_is_sent_after_the_session_has_ended_is_given_back(as_newcomer, newcomer, project):
    address = reverse("conventions:project_outline", args=[project.pk])
    sent = fields_of(as_newcomer, address) | {"outline": PLAN}
    Session.objects.all().delete()
    as_newcomer.post(address, sent)
    as_newcomer.force_login(newcomer)
    assert "Créer trente places d’accueil" in as_newcomer.get(reverse("typed")).text
