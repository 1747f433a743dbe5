"""What the documents keep of a person."""

from ctg_portal.personal import Personal
from documents.models import Drawing, DrawingTransition, StoredFile

PERSONAL = [
    Personal(
        model=StoredFile, key="uploaded_by", title="Les documents que vous avez déposés",
        told=["name", "content_type", "size", "sha256", "uploaded_at"],
    ),
    Personal(
        model=Drawing, key="requested_by", title="Les fichiers que vous avez demandés",
        told=["title", "state", "requested_by_name", "requested_at"],
        forgets=["requested_by_name"],
    ),
    Personal(
        model=DrawingTransition, key="by", title="Vos actes sur ces fichiers",
        told=["drawing__title", "verb", "by_name", "capacity", "reason", "created_at"],
        forgets=["by_name"],
    ),
]  # fmt: skip
