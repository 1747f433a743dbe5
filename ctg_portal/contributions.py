"""What the portal itself brings to the house."""

from datetime import timedelta

from ctg_portal.clock.jobs import clean_up, end_lost_tasks, oldest_mail, send_mail
from ctg_portal.help.places import Place
from ctg_portal.house import Contributions, Job

contributions = Contributions(
    jobs=[
        Job("portal.send_mail", send_mail, every=timedelta(minutes=1)),
        Job("portal.end_lost_tasks", end_lost_tasks, every=timedelta(minutes=1)),
        Job("portal.clean_up", clean_up, every=timedelta(hours=12)),
    ],
    waiting=[oldest_mail],
    help=[
        Place(
            "legal_notice privacy accessibility",
            "se-connecter#mentions-legales-donnees-personnelles-accessibilite",
        ),
        Place("health watch", "exploitant#quand-quelque-chose-ne-va-pas"),
        Place(
            "typed typed_standing not_mine logged_in_again",
            "se-connecter#si-votre-session-se-termine-pendant-que-vous-ecrivez",
        ),
        Place("help:*", ""),
    ],
)
