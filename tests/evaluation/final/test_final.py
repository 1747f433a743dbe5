"""What the final evaluation lacks, year by year, each line a link to where it is mended."""

import datetime

import pytest
from django.urls import reverse

from evaluation.models import Narrative
from evaluation.writing.events import write_narrative
from evaluation.year.lacks import lacking
from indicators.models import CampaignState
from tests import factories as f
from tests.actions.factories import action_since_long, in_state, noted
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of
from tests.evaluation.whole import whole_told
from tests.indicators.factories import campaign_of, indicator_in_force, value_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2025, 3, 1)


@told_once
def committee():
    """A convention from 2021 to 2024."""
    return committee_of(signed_on=datetime.date(2021, 1, 1), end=datetime.date(2024, 12, 31))


def lacks_of(committee) -> dict[int, list[str]]:
    lacks = lacking(committee.convention, TODAY)
    return {one.year: [lack.sentence for lack in one.lacks.lines] for one in lacks}


def test_each_year_says_what_it_lacks(committee):
    indicators = [indicator_in_force(committee, title=title) for title in ("Places", "Ateliers")]
    campaign_of(committee, 2022, state=CampaignState.PREPARED)
    open_one = campaign_of(committee, 2023, indicators)
    value_of(open_one, indicators[0], 3)
    closed = campaign_of(committee, 2024, indicators, state=CampaignState.CLOSED)
    for indicator in indicators:
        value_of(closed, indicator, 4)
    write_narrative(committee.orientation.theme, 2024, "Bien", revision=0, by=committee.coordinator)
    whole_told(committee, 2024)
    lacks = lacks_of(committee)
    assert list(lacks) == [2021, 2022, 2023, 2024]
    assert lacks[2021] == ["Le recueil n’est pas préparé."]
    assert lacks[2022] == ["Le recueil n’est pas ouvert."]
    assert lacks[2023][:2] == ["Le recueil n’est pas clos.", "1\u00a0chiffre manque."]
    assert "1\u00a0texte reste à écrire, sur ce que l’année a changé." in lacks[2023]
    assert "« Introduction » : ce texte reste à écrire." in lacks[2023]
    assert "L’évaluation n’est pas publiée." in lacks[2024]
    assert not any("texte" in one or "chiffre" in one for one in lacks[2024])


@pytest.mark.parametrize(
    ("begins", "ends", "years"),
    [
        (datetime.date(2019, 12, 31), datetime.date(2022, 12, 31), [2020, 2021, 2022]),
        (datetime.date(2020, 7, 2), datetime.date(2022, 12, 31), [2020, 2021, 2022]),
        (datetime.date(2020, 7, 3), datetime.date(2022, 12, 31), [2021, 2022]),
        (datetime.date(2020, 1, 1), datetime.date(2022, 3, 31), [2020, 2021]),
        (datetime.date(2024, 11, 2), datetime.date(2028, 12, 31), []),
    ],
)
def test_a_year_of_which_the_term_has_less_than_half_is_not_asked_for(begins, ends, years):
    """One day of a year is no year to evaluate; the neighbouring years tell it."""
    committee = committee_of(signed_on=begins, end=ends)
    lacks = lacking(committee.convention, datetime.date(2024, 12, 1))
    assert [one.year for one in lacks] == years


def test_a_year_with_figures_is_asked_for():
    committee = committee_of(signed_on=datetime.date(2019, 12, 31), end=datetime.date(2020, 12, 31))
    campaign_of(committee, 2019, state=CampaignState.PREPARED)
    assert list(lacks_of(committee)) == [2019, 2020]


def test_a_year_lacks_the_texts_of_its_own_themes(committee):
    """The text of a theme that has left since does not replace another."""
    theme = committee.orientation.theme
    later = f.AmendmentFactory(
        convention=committee.convention, number=1, effective_on=datetime.date(2024, 6, 1)
    )
    left = f.ThemeFactory(axis=theme.axis, until=later)
    campaign_of(committee, 2023, [indicator_in_force(committee)])
    Narrative.objects.create(theme=left, year=2023, text="Bien")
    assert "1\u00a0texte reste à écrire, sur ce que l’année a changé." in lacks_of(committee)[2023]
    Narrative.objects.create(theme=theme, year=2023, text="Bien")
    assert not any("texte reste à écrire, sur" in one for one in lacks_of(committee)[2023])


def test_a_year_lacks_the_notes_of_its_actions(client, committee):
    campaign_of(committee, 2023, [indicator_in_force(committee)])
    dates = {"starts_on": datetime.date(2023, 1, 1), "ends_on": datetime.date(2024, 6, 30)}
    action = action_since_long(committee, title="Ludobus", **dates)
    in_state(action, "in_progress", on=datetime.date(2023, 2, 1), reason="Lancée.")
    [lack] = [
        lack for one in lacking(committee.convention, TODAY) if one.year == 2023
        for lack in one.lacks.lines if "bilan" in lack.sentence
    ]  # fmt: skip
    assert lack.sentence == "1\u00a0action n’a pas son bilan."
    client.force_login(committee.coordinator)
    assert client.get(lack.url).status_code == 200
    noted(action, 2023)
    assert not any("bilan" in one for one in lacks_of(committee)[2023])


def test_the_task_leads_to_the_page_and_each_lack_to_where_it_is_mended(client, committee):
    slug = committee.convention.slug
    campaign_of(committee, 2023, [indicator_in_force(committee)])
    client.force_login(committee.coordinator)
    dashboard = client.get(reverse("conventions:dashboard", args=[slug])).content.decode()
    url = reverse("evaluation:final", args=[slug])
    assert url in dashboard
    page = client.get(url)
    count = page.context["lacks"].count
    assert f"Évaluation finale : {count} éléments manquent" in page_of(page)
    urls = {lack.url for year in page.context["years"].all for lack in year.lacks.lines}
    assert reverse("indicators:campaign", args=[slug, 2023]) in urls
    for link in urls:
        assert client.get(link).status_code == 200
