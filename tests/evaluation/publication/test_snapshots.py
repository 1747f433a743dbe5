"""What was frozen is read for ever: a content of each release is kept here.

When ``FORMAT`` grows, the sample of today is written beside the others (what
``freeze`` has stored of ``whole_year``), and none of them is changed.
"""

import datetime
import json
from pathlib import Path

import pytest

from evaluation.editions.frozen import FORMAT, plain_of
from evaluation.editions.years import year_of
from evaluation.models import Snapshot
from evaluation.publication.differences import changes_between
from evaluation.publication.snapshots import content_of, freeze
from evaluation.report.document import write
from evaluation.report.marks import Mark
from evaluation.report.reading import read_report
from evaluation.report.sections import usual_order
from tests.evaluation.publication.scene import YEAR, whole_year

SAMPLES = sorted(Path(__file__).with_name("samples").glob("*.json"))
MARK = Mark("Version 1", "publiée le", datetime.date(2024, 11, 15))


def stored(sample: Path) -> Snapshot:
    return Snapshot(schema=int(sample.stem), text=sample.read_text(), year=YEAR)


def test_the_samples_have_a_content_of_today():
    assert str(FORMAT) in {sample.stem for sample in SAMPLES}


def test_a_content_from_before_sections_and_images_has_the_usual_order_and_no_image():
    content = content_of(stored(SAMPLES[0]))
    assert (content.sections, content.images) == (usual_order(), [])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
class TestEachRelease:
    def test_a_content_of_each_release_is_read(self, sample):
        content = content_of(stored(sample))
        assert content.year == YEAR
        assert [theme.narrative for axis in content.axes for theme in axis.themes]

    def test_a_content_of_each_release_is_drawn(self, sample):
        html = write(content_of(stored(sample)), MARK)
        assert "La crèche a ouvert" in html
        assert "441" in html

    def test_a_content_of_each_release_is_read_as_a_published_year(self, sample):
        content = plain_of(stored(sample))
        [objective] = content["axes"][0]["themes"][0]["signed"]
        objective["verdict"], objective["justification"] = "reached", "Ouverte."
        published_year = year_of(content)
        assert published_year.verdicts == {objective["key"]: "reached"}
        assert published_year.reasons == {objective["key"]: "Ouverte."}
        assert "La crèche a ouvert." in published_year.themes.values()
        assert published_year.parts

    def test_a_content_of_each_release_is_compared(self, sample):
        before = plain_of(stored(sample))
        after = json.loads(json.dumps(before))
        after["axes"][0]["themes"][0]["narrative"] = "La crèche ouvre."
        assert [change.text for change in changes_between(before, after)] == ["La crèche ouvre."]

    def test_an_unknown_field_of_a_content_is_ignored(self, sample):
        """A field that a later release drops is passed over."""
        plain = json.loads(sample.read_text()) | {"no longer told": ["x"]}
        content = content_of(Snapshot(schema=int(sample.stem), text=json.dumps(plain), year=YEAR))
        assert content.year == YEAR


def test_a_frozen_content_is_equal_to_the_one_that_was_read(db):
    committee = whole_year()
    content = read_report(committee.convention, committee.campaign)
    snapshot = freeze(committee.convention, content)
    snapshot.refresh_from_db()
    assert content_of(snapshot) == content
    assert content_of(snapshot).digest == snapshot.digest
