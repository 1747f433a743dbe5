"""What is said of secret figures."""

import datetime

from indicators.disclosure.masking import Reason
from indicators.disclosure.words import describe_frozen_totals, list_missing


def test_up_to_three_communes_are_named():
    sentences = [list_missing("ABCDEFGHIJKL"[:count]) for count in (0, 1, 2, 3, 4, 12)]
    assert sentences == [
        "",
        "manque A",
        "manquent A et B",
        "manquent A, B et C",
        "manquent A, B, C et 1\u00a0autre",
        "manquent A, B, C et 9\u00a0autres",
    ]


def test_a_total_is_of_a_day():
    assert describe_frozen_totals(datetime.date(2025, 3, 12)) == (
        "Total arrêté le 12\u00a0mars 2025 ; des corrections protégées peuvent l’écarter du vrai."
    )


def test_why_a_figure_is_masked_names_what_it_is_linked_to():
    labels = [why.label(5, ["Part aidée"]) for why in Reason]
    assert labels == [
        "masqué : moins de 5",
        "masqué : protège un autre chiffre",
        "masqué comme « Part aidée »",
    ]
    assert Reason.RELATED.label(5) == "masqué comme un chiffre auquel il est lié"
