"""What the action plan shows on other chapters' pages: menu, dashboard, axes, commune, search."""

import pytest
from django.urls import reverse

from actions.models import Action
from actions.ways.elsewhere import MOST_OPEN
from conventions.search.reading import search
from ctg_portal.house import by_key, house
from tests import factories as f
from tests.accounts.reading import text_of
from tests.actions.factories import (
    action_in_force,
    draft_action,
    proposed_action,
    with_milestones,
)
from tests.agreements.factories import SeatFactory, committee_of, yesterday
from tests.committee.pages import page_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


def plan_url(committee) -> str:
    return reverse("actions:plan", args=[committee.convention.slug])


def page(client, committee, address="", *, user=None) -> str:
    client.force_login(user or committee.caf_member)
    response = client.get(f"/conventions/{committee.convention.slug}/{address}")
    page_of(response)
    return response.content.decode()


def late_action(committee, **values) -> Action:
    """In force, with a milestone that was due yesterday."""
    action = action_in_force(committee, **values)
    return with_milestones(action, ("Ouverture", yesterday(), None))


# The menu and the dashboard ----------------------------------------------------------------------


def test_the_menu_has_the_chapter_between_the_committee_and_the_axes(client, committee):
    html = page(client, committee)
    places = [html.index(f">{label}</a>") for label in ("Points à valider", "Plan d’actions")]
    assert places[0] < places[1] < html.index("axes/")
    assert f'<a href="{plan_url(committee)}">Plan d’actions</a>' in html


# The axes ----------------------------------------------------------------------------------------


def links(committee, *objectives, user=None) -> dict:
    by_objective = by_key(
        house().objective_links,
        user or committee.caf_member,
        committee.convention,
        list(objectives),
    )
    return {
        objective: [
            (link.label.replace("\u00a0", " "), link.url, link.is_folded)
            for link in by_objective.get(objective.pk, [])
            if "action" in link.label
        ]
        for objective in objectives
    }


def test_an_objective_leads_to_the_actions_that_serve_it_or_what_is_beneath(client, committee):
    orientation = committee.orientation
    beneath = f.ObjectiveFactory(parent=orientation)
    bare = f.ObjectiveFactory(theme=orientation.theme)
    first = action_in_force(committee, objectives=[orientation, beneath])
    second = proposed_action(committee, objectives=[beneath]).subject
    third = action_in_force(committee, objectives=[beneath])
    draft_action(committee, objectives=[bare])
    Action.objects.filter(pk=third.pk).update(standing="withdrawn")
    asked = f"{plan_url(committee)}?objectif="
    shown = links(committee, orientation, beneath, bare)
    assert shown == {
        orientation: [("2 actions", f"{asked}{orientation.pk}", False)],
        beneath: [("2 actions", f"{asked}{beneath.pk}", False)],
        bare: [],
    }
    assert f'href="{asked}{beneath.pk}"' in page(client, committee, "axes/")
    listed = page(client, committee, f"plan-d-actions/?objectif={orientation.pk}")
    assert first.get_absolute_url() in listed
    assert second.get_absolute_url() in listed
    Action.objects.filter(pk=first.pk).update(standing="withdrawn")
    assert links(committee, beneath) == {beneath: [("1 action", second.get_absolute_url(), False)]}


def test_who_may_draft_adds_an_action_from_an_objective_that_is_agreed(client, committee):
    orientation = committee.orientation
    proposed = f.ObjectiveFactory(theme=orientation.theme, proposed=True)
    url = f"{reverse('actions:add', args=[committee.convention.slug])}?objectif="
    adding = [("Ajouter une action", f"{url}{orientation.pk}", True)]
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    for user in (committee.coordinator, adviser):
        assert links(committee, orientation, proposed, user=user) == {
            orientation: adding, proposed: []
        }  # fmt: skip
    assert links(committee, orientation) == {orientation: []}
    assert adding[0][1] in page(client, committee, "axes/", user=committee.coordinator)


# « Et ma commune ? » -----------------------------------------------------------------------------


@told_once
def commune(committee):
    since = committee.orientation.since
    return f.CoverageFactory(
        commune__convention=committee.convention, commune__name="Lésigny", since=since
    ).commune


def section(client, committee, commune) -> str:
    html = page(client, committee, f"territoire/{commune.insee_code}/")
    part = html.split("Les actions ici</h2>")[1]
    return part.split("<h2>")[0]


