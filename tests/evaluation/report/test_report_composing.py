"""A report is asked for, composed by one worker at a time, kept, or given up."""

import errno
import hashlib
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from ctg_portal.rules import Refused
from documents.drawing import composition
from documents.drawing import events as drawing
from documents.drawing.composition import compose
from documents.drawing.events import ATTEMPTS, LEASE, LeaseLost
from documents.drawing.kinds import Drawn
from documents.drawing.models import Stage
from documents.drawing.press import next_row
from evaluation.management.commands import build_report
from evaluation.models import Report
from evaluation.report import document
from evaluation.report.events import request_report
from evaluation.report.reading import read_report
from tests.agreements.factories import LONG_AGO, committee_of
from tests.indicators.factories import figures, indicator_in_force
from tests.stories import told_once

HOUR = timedelta(hours=1)


@told_once
def committee(db):
    committee = committee_of()
    figures(committee, indicator_in_force(committee), {2022: 410, 2023: 430})
    return committee


@pytest.fixture
def quick(monkeypatch):
    """Drawing takes no time: its stages are noted instead; ``stages.fails`` has it fail."""

    class Stages(list):
        fails = False

    stages = Stages()

    def draw(html, content, mark, moment):
        stages.append(Report.objects.get(state="composing").stage)
        if stages.fails:
            raise RuntimeError("no room left")
        return Drawn(b"%PDF-1.7 " + content.digest.encode(), 3)

    monkeypatch.setattr(document, "draw", draw)
    return stages


def digest_of(committee):
    campaign = committee.convention.campaigns.get(year=2023)
    return read_report(committee.convention, campaign).digest


def asked(committee) -> Report:
    return request_report(
        committee.convention, 2023, digest=digest_of(committee), by=committee.coordinator
    )


def stored_document(report) -> bytes:
    """The document as it lies on the disk."""
    with report.file.open("rb") as file:
        return file.read()


def later(report, by=HOUR):
    """As if that time had passed."""
    Report.objects.filter(pk=report.pk).update(lease_until=timezone.now() - by)
    report.refresh_from_db()


class TestAsking:
    def test_a_requested_report_waits(self, committee):
        report = asked(committee)
        assert (report.state, report.attempts, report.stage) == ("queued", 0, "")
        assert report.requested_by == committee.coordinator

    def test_only_the_coordinator_requests_a_report(self, committee):
        with pytest.raises(Refused):
            request_report(committee.convention, 2023, digest="", by=committee.caf_member)

    def test_the_worker_finds_a_waiting_report_once(self, committee, quick):
        report = asked(committee)
        assert next_row() == report
        compose(report)
        assert next_row() is None

    def test_only_one_report_of_a_year_waits_at_a_time(self, committee):
        assert asked(committee) == asked(committee)
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(convention=committee.convention, year=2023,
                                  lease_until=timezone.now())  # fmt: skip

    def test_the_same_content_is_not_composed_twice(self, committee, quick):
        report = asked(committee)
        compose(report)
        assert asked(committee) == report
        figures(committee, indicator_in_force(committee, title="Autre"), {2021: 1})
        assert asked(committee) == report  # nothing of the year has changed
        committee.in_force_since(LONG_AGO, "Un objectif de plus")
        assert asked(committee) != report


