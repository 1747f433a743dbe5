"""Every event that reads a version goes through with a text that came short, or with more."""

import datetime
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.files.export import export_plan
from actions.files.reading import read_sheets
from actions.files.word import sheet_docx
from actions.models import Action
from actions.plan.events import add_action
from agreements.answers import events as answers
from agreements.commitments import canonical, upcasters
from agreements.commitments.commitment import by_kind
from agreements.models import State, Version
from agreements.versions import endings
from agreements.versions import events as drafts
from agreements.versions.signature import record_signature
from committee.drafts.reading import Desk
from committee.points.reading import content_changes
from ctg_portal.rules import Refused
from evaluation.report.reading import read_report
from indicators.collection.events import open_campaign, prepare_campaign
from indicators.definitions.events import add_indicator
from tests import factories as f
from tests.agreements import damage
from tests.agreements.factories import committee_of
from tests.databases import few_of
from tests.stories import told_once

# One code on both databases: what it writes is refused by either in the same way.
pytestmark = pytest.mark.django_db


@told_once
def committee():
    committee = committee_of()
    f.ThemeFactory(axis=committee.orientation.theme.axis, rank=9)
    f.CommuneFactory(convention=committee.convention)
    return committee


def sample(committee, kind: str) -> dict:
    """The text of the oldest schema, with the steps to today's."""
    commitment = by_kind(kind)
    content = damage.placed(commitment, 1, committee.convention)
    return upcasters.upgrade(commitment, 1, canonical.canonical(content))


def agreed(committee, draft: Version) -> Version:
    version = drafts.propose(draft, by=committee.coordinator)
    committee.agree(version)
    return Version.objects.get(pk=version.pk)


def twice(committee, first: Version, **changes) -> tuple[Version, Version]:
    """A version that was in force, and the one that is."""
    first = agreed(committee, first)
    again = first.content | changes
    second = agreed(committee, drafts.save_draft(first.subject, again, by=committee.coordinator))
    return first, second


@told_once
def action(committee):
    content = sample(committee, "action")
    draft = add_action(committee.convention, content, by=committee.coordinator)
    return twice(committee, draft, audience="Tout le monde", fundings=content["fundings"][:1])


@told_once
def indicator(committee):
    content = sample(committee, "indicator")
    draft = add_indicator(committee.convention, content, by=committee.coordinator)
    return twice(committee, draft, scope="Tout", targets=[], baseline_value=None)


@told_once
def objective(committee):
    content = sample(committee, "objective") | {"due_on": committee.convention.end.isoformat()}
    return twice(committee, committee.draft(**content), measure="Un autre nombre")


def cases(kind: str):
    damages = few_of(list(damage.each_way(by_kind(kind))), 12)
    return pytest.mark.parametrize(
        ("way", "path"), damages, ids=[f"{way} {'.'.join(path)}" for way, path in damages]
    )


def read_again(*versions) -> list[Version]:
    return [Version.objects.get(pk=version.pk) for version in versions]


def go_through(committee, first: Version, second: Version) -> None:
    """What may happen to two versions: compared, taken back, agreed again, rewritten, ended."""
    coordinator = committee.coordinator
    assert content_changes(*read_again(second, first))
    answers.retract(second, reason="Trop tôt", by=committee.caf_member)
    assert [v.state for v in read_again(first, second)] == [State.IN_FORCE, State.PROPOSED]
    row = first.commitment.subjects().get(pk=first.object_id)
    assert row.is_agreed
    answers.answer(answers.Reply(second, last_rank=2), by=committee.caf_member)
    assert [v.state for v in read_again(first, second)] == [State.REPLACED, State.IN_FORCE]
    here = SimpleNamespace(user=coordinator, convention=committee.convention, manages=True)
    desk = Desk(row, here)
    assert desk.initial(desk.source("")).keys() >= {f.name for f in first.commitment.fields}
    other = f.MembershipFactory(organisation=committee.caf, coordinator=True).user
    mine = drafts.save_draft(row, read_again(second)[0].content, by=coordinator, base=first)
    assert drafts.merge_with_current(mine)
    assert desk.differences(mine.content, "")
    theirs = drafts.save_draft(row, mine.content, by=other)
    with pytest.raises(Refused):
        drafts.propose(theirs, by=other)
    assert endings.draft_ending(row, by=other, note="Fini").ends


@cases("action")
def test_events_of_an_action_bear_a_damaged_text(committee, action, way, path):
    damage.damage(action, way, path)
    go_through(committee, *action)
    rows, today = Action.objects.filter(pk=action[0].object_id), timezone.localdate()
    assert export_plan(committee.convention, rows.with_relations(), today, "csv")
    [sheet] = read_sheets(committee.convention, rows.with_relations(), today)
    assert sheet_docx(sheet, committee.convention, today)


@cases("indicator")
def test_events_of_an_indicator_bear_a_damaged_text(committee, indicator, way, path, client):
    damage.damage(indicator, way, path)
    go_through(committee, *indicator)
    convention, by = committee.convention, committee.coordinator
    year = convention.start.year
    campaign = prepare_campaign(convention, year, due_on=datetime.date(year + 1, 6, 15), by=by)
    open_campaign(campaign, by=by)
    assert read_report(convention, campaign)
    client.force_login(by)
    page = client.get(reverse("evaluation:year", args=[convention.slug, year]))
    assert page.status_code == 200


@cases("objective")
def test_events_of_an_objective_bear_a_damaged_text(committee, objective, way, path):
    damage.damage(objective, way, path)
    go_through(committee, *objective)


@pytest.mark.parametrize("kind", ["article", "annex", "axis", "theme", "objective"])
def test_a_signed_text_that_lacks_a_field_is_written_again(committee, kind):
    """A text that came short is written again from the file; one with more says what it said."""
    f.ArticleFactory(convention=committee.convention)
    f.AnnexFactory(convention=committee.convention)
    record_signature(committee.convention)
    [version] = Version.objects.signed().filter(kind=kind)[:1]
    damage.damage([version], "add", (damage.MORE,))
    assert record_signature(committee.convention) == 0
    damage.damage([version], "drop", ("title",))
    assert record_signature(committee.convention) == 1
    again = Version.objects.with_same_subject([version]).in_force().get()
    assert (again.number, again.succeeds) == (2, version)
    assert again.content["title"] == version.content["title"]


def test_the_plan_file_is_written_though_an_action_has_an_empty_text(committee, action, indicator):
    for first, second in (action, indicator):
        damage.store(first, {})
        answers.retract(second, reason="Trop tôt", by=committee.caf_member)
    rows = Action.objects.filter(pk=action[0].object_id).with_relations()
    for extension in ("pdf", "xlsx", "csv"):
        assert export_plan(committee.convention, rows, timezone.localdate(), extension)
