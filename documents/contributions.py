"""What the documents bring to the house."""

from datetime import timedelta

from ctg_portal.house import Contributions, Job
from documents.personal import PERSONAL
from documents.storage import sweep

contributions = Contributions(
    jobs=[Job("documents.sweep", sweep, every=timedelta(hours=24))],
    personal=PERSONAL,
)
