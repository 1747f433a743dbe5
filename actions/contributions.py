"""Register what the action plan contributes to the other packages."""

from actions.demo import set_up
from actions.files.archive import deposited_files, plan_parts
from actions.files.coming_in.importing import ImportOfPlan
from actions.files.documents import PlanDocument, SheetDocument
from actions.follow_up.agenda import plan_item
from actions.follow_up.brought import follow_up_brought
from actions.follow_up.pack import plan_chapter
from actions.follow_up.tasks import action_tasks
from actions.personal import PERSONAL, forget_lead_and_author
from actions.plan.commitments import ActionCommitment
from actions.ways.dashboard import plan_state
from actions.ways.elsewhere import action_links, commune_actions, count_serving
from actions.ways.finding import action_titles, actions_across, plan_hits
from actions.ways.first_year import bring_plan
from ctg_portal.help.places import Gesture, Place
from ctg_portal.house import Contributions, DemoStep, Entry

contributions = Contributions(
    archive=[plan_parts],
    menu=[
        Entry("Plan d’actions", "actions:plan", rank=30, group="Suivre", short="Plan d’actions"),
    ],
    tasks=[action_tasks],
    state=[plan_state],
    first_steps=[bring_plan],
    objective_links=[action_links],
    linked_to_objectives=[count_serving],
    agenda_items=[plan_item],
    pack_chapters=[plan_chapter],
    uploads=[deposited_files],
    commune_sections=[commune_actions],
    search=[plan_hits],
    search_across=[actions_across],
    search_titles=[action_titles],
    documents=[PlanDocument(), SheetDocument()],
    imports=[ImportOfPlan()],
    versions=[ActionCommitment(follow_up_brought=follow_up_brought)],
    personal=PERSONAL,
    after_anonymisation=[forget_lead_and_author],
    demo=[DemoStep("Plan d’actions", set_up)],
    help=[
        Place(
            "actions:*",
            "membre-du-comite#lire-le-plan-d-actions",
            coordinator="coordination#le-plan-d-actions",
        ),
        Place("actions:mine", "pilote#mes-actions"),
        Place(
            "actions:review",
            "pilote#le-suivi-de-l-annee",
            coordinator="coordination#suivre-toutes-les-actions-d-une-annee",
        ),
        Place(
            "actions:action actions:history",
            "membre-du-comite#lire-le-plan-d-actions",
            contributor="pilote#tenir-le-suivi",
            coordinator="coordination#suivre",
        ),
        Place("actions:follow", "pilote#tenir-le-suivi"),
        Place(
            "actions:add_document actions:withdraw_document actions:document",
            "pilote#joindre-un-document",
        ),
        Place("actions:add", "coordination#ajouter-une-action"),
        Place("actions:duplicate", "coordination#dupliquer-une-fiche"),
        Place("actions:take_up", "coordination#reprendre-d-une-autre-convention"),
        Place(
            "actions:import_plan",
            "pilote#importer-le-suivi",
            coordinator="coordination#importer-un-plan",
        ),
        Place("actions:edit actions:edit_section", "coordination#modifier-ce-qui-est-convenu"),
        Place("actions:end", "coordination#retirer"),
        Place(
            "actions:plan_file actions:sheet_file",
            "membre-du-comite#les-documents",
            coordinator="coordination#exporter",
        ),
    ],
    gestures=[
        Gesture(
            "Lire le plan d’actions",
            "Ce que les parties ont entrepris, ce qui est en retard ; tenir le suivi de ce que "
            "vous pilotez.",
            "actions:plan",
            "Le plan d’actions",
            rank=20,
        ),
    ],
)
