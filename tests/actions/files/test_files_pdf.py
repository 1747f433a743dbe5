"""Action sheets and the plan as documents: accessible and safe, whatever people have written."""

import datetime
import logging
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from actions.files.pdf import draw_plan, draw_sheet, write_plan, write_sheet
from actions.files.plan import PlanContent, plan_of
from actions.files.reading import read_sheets
from actions.models import Action
from agreements.models import Version
from agreements.versions.events import propose, save_draft
from conventions.models import Convention
from tests import factories as f
from tests.actions import factories as a
from tests.actions.bulk import many_actions
from tests.agreements.factories import WHY, committee_of
from tests.databases import few_of
from tests.documents.reading import faults, opened, structure
from tests.stories import told_once

pytestmark = pytest.mark.django_db

DAY = datetime.date(2024, 4, 12)
ODD = {
    "long word": "Châtellerault" * 20,
    "emoji": "Bravo 👍🏽🎉 ✅ pour les enfants ❤️",
    "right to left": "مركز الأسرة والطفل – בית הילדים – مركز",
    "markup": "<script>alert(1)</script><b>&amp;</b> <style>p{display:none}</style> {{ x }}",
    "controls": "a\x01b\x0cc\x7fd\u200be",
    "markdown": "# Un\n\n#### Quatre\n\n1. a\n   - b\n\n> c\n\n| x | y |\n|---|---|\n| 1 | 2 |",
}  # fmt: skip


@told_once
def committee(db):
    term = {"start": datetime.date(2020, 1, 1), "end": datetime.date(2024, 12, 31)}
    return committee_of(signed_on=datetime.date(2019, 12, 31), **term)


@pytest.fixture
def quiet(caplog):
    """Nothing that was drawn is to be complained of."""
    yield
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == []


def plan_read(convention, *, known=None) -> PlanContent:
    """The whole plan."""
    convention = Convention.objects.get(pk=convention.pk)
    rows = Action.objects.of(convention).readable().in_reading_order()
    return plan_of(convention, read_sheets(convention, rows, DAY), DAY, known=known)


def plan_drawn(convention, *, known=None):
    """Its HTML and its PDF."""
    plan = plan_read(convention, known=known)
    html = write_plan(plan)
    return html, draw_plan(html, plan)


def without_sheets(plan: PlanContent) -> PlanContent:
    """The plan up to the headings of its axes and themes."""
    return replace(plan, axes=[
        replace(axis, themes=[replace(theme, sheets=[]) for theme in axis.themes])
        for axis in plan.axes
    ])  # fmt: skip


def sheet_drawn(action) -> bytes:
    convention = Convention.objects.get(pk=action.convention_id)
    [sheet] = read_sheets(convention, [action], DAY)
    arguments = [sheet, str(convention), DAY]
    return draw_sheet(write_sheet(*arguments), *arguments).content


def whole(committee) -> Action:
    """An action with something of everything, a next version of which is discussed."""
    action = a.action_in_force(
        committee,
        diagnosis="Un **quart** des familles.",
        means=[{"organisation": committee.caf, "fte": Decimal("0.5"), "note": ""}],
        fundings=[a.funding(committee.caf, year) for year in (2021, 2022)],
    )
    action = a.with_milestones(action, ("Ouvrir", "2021-03-01", None))
    a.noted(action, 2021, brakes="Le local\n\net le transport", prospects="- Ouvrir\n- Étendre")
    content = Version.objects.about(action).in_force().get().content
    draft = save_draft(action, content | {"title": "Autre titre"}, by=committee.coordinator)
    propose(draft, by=committee.coordinator, after_term=WHY)
    Action.objects.update(is_fictional=True)
    return action


@pytest.mark.usefixtures("quiet")
class TestOneSheet:
    def test_a_sheet_is_accessible_on_one_or_two_pages(self, committee):
        content = sheet_drawn(whole(committee))
        assert faults(content) == []
        with opened(content) as document:
            assert len(document.pages) <= 2
            assert str(document.docinfo["/CreationDate"]).startswith("D:20240412")
            titles = [item.title for item in document.open_outline().root]
        assert len(titles) == 1
        assert _levels(content) == [1, 2, 3, 3, 3, 2, 3, 3, 3]

    def test_a_bare_proposed_sheet_is_accessible(self, committee):
        version = a.proposed_action(committee, diagnosis="", fundings=[])
        assert faults(sheet_drawn(Action.objects.get(pk=version.object_id))) == []

    def test_a_sheet_with_300_lines_of_funding_is_accessible(self, committee):
        lines = [a.funding(f"Financeur {n}", 2021, scheme="Fonds") for n in range(300)]
        content = sheet_drawn(a.action_in_force(committee, fundings=lines))
        assert faults(content) == []
        with opened(content) as document:
            assert len(document.pages) > 5

    @pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
    def test_a_sheet_of_odd_texts_is_accessible(self, committee, text):
        action = a.action_in_force(
            committee,
            title=" ".join(text.split())[:200],
            description=text,
            audience=text[:300],
            leads=[{"organisation": committee.caf, "name": text[:200], "capacity": text[:200]}],
            fundings=[a.funding(text[:200], 2021, scheme=text[:200])],
            plans=[text],
        )
        action = a.with_milestones(action, (text[:200], "2021-03-01", None))
        a.noted(action, 2021, text, brakes=text)
        assert faults(sheet_drawn(action)) == []


