"""The first pages: one's conventions, and the dashboard of one."""

import datetime
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Invitation
from conventions.models import Role
from ctg_portal.house import Task, overridden
from tests import factories as f
from tests.accounts.reading import text_of, title
from tests.stories import told_once

SIGNED, START = datetime.date(2019, 12, 20), datetime.date(2020, 1, 1)
END = datetime.date(2024, 12, 31)
AFTER = END + timedelta(days=1)
DASHBOARD = "/conventions/vallee/"
NOTHING_TO_DO = "Vous n’avez rien à faire ici aujourd’hui."


@told_once
def convention(db):
    return f.ConventionFactory(
        slug="vallee", territory="Vallée", signed_on=SIGNED, start=START, end=END
    )


@pytest.fixture
def on(monkeypatch):
    """``on(day)`` makes it that day."""
    return lambda day: monkeypatch.setattr(timezone, "localdate", lambda: day)


@pytest.fixture
def dashboard(client, coordinator, on):
    """``dashboard(day)`` is the coordinator's dashboard on that day."""

    def get(day=START):
        on(day)
        client.force_login(coordinator.user)
        return client.get(DASHBOARD)

    return get


# First page ----------------------------------------------------------------------------------


def test_first_page_is_the_only_convention(client, coordinator):
    client.force_login(coordinator.user)
    assert client.get("/").url == DASHBOARD


def test_first_page_is_the_choice_between_two_conventions(client, coordinator):
    f.MembershipFactory(user=coordinator.user)
    client.force_login(coordinator.user)
    assert client.get("/").url == "/conventions/"


def test_the_empty_list_of_conventions_says_how_to_get_access(client, db):
    client.force_login(f.UserFactory())
    page = client.get("/", follow=True)
    assert page.redirect_chain == [("/conventions/", 302)]
    assert "Aucune convention ne vous est ouverte." in text_of(page.content.decode())


def test_conventions_are_listed_with_their_term_and_what_awaits(client, coordinator, on):
    on(END)
    other = f.ConventionFactory(territory="Montagne", start=END + timedelta(days=9))
    f.MembershipFactory(user=coordinator.user, convention=other)
    f.ConventionFactory(territory="Ailleurs")
    f.PartyFactory(organisation__convention=coordinator.convention, organisation__name="Caf")
    client.force_login(coordinator.user)
    text = text_of(client.get("/conventions/").content.decode())
    assert "Vous avez accès à 2 conventions." in text
    assert "Quelque chose vous attend dans 1 de vos 2 conventions" in text
    assert "au nom de : Caf. Inviter (Vallée)" in text
    row = "31 décembre 2024 : Terme de la convention"
    assert f"{row} Court jusqu’au 31 décembre 2024, il reste 1 jour" in text
    row = "Montagne Rien aujourd’hui 9 janvier 2025 : Début de la convention"
    assert f"{row} Commence le 9 janvier 2025" in text
    assert "Ailleurs" not in text


# Title and lead ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (datetime.date(2019, 12, 31), "La convention commence le 1er janvier 2020"),
        (START, "La convention court jusqu’au 31 décembre 2024 : il reste cinq ans"),
        (END - timedelta(days=1),
         "La convention court jusqu’au 31 décembre 2024 : il reste 2 jours"),
        (END, "La convention court jusqu’au 31 décembre 2024 : c’est son dernier jour"),
        (AFTER, "L’évaluation finale de la convention est à conduire"),
    ],
)  # fmt: skip
def test_title_says_where_the_term_stands(dashboard, day, expected):
    assert title(dashboard(day)) == expected


@pytest.mark.parametrize(
    ("day", "verb"),
    [(datetime.date(2024, 12, 31), "court"), (datetime.date(2025, 1, 1), "courait")],
)
def test_lead_says_dates_and_parties(dashboard, convention, day, verb):
    for rank, name in enumerate(("Caf de la Vienne", "MSA Poitou", "Agglo")):
        organisation = f.OrganisationFactory(convention=convention, name=name)
        f.PartyFactory(organisation=organisation, rank=rank)
    f.OrganisationFactory(convention=convention, name="Insee")
    f.PartyFactory(organisation__name="Ailleurs")
    text = text_of(dashboard(day).content.decode())
    assert (
        "Signée à Poitiers le 20 décembre 2019, à effet du 1er janvier 2020, "
        f"elle {verb} jusqu’au 31 décembre 2024 inclus." in text
    )
    assert "Parties : Caf de la Vienne, MSA Poitou et Agglo." in text


