"""Who signed, their logos, the post of cooperation."""

import datetime
import re

import pytest
from django.core.files.base import ContentFile

from conventions.models import CooperationPost, CooperationShare
from ctg_portal.templatetags.french import long_date
from tests import factories as f
from tests.accounts.reading import text_of, title

PARTIES, COOPERATION = "/conventions/vallee/signataires/", "/conventions/vallee/cooperation/"
CLOSED = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def get(client, coordinator):
    client.force_login(coordinator.user)
    return client.get


def party(convention, **fields):
    fields = {"agreement_required": False} | fields
    return f.PartyFactory(organisation__convention=convention, **fields)


def text_at(get, url) -> str:
    page = get(url)
    assert page.status_code == 200
    return text_of(page.content.decode())


# Parties -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "is_signed", "expected"),
    [
        (1, True, "1 partie a signé la convention le {day} à Poitiers"),
        (2, True, "2 parties ont signé la convention le {day} à Poitiers"),
        (1, False, "1 partie doit signer la convention"),
        (3, False, "3 parties doivent signer la convention"),
    ],
)
def test_title_counts_the_parties(get, convention, count, is_signed, expected):
    day = long_date(convention.signed_on).replace("\u00a0", " ")
    if not is_signed:
        convention.signed_on = None
        convention.save()
    for _ in range(count):
        party(convention)
    assert title(get(PARTIES)) == expected.format(day=day)


def test_each_party_says_who_it_is_and_who_signed(get, convention):
    caf = party(
        convention,
        organisation__acronym="Caf",
        organisation__name="Caf de la Vienne",
        organisation__siren="123456789",
        organisation__source_mention="Source Caf 86",
        organisation__masking_threshold=5,
        address="41 rue du Touffenet, Poitiers",
        council_approved_on=datetime.date(2019, 12, 1),
        co_chairs=True,
        agreement_required=True,
    )
    f.SignatoryFactory(party=caf, rank=2, name="Joël ROY", capacity="Président")
    f.SignatoryFactory(party=caf, rank=1, name="Tania CONCI", capacity="Directrice")
    text = text_at(get, PARTIES)
    assert (
        "Caf de la Vienne ◆ co-anime le comité ✓ son accord est requis Sigle Caf "
        "Siège 41 rue du Touffenet, Poitiers SIREN 123456789 Délibération 1er décembre 2019 "
        "Signé par Tania CONCI, Directrice Joël ROY, Président Source à citer Source Caf 86 "
        "Petits effectifs de 1 à 4, ils sont masqués (secret statistique)" in text
    )


def test_party_without_signatory_or_details_says_no_more_than_it_knows(get, convention):
    party(convention, organisation__name="Agglo", organisation__acronym="Agglo")
    text = text_at(get, PARTIES)
    assert "Signé par Le fichier de la convention ne nomme personne." in text
    assert "Source à citer Source Agglo" in text
    assert "de 1 à 4, ils sont masqués (secret statistique, sans autre règle déclarée)" in text
    for label in ("Siège", "SIREN", "Délibération", "co-anime", "requis"):
        assert label not in text


def test_signatories_of_a_project_are_those_foreseen(get, convention):
    convention.signed_on = None
    convention.save()
    f.SignatoryFactory(party=party(convention))
    assert "Signataires prévus Tania CONCI, Directrice" in text_at(get, PARTIES)


def test_lead_says_who_chairs_and_who_must_agree(get, convention):
    for rank, name in enumerate(("Caf", "Agglo", "MSA")):
        party(
            convention,
            organisation__name=name,
            rank=rank,
            co_chairs=rank < 2,
            agreement_required=rank < 2,
        )
    text = text_at(get, PARTIES)
    assert "Animation du comité de pilotage : Caf et Agglo." in text
    assert "Ce que le comité décide demande l’accord de chacune des parties marquées" in text
    assert text.count("✓ son accord est requis") == 2


def test_other_organisations_are_listed_apart(get, convention, coordinator):
    party(convention, organisation__name="Caf de la Vienne")
    f.OrganisationFactory(convention=convention, name="Insee", acronym="INSEE")
    f.OrganisationFactory(name="Ailleurs")
    f.PartyFactory(organisation__name="Ailleurs")
    text = text_at(get, PARTIES)
    assert "Insee (INSEE)" in text.split("Autres organismes")[1]
    assert "Caf de la Vienne (" not in text
    assert "Ailleurs" not in text


def test_parties_without_others_have_no_such_heading(get, convention, coordinator):
    f.PartyFactory(organisation=coordinator.organisation)
    assert "Autres organismes" not in text_at(get, PARTIES)


# Logos ---------------------------------------------------------------------------------------


def test_logo_is_served_closed_in_itself(get, convention):
    caf = party(convention, organisation__name="Caf")
    caf.logo.save("logo.png", ContentFile(PNG))
    url = f"{PARTIES}{caf.pk}/logo/"
    page = re.sub(r"[ \n]+", " ", get(PARTIES).content.decode())
    assert f'<img class="logo" src="{url}" alt="Logo : Caf">' in page
    response = get(url)
    assert response.status_code == 200
    assert response.content == PNG
    assert response["Content-Type"] == "image/png"
    assert response["Content-Security-Policy"] == CLOSED
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, max-age=3600"


