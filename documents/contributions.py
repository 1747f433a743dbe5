"""What the documents bring to the house."""

from datetime import timedelta

from ctg_portal.help.places import Place
from ctg_portal.house import Contributions, Job
from documents.drawing.jobs import forget_drawings, oldest_drawing
from documents.personal import PERSONAL, forget_who_asked
from documents.storage import sweep

contributions = Contributions(
    jobs=[
        Job("documents.sweep", sweep, every=timedelta(hours=24)),
        Job("documents.forget_drawings", forget_drawings, every=timedelta(hours=1)),
    ],
    waiting=[oldest_drawing],
    personal=PERSONAL,
    after_anonymisation=[forget_who_asked],
    help=[Place("documents:*", "membre-du-comite#les-documents")],
)
