"""What the documents keep of a person."""

from ctg_portal.personal import Personal
from documents.models import StoredFile

PERSONAL = [
    Personal(
        model=StoredFile, key="uploaded_by", title="Les documents que vous avez déposés",
        told=["name", "content_type", "size", "sha256", "uploaded_at"],
    ),
]  # fmt: skip
