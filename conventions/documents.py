"""What the documents of a convention share: it is visible to who asks, or there is none."""

from abc import abstractmethod

from conventions.models import Convention
from documents.drawing.kinds import Asked, AskedKind

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ConventionDocument(AskedKind):
    """A document whose ``scope`` is the key of a convention; its parameters hold ``extension``."""

    @abstractmethod
    def ask_of(self, convention: Convention, parameters: dict, user, audience: str) -> Asked:
        """As ``ask``, for whom the document exists."""

    @abstractmethod
    def readers(self, convention: Convention, parameters: dict, user) -> str | None:
        """As whom ``user`` reads it, in a word; None where it does not exist for them."""

    def ask(self, scope: str, parameters: dict, user) -> Asked | None:
        audience = self.audience(scope, parameters, user)
        if audience is None:
            return None
        return self.ask_of(self._convention(scope, user), parameters, user, audience)

    def audience(self, scope: str, parameters: dict, user) -> str | None:
        convention = self._convention(scope, user)
        readers = convention and self.readers(convention, parameters, user)
        return f"{convention.pk}:{readers}" if readers else None

    def content_type(self, parameters: dict) -> str:
        return CONTENT_TYPES[parameters["extension"]]

    def _convention(self, scope: str, user) -> Convention | None:
        return Convention.objects.visible_to(user).filter(pk=scope).first()
