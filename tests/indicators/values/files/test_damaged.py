"""A damaged file of figures ends in a message, whatever has happened to it."""

import pytest

from tests.indicators.values.entering import entry_url
from tests.spreadsheets.damaged_files import outcomes_of_damaged_files
from tests.spreadsheets.files import csv_text, ods, xlsx

pytestmark = pytest.mark.django_db

LINES = [
    ["Code", "Indicateur", "Année", "Valeur", "Commentaire"],
    ["1.1", "Places agréées en EAJE", 2023, 412, "bonne"],
    ["1.2", "Enfants accueillis en relais petite enfance", 2023, "env. 30", ""],
    ["2.1", "Part des familles monoparentales", 2023, "12,5 %", "estimée"],
    ["2.3", "Taux de couverture", 2023, "12 / 50", ""],
]
YEARS = [["Indicateur", "déc. 2022", "déc. 2023"], ["Places agréées en EAJE", 400, 412],
         ["Ateliers parents-enfants", 12, "n.c."]]  # fmt: skip
SAMPLES = [
    ("lignes.xlsx", xlsx(*LINES)),
    ("lignes.ods", ods(*LINES)),
    ("lignes.csv", csv_text(*LINES).encode("cp1252")),
    ("annees.xlsx", xlsx(*YEARS)),
    ("annees.ods", ods(*YEARS)),
    ("annees.csv", csv_text(*YEARS).encode()),
]


@pytest.mark.long
def test_damaged_files_of_figures_end_in_a_message(client, office, agent):
    client.force_login(agent)
    address = entry_url(office.campaign, "fichier/")
    outcomes = outcomes_of_damaged_files(client, address, SAMPLES, seed=37)
    assert min(outcomes[outcome] for outcome in ("refused", "read", "kept")) > 0, outcomes
