"""Base of the documents of a convention, which exist only for who sees it."""

from abc import abstractmethod

from accounts.models import User
from conventions.access.viewer import Viewer
from conventions.legal.convention import Convention
from documents.drawing.kinds import Asked, AskedKind

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ConventionDocument(AskedKind[User]):
    """A document whose ``scope`` is the key of a convention; its parameters hold ``extension``."""

    @abstractmethod
    def ask_of(self, convention: Convention, parameters: dict, user: User, audience: str) -> Asked:
        """Return what is asked of a document that exists for ``user`` (``AskedKind.ask``)."""

    @abstractmethod
    def readers(self, convention: Convention, parameters: dict, user: User) -> str | None:
        """Return the kind of reader that ``user`` is, in a word; None where the document does not
        exist for them."""

    def ask(self, scope: str, parameters: dict, user: User) -> Asked | None:
        """Return what the user asks for; None where they see no such convention, or the document
        does not exist for them."""
        convention = self._convention(scope, user)
        if convention is None:
            return None
        audience = self._audience_of(convention, parameters, user)
        return self.ask_of(convention, parameters, user, audience) if audience else None

    def audience(self, scope: str, parameters: dict, user: User) -> str | None:
        """Return the key of the convention and the user's kind of reader, or None: readers of one
        audience share a document."""
        convention = self._convention(scope, user)
        return self._audience_of(convention, parameters, user) if convention else None

    def _audience_of(self, convention: Convention, parameters: dict, user: User) -> str | None:
        """Return the audience for a user who sees the convention, or None."""
        readers = self.readers(convention, parameters, user)
        return f"{convention.pk}:{readers}" if readers else None

    def content_type(self, parameters: dict) -> str:
        return CONTENT_TYPES[parameters["extension"]]

    def _convention(self, scope: str, user: User) -> Convention | None:
        """Return the convention, with a viewer, if the user sees it; else None."""
        convention = Convention.objects.visible_to(user).filter(pk=scope).first()
        if convention is not None:
            convention.viewer = Viewer(user, [convention])
        return convention
