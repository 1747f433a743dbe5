"""A cached reading names every subject whose rows it reads: else a page would show old rows."""

import re
import sys

import pytest
from django.db import connection
from django.urls import reverse

from ctg_portal.marks import cache
from tests.marks import subjects_of_tables
from tests.personas import build_scene
from tests.portal.test_queries import PAGES
from tests.role_table import ROUTES

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# What no event changes of rows that it does change: the definitions of a collection are frozen when
# it is opened, whatever the committee agrees to later; a stake, a theme, an objective, a post and
# an organisation stay in their convention; what a release is rounded to is noted once, when it is
# loaded.
FROZEN = {
    "evaluation.year.dashboard.last_year_of reads committee",
    "evaluation.overview.page.draw_communes reads committee",
    "evaluation.overview.page.draw_figures reads committee",
    "committee.meetings.rules.rules_of reads conventions",
    "actions.follow_up.tasks._agreed_actions reads conventions",
    "evaluation.year.reading._rows_of reads committee",
    "evaluation.year.reading._rows_of reads statistics",
    "evaluation.year.reading.read_figures reads committee",
    "indicators.series.whole._sums_in reads statistics",
    "indicators.sheet.page._figures_of reads committee",
    "indicators.sheet.page._figures_of reads statistics",
    "evaluation.year.texts._texts_alone reads committee",
    "evaluation.year.texts._texts_alone reads conventions",
    "evaluation.cooperation.reading._records_of reads conventions",
    "evaluation.year.dashboard.last_year_of reads statistics",
    "evaluation.overview.page.draw_communes reads statistics",
    "evaluation.year.reading.read_figures reads statistics",
    "evaluation.report.for_reader.content_for_reader reads statistics",
    "evaluation.report.for_reader.digest_for_reader reads statistics",
    "indicators.by_commune.elsewhere._lines_of reads statistics",
    "indicators.sheet.reading.draw_listing reads statistics",
}
READ = re.compile(r'(?:FROM|JOIN) "(\w+)"')


def readings_under_way() -> dict[str, set[str]]:
    """Return the subjects of each cached reading that is being read when this is called."""
    readings, frame = {}, sys._getframe()
    while frame:
        code = frame.f_code
        if code.co_name == "read_cached_each" and code.co_filename == cache.__file__:
            names = frame.f_locals
            readings[names["name"]] = {*map(str, names["subjects"]), *names["shared"]}
        frame = frame.f_back
    return readings


def test_a_cached_reading_names_all_that_it_reads(client):
    scene = build_scene()
    tables, seen, unnamed = subjects_of_tables(), set(), set()

    def note(execute, sql, *args):
        for name, subjects in readings_under_way().items():
            seen.add(name)
            read = {tables[one] for one in READ.findall(sql) if one in tables}
            unnamed.update(f"{name} reads {one}" for one in map(str, read) if one not in subjects)
        return execute(sql, *args)

    for persona in ("coordinator", "member"):
        client.force_login(scene.people[persona])
        for name in PAGES:
            url = reverse(name, kwargs=ROUTES[name].kwargs(scene))
            with connection.execute_wrapper(note):
                client.get(url)
    assert len(seen) > 40
    assert unnamed - FROZEN == set()
