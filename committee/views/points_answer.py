"""Answering one point."""

from django.shortcuts import get_object_or_404, render

from committee.models import Version
from committee.views.base import Here


def answer(request, slug, pk):
    here = Here(request, slug)
    version = get_object_or_404(Version.objects.of(here.convention).numbered(), pk=pk)
    return render(request, "committee/point_answer.html", here.context() | {"version": version})
