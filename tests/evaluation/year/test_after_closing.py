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
    by_convention = years_to_write(
        user or committee.coordinator, [committee.convention], timezone.localdate()
    )
    return [task.title for task in by_convention.get(committee.convention.pk, [])]


def links(committee, user) -> list[tuple[str, str]]:
    return [(link.label, link.url) for link in links_of_closed(user, committee.campaign)]


def address(committee, name="year") -> str:
    return reverse(f"evaluation:{name}", args=[committee.convention.slug, YEAR])


def test_the_page_of_the_collection_leads_who_coordinates_to_what_the_year_lacks(client, committee):
    client.force_login(committee.coordinator)
    url = reverse("indicators:campaign", args=[committee.convention.slug, YEAR])
    page = client.get(url)
    assert f'href="{address(committee, "complete")}"' in page.content.decode()
    assert f"Rédiger l’évaluation de {YEAR}" in page_of(page)


def test_a_closed_collection_leads_a_reader_to_its_year(committee):
    assert links(committee, committee.caf_member) == [(f"Voir l’année {YEAR}", address(committee))]


def test_a_collection_taken_from_a_file_leads_the_coordinator_to_its_year(committee):
    committee.campaign.is_from_file = True
    read = [(f"Voir l’année {YEAR}", address(committee))]
    assert links(committee, committee.coordinator) == read


def test_a_collection_whose_evaluation_is_submitted_leads_to_where_it_stands(committee):
    submitted(committee)
    label = f"Voir où en est l’évaluation {YEAR}"
    followed = [(label, address(committee, "publication"))]
    assert links(committee, committee.coordinator) == followed
    assert links(committee, committee.caf_member) == followed


def test_a_collection_whose_evaluation_is_published_leads_to_it(committee):
    published(committee)
    read = [(f"Lire l’évaluation {YEAR}", address(committee, "publication"))]
    assert links(committee, committee.coordinator) == read


def test_an_open_collection_has_no_evaluation_to_write(db, client):
    committee = committee_of()
    campaign_of(committee, YEAR, [indicator_in_force(committee)])
    client.force_login(committee.coordinator)
    url = reverse("indicators:campaign", args=[committee.convention.slug, YEAR])
    assert "Rédiger l’évaluation" not in page_of(client.get(url))
    assert tasks(committee) == []


class TestTask:
    title = f"Le recueil {YEAR} est clos : l’évaluation de l’année est à rédiger."

    def test_only_the_coordinator_has_the_closed_year_to_write(self, committee):
        assert tasks(committee) == [self.title]
        assert tasks(committee, committee.caf_member) == []

    def test_a_submitted_evaluation_is_no_task_until_it_is_given_back(self, committee):
        edition = submitted(committee)
        assert tasks(committee) == []
        events.give_back(edition, "À revoir.", by=committee.coordinator)
        assert tasks(committee) == [self.title]

    def test_a_published_evaluation_is_no_task(self, committee):
        published(committee)
        assert tasks(committee) == []

    def test_an_earlier_closed_year_is_no_task(self, committee):
        campaign_of(committee, YEAR - 1, [committee.indicator], state="closed")
        assert tasks(committee) == [self.title]