class TestComposing:
    def test_a_composed_report_is_stored_with_its_digest_and_size(self, committee, quick):
        report = asked(committee)
        assert compose(report)
        report.refresh_from_db()
        content = stored_document(report)
        assert (report.size, report.pages) == (len(content), 3)
        assert report.sha256 == hashlib.sha256(content).hexdigest()
        assert report.digest == digest_of(committee)
        assert report.finished_at
        assert report.lease_until is None
        verbs = list(report.transitions.values_list("verb", flat=True))
        assert verbs == ["requested", "taken", "kept"]

    def test_a_report_being_composed_says_its_stage(self, committee, quick, monkeypatch):
        stages, renew_lease = [], drawing.renew_lease

        def noting(row, attempt, stage, **fields):
            stages.append(stage)
            renew_lease(row, attempt, stage=stage, **fields)

        monkeypatch.setattr(composition, "renew_lease", noting)
        compose(asked(committee))
        assert stages == [Stage.WRITING, Stage.DRAWING, Stage.KEEPING]
        assert quick == [Stage.DRAWING]

    def test_a_composed_report_has_what_was_added_since_its_request(self, committee, quick):
        report = asked(committee)
        before = report.digest
        committee.in_force_since(LONG_AGO, "Écrit entre-temps")
        compose(report)
        report.refresh_from_db()
        assert report.digest == digest_of(committee) != before

    def test_a_report_composed_twice_is_drawn_once(self, committee, quick):
        report = asked(committee)
        compose(report)
        compose(report)
        assert len(quick) == 1

    def test_a_composed_report_is_a_pdf_of_several_pages(self, committee):
        report = asked(committee)
        assert compose(report)
        report.refresh_from_db()
        assert stored_document(report).startswith(b"%PDF-1.7")
        assert report.pages >= 4


class TestLease:
    def test_a_report_that_is_taken_is_not_composed_by_another_worker(self, committee, quick):
        report = asked(committee)
        assert drawing.take(report) == 1
        assert drawing.take(report) is None
        assert not compose(report)
        assert quick == []

    def test_a_new_stage_extends_the_lease(self, committee):
        report = asked(committee)
        attempt = drawing.take(report)
        later(report, by=-timedelta(seconds=5))
        drawing.renew_lease(report, attempt, stage=Stage.DRAWING)
        report.refresh_from_db()
        assert report.lease_until > timezone.now() + LEASE - timedelta(seconds=10)

    def test_the_report_of_a_killed_worker_is_composed_by_another(self, committee, quick):
        report = asked(committee)
        drawing.take(report)
        later(report)
        assert compose(report)
        report.refresh_from_db()
        assert (report.state, report.attempts) == ("ready", 2)

    def test_a_worker_that_comes_back_late_stores_nothing(self, committee, quick):
        report = asked(committee)
        first = drawing.take(report)
        later(report)
        second = drawing.take(report)
        with pytest.raises(LeaseLost):
            drawing.renew_lease(report, first)
        with pytest.raises(LeaseLost):
            drawing.store_result(report, first, b"old", 1)
        drawing.store_result(report, second, b"new", 1)
        drawing.put_back(report, first)
        report.refresh_from_db()
        assert (report.state, stored_document(report)) == ("ready", b"new")
        folder = report.file.name.rpartition("/")[0]
        assert default_storage.listdir(folder)[1] == [report.file.name.rpartition("/")[2]]

    def test_a_worker_that_loses_its_lease_stores_nothing(self, committee, monkeypatch):
        report = asked(committee)

        def draw(html, content, mark, moment):
            later(report)
            assert drawing.take(report) == 2
            return Drawn(b"late", 1)

        monkeypatch.setattr(document, "draw", draw)
        assert not compose(report)
        report.refresh_from_db()
        assert (report.state, report.attempts, report.file) == ("composing", 2, "")


