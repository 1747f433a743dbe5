"""What the search finds in the action plan."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from actions.follow_up.events import attach_document, withdraw_document
from conventions.models import Organisation
from conventions.search.reading import search
from tests.actions.factories import action_in_force, draft_action, funding, in_state, noted
from tests.agreements.factories import committee_of
from tests.committee.scene import PDF
from tests.stories import told_once

pytestmark = pytest.mark.both


def hits_of(committee, query) -> dict:
    groups = search(committee.convention, committee.convention.start, query)
    return {group.heading: [(hit.title, hit.url) for hit in group.hits] for group in groups}


@told_once
def action(committee):
    year = committee.convention.start.year
    Organisation.objects.create(
        convention=committee.convention, acronym="ADIE", name="Association Diagonale",
        kind="association",
    )  # fmt: skip
    return action_in_force(
        committee,
        other_partners="Compagnie Zéphyr",
        elected_referent="Odile Vasseur, adjointe",
        fundings=[
            funding("Fondation Boréale", year, scheme="Bonus territoire"),
            funding("Fondation Boréale", year + 1, scheme="Bonus territoire"),
        ],
    )


def test_action_is_found_first_by_its_number_however_it_is_written(committee, action):
    other = action_in_force(committee, description=f"Suite de l’action {action.number}.")
    for query in (action.number, action.number.replace(".", "-"), f"action {action.number}"):
        titles = [title for title, _ in hits_of(committee, query)["Actions"]]
        assert titles[0].startswith(f"{action.number} "), query
        assert titles[1:] == [str(other)]


def test_sheet_is_found_by_who_takes_part_and_who_pays(committee, action):
    url = action.get_absolute_url()
    assert hits_of(committee, "zephyr") == {"Partenaires": [("Compagnie Zéphyr", f"{url}#sert")]}
    (partner,) = hits_of(committee, "diagonale")["Partenaires"]
    assert partner[0] == "Association Diagonale"
    assert "?partie=" in partner[1]
    scheme = ("Bonus territoire, Fondation Boréale", f"{url}#financement")
    assert hits_of(committee, "boréale")["Dispositifs et financeurs"] == [scheme]
    assert hits_of(committee, "vasseur") == {"Personnes": [("Odile Vasseur, adjointe", url)]}
    assert hits_of(committee, "nadia lefevre")["Personnes"] == [("Nadia Lefèvre", url)]


def test_who_leads_several_actions_is_found_once_with_all_of_them(committee, action):
    other = action_in_force(committee)
    assert hits_of(committee, "nadia")["Personnes"] == [
        ("Nadia Lefèvre", f"/conventions/{committee.convention.slug}/plan-d-actions/"
                          f"?fiche={action.pk}&fiche={other.pk}")
    ]  # fmt: skip


def test_follow_up_is_found_by_reason_and_note(committee, action, agent):
    in_state(action, "blocked", reason="Le bailleur a renoncé.", by=agent)
    noted(action, committee.convention.start.year, "Trois ateliers.", brakes="Les gels.", by=agent)
    url = action.get_absolute_url()
    (reason,) = hits_of(committee, "bailleur renoncé")["Motifs de blocage ou de pause"]
    assert reason == (f"{action.number}, bloquée", f"{url}#suivi")
    (note,) = hits_of(committee, "gels")["Bilans des actions"]
    assert note[1].startswith(f"{url}#bilan-")


def test_document_is_found_by_its_names_while_it_is_on_the_sheet(committee, action, agent):
    upload = SimpleUploadedFile("etude-besoins.pdf", PDF)
    row = attach_document(action, upload, title="Étude des besoins", by=agent)
    place = ("Étude des besoins", f"{action.get_absolute_url()}#documents")
    assert hits_of(committee, "etude besoins")["Documents"] == [place]
    withdraw_document(row, by=agent)
    assert "Documents" not in hits_of(committee, "etude besoins")


def test_nothing_of_a_draft_or_of_another_convention_is_found(committee):
    for place in (committee, committee_of()):
        draft_action(
            place, title="Zinnia", other_partners="Zinnia", elected_referent="Zinnia",
            description="Zinnia", fundings=[funding("Zinnia", place.convention.start.year)],
        )  # fmt: skip
    other = committee_of()
    action_in_force(other, title="Zinnia", other_partners="Zinnia", elected_referent="Zinnia")
    assert hits_of(committee, "zinnia") == {}
    assert set(hits_of(other, "zinnia")) == {
        "Actions", "Partenaires", "Personnes", "Registre du comité",
    }  # fmt: skip


def test_search_asks_as_many_queries_whatever_it_finds(committee, django_assert_max_num_queries):
    def add(number):
        action = action_in_force(committee, title=f"Accueil {number}", other_partners="Accueil")
        noted(action, committee.convention.start.year, "Accueil")

    add(0)
    with django_assert_max_num_queries(27) as few:
        assert len(hits_of(committee, "accueil")["Bilans des actions"]) == 1
    for number in range(1, 13):
        add(number)
    with django_assert_max_num_queries(27) as many:
        assert len(hits_of(committee, "accueil")["Bilans des actions"]) == 13
    assert len(few) == len(many)
