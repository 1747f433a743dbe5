"""The sheet of an action: what is agreed, by whom, and how it goes on."""

import datetime
import re
from decimal import Decimal

import pytest
from django.utils import timezone

from agreements.models import Version
from agreements.versions import endings
from agreements.versions import events as drafts
from committee.objectives import events as objectives
from tests import factories as f
from tests.actions.factories import (
    action_in_force,
    agree,
    draft_action,
    in_state,
    noted,
    proposed_action,
    spent,
    with_milestones,
)
from tests.actions.pages import cells, reading  # noqa: F401  (fixtures)
from tests.actions.ways.scene import heading_of
from tests.agreements.factories import SeatFactory
from tests.committee.pages import committee_url

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


# What it says -------------------------------------------------------------------------------------


def test_an_action_in_force_says_all_of_itself(committee, get):
    theme = f.ThemeFactory(axis=committee.orientation.theme.axis, title="Jeunesse")
    action = action_in_force(
        committee, diagnosis="Un quart des familles <vit> loin.", other_themes=[theme],
        partners=[committee.epci], other_partners="La MJC", plans=["SDSF", "Contrat de ville"],
        elected_referent="Mme Élue", priority="high", is_innovative=True,
        means=[{"organisation": committee.epci, "fte": Decimal("0.5"), "note": "Animation"}],
    )  # fmt: skip
    text = get(f"{action.pk}/")
    assert heading_of(get.html) == (
        f"Fiche action {action.number} · priorité haute · initiative ou innovation "
        "Ouvrir un lieu d’accueil enfants-parents : à venir, en retard"
    )
    for phrase in [
        "Pilote : Nadia Lefèvre, Conseillère (CAF 99).", "Tout le territoire.", "Du ",
        "Version 1, en vigueur depuis le", "CAF 99 d’accord", "Exemple d’accord",
        "Un quart des familles <vit> loin.", "Un lieu itinérant , deux matinées", "Jeunesse",
        "Enfants de moins de six ans et leurs parents", "Deux cents familles accueillies",
        "La MJC", "SDSF", "Contrat de ville", "Mme Élue", "Exemple : 0,5 ETP (Animation)",
        committee.orientation.title.replace("'", "’"), "12 000 €", "Ce qui est convenu",
    ]:  # fmt: skip
        assert phrase in text, phrase
    assert "à l’état de brouillon" not in text
    assert ">None<" not in get.html
    assert "Données fictives" not in text


def test_an_empty_field_has_no_heading_on_the_sheet(committee, get, reader):
    bare = {"audience": "", "expected_results": "", "fundings": []}
    action = action_in_force(committee, **bare)
    text = get(f"{action.pk}/", reader)
    for label in ("Public", "Résultats attendus", "Élu référent", "Moyens humains", "Autres plans",
                  "Jalons", "Financement", "Bilans", "Documents", "Actions liées"):  # fmt: skip
        assert label not in text, label


def test_communes_dates_and_leads_are_counted(committee, get):
    convention = committee.convention
    communes = [f.CoverageFactory(commune__convention=convention).commune for _ in range(2)]
    action = action_in_force(
        committee, is_whole_territory=False, communes=communes, ends_on=None, is_continuous=True,
        leads=[{"organisation": committee.caf}, {"organisation": committee.epci, "name": "Zoé"}],
    )  # fmt: skip
    text = get(f"{action.pk}/")
    assert "Pilotes : Caf d’Exemple et Zoé (Exemple)." in text
    assert "2 communes concernées." in text
    assert re.search(r"Depuis le \d.*?, en continu\.", text)
    assert communes[0].name in text


def test_a_proposed_action_is_marked_and_not_followed(committee, get):
    version = proposed_action(committee)
    text = get(f"{version.object_id}/")
    assert heading_of(get.html).endswith(": proposée, pas encore acceptée")
    assert "Cette action est proposée : elle sera suivie une fois que" in text
    assert "CAF 99 attendu" in text
    assert "Ce qui est proposé" in text
    assert "N’engage personne encore." in text
    assert "12 000 €" in text
    for phrase in ("Le suivi", "Accordé", "non renseigné", "Dire où elle en est", "en retard"):
        assert phrase not in text, phrase
    assert committee_url(committee, f"points/{version.pk}/") in get.html


def test_a_draft_is_shown_to_who_may_write_it_alone(committee, get, reader, agent):
    version = draft_action(committee)
    text = get(f"{version.object_id}/")
    assert heading_of(get.html).endswith(": un brouillon")
    assert "Ce qui est écrit" in text
    assert "Un brouillon" in text
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    get(f"{version.object_id}/", adviser)
    for user in (reader, agent, committee.caf_member):
        get(f"{version.object_id}/", user, status=404)
        get(f"{version.object_id}/historique/", user, status=404)


