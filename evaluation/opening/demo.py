"""The demonstration of what is open to everybody: both parties have agreed to it. All is
fictional."""

import datetime

from agreements.answers import events as answers
from agreements.answers.events import Reply
from committee.demo import account, put_in_the_past
from conventions.models import Convention
from evaluation.opening.events import propose_opening
from evaluation.opening.models import PublicPage

NOTE = "Les habitants financent ces services : ils lisent ce que l’on en dit (exemple fictif)."


def play(convention: Convention) -> None:
    """Propose to open the page and have both parties agree, in January 2022; do nothing where it
    has been proposed."""
    if PublicPage.objects.filter(convention=convention).exists():
        return
    version = propose_opening(convention, is_open=True, note=NOTE, by=account("coordination"))
    for member in ("copil-caf", "copil-agglo"):
        answers.answer(Reply(version), by=account(member))
    put_in_the_past(version, datetime.date(2022, 1, 10))
