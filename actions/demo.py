"""The demonstration of the action plan: forty sheets, agreed, discussed, followed. All fictional.

Each proposal is answered on the day of a meeting; the follow-up is dated at its own time.
"""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actions.demo_follow_up import FollowUps
from actions.demo_sheets import Sheets, read_sheets
from actions.follow_up import events as follow_up
from actions.follow_up.models import JournalEntry
from actions.plan.events import add_action
from actions.plan.models import Action
from agreements.answers import events as answers
from agreements.answers.events import Reply
from agreements.models import Answer, Version
from agreements.versions import events as drafts
from committee.demo import account, propose, put_in_the_past
from conventions.demo import REAL
from conventions.models import Convention

MEETINGS = [
    datetime.date(2020, 10, 6), datetime.date(2021, 2, 16), datetime.date(2021, 5, 18),
    datetime.date(2021, 8, 24), datetime.date(2022, 2, 8), datetime.date(2022, 5, 17),
    datetime.date(2022, 8, 23), datetime.date(2023, 2, 14), datetime.date(2023, 5, 16),
    datetime.date(2023, 8, 22), datetime.date(2024, 2, 13), datetime.date(2024, 5, 14),
    datetime.date(2024, 10, 8),
]  # fmt: skip
CAF, AGGLO = "copil-caf", "copil-agglo"
IN_FORCE = ("en_vigueur", "nouvelle_version")
CHANGE = (
    "Le secteur du nord compterait à lui seul la moitié des assistantes maternelles : revoir le "
    "découpage avec les communes avant de s’engager."
)

FUNDED, FUNDED_ON = "conseillers-numeriques", datetime.datetime(2023, 6, 12, 14, 5)
DOCUMENT = "Notification de l’aide de l’État pour 2023 (document fictif)"
MAIL = """From: Service des aides <aides@demo.example>
To: Coordination <coordination@demo.example>
Date: Mon, 12 Jun 2023 10:00:00 +0200
Subject: Aide pour 2023
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Message fictif : une aide de 35 000 euros est accordée pour 2023.
"""


def set_up() -> list[str]:
    """Fill the action plan of the real convention: sheets, answers of the meetings, follow-up, a
    document, next versions, all marked as fictional. Do nothing where it has actions; return no
    line to print."""
    convention = Convention.objects.get(slug=REAL)
    if not Action.objects.of(convention).exists():
        entries = read_sheets()
        sheets = Sheets(convention)
        written = {
            entry["cle"]: add_action(convention, sheets.content(entry), by=account("coordination"))
            for entry in entries
        }
        for day in MEETINGS:
            _meet(
                day,
                [(entry, written[entry["cle"]]) for entry in entries if meeting_of(entry) == day],
            )
        actions = {key: version.subject for key, version in written.items()}
        FollowUps(sheets, actions).play([entry for entry in entries if entry["accord"] in IN_FORCE])
        mail = SimpleUploadedFile("notification.eml", MAIL.encode(), "message/rfc822")
        funded, moment = actions[FUNDED], timezone.make_aware(FUNDED_ON)
        follow_up.attach_document(funded, mail, title=DOCUMENT, by=account("coordination"))
        attached = JournalEntry.objects.filter(action=funded, part=follow_up.DOCUMENT)
        attached.update(created_at=moment, day=moment.date())
        _rewrite(
            [(entry, actions[entry["cle"]]) for entry in entries if "nouvelle_version" in entry]
        )
        Action.objects.of(convention).update(is_fictional=True)
    return []


def meeting_of(entry: dict) -> datetime.date:
    """Return the last meeting of the committee whose answers came before the action began."""
    return max(day for day in MEETINGS if day + datetime.timedelta(days=7) <= entry["debut"])


def _meet(day: datetime.date, brought: list[tuple[dict, Version]]) -> None:
    """Propose these versions, without those of drafts, on the ``day`` of a meeting, with the
    answers that the entries state: an agreement of one party or of both, or a request for
    changes."""
    proposed = [
        (entry["accord"], propose(version))
        for entry, version in brought
        if entry["accord"] != "brouillon"
    ]
    for name, agreed in [(CAF, (*IN_FORCE, "accord_caf")), (AGGLO, IN_FORCE)]:
        replies = [Reply(version) for accord, version in proposed if accord in agreed]
        answers.answer_all(replies, by=account(name))
    for accord, version in proposed:
        if accord == "modification":
            reply = Reply(version, Answer.CHANGE_REQUESTED, reason=CHANGE)
            answers.answer(reply, by=account(AGGLO))
        put_in_the_past(version, day)


def _rewrite(changed: list[tuple[dict, Action]]) -> None:
    """Propose the next version of these actions in force at the last meeting; nobody answers."""
    for entry, action in changed:
        version = Version.objects.about(action).in_force().get()
        change = entry["nouvelle_version"]
        names = {"fin": "ends_on", "titre": "title"}
        content = version.content | {names[key]: change[key] for key in names if key in change}
        draft = drafts.save_draft(action, content, note=change["motif"], by=account("coordination"))
        put_in_the_past(propose(draft), MEETINGS[-1])
