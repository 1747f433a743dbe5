"""What the plan offers for the agenda of a meeting: actions that are late, and initiatives, to
which the committee pays attention (art. 4)."""

import datetime
from collections.abc import Iterable

from actions.follow_up.words import late_word
from actions.plan.models import Action
from conventions.models import Convention
from ctg_portal.house import OfferedItem
from ctg_portal.templatetags.french import plural

MOST = 5


def plan_item(convention: Convention, today: datetime.date) -> Iterable[OfferedItem]:
    """Yield the item of the action plan, where an action is late or is an initiative."""
    followed = Action.objects.filter(convention=convention).followed()
    late = list(followed.late(today))
    initiatives = list(followed.filter(is_innovative=True))
    counts = [
        late_word(convention, today).count(len(late)),
        plural(len(initiatives), "initiative,initiatives") if initiatives else "",
    ]
    note = " et ".join(filter(None, counts))
    if not note:
        return
    names = [str(action) for action in dict.fromkeys([*late, *initiatives])]
    more = len(names) - MOST
    listed = " ; ".join(names[:MOST]) + (f" ; et {more} de plus" if more > 0 else "")
    yield OfferedItem("plan", "Le plan d’actions", f"Actions : {note}. {listed}.", 20)
