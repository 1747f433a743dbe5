"""How the committee has worked, in every file of an evaluation, and kept as it was."""

import datetime
import io

import docx
import pytest

from committee.meetings.decisions.events import decide, report
from conventions.models import Convention
from evaluation.editions.frozen import plain_of
from evaluation.publication.differences import changes_between
from evaluation.publication.snapshots import content_of, freeze
from evaluation.report.document import draw, draw_sections, write
from evaluation.report.reading import read_report
from evaluation.report.word import docx_of
from tests.committee.meetings.scene import row_of
from tests.committee.meetings.test_governance import held_meeting
from tests.documents.reading import faults, text_of
from tests.evaluation.publication.scene import YEAR, written_year
from tests.evaluation.report.test_report_document import MOMENT, PROJECT
from tests.stories import told_once


@told_once
def committee(db):
    return written_year()


def read(committee):
    convention = Convention.objects.get(pk=committee.convention.pk)
    return read_report(convention, committee.campaign)


@pytest.fixture
def decision(committee):
    """A decision of a meeting of the year."""
    meeting = held_meeting(committee, datetime.date(YEAR, 5, 4), committee.caf_member)
    assert row_of(meeting, committee.caf_member).is_present
    return decide(meeting, text="Ouvrir un relais", follows=True, by=committee.coordinator)


def test_a_year_without_meetings_has_no_such_section(committee):
    content = read(committee)
    assert content.governance is None
    assert "governance" not in [section.key for section in content.filled_sections]


@pytest.mark.usefixtures("decision")
def test_meetings_and_decisions_are_in_pdf_and_word(committee):
    content = read(committee)
    pdf = draw(write(content, PROJECT, draw_sections(content)), content, PROJECT, MOMENT).content
    assert faults(pdf) == []
    assert "Gouvernance" in text_of(pdf)
    assert "Ouvrir un relais" in text_of(pdf)
    document = docx.Document(io.BytesIO(docx_of(content, PROJECT)))
    assert "Gouvernance" in [paragraph.text for paragraph in document.paragraphs]


def test_what_is_frozen_stays_whatever_becomes_of_a_decision(committee, decision):
    content = read(committee)
    snapshot = freeze(committee.convention, content)
    report(decision, text="Fait.", is_done=True, by=committee.coordinator)
    frozen = content_of(snapshot)
    assert frozen == content
    assert not changes_between(plain_of(snapshot), plain_of(snapshot))
