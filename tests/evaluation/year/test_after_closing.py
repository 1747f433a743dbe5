"""Once a collection is closed, its page and the dashboard lead to the year that is to be told."""

from django.urls import reverse
from django.utils import timezone

from evaluation.publication import events
from evaluation.year.tasks import links_of_closed, years_to_write
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of
from tests.evaluation.publication.scene import YEAR, published, submitted, written_year
from tests.indicators.factories import campaign_of, indicator_in_force
from tests.stories import told_once


@told_once
def committee(db):
    return written_year()


def tasks(committee, user=None) -> list[str]:
    found = years_to_write(
        user or committee.coordinator, [committee.convention], timezone.localdate()
    )
    return [task.title for task in found.get(committee.convention.pk, [])]


def links(committee, user) -> list[tuple[str, str]]:
    return [(one.label, one.url) for one in links_of_closed(user, committee.campaign)]


def address(committee, name="year") -> str:
    return reverse(f"evaluation:{name}", args=[committee.convention.slug, YEAR])


def test_the_page_of_the_collection_leads_who_coordinates_to_what_the_year_lacks(client, committee):
    client.force_login(committee.coordinator)
    url = reverse("indicators:campaign", args=[committee.convention.slug, YEAR])
    page = client.get(url)
    assert f'href="{address(committee)}#manque"' in page.content.decode()
    assert f"Rédiger l’évaluation de {YEAR}" in page_of(page)
    assert 'id="manque"' in client.get(address(committee)).content.decode()


def test_others_are_led_to_the_year(committee):
    assert links(committee, committee.caf_member) == [(f"Voir l’année {YEAR}", address(committee))]


def test_a_year_that_came_from_a_file_is_not_to_be_written(committee):
    committee.campaign.is_from_file = True
    read = [(f"Voir l’année {YEAR}", address(committee))]
    assert links(committee, committee.coordinator) == read


def test_a_year_on_its_way_is_followed_there(committee):
    submitted(committee)
    label = f"Voir où en est l’évaluation {YEAR}"
    followed = [(label, address(committee, "publication"))]
    assert links(committee, committee.coordinator) == followed
    assert links(committee, committee.caf_member) == followed


def test_a_year_that_is_published_is_read(committee):
    published(committee)
    read = [(f"Lire l’évaluation {YEAR}", address(committee, "publication"))]
    assert links(committee, committee.coordinator) == read


def test_a_collection_that_is_open_leads_nowhere_yet(db, client):
    committee = committee_of()
    campaign_of(committee, YEAR, [indicator_in_force(committee)])
    client.force_login(committee.coordinator)
    url = reverse("indicators:campaign", args=[committee.convention.slug, YEAR])
    assert "Rédiger l’évaluation" not in page_of(client.get(url))
    assert tasks(committee) == []


class TestTask:
    told = f"Le recueil {YEAR} est clos : l’évaluation de l’année est à rédiger."

    def test_who_coordinates_has_the_year_to_write(self, committee):
        assert tasks(committee) == [self.told]
        assert tasks(committee, committee.caf_member) == []

    def test_no_longer_once_it_is_submitted_and_again_once_it_came_back(self, committee):
        edition = submitted(committee)
        assert tasks(committee) == []
        events.give_back(edition, "À revoir.", by=committee.coordinator)
        assert tasks(committee) == [self.told]

    def test_no_longer_once_it_is_published(self, committee):
        published(committee)
        assert tasks(committee) == []

    def test_only_of_the_last_year_that_was_closed(self, committee):
        campaign_of(committee, YEAR - 1, [committee.indicator], state="closed")
        assert tasks(committee) == [self.told]
