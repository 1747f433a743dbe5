"""« Mes actions »: what is late, which notes are awaited, and the rest, for who leads some."""

import datetime
import re
from html import unescape

import pytest
from django.utils import timezone

from actions.models import Action, Lead
from ctg_portal.house import overridden
from ctg_portal.marks.events import changed
from ctg_portal.marks.models import Subject
from tests import factories as f
from tests.actions.bulk import agreed_long_ago
from tests.actions.factories import days, draft_action, in_state, noted, proposed_action
from tests.actions.pages import reading  # noqa: F401  (a fixture)
from tests.actions.ways.scene import action_row, heading_of, titles, ways_url
from tests.agreements.factories import committee_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
PAGE = "mes-actions/"


@pytest.fixture(autouse=True)
def last_year_awaited():
    """The note of last year is awaited, whatever other rooms ask for."""
    with awaiting([TODAY().year - 1]):
        yield


def awaiting(years: list[int]):
    return overridden(awaited_years=[lambda conventions, today: {c.pk: years for c in conventions}])


def listed(html: str) -> list[str]:
    """The titles of all one's actions."""
    return titles(html)


def test_a_user_who_leads_no_action_reads_when_an_action_is_theirs(committee, get, reader):
    action_row(committee, "Une")
    text = get(PAGE, reader)
    assert heading_of(get.html) == "Vous ne pilotez aucune action en vigueur"
    assert "Une action est la vôtre quand vous en êtes pilote" in text
    assert "mine-line" not in get.html


def test_actions_are_those_that_one_leads_and_that_are_agreed(committee, get, agent, reader):
    action_row(committee, "De la Caf")
    epci = action_row(committee, "De l’agglomération")
    epci.leads.update(organisation=committee.epci)
    proposed_action(committee, title="Proposée")
    draft_action(committee, title="Brouillon")
    action_row(committee, "Retirée", standing="withdrawn")
    get(PAGE, agent)
    assert listed(get.html) == ["De la Caf"]
    get(PAGE)  # the coordinator is of the agglomération
    assert listed(get.html) == ["De l’agglomération"]
    get(PAGE, reader)
    assert listed(get.html) == []
    Lead.objects.create(action=epci, organisation=committee.caf, user=reader, name=str(reader))
    get(PAGE, reader)
    assert listed(get.html) == ["De l’agglomération"]


def test_a_person_who_has_left_leads_nothing(committee, get):
    action = action_row(committee, "Une")
    gone = f.MembershipFactory(organisation=committee.epci, ended=True).user
    here = f.MembershipFactory(organisation=committee.epci, user=gone, reader=True)
    action.leads.update(user=gone)
    get(PAGE, gone)
    assert listed(get.html) == ["Une"]
    here.ended_at = timezone.now()
    here.save()
    get(PAGE, gone, status=404)


def test_the_page_shows_nothing_of_other_conventions(committee, get, agent):
    other = committee_of()
    action_row(other, "Ailleurs", ends_on=TODAY() - days(1))
    f.MembershipFactory(organisation=other.caf, user=agent)
    text = get(PAGE, agent)
    assert "Ailleurs" not in text
    assert "pour" not in heading_of(get.html)
    assert "bilan attendu" not in text


def test_a_late_action_says_why_it_is_late(committee, get, agent):
    past = TODAY() - days(3)
    late = action_row(committee, "Tardive", ends_on=past, milestones=[
        ("Local", past, None), ("Équipe", past, past), ("Ouverture", TODAY(), None)])  # fmt: skip
    action_row(committee, "Pas commencée", state="to_come")
    action_row(committee, "À l’heure")
    action_row(committee, "Finie", state="done", ends_on=past)
    text = get(PAGE, agent)
    assert heading_of(get.html) == "Vous pilotez quatre actions, dont deux en retard"
    shown, rest = text.split("À mettre à jour")[1].split("Les autres")
    assert re.search(r"Tardive Elle devait s’achever le [^.]*\. ▸ en cours ! en retard", shown)
    assert re.search(r"Pas commencée Elle devait commencer le", shown)
    for title in ("À l’heure", "Finie"):
        assert title in rest, title
    assert f"?fiche={late.pk}&amp;partie=jalons#{late.anchor}" in get.html


