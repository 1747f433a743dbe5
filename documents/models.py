"""The models of the documents. (Migrations look here for ``storage_name``.)"""

from documents.drawing.models import Drawing, DrawingTransition
from documents.stored_files import StoredFile, storage_name, store

__all__ = ["Drawing", "DrawingTransition", "StoredFile", "storage_name", "store"]
