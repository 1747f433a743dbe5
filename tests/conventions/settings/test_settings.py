"""What is not the text is changed from pages, logged, and taken back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from conventions.access import organisations
from conventions.journal.models import Setting
from conventions.models import Convention, Organisation, SettingChange
from conventions.parties.logos import stored_logo
from conventions.settings import events
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.stories import told_once

PAGE = "/conventions/vallee/reglages/"


def read(response) -> str:
    return text_of(response.content.decode()).replace("\u00a0", " ")


def png(colour="navy", size=(40, 20)) -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, "PNG")
    return SimpleUploadedFile("logo.png", written.getvalue(), content_type="image/png")


@told_once
def party(coordinator, caf):
    """The party « Caf de la Vienne », with a référent."""
    return f.PartyFactory(organisation=caf, address="1 rue Neuve, Poitiers")


@told_once
def referent(party):
    return f.referent_of(party.organisation)


@pytest.fixture
def as_referent(client, referent):
    client.force_login(referent)
    return client


def address_of(party) -> str:
    return f"{PAGE}parties/{party.organisation_id}/"


def send(client, page, /, **values):
    """Send a form with the revision that its page carries."""
    form = client.get(page).context["form"]
    return client.post(
        page, {name: form[name].value() or "" for name in form.fields if name != "logo"} | values
    )


class TestConvention:
    def test_contact_is_changed_logged_and_shown(self, as_coordinator, coordinator, party):
        send(as_coordinator, f"{PAGE}contact/", contact="Claire Morin, 05 49 00 00 00")
        assert Convention.objects.get().contact == "Claire Morin, 05 49 00 00 00"
        [change] = SettingChange.objects.all()
        assert (change.setting, change.before, change.after, change.by, change.capacity) == (
            "contact", "", "Claire Morin, 05 49 00 00 00", coordinator.user, "coordination"
        )  # fmt: skip
        parties = as_coordinator.get("/conventions/vallee/signataires/")
        assert "Une question : Claire Morin, 05 49 00 00 00" in read(parties)

    def test_words_are_of_every_page_at_once(self, as_coordinator, convention, party):
        address = f"{PAGE}mots/"
        as_coordinator.get("/conventions/vallee/axes/")
        send(as_coordinator, address, axe_un="Travail", axe_des="Travaux", axe_genre="m")
        convention.refresh_from_db()
        assert convention.labels == {"axe": {"un": "Travail", "des": "Travaux", "genre": "m"}}
        assert "Travaux et objectifs" in read(as_coordinator.get(PAGE))

    def test_an_emptied_word_is_the_usual_noun(self, as_coordinator, convention):
        Convention.objects.update(labels={"axe": "Enjeu", "secteur": "Bassin"})
        send(as_coordinator, f"{PAGE}mots/", axe_un="")
        convention.refresh_from_db()
        assert convention.labels == {"secteur": "Bassin"}

    def test_a_plural_without_its_word_is_refused_at_the_word(self, as_coordinator):
        page = send(as_coordinator, f"{PAGE}mots/", axe_des="Enjeux")
        assert page.context["form"].errors == {"axe_un": ["Donnez aussi le mot au singulier."]}

    def test_a_notice_of_no_number_of_months_is_refused(self, as_coordinator, convention):
        page = send(as_coordinator, f"{PAGE}preavis/", notice_months="beaucoup")
        assert "notice_months" in page.context["form"].errors
        assert not SettingChange.objects.exists()

    def test_what_stays_as_it_is_is_not_logged(self, as_coordinator):
        send(as_coordinator, f"{PAGE}preavis/")
        assert not SettingChange.objects.exists()

    def test_who_comes_second_sees_both(self, as_coordinator, convention, coordinator):
        address = f"{PAGE}contact/"
        form = as_coordinator.get(address).context["form"]
        events.change_settings(convention, {Setting.CONTACT: "Paul Roux"}, by=coordinator.user)
        sent = {"contact": "Claire Morin", "revision": form["revision"].value()}
        page = as_coordinator.post(address, sent)
        assert "comparez les deux" in read(page)
        assert "Paul Roux" in read(page)
        send_again = page.context["form"]["revision"].value()
        as_coordinator.post(address, sent | {"revision": send_again})
        assert Convention.objects.get().contact == "Claire Morin"


class TestParty:
    def test_coordination_sets_seat_and_source(self, as_coordinator, party):
        send(as_coordinator, address_of(party), address="2 rue Haute", source_mention="Source Cnaf")
        party.refresh_from_db()
        assert (party.address, party.organisation.source_mention) == ("2 rue Haute", "Source Cnaf")
        assert SettingChange.objects.filter(organisation=party.organisation).count() == 2

    def test_a_logo_is_replaced_and_comes_back(self, as_coordinator, party, coordinator):
        send(as_coordinator, address_of(party), logo=png("navy"))
        party.refresh_from_db()
        first = stored_logo(party)
        send(as_coordinator, address_of(party), logo=png("teal"))
        party.refresh_from_db()
        assert stored_logo(party) not in (None, first)
        events.undo(SettingChange.objects.first(), by=coordinator.user)
        party.refresh_from_db()
        assert stored_logo(party) == first

    def test_a_logo_is_removed(self, as_coordinator, party):
        send(as_coordinator, address_of(party), logo=png())
        send(as_coordinator, address_of(party), without_logo="on")
        party.refresh_from_db()
        assert not party.logo

    def test_a_logo_of_forty_megapixels_is_refused_at_its_field(self, as_coordinator, party):
        page = send(as_coordinator, address_of(party), logo=png(size=(8000, 5000)))
        [message] = page.context["form"].errors["logo"]
        assert "plus de 30 millions de pixels" in message

    def test_a_referent_sets_their_own_party_alone(self, as_referent, party, convention):
        other = f.PartyFactory(organisation__convention=convention)
        page = as_referent.get(PAGE)
        assert page.status_code == 200
        assert other.organisation.name not in read(page)
        assert as_referent.get(address_of(other)).status_code == 403
        assert as_referent.get(f"{PAGE}mots/").status_code == 403
        send(as_referent, address_of(party), address="2 rue Haute")
        [change] = SettingChange.objects.all()
        assert change.capacity.startswith("référent des accès")

    def test_official_address_and_threshold_are_logged_and_not_undone_here(
        self, as_referent, party, referent
    ):
        organisation = party.organisation
        organisations.give_address(organisation, email="caf@caf.example", by=referent)
        organisations.tighten_secrecy(organisation, threshold=11, by=referent)
        page = as_referent.get(PAGE)
        assert "rien → caf@caf.example" in read(page)
        assert "5 → 11" in read(page)
        undo = reverse(
            "conventions:undo_setting", args=["vallee", SettingChange.objects.first().pk]
        )
        assert "ne s’annule pas d’ici" in read(as_referent.post(undo, follow=True))
        assert Organisation.objects.get(pk=organisation.pk).masking_threshold == 11


class TestUndoing:
    def test_a_change_is_taken_back_once(self, as_coordinator, convention, coordinator):
        events.change_settings(convention, {Setting.NOTICE: 9}, by=coordinator.user)
        change = SettingChange.objects.get()
        undo = reverse("conventions:undo_setting", args=["vallee", change.pk])
        as_coordinator.post(undo)
        convention.refresh_from_db()
        assert convention.notice_months == change.before
        assert SettingChange.objects.first().undoes == change
        assert "déjà annulé" in read(as_coordinator.post(undo, follow=True))

    def test_what_has_changed_since_is_not_taken_back(
        self, as_coordinator, convention, coordinator
    ):
        events.change_settings(convention, {Setting.NOTICE: 9}, by=coordinator.user)
        change = SettingChange.objects.get()
        events.change_settings(convention, {Setting.NOTICE: 12}, by=coordinator.user)
        undo = reverse("conventions:undo_setting", args=["vallee", change.pk])
        assert "a changé depuis" in read(as_coordinator.post(undo, follow=True))
        assert Convention.objects.get().notice_months == 12


class TestPage:
    def test_the_title_names_the_missing_official_address(self, as_coordinator, party):
        assert title(as_coordinator.get(PAGE)) == (
            "Réglages : il manque l’adresse officielle de la Caf de la Vienne"
        )

    def test_what_needs_an_amendment_is_said_with_what_is_possible_now(self, as_coordinator, party):
        text = read(as_coordinator.get(PAGE))
        assert "Une commune qui entre dans le territoire ou en sort" in text
        amendments = reverse("committee:amendments", args=["vallee"])
        assert f'href="{amendments}"' in as_coordinator.get(PAGE).text

    def test_an_unsigned_convention_is_changed_where_it_was_set_up(
        self, as_coordinator, convention, coordinator
    ):
        Convention.objects.update(signed_on=None)
        f.models.Project.objects.create(
            owner=coordinator.user, updated_by=coordinator.user, convention=convention
        )
        text = read(as_coordinator.get(PAGE))
        assert "les pages qui l’ont préparée" in text
        assert "Ce qui ne change que par avenant" not in text

    def test_who_only_contributes_has_nothing_to_set(self, as_agent):
        assert as_agent.get(PAGE).status_code == 403
