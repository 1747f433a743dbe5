"""Seats: named, ended; absences and delegations of their holders."""

from django.shortcuts import get_object_or_404

from committee.models import Delegation
from committee.views.base import Here
from documents.downloads import serve_stored_file


def delegation_act(request, slug, pk):
    """The signed act of a delegation, to be saved."""
    here = Here(request, slug)
    delegations = Delegation.objects.of(here.convention).with_act()
    return serve_stored_file(get_object_or_404(delegations, pk=pk).act)