def test_actions_on_time_are_folded_unless_one_of_them_is_being_updated(committee, get, agent):
    on_time = action_row(committee, "À l’heure")
    get(PAGE, agent)
    assert '<details class="fold" open>' in get.html  # there is nothing else
    action_row(committee, "Tardive", ends_on=TODAY() - days(3))
    get(PAGE, agent)
    assert '<details class="fold">' in get.html
    get(f"{PAGE}?fiche={on_time.pk}&partie=etat", agent)
    assert '<details class="fold" open>' in get.html


def test_late_actions_beyond_twelve_are_folded_unless_one_of_them_is_being_updated(
    committee, get, agent
):
    late = [action_row(committee, f"Tardive {n}", ends_on=TODAY() - days(3)) for n in range(15)]
    get(PAGE, agent)
    mine = get.response.context["mine"]
    assert [line.action for line in mine.first_to_update] == late[:12]
    assert [line.action for line in mine.more_to_update] == late[12:]
    assert "À mettre à jour aussi" in get.html
    assert '<details class="fold" open>' not in get.html
    get(f"{PAGE}?fiche={late[14].pk}&partie=etat", agent)
    assert '<details class="fold" open>' in get.html
    late[14].delete()
    get(PAGE, agent)
    assert "À mettre à jour aussi" not in get.html  # two lines are not worth a fold


@pytest.mark.parametrize(("late", "on_time", "title"), [
    (0, 1, "Vous pilotez une action"),
    (1, 0, "Vous pilotez une action, en retard"),
    (1, 1, "Vous pilotez deux actions, dont une en retard"),
    (2, 3, "Vous pilotez cinq actions, dont deux en retard"),
    (0, 21, "Vous pilotez 21 actions"),
    (2, 19, "Vous pilotez 21 actions, dont 2 en retard"),
])  # fmt: skip
def test_the_title_counts_actions_late_and_on_time(committee, get, agent, late, on_time, title):
    for ends_on in [TODAY() - days(1)] * late + [None] * on_time:
        action_row(committee, "Une", ends_on=ends_on)
    get(PAGE, agent)
    assert heading_of(get.html) == title


def begun(committee, title: str, on: datetime.date) -> Action:
    action = action_row(committee, title, starts_on=on)
    agreed_long_ago([action], [committee.caf])
    return in_state(action, "in_progress", on=on)


def test_awaited_notes_are_counted_by_year(committee, get, agent):
    year = TODAY().year
    start = datetime.date(year - 3, 1, 1)
    written = begun(committee, "Écrite", start)
    begun(committee, "À écrire", start)
    begun(committee, "Plus récente", datetime.date(year - 1, 6, 1))
    noted(written, year - 1)
    years = [year - 2, year - 1, year + 1]
    with awaiting(years):
        text = get(PAGE, agent)
    assert re.findall(r"(\d+) bilans? attendus? pour (\d+)", text) == [
        ("2", str(year - 1)), ("2", str(year - 2)),
    ]  # fmt: skip
    lines = {one.action.title: one.notes for one in get.response.context["mine"].lines}
    assert lines == {
        "À écrire": [year - 1, year - 2], "Plus récente": [year - 1], "Écrite": [year - 2],
    }  # fmt: skip
    action = Action.objects.get(title="À écrire")
    assert f"?fiche={action.pk}&amp;partie=bilan-{year - 1}#{action.anchor}" in get.html


def test_once_all_is_written_nothing_is_awaited(committee, get, agent):
    action = begun(committee, "Une", datetime.date(TODAY().year - 1, 1, 1))
    changed(committee.convention, *Subject)
    assert "1 bilan attendu" in get(PAGE, agent)
    noted(action, TODAY().year - 1)
    assert "attendu" not in get(PAGE, agent)


def test_after_the_convention_what_is_not_over_goes_on(client):
    committee = committee_of(ended=True)
    action_row(committee, "Longue", ends_on=datetime.date(2100, 1, 1))
    client.force_login(f.MembershipFactory(organisation=committee.caf).user)
    slug = committee.convention.slug
    html = client.get(f"/conventions/{slug}/plan-d-actions/{PAGE}").content.decode()
    assert listed(html) == ["Longue"]
    assert heading_of(html) == "Vous pilotez une action"


# Told on the line ---------------------------------------------------------------------------------


