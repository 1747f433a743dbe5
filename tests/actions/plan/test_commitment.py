"""What is agreed to about an action: its text and its row are one."""

import json
from decimal import Decimal

import pytest

from actions.plan.commitments import Fundings
from actions.plan.events import canonical_content
from agreements.commitments import canonical
from agreements.models import Version
from agreements.versions import events as drafts
from agreements.versions.differences import compare_contents
from committee.points.gist import gist_of
from committee.points.reading import content_changes
from tests import factories as f
from tests.actions.factories import (
    action_content,
    action_in_force,
    agree,
    agreed_again,
    draft_action,
    funding,
    in_state,
    noted,
    proposed_action,
    spent,
    text_of,
    with_milestones,
)
from tests.agreements.factories import WHY, Committee

pytestmark = pytest.mark.django_db

FOLLOWED = {
    "state", "state_reason", "state_on", "stated_progress", "stated_on", "related", "milestones",
    "notes", "documents", "journal", "granted", "spent", "standing", "number", "rank",
}  # fmt: skip


def whole(committee: Committee) -> dict:
    """Values for every field, none of them as for a new action."""
    convention = committee.convention
    axis = committee.orientation.theme.axis
    lead = f.MembershipFactory(organisation=committee.caf).user
    return {
        "other_themes": [f.ThemeFactory(axis=axis), f.ThemeFactory(axis=axis)],
        "objectives": [committee.orientation, f.ObjectiveFactory(parent=committee.orientation)],
        "priority": "high",
        "is_innovative": True,
        "diagnosis": "Peu d’accueil.\r\nLoin.",
        "audience": "Familles",
        "leads": [
            {"organisation": committee.epci, "name": "Zoé Roy", "capacity": "Cheffe de projet"},
            {"organisation": committee.caf, "name": "Alix Petit", "capacity": "", "user": lead},
        ],
        "elected_referent": "Mme Duval",
        "partners": [f.OrganisationFactory(convention=convention, acronym="PMI")],
        "other_partners": "Associations de parents",
        "ends_on": None,
        "is_continuous": True,
        "is_whole_territory": False,
        "communes": [f.CommuneFactory(convention=convention) for _ in "ab"],
        "means": [
            {"organisation": committee.epci, "fte": Decimal("0.50"), "note": "animation"},
            {"organisation": committee.caf, "fte": 1000, "note": ""},
        ],
        "fundings": [
            funding("Région", 2026, planned="0"),
            funding(committee.epci, 2025, planned="1500.50", nature="investment"),
            funding(committee.caf, 2025, planned="9999999999.99", scheme="bonus territoire"),
            funding(committee.caf, 2025) | {"planned": 1000},
        ],
        "plans": ["SDSF", "contrat local de santé"],
    }


def test_the_row_of_an_action_writes_the_text_that_was_agreed(committee):
    version = proposed_action(committee, **whole(committee))
    assert text_of(version.subject) == version.text
    agree(committee, version)
    version.refresh_from_db()
    assert version.is_in_force
    assert text_of(version.subject) == version.text
    assert version.digest == canonical.digest(version.text)


def test_the_content_of_a_whole_action_has_every_field(committee):
    """The round trip above would not see what it leaves as for a new action."""
    blank = canonical_content({})
    written = action_content(committee, **whole(committee))
    # « end » is empty with an action in continuity.
    assert {name for name in blank if blank[name] == written[name]} == {"ends_on"}


def test_the_lines_of_a_content_read_in_french(committee):
    version = draft_action(committee, **whole(committee))
    texts = {line.label: line.text for line in version.commitment.lines(version.content)}
    lead = version.content["leads"][1]["user"]["name"]
    leads = f"Zoé Roy, Cheffe de projet (Exemple)\nAlix Petit (CAF 99), compte : {lead}"
    assert texts["Pilotes"] == leads
    assert texts["Moyens humains"].splitlines()[0] == "Exemple : 0,5\u00a0ETP (animation)"
    assert texts["Autres plans"] == "SDSF\ncontrat local de santé"
    assert texts["Priorité"] == "haute"
    assert [line.split(" : ")[0] for line in texts["Financement prévu"].splitlines()] == [
        "CAF 99, 2025, fonctionnement",
        "CAF 99, 2025, fonctionnement (bonus territoire)",
        "Exemple, 2025, investissement",
        "Région, 2026, fonctionnement",
    ]


def test_lines_say_the_same_in_whatever_order_they_were_typed(committee):
    lines = whole(committee)["fundings"]
    plain = Fundings("fundings", "").plain
    assert plain(lines) == plain(lines[::-1]) == plain(plain(lines)[::-1])


def test_leads_and_means_stay_in_the_order_in_which_they_were_typed(committee):
    values = whole(committee)
    action = action_in_force(committee, **values)
    action = agreed_again(committee, action, leads=values["leads"][::-1])
    assert [lead.name for lead in action.leads.all()] == ["Alix Petit", "Zoé Roy"]
    assert [lead.user_id is None for lead in action.leads.all()] == [False, True]


