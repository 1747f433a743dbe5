"""Personal data in the documents."""

from ctg_portal.people.personal import Person, Personal, acts, forget_in_texts
from documents.models import Drawing, DrawingTransition, StoredFile

PERSONAL = [
    Personal(
        model=StoredFile, key="uploaded_by", title="Les documents que vous avez déposés",
        given=["name", "content_type", "size", "sha256", "uploaded_at"],
    ),
    Personal(
        model=Drawing, key="requested_by", title="Les fichiers que vous avez demandés",
        given=["title", "state", "requested_by_name", "requested_at"],
        forgets=["requested_by_name"],
    ),
    acts(DrawingTransition, "Vos actes sur ces fichiers", "drawing__title"),
]  # fmt: skip


def forget_who_asked(user: Person) -> None:
    """Remove a person's name and address from the texts of erased files, which the operator wrote
    freely: who asked for the erasure, and why."""
    forget_in_texts(StoredFile._base_manager.all(), ["erased_for", "erasure_reason"], user)
