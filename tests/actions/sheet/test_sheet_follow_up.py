"""How an action goes on, on its sheet: state, money, notes, documents, links."""

import datetime
import re
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions import models
from actions.follow_up import parts
from actions.follow_up.events import attach_document, follow_up, withdraw_document
from actions.models import Action
from tests import factories as f
from tests.actions.factories import (
    action_in_force,
    days,
    funding,
    in_state,
    noted,
    proposed_action,
    spent,
    with_milestones,
)
from tests.actions.pages import cells, read, reading  # noqa: F401  (fixtures)
from tests.actions.ways.scene import heading_of, plain, ways_url
from tests.agreements.factories import committee_of
from tests.committee.scene import a_document
from tests.documents.files import PDF

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


# Where it is --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "reason", "progress", "expected"), [
    ("to_come", "", None, "à venir"),
    ("in_progress", "", 40, "en cours, avancement estimé à 40 %"),
    ("done", "", None, "terminée"),
    ("paused", "Le poste est vacant", 0, "en pause, avancement estimé à 0 %"),
    ("blocked", "Sans local", None, "bloquée"),
    ("abandoned", "Plus de besoin", None, "abandonnée"),
])  # fmt: skip
def test_the_band_of_the_sheet_shows_the_state(committee, get, state, reason, progress, expected):
    action = action_in_force(committee, starts_on=TODAY())
    in_state(action, state, reason=reason, progress=progress)
    text = get(f"{action.pk}/")
    assert heading_of(get.html).endswith(f" : {expected}")
    assert "depuis le" in text
    assert ("Motif : " + reason in text) == bool(reason)
    assert ("estimé le" in text) == (progress is not None)
    assert ("100 %" in text) == (state == "done")


def test_a_late_action_names_its_overdue_milestones(committee, get):
    action = in_state(action_in_force(committee), "in_progress")
    steps = [("Local trouvé", TODAY() - days(9), None), ("Équipe", TODAY() - days(5), TODAY()),
             ("Ouverture", TODAY(), None)]  # fmt: skip
    with_milestones(action, *steps)
    text = get(f"{action.pk}/")
    assert heading_of(get.html).endswith(": en cours, en retard, 1 jalon atteint sur 3")
    assert "d’après les jalons" in text
    assert re.findall(r"Jalon non atteint : ([^,]+), attendu le", text) == ["Local trouvé"]
    assert cells(get.html, "Local trouvé")[2] == "! non atteint"
    assert cells(get.html, "Équipe")[2].startswith("✓ le")
    assert cells(get.html, "Ouverture")[2] == "○ à atteindre"


def test_an_action_that_is_over_is_not_late(committee, get):
    action = with_milestones(action_in_force(committee), ("Local", TODAY() - days(9), None))
    in_state(action, "done")
    assert "retard" not in get(f"{action.pk}/")


def test_an_action_that_continues_after_its_convention_says_so(client):
    committee = committee_of(ended=True)
    client.force_login(committee.coordinator)
    action = action_in_force(committee, ends_on=datetime.date(2100, 12, 31))
    other = action_in_force(committee)
    done = in_state(action_in_force(committee), "done")
    ended = "La convention est arrivée à son terme le 31 décembre 2024."

    def text_of(action):
        return plain(read(client.get(ways_url(committee, f"{action.pk}/"))))

    assert f"{ended} Cette action court jusqu’au 31 décembre 2100" in text_of(action)
    assert f"{ended} Cette action n’est pas achevée" in text_of(other)
    assert "son suivi continue" in text_of(action)
    assert "arrivée à son terme" not in text_of(done)


def test_a_running_convention_does_not_mention_its_end(committee, get):
    assert "arrivée à son terme" not in get(f"{action_in_force(committee).pk}/")


# Money --------------------------------------------------------------------------------------------


def test_planned_granted_spent_and_unknown_amounts_differ_on_the_sheet(committee, get):
    year = committee.convention.start.year
    lines = [funding(committee.caf, year, planned="12000", scheme="Bonus"),
             funding("Région", year + 1, planned="0", nature="investment")]  # fmt: skip
    action = action_in_force(committee, fundings=lines)
    caf, region = action.fundings.all()
    spent(action, {caf.pk: ("11500.50", None), region.pk: (None, "0")})
    models.Funding.objects.create(action=action, funder_name="Mécène", year=year + 2, spent=300)
    get(f"{action.pk}/")
    assert cells(get.html, "CAF 99") == [
        "CAF 99 Bonus", str(year), "fonctionnement", "12 000 €", "11 500,50 €", "non renseigné",
    ]  # fmt: skip
    assert cells(get.html, "Région")[2:] == ["investissement", "0 €", "non renseigné", "0 €"]
    assert cells(get.html, "Mécène")[3:] == ["non prévu", "non renseigné", "300 €"]
    assert cells(get.html, "Ensemble")[1:] == [
        "12 000 €", "11 500,50 € ◐ incomplet", "300 € ◐ incomplet",
    ]  # fmt: skip


