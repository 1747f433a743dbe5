"""What the plan may be put in order by, beside the numbers: by how addresses call it."""

import datetime

from actions.plan.models import ActionState, Priority
from ctg_portal.search.rows import fold
from documents.tables import Column

FOREVER = datetime.date.max
STATE_ORDER, PRIORITY_ORDER = list(ActionState.values), list(Priority.values)

SORTS = {
    "titre": Column("Titre", sort=lambda action: fold(action.title)),
    "etat": Column("État", sort=lambda action: STATE_ORDER.index(action.state)),
    "echeance": Column("Échéance", sort=lambda action: action.ends_on or FOREVER),
    "avancement": Column(
        "Avancement", sort=lambda action: -1 if action.progress is None else action.progress
    ),
    "priorite": Column("Priorité", sort=lambda action: PRIORITY_ORDER.index(action.priority)),
}
