"""What a year has changed in a theme: one text, two writers, nothing lost."""

import pytest
from django.urls import reverse

from ctg_portal.rules import Refused
from evaluation.models import Narrative, OwnDraft
from evaluation.writing.events import write_narrative
from tests import factories as f
from tests.agreements.factories import committee_of
from tests.committee.pages import after, page_of, value_of
from tests.indicators.factories import campaign_of
from tests.stories import told_once


@told_once
def committee(db):
    committee = committee_of()
    campaign_of(committee, 2023)
    return committee


@told_once
def theme(committee):
    return committee.orientation.theme


@told_once
def url(committee, theme):
    return reverse("evaluation:narrative", args=[committee.convention.slug, 2023, theme.pk])


def write(theme, text, *, revision, by, year=2023):
    return write_narrative(theme, year, text, revision=revision, by=by)


class TestWriting:
    def test_a_text_written_again_is_the_next_revision_of_its_row(self, committee, theme):
        first = write(theme, "Un", revision=0, by=committee.coordinator)
        assert (first.text, first.revision) == ("Un", 1)
        assert first.updated_by_name == str(committee.coordinator)
        second = write(theme, "Deux", revision=1, by=committee.coordinator)
        assert (second.pk, second.text, second.revision) == (first.pk, "Deux", 2)
        assert second.history.count() == 2

    def test_each_year_has_a_text_of_its_own(self, committee, theme):
        write(theme, "2022", revision=0, by=committee.coordinator, year=2022)
        write(theme, "2023", revision=0, by=committee.coordinator)
        assert Narrative.objects.count() == 2

    @pytest.mark.parametrize("seen", [0, 2])
    def test_a_text_that_was_not_seen_is_not_overwritten(self, committee, theme, seen):
        write(theme, "Un", revision=0, by=committee.coordinator)
        with pytest.raises(Refused, match="entre-temps"):
            write(theme, "Deux", revision=seen, by=committee.coordinator)
        assert Narrative.objects.get().text == "Un"

    def test_only_the_coordinator_of_the_convention_writes(self, committee, theme):
        for user in (committee.caf_member, f.MembershipFactory(coordinator=True).user):
            with pytest.raises(Refused):
                write(theme, "Un", revision=0, by=user)
        assert not Narrative.objects.exists()


class TestPage:
    @pytest.mark.parametrize("seen", ["99999999999", "a\0b", ""])
    def test_an_impossible_revision_loses_no_text_and_stores_no_draft(
        self, client, committee, theme, url, seen
    ):
        client.force_login(committee.coordinator)
        sent = {"text": "Mon texte à moi.", "revision": seen}
        response = client.post(url, sent | {"image": "oui"})
        assert "Mon texte à moi." in response.content.decode()
        client.post(f"{url}brouillon/", sent)
        assert not OwnDraft.objects.exists()

    def test_the_form_saves_a_text_and_leads_back_to_what_is_to_be_written(
        self, client, committee, theme, url
    ):
        client.force_login(committee.coordinator)
        assert "reste à écrire" in page_of(client.get(url))
        text = after(client, client.post(url, {"text": "Une **année**.", "revision": 0}))
        assert "Le texte est enregistré." in text
        assert "Ce qui est écrit" in text
        assert value_of(client.get(url), "text") == "Une **année**."

    def test_the_second_writer_is_shown_both_texts_and_chooses(self, client, committee, theme, url):
        client.force_login(committee.coordinator)
        other = f.MembershipFactory(coordinator=True, organisation=committee.epci).user
        write(theme, "Le texte de l’autre.", revision=0, by=other)
        sent = {"text": "Mon texte à moi.", "revision": 0}
        response = client.post(url, sent)
        text = page_of(response)
        assert str(other) in text
        assert "l’autre" in text
        assert value_of(response, "text") == "Mon texte à moi."
        assert Narrative.objects.get().text == "Le texte de l’autre."
        after(client, client.post(url, sent | {"revision": value_of(response, "revision")}))
        assert Narrative.objects.get().text == "Mon texte à moi."

    def test_a_text_too_long_is_not_saved_and_stays_in_the_form(self, client, committee, url):
        client.force_login(committee.coordinator)
        response = client.post(url, {"text": "x" * 20_001, "revision": 0})
        page_of(response)
        assert len(value_of(response, "text")) == 20_001
        assert not Narrative.objects.exists()

    def test_an_altered_revision_saves_nothing(self, client, committee, url):
        client.force_login(committee.coordinator)
        assert client.post(url, {"text": "x", "revision": "un"}).status_code == 200
        assert not Narrative.objects.exists()

    def test_a_theme_of_another_convention_or_year_is_not_found(self, client, committee, theme):
        client.force_login(committee.coordinator)
        slug, elsewhere = committee.convention.slug, f.ThemeFactory()
        for year, pk in [(2023, elsewhere.pk), (2013, theme.pk)]:
            url = reverse("evaluation:narrative", args=[slug, year, pk])
            assert client.get(url).status_code == 404
            assert client.post(url, {"text": "x", "revision": 0}).status_code == 404
