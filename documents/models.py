"""The models of the documents. (Migrations look here for ``storage_name``.)"""

from documents.damaged_files import DamagedFile
from documents.drawing.models import Drawing, DrawingTransition
from documents.stored_files import StoredFile, storage_name, store

__all__ = ["DamagedFile", "Drawing", "DrawingTransition", "StoredFile", "storage_name", "store"]
