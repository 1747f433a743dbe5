"""What the conventions bring to the house."""

from datetime import timedelta

from conventions.access.capacities import capacities_by_access
from conventions.access.closing import close_due
from conventions.access.events import end_memberships_of
from conventions.access.notices import AccessLetter
from conventions.access.personal import KEPT_NAMES, PERSONAL
from conventions.access.rights import refuse_erasing_last_coordinator
from conventions.archive.document import ArchiveDocument
from conventions.archive.parts import convention_parts
from conventions.dashboard.tasks import confirmation_tasks, coordination_tasks, term_deadlines
from conventions.demo import set_up
from conventions.directory.events import forget_contacts_of
from conventions.directory.importing import ImportOfOrganisations
from conventions.directory.personal import KEPT_NAMES as KEPT_CONTACTS
from conventions.hosting.events import remind_unanswered
from conventions.hosting.personal import PERSONAL as DESIGNATIONS
from conventions.hosting.reading import letters_of
from conventions.integrity.notices import FilesLetter, follow_damage
from conventions.integrity.places import places_of_upload
from conventions.journal.personal import PERSONAL as SETTINGS
from conventions.legal.amending import bring_due
from conventions.setting_up.events import release_projects_of
from conventions.setting_up.personal import PERSONAL as PROJECTS
from ctg_portal.help.places import Place
from ctg_portal.house import Contributions, DemoStep, Entry, Job

contributions = Contributions(
    menu=[
        Entry("Tableau de bord", "conventions:dashboard", rank=0, group="", short="Accueil"),
        Entry("Texte de la convention", "conventions:text", rank=70),
        Entry("{words.axis.titles} et {words.objective.plural}", "conventions:axes", rank=75),
        Entry("Parties et signataires", "conventions:parties", rank=80),
        Entry("Postes de coopération", "conventions:cooperation", rank=85),
        Entry(
            "Organismes et personnes", "conventions:directory", rank=87, is_for_coordination=True
        ),
        Entry("Territoire", "conventions:territory", rank=90),
        Entry("Réglages", "conventions:settings", rank=93, is_for_coordination=True),
        Entry("Accès au portail", "conventions:access", rank=95, is_for_coordination=True),
    ],
    tasks=[confirmation_tasks, coordination_tasks],
    deadlines=[term_deadlines],
    binding=[
        "conventions:access conventions:confirm_access conventions:suspend_access "
        "conventions:end_membership conventions:address"
    ],
    documents=[ArchiveDocument()],
    archive=[convention_parts],
    letters=[AccessLetter, FilesLetter],
    file_places=[places_of_upload],
    after_damage=[follow_damage],
    capacities=[capacities_by_access],
    personal=[*PERSONAL, *DESIGNATIONS, *PROJECTS, *SETTINGS],
    kept_names=[*KEPT_NAMES, *KEPT_CONTACTS],
    imports=[ImportOfOrganisations()],
    anonymisation_refusals=[refuse_erasing_last_coordinator],
    after_anonymisation=[end_memberships_of, forget_contacts_of, release_projects_of],
    uploads=[letters_of],
    jobs=[
        Job("conventions.text_of_the_day", bring_due, every=timedelta(minutes=1)),
        Job("conventions.remind_designations", remind_unanswered, every=timedelta(hours=12)),
        Job("conventions.close_accesses", close_due, every=timedelta(hours=1)),
    ],
    demo=[DemoStep("Conventions et comptes", set_up)],
    help=[
        Place("*", "membre-du-comite", coordinator="coordination", contributor="contributeur"),
        Place(
            "conventions:home conventions:list conventions:search_across",
            "membre-du-comite#plusieurs-conventions",
        ),
        Place(
            "conventions:invitation conventions:designation",
            "se-connecter#la-premiere-fois-l-invitation",
        ),
        Place(
            "conventions:projects conventions:project_territory conventions:project_parties "
            "conventions:project_party conventions:add_project_party conventions:project_frame "
            "conventions:project_outline conventions:project_articles conventions:project_people "
            "conventions:project_review conventions:project_manage",
            "coordination#ouvrir-une-convention",
        ),
        Place(
            "conventions:referents conventions:correct_address conventions:designate",
            "exploitant#designer-les-referents-des-acces",
        ),
        Place(
            "conventions:text conventions:axes conventions:parties conventions:logo "
            "conventions:cooperation",
            "membre-du-comite#ce-que-vous-pouvez-lire",
        ),
        Place(
            "conventions:territory",
            "membre-du-comite#ce-que-vous-pouvez-lire",
            coordinator="coordination#les-points-a-verifier",
        ),
        Place("conventions:commune", "membre-du-comite#et-ma-commune"),
        Place("conventions:search", "membre-du-comite#rechercher"),
        Place(
            "conventions:my_access conventions:end_membership",
            "membre-du-comite#quelqu-un-vous-succede",
            coordinator="coordination#suspendre-ou-terminer-un-acces",
            contributor="contributeur#vous-changez-de-poste",
        ),
        Place(
            "conventions:one_access conventions:confirm_access conventions:suspend_access",
            "referent#confirmer-quelqu-un",
            coordinator="coordination#suspendre-ou-terminer-un-acces",
        ),
        Place(
            "conventions:directory conventions:add_organisation conventions:correct_organisation "
            "conventions:import_organisations conventions:add_contact conventions:correct_contact",
            "coordination#organismes-et-personnes-sans-compte",
        ),
        Place("conventions:access conventions:address", "coordination#inviter-quelqu-un"),
        Place(
            "conventions:settings conventions:set_contact conventions:set_words "
            "conventions:set_notice conventions:set_party",
            "referent#regler-ce-qui-est-a-votre-organisme",
            coordinator="coordination#les-reglages",
        ),
        Place("conventions:archive", "coordination#l-archive-de-la-convention"),
        Place(
            "conventions:renew_offer conventions:revoke_offer",
            "coordination#suivre-les-invitations",
        ),
    ],
)
