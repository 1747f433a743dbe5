"""How an action goes on is told from its pages, part by part, by who may."""

import datetime

import pytest

from actions.follow_up import parts
from actions.models import Action
from tests import factories as f
from tests.actions.factories import (
    action_in_force,
    agreed_again,
    in_state,
    noted,
    proposed_action,
    spent,
    with_milestones,
)
from tests.actions.follow_up.following import (  # noqa: F401  (fixtures)
    PARTS,
    TODAY,
    day,
    followed_action,
    now,
    step,
    ways_url_of,
    writing_part,
)
from tests.actions.pages import held_by, read, reading, sending  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db


# What is told is kept -----------------------------------------------------------------------------


def test_a_state_is_saved_from_its_page(action, write_part, send, agent):
    text = write_part("etat", state="paused", state_on=day(-3), state_reason="Le poste\nest vacant",
                stated_progress="40")  # fmt: skip
    assert "Le suivi est enregistré." in text
    assert send.response.url == f"{action.get_absolute_url()}#suivi"
    current = now(action)
    assert (current.state, current.state_on.isoformat(), current.stated_progress) == (
        "paused",
        day(-3),
        40,
    )
    assert current.stated_on == TODAY()
    assert "en pause, avancement estimé à 40 %" in text
    assert "Motif : Le poste est vacant" in text
    assert action.journal.get().user == agent


def test_a_done_action_is_at_100_and_its_unreached_milestones_are_mentioned(action, write_part):
    write_part("jalons", step(0, "Former", due_on=day(60)) | step(1, "Ouvrir", done_on=day(0)))
    text = write_part("etat", state="done", state_on=day(0), stated_progress="40")
    assert (now(action).state, now(action).stated_progress) == ("done", 100)
    assert "L’action est terminée, à 100 %, et 1 jalon n’est pas atteint : « Former »." in text
    text = write_part("etat", state="in_progress")
    assert "dites où elle en est" in text
    assert now(action).state == "done"
    write_part("etat", state="in_progress", stated_progress="80")
    assert (now(action).state, now(action).stated_progress) == ("in_progress", 80)


def test_a_progress_is_not_stated_any_more(action, write_part):
    in_state(action, "in_progress", progress=40)
    write_part("etat", stated_progress="")
    assert (now(action).stated_progress, now(action).stated_on) == (None, None)


def test_milestones_are_saved_from_rows(action, write_part, send):
    text = write_part("jalons", step(0, "Deuxième", due_on=day(60), weight="3")
                | step(1, "  Premier   jalon ", done_on=day(0)))  # fmt: skip
    rows = action.milestones.all()
    assert [(row.title, row.weight, bool(row.done_on)) for row in rows] == [
        ("Premier jalon", 1, True), ("Deuxième", 3, False),
    ]  # fmt: skip
    assert "1 jalon atteint sur 2" in text
    assert send.response.url.endswith("#jalons")
    write_part("jalons", {"milestones-0-DELETE": "on"}, **{"milestones-1-title": "",
         "milestones-1-due_on": ""})  # fmt: skip
    assert not action.milestones.exists()


def test_a_milestone_renamed_on_the_page_keeps_its_key(action, write_part):
    action = with_milestones(action, ("Local", TODAY(), None), ("Équipe", TODAY(), None))
    _, second = action.milestones.all()
    write_part("jalons", {"milestones-0-DELETE": "on"}, **{"milestones-1-title": "Équipe recrutée",
         "milestones-1-due_on": day(20)})  # fmt: skip
    milestone = action.milestones.get()
    assert (milestone.pk, milestone.title) == (second.pk, "Équipe recrutée")


def test_more_milestones_come_with_more_rows(action, write_part, send):
    write_part("jalons", step(0), action="encore")
    assert send.response.url == ways_url_of(action, "jalons")
    values = held_by(send.response.client.get(send.response.url))
    assert values["milestones-TOTAL_FORMS"] == ["3"]
    assert values["milestones-0-title"] == ["Local trouvé"]