def test_a_bare_draft_says_what_is_to_be_fixed(committee, get):
    bare = {"leads": [], "starts_on": None, "ends_on": None, "objectives": [], "fundings": []}
    version = draft_action(committee, **bare)
    text = get(f"{version.object_id}/")
    assert "Aucun pilote n’est encore désigné. Dates à fixer. Tout le territoire." in text


def test_a_withdrawn_action_keeps_its_follow_up_on_the_sheet(committee, get):
    action = action_in_force(committee)
    action = with_milestones(in_state(action, "in_progress"), ("Local", TODAY(), TODAY()))
    spent(action, {action.fundings.get().pk: ("11000", None)})
    ending = endings.draft_ending(action, note="Plus de local", by=committee.coordinator)
    agree(committee, drafts.propose(ending, by=committee.coordinator))
    text = get(f"{action.pk}/")
    assert heading_of(get.html).endswith(": retirée")
    assert "Cette action est retirée du plan. Ce qui en a été dit demeure lisible." in text
    assert "Local" in text
    assert cells(get.html, "CAF 99")[-2:] == ["11 000 €", "non renseigné"]
    assert text.count("12 000 €") == 1
    for phrase in ("Dire où elle en est", "Retirer du plan", "Tenir les jalons", "en retard"):
        assert phrase not in text, phrase


def test_an_action_withdrawn_before_agreement_has_no_follow_up(committee, get):
    version = proposed_action(committee)
    drafts.withdraw_version(version, reason="Trop tôt", by=committee.coordinator)
    text = get(f"{version.object_id}/")
    assert "Le suivi" not in text
    assert "12 000 €" in text


def test_a_discussed_version_is_shown_beside_the_agreed_one(committee, get):
    action = action_in_force(committee)
    content = Version.objects.about(action).get().content | {"audience": "Adolescents"}
    draft = drafts.save_draft(action, content, by=committee.coordinator)
    assert "Un brouillon de" in get(f"{action.pk}/")
    drafts.propose(draft, by=committee.coordinator)
    text = get(f"{action.pk}/")
    assert "Une version 2 est en discussion." in text
    assert "CAF 99 à revalider" in text
    assert "Lire ce qui change" in text
    assert "Adolescents" not in text
    assert "Enfants de moins de six ans" in text


def test_a_discussed_withdrawal_is_shown_on_the_sheet(committee, get):
    action = action_in_force(committee)
    ending = endings.draft_ending(action, note="Plus de local", by=committee.coordinator)
    assert "Un brouillon de retrait" in get(f"{action.pk}/")
    drafts.propose(ending, by=committee.coordinator)
    text = get(f"{action.pk}/")
    assert "Son retrait est en discussion" in text
    assert "Retirer du plan" not in text
    assert "Dire où elle en est" in text


def test_an_objective_not_agreed_is_marked(committee, get):
    version = objectives.add_objective(
        committee.orientation, committee.content("Un but nouveau"), by=committee.coordinator
    )
    drafts.propose(version, by=committee.coordinator)
    action = action_in_force(committee, objectives=[committee.orientation, version.subject])
    assert "Un but nouveau (objectif proposé)" in get(f"{action.pk}/")


# What may be done ---------------------------------------------------------------------------------

FOLLOWING = ["Dire où elle en est", "Tenir les jalons", "Dire ce qui est accordé et dépensé",
             "Écrire le bilan", "Joindre un document", "Choisir les actions liées"]  # fmt: skip
WRITING = ["Modifier ce qui est convenu", "Retirer du plan"]


def test_links_are_those_of_what_one_may_do(committee, get, agent, reader):
    action = action_in_force(committee)
    adviser = SeatFactory(organisation=committee.caf, adviser=True).user
    for user, may in [
        (committee.coordinator, FOLLOWING + WRITING), (agent, FOLLOWING),
        (adviser, WRITING), (reader, []), (committee.epci_member, []),
    ]:  # fmt: skip
        text = get(f"{action.pk}/", user)
        assert [label for label in FOLLOWING + WRITING if label in text] == may, user
        assert "Historique" in text


def test_a_note_may_be_written_of_each_year_it_ran(committee, get):
    year = TODAY().year
    action = action_in_force(committee, starts_on=datetime.date(year - 2, 5, 1))
    noted(action, year - 1)
    text = get(f"{action.pk}/")
    assert re.findall(r"Écrire le bilan (\d+)", text) == [str(year), str(year - 2)]


def test_every_link_of_the_sheet_leads_somewhere(committee, get, client):
    action = action_in_force(committee)
    noted(with_milestones(action, ("Local", TODAY(), None)), TODAY().year)
    get(f"{action.pk}/")
    main = get.html.split("<main")[1].split("</main")[0]
    links = set(re.findall(r'href="(/[^"#]+)', main))
    assert len(links) > 10
    for link in links:
        if "/fiche/" not in link:  # files are drawn elsewhere
            assert client.get(link).status_code == 200, link
