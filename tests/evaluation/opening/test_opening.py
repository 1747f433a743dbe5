"""What the parties decide to open is read by everybody, and nothing else is."""

import csv
import io
import json

import pytest
from django.urls import reverse

from agreements.answers.events import retract, undo
from agreements.models import Version
from ctg_portal.rules import Refused
from evaluation.models import PublicPage
from evaluation.opening.events import propose_opening
from evaluation.publication import events
from evaluation.writing.events import write_narrative
from indicators.disclosure.events import refresh_convention_disclosures
from tests import factories as f
from tests.committee.pages import after, page_of, value_of
from tests.evaluation.publication.scene import (
    YEAR,
    agreed,
    keep_drawn,
    published,
    submitted,
    written_year,
)
from tests.stories import told_once

# What pages make of what they read is the same on both databases.

FILE = b"%PDF published"
NOTE = "Pour que les familles lisent ce qui est fait."


@told_once
def committee(db):
    return written_year()


@told_once
def printing(committee):
    return events.request_publication(agreed(committee), by=committee.coordinator)


@pytest.fixture(autouse=True)
def _published(printing):
    """Files lie in the folder of each test."""
    keep_drawn(printing, FILE)


def opened(committee, is_open: bool = True):
    version = propose_opening(committee.convention, is_open=is_open, by=committee.coordinator)
    committee.agree(version)
    return version


@pytest.mark.parametrize("is_public", [True, False])
def test_who_publishes_reads_that_everybody_will_read_it(client, committee, is_public):
    if is_public:
        opened(committee)
    write_narrative(committee.theme, YEAR, "En mai.", revision=1, by=committee.coordinator)
    edition = agreed(committee, reason="Le mois.")
    client.force_login(committee.coordinator)
    address = reverse("evaluation:publish", args=[committee.convention.slug, YEAR, edition.pk])
    assert ("chacun la lit sans compte" in page_of(client.get(address))) is is_public


def url(committee, name: str = "years", *args) -> str:
    return reverse(f"evaluation:public_{name}", args=[committee.convention.slug, *args])


def every_address(committee) -> list[str]:
    files = [url(committee, "file", YEAR, 1, kind) for kind in ("pdf", "csv", "json")]
    return [
        url(committee),
        url(committee, "year", YEAR),
        url(committee, "version", YEAR, 1),
        *files,
    ]


def test_the_files_say_what_they_weigh(client, committee):
    opened(committee)
    page = page_of(client.get(url(committee, "year", YEAR))).replace("\xa0", " ")
    assert "Le document (PDF, 12 pages, " in page
    assert "Ses chiffres" not in page


def test_the_public_page_explains_the_convention(client, committee):
    opened(committee)
    response = client.get(reverse("evaluation:public_conventions"))
    assert "Par une convention territoriale globale (CTG)" in page_of(response)
    assert reverse("account_login") in response.content.decode()


