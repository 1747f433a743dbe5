"""What the accounts bring to the house."""

from datetime import timedelta

from accounts.jobs import clear_sessions
from ctg_portal.house import Contributions, Job

contributions = Contributions(
    jobs=[Job("accounts.clear_sessions", clear_sessions, every=timedelta(hours=6))],
)
