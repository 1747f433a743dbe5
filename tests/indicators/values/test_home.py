"""The figures that an agent owes are typed on the dashboard."""

import pytest
from django.urls import reverse

from indicators.models import Value
from indicators.values.giving import return_value
from indicators.values.home import MOST
from tests import factories as f
from tests.agreements.factories import committee_of
from tests.committee.pages import page_of
from tests.indicators.factories import campaign_of, indicator_in_force, value_of
from tests.indicators.values.entering import fields_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def committee():
    return committee_of()


@pytest.fixture
def agent(committee):
    return f.MembershipFactory(organisation=committee.caf).user


def home(client, user, committee):
    client.force_login(user)
    return client.get(committee.convention.get_absolute_url())


def asked(committee, *titles, **values):
    rows = [indicator_in_force(committee, title=title, **values) for title in titles]
    return campaign_of(committee, 2024, rows), rows


def form_of(page):
    return page.context["page"].form


def titles_of(page) -> list[str]:
    return [row.label for row in form_of(page).context.rows]


def test_an_agent_reads_first_how_many_figures_are_owed_and_types_them_there(
    client, committee, agent
):
    campaign, _rows = asked(committee, "Places", "Familles")
    page = home(client, agent, committee)
    due = form_of(page).title
    assert due.startswith("Deux chiffres vous attendent ")
    assert f"<h1>{due}</h1>" in page.content.decode().replace("\u00a0", "\u00a0")
    assert form_of(page).lead == "0 sur 2 sont transmis."
    fields = fields_of(page, within=".//main")
    [places] = [row for row in form_of(page).context.rows if row.label == "Places"]
    sent = fields | {f"v{places.key}-figure": "1 234"}
    url = reverse("indicators:entry", args=[committee.convention.slug, campaign.year])
    response = client.post(url, sent)
    assert response.url == committee.convention.get_absolute_url()
    assert Value.objects.get().number == 1234
    assert titles_of(client.get(response.url)) == ["Familles"]


def test_a_mistake_is_corrected_on_the_page_of_the_entry(client, committee, agent):
    campaign, _rows = asked(committee, "Places")
    page = home(client, agent, committee)
    fields = fields_of(page, within=".//main")
    [row] = form_of(page).context.rows
    url = reverse("indicators:entry", args=[committee.convention.slug, campaign.year])
    response = client.post(url, fields | {f"v{row.key}-figure": "environ 12"})
    assert response.status_code == 200
    assert 'value="environ 12"' in response.content.decode()
    assert not Value.objects.exists()


def test_a_returned_figure_comes_before_all_and_keeps_its_comment(client, committee, agent):
    campaign, rows = asked(committee, "Places", "Familles")
    value = value_of(campaign, rows[1], 7, comment="Un local fermé")
    return_value(value, reason="Avec ou sans ?", by=committee.coordinator)
    page = home(client, agent, committee)
    assert titles_of(page) == ["Familles", "Places"]
    assert form_of(page).lead == (
        "Un vous est retourné, un est à donner\u00a0; 0 sur 2 sont transmis."
    )
    assert "« Avec ou sans ? »" in " ".join(page_of(page).split())
    fields = fields_of(page, within=".//main")
    key = form_of(page).context.rows[0].key
    url = reverse("indicators:entry", args=[committee.convention.slug, campaign.year])
    client.post(url, fields | {f"v{key}-figure": "8"})
    value.refresh_from_db()
    assert (value.number, value.comment) == (8, "Un local fermé")


def test_a_page_takes_some_figures_and_says_how_many_more_are_owed(client, committee, agent):
    asked(committee, *map(str, range(MOST + 2)))
    page = home(client, agent, committee)
    assert len(titles_of(page)) == MOST
    assert "Les 2 autres chiffres" in page_of(page)


def test_tables_by_commune_are_announced_with_the_way_to_them(client, committee, agent):
    asked(committee, "Places", grain="commune", aggregation="sum")
    page = home(client, agent, committee)
    assert form_of(page).title.startswith("Un tableau vous attend ")
    assert "Saisir un tableau par commune" in " ".join(page_of(page).split())


def test_what_is_done_on_the_page_is_no_task_beside_it(client, committee, agent):
    asked(committee, "Places")
    assert home(client, agent, committee).context["page"].tasks == []


def test_who_answers_for_a_party_or_coordinates_reads_tasks(client, committee):
    asked(committee, "Places")
    member = committee.caf_member
    f.MembershipFactory(organisation=committee.caf, user=member)
    for user in (member, committee.coordinator):
        assert form_of(home(client, user, committee)) is None


def test_once_all_is_typed_what_is_left_is_to_submit(client, committee, agent):
    campaign, rows = asked(committee, "Places")
    value_of(campaign, rows[0], 3, state="draft")
    page = home(client, agent, committee)
    assert form_of(page) is None
    assert [task.button for task in page.context["page"].tasks] == ["Transmettre"]
