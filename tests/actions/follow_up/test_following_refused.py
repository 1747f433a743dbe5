"""What makes no sense in the follow-up is told beside its field, and kept."""

import re

import pytest

from actions.follow_up import parts
from tests.actions.factories import action_in_force, draft_action, noted, spent, with_milestones
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
from tests.actions.pages import (  # noqa: F401  (fixtures)
    field_errors,
    held_by,
    read,
    reading,
    sending,
    summary_of,
)
from tests.agreements.factories import committee_of

pytestmark = pytest.mark.django_db


# What makes no sense ------------------------------------------------------------------------------


WRONG = {
    "a progress beyond all": ("etat", {"stated_progress": "120"}, "stated_progress", "0 à 100"),
    "a progress below nothing": ("etat", {"stated_progress": "-3"}, "stated_progress", "0 à 100"),
    "a progress in words": (
        "etat", {"stated_progress": "abc"}, "stated_progress", "n’est pas un nombre"),
    "a progress of what waits": (
        "etat", {"stated_progress": "10"}, "stated_progress", "n’est pas commencée"),
    "no state": ("etat", {"state": None}, "state", "obligatoire"),
    "another state": ("etat", {"state": "late"}, "state", "choix valide"),
    "a pause for nothing": ("etat", {"state": "paused"}, "state_reason", "en pause a un motif"),
    "a blank reason": (
        "etat", {"state": "blocked", "state_reason": " "}, "state_reason", "bloquée a un motif"),
    "given up for nothing": ("etat", {"state": "abandoned"}, "state_reason", "a un motif"),
    "a state to come": ("etat", {"state_on": day(1)}, "state_on", "pas encore venu"),
    "a state of no day": ("etat", {"state_on": ""}, "state_on", "obligatoire"),
    "a state of another age": ("etat", {"state_on": "0202-01-01"}, "state_on", "de 1990 à"),
    "an estimate to come": (
        "etat", {"state": "in_progress", "stated_progress": "5", "stated_on": day(1)},
        "stated_on", "pas encore venu"),
    "a step before all": (
        "jalons", step(0, due_on="2001-01-01"), "rows-milestones", "avant le début"),
    "a step after all": ("jalons", step(0, due_on="2099-01-01"), "rows-milestones", "après la fin"),
    "a step done tomorrow": (
        "jalons", step(0, done_on=day(1)), "rows-milestones", "pas encore venu"),
    "a step of another age": (
        "jalons", step(0, done_on="0202-01-01"), "rows-milestones", "vérifiez l’année"),
    "a step without a day": ("jalons", step(0, due_on=""), "milestones-0-due_on", "échéance"),
    "a step without a name": (
        "jalons", step(0, ""), "milestones-0-title", "ce qui est à atteindre"),
    "a step with no weight": ("jalons", step(0, weight="0"), "milestones-0-weight", "1"),
    "a heavy step": ("jalons", step(0, weight="101"), "milestones-0-weight", "100"),
    "a long step": ("jalons", step(0, "x" * 201), "milestones-0-title", "200"),
    "a negative grant": ("depenses", {"granted": "-1"}, "granted", "n’est pas négatif"),
    "three decimals": ("depenses", {"spent": "1,125"}, "spent", "deux décimales"),
    "no number": ("depenses", {"spent": "assez"}, "spent", "n’est pas un nombre"),
    "eleven digits": ("depenses", {"spent": "99999999999"}, "spent", "dix chiffres"),
    "nobody pays": (
        "depenses", {"fundings-0-year": "2025", "fundings-0-spent": "1"},
        "fundings-0-funder_name", "Choisissez un financeur"),
    "nothing paid": (
        "depenses", {"fundings-0-year": "2025", "fundings-0-funder_name": "A"},
        "fundings-0-granted", "accordé ou dépensé"),
    "less than nothing paid": (
        "depenses", {"fundings-0-year": "2025", "fundings-0-funder_name": "A",
                     "fundings-0-spent": "-1"},
        "fundings-0-spent", "n’est pas négatif"),
    "paid in another age": (
        "depenses", {"fundings-0-year": "1812", "fundings-0-funder_name": "A",
                     "fundings-0-spent": "1"},
        "fundings-0-year", "1990"),
    "a planned line again": (
        "depenses", {"fundings-0-year": day(-200)[:4],
                     "fundings-0-funder_name": "Région", "fundings-0-spent": "1"},
        "rows-fundings", "réunissez-les"),
    "a note without a text": (PARTS[-1], {"brakes": "Le temps"}, "text", "Écrivez le bilan"),
    "an endless note": (PARTS[-1], {"text": "x" * 20_001}, "text", "20000"),
    "a note of tomorrow": (
        f"bilan-{TODAY().year + 1}", {"text": "Fait."}, "text", "n’a pas commencé"),
    "itself": ("liens", {"related": "itself"}, "related", "choix valide"),
    "what is no key": ("liens", {"related": ["abc"]}, "related", "valeur correcte"),
    "what no key can be": ("liens", {"related": ["9" * 40]}, "related", "choix valide"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_an_error_is_shown_at_its_field_and_the_input_kept(
    committee, action, write_part, send, what
):
    part, typed, field, reason = WRONG[what]
    if field in ("granted", "spent"):
        field = f"{field}_{action.fundings.first().pk}"
        typed = {field: next(iter(typed.values()))}
    if part == "liens":
        action_in_force(committee, title="Une autre")
    if typed.get("related") == "itself":
        typed = {"related": [str(action.pk)]}
    before = parts.part_by_key(part).read(now(action))
    write_part(part, typed)
    if field.startswith("rows-"):
        errors = re.search(rf'id="{field}_error">(.*?)</div>', send.response.content.decode())[1]
    else:
        errors = field_errors(send.response, field)
    assert reason in errors.replace("\xa0", " "), errors
    assert any(reason in line for line in summary_of(send.response))
    values = held_by(send.response)
    texts = {n: v for n, v in typed.items() if n != "related" and v is not None and v != "late"}
    assert {name: values[name][0].strip("\r\n") for name in texts} == {
        name: text.strip("\r\n") for name, text in texts.items()
    }
    assert parts.part_by_key(part).read(now(action)) == before
    assert not action.journal.exists()


def test_nothing_of_another_convention_can_be_linked_or_pay(committee, action, write_part, send):
    other = committee_of()
    elsewhere = action_in_force(other)
    action_in_force(committee, title="Une autre")
    write_part("liens", related=[str(elsewhere.pk)])
    assert "choix valide" in field_errors(send.response, "related")
    write_part("depenses", {"fundings-0-funder": str(other.caf.pk), "fundings-0-year": "2025",
                      "fundings-0-spent": "1"})  # fmt: skip
    assert "plus possible" in field_errors(send.response, "fundings-0-funder")
    write_part("depenses", {f"granted_{elsewhere.fundings.get().pk}": "5"})
    assert elsewhere.fundings.get().granted is None


def test_a_draft_cannot_be_linked(committee, action, get, write_part, send):
    draft = draft_action(committee, title="Un secret")
    assert "Le plan n’a pas encore d’autre action." in get(f"{action.pk}/suivi/liens/")
    action_in_force(committee, title="Une autre")
    write_part("liens", related=[str(draft.object_id)])
    assert "choix valide" in field_errors(send.response, "related")


@pytest.mark.parametrize("part", [
    "inconnu", "documents", "bilan-", "bilan-99999999", "bilan-1789", "bilan-2101", "bilan-abc",
    "bilan--2023", "bilan-0202399999", "bilan-02023", "etat%00", "ETAT", "bilan-²",
])  # fmt: skip
def test_a_part_that_is_none_is_not_found(action, get, part):
    get(f"{action.pk}/suivi/{part}/", status=404)


def test_a_page_without_its_rows_is_refused(action, write_part):
    with_milestones(action, ("Local", TODAY(), None))
    assert "rien n’est enregistré" in write_part("jalons", {"milestones-TOTAL_FORMS": None})
    assert "rien n’est enregistré" in write_part("depenses", {"fundings-TOTAL_FORMS": "x"})
    assert action.milestones.exists()


def test_a_page_that_tells_nothing_wipes_nothing(action, client, agent):
    noted(action, TODAY().year)
    spent(action, {line.pk: ("1", "1") for line in action.fundings.all()})
    client.force_login(agent)
    before = action.journal.count()
    for part in PARTS:
        rows = {"milestones-TOTAL_FORMS": "0", "milestones-INITIAL_FORMS": "0",
                "fundings-TOTAL_FORMS": "0", "fundings-INITIAL_FORMS": "0"}  # fmt: skip
        response = client.post(ways_url_of(action, part), rows)
        if part not in ("jalons", "liens"):  # nothing there, nothing wiped
            read(response)
    assert action.journal.count() == before


def test_an_invalid_amount_is_not_reported_as_missing(write_part, send):
    write_part("depenses", {"fundings-0-funder_name": "A", "fundings-0-year": "2025",
                      "fundings-0-spent": "1,125"})  # fmt: skip
    assert field_errors(send.response, "fundings-0-granted") == ""
    assert "deux décimales" in field_errors(send.response, "fundings-0-spent")
