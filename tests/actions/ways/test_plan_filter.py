"""What the address of the plan asks for: each filter alone, several at once, and nonsense."""

import datetime
import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from actions.models import Action, Funding, Lead
from tests import factories as f
from tests.actions.factories import action_in_force, draft_action, proposed_action
from tests.actions.pages import reading  # noqa: F401  (a fixture)
from tests.actions.ways.scene import action_row, heading_of
from tests.actions.ways.scene import titles as titles_of
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

YESTERDAY = timezone.localdate() - datetime.timedelta(days=1)


@told_once
def known(committee):
    """A plan of four, by what an address may call what is in it."""
    convention, first = committee.convention, committee.orientation.theme
    second = f.ThemeFactory(axis__convention=convention, title="Jeunesse")
    below = f.ObjectiveFactory(parent=committee.orientation)
    commune, other = (f.CoverageFactory(commune__convention=convention).commune for _ in range(2))
    toys = action_row(
        committee, "Jouer", state="in_progress", priority="high", objectives=[below],
        communes=[commune], other_themes=[second], ends_on=YESTERDAY,
        description="Prêter des jeux aux familles éloignées",
    )  # fmt: skip
    work = action_row(committee, "Travailler", theme=second, state="paused",
                      state_reason="Sans local", is_innovative=True)  # fmt: skip
    done = action_row(committee, "Été", state="done", priority="low",
                      objectives=[committee.orientation], communes=[other])  # fmt: skip
    work.leads.update(organisation=committee.epci)
    done.partners.set([committee.epci])
    ccas = f.OrganisationFactory(convention=convention, acronym="CCAS")
    Funding.objects.create(action=toys, funder=ccas, year=2025, planned=1)
    return {
        "axe1": first.axis.pk, "axe2": second.axis.pk, "theme1": first.pk, "theme2": second.pk,
        "orientation": committee.orientation.pk, "below": below.pk, "commune": commune.pk,
        "other": other.pk, "caf": committee.caf.pk, "epci": committee.epci.pk, "ccas": ccas.pk,
        "toys": toys.pk, "work": work.pk,
    }  # fmt: skip


def titles_in(html: str) -> set[str]:
    return set(titles_of(html))


ALL = {"Jouer", "Travailler", "Été"}


@pytest.mark.parametrize(("query", "titles"), [
    ("", ALL),
    ("mots=jouer", {"Jouer"}),
    ("mots=ELOIGNEES jeux", {"Jouer"}),
    ("mots=ete", {"Été"}),
    ("mots=rien de tel", set()),
    ("axe={axe1}", {"Jouer", "Été"}),
    ("axe={axe2}", {"Travailler"}),
    ("thematique={theme1}", {"Jouer", "Été"}),
    ("thematique={theme2}", {"Travailler", "Jouer"}),
    ("etat=en-cours", {"Jouer"}),
    ("etat=en-pause", {"Travailler"}),
    ("etat=terminee", {"Été"}),
    ("etat=a-venir", set()),
    ("pilote={caf}", {"Jouer", "Été"}),
    ("pilote={epci}", {"Travailler"}),
    ("partie={epci}", {"Travailler", "Été"}),
    ("partie={ccas}", {"Jouer"}),
    ("commune={commune}", {"Jouer", "Travailler"}),
    ("commune={other}", {"Été", "Travailler"}),
    ("priorite=haute", {"Jouer"}),
    ("priorite=moyenne", {"Travailler"}),
    ("priorite=basse", {"Été"}),
    ("accord=en-vigueur", ALL),
    ("accord=en-discussion", set()),
    ("accord=retiree", set()),
    ("retard=on", {"Jouer"}),
    ("innovation=on", {"Travailler"}),
    ("objectif={orientation}", {"Jouer", "Été"}),
    ("objectif={below}", {"Jouer"}),
    ("fiche={toys}", {"Jouer"}),
    ("fiche={toys}&fiche={work}", {"Jouer", "Travailler"}),
    ("thematique={theme2}&retard=on", {"Jouer"}),
    ("objectif={orientation}&etat=terminee&tri=titre", {"Été"}),
    ("axe={axe1}&innovation=on", set()),
    ("fiche={toys}&etat=terminee", set()),
    ("inconnu=x&page=1", ALL),
    ("mots=+++&axe=", ALL),
])  # fmt: skip
def test_the_list_has_the_actions_that_the_address_asks_for(known, get, query, titles):
    text = get(f"?{query.format(**known)}")
    assert titles_in(get.html) == titles
    answers = ["Aucune action ne répond", "1 action répond", "2 actions répondent",
               "3 actions répondent"]  # fmt: skip
    expected = f"{answers[len(titles)]} à votre recherche"
    assert (expected in text) == (titles != ALL or "accord" in query)


@pytest.mark.parametrize(("query", "title"), [
    ("", "3 actions en vigueur, dont 1 en retard"),
    ("tri=titre", "3 actions en vigueur, dont 1 en retard"),
    ("axe={axe1}", "3 actions sur 4, dont 1 en retard"),
    ("retard=on", "1 action sur 4, en retard"),
    ("innovation=on", "1 action sur 4"),
    ("accord=en-discussion", "1 action sur 4"),
    ("accord=retiree", "1 action retirée"),
    ("innovation=on&retard=on", "Aucune action ne répond à votre recherche"),
])  # fmt: skip
def test_the_title_tells_what_is_shown(committee, known, get, query, title):
    proposed_action(committee, title="Proposer")
    action_row(committee, "Retirer", theme=committee.orientation.theme, standing="withdrawn")
    get(f"?{query.format(**known)}")
    assert heading_of(get.html) == title


