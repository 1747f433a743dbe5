"""Money, links and notes of an action: what is told comes back, nonsense is refused."""

from decimal import Decimal

import pytest
from django.utils import timezone

from actions.follow_up import parts
from actions.follow_up.events import follow_up
from actions.models import Action
from agreements.versions import events as drafts
from tests.actions.factories import (
    action_in_force,
    agreed_again,
    draft_action,
    funding,
    proposed_action,
    spent,
)
from tests.actions.follow_up.saving import ODD, faults_of, line, note, write_part
from tests.agreements.factories import committee_of
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def action(committee):
    return action_in_force(committee)


@pytest.fixture
def today():
    return timezone.localdate()


# Money --------------------------------------------------------------------------------------------


def test_money_comes_back_by_year_and_funder(committee):
    planned = [funding(committee.caf, 2025), funding("Région", 2025)]
    action = action_in_force(committee, fundings=planned)
    rows = [
        line("Région", spent=Decimal(0)),
        line(committee.caf, granted=Decimal("9999999999.99"), spent=Decimal("0.01")),
        line(committee.epci, year=2100, nature="investment", scheme="Bonus 👩‍👧",
             granted=Decimal("12.50")),
    ]  # fmt: skip
    content = write_part(action, parts.SPENDING, {"fundings": rows})
    assert parts.SPENDING.lines(content)[0].text.replace("\u00a0", " ").replace("\u202f", " ") == (
        "CAF 99, 2025, fonctionnement : accordé 9 999 999 999,99 €, dépensé 0,01 €\n"
        "Région, 2025, fonctionnement : dépensé 0 €\n"
        "Exemple, 2100, investissement (Bonus 👩‍👧) : accordé 12,50 €"
    )
    assert set(action.fundings.values_list("planned", flat=True)) == {1000, None}


def test_an_emptied_funding_line_is_deleted_unless_it_is_planned(committee, action):
    planned = action.fundings.get()
    first = line(committee.caf, year=planned.year, granted=Decimal(1))
    write_part(action, parts.SPENDING, {"fundings": [first, line("Région", granted=Decimal(1))]})
    follow_up(action, parts.SPENDING, parts.SPENDING.plain({"fundings": []}), by=None)
    assert action.fundings.get() == planned
    planned.refresh_from_db()
    assert (planned.planned, planned.granted) == (12000, None)


def test_a_line_that_is_planned_no_more_goes_with_its_money(committee, action):
    planned = action.fundings.get()
    action = spent(action, {planned.pk: (Decimal(5), Decimal(5))})
    action = agreed_again(committee, action, fundings=[])
    assert action.fundings.get() == planned
    spent(action, {})
    assert not action.fundings.exists()


SPENDING = {
    "negative": ({"spent": Decimal("-0.01")}, "Région, 2025 : un montant n’est pas négatif."),
    "too small": ({"granted": Decimal("0.001")}, "Région, 2025 : un montant a deux décimales"),
    "too large": ({"granted": Decimal(10**10)}, "dix chiffres"),
    "enormous": ({"spent": Decimal("1e90")}, "dix chiffres"),
    "of nobody": ({"funder_name": " "}, "a un financeur"),
    "of no year": ({"year": None}, "de 1990 à 2100"),
    "of another age": ({"year": 1989}, "de 1990 à 2100"),
    "of a year that no database holds": ({"year": 10**12}, "de 1990 à 2100"),
    "of no nature": ({"nature": None}, "fonctionnement ou d’investissement"),
    "of its own nature": ({"nature": "gift"}, "fonctionnement ou d’investissement"),
    "of a long scheme": ({"scheme": "x" * 201}, "Dispositif : 200"),
    "of a long funder": ({"funder_name": "x" * 201}, "Autre financeur : 200"),
}


@pytest.mark.parametrize(("values", "words"), SPENDING.values(), ids=SPENDING)
def test_senseless_money_has_a_fault(action, values, words):
    rows = [line("Autre", granted=Decimal(1)), line("Région", granted=Decimal(1)) | values]
    assert words in faults_of(action, parts.SPENDING, {"fundings": rows})["fundings"]