class TestWhoDecides:
    def test_the_page_opens_once_all_parties_agree(self, client, committee):
        version = propose_opening(committee.convention, is_open=True, by=committee.coordinator)
        committee.agree(version, committee.caf_member)
        assert client.get(url(committee)).status_code == 404
        committee.agree(version, committee.epci_member)
        assert client.get(url(committee)).status_code == 200

    def test_the_coordinator_alone_proposes_to_open(self, committee):
        with pytest.raises(Refused):
            propose_opening(committee.convention, is_open=True, by=committee.caf_member)
        assert not PublicPage.objects.exists()

    def test_an_agreement_taken_back_closes_the_page(self, client, committee):
        version = opened(committee)
        retract(version, reason="Attendons.", by=committee.caf_member)
        for address in every_address(committee):
            assert client.get(address).status_code == 404

    def test_the_page_closes_once_all_parties_agree(self, client, committee):
        opened(committee)
        with pytest.raises(Refused):
            propose_opening(committee.convention, is_open=True, by=committee.coordinator)
        opened(committee, is_open=False)
        assert client.get(url(committee)).status_code == 404

    @pytest.mark.parametrize("is_undone", [True, False])
    def test_a_closing_taken_back_opens_nothing(self, client, committee, is_undone):
        """Only an opening that all parties agree to today is open."""
        opened(committee)
        closing = opened(committee, is_open=False)
        if is_undone:
            last = closing.agreements.get(organisation=committee.caf)
            undo([last], by=committee.caf_member)
        else:
            retract(closing, reason="Rouvrons.", by=committee.caf_member)
        for address in every_address(committee):
            assert client.get(address).status_code == 404
        row = PublicPage.objects.get()
        assert (row.is_open, row.is_open_to_all) == (False, False)
        closing.refresh_from_db()
        assert closing.is_proposed

    def test_the_page_of_opening_asks_to_open_after_a_closing_taken_back(self, client, committee):
        opened(committee)
        retract(opened(committee, is_open=False), reason="Rouvrons.", by=committee.caf_member)
        client.force_login(committee.coordinator)
        address = reverse("evaluation:opening", args=[committee.convention.slug])
        page = page_of(client.get(address))
        assert "elles restent réservées tant que toutes les parties" in page
        assert "La fermeture attend l’accord" in page
        assert "Demander à les ouvrir" in page
        client.post(address, {"note": "", "standing": "non"})
        assert client.get(url(committee)).status_code == 404
        committee.agree(Version.objects.proposed().get())
        assert client.get(url(committee)).status_code == 200

    def test_taking_a_closing_back_says_what_becomes_of_it(self, client, committee):
        opened(committee)
        closing = opened(committee, is_open=False)
        client.force_login(committee.caf_member)
        act = reverse("committee:retract", args=[committee.convention.slug, closing.pk])
        assert "celle qui l’était avant elle ne le redevient pas" in page_of(client.get(act))

    def test_an_opening_taken_back_after_a_closing_stays_closed(self, client, committee):
        opened(committee)
        opened(committee, is_open=False)
        retract(opened(committee), reason="Attendons.", by=committee.caf_member)
        assert client.get(url(committee)).status_code == 404

    def test_the_page_of_opening_asks_the_parties(self, client, committee):
        client.force_login(committee.coordinator)
        address = reverse("evaluation:opening", args=[committee.convention.slug])
        assert "réservées aux personnes invitées" in page_of(client.get(address))
        page = after(
            client, client.post(address, {"note": "Pour les familles.", "standing": "non"})
        )
        assert "lues par tous, sans compte" in page
        assert "attend l’accord des parties" in page_of(client.get(address))
        client.force_login(committee.caf_member)
        assert "Demander à les ouvrir" not in page_of(client.get(address))

    def test_a_form_from_before_the_opening_proposes_nothing(self, client, committee):
        """The second person on the page does not close what the first had opened."""
        client.force_login(committee.coordinator)
        address = reverse("evaluation:opening", args=[committee.convention.slug])
        shown = value_of(client.get(address), "standing")
        opened(committee)
        page = page_of(client.post(address, {"note": NOTE, "standing": shown}))
        assert "Cela a changé depuis que cette page est ouverte." in page
        assert not Version.objects.proposed().exists()
        again = client.post(address, {"note": NOTE, "standing": shown})
        assert value_of(again, "note") == NOTE
        client.post(address, {"note": NOTE, "standing": value_of(again, "standing")})
        assert Version.objects.proposed().get().content == {"is_open": False}


class TestClosed:
    def test_the_log_in_page_has_no_link_to_a_closed_page(self, client, committee):
        assert "Sans compte" not in page_of(client.get("/connexion/"))
        listed = page_of(client.get(reverse("evaluation:public_conventions")))
        assert "Aucune n’est encore publiée." in listed

    def test_a_closed_page_is_not_found(self, client, committee):
        for address in every_address(committee):
            assert client.get(address).status_code == 404

    def test_the_page_of_another_convention_stays_closed(self, client, committee):
        opened(committee)
        other = f.ConventionFactory()
        assert client.get(reverse("evaluation:public_years", args=[other.slug])).status_code == 404


