"""What an action points to: of its convention, and there as long as it may be in force."""

from decimal import Decimal

import pytest

from actions.models import Action
from actions.plan.events import add_action
from agreements.answers import events as answers
from agreements.models import Version
from agreements.versions import events as drafts
from conventions.loading.dependencies import reasons_to_keep
from tests import factories as f
from tests.actions.factories import (
    action_content,
    action_in_force,
    agreed_again,
    funding,
    refusal_of,
    text_of,
)
from tests.agreements.factories import committee_of

pytestmark = pytest.mark.django_db


def linked(committee, other) -> dict:
    """Values that name something of another convention, by field."""
    person = other.coordinator
    caf = committee.caf
    return {
        "theme": other.orientation.theme,
        "other_themes": [other.orientation.theme],
        "objectives": [other.orientation],
        "partners": [other.caf],
        "communes": [f.CommuneFactory(convention=other.convention)],
        "leads": [{"organisation": caf, "name": "A", "capacity": "", "user": person}],
        "means": [{"organisation": other.caf, "fte": Decimal(1), "note": ""}],
        "fundings": [funding(other.caf, 2025)],
    }


@pytest.mark.parametrize(
    "name",
    ["theme", "other_themes", "objectives", "partners", "communes", "leads", "means", "fundings"],
)
def test_rows_of_another_convention_are_refused(committee, name):
    action, other = action_in_force(committee), committee_of()
    value = linked(committee, other)[name]
    content = action_content(committee, is_whole_territory=name != "communes", **{name: value})
    first = value[0] if isinstance(value, list) else value
    named = first if not isinstance(first, dict) else (
        first.get("user") or first.get("funder") or first["organisation"]
    )  # fmt: skip
    draft = drafts.save_draft(action, content, by=committee.coordinator)
    refusal = refusal_of(drafts.propose, draft, by=committee.coordinator)
    assert refusal.reason == f"« {named} » n’est plus dans la convention : choisissez."
    add = refusal_of(add_action, committee.convention, content, by=committee.coordinator)
    assert add == refusal


def test_a_row_that_is_gone_is_named(committee):
    action = action_in_force(committee)
    commune = f.CommuneFactory(convention=committee.convention, name="Naintré")
    content = action_content(committee, is_whole_territory=False, communes=[commune])
    draft = drafts.save_draft(action, content, by=committee.coordinator)
    commune.delete()
    assert (
        "« Naintré » n’est plus"
        in refusal_of(drafts.propose, draft, by=committee.coordinator).reason
    )


def test_who_had_access_may_stay_a_lead(committee):
    gone = f.MembershipFactory(organisation=committee.caf, ended=True).user
    lead = {"organisation": committee.caf, "name": "A", "capacity": "", "user": gone}
    assert action_in_force(committee, leads=[lead]).leads.get().user == gone


def named_rows(committee):
    """One row of each kind that only this names, with the values that name it."""
    axis, convention = committee.orientation.theme.axis, committee.convention
    theme, other = f.ThemeFactory(axis=axis), f.ThemeFactory(axis=axis)
    objective = f.ObjectiveFactory(theme=committee.orientation.theme)
    commune = f.CommuneFactory(convention=convention)
    lead, partner, means, funder = (
        f.OrganisationFactory(convention=convention, acronym=name) for name in "ABCD"
    )
    values = {
        "theme": theme,
        "other_themes": [other],
        "objectives": [objective],
        "communes": [commune],
        "is_whole_territory": False,
        "leads": [{"organisation": lead, "name": "A"}],
        "partners": [partner],
        "means": [{"organisation": means, "fte": Decimal(1)}],
        "fundings": [funding(funder, 2025)],
    }
    return [theme, other, objective, commune, lead, partner, means, funder], values


def is_named(row) -> bool:
    return any("la fiche action « Essai » le désigne" in why for why in reasons_to_keep(row))


def test_rows_named_by_a_proposal_are_kept_until_it_is_withdrawn(committee):
    action = action_in_force(committee)
    rows, values = named_rows(committee)
    assert not any(reasons_to_keep(row) for row in rows if row not in (rows[0], rows[1]))
    content = action_content(committee, title="Essai", **values)
    draft = drafts.save_draft(action, content, by=committee.coordinator)
    assert not any(is_named(row) for row in rows)
    version = drafts.propose(draft, by=committee.coordinator)
    assert all(is_named(row) for row in rows)
    drafts.withdraw_version(version, reason="Erreur", by=committee.coordinator)
    assert not any(is_named(row) for row in rows)


def test_rows_named_by_a_former_version_are_kept_since_it_may_be_restored(committee):
    rows, values = named_rows(committee)
    action = action_in_force(committee, title="Essai", **values)
    plain = action_content(committee)
    agreed_again(committee, action, **{name: plain[name] for name in plain})
    action = agreed_again(committee, action, title="Troisième")
    assert all(is_named(row) for row in rows)
    for _ in "ab":
        latest = Version.objects.about(action).in_force().get()
        answers.retract(latest, reason="Trop tôt", by=committee.caf_member)
        later = Version.objects.about(action).proposed().get()
        drafts.withdraw_version(later, reason="Erreur", by=committee.coordinator)
    action = Action.objects.get(pk=action.pk)
    assert action.is_agreed
    assert action.theme == rows[0]
    assert text_of(action) == Version.objects.about(action).get(number=1).text
