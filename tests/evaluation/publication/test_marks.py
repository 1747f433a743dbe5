"""What the document of an edition says of itself."""

import datetime
from dataclasses import asdict

import cattrs
import pytest

from conventions.models import Convention
from evaluation.models import Edition, Printing
from evaluation.publication.document import mark_of
from evaluation.report.content import ReportContent
from evaluation.report.document import write
from evaluation.report.reading import read_report
from tests.evaluation.report.test_report_document import full

MOMENT = datetime.datetime(2024, 4, 12, 9, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("is_final", "words"),
    [
        (True, "Version 2 publiée le 12\u00a0avril 2024"),
        (False, "Projet composé le 12\u00a0avril 2024"),
    ],
)
def test_the_mark_is_a_project_before_the_publication_and_a_version_after(is_final, words):
    row = Printing(edition=Edition(number=2), is_final=is_final, requested_at=MOMENT)
    assert mark_of(row).sentence == words


def test_a_content_frozen_before_money_was_shown_is_still_drawn(committee):
    campaign = full(committee)
    content = read_report(Convention.objects.get(pk=committee.convention.pk), campaign)
    plain = asdict(content)
    assert cattrs.structure(plain, ReportContent) == content
    for name in ("means", "glossary", "data", "confidentiality"):
        del plain[name]
    for name in ("figures", "years"):
        del plain["summary"][name]
    for row in [*plain["summary"]["rows"], plain["summary"]["total"]]:
        del row["years"]
    row = Printing(edition=Edition(number=1), is_final=True, requested_at=MOMENT)
    html = write(cattrs.structure(plain, ReportContent), mark_of(row))
    assert "Version 1" in html
    assert "Les moyens" not in html
