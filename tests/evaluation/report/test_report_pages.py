"""The page of a report: what it lacks, how far it is, those that are there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ctg_portal.clock.heartbeats import beat
from documents.drawing.composition import compose
from documents.drawing.events import renew_lease, take
from documents.drawing.kinds import Drawn
from documents.templatetags.files import weight
from evaluation.models import Narrative, Report
from evaluation.report import document
from evaluation.verdicts.events import appreciate
from tests import factories as f
from tests.agreements.factories import LONG_AGO, committee_of
from tests.committee.pages import after, page_of
from tests.evaluation.whole import whole_told
from tests.indicators.factories import campaign_of, figures, indicator_in_force


@pytest.fixture
def committee(db, monkeypatch):
    monkeypatch.setattr(document, "draw", lambda *_: Drawn(b"%PDF-1.7 x", 3))
    return committee_of()


@pytest.fixture
def year(committee):
    figures(committee, indicator_in_force(committee), {2022: 410, 2023: 430})
    Narrative.objects.create(theme=committee.orientation.theme, year=2023, text="Une année.")


def url(committee, name="report", *args):
    return reverse(f"evaluation:{name}", args=[committee.convention.slug, 2023, *args])


def read(client, committee, user=None) -> str:
    client.force_login(user or committee.coordinator)
    text = page_of(client.get(url(committee)))
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def ask(client, committee) -> Report:
    client.force_login(committee.coordinator)
    after(client, client.post(url(committee, "request_report")))
    return Report.objects.latest("pk")


def wait(report, seconds=11):
    moment = timezone.now() - timedelta(seconds=seconds)
    Report.objects.filter(pk=report.pk).update(requested_at=moment)


@pytest.mark.parametrize(
    ("size", "words"),
    [(3, "1 Ko"), (225_400, "225 Ko"), (1_400_000, "1,4 Mo")],
)
def test_the_weight_of_a_file_is_written_in_words(size, words):
    assert weight(size) == words.replace(" ", "\u00a0")


class TestBefore:
    def test_the_page_says_that_nothing_is_missing(self, client, committee, year):
        whole_told(committee, 2023)
        appreciate(committee.orientation, 2023, "reached", "", revision=0, by=committee.coordinator)
        text = read(client, committee)
        assert "Le rapport 2023 peut être composé ; rien ne manque" in text
        assert "1 indicateur, 3 textes et 1 axe" in text
        assert "Composer le rapport" in text

    def test_the_page_counts_what_is_missing_and_leads_to_it(self, client, committee):
        campaign_of(committee, 2023, [indicator_in_force(committee)])
        text = read(client, committee)
        assert "peut être composé ; 5 éléments manquent, dont 1 chiffre" in text
        assert "Voir ce qui manque" in text

    def test_the_page_says_that_the_report_would_be_empty(self, client, committee):
        campaign_of(committee, 2023, state="prepared")
        assert "Le rapport 2023 serait vide : rien n’a encore été recueilli" in read(
            client, committee
        )

    def test_a_reader_reads_that_the_report_is_not_composed_yet(self, client, committee, year):
        text = read(client, committee, committee.caf_member)
        assert "Le rapport 2023 n’est pas encore composé" in text
        assert "Composer" not in text


class TestWaiting:
    def test_the_page_shows_the_stage_of_the_report(self, client, committee, year):
        report = ask(client, committee)
        text = read(client, committee)
        assert "Le rapport 2023 est en préparation" in text
        assert "Composition : en attente." in text
        attempt = take(report)
        assert "étape 1 sur 4, lecture des données" in read(client, committee)
        renew_lease(report, attempt, stage="drawing")
        text = read(client, committee)
        assert "étape 3 sur 4, composition du fichier" in text
        assert text.count("✓ fait") == 2

    def test_the_page_of_a_waiting_report_refreshes_with_or_without_javascript(
        self, client, committee, year
    ):
        ask(client, committee)
        html = client.get(url(committee)).content.decode()
        assert "Actualiser" in html
        assert 'data-hx-trigger="every 2s"' in html
        compose(Report.objects.get())
        html = client.get(url(committee)).content.decode()
        assert "Actualiser" not in html
        assert "every 2s" not in html

    def test_the_page_says_that_no_worker_answers(self, client, committee, year):
        report = ask(client, committee)
        assert "ne répond pas" not in read(client, committee)
        wait(report)
        assert "sera prêt dès qu’il reprendra" in read(client, committee)
        beat("worker")
        assert "ne répond pas" not in read(client, committee)

    def test_who_requested_a_report_cancels_it(self, client, committee, year):
        report = ask(client, committee)
        assert "Annuler" in read(client, committee)
        assert "Annuler" not in read(client, committee, committee.caf_member)
        client.post(url(committee, "cancel_report", report.pk))
        report.refresh_from_db()
        assert report.state == "queued"
        client.force_login(committee.coordinator)
        text = after(client, client.post(url(committee, "cancel_report", report.pk)))
        assert "Le rapport ne sera pas composé." in text
        assert "Composer le rapport" in text

    def test_a_reader_requests_no_report(self, client, committee, year):
        client.force_login(committee.caf_member)
        client.post(url(committee, "request_report"))
        assert Report.objects.count() == 0


class TestReady:
    @pytest.fixture
    def report(self, client, committee, year):
        report = ask(client, committee)
        compose(report)
        report.refresh_from_db()
        return report

    def test_a_report_is_up_to_date_until_something_changes(self, client, committee, report):
        text = read(client, committee)
        assert "Le rapport 2023 est prêt" in text
        assert "il est à jour" in text
        assert "Composer le rapport" not in text
        committee.in_force_since(LONG_AGO, "Un objectif de plus")
        text = read(client, committee)
        assert "est prêt ; des données ont changé depuis" in text
        assert "Composer le rapport" in text

    def test_an_earlier_report_is_shown_when_its_content_is_true_again(
        self, client, committee, report
    ):
        Narrative.objects.update(text="Autrement.")
        compose(ask(client, committee))
        assert Report.objects.ready().count() == 2
        Narrative.objects.update(text="Une année.")
        text = read(client, committee)
        assert "Le rapport 2023 est prêt" in text
        assert "il est à jour" in text
        html = client.get(url(committee)).content.decode()
        assert html.index(url(committee, "report_file", report.pk)) < html.index("<table")

    def test_requesting_the_same_report_says_that_it_is_up_to_date(self, client, committee, report):
        text = after(client, client.post(url(committee, "request_report")))
        assert "il est à jour" in text
        assert Report.objects.count() == 1

    def test_a_reader_downloads_the_report(self, client, committee, report):
        assert "3 pages" in read(client, committee, committee.caf_member)
        response = client.get(url(committee, "report_file", report.pk))
        assert response.content == b"%PDF-1.7 x"
        assert response["Content-Type"] == "application/pdf"
        name = f"evaluation-2023-{committee.convention.slug}.pdf"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]

    def test_a_report_is_not_found_under_another_year_or_convention(
        self, client, committee, report
    ):
        client.force_login(committee.coordinator)
        slug = committee.convention.slug
        elsewhere = reverse("evaluation:report_file", args=[slug, 2022, report.pk])
        assert client.get(elsewhere).status_code == 404
        client.force_login(f.MembershipFactory(coordinator=True).user)
        assert client.get(url(committee, "report_file", report.pk)).status_code == 404

    def test_a_report_that_is_not_ready_is_not_downloaded(self, client, committee, report):
        committee.in_force_since(LONG_AGO, "Un objectif de plus")
        unfinished = ask(client, committee)
        response = client.get(url(committee, "report_file", unfinished.pk))
        assert response.status_code == 302

    def test_a_report_whose_file_is_gone_is_said_to_be(self, client, committee, report):
        report.file.storage.delete(report.file.name)
        assert client.get(url(committee, "report_file", report.pk)).status_code == 503

    def test_the_former_report_stays_within_reach_after_a_failure(
        self, client, committee, report, monkeypatch
    ):
        committee.in_force_since(LONG_AGO, "Un objectif de plus")
        Report.objects.filter(pk=ask(client, committee).pk).update(state="failed", lease_until=None)
        text = read(client, committee)
        assert "n’a pas pu être composé" in text
        assert "Le précédent reste disponible" in text
        assert "Télécharger" in text
        assert "Composer le rapport" in text
