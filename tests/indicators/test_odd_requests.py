"""Odd addresses, odd forms, forms sent twice: a page every time, and once only what is done."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from evaluation.models import Narrative, Report
from indicators.models import Campaign, Evidence, Indicator, Value
from tests.agreements.clock import days
from tests.committee.scene import PDF
from tests.factories import MembershipFactory
from tests.indicators.factories import campaign_of, indicator_in_force, value_of
from tests.indicators.pages import typed
from tests.stories import told_once

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
HUGE = "9" * 30
ODD = ["\0", "٣", "<script>alert(1)</script>", "👩🏽‍🚒", "\u202eabc", "-1", HUGE, "x" * 30_000]


@told_once
def campaign(committee):
    return campaign_of(committee, 2024, [indicator_in_force(committee)])


@pytest.fixture
def base(committee, campaign, client):
    client.force_login(committee.coordinator)
    return f"/conventions/{committee.convention.slug}/"


@pytest.mark.parametrize("year", ["0", "1", "1899", "99999", HUGE])
@pytest.mark.parametrize("page", ["", "rapport/", "rapport/1/", "textes/1/"])
def test_a_year_that_is_not_there_is_a_404(client, base, year, page):
    assert client.get(f"{base}evaluations/{year}/{page}").status_code == 404


@pytest.mark.parametrize("pk", ["0", HUGE])
def test_an_absent_row_is_a_404(client, base, pk):
    for page in (f"rapport/{pk}/", f"textes/{pk}/"):
        assert client.get(f"{base}evaluations/2024/{page}").status_code == 404
    assert client.post(f"{base}evaluations/2024/rapport/{pk}/annuler/").status_code == 404
    for page in ("", "modifier/", "retirer/"):
        assert client.get(f"{base}indicateurs/{pk}/{page}").status_code == 404


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_text_is_kept_or_refused_and_shown_harmless(client, base, committee, odd):
    url = f"{base}evaluations/2024/textes/{committee.orientation.theme.pk}/"
    for sent in ({"text": odd, "revision": "0"}, {"text": "Bien", "revision": odd}):
        assert client.post(url, sent).status_code in (200, 302)
    for page in ("", "rapport/"):
        shown = client.get(f"{base}evaluations/2024/{page}")
        assert shown.status_code == 200
        assert "<script>alert" not in shown.content.decode()
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_definition_is_kept_or_refused(client, base, committee, odd):
    names = ["title", "definition", "unit", "scope", "code", "baseline_value", "baseline_year",
             "target_final", "minimum", "decimals", "factor", "theme", "provider", "kind",
             "available_month", "variation_alert", "base", "revision", "objectives", "target_2024",
             "target_0000", "numerator", "limits", "note"]  # fmt: skip
    [indicator] = Indicator.objects.all()
    response = client.post(
        f"{base}indicateurs/nouveau/", typed(committee, **dict.fromkeys(names, odd))
    )
    assert response.status_code == 200
    # What is not refused by itself comes with a form that is right otherwise.
    for name in set(names) - set(response.context["form"].errors):
        sent = client.post(f"{base}indicateurs/nouveau/", typed(committee, **{name: odd}))
        assert sent.status_code in (200, 302), name
    everywhere = typed(committee, **dict.fromkeys(["title", "definition", "limits", "note"], odd))
    edited = client.post(f"{base}indicateurs/{indicator.pk}/modifier/", everywhere)
    assert edited.status_code in (200, 302)
    for page in ("indicateurs/", f"indicateurs/{indicator.pk}/"):
        shown = client.get(base + page)
        assert shown.status_code == 200
        assert "<script>alert" not in shown.content.decode()
    query = {"mots": odd, "thematique": odd, "etat": odd, "objectif": odd, "page": odd,
             "fournisseur": odd, "nature": odd, "modele": odd, "depuis": odd}  # fmt: skip
    for page in ("", "bibliotheque/", "nouveau/", f"{indicator.pk}/modifier/"):
        assert client.get(f"{base}indicateurs/{page}", query).status_code == 200


@pytest.mark.parametrize("month", ["0", "13", "-1", "douze"])
def test_a_month_that_is_none_is_refused(client, base, committee, month):
    response = client.post(f"{base}indicateurs/nouveau/", typed(committee, available_month=month))
    assert response.status_code == 200
    assert Indicator.objects.count() == 1


def test_a_form_of_repeated_values_creates_one_indicator(client, base, committee):
    sent = typed(committee) | {
        "title": ["Un", "Deux"],
        "theme": [committee.orientation.theme.pk] * 2,
    }
    assert client.post(f"{base}indicateurs/nouveau/", sent).status_code == 302
    assert Indicator.objects.count() == 2


def test_nothing_is_done_without_the_token_of_a_form(committee, base, campaign):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(committee.coordinator)
    for page in ("rapport/demander/", "recueil/clore/", "saisie/", "saisie/transmettre/"):
        assert strict.post(f"{base}evaluations/2024/{page}").status_code == 403
    campaign.refresh_from_db()
    assert campaign.is_open
    assert not Report.objects.exists()


def test_a_request_sent_twice_is_done_once(client, base, committee, campaign):

    def twice(page, **sent):
        answers = [client.post(f"{base}evaluations/{page}", sent) for _ in range(2)]
        assert all(answer.status_code in (200, 302) for answer in answers), page

    today = timezone.localdate()
    year = today.year
    twice("preparer/", year=year, due_on=str(today + days(90)), message="")
    assert Campaign.objects.filter(year=year).count() == 1
    twice(f"{year}/recueil/ouvrir/")
    opened = Campaign.objects.get(year=year)
    assert (opened.campaign_indicators.count(), opened.transitions.count()) == (1, 2)
    twice(f"{year}/recueil/clore/")
    until = str(today + days(90))
    twice(f"{year}/recueil/rouvrir/", due_on=until, reason="Une erreur.")
    assert [step.to_state for step in opened.transitions.all()] == [
        "prepared", "open", "closed", "reopened",
    ]  # fmt: skip
    twice(f"2024/textes/{committee.orientation.theme.pk}/", text="Un texte.", revision="0")
    assert Narrative.objects.get().revision == 1


def test_a_text_sent_twice_is_no_conflict(client, base, committee):
    """A double click writes what is kept already."""
    url = f"{base}evaluations/2024/textes/{committee.orientation.theme.pk}/"
    for _ in range(2):
        assert client.post(url, {"text": "Un texte.", "revision": "0"}).status_code == 302


@pytest.fixture
def attach(client, base, committee, campaign):
    indicator = campaign.campaign_indicators.get().indicator
    user = MembershipFactory(organisation=committee.caf).user
    value = value_of(campaign, indicator, 5, entered_by=user)
    client.force_login(user)
    url = f"{base}evaluations/2024/saisie/{value.campaign_indicator_id}/joindre/"
    return lambda name, content: client.post(url, {"document": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"<html>"), ("a.exe", PDF), ("a.svg", b"<svg/>"), ("a.html", b"<script>"),
        ("vide.pdf", b""), ("gros.pdf", PDF + b"x" * 11 * 1024 * 1024), ("x" * 300 + ".exe", b"MZ"),
    ],
)  # fmt: skip
def test_an_odd_file_is_refused(attach, name, content):
    assert attach(name, content).status_code == 200
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "a\u202efdp.pdf", "é" * 300 + ".pdf"])
def test_an_odd_name_is_kept_harmless(attach, client, name):
    assert attach(name, PDF).status_code == 302
    piece = Evidence.objects.get().document
    assert "/" not in piece.name
    assert "\u202e" not in piece.name


def test_a_piece_attached_twice_is_one(attach):
    attach("a.pdf", PDF)
    attach("a.pdf", PDF)
    assert Evidence.objects.count() == 1


def test_no_piece_of_another_value_or_year_is_reached(client, attach, base, committee, campaign):
    attach("a.pdf", PDF)
    piece = Evidence.objects.get()
    indicator = Value.objects.get().campaign_indicator.indicator
    campaign_of(committee, 2023, [indicator])
    assert client.get(f"{base}evaluations/2024/saisie/pieces/{piece.pk}/").status_code == 200
    assert client.get(f"{base}evaluations/2023/saisie/pieces/{piece.pk}/").status_code == 404