def test_logo_whose_file_is_gone_does_not_exist(get, convention):
    caf = party(convention, logo="logos/perdu.png")
    assert get(PARTIES).status_code == 200
    assert get(f"{PARTIES}{caf.pk}/logo/").status_code == 404


def test_party_without_logo_shows_none_and_serves_none(get, convention):
    caf = party(convention)
    assert "<img" not in get(PARTIES).content.decode()
    assert get(f"{PARTIES}{caf.pk}/logo/").status_code == 404
    assert get(f"{PARTIES}{caf.pk + 1000}/logo/").status_code == 404


def test_logo_is_for_who_has_access_only(client, convention, stranger):
    caf = party(convention)
    caf.logo.save("logo.png", ContentFile(PNG))
    url = f"{PARTIES}{caf.pk}/logo/"
    assert client.get(url).status_code == 302
    client.force_login(stranger)
    assert client.get(url).status_code == 404


# Cooperation ---------------------------------------------------------------------------------


def test_post_says_its_size_its_cost_and_its_parts(get, convention):
    post = CooperationPost.objects.create(convention=convention, fte="0.50", cost_per_fte=48000)
    for rank, (domain, fte) in enumerate((("Enfance", "0.35"), ("Habitat", "0.15"))):
        CooperationShare.objects.create(post=post, rank=rank, domain=domain, fte=fte)
    page = get(COOPERATION)
    assert title(page) == "La coopération est estimée à 0,5 équivalent temps plein"
    text = text_of(page.content.decode())
    assert "Coût indicatif d’un équivalent temps plein : 48 000 € par an." in text
    assert "Domaine ETP Coût indicatif Enfance 0,35 16 800 € Habitat 0,15 7 200 €" in text


def test_whole_post_has_its_own_cost(get, convention):
    CooperationPost.objects.create(convention=convention, fte=1, cost_per_fte="48000.50")
    text = text_at(get, COOPERATION)
    assert "La coopération est estimée à 1 équivalent temps plein" in text
    assert "Coût indicatif : 48 000,50 € par an." in text


def test_post_without_cost_or_parts_shows_neither(get, convention):
    post = CooperationPost.objects.create(convention=convention, fte=2)
    assert "Répartition" not in text_at(get, COOPERATION)
    CooperationShare.objects.create(post=post, rank=1, domain="Enfance", fte=2)
    text = text_at(get, COOPERATION)
    assert "La coopération est estimée à 2 équivalents temps plein" in text
    assert "Coût" not in text
    assert "Domaine ETP Enfance 2" in text


def test_several_posts_stand_one_below_the_other(get, convention):
    employer = f.OrganisationFactory(convention=convention, name="Ville d’Exemple")
    CooperationPost.objects.create(
        convention=convention, fte="0.5", title="Jeunesse", employer=employer
    )
    CooperationPost.objects.create(convention=convention, fte="0.7", rank=2, cost_per_fte=40000)
    CooperationPost.objects.create(convention=convention, fte=3, rank=10_003, title="Ancien")
    page = get(COOPERATION)
    assert title(page) == "La coopération est estimée à 1,2 équivalent temps plein, en 2 postes"
    text = text_of(page.content.decode())
    assert "Jeunesse Employeur : Ville d’Exemple. 0,5 équivalent temps plein." in text
    assert "Coût indicatif d’un équivalent temps plein : 40 000 € par an." in text
    assert "Ne sont plus prévus par la convention Ancien" in text


def test_convention_without_post_says_so(get, convention):
    page = get(COOPERATION)
    assert title(page) == "La convention ne décrit pas de poste de coopération"
    assert "Répartition" not in text_of(page.content.decode())


def test_coordinators_are_named_with_their_address(get, convention, coordinator):
    coordinator.organisation.name = "Agglo"
    coordinator.organisation.save()
    f.MembershipFactory(
        organisation=coordinator.organisation,
        coordinator=True,
        ended=True,
        user__last_name="Dupuis",
    )
    f.MembershipFactory(organisation=coordinator.organisation, user__last_name="Dupuis")
    f.MembershipFactory(coordinator=True, user__last_name="Dupuis")
    text = text_at(get, COOPERATION)
    assert "Qui coordonne aujourd’hui Claire Morin, Agglo · coordination@vallee.example" in text
    assert "Dupuis" not in text


def test_the_page_says_that_there_is_no_coordinator(client, convention):
    client.force_login(f.MembershipFactory(convention=convention).user)
    text = text_at(client.get, COOPERATION)
    assert "Personne n’a aujourd’hui l’accès de coordination." in text


def test_the_official_address_is_labelled_as_an_email_apart_from_the_seat(get, convention):
    party(convention, address="41 rue du Touffenet", organisation__email="contact@caf.example")
    text = text_at(get, PARTIES)
    assert "Siège 41 rue du Touffenet Signé par" in text
    assert "Adresse électronique officielle contact@caf.example Source à citer" in text
    assert "Adresse officielle" not in text
