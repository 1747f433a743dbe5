"""Stored files of the designations of a convention."""

from conventions.hosting.models import Designation


def deposited(convention):
    """Return the signed letters that designate a référent des accès."""
    return [Designation.objects.filter(organisations__convention=convention).values("letter")]
