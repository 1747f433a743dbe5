"""What the action plan brings to the house."""

from actions.demo import set_up
from actions.files.documents import PlanDocument, SheetDocument
from actions.follow_up.tasks import action_tasks
from actions.follow_up.uploads import deposited
from actions.personal import PERSONAL, forget_lead_and_author
from actions.plan.commitments import ActionCommitment
from actions.ways.dashboard import plan_state
from actions.ways.elsewhere import action_hits, action_links, commune_actions
from ctg_portal.house import Contributions, Entry

contributions = Contributions(
    menu=[Entry("Plan d’actions", "actions:plan", rank=30)],
    tasks=[action_tasks],
    state=[plan_state],
    objective_links=[action_links],
    uploads=[deposited],
    commune_sections=[commune_actions],
    search=[action_hits],
    documents=[PlanDocument(), SheetDocument()],
    versions=[ActionCommitment()],
    personal=PERSONAL,
    after_anonymisation=[forget_lead_and_author],
    demo=[set_up],
)
