"""What the tables that come in bring to the house."""

from datetime import timedelta

from ctg_portal.help.places import Place
from ctg_portal.house import Contributions, Job
from spreadsheets.importing.jobs import forget_files
from spreadsheets.importing.keeping import ApplicationKind
from spreadsheets.importing.reading_apart import ReadingKind
from spreadsheets.importing.undoing import UndoingDocument
from spreadsheets.marking.document import MarkedDocument
from spreadsheets.personal import PERSONAL

contributions = Contributions(
    documents=[ApplicationKind(), ReadingKind(), MarkedDocument(), UndoingDocument()],
    jobs=[Job("spreadsheets.forget_files", forget_files, every=timedelta(hours=24))],
    personal=PERSONAL,
    help=[Place("spreadsheets:*", "contributeur#deposer-un-fichier")],
)