def test_money_is_saved_line_by_line(action, write_part, send):
    first, second = action.fundings.all()
    text = write_part("depenses", {
        f"granted_{first.pk}": "11 500,50 €", f"spent_{second.pk}": "0",
        "fundings-0-funder_name": "Mécène", "fundings-0-year": "2025", "fundings-0-spent": "300",
    })  # fmt: skip
    assert [(one.who, one.planned, one.granted, one.spent) for one in action.fundings.all()] == [
        ("Mécène", None, None, 300), ("CAF 99", 12000, 11500.5, None), ("Région", 500, None, 0),
    ]  # fmt: skip
    assert "11 500,50 €" in text
    assert send.response.url.endswith("#financement")
    values = held_by(send.response.client.get(ways_url_of(action, "depenses")))
    assert values[f"granted_{first.pk}"] == ["11\u202f500,5"]
    assert values[f"spent_{first.pk}"] == [""]
    assert values[f"spent_{second.pk}"] == ["0"]
    assert values["fundings-0-spent"] == ["300"]


def test_linked_actions_are_chosen(committee, action, write_part, send):
    other, third = (action_in_force(committee, title=title) for title in ("Former", "Relier"))
    withdrawn = Action.objects.filter(pk=third.pk)
    write_part("liens", related=[str(other.pk), str(third.pk)])
    assert set(action.related.all()) == {other, third}
    withdrawn.update(standing="withdrawn")
    write_part("liens")
    assert third in action.related.all()
    assert "Former" in write_part("liens", related=[str(other.pk)])


def test_a_note_is_saved_from_its_page(action, write_part, send):
    year = TODAY().year
    text = write_part(f"bilan-{year}", text="Deux **ateliers**.", brakes="Le <b>temps</b>",
                levers="- un\n- deux", prospects="")  # fmt: skip
    assert "Deux ateliers ." in text
    assert "Le <b>temps</b>" in text
    assert send.response.url.endswith(f"#bilan-{year}")
    assert f"Le bilan {year} est retiré" in write_part(
        f"bilan-{year}", text="", brakes="", levers=""
    )
    assert not action.notes.exists()


def test_a_form_sent_twice_writes_one_entry(action, write_part):
    for part, typed in [
        ("etat", {"state": "in_progress", "state_on": day()}), ("jalons", step(0)),
        (f"bilan-{TODAY().year}", {"text": "Deux ateliers."}),
    ]:  # fmt: skip
        before = action.journal.count()
        assert "Le suivi est enregistré" in write_part(part, typed)
        assert "Rien n’a changé" in write_part(part)
        assert action.journal.count() == before + 1, part


@pytest.mark.parametrize("part", ["jalons", "depenses", "liens", PARTS[-1]])
def test_saving_an_unchanged_page_writes_no_entry(committee, action, write_part, part):
    line = action.fundings.first()
    spent(with_milestones(action, ("Local", TODAY(), TODAY(), 3)), {line.pk: ("1.5", None)})
    noted(action, TODAY().year, "Ligne une.\n\n- deux")
    before = action.journal.count()
    assert "Rien n’a changé" in write_part(part)
    assert action.journal.count() == before


def test_old_milestones_stay_savable_when_the_calendar_moves(committee, action, write_part):
    end = committee.convention.end
    with_milestones(action, ("Vieux", end, None))
    agreed_again(committee, action, ends_on=TODAY() + datetime.timedelta(days=10))
    write_part("jalons", **step(1, "Neuf", due_on=day(5)))
    assert [row.title for row in action.milestones.all()] == ["Neuf", "Vieux"]


# Who may ------------------------------------------------------------------------------------------


