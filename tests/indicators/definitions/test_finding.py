"""What the search finds of indicators and of their years, and never of their figures."""

import pytest

from conventions.search.reading import search
from evaluation.writing.events import write_narrative
from tests.databases import is_exploring
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.indicators.marked import COUNTS, WORDS, marked_story

pytestmark = pytest.mark.django_db


def titles(committee, query, user=None) -> dict:
    groups = search(committee.convention, committee.convention.start, query, user)
    return {group.heading: [hit.title for hit in group.hits] for group in groups}


@pytest.mark.both
@pytest.mark.parametrize("query", ["PE-02", "pe02", "pe 2", "indicateur PE-02"])
def test_indicator_is_found_first_by_its_code(committee, query):
    indicator_in_force(committee, code="PE-02", title="Places agréées")
    indicator_in_force(committee, code="PE-03", title="Places, selon PE-02")
    assert titles(committee, query)["Indicateurs"][0] == "PE-02 Places agréées"


@pytest.mark.both
def test_year_is_found_and_what_was_written_of_it(committee):
    campaign_of(committee, 2023)
    theme = committee.orientation.theme
    write_narrative(theme, 2023, "Une halte a ouvert.", revision=0, by=committee.coordinator)
    assert titles(committee, "2023")["Années et recueils"] == ["Évaluation de l’année 2023"]
    assert titles(committee, "halte")["Bilans de l’année"] == [f"Bilan 2023, {theme}"]


@pytest.mark.long
def test_nothing_beside_a_protected_figure_is_found_by_anybody():
    """The search holds no figure at all, even for who may read it."""
    story = marked_story()
    people = [story.committee.coordinator, story.committee.epci_member, story.caf.agent]
    for n, query in enumerate([*WORDS, *map(str, COUNTS), "exactement"]):
        for person in people if is_exploring() else [people[n % len(people)]]:
            assert titles(story.committee, query, person) == {}, query