@pytest.mark.parametrize("role", Role.values)
def test_a_convention_without_msa_speaks_of_none(client, convention, on, role):
    on(AFTER)
    kinds = {"Caf de La Réunion": "caf", "CGSS de La Réunion": "cgss", "Agglo": "epci"}
    for rank, (name, kind) in enumerate(kinds.items()):
        organisation = f.OrganisationFactory(convention=convention, name=name, kind=kind)
        f.PartyFactory(organisation=organisation, rank=rank)
    client.force_login(f.MembershipFactory(organisation=organisation, role=role).user)
    text = text_of(client.get(DASHBOARD).content.decode())
    assert "Parties : Caf de La Réunion, CGSS de La Réunion et Agglo." in text
    assert not re.search("msa|mutualité", text, re.IGNORECASE)


def test_signature_on_the_first_day_is_said_once(dashboard, convention):
    convention.start, convention.signed_at = SIGNED, ""
    convention.save()
    text = text_of(dashboard().content.decode())
    assert "Signée le 20 décembre 2019, elle court jusqu’au" in text


def test_project_says_that_it_is_not_signed(dashboard, convention):
    convention.signed_on = convention.start = None
    convention.save()
    page = dashboard()
    assert title(page) == "La convention n’est pas encore signée : son texte est un projet"
    text = text_of(page.content.decode())
    assert "Projet prévu jusqu’au 31 décembre 2024 inclus." in text
    assert "Signée" not in text


def test_earlier_convention_is_linked_for_who_sees_it(dashboard, convention, coordinator):
    earlier = f.ConventionFactory(
        slug="vallee-2015", start=datetime.date(2015, 1, 1), end=datetime.date(2019, 12, 31),
        signed_on=datetime.date(2015, 1, 1),
    )  # fmt: skip
    convention.predecessor_slug = earlier.slug
    convention.save()
    assert "Elle succède à" not in text_of(dashboard().content.decode())
    f.MembershipFactory(convention=earlier, user=coordinator.user)
    html = dashboard().content.decode()
    assert '<a href="/conventions/vallee-2015/">la convention 2015–2019</a>' in html


# Tasks ---------------------------------------------------------------------------------------


def tasks_of(page):
    return [(task.title, task.url, task.button) for task in page.context["page"].tasks]


def test_nothing_awaits_when_everybody_is_there(dashboard, convention):
    page = dashboard()
    assert tasks_of(page) == []
    assert NOTHING_TO_DO in text_of(page.content.decode())


def test_coordinator_has_the_final_evaluation_parties_and_invitations_to_see_to(
    dashboard, convention
):
    for name in ("MSA", "Caf"):
        organisation = f.OrganisationFactory(convention=convention, acronym=name, name=name)
        f.PartyFactory(organisation=organisation)
    offer = f.MembershipOfferFactory(
        organisation__convention=convention, invitation__email="a@caf.example"
    )
    created = timezone.now() - timedelta(days=30)
    Invitation.objects.update(created_at=created, expires_at=created + timedelta(days=14))
    page = dashboard(AFTER)
    alone, expired, ended = sorted(tasks_of(page), key=lambda task: "terme" in task[0])
    assert ended == (
        "La convention est arrivée à son terme : son évaluation finale est à conduire.",
        f"{DASHBOARD}evaluations/finale/",
        "Voir ce qui manque",
    )
    assert alone[0] == "Personne n’a encore accès au portail au nom de : MSA et Caf."
    assert expired[0] == f"Invitation expirée sans réponse : {offer.invitation.email}."
    assert alone[1] == expired[1] == f"{DASHBOARD}acces/"
    html = page.content.decode()
    assert html.index("À faire") < html.index("est arrivée à son terme le 31")
    assert f'<a class="btn btn-primary" href="{DASHBOARD}acces/">Inviter</a>' in html


def test_reader_has_nothing_of_the_coordination_to_do(client, convention, coordinator, on):
    on(AFTER)
    f.PartyFactory(organisation__convention=convention)
    reader = f.MembershipFactory(organisation=coordinator.organisation, reader=True).user
    client.force_login(reader)
    page = client.get(DASHBOARD)
    assert tasks_of(page) == []
    assert NOTHING_TO_DO in text_of(page.content.decode())


def test_former_coordinator_has_nothing_to_do_any_more(client, convention, coordinator, on):
    on(AFTER)
    former = f.MembershipFactory(organisation=coordinator.organisation, reader=True)
    f.MembershipFactory(
        user=former.user, organisation=former.organisation, coordinator=True, ended=True
    )
    client.force_login(former.user)
    assert tasks_of(client.get(DASHBOARD)) == []


def test_other_chapters_bring_their_tasks_to_the_dashboard_and_the_list(
    client, dashboard, convention, coordinator
):
    def provider(user, conventions, today):
        assert (user, today) == (coordinator.user, START)
        return {c.pk: [Task("2 points à valider", "/x/", "Voir")] for c in conventions}

    with overridden(tasks=[provider, lambda *args: {}]):
        html = dashboard().content.decode()
        listed = client.get("/conventions/").content.decode()
    assert "<p>2 points à valider</p>" in html
    assert '<a class="btn btn-primary" href="/x/">Voir</a>' in html
    assert "2 points à valider" in listed