def _levels(content: bytes) -> list[int]:
    """The levels of the headings, in the order they are heard; none leaves a gap."""
    names = [name for name, _ in structure(content)]
    levels = [int(name[2:]) for name in names if re.fullmatch(r"/H\d", name)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    return levels


@pytest.mark.usefixtures("quiet")
class TestThePlan:
    def test_a_full_plan_is_accessible(self, committee):
        convention = committee.convention
        whole(committee)
        a.proposed_action(committee, title="Proposée")
        untitled = f.ThemeFactory(axis=f.AxisFactory(convention=convention, number=800), title="")
        a.action_in_force(committee, theme=untitled, title="D’un axe sans thématique")
        html, document = plan_drawn(convention)
        assert faults(document.content) == []
        assert _levels(document.content).count(1) == 1
        self._is_bookmarked(document)
        self._has_contents(html, document)
        assert html.count("données fictives") == 2  # at the foot, and on the sheet that is
        assert html.count("Données fictives") == 2  # on the cover, below the sums
        assert "Enjeu" not in html

    def _is_bookmarked(self, document):
        with opened(document.content) as file:
            root = file.open_outline().root
            titles = [item.title for item in root]
            beneath = [sheet.title for item in root for theme in item.children
                       for sheet in theme.children]  # fmt: skip
        assert titles[:2] == ["Sommaire", "Le plan en une page"]
        assert titles[-1].startswith("Axe\u00a0800. ")
        assert any("D’un axe sans thématique" in title for title in beneath)

    def _has_contents(self, html, document):
        targets = re.findall(r'<a href="#([^"]+)">', html)
        assert len(targets) > 5
        assert all(html.count(f'id="{target}"') == 1 for target in targets)
        with opened(document.content) as file:
            assert len([n for n in file.pages[1].Annots if n.Subtype == "/Link"]) >= 6

    def test_an_empty_plan_is_accessible(self, committee):
        html, document = plan_drawn(committee.convention)
        assert faults(document.content) == []
        assert "Aucune action n’est encore en vigueur." in html
        cover = html.partition('<section class="cover">')[2].partition("</section>")[0]
        for party in committee.convention.organisations.parties():
            assert party.name in cover

    def test_a_plan_with_other_words_and_odd_titles_is_accessible(self, committee):
        convention = committee.convention
        convention.labels = {"axe": "Enjeu", "objectif": "Finalité"}
        convention.save()
        theme = committee.orientation.theme
        theme.title = ODD["markup"]
        theme.save()
        a.action_in_force(committee, title=ODD["long word"][:200])
        html, document = plan_drawn(convention, known=12)
        assert faults(document.content) == []
        assert "Enjeu" in html
        assert "Axe\u00a0" not in html
        assert "1\u00a0fiche choisie parmi les 12" in html
        assert "<script" not in html

    @pytest.mark.parametrize(("axes", "expected"), few_of([(4, 5), (1, 7), (9, 0)], 1))
    @pytest.mark.long
    def test_the_summary_fills_its_page_and_stays_on_it(self, committee, axes, expected):
        for number in range(2, axes + 1):
            title = "Assurer le maintien et le développement des services aux familles, partout"
            f.ThemeFactory(axis=f.AxisFactory(
                convention=committee.convention, number=100 + number, title=title
            ))  # fmt: skip
        many_actions(committee.convention, 28)
        reason = "Le poste est vacant depuis le printemps, et personne n’a répondu à l’annonce."
        Action.objects.update(title="ACCOMPAGNER LES FAMILLES ÉLOIGNÉES DES SERVICES, " * 2)
        Action.objects.filter(state="paused").update(state_reason=reason)
        plan = without_sheets(plan_read(committee.convention))
        html = write_plan(plan)
        late = html.split("<h3>En retard")[1].partition("</ul>")[0]
        assert expected <= late.count("<li>") < 28 / 2
        with opened(draw_plan(html, plan).content) as document:
            places = [item.destination[0] for item in document.open_outline().root]
            first = [page.obj.objgen for page in document.pages].index
            summary, axis = (first(place.objgen) for place in places[1:3])
        assert axis == summary + 1

    def test_a_plan_drawn_twice_has_equal_bytes(self, committee):
        many_actions(committee.convention, 2)
        assert plan_drawn(committee.convention)[1] == plan_drawn(committee.convention)[1]
