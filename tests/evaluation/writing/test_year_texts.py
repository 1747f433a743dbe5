"""The texts about the whole of a year: written once, read on its page and in its report."""

import pytest
from django.urls import reverse

from accounts.events import anonymise
from ctg_portal.rules import Refused
from evaluation.models import Part, YearText
from evaluation.period import Period
from evaluation.reasons_to_keep import reason_to_keep_collection
from evaluation.report.reading import read_report
from evaluation.texts.models import parts_of
from evaluation.writing.events import write_year_text
from tests import factories as f
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of, value_of
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.stories import told_once

INTRODUCTION, CONCLUSION, FOREWORD = Part.INTRODUCTION, Part.CONCLUSION, Part.FOREWORD


@told_once
def committee(db):
    committee = committee_of()
    committee.campaign = campaign_of(committee, 2023, [indicator_in_force(committee)])
    return committee


def url_of(committee, part=INTRODUCTION, year=2023) -> str:
    return reverse("evaluation:year_text", args=[committee.convention.slug, year, part])


def write(committee, text, *, part=INTRODUCTION, revision=0, by=None, year=2023):
    by = by or committee.coordinator
    return write_year_text(committee.convention, year, part, text, revision=revision, by=by)


class TestWriting:
    def test_a_part_written_again_is_the_next_revision_of_its_row(self, committee):
        first = write(committee, "Un")
        assert (first.text, first.revision) == ("Un", 1)
        second = write(committee, "Deux", revision=1)
        assert (second.pk, second.text, second.revision) == (first.pk, "Deux", 2)
        assert second.history.count() == 2

    def test_each_part_and_year_has_a_text_of_its_own(self, committee):
        write(committee, "Un")
        write(committee, "Deux", part=CONCLUSION)
        write(committee, "Trois", year=2022)
        assert YearText.objects.count() == 3

    def test_only_the_coordinator_of_the_convention_writes(self, committee):
        for user in (committee.caf_member, f.MembershipFactory(coordinator=True).user):
            with pytest.raises(Refused):
                write(committee, "Un", by=user)
        assert not YearText.objects.exists()

    def test_a_written_part_keeps_the_collection_of_its_year(self, committee):
        assert reason_to_keep_collection(committee.campaign) is None
        write(committee, "Un")
        assert reason_to_keep_collection(committee.campaign)

    def test_the_name_of_an_anonymised_writer_is_erased(self, client, committee):
        other = f.MembershipFactory(coordinator=True, organisation=committee.epci).user
        client.force_login(other)
        client.post(url_of(committee), {"text": "Un", "revision": 0})
        assert YearText.objects.get().updated_by_name == str(other)
        anonymise(other, by=other)
        assert YearText.objects.get().updated_by_name == "Compte supprimé"


class TestPage:
    @pytest.mark.parametrize("part", parts_of(Period(2023)))
    def test_the_form_saves_a_part_and_leads_back_to_what_is_to_be_written(
        self, client, committee, part
    ):
        client.force_login(committee.coordinator)
        url = url_of(committee, part)
        assert f"{part.label} : à écrire" in page_of(client.get(url))
        response = client.post(url, {"text": "Une **année** pleine.", "revision": 0})
        complete = reverse("evaluation:complete", args=[committee.convention.slug, 2023])
        assert response.url == f"{complete}#{part}"
        assert "Une année pleine." in page_of(client.get(committee.campaign.get_absolute_url()))
        assert value_of(client.get(url), "text") == "Une **année** pleine."

    @pytest.mark.parametrize(("part", "year"), [("annexe", 2023), (INTRODUCTION, 2013)])
    def test_an_unknown_part_or_year_is_not_found(self, client, committee, part, year):
        client.force_login(committee.coordinator)
        url = url_of(committee, part, year)
        assert client.get(url).status_code == 404
        assert client.post(url, {"text": "x", "revision": 0}).status_code == 404

    def test_a_reader_of_the_year_sees_only_written_parts(self, client, committee):
        write(committee, "Un contexte difficile.")
        address = committee.campaign.get_absolute_url()
        client.force_login(committee.caf_member)
        text = page_of(client.get(address))
        assert "Un contexte difficile." in text
        assert "Conclusion et perspectives" not in text

    def test_the_search_finds_a_part(self, client, committee):
        write(committee, "Un contexte difficile.", part=CONCLUSION)
        client.force_login(committee.caf_member)
        search = reverse("conventions:search", args=[committee.convention.slug])
        response = client.get(search, {"q": "contexte difficile"})
        assert "Conclusion et perspectives, évaluation 2023" in page_of(response)
        assert f"{committee.campaign.get_absolute_url()}#conclusion" in response.content.decode()


class TestReport:
    def test_the_report_has_parts_before_and_after_its_axes(self, committee):
        before = read_report(committee.convention, committee.campaign)
        assert (before.opening, before.closing) == ([], [])
        write(committee, "Fin", part=CONCLUSION)
        write(committee, "Contexte")
        write(committee, "Mots", part=FOREWORD)
        report = read_report(committee.convention, committee.campaign)
        assert [(part.title, part.text) for part in report.opening] == [
            ("Mot des coprésidents", "Mots"),
            ("Introduction", "Contexte"),
        ]
        assert [part.text for part in report.closing] == ["Fin"]
        assert report.digest != before.digest

    def test_the_report_does_not_have_an_emptied_part(self, committee):
        write(committee, "Contexte")
        write(committee, "  ", revision=1)
        assert read_report(committee.convention, committee.campaign).opening == []
