"""What the committee brings to the house."""

from committee.amendments.events import kept_for_amendment
from committee.answers.events import forget_all_of
from committee.answers.uploads import noted_acts
from committee.comments.events import commented
from committee.composition.notices import (
    CompositionLetter,
    tell_of_delegation,
    tell_of_naming,
)
from committee.demo import set_up
from committee.dossiers.events import complete_dossiers, reopen_dossiers
from committee.mail.letters import CommitteeLetter
from committee.mail.notices import tell_turns, tell_turns_after_load, tell_turns_of_today
from committee.objectives.commitments import ObjectiveCommitment
from committee.objectives.links import axes_links, objective_links, proposals_page, text_links
from committee.personal import KEPT_NAMES, PERSONAL
from committee.points.notices import tell_awaited, tell_said
from committee.points.tasks import committee_cards, committee_tasks
from committee.register.documents import RegisterDocument
from ctg_portal.house import Contributions, Entry

contributions = Contributions(
    menu=[Entry("Comité de pilotage", "committee:points", rank=40)],
    tasks=[committee_tasks],
    cards=[committee_cards],
    objective_links=[objective_links],
    text_links=[text_links],
    axes_links=[axes_links],
    proposals_page=[proposals_page],
    versions=[ObjectiveCommitment()],
    after_proposal=[tell_awaited],
    after_entries=[tell_said],
    after_answers=[complete_dossiers],
    after_undoing=[reopen_dossiers],
    after_naming=[tell_of_naming],
    after_delegation=[tell_of_delegation],
    after_turns=[tell_turns],
    after_access=[tell_turns_of_today],
    after_load=[tell_turns_after_load],
    reasons_to_keep=[commented, kept_for_amendment],
    documents=[RegisterDocument()],
    uploads=[noted_acts],
    letters=[CommitteeLetter, CompositionLetter],
    personal=PERSONAL,
    kept_names=KEPT_NAMES,
    after_anonymisation=[forget_all_of],
    demo=[set_up],
)