def test_each_part_is_for_who_leads_and_the_coordinator(committee, action, get, agent, reader):
    other = f.MembershipFactory(organisation=committee.epci).user
    for part in PARTS:
        for user in (agent, committee.coordinator):
            assert "Enregistrer" in get(f"{action.pk}/suivi/{part}/", user)
        for user in (reader, other):
            text = get(f"{action.pk}/suivi/{part}/", user)
            assert "Le suivi d’une action est tenu par ses pilotes" in text
            assert "Enregistrer" not in text


def test_a_refused_writer_loses_nothing(action, client, reader):
    client.force_login(reader)
    response = client.post(ways_url_of(action, PARTS[-1]), {"text": "Ce que je tape"})
    assert "tenu par ses pilotes" in read(response)
    assert held_by(response)["text"] == ["Ce que je tape"]
    assert not action.notes.exists()


def test_an_action_not_in_force_is_not_followed(committee, get):
    proposed = proposed_action(committee).subject
    for part in PARTS:
        assert "Une action se suit une fois acceptée" in get(f"{proposed.pk}/suivi/{part}/")
    Action.objects.filter(pk=proposed.pk).update(standing="withdrawn")
    assert "retirée du plan : son suivi est clos" in get(f"{proposed.pk}/suivi/etat/")


# Two at once --------------------------------------------------------------------------------------


CHANGES = {
    "etat": ({"state": "done", "state_on": day()}, {"state": "in_progress", "state_on": day()}),
    "jalons": (step(0, "Le mien"), step(0, "Le sien")),
    "depenses": ({"fundings-0-funder_name": "Moi", "fundings-0-year": "2025",
                  "fundings-0-spent": "7"},
                 {"fundings-0-funder_name": "Elle", "fundings-0-year": "2025",
                  "fundings-0-spent": "8"}),
    PARTS[-1]: ({"text": "Le mien"}, {"text": "Le sien"}),
}  # fmt: skip


@pytest.mark.parametrize("part", CHANGES)
def test_the_second_is_shown_both_and_chooses(committee, action, get, send, agent, part):
    mine, theirs = CHANGES[part]
    address = f"{action.pk}/suivi/{part}/"
    get(address, agent)
    opened = get.response
    send(address, committee.coordinator, typed=theirs)
    get.client.force_login(agent)
    text = send.again(opened, address, **mine)
    assert f"{committee.coordinator} a enregistré autre chose depuis" in text
    assert "Garder ce que j’ai écrit" in text
    assert "gardez l’autre" in text
    values = held_by(send.response)
    assert {name: values[name][0] for name in mine} == mine
    assert parts.part_by_key(part).read(now(action)) != {}
    assert action.journal.count() == 1
    assert "Le suivi est enregistré" in send.again(send.response, address)
    assert action.journal.count() == 2
    [phrase] = [one for one in mine.values() if one not in theirs.values()][:1]
    assert phrase in action.journal.order_by("pk").last().after


def test_two_people_who_save_the_same_do_not_conflict(committee, action, get, send, agent):
    address = f"{action.pk}/suivi/{PARTS[-1]}/"
    get(address, agent)
    opened = get.response
    send(address, committee.coordinator, typed={"text": "Le même"})
    get.client.force_login(agent)
    assert "Rien n’a changé" in send.again(opened, address, text="Le même")
    assert action.journal.count() == 1


def test_two_parts_saved_from_old_pages_do_not_conflict(action, get, send, write_part, agent):
    get(f"{action.pk}/suivi/jalons/", agent)
    opened = get.response
    write_part("etat", state="in_progress", state_on=day())
    assert "Le suivi est enregistré" in send.again(opened, f"{action.pk}/suivi/jalons/", **step(0))


@pytest.mark.parametrize("odd", ["", "abc", "x" * 500, "٣"])
def test_an_odd_token_is_one_of_another_text(action, write_part, odd):
    noted(action, TODAY().year, "Le premier")
    assert "comparez les deux" in write_part(PARTS[-1], text="Autre", revision=odd, shown=odd)
    assert action.notes.get().text == "Le premier"
