"""A damaged plan ends in a message, whatever has happened to its file."""

import pytest
from django.urls import reverse

from tests.spreadsheets.damaged_files import outcomes_of_damaged_files
from tests.spreadsheets.files import csv_text, ods, xlsx

pytestmark = pytest.mark.django_db

PLAN = [
    ["Thématique", "Action", "Pilote", "Calendrier", "Budget 2021", "Budget 2022", "État", "Bilan"],
    ["Petite enfance", "Créer un relais", "CCAS", "2021-2023", "12 k€", 8000, "en cours", "Ouvert"],
    ["Parentalité", "Soutenir les parents", "Caf / MSA", "oct. 2022", 1500, None, "fait", None],
    ["Jeunesse", "Ouvrir un point d’information", "Mme Morin (CCAS)", "en continu", None,
     "52 k€ / an", "à lancer", None],
]  # fmt: skip
SAMPLES = [
    ("plan.xlsx", xlsx(*PLAN)),
    ("plan.ods", ods(*PLAN)),
    ("plan.csv", csv_text(*PLAN).encode()),
]


@pytest.mark.long
def test_damaged_plans_end_in_a_message(client, office):
    client.force_login(office.coordinator)
    address = reverse("actions:import_plan", args=[office.scope])
    outcomes = outcomes_of_damaged_files(client, address, SAMPLES, seed=37)
    assert min(outcomes[outcome] for outcome in ("refused", "read", "kept")) > 0, outcomes