def test_amounts_that_nobody_knows_have_no_sum(committee, get):
    year = committee.convention.start.year
    lines = [funding(committee.caf, year), funding("Région", year)]
    action = action_in_force(committee, fundings=lines)
    get(f"{action.pk}/")
    assert cells(get.html, "Ensemble")[1:] == ["2 000 €", "non renseigné", "non renseigné"]


def test_a_single_line_of_funding_has_no_sum(committee, get):
    get(f"{action_in_force(committee).pk}/")
    assert "Ensemble" not in get.html


# Notes, documents, links --------------------------------------------------------------------------


def test_notes_are_shown_as_they_were_written(committee, get):
    action, year = action_in_force(committee), TODAY().year
    noted(
        action, year - 1, "# Avant\n\n<script>alert(1)</script> **fait**", by=committee.coordinator
    )
    noted(action, year, "Cette année.", brakes="Le temps", levers="- l’équipe", prospects="Ouvrir")
    text = get(f"{action.pk}/")
    assert "<script>alert(1)</script> fait" in text
    assert "<script>alert" not in get.html
    assert get.html.index(f'id="bilan-{year}"') < get.html.index(f'id="bilan-{year - 1}"')
    for phrase in ("Freins Le temps", "Leviers l’équipe", "Perspectives Ouvrir", "Avant",
                 f"{committee.coordinator}, le"):  # fmt: skip
        assert phrase in text, phrase
    assert f"Écrire le bilan {year}" not in text


def test_documents_are_listed_and_those_taken_off_are_not(committee, get, client):
    action, by = action_in_force(committee), committee.coordinator
    attachment = attach_document(action, ContentFile(PDF, "accord.pdf"), title="L'accord", by=by)
    gone = attach_document(action, ContentFile(PDF, "b.pdf"), title="Un brouillon signé", by=by)
    withdraw_document(gone, by=by)
    text = get(f"{action.pk}/")
    assert re.search(r"L’accord .*PDF.*, déposé le .* par " + str(by), text)
    assert "Un brouillon signé" not in text
    assert ways_url(committee, f"{action.pk}/documents/{attachment.pk}/") in get.html


def test_linked_actions_are_shown_to_all_but_drafts(committee, get):
    action = action_in_force(committee)
    other = action_in_force(committee, title="Former")
    proposed = proposed_action(committee, title="Relier").subject
    content = parts.LINKED.plain({"related": [other, proposed]})
    follow_up(action, parts.LINKED, content, by=committee.coordinator)
    text = get(f"{action.pk}/")
    assert re.search(r"Former à venir .*Relier proposée", text)
    assert "Ouvrir un lieu" in get(f"{other.pk}/").split("Actions liées")[1]
    Action.objects.filter(pk=other.pk).update(standing="withdrawn")
    assert "Former" not in get(f"{action.pk}/")


# Many ---------------------------------------------------------------------------------------------


def fill(committee, number: int) -> Action:
    convention, year = committee.convention, TODAY().year
    targets = [f.ObjectiveFactory(parent=committee.orientation) for _ in range(number)]
    places = [f.CoverageFactory(commune__convention=convention).commune for _ in range(number)]
    action = action_in_force(
        committee, objectives=targets, communes=places, is_whole_territory=False,
        other_themes=[f.ThemeFactory(axis=f.AxisFactory(convention=convention))
                      for _ in range(number)],
        leads=[{"organisation": committee.caf, "name": f"Pilote {n}"} for n in range(number)],
        means=[{"organisation": committee.caf, "fte": Decimal(1), "note": str(n)}
               for n in range(number)],
        fundings=[funding(committee.caf, year, scheme=f"D {n}") for n in range(number)],
        starts_on=datetime.date(1990, 1, 1),
    )  # fmt: skip
    with_milestones(action, *[(f"Jalon {n}", TODAY() - days(n), None) for n in range(number)])
    models.FollowUp.objects.bulk_create(
        models.FollowUp(action=action, year=year - 1 - n, text="Fait.") for n in range(number)
    )
    others = [action_in_force(committee, title=f"Autre {n}") for n in range(number)]
    action.related.set(others)
    stored = a_document(committee.coordinator)
    models.ActionDocument.objects.bulk_create(
        models.ActionDocument(action=action, document=stored, title=f"Pièce {n}")
        for n in range(number)
    )
    return action


def test_pages_of_an_action_take_as_many_queries_for_six_rows_as_for_one(client):
    counts = {}
    for number in (1, 6):
        committee = committee_of()
        action = fill(committee, number)
        client.force_login(committee.coordinator)
        for address in ("", "historique/", "modifier/", "modifier/essentiel/", "modifier/acteurs/",
                        "modifier/moyens/", "suivi/jalons/", "suivi/depenses/", "suivi/liens/",
                        "suivi/etat/"):  # fmt: skip
            url = ways_url(committee, f"{action.pk}/{address}")
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            counts.setdefault(address, []).append(len(captured))
    assert {address: numbers[0] for address, numbers in counts.items()} == {
        address: numbers[1] for address, numbers in counts.items()
    }
