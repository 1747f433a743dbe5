"""What is kept of a year is read again after an event, and tells no more than all may read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ctg_portal.marks.cache import caching
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from evaluation.overview.page import drawn_year
from evaluation.period import Period
from evaluation.report.for_reader import digest_for_reader
from evaluation.writing.events import write_narrative
from evaluation.year.dashboard import last_year_of
from evaluation.year.for_reader import year_for_reader
from evaluation.year.lacks import lacks_of
from indicators.figures.disclosures import Disclosure
from indicators.models import Value
from indicators.values.giving import verify_value
from tests.evaluation.publication.scene import YEAR, written_year

pytestmark = pytest.mark.django_db

PERIOD = Period(YEAR)


@pytest.fixture
def committee():
    committee = written_year()
    changed(committee.convention, *Subject)
    return committee


def asked(read, *args, **kwargs):
    """As a request asks it, of which the second is told what was kept for the first."""
    for _ in range(2):
        with caching():
            answer = read(*args, **kwargs)
    return answer


def test_a_text_that_is_written_is_read_by_who_reads_drafts_alone(committee):
    def texts(*, is_public: bool) -> list[str]:
        reading = asked(year_for_reader, committee.convention, PERIOD, is_public=is_public)
        return [theme.text for theme in reading.themes]

    assert (texts(is_public=False), texts(is_public=True)) == (["La crèche a ouvert."], [""])
    before = asked(digest_for_reader, committee.convention, PERIOD, is_public=False)
    by = committee.coordinator
    write_narrative(committee.theme, YEAR, "Elle a fermé.", revision=1, by=by)
    assert (texts(is_public=False), texts(is_public=True)) == (["Elle a fermé."], [""])
    assert asked(digest_for_reader, committee.convention, PERIOD, is_public=False) != before


def test_a_text_that_was_missing_is_missed_no_more(committee):
    def missing() -> list[str]:
        return [one.sentence for one in asked(lacks_of, committee.convention, PERIOD).lines]

    by = committee.coordinator
    write_narrative(committee.theme, YEAR, "", revision=1, by=by)
    assert any("reste à écrire" in sentence for sentence in missing())
    write_narrative(committee.theme, YEAR, "Elle a ouvert.", revision=2, by=by)
    assert not any("reste à écrire" in sentence for sentence in missing())


def test_a_figure_that_is_verified_is_drawn_so(committee, agent):
    def drawn() -> str:
        year = asked(drawn_year, committee.convention, PERIOD)
        return year.tables_of(committee.theme)

    assert "pas encore vérifié" in drawn()
    verify_value(Value.objects.get(), by=agent)
    assert "441" in drawn()
    assert "pas encore vérifié" not in drawn()


@pytest.mark.parametrize(
    ("subject", "tables"),
    [
        (Subject.EVALUATION, {"evaluation_narrative"}),
        (Subject.FIGURES, {"indicators_value"}),
        (Subject.PLAN, set()),
        (Subject.PEOPLE, set()),
    ],
)
def test_an_event_has_the_part_of_a_year_that_it_changes_read_again(committee, subject, tables):
    asked(year_for_reader, committee.convention, PERIOD, is_public=False)
    changed(committee.convention, subject)
    with CaptureQueriesContext(connection) as queries:
        asked(year_for_reader, committee.convention, PERIOD, is_public=False)
    parts = {"evaluation_narrative", "indicators_value"}
    read = {part for part in parts for one in queries if f'FROM "{part}"' in one["sql"]}
    assert read == tables


def test_movements_are_counted_again_once_a_figure_changes(committee):
    def missing() -> int:
        _, counted = asked(last_year_of, committee.convention)
        return sum(one.missing for counts in counted.values() for one in counts)

    assert missing() == 0
    Value.objects.all().delete()
    changed(committee.convention, Subject.FIGURES)
    assert missing() == 1


def test_nothing_that_contributors_alone_read_is_kept(committee):
    asked_for = committee.campaign.campaign_indicators.get()
    raw = {"given": {"": ["441"]}, "counted": {"": ["441"]}}
    Disclosure.objects.update_or_create(campaign_indicator=asked_for, defaults=raw)
    reading = asked(year_for_reader, committee.convention, PERIOD, is_public=False)
    [entry] = [cell.entry for series in reading.series for cell in series.collected]
    assert entry.get_deferred_fields() == {"taken_over"}
    assert entry.disclosure.get_deferred_fields() == {"given", "counted"}
