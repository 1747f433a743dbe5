"""The columns of lists of actions, told once: on the page of the plan, in what it may be put in
order by, and among the actions of who leads some.

Not in files: these say all of each sheet, these pages what is to be seen at a glance.
"""

import datetime

from actions.models import ActionState, Priority
from ctg_portal.search import fold
from documents.tables import Column

FOREVER = datetime.date.max
STATE_ORDER, PRIORITY_ORDER = list(ActionState.values), list(Priority.values)

# Of rows (``actions.ways.list.Row``); an order is that of their actions.
STATE = Column(
    "État",
    sort=lambda action: STATE_ORDER.index(action.state),
    cell="actions/ways/listed_state.html",
)
PROGRESS = Column(
    "Avancement",
    sort=lambda action: -1 if action.progress is None else action.progress,
    cell="actions/ways/listed_progress.html",
)
PERIOD = Column("Période", cell="actions/ways/listed_period.html")
IN_PLAN = (Column("Action", cell="actions/ways/listed_action.html"), STATE, PROGRESS, PERIOD)
OF_ONE_S_OWN = (Column("Action", cell="actions/ways/listed_name.html"), STATE, PROGRESS, PERIOD)

# What the plan may be put in order by, beside the numbers: by how addresses call it.
SORTS = {
    "titre": Column("Titre", sort=lambda action: fold(action.title)),
    "etat": STATE,
    "echeance": Column("Échéance", sort=lambda action: action.ends_on or FOREVER),
    "avancement": PROGRESS,
    "priorite": Column("Priorité", sort=lambda action: PRIORITY_ORDER.index(action.priority)),
}
