"""What an indicator asks of the party that reads it, in one sentence."""

import pytest

from conventions.models import Organisation
from indicators.definitions.commitments import IndicatorCommitment

CAF = {"id": 1, "name": "Caf de la Vienne"}
CITY = {"id": 2, "name": "Naintré"}
READER = Organisation(pk=1, name=CAF["name"])


@pytest.fixture
def commitment() -> IndicatorCommitment:
    return IndicatorCommitment(describe_revealed=lambda indicator, content: "")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (None, {"provider": CAF, "enterer": None}, "Le chiffre est demandé à vos services."),
        (None, {"provider": CAF, "enterer": CITY}, "Le chiffre est donné par Naintré."),
        (None, {"provider": None, "enterer": None}, ""),
        ({"provider": CAF, "enterer": None}, {"provider": CITY, "enterer": CAF}, ""),
        ({"provider": CITY, "enterer": None}, {"provider": CAF, "enterer": None},
         "Le chiffre est demandé à vos services."),
    ],
)  # fmt: skip
def test_a_party_reads_who_gives_the_figure_where_that_is_new(commitment, before, after, sentence):
    assert commitment.describe_part(READER, after, before) == sentence


@pytest.mark.parametrize(
    ("baseline", "year", "targets", "phrase"),
    [
        (180, 2019, [(None, 600)], "180 en 2019, cible à terme : 600 places"),
        (180, 2019, [(2022, 300), (2024, 600)], "180 en 2019, cible en 2024 : 600 places"),
        (180, None, [], "180"),
        (None, None, [(None, 600)], "cible à terme : 600 places"),
        (None, None, [], ""),
    ],
)
def test_a_new_indicator_says_from_what_to_what(commitment, baseline, year, targets, phrase):
    content = {
        "baseline_value": baseline,
        "baseline_year": year,
        "targets": [{"year": by, "value": value} for by, value in targets],
        "unit": "places",
    }
    assert commitment.describe_new(content) == phrase
