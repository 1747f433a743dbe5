"""What the notifications bring to the house."""

from datetime import timedelta

from ctg_portal.house import Contributions, Job
from notifications.jobs import forget_notices_of, forget_old_notices
from notifications.personal import PERSONAL
from notifications.sending import send_due_mail

contributions = Contributions(
    personal=PERSONAL,
    after_anonymisation=[forget_notices_of],
    jobs=[
        Job("notifications.send_due_mail", send_due_mail, every=timedelta(minutes=1)),
        Job("notifications.forget_old_notices", forget_old_notices, every=timedelta(hours=12)),
    ],
)
