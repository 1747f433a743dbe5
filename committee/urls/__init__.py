"""Addresses of the committee's workspace, below ``/conventions/<slug>/comite/``."""

from committee.urls import composition, dossiers, objectives, points, register

app_name = "committee"

urlpatterns = [
    *points.urlpatterns,
    *dossiers.urlpatterns,
    *register.urlpatterns,
    *composition.urlpatterns,
    *objectives.urlpatterns,
]
