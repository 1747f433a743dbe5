"""The demonstration's plan shows every case that people meet, in its own time, and says that it is
fictional."""

import datetime
from collections import Counter
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from actions import demo
from actions.demo_sheets import read_sheets
from actions.models import Action, ActionDocument, FollowUp, Funding, JournalEntry, Lead, Milestone
from agreements.models import Agreement, Answer, Version
from conventions.models import Convention
from tests.kept import demonstration

# Where the journeys in the browser have the demonstration already.
pytestmark = [pytest.mark.postgresql, pytest.mark.long]

READ_ON = datetime.date(2024, 12, 20)


class TestDemonstration(TestCase):
    @classmethod
    def setUpTestData(cls):
        media = cls.enterClassContext(TemporaryDirectory())
        with override_settings(MEDIA_ROOT=media):
            demonstration().put_back(Path(media))
        cls.convention = Convention.objects.get(slug="grand-chatellerault")
        cls.actions = Action.objects.of(cls.convention)

    def versions(self, **wanted):
        return Version.objects.about_rows(self.actions).filter(**wanted)

    def test_every_sheet_of_the_file_is_there_and_fictional(self):
        entries = read_sheets()
        assert {one["titre"].strip() for one in entries} == set(
            self.actions.values_list("title", flat=True)
        )
        assert self.actions.count() == len(entries) == 40
        assert self.actions.filter(is_fictional=True).count() == 40
        assert Funding.objects.filter(
            action__in=self.actions, planned__isnull=False
        ).count() == sum(len(one.get("financements", [])) for one in entries)
        # An organisation of the convention is one; others are by name.
        funders = dict(Funding.objects.values_list("funder__acronym", "funder_name"))
        assert funders["CAF 86"] == ""
        assert Funding.objects.filter(funder_name="État").exists()
        assert not Funding.objects.filter(funder_name="CD 86").exists()

    def test_the_plan_is_filled_once(self):
        with CaptureQueriesContext(connection) as queries:
            assert demo.set_up() == []
        assert len(queries) == 2
        assert self.actions.count() == 40

    def test_actions_are_agreed_discussed_and_written(self):
        standings = Counter(self.actions.values_list("standing", flat=True))
        assert standings == {"in_force": 35, "proposed": 4, "draft": 1}
        in_force = self.actions.agreed()
        again = Version.objects.about_rows(in_force).proposed()
        assert again.count() == 2
        assert all(version.number == 2 and version.note for version in again)
        answers = Agreement.objects.filter(version__in=self.versions(state="proposed"))
        assert sorted(answers.values_list("answer", flat=True)) == [
            Answer.AGREED, Answer.CHANGE_REQUESTED
        ]  # fmt: skip
        changed = answers.get(answer=Answer.CHANGE_REQUESTED)
        assert changed.reason == demo.CHANGE

    def test_versions_in_force_were_agreed_before_their_actions_began(self):
        versions = self.versions(state="in_force")
        starts = dict(self.actions.values_list("pk", "starts_on"))
        assert versions.count() == 35
        for version in versions:
            assert version.proposed_at < version.in_force_at
            assert version.in_force_at.date() < starts[version.object_id]

    def test_the_follow_up_is_in_the_past(self):
        moments = JournalEntry.objects.filter(action__in=self.actions)
        last = moments.latest("created_at")
        assert last.created_at.date() < datetime.date(2025, 2, 1)
        assert not moments.exclude(user_name__gt="").exists()
        for note in FollowUp.objects.all():
            assert (note.written_at.year, note.written_at.month) == (note.year + 1, 1)
            assert note.written_by_name

    def test_each_action_is_as_its_story_ends(self):
        stories = {record["titre"].strip(): record for record in read_sheets()}
        for action in self.actions.agreed().prefetch_related("milestones", "notes"):
            story = stories[action.title]
            done = {(m.title, m.done_on) for m in action.milestones.all()}
            assert done == {(record["titre"], record.get("fait_le")) for record in story["jalons"]}
            assert {n.year for n in action.notes.all()} == {
                record["annee"] for record in story.get("bilans", [])
            }
            steps = story.get("etapes") or [{}]
            last = steps[-1].get("etat")
            same = takewhile(lambda step, last=last: step.get("etat") == last, steps[::-1])
            assert action.state_on == [step.get("le") for step in same][-1]
            assert action.stated_progress == steps[-1].get("avancement")

    def test_every_state_is_there_and_some_are_late_when_it_is_read(self):
        agreed = self.actions.agreed()
        assert set(agreed.values_list("state", flat=True)) == {
            "in_progress", "done", "paused", "blocked", "abandoned", "to_come"
        }  # fmt: skip
        assert 3 <= agreed.late(READ_ON).count() < agreed.count() / 2
        assert Milestone.objects.filter(done_on__isnull=True).exists()
        assert agreed.filter(is_continuous=True).exists()
        assert agreed.filter(is_whole_territory=False, communes__isnull=False).exists()
        assert agreed.filter(is_innovative=True).exists()
        assert agreed.filter(related__isnull=False).exists()
        assert Lead.objects.filter(user__email="agent-agglo@demo.example").exists()

    def test_a_document_is_on_a_sheet(self):
        document = ActionDocument.objects.get()
        assert "fictif" in document.title
        entry = JournalEntry.objects.get(part="documents")
        assert entry.created_at.year == 2023
