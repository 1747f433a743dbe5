"""A row saved by itself, as htmx does; many rows; what is confirmed before it is submitted."""

import re

import pytest

from indicators.models import Value
from indicators.values import events, writing
from indicators.values.figure import Figure
from tests.indicators.factories import campaign_of, figures, indicator_in_force
from tests.indicators.values.entering import Desk, entry_url, fields_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def campaign(committee):
    rows = [indicator_in_force(committee, title=f"Places {n}") for n in range(2)]
    figures(committee, rows[0], {2023: 100})
    return campaign_of(committee, 2024, rows)


@told_once
def entries(campaign):
    return list(campaign.campaign_indicators.order_by("indicator"))


@pytest.fixture
def desk(client, agent, campaign):
    return Desk(client, agent, campaign).open()


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_row_comes_back_with_its_state_and_token(desk, entries):
    html = desk.type(entries[0], figure="110").send_row(entries[0])
    value = Value.objects.get(campaign_indicator=entries[0])
    assert desk.response.status_code == 200
    assert f"v{entries[0].pk}-figure" not in html  # what is being typed is not replaced
    assert "✓ Enregistré" in html
    assert f'value="{writing.revision_of(value)}"' in html
    assert "+10\u202f%" in html
    assert "Il reste 1 indicateur à renseigner sur 2" in plain(html)
    assert f"v{entries[1].pk}-" not in html


def test_the_token_that_comes_back_lets_one_go_on(desk, entries):
    html = desk.type(entries[0], figure="110").send_row(entries[0])
    before = Value.objects.get(campaign_indicator=entries[0]).revision
    as_htmx_swaps(desk, entries[0], html)
    assert "Enregistré" in desk.type(entries[0], figure="111").send_row(entries[0])
    value = Value.objects.get(campaign_indicator=entries[0])
    assert (value.number, value.revision) == (111, before + 1)


def as_htmx_swaps(desk, entry, html) -> None:
    """The fields of the page once the answer has been put in its place."""
    for name in ("revision", "was"):
        match = re.search(rf'name="v{entry.pk}-{name}" value="([^"]*)"', html)
        desk.type(entry, **{name: match[1]})


@pytest.mark.parametrize(
    "typed",
    [{"figure": "1234"}, {"figure": "1 234,00 places"}, {"figure": "n.d.", "reason": "Panne"}],
)
def test_a_row_saved_alone_is_not_touched_when_all_is_sent(desk, entries, colleague, typed):
    """What a colleague writes after that is no conflict: the person changes nothing there."""
    as_htmx_swaps(desk, entries[1], desk.type(entries[1], **typed).send_row(entries[1]))
    events.save_value(entries[1], Figure(number=1300), by=colleague)
    assert "Rien n’avait changé." in desk.send().text
    assert Value.objects.get(campaign_indicator=entries[1]).number == 1300


def test_a_row_sent_alone_is_the_only_one_saved(desk, entries):
    desk.type(entries[0], figure="110").type(entries[1], figure="5").send_row(entries[0])
    assert [v.number for v in Value.objects.filter(campaign_indicator__in=entries)] == [110]


def test_what_is_wrong_comes_back_and_the_token_stays(desk, entries):
    html = desk.type(entries[0], figure="abc").send_row(entries[0])
    assert "n’est pas un nombre" in html
    assert "hx-swap-oob" not in html
    assert not Value.objects.filter(campaign_indicator__in=entries).exists()


def test_a_row_typed_back_to_what_it_was_says_where_it_stands(desk, entries):
    desk.type(entries[0], figure="abc").send_row(entries[0])
    assert "À saisir" in desk.type(entries[0], figure="").send_row(entries[0])


def test_two_people_on_a_row_choose_in_the_row(desk, entries, colleague):
    theirs = events.save_value(entries[1], Figure(number=430), by=colleague)
    html = desk.type(entries[1], figure="440").send_row(entries[1])
    assert "Prendre l’autre" in plain(html)
    assert f'value="garder:{writing.revision_of(theirs)}"' in html
    desk.type(entries[1], decision="prendre").send_row(entries[1])
    assert desk.response["HX-Refresh"] == "true"
    assert Value.objects.get(campaign_indicator=entries[1]).number == 430


