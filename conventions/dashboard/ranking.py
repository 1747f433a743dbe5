"""The order of tasks on the dashboard."""

import datetime
from collections.abc import Iterable

from ctg_portal.house import Task

SHOWN = 3


def ranked(tasks: Iterable[Task], today: datetime.date) -> list[Task]:
    """Return the tasks of a person, each once, what is to be done first at the head.

    1. Whom it blocks decides: what keeps everybody waiting (a party's answer, a point that came
       back), then what keeps somebody waiting (a figure that is late, an access to confirm), then
       what nobody else waits for.
    2. Among these, what is past its day comes before what is not.
    3. Then what waits longest: since its day where that has passed, else since it is there. What
       does not know since when comes after what does.
    4. Then what is due soonest, and what is due on no day after it.
    5. Else they keep the order in which the rooms bring them.
    """
    return sorted(dict.fromkeys(tasks), key=lambda task: _urgency(task, today))


def _urgency(task: Task, today: datetime.date) -> tuple[int, bool, datetime.date, datetime.date]:
    """Return the sort key: whom it blocks, whether it is late, waits since, due until."""
    is_late = task.due is not None and task.due < today
    waits_since = task.due if is_late else task.since
    last = datetime.date.max
    return -task.blocks, not is_late, waits_since or last, task.due or last
