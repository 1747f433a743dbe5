"""« Suivi de l’année »: all states and notes of a year on one page, saved row by row."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.follow_up import parts
from actions.follow_up.events import follow_up
from actions.models import Action, FollowUp, JournalEntry, Lead
from ctg_portal.house import overridden
from tests import factories as f
from tests.actions.bulk import agreed_long_ago, many_actions
from tests.actions.factories import days, in_state
from tests.actions.pages import held_in, read, reading  # noqa: F401  (a fixture)
from tests.actions.ways import scene
from tests.actions.ways.scene import heading_of, plain, ways_url
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
YEAR = TODAY().year - 1


def action_row(committee, title: str, **fields) -> Action:
    """One that the parties agreed to long ago."""
    action = scene.action_row(committee, title, **fields)
    agreed_long_ago([action], [committee.caf])
    return action


@pytest.fixture(autouse=True)
def last_year_awaited():
    with overridden(awaited_years=[lambda conventions, today: {c.pk: [YEAR] for c in conventions}]):
        yield


@told_once(name="action")
def one_action(committee):
    action = action_row(committee, "Une", starts_on=TODAY().replace(year=YEAR, month=1, day=1))
    return in_state(action, "in_progress", on=TODAY() - days(400))


def typed(client, committee, user=None, address="suivi/") -> dict:
    """What the form of the page would send, as it is."""
    client.force_login(user or committee.coordinator)
    return held_in(client.get(ways_url(committee, address)), "review")


def cells(action, **values) -> dict:
    """Values of a row: ``state``, ``state_on``, … of its state, ``text``, … of its note."""
    notes = ("text", "brakes", "levers", "prospects")
    return {f"{'b' if n in notes else 'e'}{action.pk}-{n}": v for n, v in values.items()}


def row_of(client, committee, action, data):
    """Send one row, as the script does."""
    url = ways_url(committee, f"suivi/?ligne={action.pk}&annee={YEAR}")
    response = client.post(url, data, HTTP_HX_REQUEST="true")
    assert response.status_code == 200
    return response.content.decode()


def now(action) -> Action:
    return Action.objects.get(pk=action.pk)


def note(action) -> str:
    follow_up = FollowUp.objects.filter(action=action, year=YEAR).first()
    return follow_up.text if follow_up else ""


def test_the_coordinator_sees_all_a_lead_her_own_a_reader_none(committee, get, agent, reader):
    start = TODAY().replace(year=YEAR, month=1, day=1)
    action_row(committee, "De la Caf", starts_on=start)
    other = action_row(committee, "De l’agglomération", starts_on=start)
    other.leads.update(organisation=committee.epci)
    assert "De la Caf" in get("suivi/")
    assert "De l’agglomération" in get("suivi/")
    text = get("suivi/", agent)
    assert "De la Caf" in text
    assert "De l’agglomération" not in text
    assert heading_of(get.html) == f"Aucun bilan de {YEAR} ne reste à écrire"
    assert "quand vous en êtes pilote" in get("suivi/", reader)
    assert '<form method="post" class="review"' not in get.html


def test_an_action_agreed_since_is_not_of_the_year(committee, get, action):
    scene.action_row(committee, "Convenue depuis", starts_on=action.starts_on)
    text = get("suivi/")
    assert "Convenue depuis" not in text
    assert heading_of(get.html) == f"1 bilan de {YEAR} reste à écrire, sur 1 action"
    assert "Convenue depuis" in get(f"suivi/?annee={YEAR + 1}")


def test_all_rows_are_saved_at_once_without_a_script(client, committee, action):
    other = action_row(committee, "Deux", starts_on=action.starts_on)
    data = typed(client, committee) | cells(action, state="done", text="Fait.") | cells(
        other, state="blocked", state_reason="Poste vacant"
    )  # fmt: skip
    response = client.post(ways_url(committee, "suivi/"), data)
    assert response.status_code == 302
    assert "2 actions sont enregistrées." in read(client.get(response.url))
    action, other = now(action), now(other)
    assert (action.state, action.state_on, action.progress) == ("done", TODAY(), 100)
    assert note(action) == "Fait."
    assert (other.state, other.state_reason) == ("blocked", "Poste vacant")


def test_the_heading_follows_a_note_that_is_written_in_its_row(client, committee, action):
    data = typed(client, committee)
    answer = row_of(client, committee, action, data | cells(action, stated_progress="40"))
    assert 'id="constat"' not in answer
    data = typed(client, committee)
    answer = plain(row_of(client, committee, action, data | cells(action, text="Fait.")))
    assert f'<span id="constat" data-hx-swap-oob="true">Aucun bilan de {YEAR}' in answer


def test_rows_that_nobody_touched_are_not_saved(client, committee, action):
    written = JournalEntry.objects.count()
    data = typed(client, committee)
    in_state(action, "paused", reason="Travaux", by=committee.coordinator)
    response = client.post(ways_url(committee, "suivi/"), data)
    assert "Rien n’avait changé." in read(client.get(response.url))
    assert now(action).state == "paused"
    assert JournalEntry.objects.count() == written + 1


def test_an_error_is_shown_in_its_row_and_the_other_rows_are_saved(client, committee, action):
    other = action_row(committee, "Deux", starts_on=action.starts_on)
    data = typed(client, committee) | cells(action, state="blocked", text="Presque.") | cells(
        other, text="Deux bilans."
    )  # fmt: skip
    text = read(client.post(ways_url(committee, "suivi/"), data))
    assert "1 action n’est pas enregistrée ; 1 l’est" in text
    assert "Une action bloquée a un motif : que se passe-t-il ?" in text
    assert "Le reste de la ligne est enregistré." in text
    assert now(action).state == "in_progress"
    assert (note(action), note(other)) == ("Presque.", "Deux bilans.")
    # What was refused stands there as it was typed.
    values = held_in(client.post(ways_url(committee, "suivi/"), data), "review")
    assert values[f"e{action.pk}-state"] == ["blocked"]


def test_a_row_saves_by_itself_and_says_so(client, committee, action):
    data = typed(client, committee) | cells(action, state="done")
    html = row_of(client, committee, action, data)
    assert "✓ Enregistré" in html
    assert now(action).state == "done"
    # The day follows, and stands in the page: the next change is not one of the day.
    assert f'value="{TODAY():%Y-%m-%d}"' in html
    assert f'name="e{action.pk}-state_on"' in html
    assert f'name="e{action.pk}-revision"' in html
    refused = row_of(client, committee, action, data | cells(action, stated_progress="abc"))
    assert 'class="wrong"' in refused


def test_an_estimate_is_of_today_and_of_none_without_a_number(client, committee, action):
    data = typed(client, committee) | cells(action, stated_progress="40")
    row_of(client, committee, action, data)
    assert (now(action).stated_progress, now(action).stated_on) == (40, TODAY())
    data = typed(client, committee) | cells(action, stated_progress="")
    row_of(client, committee, action, data)
    assert (now(action).stated_progress, now(action).stated_on) == (None, None)


def test_who_comes_second_in_a_row_is_shown_both_and_chooses(client, committee, action, agent):
    data = typed(client, committee) | cells(action, text="De la coordination.")
    part = parts.NotePart(YEAR)
    follow_up(action, part, part.plain({"text": "De l’agent."}), by=agent)
    html = row_of(client, committee, action, data)
    assert "a enregistré autre chose" in html
    assert "agent" in html
    assert note(action) == "De l’agent."
    # Sent again without a choice, it is refused again.
    row_of(client, committee, action, data)
    assert note(action) == "De l’agent."
    token = html.partition('value="garder:')[2].partition('"')[0]
    assert token
    chosen = data | {f"b{action.pk}-decision": f"garder:{token}"}
    assert "✓ Enregistré" in row_of(client, committee, action, chosen)
    assert note(action) == "De la coordination."


def test_the_text_of_the_other_writer_may_be_taken(client, committee, action, agent):
    data = typed(client, committee) | cells(action, text="De la coordination.")
    part = parts.NotePart(YEAR)
    follow_up(action, part, part.plain({"text": "De l’agent."}), by=agent)
    url = ways_url(committee, f"suivi/?ligne={action.pk}&annee={YEAR}")
    chosen = data | {f"b{action.pk}-decision": "prendre"}
    response = client.post(url, chosen, HTTP_HX_REQUEST="true")
    assert response["HX-Refresh"] == "true"
    assert note(action) == "De l’agent."


def test_two_writers_of_different_fields_lose_nothing(client, committee, action, agent):
    data = typed(client, committee) | cells(action, text="De la coordination.")
    part = parts.NotePart(YEAR)
    before = part.plain({"text": "", "brakes": ""})
    assert before["text"] == ""
    follow_up(action, parts.STATE, parts.STATE.plain(
        parts.STATE.values(action) | {"state": "done", "stated_progress": 100,
                                      "stated_on": TODAY()}), by=agent)  # fmt: skip
    assert "✓ Enregistré" in row_of(client, committee, action, data)
    assert (now(action).state, note(action)) == ("done", "De la coordination.")


def test_nobody_writes_what_they_do_not_follow(client, committee, action, agent, reader):
    action.leads.update(organisation=committee.epci)
    data = typed(client, committee) | cells(action, state="done")
    del data["typed-by"]
    stranger = f.MembershipFactory().user
    for user, status in ((agent, 404), (reader, 404), (stranger, 404)):
        client.force_login(user)
        url = ways_url(committee, f"suivi/?ligne={action.pk}&annee={YEAR}")
        assert client.post(url, data, HTTP_HX_REQUEST="true").status_code == status
        client.post(ways_url(committee, "suivi/"), data)
        assert now(action).state == "in_progress"


def test_the_rows_are_those_that_the_address_asks_for(committee, get, client, action, agent):
    written = action_row(committee, "Deux", starts_on=action.starts_on)
    in_state(written, "done", on=TODAY() - days(200))
    part = parts.NotePart(YEAR)
    follow_up(written, part, part.plain({"text": "Écrit."}), by=None)
    Lead.objects.filter(action=written).update(organisation=committee.epci)
    assert heading_of(get.html if get("suivi/") else "").startswith(f"1 bilan de {YEAR} reste")
    for asked, titles in (
        ("a_ecrire=on", "Une"),
        ("etat=terminee", "Deux"),
        (f"pilote={committee.epci.pk}", "Deux"),
        (f"axe={action.theme.axis_id}", "Une Deux"),
    ):
        get(f"suivi/?{asked}")
        listed = re.findall(r"</span>\s*(\w+)</a>", get.html)
        assert listed == titles.split(), asked
        file = client.get(ways_url(committee, f"suivi/export/csv/?{asked}")).getvalue().decode()
        assert [line.split(";")[1] for line in file.splitlines()[1:] if ";" in line] == listed
    get("suivi/?etat=terminee")
    assert "suivi/export/csv/?etat=terminee" in get.html
    assert "Écrit." in client.get(ways_url(committee, "suivi/export/csv/")).getvalue().decode()
    assert "Aucune action ne répond" in get("suivi/?etat=bloquee")
    assert get(f"suivi/?annee={YEAR - 1}", agent)


def test_a_review_takes_as_many_queries_for_400_actions_as_for_40(client):
    counts = []
    for number in (40, 400):
        committee = committee_of(start=TODAY().replace(year=2021, month=1, day=1))
        many_actions(committee.convention, number)
        client.force_login(committee.coordinator)
        url = ways_url(committee, "suivi/?annee=2023")
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        assert response.content.decode().count('class="review-row"') == min(number, 100)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 25, counts
    # The first axis stands open, the others once they are asked for.
    assert response.content.decode().count('plan-axis" open') == 1
    # What is refused on a page of them stands on that page.
    data = held_in(client.get(f"{url}&page=3"), "review")
    state = next(name for name in data if name.endswith("-state"))
    page = client.post(f"{url}&page=3", data | {state: "blocked"}).content.decode()
    assert page.count('class="review-row"') == 100
    assert "1 action n’est pas enregistrée." in page.replace("\xa0", " ")