def form_on_line(html: str) -> dict:
    """What the form on a line would send as it stands."""
    form = re.search(r'<div class="mine-form">.*?</form>', html, re.DOTALL)[0]
    inputs = re.findall(r'<input type="hidden" name="(revision|shown)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in inputs}


@pytest.fixture
def write_part(client, committee, agent):
    def send(action, part="etat", **values):
        client.force_login(agent)
        url = ways_url(committee, f"{PAGE}?fiche={action.pk}&partie={part}")
        return client.post(url, values)

    return send


def test_a_part_is_updated_on_the_line_of_its_action(committee, get, agent, write_part):
    action = action_row(committee, "Une")
    other = action_row(committee, "Autre")
    text = get(f"{PAGE}?fiche={action.pk}&partie=etat", agent)
    assert "Avancement estimé, en %" in text
    assert get.html.count("mine-form") == 1
    shown = form_on_line(get.html)
    answer = write_part(action, state="in_progress", state_on=str(TODAY()), stated_progress="35",
                  **shown)  # fmt: skip
    assert answer.status_code == 302
    assert answer.url.endswith(f"{PAGE}?enregistre={action.pk}#{action.anchor}")
    action.refresh_from_db()
    assert action.progress == 35
    text = get(f"{PAGE}?enregistre={action.pk}", agent)
    assert text.count("✓ enregistré") == 1
    assert other.progress is None


def test_a_mistake_is_shown_on_the_line_and_nothing_typed_is_lost(
    committee, get, agent, write_part
):
    action = action_row(committee, "Une")
    get(f"{PAGE}?fiche={action.pk}&partie=etat", agent)
    shown = form_on_line(get.html)
    answer = write_part(
        action, state="paused", state_on=str(TODAY()), stated_progress="20", **shown
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "que se passe-t-il" in html
    assert 'value="20"' in html
    action.refresh_from_db()
    assert action.state == "in_progress"


def test_who_comes_second_is_shown_both_on_the_line(committee, get, agent, write_part):
    year = TODAY().year - 1
    action, part = begun(committee, "Longue", datetime.date(year, 1, 1)), f"bilan-{year}"
    get(f"{PAGE}?fiche={action.pk}&partie={part}", agent)
    shown = form_on_line(get.html)
    noted(action, year, "L’un.", by=committee.coordinator)
    html = write_part(action, part, text="L’autre.", **shown).content.decode()
    # The note is there by now: it is awaited no more, and what was typed is still to be compared.
    assert "L’autre." in html
    assert "comparez les deux" in html


def test_amounts_are_entered_on_the_line_of_the_action(committee, get, agent, write_part):
    action = action_row(committee, "Une", fundings=[(committee.caf, 2025, 1000, None, None)])
    [line] = action.fundings.all()
    get(f"{PAGE}?fiche={action.pk}&partie=depenses", agent)
    assert f'name="spent_{line.pk}"' in get.html
    shown = form_on_line(get.html)
    typed = {
        f"spent_{line.pk}": "900",
        **shown,
        "fundings-TOTAL_FORMS": "0",
        "fundings-INITIAL_FORMS": "0",
    }
    assert write_part(action, "depenses", **typed).status_code == 302
    line.refresh_from_db()
    assert line.spent == 900


def test_an_action_led_by_others_cannot_be_updated_here(committee, get, agent, client, write_part):
    epci = action_row(committee, "De l’agglomération")
    epci.leads.update(organisation=committee.epci)
    action_row(committee, "De la Caf")
    for asked in (f"fiche={epci.pk}&partie=etat", "fiche=x&partie=etat", "fiche=1&partie=rien"):
        get(f"{PAGE}?{asked}", agent)
        assert "mine-form" not in get.html
    assert write_part(epci, state="done", state_on=str(TODAY())).status_code == 404


def test_the_list_may_be_downloaded(committee, client, get, agent):
    action_row(committee, "De la Caf")
    get(PAGE, agent)
    address = f"/conventions/{committee.convention.slug}/plan-d-actions/mes-actions/export/csv/"
    assert address in get.html
    client.force_login(agent)
    text = client.get(address).content.decode("utf-8-sig")
    assert text.startswith("Numéro;Titre;À mettre à jour;État")
    assert "De la Caf" in text
