"""What is written of a year is read before its publication by who writes, validates or agrees."""

import pytest
from django.urls import reverse

from evaluation.models import EditionState
from evaluation.publication import events
from evaluation.report.events import request_report
from evaluation.report.reading import read_report
from evaluation.writing.events import write_narrative
from indicators.models import Value
from indicators.values.giving import verify_value
from tests import factories as f
from tests.agreements.factories import DelegationFactory, SeatFactory, yesterday
from tests.committee.pages import page_of
from tests.evaluation.publication.scene import (
    YEAR,
    keep_drawn,
    now,
    proposed,
    published,
    submitted,
    written_year,
)
from tests.stories import told_once

DRAFT = "La crèche a ouvert."


@told_once
def committee(db):
    committee = written_year()
    committee.reader = f.MembershipFactory(organisation=committee.epci, reader=True).user
    return committee


def url(committee, name: str, *args) -> str:
    return reverse(f"evaluation:{name}", args=[committee.convention.slug, YEAR, *args])


def year_of(client, committee, user) -> str:
    client.force_login(user)
    return page_of(client.get(url(committee, "year") + "?theme=tout"))


class TestTheYear:
    @pytest.mark.parametrize("who", ["coordinator", "caf_member", "adviser", "delegate"])
    def test_a_year_being_written_is_read_by_who_prepares_it(self, client, committee, who):
        user = {
            "coordinator": committee.coordinator,
            "caf_member": committee.caf_member,
            "adviser": SeatFactory(organisation=committee.caf, adviser=True).user,
            "delegate": DelegationFactory(seat=committee.caf_seat).user,
        }[who]
        assert DRAFT in year_of(client, committee, user)

    @pytest.mark.parametrize("who", ["member", "delegate"])
    def test_a_year_being_written_is_not_read_by_who_sat_until_yesterday(
        self, client, committee, who
    ):
        user = {
            "member": SeatFactory(organisation=committee.caf, ends_on=yesterday()).user,
            "delegate": DelegationFactory(seat=committee.caf_seat, ends_on=yesterday()).user,
        }[who]
        assert DRAFT not in year_of(client, committee, user)

    def test_a_year_being_written_is_not_read_by_other_readers(self, client, committee):
        page = year_of(client, committee, committee.reader)
        assert DRAFT not in page
        assert "Conclusion et perspectives" not in page
        assert "441" in page

    @pytest.mark.usefixtures("published_edition")
    def test_a_published_year_is_read_by_all_as_it_was_published(self, client, committee):
        write_narrative(committee.theme, YEAR, "Réécrit.", revision=1, by=committee.coordinator)
        page = year_of(client, committee, committee.reader)
        assert DRAFT in page
        assert "Réécrit." not in page
        assert "Conclusion et perspectives" in page
        assert "Réécrit." in year_of(client, committee, committee.caf_member)

    def test_the_texts_of_a_year_are_found_by_all_once_published(self, client, committee):
        search = reverse("conventions:search", args=[committee.convention.slug])

        def is_found(user) -> bool:
            client.force_login(user)
            return "Bilan 2023" in page_of(client.get(f"{search}?q=crèche"))

        assert is_found(committee.caf_member)
        assert not is_found(committee.reader)
        published(committee)
        assert is_found(committee.reader)
        write_narrative(
            committee.theme, YEAR, "La crèche, deux.", revision=1, by=committee.coordinator
        )
        assert not is_found(committee.reader)


class TestDocuments:
    def test_a_project_is_for_those_who_prepare_it(self, client, committee):
        digest = read_report(committee.convention, committee.campaign).digest
        report = keep_drawn(
            request_report(committee.convention, YEAR, digest=digest, by=committee.coordinator)
        )
        for user, status in [(committee.reader, 302), (committee.caf_member, 200)]:
            client.force_login(user)
            assert client.get(url(committee, "report_file", report.pk)).status_code == status

    def test_who_reads_no_drafts_is_led_to_the_published_document(self, client, committee):
        client.force_login(committee.reader)
        response = client.get(url(committee, "report"))
        assert response.url == url(committee, "publication")

    @pytest.mark.usefixtures("published_edition")
    def test_the_page_of_a_published_year_does_not_lack_a_report(self, client, committee):
        client.force_login(committee.caf_member)
        page = page_of(client.get(url(committee, "report")))
        assert "pas encore composé" not in page
        assert "Lire l’évaluation publiée" in page
        assert "Le projet" not in page_of(client.get(url(committee, "publication")))

    def test_a_published_document_is_for_all(self, client, committee, published_edition):
        project, final = published_edition.printings.filter(rendition="whole").order_by("is_final")
        keep_drawn(project)
        client.force_login(committee.reader)
        assert client.get(url(committee, "edition_file", final.pk)).status_code == 200
        assert client.get(url(committee, "edition_file", project.pk)).status_code == 302


class TestSomethingChangesMeanwhile:
    def test_a_writer_is_warned_that_a_change_returns_what_is_submitted(self, client, committee):
        edition = submitted(committee)
        client.force_login(committee.coordinator)
        address = url(committee, "narrative", committee.theme.pk)
        assert "est soumise à validation" in page_of(client.get(address))
        write_narrative(committee.theme, YEAR, "Réécrit.", revision=1, by=committee.coordinator)
        assert now(edition).state == EditionState.RETURNED
        assert "texte" in now(edition).transitions.last().reason
        assert "est soumise" not in page_of(client.get(address))

    def test_a_text_saved_unchanged_returns_nothing(self, committee):
        edition = submitted(committee)
        write_narrative(committee.theme, YEAR, DRAFT, revision=1, by=committee.coordinator)
        assert now(edition).is_submitted

    def test_a_change_that_the_content_does_not_show_returns_nothing(self, committee):
        edition = submitted(committee)
        events.follow_figure(committee.campaign, by=committee.coordinator)
        assert now(edition).is_submitted

    def test_a_figure_verified_since_returns_what_is_submitted(self, committee):
        agent = f.MembershipFactory(organisation=committee.caf, role="contributor").user
        edition = proposed(committee)
        Value.objects.update(entered_by=committee.coordinator)
        verify_value(Value.objects.get(), by=agent)
        assert now(edition).state == EditionState.RETURNED
        assert "chiffre" in now(edition).transitions.last().reason
