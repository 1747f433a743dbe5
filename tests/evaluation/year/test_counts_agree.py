"""Every place that counts the indicators of a year says the same of it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.report.summary import summary_of
from evaluation.writing.first_draft import count_sentences
from evaluation.year.dashboard import year_state
from evaluation.year.reading import read_year
from tests.committee.pages import page_of
from tests.indicators.factories import campaign_of, indicator_in_force, value_of

pytestmark = pytest.mark.django_db


def year_of(committee, numbers, **fields):
    """Create a closed year of indicators with these pairs of figures, of 2022 and 2023."""
    fields |= {"baseline_value": None, "baseline_year": None}
    indicators = [
        indicator_in_force(committee, title=f"I{place}", **fields) for place in range(len(numbers))
    ]
    for place, year in enumerate((2022, 2023)):
        campaign = campaign_of(committee, year, indicators, state="closed")
        for indicator, pair in zip(indicators, numbers, strict=True):
            if pair[place] is not None:
                value_of(campaign, indicator, pair[place])
    return campaign


FIVE = {"targets": []}


@pytest.mark.parametrize(
    ("numbers", "fields", "headline", "targets"),
    [
        ([(400, 410), (400, 390), (400, None), (None, 400), (400, 400)], FIVE,
         "1 des 3 indicateurs comparables progresse", "Aucune cible n’est fixée."),
        ([(None, 400)] * 5, FIVE, "aucun des 5 indicateurs suivis n’est comparable",
         "Aucune cible n’est fixée."),
        ([(None, None)], {}, "le seul indicateur suivi est sans donnée",
         "1 cible à atteindre plus tard."),
        ([(400, 239)], {"direction": "up", "targets": [{"year": 2023, "value": "240"}]},
         "le seul indicateur suivi recule",
         "1 cible à atteindre fin 2023, presque atteinte (à moins de 5 %)."),
        ([(400, 410)] * 2, {"kind": "context", "targets": []},
         "aucun des 2 indicateurs suivis n’est comparable", ""),
    ],
    ids=["five without targets", "a first year", "no figure", "near its target", "context"],
)  # fmt: skip
def test_title_dashboard_report_and_draft_count_alike(
    client, committee, numbers, fields, headline, targets
):
    def plain(text):
        return " ".join(text.replace("\u202f", " ").split())

    campaign = year_of(committee, numbers, **fields)
    convention = committee.convention
    client.force_login(committee.caf_member)
    year = client.get(reverse("evaluation:year", args=[convention.slug, 2023]))
    assert plain(f"2023 : {headline}") == plain(year.context["page"].title)
    shown = plain(page_of(year))
    column = next(year_state(committee.coordinator, convention, timezone.localdate()))
    assert plain(column.clause) == headline
    reading = read_year(convention, campaign)
    summary = summary_of(reading)
    draft = " ".join(sentence.text for sentence in count_sentences(reading))
    for text in (plain(f"{summary.sentence} {summary.targets}").lower(), plain(draft).lower()):
        assert headline.lower() in text
        assert targets.lower() in text
    key = summary.figures[0]
    assert plain(f"{key.figure} {key.label}") in shown
    assert (key.figure, key.label) == (column.figure.figure, column.figure.text)
