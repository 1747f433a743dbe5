"""Dossiers: what the coordinator sends together, and the one act that answers it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.views.generic import TemplateView

from committee.models import Dossier
from committee.views.base import CommitteePage, Here


class Dossiers(CommitteePage, TemplateView):
    """Which dossiers were sent, and who has answered."""

    template_name = "committee/dossiers.html"


def add_dossier(request, slug):
    """For the coordinator: choose points, and send them together."""
    here = Here(request, slug)
    if not here.manages:
        raise PermissionDenied
    return render(request, "committee/dossier_add.html", here.context())


def dossier(request, slug, pk):
    """One dossier: its points, where each party stands, one's answer."""
    here = Here(request, slug)
    dossier = get_object_or_404(Dossier.objects.of(here.convention), pk=pk)
    return render(request, "committee/dossier.html", here.context() | {"dossier": dossier})
