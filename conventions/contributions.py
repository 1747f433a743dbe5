"""What the conventions bring to the house."""

from datetime import timedelta

from conventions.access.events import end_memberships_of
from conventions.access.notices import AccessLetter
from conventions.access.personal import KEPT_NAMES, PERSONAL
from conventions.access.rights import keeps_last_coordinator
from conventions.dashboard.tasks import confirmation_tasks, coordination_tasks, term_deadlines
from conventions.demo import set_up
from conventions.legal.amending import bring_due
from ctg_portal.house import Contributions, Entry, Job

contributions = Contributions(
    menu=[
        Entry("Tableau de bord", "conventions:dashboard", rank=0),
        Entry("Texte de la convention", "conventions:text", rank=10),
        Entry("{words.axis.titles} et {words.objective.many}", "conventions:axes", rank=20),
        Entry("Parties et signataires", "conventions:parties", rank=70),
        Entry("Poste de coopération", "conventions:cooperation", rank=80),
        Entry("Territoire", "conventions:territory", rank=90),
    ],
    tasks=[confirmation_tasks, coordination_tasks],
    deadlines=[term_deadlines],
    letters=[AccessLetter],
    personal=PERSONAL,
    kept_names=KEPT_NAMES,
    anonymisation_refusals=[keeps_last_coordinator],
    after_anonymisation=[end_memberships_of],
    jobs=[Job("conventions.text_of_the_day", bring_due, every=timedelta(minutes=1))],
    demo=[set_up],
)
