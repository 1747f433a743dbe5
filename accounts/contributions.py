"""What the accounts bring to the house."""

from datetime import timedelta

from accounts.jobs import clear_sessions, forget_unanswered_invitations
from accounts.personal import KEPT_NAMES, PERSONAL
from ctg_portal.house import Contributions, Job

contributions = Contributions(
    personal=PERSONAL,
    kept_names=KEPT_NAMES,
    jobs=[
        Job("accounts.clear_sessions", clear_sessions, every=timedelta(hours=6)),
        Job(
            "accounts.forget_unanswered_invitations",
            forget_unanswered_invitations,
            every=timedelta(hours=12),
        ),
    ],
)
