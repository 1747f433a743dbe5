"""What the plan tells the pack of a meeting."""

import datetime

from actions.follow_up.pack import plan_chapter
from tests.actions.factories import action_in_force
from tests.actions.follow_up.test_as_of import day, stated


def test_actions_whose_state_has_changed_are_listed_by_theme(committee):
    action = action_in_force(committee, starts_on=day(2023, 2), ends_on=day(2030, 12))
    same = action_in_force(committee, title="Autre", starts_on=day(2023, 2))
    stated(same, "in_progress", day(2023, 3))
    stated(action, "in_progress", day(2023, 3))
    stated(action, "done", day(2024, 2))
    since, today = day(2023, 6), day(2024, 6)
    [chapter] = plan_chapter(committee.convention, since, today)
    assert chapter.parts == [(action.theme.title, [f"{action} : en cours → terminée."])]
    later = today + datetime.timedelta(days=1)
    assert list(plan_chapter(committee.convention, today, later)) == []