class TestOpen:
    @pytest.fixture(autouse=True)
    def _open(self, committee, _published):
        opened(committee)

    def test_the_log_in_page_leads_to_open_evaluations(self, client, committee):
        every = reverse("evaluation:public_conventions")
        page = client.get("/connexion/")
        label = f"les évaluations publiées de la CTG {committee.convention.territory}"
        assert f"Sans compte, vous pouvez lire {label}" in page_of(page)
        assert f'href="{url(committee)}"' in page.content.decode()
        other = written_year()
        keep_drawn(events.request_publication(agreed(other), by=other.coordinator), FILE)
        assert f'href="{every}"' not in client.get("/connexion/").content.decode()
        opened(other)
        page = client.get("/connexion/")
        assert "les évaluations publiées de 2 conventions" in page_of(page)
        assert f'href="{every}"' in page.content.decode()
        listed = client.get(every).content.decode()
        assert f'href="{url(committee)}"' in listed
        assert f'href="{url(other)}"' in listed

    def test_the_open_page_lists_the_years(self, client, committee):
        page = page_of(client.get(url(committee)))
        assert "Évaluation 2023" in page
        assert "Licence" in page

    def test_a_year_says_what_was_published(self, client, committee):
        write_narrative(committee.theme, YEAR, "Brouillon.", revision=1, by=committee.coordinator)
        page = page_of(client.get(url(committee, "year", YEAR)))
        assert "La crèche a ouvert." in page
        assert "441" in page
        assert "Brouillon." not in page
        assert "Projet" not in page

    def test_a_submitted_year_is_not_found(self, client, committee):
        write_narrative(committee.theme, YEAR, "Brouillon.", revision=1, by=committee.coordinator)
        submitted(committee, reason="Une phrase.")
        assert "1" in page_of(client.get(url(committee)))
        assert client.get(url(committee, "version", YEAR, 2)).status_code == 404

    def test_files_have_addresses_that_stay(self, client, committee):
        assert client.get(url(committee, "file", YEAR, 1, "pdf")).content == FILE
        table = client.get(url(committee, "file", YEAR, 1, "csv")).content.decode("utf-8-sig")
        assert any("441" in cell for row in csv.reader(io.StringIO(table), delimiter=";")
                   for cell in row)  # fmt: skip
        data = json.loads(client.get(url(committee, "file", YEAR, 1, "json")).content)
        assert data["année"] == YEAR
        write_narrative(committee.theme, YEAR, "Corrigé.", revision=1, by=committee.coordinator)
        published(committee, reason="Une phrase.")
        assert client.get(url(committee, "file", YEAR, 1, "pdf")).content == FILE
        first = page_of(client.get(url(committee, "version", YEAR, 1)))
        assert "Cette version a été corrigée" in first
        assert "Corrigé." in page_of(client.get(url(committee, "year", YEAR)))

    def test_an_open_page_sets_no_cookie(self, client, committee):
        for address in every_address(committee):
            response = client.get(address)
            assert response.status_code == 200
            assert not response.cookies
            assert "public" in response["Cache-Control"]
            assert b"http://" not in response.content.replace(b"http://www.w3.org", b"")

    def test_a_page_with_somebodys_name_is_kept_by_no_proxy(self, client, committee):
        address = url(committee, "year", YEAR)
        assert client.get(address)["Cache-Control"].startswith("public")
        client.force_login(committee.coordinator)
        assert "private" in client.get(address)["Cache-Control"]

    def test_an_open_page_refuses_post(self, client, committee):
        for address in every_address(committee):
            assert client.post(address).status_code in (403, 405)


class TestSecrets:
    def test_a_figure_that_was_masked_stays_masked(self, client, committee):
        type(committee.caf).objects.filter(pk=committee.caf.pk).update(
            masking_threshold=500, opts_out_of_secrecy=False
        )
        refresh_convention_disclosures(committee.convention)
        published(committee, reason="Le secret.")
        opened(committee)
        for kind in ("csv", "json"):
            response = client.get(url(committee, "file", YEAR, 2, kind))
            assert response.status_code == 200
            assert b"441" not in response.content
        assert "441" not in page_of(client.get(url(committee, "year", YEAR)))
