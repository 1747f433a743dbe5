"""What the document of the plan says of all its sheets: counts, sums, lists, and their order."""

import datetime
import re
from decimal import Decimal

import pytest

from actions.files.pdf import write_plan
from actions.files.plan import plan_of
from actions.files.reading import read_sheets
from actions.models import Action
from tests import factories as f
from tests.actions import factories as a
from tests.actions.ways.scene import plain
from tests.agreements.factories import committee_of
from tests.reading import on_one_line
from tests.stories import told_once

pytestmark = pytest.mark.django_db

DAY = datetime.date(2023, 7, 1)


@told_once
def committee(db):
    """Its convention ran from 2020 to 2024."""
    term = {"start": datetime.date(2020, 1, 1), "end": datetime.date(2024, 12, 31)}
    return committee_of(signed_on=datetime.date(2019, 12, 31), **term)


def plan_with(committee, *actions):
    return plan_of(committee.convention, read_sheets(committee.convention, actions, DAY), DAY)


class TestThePlan:
    def test_only_actions_in_force_are_counted(self, committee):
        action = a.action_in_force(committee, ends_on=datetime.date(2022, 12, 31))
        paused = a.in_state(a.action_in_force(committee), "paused", reason="Poste vacant.")
        proposed = Action.objects.get(pk=a.proposed_action(committee).object_id)
        plan = plan_with(committee, action, paused, proposed)
        assert (plan.total.total, plan.total.states) == (2, (1, 0, 0, 1, 0, 0))
        assert plan.total.sums.planned.total == 24000
        assert plan.sentence.replace("\xa0", " ") == (
            "2 actions sont en vigueur : 1 à venir et 1 en pause ; 1 est en retard. "
            "1 action est proposée."
        )
        assert [one.anchor for one in plan.late] == [f"action-{action.pk}"]
        assert plan.idle[0].text.endswith("Poste vacant.")
        assert [one.anchor for one in plan.discussed] == [f"action-{proposed.pk}"]
        assert plan.selection == ""

    def test_names_are_cut_between_words(self, committee):
        axis = committee.orientation.theme.axis
        axis.title = "Assurer le maintien et le développement des services aux familles, partout"
        axis.save()
        title = "Tenir une permanence itinérante d’accès aux droits dans les communes sans guichet"
        past = datetime.date(2022, 12, 31)
        a.action_in_force(committee, title=title, ends_on=past)
        action = Action.objects.get()
        plan = plan_with(committee, action)
        whole = f"{axis.number}. {axis.title}"
        [row] = plan.rows
        for label, text, most in [(row.name, whole, 62), (row.short_name, whole, 42),
                                 (plan.late[0].title, f"{action.number} {title}", 60)]:  # fmt: skip
            assert label.endswith(" …")
            assert text.startswith(label.removesuffix("…"))
            assert most - 16 < len(label) <= most
        assert plan.late[0].text == "sa fin était prévue le 31\xa0décembre 2022"

    def test_sums_say_which_amounts_they_lack(self, committee):
        lines = [a.funding(committee.caf, year) for year in (2021, 2022)]
        action = a.action_in_force(committee, fundings=lines)
        first, _ = action.fundings.all()
        action = a.spent(action, {first.pk: (Decimal(500), None)})
        html = write_plan(plan_with(committee, action))
        table = html.split('<table class="money">')[1].partition("</table>")[0]
        text = plain(re.sub(r"<[^>]+>", " ", table))
        assert "Ensemble 2 000 € 500 € ◐ incomplet ○ non renseigné" in text
        assert "la somme est celle des autres" in on_one_line(html)

    def test_axes_and_themes_are_in_the_order_of_the_convention(self, committee):
        axis = f.AxisFactory(convention=committee.convention, number=900)
        themes = [f.ThemeFactory(axis=axis, rank=rank, number="") for rank in (2, 1)]
        actions = [
            a.action_in_force(committee, theme=theme, title=title)
            for theme, title in [(themes[0], "C"), (themes[1], "B"), (themes[1], "A"),
                                 (committee.orientation.theme, "D")]
        ]  # fmt: skip
        sheets = read_sheets(committee.convention, actions, DAY)
        plan = plan_of(committee.convention, sheets, DAY, known=12)
        titles = [[[s.title for s in theme.sheets] for theme in part.themes] for part in plan.axes]
        assert titles == [[["D"]], [["B", "A"], ["C"]]]
        assert "4\xa0fiches choisies parmi les 12" in plan.selection

    def test_an_empty_plan_says_that_no_action_is_in_force(self, committee):
        plan = plan_of(committee.convention, [], DAY)
        assert plan.sentence == "Aucune action n’est encore en vigueur."
        assert plan.rows == []