def test_a_line_of_two_funders_given_twice_or_from_elsewhere_has_a_fault(committee, action):
    for rows, words in [
        ([line(committee.caf, funder_name="Région")], "a un financeur"),
        ([line("Région"), line("Région", granted=Decimal(1))], "réunissez-les"),
        ([line(committee.caf), line(committee.caf)], "réunissez-les"),
        ([line(committee_of().caf, spent=Decimal(1))], "« CAF 99 » n’est plus dans la convention"),
    ]:
        assert words in faults_of(action, parts.SPENDING, {"fundings": rows})["fundings"]


# Links --------------------------------------------------------------------------------------------


def test_links_go_both_ways(committee, action):
    others = [action_in_force(committee, title=title) for title in "BA"]
    content = write_part(action, parts.LINKED, {"related": others})
    assert [link["name"] for link in content["related"]] == [str(other) for other in others]
    assert [row.pk for row in others[0].related.all()] == [action.pk]
    write_part(others[0], parts.LINKED, {"related": []})
    assert [row.pk for row in action.related.all()] == [others[1].pk]


def test_a_link_is_in_the_journal_of_both_sheets(committee, action):
    linked, other = (action_in_force(committee, title=title) for title in "BA")
    write_part(action, parts.LINKED, {"related": [linked]})
    write_part(action, parts.LINKED, {"related": [linked, other]})
    [entry] = other.journal.all()
    assert (entry.part, str(action) in entry.after, str(action) in entry.before) == (
        "liens", True, False
    )  # fmt: skip
    assert linked.journal.count() == 1
    write_part(action, parts.LINKED, {"related": []})
    assert str(action) in other.journal.latest("pk").before


def test_an_action_is_linked_to_others_of_the_plan_only(committee, action):
    proposed = proposed_action(committee, title="B").subject
    withdrawn = proposed_action(committee, title="C")
    drafts.withdraw_version(withdrawn, reason="Erreur", by=committee.coordinator)
    gone = draft_action(committee, title="D").subject
    wrong = [action, draft_action(committee, title="E").subject, withdrawn.subject,
             action_in_force(committee_of()), Action.objects.get(pk=gone.pk)]  # fmt: skip
    gone.delete()
    for other in wrong:
        faults = faults_of(action, parts.LINKED, {"related": [proposed, other]})["related"]
        assert faults == (
            "Une action n’est pas liée à elle-même." if other == action
            else f"« {other} » n’est plus dans le plan d’actions."
        )  # fmt: skip
    write_part(action, parts.LINKED, {"related": [proposed]})


def test_a_link_stays_though_the_other_is_withdrawn(committee, action):
    version = proposed_action(committee, title="B")
    other = Action.objects.get(pk=version.object_id)
    write_part(action, parts.LINKED, {"related": [other]})
    drafts.withdraw_version(version, reason="Erreur", by=committee.coordinator)
    third = action_in_force(committee, title="C")
    write_part(action, parts.LINKED, {"related": [other, third]})


# Notes --------------------------------------------------------------------------------------------


def test_a_note_comes_back(action, today):
    part = parts.NotePart(today.year)
    write_part(action, part, note(text=ODD, brakes="<b>", levers="a\nb", prospects="**c**"))
    write_part(action, parts.NotePart(today.year - 1), note())
    assert [one.year for one in action.notes.all()] == [today.year, today.year - 1]
    write_part(action, part, note(text=""))
    assert [one.year for one in action.notes.all()] == [today.year - 1]


def test_a_note_says_what_was_done_and_not_before(action, today):
    this_year, next_year = parts.NotePart(today.year), parts.NotePart(today.year + 1)
    faults = faults_of(action, this_year, note(text=" ", brakes="Locaux"))
    assert "ce qui a été fait" in faults["text"]
    assert faults_of(action, next_year, note()) == {"text": "Cette année n’a pas commencé."}
    assert faults_of(action, parts.NotePart(10**9), note())
