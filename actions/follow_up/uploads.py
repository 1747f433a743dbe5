"""Which stored files belong to the actions of a convention."""

from actions.models import ActionDocument


def deposited(convention):
    """The documents of sheets, taken off or not."""
    return [ActionDocument.objects.filter(action__convention=convention).values("document")]