def test_the_title_does_not_count_twice_what_is_all_late(committee, known, get):
    action_row(committee, "Autre", ends_on=YESTERDAY)
    get("?retard=on")
    assert heading_of(get.html) == "2 actions sur 4, toutes en retard"


def test_what_is_told_of_states_is_of_what_is_shown(known, get):
    assert "1 en cours, 1 terminée et 1 en pause." in get()
    text = get("?innovation=on")
    assert "1 en pause." in text
    assert "1 en cours" not in text


NONSENSE = ["axe=999999", "axe=abc", "axe=" + "9" * 40, "axe=-1", "etat=inconnu",
            "etat=in_progress", "etat=en-cours&etat=x", "pilote=0", "commune=86001", "priorite=9",
            "accord=proposee", "tri=hasard", "objectif=1'", "objectif=" + "9" * 40, "fiche=abc",
            "fiche=" + "9" * 40, "fiche=-1", "mots=" + "x" * 300, "etat=\0x"]  # fmt: skip


@pytest.mark.parametrize("query", NONSENSE)
def test_a_senseless_filter_shows_nothing_and_says_so(known, get, query):
    parts = [tuple(part.split("=")) for part in query.split("&")]
    text = get(f"?{urlencode(parts)}")
    assert titles_in(get.html) == set()
    assert "Aucune action ne répond à votre recherche. Tout montrer" in text
    assert heading_of(get.html) == "Aucune action ne répond à votre recherche"
    if not query.startswith(("fiche", "objectif")):
        assert "invalid-feedback" in get.html


def test_rows_of_another_convention_are_not_asked_for(committee, known, get):
    other = committee_of()
    action = action_in_force(other)
    place = f.CoverageFactory(commune__convention=other.convention).commune
    theme = other.orientation.theme
    for query in (f"axe={theme.axis.pk}", f"thematique={theme.pk}", f"pilote={other.caf.pk}",
                  f"partie={other.caf.pk}", f"commune={place.pk}", f"fiche={action.pk}",
                  f"objectif={other.orientation.pk}"):  # fmt: skip
        text = get(f"?{query}")
        assert titles_in(get.html) == set(), query
        assert other.orientation.title not in text


def test_the_filter_of_my_actions_keeps_those_that_the_reader_leads(
    committee, known, get, agent, reader
):
    for user, titles in [(agent, {"Jouer", "Été"}), (committee.coordinator, {"Travailler"}),
                         (reader, set())]:  # fmt: skip
        get("?miennes=on", user)
        assert titles_in(get.html) == titles
    Lead.objects.filter(action__title="Travailler").update(user=reader)
    get("?miennes=on", reader)
    assert titles_in(get.html) == {"Travailler"}


def test_what_is_discussed_may_be_asked_for(committee, known, get):
    proposed_action(committee, title="Proposer")
    get("?accord=en-discussion")
    assert titles_in(get.html) == {"Proposer"}
    get("?accord=en-vigueur")
    assert titles_in(get.html) == ALL
    get("?etat=a-venir")  # only what is agreed has a state
    assert titles_in(get.html) == set()


def test_drafts_are_asked_for_by_who_may_see_them(committee, known, get, reader):
    draft = draft_action(committee, title="Un secret")
    get("?accord=brouillon")
    assert titles_in(get.html) == {"Un secret"}
    for query in ("accord=brouillon", "mots=secret", f"fiche={draft.object_id}"):
        text = get(f"?{query}", reader)
        assert titles_in(get.html) == set()
        assert "Un secret" not in text
    assert "Brouillon" not in get("", reader)


def test_the_withdrawn_are_asked_for(committee, known, get):
    Action.objects.filter(title="Été").update(standing="withdrawn")
    get("?accord=retiree")
    assert titles_in(get.html) == {"Été"}
    get("?accord=retiree&retard=on")
    assert titles_in(get.html) == set()


def test_the_objective_asked_for_is_named_unless_it_is_a_draft(committee, known, get, reader):
    text = get(f"?objectif={known['orientation']}", reader)
    assert "2 actions répondent à votre recherche, qui porte sur l’objectif «" in text
    secret = f.ObjectiveFactory(theme=committee.orientation.theme, draft=True, title="Un secret")
    text = get(f"?objectif={secret.pk}", reader)
    assert "Un secret" not in text
    assert "Aucune action ne répond" in text


def test_the_choices_are_those_of_the_plan(committee, known, get):
    f.ThemeFactory(axis__convention=committee.convention, title="Sans action")
    f.OrganisationFactory(convention=committee.convention, acronym="Oisif")
    text = get()
    assert "Sans action" not in text
    leads = re.search(r'<select name="pilote".*?</select>', get.html, re.DOTALL)[0]
    assert "Oisif" not in leads
    assert "Oisif" in text
    assert re.search(r'<details class="fold no-print">', get.html)
    get("?retard=on")
    assert re.search(r'<details class="fold no-print" open', get.html)


def test_the_choices_are_called_as_on_the_pages(committee, get):
    theme = f.ThemeFactory(axis__convention=committee.convention, title="L'enfance",
                           axis__title="L'accès aux droits")  # fmt: skip
    action_row(committee, "Une", theme=theme)
    f.CommuneFactory(convention=committee.convention, name="Saint-Gervais-l'Église")
    get()
    options = unescape(" ".join(re.findall(r"<option[^>]*>([^<]*)", get.html)))
    for name in ("L’enfance", "L’accès aux droits", "Saint-Gervais-l’Église"):
        assert name in options
    assert "'" not in options