def test_equal_contents_have_equal_digests(committee):
    values = whole(committee)
    version, other = (draft_action(committee, **values) for _ in "ab")
    assert version.digest == other.digest
    assert draft_action(committee, **values | {"priority": "low"}).digest != version.digest


def test_nothing_of_the_follow_up_is_in_the_text(committee):
    action = action_in_force(committee)
    before = text_of(action)
    action = in_state(action, "blocked", reason="Local inondé", progress=30)
    day = action.starts_on
    action = with_milestones(action, ("Local trouvé", day, day))
    action = spent(action, {action.fundings.get().pk: (Decimal(10), Decimal(5))})
    noted(action, day.year)
    assert text_of(action) == before

    def names(value):
        if isinstance(value, dict):
            yield from value
            for inner in value.values():
                yield from names(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from names(inner)

    assert not FOLLOWED & set(names(json.loads(before)))


def test_a_next_version_leaves_the_follow_up_as_it_is(committee):
    action = in_state(action_in_force(committee), "in_progress", progress=30)
    action = with_milestones(action, ("Local trouvé", action.starts_on, None))
    noted(action, action.starts_on.year)
    pks = [row.pk for row in (*action.milestones.all(), *action.notes.all())]
    action = agreed_again(committee, action, title="Ouvrir deux lieux")
    assert (action.title, action.state, action.stated_progress) == (
        "Ouvrir deux lieux", "in_progress", 30,
    )  # fmt: skip
    assert [row.pk for row in (*action.milestones.all(), *action.notes.all())] == pks


@pytest.mark.parametrize("amounts", [(Decimal(10), None), (None, Decimal(5))])
def test_a_line_that_is_no_longer_planned_keeps_what_was_granted_or_spent(committee, amounts):
    action = action_in_force(committee)
    action = spent(action, {action.fundings.get().pk: amounts})
    line = agreed_again(committee, action, fundings=[]).fundings.get()
    assert (line.planned, line.granted, line.spent) == (None, *amounts)


def test_texts_of_any_script_come_back_as_they_were(committee):
    odd = {
        "title": "Cafe\u0301 👩‍👧 مرحبا \u202eشلام",
        "description": "é" * 10_000 + "\n\n**fin**",
        "diagnosis": "Il y a\0 un NUL",
        "other_partners": "<script>alert(1)</script>",
        "plans": ["日本", "🏳️‍🌈"],
    }
    action = action_in_force(committee, **odd)
    assert text_of(action) == Version.objects.about(action).get().text
    assert action.diagnosis == "Il y a un NUL"
    assert action.title.startswith("Café 👩‍👧")
    assert action.description.endswith("é\n\n**fin**")
    assert len(action.description) > 10_000


# Who is to tell of it -----------------------------------------------------------------------------


def given_to(committee, action, user):
    """A version that gives what a lead tells to another account, under the same name; what is said
    of its change, and what a reading of the change shows."""
    lead = {"organisation": committee.caf, "name": "Émilie Faure", "capacity": "", "user": user}
    before = Version.objects.about(action).in_force().get()
    [leads] = [one for one in before.commitment.fields if one.name == "leads"]
    content = before.content | {"leads": leads.plain([lead])}
    version = drafts.propose(
        drafts.save_draft(action, content, by=committee.coordinator), by=committee.coordinator,
        after_term=WHY,
    )  # fmt: skip
    return gist_of(version, before), compare_contents(
        version.commitment, before.content, content
    ).changed


@pytest.fixture
def led(committee):
    lead = {"organisation": committee.caf, "name": "Émilie Faure", "capacity": "", "user": None}
    return action_in_force(committee, leads=[lead])


def test_an_account_of_another_name_is_shown_to_who_agrees(committee, led):
    stranger = f.MembershipFactory(organisation=committee.epci, reader=True).user
    gist, [changed] = given_to(committee, led, stranger)
    assert f"compte\xa0: {stranger}" in gist
    assert f"compte : {stranger}" in changed.text


def test_linking_an_account_of_the_name_agreed_is_said_and_changes_no_text(committee, led):
    user = f.UserFactory(first_name="Émilie", last_name="Faure")
    f.MembershipFactory(organisation=committee.epci, reader=True, user=user)
    gist, changed = given_to(committee, led, user)
    assert "le compte rattaché change" in gist
    assert changed == []


def linked(communes) -> list[dict]:
    return [{"id": one.pk, "name": str(one)} for one in communes]


def test_the_mere_order_of_communes_changes_nothing(committee):
    """A version that an earlier release kept in another order shows no change either."""
    covered = f.CoverageFactory.create_batch(3, commune__convention=committee.convention)
    communes = linked(one.commune for one in covered)
    first = proposed_action(committee, is_whole_territory=False, communes=communes[::-1])
    by, row = committee.coordinator, first.subject
    again = drafts.save_draft(row, first.content | {"communes": communes}, by=by)
    assert again.digest == first.digest
    begins = {"starts_on": "2024-03-01", "communes": communes}
    changed = drafts.save_draft(row, first.content | begins, by=by)
    assert changed.content["communes"] == first.content["communes"]
    changed.write(first.content | begins)
    assert gist_of(changed, first).startswith("Début")
    assert [one.label for one in content_changes(changed, first).changed] == ["Début"]
