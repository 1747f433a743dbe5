"""Sources beside figures of many years."""

import pytest

from indicators.series.mentions import merge_mentions
from indicators.statistics.source import shorten_mention, sources


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        (["Caf, décembre 2020", "Caf, décembre 2021"], ["Caf, décembre 2020, 2021"]),
        ([f"Caf, décembre {year}" for year in range(2020, 2025)], ["Caf, décembre 2020 à 2024"]),
        ([f"Caf, décembre {year}" for year in (2020, 2021, 2023)],
         ["Caf, décembre 2020, 2021, 2023"]),
        (["Source MSA", "Source MSA", "Caf, 2021"], ["Source MSA", "Caf, 2021"]),
        (["Enquête 2020 et 2021", "Enquête 2020 et 2021"], ["Enquête 2020 et 2021"]),
        ([], []),
    ],
)  # fmt: skip
def test_mentions_that_differ_by_their_year_are_one(mentions, expected):
    assert merge_mentions(mentions) == expected


def test_the_mention_of_a_public_statistic_is_shortened():
    source = sources()["cnaf_allocataires"]
    mention = f"{source.full_mention(2024)} ; total de 49 communes sur 49"
    assert shorten_mention(mention) == "Cnaf, décembre 2024"
    named = "Cnaf, foyers allocataires et personnes couvertes, par commune, décembre 2024"
    assert shorten_mention(mention, is_named=True) == named


def test_the_mention_of_every_public_statistic_is_shortened():
    for source in sources().values():
        mention = shorten_mention(source.full_mention(2021))
        assert mention.startswith(source.publisher)
        assert "2021" in mention
        assert source.dataset not in mention


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("Source Caf d’Exemple", "Caf d’Exemple"),
        ("Source : MSA Poitou, fichier.", "MSA Poitou, fichier"),
        ("Enquête annuelle", "Enquête annuelle"),
    ],
)
def test_a_mention_of_no_public_statistic_keeps_its_words(mention, expected):
    assert shorten_mention(mention) == expected