class TestFailing:
    def test_a_report_that_fails_is_tried_again_then_given_up(self, committee, quick, caplog):
        quick.fails = True
        report = asked(committee)
        for attempt in range(1, ATTEMPTS + 1):
            assert not compose(report)
            report.refresh_from_db()
            assert report.attempts == attempt
            assert report.state == ("failed" if attempt == ATTEMPTS else "queued")
        assert [r.levelno for r in caplog.records if "could not be composed" in r.message] == [
            logging.ERROR
        ] * ATTEMPTS
        assert not compose(report)
        assert len(quick) == ATTEMPTS

    def test_a_full_disk_fails_the_report_at_once_without_a_file(
        self, committee, quick, monkeypatch
    ):
        def half(self, chunk_size=None):
            yield b"half of it"
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(ContentFile, "chunks", half)
        report = asked(committee)
        assert not compose(report)
        report.refresh_from_db()
        assert report.is_failed
        assert report.transitions.last().reason.startswith("Le serveur n’a plus de place")
        assert not [path for path in Path(default_storage.location).rglob("*") if path.is_file()]

    def test_the_transitions_of_a_report_show_each_attempt(self, committee, quick):
        quick.fails = True
        report = asked(committee)
        for _ in range(ATTEMPTS):
            compose(report)
        assert list(report.transitions.values_list("verb", "from_state", "to_state", "by")) == [
            ("requested", "", "queued", committee.coordinator.pk),
            *[("taken", "queued", "composing", None), ("put_back", "composing", "queued", None)]
            * (ATTEMPTS - 1),
            ("taken", "queued", "composing", None),
            ("given_up", "composing", "failed", None),
        ]

    def test_a_report_whose_workers_are_killed_repeatedly_fails(self, committee):
        report = asked(committee)
        for _ in range(ATTEMPTS):
            assert drawing.take(report)
            later(report)
        assert drawing.take(report) is None
        report.refresh_from_db()
        assert report.is_failed

    def test_the_former_report_stays_when_the_next_fails(self, committee, quick):
        former = asked(committee)
        compose(former)
        committee.in_force_since(LONG_AGO, "Un objectif de plus")
        quick.fails = True
        report = asked(committee)
        for _ in range(ATTEMPTS):
            compose(report)
        former.refresh_from_db()
        assert former.is_ready
        assert stored_document(former).startswith(b"%PDF")

    def test_a_failed_report_may_be_requested_again(self, committee, quick):
        quick.fails = True
        report = asked(committee)
        for _ in range(ATTEMPTS):
            compose(report)
        quick.fails = False
        again = asked(committee)
        assert again != report
        assert compose(again)


class TestWaiting:
    def test_the_report_of_a_killed_worker_is_taken_within_a_minute(self, committee):
        report = asked(committee)
        drawing.take(report)
        assert next_row() is None
        Report.objects.update(lease_until=F("lease_until") - timedelta(minutes=1))
        assert next_row() == report

    def test_only_who_requested_a_report_may_cancel_it(self, committee, quick):
        report = asked(committee)
        attempt = drawing.take(report)
        with pytest.raises(Refused, match="autre personne"):
            drawing.cancel(report, by=committee.caf_member)
        drawing.cancel(report, by=committee.coordinator)
        with pytest.raises(LeaseLost):
            drawing.renew_lease(report, attempt)
        report.refresh_from_db()
        assert report.is_cancelled
        with pytest.raises(Refused, match="plus en préparation"):
            drawing.cancel(report, by=committee.coordinator)
        assert asked(committee) != report


class TestCommand:
    def test_the_command_writes_the_report_into_a_file(
        self, committee, tmp_path, capsys, monkeypatch
    ):
        monkeypatch.setattr(build_report, "draw", lambda *arguments: Drawn(b"%PDF-1.7 x", 3))
        path = tmp_path / "rapport.pdf"
        call_command("build_report", committee.convention.slug, "2023", "-o", str(path))
        assert path.read_bytes() == b"%PDF-1.7 x"
        assert "3 pages, 1 indicateur" in capsys.readouterr().out.replace("\u00a0", " ")
        assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["rapport.pdf"]

    @pytest.mark.parametrize(
        ("slug", "year", "words"),
        [("absente", "2023", "Aucune convention"), (None, "2013", "ceux de 2022, 2023")],
    )
    def test_the_command_says_what_is_wrong(self, committee, slug, year, words, tmp_path):
        with pytest.raises(CommandError, match=words):
            call_command("build_report", slug or committee.convention.slug, year,
                         "-o", str(tmp_path / "x.pdf"))  # fmt: skip