@pytest.mark.parametrize("row", ["0", "abc", "", "99999999999999999999"])
def test_a_row_that_is_not_there_is_a_404(client, agent, campaign, row):
    client.force_login(agent)
    url = f"{entry_url(campaign)}?ligne={row}"
    assert client.post(url, {}, headers={"HX-Request": "true"}).status_code == 404


def test_every_field_of_a_row_is_sent_with_it(desk, entries):
    html = desk.response.content.decode()
    for entry in entries:
        row = re.search(rf'<tr id="ligne-{entry.pk}".*?</tr>', html, re.DOTALL)[0]
        sent = re.search(r'data-hx-params="([^"]*)"', row)[1].split(",")
        names = set(re.findall(r' name="([^"]+)"', row))
        assert names <= set(sent)
        assert {"csrfmiddlewaretoken", f"v{entry.pk}-decision"} <= set(sent)


def test_two_hundred_rows_are_saved_at_once(client, committee, agent):
    """All rows sent together, without JavaScript, are more fields than Django takes by default."""
    indicator = indicator_in_force(committee)
    campaign = campaign_of(committee, 2024, [indicator])
    sent = {f"v{n}-{name}": "" for n in range(10**6, 10**6 + 200)
            for name in ("figure", "absence", "reason", "comment", "revision", "was")}  # fmt: skip
    entry = campaign.campaign_indicators.get()
    desk = Desk(client, agent, campaign).open().type(entry, figure="3")
    desk.fields |= sent
    assert "1 valeur est enregistrée." in desk.send().text


# Submitting --------------------------------------------------------------------------------------


def confirming(client, desk, campaign):
    """The page that comes before submitting, and what its button sends."""
    response = client.get(entry_url(campaign, "transmettre/"))
    return " ".join(plain(response.content.decode()).split()), response


def test_the_confirmation_tells_what_is_sent_and_what_is_not(client, desk, campaign, entries):
    desk.type(entries[0], figure="63").type(entries[1], figure="5").send(transmettre="oui")
    assert desk.response.url == entry_url(campaign, "transmettre/")
    text, response = confirming(client, desk, campaign)
    assert "1 valeur est prête à transmettre" in text
    assert "La valeur baisse de 37 % par rapport à 2023" in text
    sent = fields_of(response)
    assert sent["valeur"] == f"{entries[1].pk}:{writing.revision_of(writing.value_of(entries[1]))}"
    client.post(entry_url(campaign, "transmettre/"), sent)
    states = dict(
        Value.objects.filter(campaign_indicator__in=entries).values_list("number", "state")
    )
    assert states == {63: "draft", 5: "submitted"}


def test_what_changed_since_the_confirmation_is_not_sent(
    client, desk, campaign, entries, colleague
):
    desk.type(entries[1], figure="5").send()
    _text, response = confirming(client, desk, campaign)
    events.save_value(entries[1], Figure(number=6), by=colleague)
    answer = client.post(entry_url(campaign, "transmettre/"), fields_of(response), follow=True)
    assert "Rien n’a été transmis." in answer.content.decode()
    assert Value.objects.get(campaign_indicator=entries[1]).state == "draft"


def test_with_a_wrong_row_nothing_goes_to_be_confirmed(desk, entries):
    text = desk.type(entries[0], figure="abc").send(transmettre="oui").text
    assert "n’est pas enregistrée" in text


def test_nothing_is_ready_when_nothing_is_saved(client, desk, campaign):
    text, _response = confirming(client, desk, campaign)
    assert "Rien n’est prêt à être transmis" in text
    assert "Rien n’est encore saisi" in text


@pytest.mark.parametrize("sent", ["", "abc", "1", "99999999999999999999:1-1", ":"])
def test_odd_confirmations_send_nothing(client, desk, campaign, entries, sent):
    desk.type(entries[1], figure="5").send()
    answer = client.post(entry_url(campaign, "transmettre/"), {"valeur": sent}, follow=True)
    assert "Rien n’a été transmis." in answer.content.decode()
