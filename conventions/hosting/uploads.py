"""Stored files of the designations of a convention."""

from conventions.hosting.models import Designation


def deposited(convention):
    """Return, in a list, the queryset of the keys of the convention's signed letters."""
    return [Designation.objects.filter(organisations__convention=convention).values("letter")]
