"""Say which stored files belong to the actions of a convention."""

from actions.follow_up.models import ActionDocument


def deposited_files(convention):
    """Return the querysets of keys of the files deposited on the sheets of a convention, withdrawn
    ones too."""
    return [ActionDocument.objects.filter(action__convention=convention).values("document")]
