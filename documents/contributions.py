"""What the documents bring to the house."""

from datetime import timedelta

from ctg_portal.help.places import Place
from ctg_portal.house import Contributions, Job
from documents.damaged_files import check_files
from documents.drawing.jobs import delete_old_drawings, oldest_waiting_since
from documents.personal import PERSONAL, forget_who_asked
from documents.storage import sweep

contributions = Contributions(
    jobs=[
        Job("documents.sweep", sweep, every=timedelta(hours=24)),
        Job("documents.check_files", check_files, every=timedelta(hours=24)),
        Job("documents.forget_drawings", delete_old_drawings, every=timedelta(hours=1)),
    ],
    waiting=[oldest_waiting_since],
    personal=PERSONAL,
    after_anonymisation=[forget_who_asked],
    help=[Place("documents:*", "membre-du-comite#les-documents")],
)