def test_the_page_of_a_commune_says_that_no_action_concerns_it(client, committee, commune):
    assert "Le plan d’actions est encore vide." in section(client, committee, commune)
    draft_action(committee)
    assert "Le plan d’actions est encore vide." in section(client, committee, commune)
    elsewhere = f.CommuneFactory(convention=committee.convention)
    action_in_force(committee, is_whole_territory=False, communes=[elsewhere])
    text = section(client, committee, commune)
    assert "Aucune action du plan ne concerne Lésigny aujourd’hui." in text_of(text)
    assert "<li" not in text


def test_a_commune_has_its_own_actions_first_then_those_of_all(client, committee, commune):
    late = late_action(committee, title="Ouvrir pour tous")
    text = text_of(section(client, committee, commune))
    assert "Aucune action ne porte sur Lésigny en particulier." in text
    own = proposed_action(
        committee, title="Ouvrir à Lésigny", is_whole_territory=False, communes=[commune]
    ).subject
    withdrawn = action_in_force(committee, title="Fermer")
    Action.objects.filter(pk=withdrawn.pk).update(standing="withdrawn")
    html = section(client, committee, commune)
    text = text_of(html)
    assert text.index("Ouvrir à Lésigny") < text.index("proposée") < text.index("Ouvrir pour tous")
    assert text.index("Ouvrir pour tous") < text.index("à venir") < text.index("en retard")
    assert "Fermer" not in text
    for action in (late, own):
        assert f'href="{action.get_absolute_url()}"' in html
    assert f'href="{plan_url(committee)}?commune={commune.pk}"' in html
    assert "<details" not in html


def test_many_actions_of_the_whole_territory_are_folded(client, committee, commune):
    for _ in range(MOST_OPEN + 1):
        action_in_force(committee)
    html = section(client, committee, commune)
    assert "6 actions de tout le territoire</span>" in html.replace("\u00a0", " ")
    for action in Action.objects.all()[:2]:
        Action.objects.filter(pk=action.pk).update(standing="proposed")
    html = section(client, committee, commune)
    expected = "6 actions de tout le territoire, dont 2 proposées</span>"
    assert expected in html.replace("\u00a0", " ")


# The search --------------------------------------------------------------------------------------


def hits(committee, query) -> list[tuple]:
    groups = search(committee.convention, committee.convention.start, query)
    action_groups = [group for group in groups if group.heading == "Actions"]
    return [(hit.title, hit.url, hit.is_proposed) for group in action_groups for hit in group.hits]


def test_a_number_finds_its_action_and_the_number_of_a_theme_those_beneath(committee):
    first = action_in_force(committee)
    others = [proposed_action(committee).subject for _ in range(2)]
    Action.objects.filter(pk=first.pk).update(number="4.1.3")
    for action, number in zip(others, ("4.13.1", "3.1.4"), strict=True):
        Action.objects.filter(pk=action.pk).update(number=number)
    first.refresh_from_db()
    for asked in ("4.1.3", " 4.1.3 ", "4.1"):
        assert hits(committee, asked) == [(str(first), first.get_absolute_url(), False)]
    assert len(hits(committee, "4.13")) == 1
    assert hits(committee, "4.1.30") == []


def test_a_query_that_looks_like_a_number_is_searched_in_the_text(committee):
    action = action_in_force(committee, description="Depuis le 01.09.2023, 1.5 jour par semaine.")
    for asked in ("01.09.2023", "1.5"):
        assert hits(committee, asked) == [(str(action), action.get_absolute_url(), False)]


def test_actions_are_found_by_number_and_by_the_texts_of_their_sheet(client, committee):
    first = action_in_force(committee, diagnosis="Les familles **hésitent** à venir.")
    second = proposed_action(committee, title="Former", description="Des séances.").subject
    draft_action(committee, title="Former en secret")
    action_in_force(committee_of())
    own = (f"{first.number} Ouvrir un lieu d’accueil enfants-parents", first.get_absolute_url(),
           False)  # fmt: skip
    other = (f"{second.number} Former", second.get_absolute_url(), True)
    assert hits(committee, first.number) == [own]
    assert hits(committee, "ITINERANT") == [own]
    assert hits(committee, "hesitent") == [own]
    assert hits(committee, "former") == [other]
    assert hits(committee, "introuvable") == []
    html = page(client, committee, "recherche/?q=h%C3%A9sitent")
    assert "<mark>hésitent</mark>" in html
    assert first.get_absolute_url() in html
